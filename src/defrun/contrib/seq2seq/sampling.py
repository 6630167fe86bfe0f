"""Drawing numbers while decoding, as TensorFlow's helpers do: node for node, so that seeds give its draws."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from defrun.base import dtypes
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.arrange import pad, transpose
from defrun.ops.array import rank, reshape
from defrun.ops.array import shape as shape_node
from defrun.ops.cast import cast
from defrun.ops.compare import equal, less
from defrun.ops.join import concat
from defrun.ops.random import multinomial, random_uniform
from defrun.ops.reduce import reduce_prod


def _in_shape(draw: Callable[[Tensor], Tensor], sample_shape: Any) -> Tensor:
    """Draw as many as `sample_shape` has places, and give them that shape."""
    with name_scope(None, "call_sampler", values=[sample_shape]):
        wanted = convert_to_tensor(sample_shape, dtype=dtypes.int32, name="sample_shape")
        missing = cast(equal(rank(wanted), 0), dtypes.int32)
        wanted = reshape(wanted, pad(shape_node(wanted), paddings=[[missing, 0]], constant_values=1))
        samples = draw(reduce_prod(wanted))
        return reshape(samples, concat([wanted, shape_node(samples)[1:]], 0))


def bernoulli_sample(probs: Any, dtype: Any = dtypes.int32, sample_shape: Any = (), seed: int | None = None) -> Tensor:
    """Draw 1 with the probability `probs` [...] and 0 otherwise: a tensor of `sample_shape` + [...]."""
    probs = convert_to_tensor(probs, name="probs")
    batch_shape = shape_node(probs)

    def draw(count: Tensor) -> Tensor:
        sizes = concat([[count], batch_shape], 0)
        return cast(less(random_uniform(sizes, seed=seed, dtype=probs.dtype), probs), dtype)

    return _in_shape(draw, sample_shape)


def categorical_sample(
    logits: Any, dtype: Any = dtypes.int32, sample_shape: Any = (), seed: int | None = None
) -> Tensor:
    """Draw class numbers by `logits` [..., classes]: a tensor of `sample_shape` + [...]."""
    logits = convert_to_tensor(logits, name="logits")
    classes = shape_node(logits)[-1]
    batch_shape = shape_node(logits)[:-1]

    def draw(count: Tensor) -> Tensor:
        rows = logits if logits.shape.ndims == 2 else reshape(logits, [-1, classes])
        kind = dtypes.int64 if logits.dtype.size > 4 else dtypes.int32
        drawn = multinomial(rows, count, seed=seed, output_dtype=kind)
        drawn = reshape(transpose(drawn), concat([[count], batch_shape], 0))
        return cast(drawn, dtype)

    return _in_shape(draw, sample_shape)
