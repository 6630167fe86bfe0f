"""Batch normalization."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from defrun.base import dtypes
from defrun.base.shapes import TensorShape
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import colocate_with, control_dependencies, name_scope
from defrun.keras import constraint as constraints
from defrun.keras import initializer as initializers
from defrun.keras import regularizer as regularizers
from defrun.layers.base import InputSpec, Layer
from defrun.ops import array, moments, normalization, state
from defrun.ops.activation import relu
from defrun.ops.cast import cast
from defrun.ops.constant import constant
from defrun.ops.control import smart_cond, smart_constant_value
from defrun.ops.creation import ones_like, zeros_like
from defrun.ops.elementary import sqrt
from defrun.ops.limits import maximum, minimum
from defrun.ops.reduce import reduce_mean
from defrun.variables.initializers import ones_initializer, zeros_initializer


class BatchNormalization(Layer):
    """Normalize each channel to mean 0 and variance 1, then scale by gamma and shift by beta (Ioffe and Szegedy, 2015).

    While training, the batch's own moments are used, and moving averages of them are updated by the operations in the
    collection ``UPDATE_OPS``, which must be run with the training step. Otherwise the moving averages are used.

    Parameters
    ----------
    axis : int or list of int
        The axis of the channels.
    momentum : float
        How much of the moving averages each update keeps.
    epsilon : float
        Added to the variance.
    center, scale : bool
        Whether there is a beta, a gamma.
    beta_initializer, gamma_initializer, moving_mean_initializer, moving_variance_initializer : Initializer
    beta_regularizer, gamma_regularizer, beta_constraint, gamma_constraint : callable, optional
    renorm : bool
        Batch renormalization (Ioffe, 2017): what training normalizes by is corrected towards the moving averages.
    renorm_clipping : dict, optional
        Limits of that correction, by the names rmin, rmax (of the scale) and dmax (of the shift).
    renorm_momentum : float
        How much each update keeps of the averages that the correction uses.
    fused : bool, optional
        One op instead of several, for inputs of rank 4; by default wherever it fits.
    trainable : bool
    virtual_batch_size : int, optional
        Take the moments of groups of that many samples each; it must divide the batch.
    adjustment : callable, optional
        Called with the inputs' shape, gives a scale and a bias for the normalized values while training.
    name : str, optional

    Raises
    ------
    TypeError
        If `axis` is neither int nor list.
    ValueError
        If `renorm_clipping` has other names, or the options don't go together.
    """

    def __init__(
        self,
        axis: Any = -1,
        momentum: float = 0.99,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Any = zeros_initializer(),  # noqa: B008
        gamma_initializer: Any = ones_initializer(),  # noqa: B008
        moving_mean_initializer: Any = zeros_initializer(),  # noqa: B008
        moving_variance_initializer: Any = ones_initializer(),  # noqa: B008
        beta_regularizer: Any = None,
        gamma_regularizer: Any = None,
        beta_constraint: Any = None,
        gamma_constraint: Any = None,
        renorm: bool = False,
        renorm_clipping: Any = None,
        renorm_momentum: float = 0.99,
        fused: bool | None = None,
        trainable: bool = True,
        virtual_batch_size: int | None = None,
        adjustment: Any = None,
        name: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(trainable, name, **kwargs)
        if not isinstance(axis, (int, list, tuple)):
            raise TypeError(f"axis must be int or list, type given: {type(axis).__name__}")
        self.axis: list[int] = [axis] if isinstance(axis, int) else list(axis)
        self.momentum, self.epsilon = momentum, epsilon
        self.center, self.scale = center, scale
        self.beta_initializer = initializers.get(beta_initializer)
        self.gamma_initializer = initializers.get(gamma_initializer)
        self.moving_mean_initializer = initializers.get(moving_mean_initializer)
        self.moving_variance_initializer = initializers.get(moving_variance_initializer)
        self.beta_regularizer = regularizers.get(beta_regularizer)
        self.gamma_regularizer = regularizers.get(gamma_regularizer)
        self.beta_constraint = constraints.get(beta_constraint)
        self.gamma_constraint = constraints.get(gamma_constraint)
        self.fused = True if fused is None else fused
        self.renorm, self.renorm_momentum = renorm, renorm_momentum
        self.renorm_clipping = dict(renorm_clipping or {})
        if renorm and not self.renorm_clipping.keys() <= {"rmin", "rmax", "dmax"}:
            raise ValueError(f"renorm_clipping {renorm_clipping} has other keys than rmin, rmax and dmax")
        self.virtual_batch_size, self.adjustment = virtual_batch_size, adjustment
        self.gamma: Any = None
        self.beta: Any = None

    @property
    def _param_dtype(self) -> Any:
        narrow = self._dtype in (dtypes.float16, dtypes.bfloat16)
        return dtypes.float32 if narrow else self._dtype or dtypes.float32

    def build(self, input_shape: Any) -> None:
        """Add gamma, beta and the moving averages."""
        shape = TensorShape(input_shape)
        if not shape.ndims:
            raise ValueError(f"Input has undefined rank: {shape}")
        rank = shape.ndims
        self.axis = [a + rank if a < 0 else a for a in self.axis]
        if any(not 0 <= a < rank for a in self.axis):
            raise ValueError(f"Invalid axis: {self.axis}")
        if len(set(self.axis)) < len(self.axis):
            raise ValueError(f"Duplicate axis: {self.axis}")
        self._check_virtual_batch()
        plain = not self.renorm and self.virtual_batch_size is None and self.adjustment is None
        self.fused = bool(self.fused) and rank == 4 and self.axis in ([1], [3]) and plain
        self._data_format = "NCHW" if self.axis == [1] else "NHWC"
        sizes = {a: shape.as_list()[a] for a in self.axis}
        if None in sizes.values():
            raise ValueError(f"Input has undefined `axis` dimension. Input shape: {shape}")
        self.input_spec = InputSpec(ndim=rank, axes=sizes)
        size = [sizes.get(i, 1) for i in range(rank)]
        if self.virtual_batch_size is not None:  # an axis of groups comes after that of a group's samples
            size.insert(1, 1)
            self.axis = [a + 1 for a in self.axis]
        elif len(sizes) == 1:
            size = list(sizes.values())
        self._add_weights(tuple(size))
        self.built = True

    def _check_virtual_batch(self) -> None:
        if self.virtual_batch_size is None:
            return
        if self.virtual_batch_size <= 0:
            raise ValueError(f"virtual_batch_size must be positive, not {self.virtual_batch_size}")
        if 0 in self.axis:
            raise ValueError("With virtual_batch_size the first axis is that of the samples, not one of `axis`")
        if self.adjustment is not None:
            raise ValueError("virtual_batch_size and adjustment cannot be used together")

    def _add_weights(self, size: tuple[Any, ...]) -> None:
        kind = self._param_dtype
        if self.scale:
            self.gamma = self.add_weight(
                "gamma", size, kind, self.gamma_initializer, self.gamma_regularizer, True, self.gamma_constraint
            )
        elif self.fused:
            self._gamma_const = constant(1.0, dtype=kind, shape=size)
        if self.center:
            self.beta = self.add_weight(
                "beta", size, kind, self.beta_initializer, self.beta_regularizer, True, self.beta_constraint
            )
        elif self.fused:
            self._beta_const = constant(0.0, dtype=kind, shape=size)
        partitioner = None
        if self._scope is not None:
            partitioner = self._scope.partitioner
            self._scope.set_partitioner(None)
        try:
            self.moving_mean = self.add_weight(
                "moving_mean", size, kind, self.moving_mean_initializer, trainable=False
            )
            self.moving_variance = self.add_weight(
                "moving_variance", size, kind, self.moving_variance_initializer, trainable=False
            )
            if self.renorm:
                self._add_renorm_weights(size, kind)
        finally:
            if partitioner:
                self._scope.set_partitioner(partitioner)

    def _add_renorm_weights(self, size: tuple[Any, ...], kind: Any) -> None:
        def deviation(*args: Any, **kwargs: Any) -> Tensor:
            return sqrt(self.moving_variance_initializer(*args, **kwargs))

        with colocate_with(self.moving_variance):
            self.moving_stddev = self.add_weight("moving_stddev", size, kind, deviation, trainable=False)
        with colocate_with(self.moving_mean):
            self.renorm_mean = self.add_weight(
                "renorm_mean", size, kind, self.moving_mean_initializer, trainable=False
            )
        with colocate_with(self.moving_stddev):
            self.renorm_stddev = self.add_weight("renorm_stddev", size, kind, deviation, trainable=False)

    def call(self, inputs: Any, training: Any = False) -> Tensor:  # type: ignore[override]
        """Normalize `inputs`; `training` (a Python bool, number or bool tensor) says by which moments."""
        if self.virtual_batch_size is None:
            return self._call_fused(inputs, training) if self.fused else self._call_plain(inputs, training)
        shape = [-1, *inputs.shape.as_list()[1:]]
        groups = array.reshape(inputs, [self.virtual_batch_size, *shape])
        return array.reshape(self._call_plain(groups, training), shape)

    def _call_plain(self, inputs: Any, training: Any) -> Tensor:
        known = smart_constant_value(training)
        rank = inputs.shape.ndims
        axes = [i for i in range(rank) if i not in self.axis]
        if self.virtual_batch_size is not None:
            del axes[1]
        spread = [inputs.shape.as_list()[i] if i == self.axis[0] else 1 for i in range(rank)]

        def broadcast(v: Any) -> Any:
            if v is not None and len(v.shape) != rank and axes != list(range(rank - 1)):
                return array.reshape(v, spread)
            return v

        scale, offset = broadcast(self.gamma), broadcast(self.beta)
        mean: Any = self.moving_mean
        variance: Any = self.moving_variance
        if known is not False:
            if self.adjustment is not None:
                scale, offset = _composed(*self._adjustment(inputs, training), scale, offset)
            keep = self.virtual_batch_size is not None or len(self.axis) > 1
            batch = moments.moments(cast(inputs, self._param_dtype), axes, keep_dims=keep)
            mean = smart_cond(training, lambda: batch[0], lambda: convert_to_tensor(self.moving_mean))
            variance = smart_cond(training, lambda: batch[1], lambda: convert_to_tensor(self.moving_variance))
            new: Any = (mean, variance)
            if self.virtual_batch_size is not None:
                new = (reduce_mean(mean, axis=1, keepdims=True), reduce_mean(variance, axis=1, keepdims=True))
            if self.renorm:
                r, d, *new = self._renorm(new[0], new[1], training)
                r = broadcast(array.stop_gradient(r, name="renorm_r"))
                d = broadcast(array.stop_gradient(d, name="renorm_d"))
                scale, offset = _composed(r, d, scale, offset)
            self._update(new[0], new[1], training)
        kind = inputs.dtype
        mean, variance = cast(mean, kind), cast(variance, kind)
        offset = None if offset is None else cast(offset, kind)
        scale = None if scale is None else cast(scale, kind)
        outputs = moments.batch_normalization(inputs, broadcast(mean), broadcast(variance), offset, scale, self.epsilon)
        outputs.set_shape(inputs.shape)
        return outputs

    def _adjustment(self, inputs: Any, training: Any) -> tuple[Tensor, Tensor]:
        scale, bias = self.adjustment(array.shape(inputs))
        return (
            smart_cond(training, lambda: scale, lambda: ones_like(scale)),
            smart_cond(training, lambda: bias, lambda: zeros_like(bias)),
        )

    def _renorm(self, mean: Tensor, variance: Tensor, training: Any) -> list[Tensor]:
        """Return the correction (scale and shift), and the moments after the correction's averages have moved."""
        stddev = sqrt(variance + self.epsilon)
        kept = maximum(self.renorm_stddev, sqrt(self.epsilon))
        scale = stddev / kept
        shift = (mean - self.renorm_mean) / kept
        with control_dependencies([scale, shift]):  # the averages must not move before
            mean = array.identity(mean)
            stddev = array.identity(stddev)
        least, most, farthest = (self.renorm_clipping.get(key) for key in ("rmin", "rmax", "dmax"))
        if least is not None:
            scale = maximum(scale, least)
        if most is not None:
            scale = minimum(scale, most)
        if farthest is not None:
            shift = minimum(maximum(shift, -farthest), farthest)
        scale = smart_cond(training, lambda: scale, lambda: ones_like(scale))
        shift = smart_cond(training, lambda: shift, lambda: zeros_like(shift))
        moved = []
        for variable, value in ((self.renorm_mean, mean), (self.renorm_stddev, stddev)):
            moved.append(self._moved_if_training(variable, array.identity(value), training))
        with control_dependencies(moved):
            return [scale, shift, array.identity(mean), array.identity(variance)]

    def _moved_if_training(self, variable: Any, value: Tensor, training: Any) -> Any:
        return smart_cond(
            training,
            lambda: self._assign_moving_average(variable, value, self.renorm_momentum),
            lambda: array.identity(variable),
        )

    def _update(self, mean: Tensor, variance: Tensor, training: Any) -> None:
        """Add the updates of the moving averages."""

        def move_mean() -> Any:
            return self._assign_moving_average(self.moving_mean, mean, self.momentum)

        def move_variance() -> Any:
            if not self.renorm:
                return self._assign_moving_average(self.moving_variance, variance, self.momentum)
            deviation = sqrt(variance + self.epsilon)
            moved = self._assign_moving_average(self.moving_stddev, deviation, self.momentum)
            return self._assign_new_value(self.moving_variance, relu(moved * moved - self.epsilon))

        self.add_update(smart_cond(training, move_mean, lambda: self.moving_mean))
        self.add_update(smart_cond(training, move_variance, lambda: self.moving_variance))

    def _call_fused(self, inputs: Tensor, training: Any) -> Tensor:
        gamma = self.gamma if self.scale else self._gamma_const
        beta = self.beta if self.center else self._beta_const

        def normalize(**kept: Any) -> Callable[[], Any]:
            return lambda: normalization.fused_batch_norm(
                inputs, gamma, beta, epsilon=self.epsilon, data_format=self._data_format, **kept
            )

        averages = {"mean": self.moving_mean, "variance": self.moving_variance, "is_training": False}
        output, mean, variance = smart_cond(training, normalize(), normalize(**averages))
        known = smart_constant_value(training)
        if known is None:
            momentum = smart_cond(training, lambda: self.momentum, lambda: 1.0)
        else:
            momentum = convert_to_tensor(self.momentum)
        if known is not False:
            for variable, value in ((self.moving_mean, mean), (self.moving_variance, variance)):
                self.add_update(self._assign_moving_average(variable, value, momentum))
        return output

    def _assign_moving_average(self, variable: Any, value: Tensor, momentum: Any) -> Any:
        with name_scope(None, "AssignMovingAvg", [variable, value, momentum]) as scope, colocate_with(variable):
            decay = convert_to_tensor(1.0 - momentum, name="decay")
            if decay.dtype != variable.dtype.base_dtype:
                decay = cast(decay, variable.dtype.base_dtype)
            delta = (variable - cast(value, variable.dtype.base_dtype)) * decay
            return state.assign_sub(variable, delta, name=scope)

    def _assign_new_value(self, variable: Any, value: Any) -> Any:
        with name_scope(None, "AssignNewValue", [variable, value]) as scope, colocate_with(variable):
            return state.assign(variable, value, name=scope)

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """Return `input_shape`."""
        return TensorShape(input_shape)


def _composed(first: Any, shift: Any, scale: Any, offset: Any) -> tuple[Any, Any]:
    """Scale and shift by `first` and `shift`, then by `scale` and `offset`, in one step."""
    if scale is not None:
        first, shift = first * scale, shift * scale
    return first, shift if offset is None else shift + offset


def batch_normalization(
    inputs: Any,
    axis: Any = -1,
    momentum: float = 0.99,
    epsilon: float = 1e-3,
    center: bool = True,
    scale: bool = True,
    beta_initializer: Any = zeros_initializer(),  # noqa: B008
    gamma_initializer: Any = ones_initializer(),  # noqa: B008
    moving_mean_initializer: Any = zeros_initializer(),  # noqa: B008
    moving_variance_initializer: Any = ones_initializer(),  # noqa: B008
    beta_regularizer: Any = None,
    gamma_regularizer: Any = None,
    beta_constraint: Any = None,
    gamma_constraint: Any = None,
    training: Any = False,
    trainable: bool = True,
    name: Any = None,
    reuse: bool | None = None,
    renorm: bool = False,
    renorm_clipping: Any = None,
    renorm_momentum: float = 0.99,
    fused: bool | None = None,
    virtual_batch_size: int | None = None,
    adjustment: Any = None,
) -> Tensor:
    """Apply a new `BatchNormalization` layer, or with `reuse` the one whose variables are there under `name`."""
    layer = BatchNormalization(
        axis=axis,
        momentum=momentum,
        epsilon=epsilon,
        center=center,
        scale=scale,
        beta_initializer=beta_initializer,
        gamma_initializer=gamma_initializer,
        moving_mean_initializer=moving_mean_initializer,
        moving_variance_initializer=moving_variance_initializer,
        beta_regularizer=beta_regularizer,
        gamma_regularizer=gamma_regularizer,
        beta_constraint=beta_constraint,
        gamma_constraint=gamma_constraint,
        renorm=renorm,
        renorm_clipping=renorm_clipping,
        renorm_momentum=renorm_momentum,
        fused=fused,
        trainable=trainable,
        virtual_batch_size=virtual_batch_size,
        adjustment=adjustment,
        name=name,
        _reuse=reuse,
        _scope=name,
    )
    return layer.apply(inputs, training=training)
