"""`tf.contrib.layers`: normalization over the features, the places of an image, groups of channels, one axis."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from defrun.base import dtypes
from defrun.contrib.arg_scope import add_arg_scope
from defrun.contrib.framework.model_variables import model_variable
from defrun.contrib.layers.layers import finish
from defrun.contrib.layers.utils import get_variable_collections
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.ops import array, moments
from defrun.ops.arrange import tile
from defrun.ops.creation import ones
from defrun.ops.elementary import rsqrt, sqrt, square
from defrun.ops.join import concat
from defrun.ops.math import div
from defrun.ops.reduce import reduce_sum
from defrun.ops.slicing import strided_slice
from defrun.variables.initializers import ones_initializer, zeros_initializer
from defrun.variables.scope import variable_scope

_FIRST = {"beta": zeros_initializer, "gamma": ones_initializer}


def _parameter(
    name: str, wanted: bool, shape: Any, kind: Any, initializers: dict[str, Any] | None, collections: Any,
    trainable: bool,
) -> Any:  # fmt: skip
    """Make beta or gamma, if it is wanted."""
    if not wanted:
        return None
    initializer = (initializers or {}).get(name)
    return model_variable(
        name,
        shape=shape,
        dtype=kind,
        initializer=_FIRST[name]() if initializer is None else initializer,
        collections=get_variable_collections(collections, name),
        trainable=trainable,
    )


@add_arg_scope
def layer_norm(
    inputs: Any,
    center: bool = True,
    scale: bool = True,
    activation_fn: Callable[[Any], Any] | None = None,
    reuse: bool | None = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: bool = True,
    begin_norm_axis: int = 1,
    begin_params_axis: int = -1,
    scope: Any = None,
) -> Tensor:
    """Normalize each sample to mean 0 and variance 1, then scale by gamma and shift by beta (Ba et al., 2016).

    Parameters
    ----------
    inputs : Tensor of known rank
    center, scale : bool
        Whether there is a beta, a gamma.
    activation_fn : callable, optional
    begin_norm_axis : int
        The first of the axes over which moments are taken.
    begin_params_axis : int
        The first of the axes that beta and gamma have.
    reuse, variables_collections, outputs_collections, trainable, scope
        See `fully_connected`.

    Raises
    ------
    ValueError
        If the rank, or the size of an axis of the parameters, is not known, or there is no such axis.
    """
    with variable_scope(scope, "LayerNorm", [inputs], reuse=reuse) as sc:
        inputs = convert_to_tensor(inputs)
        rank = inputs.shape.ndims
        if rank is None:
            raise ValueError(f"Inputs {inputs.name} has undefined rank.")
        first = begin_norm_axis + rank if begin_norm_axis < 0 else begin_norm_axis
        if begin_params_axis >= rank or first >= rank:
            raise ValueError(
                f"begin_params_axis ({begin_params_axis}) and begin_norm_axis ({first}) must be below the rank, {rank}"
            )
        size = inputs.shape[begin_params_axis:]
        if not size.is_fully_defined():
            raise ValueError(f"Axes of {inputs.name} from {begin_params_axis} on are not known: {inputs.shape}")
        kind = inputs.dtype.base_dtype
        beta = _parameter("beta", center, size, kind, None, variables_collections, trainable)
        gamma = _parameter("gamma", scale, size, kind, None, variables_collections, trainable)
        mean, variance = moments.moments(inputs, list(range(first, rank)), keep_dims=True)
        epsilon = 1e-3 if kind == dtypes.float16 else 1e-12
        outputs = moments.batch_normalization(inputs, mean, variance, beta, gamma, epsilon)
        outputs.set_shape(inputs.shape)
        return finish(outputs, None, None, activation_fn, outputs_collections, sc.name)


@add_arg_scope
def instance_norm(
    inputs: Any,
    center: bool = True,
    scale: bool = True,
    epsilon: float = 1e-6,
    activation_fn: Callable[[Any], Any] | None = None,
    param_initializers: dict[str, Any] | None = None,
    reuse: bool | None = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: bool = True,
    data_format: str = "NHWC",
    scope: Any = None,
) -> Tensor:
    """Normalize each channel of each sample by itself (Ulyanov et al., 2016).

    Parameters
    ----------
    inputs : Tensor [batch, ..., channels], or [batch, channels, ...] for NCHW
    center, scale : bool
        Whether there is a beta, a gamma.
    epsilon : float
        Added to the variance.
    activation_fn : callable, optional
    param_initializers : dict, optional
        By the names beta, gamma.
    data_format : {"NHWC", "NCHW"}
    reuse, variables_collections, outputs_collections, trainable, scope
        See `fully_connected`.

    Raises
    ------
    ValueError
        If the rank or the number of channels is not known, or the data format is none of the two.
    """
    inputs = convert_to_tensor(inputs)
    rank = inputs.shape.ndims
    if rank is None:
        raise ValueError(f"Inputs {inputs.name} has undefined rank.")
    if data_format not in ("NHWC", "NCHW"):
        raise ValueError("data_format has to be either NCHW or NHWC.")
    with variable_scope(scope, "InstanceNorm", [inputs], reuse=reuse) as sc:
        axis = 1 if data_format == "NCHW" else rank - 1
        size = inputs.shape[axis : axis + 1]
        if not size.is_fully_defined():
            raise ValueError(f"Inputs {inputs.name} has undefined channels dimension {size}.")
        found = []
        for name, wanted in (("beta", center), ("gamma", scale)):
            made = _parameter(
                name, wanted, size, inputs.dtype.base_dtype, param_initializers, variables_collections, trainable
            )
            if made is not None and data_format == "NCHW":
                made = array.reshape(made, [1, *size.as_list(), *[1] * (rank - 2)])
            found.append(made)
        axes = [i for i in range(1, rank) if i != axis]
        mean, variance = moments.moments(inputs, axes, keep_dims=True)
        outputs = moments.batch_normalization(inputs, mean, variance, found[0], found[1], epsilon, "instancenorm")
        return finish(outputs, None, None, activation_fn, outputs_collections, sc.name)


@add_arg_scope
def group_norm(
    inputs: Any,
    groups: int = 32,
    channels_axis: int = -1,
    reduction_axes: Any = (-3, -2),
    center: bool = True,
    scale: bool = True,
    epsilon: float = 1e-6,
    activation_fn: Callable[[Any], Any] | None = None,
    param_initializers: dict[str, Any] | None = None,
    reuse: bool | None = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: bool = True,
    scope: Any = None,
    mean_close_to_zero: bool = False,
) -> Tensor:
    """Normalize groups of channels of each sample together (Wu and He, 2018).

    Parameters
    ----------
    inputs : Tensor of known rank
    groups : int
        How many; they divide the channels.
    channels_axis : int
    reduction_axes : list of int
        Over which moments are taken, beside a group's channels.
    center, scale : bool
        Whether there is a beta, a gamma.
    epsilon : float
        Added to the variance.
    activation_fn : callable, optional
    param_initializers : dict, optional
        By the names beta, gamma.
    mean_close_to_zero : bool
        Compute the variance in one go, which is less exact if the mean is far from 0.
    reuse, variables_collections, outputs_collections, trainable, scope
        See `fully_connected`.

    Raises
    ------
    ValueError
        If the rank or a size that matters is not known, or the axes or groups don't fit.
    """
    inputs = convert_to_tensor(inputs)
    rank = inputs.shape.ndims
    if rank is None:
        raise ValueError(f"Inputs {inputs.name} has undefined rank.")
    axis, reduced = _check_groups(inputs, rank, groups, channels_axis, reduction_axes)
    known = inputs.shape.as_list()
    sizes = array.shape(inputs)
    whole = [sizes[i] if size is None else size for i, size in enumerate(known)]
    channels = known[axis]
    split = [groups, channels // groups]
    spread = [1] * axis + split + [1] * (rank - axis - 1)
    inputs = array.reshape(inputs, whole[:axis] + split + whole[axis + 1 :])
    axes = [axis + 1, *(a + 1 if a > axis else a for a in reduced)]
    with variable_scope(scope, "GroupNorm", [inputs], reuse=reuse) as sc:
        beta, gamma = None, None
        kind = inputs.dtype.base_dtype
        if center:
            beta = _parameter("beta", True, [channels], kind, param_initializers, variables_collections, trainable)
            beta = array.reshape(beta, spread)
        if scale:
            gamma = _parameter("gamma", True, [channels], kind, param_initializers, variables_collections, trainable)
            gamma = array.reshape(gamma, spread)
        if mean_close_to_zero:
            count, once, twice, _ = moments.sufficient_statistics(inputs, axes, keep_dims=True)
            mean, variance = moments.normalize_moments(count, once, twice, shift=None)
        else:
            mean, variance = moments.moments(inputs, axes, keep_dims=True)
        gain = rsqrt(variance + epsilon)
        offset = -mean * gain
        if gamma is not None:
            gain *= gamma
            offset *= gamma
        if beta is not None:
            offset += beta
        outputs = array.reshape(inputs * gain + offset, whole)
        return finish(outputs, None, None, activation_fn, outputs_collections, sc.name)


def _check_groups(inputs: Tensor, rank: int, groups: int, channels_axis: int, reduction_axes: Any) -> Any:
    """Return the axis of the channels and those that are reduced, counted from the front."""
    known = inputs.shape.as_list()
    if channels_axis > rank - 1:
        raise ValueError(f"channels_axis {channels_axis} is out of bounds for rank {rank}")
    axis = channels_axis + rank if channels_axis < 0 else channels_axis
    channels = known[axis]
    if channels is None:
        raise ValueError(f"Inputs {inputs.name} has undefined channel dimension: {axis}.")
    reduced = [a + rank if a < 0 else a for a in reduction_axes]
    for a in reduced:
        if not 0 <= a < rank:
            raise ValueError(f"reduction axis {a} is out of bounds for rank {rank}")
        if known[a] is None:
            raise ValueError(f"Inputs {inputs.name} has undefined dimensions {a}.")
        if a == axis:
            raise ValueError(f"axis {a} cannot be both the channels' and reduced")
    if groups > channels or channels % groups:
        raise ValueError(f"{channels} channels cannot be split into {groups} groups")
    return axis, reduced


@add_arg_scope
def unit_norm(inputs: Any, dim: int, epsilon: float = 1e-7, scope: Any = None) -> Tensor:
    """Scale to a Euclidean norm of 1 along the axis `dim`.

    Raises
    ------
    ValueError
        If the rank is not known, or there is no such axis.
    """
    with variable_scope(scope, "UnitNorm", [inputs]):
        rank = inputs.shape.ndims
        if not rank:
            raise ValueError("The input rank must be known.")
        if not 0 <= dim < rank:
            raise ValueError(f"dim must be positive but smaller than the input rank, {rank}, not {dim}")
        lengths = sqrt(epsilon + reduce_sum(square(inputs), dim, True))
        multiples: list[Any] = [ones([dim], dtypes.int32)] if dim > 0 else []
        multiples.append(strided_slice(array.shape(inputs), [dim], [dim + 1]))
        if dim < rank - 1:
            multiples.append(ones([rank - 1 - dim], dtypes.int32))
        return div(inputs, tile(lengths, concat(multiples, 0)))
