"""Op types of older graphs, which newer ones have taken the place of."""

from __future__ import annotations

from typing import Any

import jax
import numpy as np
from jax import lax

from defrun.base import dtypes
from defrun.base.errors import InvalidArgumentError
from defrun.graph.check import check
from defrun.ops.arrange import reverse
from defrun.ops.array import shape
from defrun.ops.blocks import batch_to_space_nd, space_to_batch_nd
from defrun.ops.declare import OpFunction, op
from defrun.ops.join import concat_v2, joined, pack, split_v
from defrun.ops.types import BOOL, COMPLEX, FLOAT, INDEX, SIGNED, STRING

# -- joined along an axis that comes first -----------------------------------------------------------------------------


@op("Concat", "concat_dim: static int32[], values: N * T -> output: T", folds=True)
def concat_v1(concat_dim, values):
    """Join `values` along an axis: `tf.concat` of the first graphs."""
    return concat_v2.lower(values, concat_dim)


@concat_v1.shape
def _(concat_dim, values):
    return joined(values, concat_dim)


@concat_v1.gradient
def _(op, grad):
    axis, *values = op.inputs
    return [None, *split_v(grad, pack([shape(v)[axis] for v in values]), axis, num_split=len(values))]


# -- reversed along axes that a mask says ------------------------------------------------------------------------------

_REVERSIBLE = FLOAT | COMPLEX | SIGNED | BOOL | STRING | frozenset((dtypes.uint8, dtypes.uint16))


@op("Reverse", "tensor: T[...], dims: static bool[n] -> output: T[...]", T=_REVERSIBLE - {dtypes.bfloat16}, folds=True)
def reverse_v1(tensor, dims):
    """Reverse `tensor` along the axes where `dims` holds: `tf.reverse` of the first graphs."""
    check(len(dims) == tensor.ndim, InvalidArgumentError,
          "dims must have as many elements as the tensor has axes, {}, not {}", tensor.ndim, len(dims))  # fmt: skip
    return reverse.lower(tensor, np.flatnonzero(dims))


@reverse_v1.shape
def _(tensor, dims):
    if tensor is None or dims is None:
        return None if dims is None else (None,) * len(dims)
    if len(tensor) != len(dims):
        raise ValueError(f"dims has {len(dims)} elements, the tensor {len(tensor)} axes")
    return tensor


@reverse_v1.gradient
def _(op, grad):
    return reverse_v1(grad, op.inputs[1]), None


# -- square blocks -----------------------------------------------------------------------------------------------------


def _square(block_size: int) -> Any:
    if block_size < 2:
        raise ValueError(f"block_size must be at least 2, not {block_size}")
    return np.array([block_size, block_size])


def _shape(newer: OpFunction, *given: Any) -> Any:
    rule: Any = newer.definition.shape_rule
    return rule(*given)


@op("SpaceToBatch", "input: T[b,h,w,c], paddings: static Tpaddings[2,2] -> output: T", Tpaddings=(INDEX, dtypes.int32))
def space_to_batch_v1(input, paddings, block_size: int):
    """Pad pictures and spread their square blocks over the batch."""
    return space_to_batch_nd.lower(input, _square(block_size), paddings)


@space_to_batch_v1.shape
def _(input, paddings, block_size):
    return _shape(space_to_batch_nd, input, _square(block_size), paddings)


@space_to_batch_v1.gradient
def _(op, grad):
    return batch_to_space_v1(grad, op.inputs[1], block_size=op.get_attr("block_size")), None


@op("BatchToSpace", "input: T[b,h,w,c], crops: static Tidx[2,2] -> output: T", Tidx=(INDEX, dtypes.int32))
def batch_to_space_v1(input, crops, block_size: int):
    """Gather square blocks of pictures from the batch and crop."""
    return batch_to_space_nd.lower(input, _square(block_size), crops)


@batch_to_space_v1.shape
def _(input, crops, block_size):
    return _shape(batch_to_space_nd, input, _square(block_size), crops)


@batch_to_space_v1.gradient
def _(op, grad):
    return space_to_batch_v1(grad, op.inputs[1], block_size=op.get_attr("block_size")), None


# -- batch normalization ---------------------------------------------------------------------------------------------


def _normalized(t: Any, m: Any, v: Any, beta: Any, gamma: Any, epsilon: float, scaled: bool) -> Any:
    factor = lax.rsqrt(v + np.asarray(epsilon, v.dtype)) * (gamma if scaled else 1)
    return t * factor + (beta - m * factor)


@op("BatchNormWithGlobalNormalization", "t: T[n,h,w,c], m: T[c], v: T[c], beta: T[c], gamma: T[c] -> "
    "result: T[n,h,w,c]", T=FLOAT)  # fmt: skip
def batch_norm_with_global_normalization_v1(
    t, m, v, beta, gamma, variance_epsilon: float, scale_after_normalization: bool
):
    """Normalize `t` by mean `m` and variance `v`, scale by `gamma` if asked to, and add `beta`."""
    return _normalized(t, m, v, beta, gamma, variance_epsilon, scale_after_normalization)


@op("BatchNormWithGlobalNormalizationGrad", "t: T[n,h,w,c], m: T[c], v: T[c], gamma: T[c], backprop: T[n,h,w,c] -> "
    "dx: T[n,h,w,c], dm: T[c], dv: T[c], db: T[c], dg: T[c]", T=FLOAT, differentiable=False)  # fmt: skip
def batch_norm_with_global_normalization_grad(
    t, m, v, gamma, backprop, variance_epsilon: float, scale_after_normalization: bool
):
    """Gradients of `batch_norm_with_global_normalization_v1`."""

    def normalized(t: Any, m: Any, v: Any, beta: Any, gamma: Any) -> Any:
        return _normalized(t, m, v, beta, gamma, variance_epsilon, scale_after_normalization)

    return list(jax.vjp(normalized, t, m, v, m * 0, gamma)[1](backprop))


@batch_norm_with_global_normalization_v1.gradient
def _(op, grad):
    t, m, v, _, gamma = op.inputs
    names = ("variance_epsilon", "scale_after_normalization")
    attrs = {name: op.get_attr(name) for name in names}
    return batch_norm_with_global_normalization_grad(t, m, v, gamma, grad, **attrs)
