"""Initializers: objects that make a variable's initial value from its shape and dtype."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from defrun.base import dtypes
from defrun.base.dtypes import DType
from defrun.base.shapes import TensorShape
from defrun.graph.operation import Tensor
from defrun.ops.arrange import matrix_transpose
from defrun.ops.array import expand_dims, reshape
from defrun.ops.cast import cast
from defrun.ops.constant import constant
from defrun.ops.creation import ones, zeros
from defrun.ops.diagonal import diag_part
from defrun.ops.elementary import sign
from defrun.ops.gather import scatter_nd
from defrun.ops.linalg.decompositions import qr
from defrun.ops.matrix import eye
from defrun.ops.random import random_normal, random_uniform, truncated_normal
from defrun.ops.slicing import slice_


class PartitionInfo:
    """Which part of a larger variable an initializer makes.

    Parameters
    ----------
    full_shape, var_offset : list of int
        Shape of the whole, and where the part starts.
    """

    def __init__(self, full_shape: Sequence[int], var_offset: Sequence[int]) -> None:
        if len(var_offset) != len(full_shape):
            raise ValueError(f"var_offset has {len(var_offset)} numbers while full_shape has {len(full_shape)}")
        if any(not 0 <= offset < size for offset, size in zip(var_offset, full_shape, strict=True)):
            raise ValueError(f"Expected 0 <= offset < shape for var_offset={var_offset}, full_shape={full_shape}")
        self._full_shape = list(full_shape)
        self._var_offset = list(var_offset)

    @property
    def full_shape(self) -> list[int]:
        """The shape of the whole."""
        return self._full_shape

    @property
    def var_offset(self) -> list[int]:
        """Where the part starts."""
        return self._var_offset

    def single_slice_dim(self, shape: Sequence[int]) -> int | None:
        """Return the axis along which a part of `shape` is smaller than the whole; None if it is the whole."""
        if len(shape) != len(self._full_shape):
            raise ValueError(f"shape={shape} and full_shape={self._full_shape} are of different length")
        for axis, (offset, size, whole) in enumerate(zip(self._var_offset, shape, self._full_shape, strict=True)):
            if offset + size > whole:
                raise ValueError(
                    f"A part of shape={shape} at {self._var_offset} exceeds {self._full_shape}, axis {axis}"
                )
        axes = [axis for axis, whole in enumerate(self._full_shape) if shape[axis] != whole]
        if len(axes) > 1:
            raise ValueError(f"A part of shape={shape} of {self._full_shape} is cut along more than one axis: {axes}")
        return axes[0] if axes else None

    def single_offset(self, shape: Sequence[int]) -> int:
        """Return where the part starts along the axis that is cut; 0 if it is the whole."""
        axis = self.single_slice_dim(shape)
        return 0 if axis is None else self._var_offset[axis]


class Initializer:
    """Makes initial values: ``initializer(shape, dtype=None, partition_info=None)``."""

    _settings: tuple[str, ...] = ()
    dtype: DType

    def __call__(self, shape: Any, dtype: Any = None, partition_info: PartitionInfo | None = None) -> Tensor:
        """Return a tensor of `shape`, by default of the initializer's dtype."""
        raise NotImplementedError

    def get_config(self) -> dict[str, Any]:
        """Return the arguments that make the same initializer again."""
        values = {name: getattr(self, name) for name in self._settings}
        return {k: v.name if isinstance(v, DType) else v for k, v in values.items()}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """Make an initializer from what `get_config` returned."""
        return cls(**config)

    def _type(self, dtype: Any) -> DType:
        return self.dtype if dtype is None else dtypes.as_dtype(dtype)


def _float_type(dtype: Any) -> DType:
    kind = dtypes.as_dtype(dtype)
    if not kind.is_floating:
        raise ValueError(f"Expected floating point type, got {kind}.")
    return kind


class Zeros(Initializer):
    """Zeros."""

    _settings = ("dtype",)

    def __init__(self, dtype: Any = dtypes.float32) -> None:
        self.dtype = dtypes.as_dtype(dtype)

    def __call__(self, shape: Any, dtype: Any = None, partition_info: PartitionInfo | None = None) -> Tensor:
        """Return zeros (False, empty strings)."""
        return zeros(shape, self._type(dtype))


class Ones(Initializer):
    """Ones."""

    _settings = ("dtype",)

    def __init__(self, dtype: Any = dtypes.float32) -> None:
        self.dtype = dtypes.as_dtype(dtype)

    def __call__(self, shape: Any, dtype: Any = None, partition_info: PartitionInfo | None = None) -> Tensor:
        """Return ones."""
        return ones(shape, self._type(dtype))


class Constant(Initializer):
    """A fixed value.

    Parameters
    ----------
    value : number, list, tuple or array
        If the shape asked for is larger, the last element fills it up.
    dtype : DType
    verify_shape : bool
        Refuse another shape than that of `value`.
    """

    _settings = ("value", "dtype")

    def __init__(self, value: Any = 0, dtype: Any = dtypes.float32, verify_shape: bool = False) -> None:
        if not (np.isscalar(value) or isinstance(value, (list, tuple, np.ndarray))):
            raise TypeError(
                f"Invalid type for initial value: {type(value)} (expected Python scalar, list or tuple of values, or "
                "numpy.ndarray)."
            )
        self.value = value
        self.dtype = dtypes.as_dtype(dtype)
        self._verify_shape = verify_shape

    def __call__(
        self,
        shape: Any,
        dtype: Any = None,
        partition_info: PartitionInfo | None = None,
        verify_shape: bool | None = None,
    ) -> Tensor:
        """Return a constant of the value."""
        verify = self._verify_shape if verify_shape is None else verify_shape
        return constant(self.value, dtype=self._type(dtype), shape=shape, verify_shape=verify)


class RandomUniform(Initializer):
    """Numbers from [minval, maxval), all as likely.

    Parameters
    ----------
    minval, maxval : number or Tensor []
        `maxval` is 1 by default, and must be given for integers.
    seed : int, optional
    dtype : DType
    """

    _settings = ("minval", "maxval", "seed", "dtype")

    def __init__(
        self, minval: Any = 0, maxval: Any = None, seed: int | None = None, dtype: Any = dtypes.float32
    ) -> None:
        self.minval = minval
        self.maxval = maxval
        self.seed = seed
        self.dtype = dtypes.as_dtype(dtype)

    def __call__(self, shape: Any, dtype: Any = None, partition_info: PartitionInfo | None = None) -> Tensor:
        """Return random numbers of `shape`."""
        return random_uniform(shape, self.minval, self.maxval, self._type(dtype), seed=self.seed)


class RandomNormal(Initializer):
    """Numbers from a normal distribution.

    Parameters
    ----------
    mean, stddev : number or Tensor []
    seed : int, optional
    dtype : DType
    """

    _settings = ("mean", "stddev", "seed", "dtype")

    def __init__(
        self, mean: Any = 0.0, stddev: Any = 1.0, seed: int | None = None, dtype: Any = dtypes.float32
    ) -> None:
        self.mean = mean
        self.stddev = stddev
        self.seed = seed
        self.dtype = _float_type(dtype)

    def __call__(self, shape: Any, dtype: Any = None, partition_info: PartitionInfo | None = None) -> Tensor:
        """Return random numbers of `shape`."""
        return random_normal(shape, self.mean, self.stddev, self._type(dtype), seed=self.seed)


class TruncatedNormal(RandomNormal):
    """Numbers from a normal distribution, drawn again where they are more than two `stddev` off; see `RandomNormal`."""

    def __call__(self, shape: Any, dtype: Any = None, partition_info: PartitionInfo | None = None) -> Tensor:
        """Return random numbers of `shape`."""
        return truncated_normal(shape, self.mean, self.stddev, self._type(dtype), seed=self.seed)


class UniformUnitScaling(Initializer):
    """Uniform numbers that keep the scale of what a matrix is multiplied with: up to ``factor * sqrt(3 / inputs)``.

    Parameters
    ----------
    factor : float
    seed : int, optional
    dtype : DType
    """

    _settings = ("factor", "seed", "dtype")

    def __init__(self, factor: float = 1.0, seed: int | None = None, dtype: Any = dtypes.float32) -> None:
        self.factor = factor
        self.seed = seed
        self.dtype = _float_type(dtype)

    def __call__(self, shape: Any, dtype: Any = None, partition_info: PartitionInfo | None = None) -> Tensor:
        """Return random numbers of `shape`."""
        whole = shape if partition_info is None else partition_info.full_shape
        inputs = max(math.prod(float(size) for size in list(whole)[:-1]), 1.0)
        limit = math.sqrt(3 / inputs) * self.factor
        return random_uniform(shape, -limit, limit, self._type(dtype), seed=self.seed)


class VarianceScaling(Initializer):
    """Random numbers with a variance of ``scale / n``, n the number of inputs, outputs or their mean.

    Parameters
    ----------
    scale : float
    mode : str
        ``"fan_in"``, ``"fan_out"`` or ``"fan_avg"``.
    distribution : str
        ``"truncated_normal"`` (or ``"normal"``), ``"untruncated_normal"`` or ``"uniform"``.
    seed : int, optional
    dtype : DType

    Raises
    ------
    ValueError
        If an argument is none of these.
    """

    _settings: tuple[str, ...] = ("scale", "mode", "distribution", "seed", "dtype")

    def __init__(
        self,
        scale: float = 1.0,
        mode: str = "fan_in",
        distribution: str = "truncated_normal",
        seed: int | None = None,
        dtype: Any = dtypes.float32,
    ) -> None:
        if scale <= 0.0:
            raise ValueError("`scale` must be positive float.")
        if mode not in ("fan_in", "fan_out", "fan_avg"):
            raise ValueError(f"Invalid `mode` argument: {mode}")
        distribution = distribution.lower()
        if distribution not in ("normal", "uniform", "truncated_normal", "untruncated_normal"):
            raise ValueError(f"Invalid `distribution` argument: {distribution}")
        self.scale = scale
        self.mode = mode
        self.distribution = distribution
        self.seed = seed
        self.dtype = _float_type(dtype)

    def __call__(self, shape: Any, dtype: Any = None, partition_info: PartitionInfo | None = None) -> Tensor:
        """Return random numbers of `shape`."""
        kind = self._type(dtype)
        fan_in, fan_out = compute_fans(shape if partition_info is None else partition_info.full_shape)
        count = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2.0}[self.mode]
        variance = self.scale / max(1.0, count)
        if self.distribution == "uniform":
            limit = math.sqrt(3.0 * variance)
            return random_uniform(shape, -limit, limit, kind, seed=self.seed)
        if self.distribution == "untruncated_normal":
            return random_normal(shape, 0.0, math.sqrt(variance), kind, seed=self.seed)
        # What is cut off leaves a standard deviation of .8796 of the one asked for.
        return truncated_normal(shape, 0.0, math.sqrt(variance) / 0.87962566103423978, kind, seed=self.seed)


def compute_fans(shape: Any) -> tuple[int, int]:
    """Return how many inputs and outputs the units of a layer with weights of `shape` have."""
    sizes: list[Any] = shape.as_list() if isinstance(shape, TensorShape) else list(shape)
    if not sizes:
        return 1, 1
    if len(sizes) == 1:
        return int(sizes[0]), int(sizes[0])
    window = math.prod(int(size) for size in sizes[:-2])
    return int(sizes[-2]) * window, int(sizes[-1]) * window


class GlorotUniform(VarianceScaling):
    """Uniform numbers by Glorot and Bengio (2010), also called Xavier: up to ``sqrt(6 / (inputs + outputs))``.

    Parameters
    ----------
    seed : int, optional
    dtype : DType
    """

    _settings = ("seed", "dtype")

    def __init__(self, seed: int | None = None, dtype: Any = dtypes.float32) -> None:
        super().__init__(1.0, "fan_avg", "uniform", seed, dtype)


class GlorotNormal(VarianceScaling):
    """Truncated normal numbers by Glorot and Bengio (2010), also called Xavier: variance ``2 / (inputs + outputs)``.

    Parameters
    ----------
    seed : int, optional
    dtype : DType
    """

    _settings = ("seed", "dtype")

    def __init__(self, seed: int | None = None, dtype: Any = dtypes.float32) -> None:
        super().__init__(1.0, "fan_avg", "truncated_normal", seed, dtype)


def lecun_normal(seed: int | None = None) -> VarianceScaling:
    """Truncated normal numbers by LeCun et al. (1998): variance ``1 / inputs``."""
    return VarianceScaling(1.0, "fan_in", "truncated_normal", seed)


def lecun_uniform(seed: int | None = None) -> VarianceScaling:
    """Uniform numbers by LeCun et al. (1998): up to ``sqrt(3 / inputs)``."""
    return VarianceScaling(1.0, "fan_in", "uniform", seed)


def he_normal(seed: int | None = None) -> VarianceScaling:
    """Truncated normal numbers by He et al. (2015): variance ``2 / inputs``."""
    return VarianceScaling(2.0, "fan_in", "truncated_normal", seed)


def he_uniform(seed: int | None = None) -> VarianceScaling:
    """Uniform numbers by He et al. (2015): up to ``sqrt(6 / inputs)``."""
    return VarianceScaling(2.0, "fan_in", "uniform", seed)


class Orthogonal(Initializer):
    """A random orthogonal matrix; of more axes than two, all but the last are taken together.

    Parameters
    ----------
    gain : float
        What to multiply it with.
    seed : int, optional
    dtype : DType
    """

    _settings = ("gain", "seed", "dtype")

    def __init__(self, gain: float = 1.0, seed: int | None = None, dtype: Any = dtypes.float32) -> None:
        self.gain = gain
        self.seed = seed
        self.dtype = _float_type(dtype)

    def __call__(self, shape: Any, dtype: Any = None, partition_info: PartitionInfo | None = None) -> Tensor:
        """Return a matrix of `shape` with orthogonal columns (or rows, if there are more columns)."""
        if len(shape) < 2:
            raise ValueError("The tensor to initialize must be at least two-dimensional")
        rows, columns = math.prod(int(size) for size in shape[:-1]), int(shape[-1])
        q = _orthogonal((max(rows, columns), min(rows, columns)), self._type(dtype), self.seed)
        if rows < columns:
            q = matrix_transpose(q)
        return self.gain * reshape(q, shape)


def _orthogonal(shape: Any, dtype: DType, seed: int | None, full_matrices: bool = False) -> Tensor:
    """Return a random matrix with orthogonal columns, all of them as likely."""
    q, r = qr(random_normal(shape, dtype=dtype, seed=seed), full_matrices=full_matrices)
    q *= sign(diag_part(r))
    return q


class ConvolutionDeltaOrthogonal(Initializer):
    """A convolution that applies a random orthogonal matrix at its middle and nothing beside it (Xiao et al., 2018).

    Parameters
    ----------
    gain : float
        What to multiply it with.
    seed : int, optional
    dtype : DType
    """

    _settings = ("gain", "seed", "dtype")

    def __init__(self, gain: float = 1.0, seed: int | None = None, dtype: Any = dtypes.float32) -> None:
        self.gain = gain
        self.seed = seed
        self.dtype = _float_type(dtype)

    def __call__(self, shape: Any, dtype: Any = None, partition_info: PartitionInfo | None = None) -> Tensor:
        """Return a kernel of `shape`: one to three window axes, inputs, outputs."""
        if not 3 <= len(shape) <= 5:
            raise ValueError("The tensor to initialize must be at least three-dimensional and at most five-dimensional")
        if shape[-2] > shape[-1]:
            raise ValueError("In_filters cannot be greater than out_filters.")
        kind = self._type(dtype)
        q = _orthogonal([shape[-1], shape[-1]], kind, self.seed)
        q = q[: shape[-2], :]
        q *= cast(self.gain, dtype=kind)
        middle = [(size - 1) // 2 for size in shape[:-2]]
        return scatter_nd([middle], expand_dims(q, 0), shape)


class Identity(Initializer):
    """The identity matrix.

    Parameters
    ----------
    gain : float
        What to multiply it with.
    dtype : DType
    """

    _settings = ("gain", "dtype")

    def __init__(self, gain: float = 1.0, dtype: Any = dtypes.float32) -> None:
        self.gain = gain
        self.dtype = _float_type(dtype)

    def __call__(self, shape: Any, dtype: Any = None, partition_info: PartitionInfo | None = None) -> Tensor:
        """Return a matrix of `shape` with ones on its diagonal."""
        whole = shape if partition_info is None else partition_info.full_shape
        if len(whole) != 2:
            raise ValueError("Identity matrix initializer can only be used for 2D matrices.")
        sizes = whole.as_list() if isinstance(whole, TensorShape) else whole
        made = eye(sizes[0], sizes[1], dtype=self._type(dtype))
        if partition_info is not None:
            made = slice_(made, partition_info.var_offset, shape)
        return self.gain * made


zeros_initializer = Zeros
ones_initializer = Ones
constant_initializer = Constant
random_uniform_initializer = RandomUniform
random_normal_initializer = RandomNormal
truncated_normal_initializer = TruncatedNormal
uniform_unit_scaling_initializer = UniformUnitScaling
variance_scaling_initializer = VarianceScaling
glorot_uniform_initializer = GlorotUniform
glorot_normal_initializer = GlorotNormal
orthogonal_initializer = Orthogonal
identity_initializer = Identity
convolutional_delta_orthogonal = ConvolutionDeltaOrthogonal
