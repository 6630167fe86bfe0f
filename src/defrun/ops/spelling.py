"""Op types of our own in TensorFlow's words: the functions that stand for them in the graphs that we write.

Gradients are made of fewer, larger nodes here than in TensorFlow, some of types that it lacks. In a GraphDef such
a node calls a function of the graph's library, which says the same in TensorFlow's ops; importing it again gives the
node itself. Loaded when a graph is written that holds such a node.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from defrun.base.dtypes import DType, int32
from defrun.graph.attrs import Func, to_proto
from defrun.graph.function import FuncGraph
from defrun.graph.graph import Graph
from defrun.graph.library import SPELLED, function_def
from defrun.graph.operation import Operation
from defrun.ops.arrange import pad, transpose
from defrun.ops.array import rank, reshape, shape, size
from defrun.ops.broadcast import broadcast_to
from defrun.ops.broadcast_shapes import broadcast_gradient_args
from defrun.ops.cast import cast
from defrun.ops.creation import one_hot, ones, ones_like, range_, zeros_like
from defrun.ops.gather import gather, scatter_nd, tensor_scatter_add
from defrun.ops.join import concat, stack
from defrun.ops.limits import maximum
from defrun.ops.reduce import reduce_prod, reduce_sum
from defrun.ops.segment import unsorted_segment_sum
from defrun.ops.select import dynamic_partition, dynamic_stitch, setdiff1d, where_v2
from defrun.ops.slicing import slice_

_RULES: dict[str, Callable[..., Any]] = {}
_written: dict[tuple[Any, ...], Any] = {}


def function_of(op: Operation) -> Any:
    """Return the FunctionDef that says in TensorFlow's ops what a node does; None if there is none."""
    rule = _RULES.get(op.type)
    if rule is None:
        return None
    attrs = {name: op.attrs[name] for name in op.definition.attrs}
    key = (op.type, *(repr(value) for value in attrs.values()))
    if key not in _written:
        _written[key] = _write(op, rule, attrs)
    return _written[key]


def _write(op: Operation, rule: Callable[..., Any], attrs: dict[str, Any]) -> Any:
    graph = FuncGraph(op.type, Graph(), counted=False)
    with graph.as_default():
        flat = [
            graph.add_argument(t.dtype.base_dtype, None, arg.name)
            for arg, t in zip(op.definition.flat_args(op.attrs), op._inputs)
        ]
        result = rule(*op.definition.group(flat, op.attrs), **op.definition.body_arguments(op.attrs))
        if result is None:
            return None
        graph.outputs = list(result) if isinstance(result, (list, tuple)) else [result]
    proto = function_def(Func("_".join((op.type, *map(_word, attrs.values()))), graph))
    proto.attr[SPELLED].s = op.type.encode()
    for name, value in attrs.items():
        proto.attr[f"_{name}"].CopyFrom(to_proto(value))
    return proto


def _word(value: Any) -> str:
    """Write an attr's value as a part of a name."""
    if isinstance(value, DType):
        return value.name
    if isinstance(value, (list, tuple)):
        return "x".join(map(_word, value))
    return "".join(c if c.isalnum() else "_" for c in str(value))


def _means(op_type: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register what an op of ours means; the rule takes what its body takes, and returns tensors, or None for none."""

    def register(rule: Callable[..., Any]) -> Callable[..., Any]:
        _RULES[op_type] = rule
        return rule

    return register


def _vector(value: Any) -> Any:
    return reshape(value, [-1])


# -- sums and broadcasts ---------------------------------------------------------------------------------------------


@_means("SumTo")
def _(input, shape_of_sum):
    axes, _ = broadcast_gradient_args(shape_of_sum, shape(input, out_type=shape_of_sum.dtype))
    return reshape(reduce_sum(input, axes), shape_of_sum)


@_means("SumToKnown")
def _(input, shape):
    if shape is None or None in shape:
        return None
    axes, _ = broadcast_gradient_args(_sizes(shape), _shape(input))
    return reshape(reduce_sum(input, axes), _sizes(shape))


@_means("BroadcastToKnown")
def _(input, shape):
    return None if shape is None or None in shape else broadcast_to(input, _sizes(shape))


def _sizes(dims: Any) -> Any:
    return cast(list(dims), int32) if dims else range_(0)


_shape = shape


@_means("ShareOut")
def _(input, whole):
    return input / cast(reduce_prod(whole) // maximum(size(input), 1), input.dtype)


@_means("InsertAxes")
def _(input, axes):
    axes = _vector(cast(axes, int32))
    count = rank(input) + size(axes)
    axes = (axes + count) % count
    others, _ = setdiff1d(range_(count), axes)
    return reshape(input, dynamic_stitch([others, axes], [shape(input), ones_like(axes)]))


@_means("SumTiles")
def _(input, shape):
    wanted = cast(shape, int32)
    parts = stack([_shape(input) // maximum(wanted, 1), wanted], axis=1)
    return reduce_sum(reshape(input, _vector(parts)), range_(0, 2 * size(wanted), 2))


@_means("FlattenFirst")
def _(input, axes):
    sizes = shape(input)
    return reshape(input, concat([_vector(reduce_prod(sizes[:axes])), sizes[axes:]], 0))


@_means("SizesAlong")
def _(values, axis):
    return stack([shape(v)[axis] for v in values])


# -- parts -----------------------------------------------------------------------------------------------------------


@_means("Crop")
def _(input, paddings):
    around = reduce_sum(paddings, 1)
    return slice_(input, paddings[:, 0], shape(input, out_type=paddings.dtype) - around)


@_means("SumPadding")
def _(input, paddings):
    everywhere = range_(rank(input))
    return reduce_sum(input, everywhere) - reduce_sum(_RULES["Crop"](input, paddings), everywhere)


@_means("SliceGrad")
def _(shape, begin, grad):
    begin, whole = cast(begin, int32), cast(shape, int32)
    return pad(grad, stack([begin, whole - begin - _shape(grad)], axis=1))


@_means("GatherGrad")
def _(shape, indices, axis, grad, batch_dims):
    if batch_dims:
        return None
    sizes, axis = cast(shape, int32), cast(axis, int32)
    axis = (axis + size(sizes)) % size(sizes)
    outer, inner = reduce_prod(sizes[:axis]), reduce_prod(sizes[axis + 1 :])
    rows = transpose(reshape(grad, stack([outer, size(indices), inner])), [1, 0, 2])
    summed = unsorted_segment_sum(rows, _vector(indices), sizes[axis])
    return reshape(transpose(summed, [1, 0, 2]), sizes)


@_means("TopKGrad")
def _(grad, indices, input):
    width = shape(input)[-1]
    rows = size(input) // maximum(width, 1)
    at = reshape(indices, stack([rows, -1])) + reshape(range_(rows), [-1, 1]) * width
    return reshape(unsorted_segment_sum(_vector(grad), _vector(at), size(input)), shape(input))


@_means("UndoPartition")
def _(partitions, shape, parts):
    places = dynamic_partition(range_(size(partitions)), _vector(partitions), len(parts))
    return reshape(dynamic_stitch(places, parts), shape)


# -- segments --------------------------------------------------------------------------------------------------------


def _with_ones(sizes: Any, like: Any) -> Any:
    """Return a shape with an axis of size 1 for each axis of `like` but the first."""
    return concat([sizes, ones(_vector(rank(like) - 1), int32)], 0)


@_means("CountSegments")
def _(segments, segment_ids):
    counts = unsorted_segment_sum(ones_like(segment_ids, segments.dtype), segment_ids, shape(segments)[0])
    return reshape(counts, _with_ones([-1], segments))


@_means("SpreadSegments")
def _(segments, segment_ids):
    rows = gather(segments, maximum(segment_ids, 0))
    there = reshape(segment_ids >= 0, _with_ones(shape(segment_ids), segments))
    return where_v2(there, rows, zeros_like(rows))


# -- makers ----------------------------------------------------------------------------------------------------------


@_means("LinSpaceGrad")
def _(grad):
    count = size(grad)
    share = cast(range_(count), grad.dtype) / cast(maximum(count - 1, 1), grad.dtype)
    return reduce_sum(grad * (1 - share)), reduce_sum(grad * share)


@_means("OneHotGrad")
def _(grad, indices, axis):
    one = ones([], grad.dtype)
    marked = one_hot(indices, shape(grad)[axis], one, one - one, axis=axis, dtype=grad.dtype)
    everywhere = range_(rank(grad))
    return reduce_sum(grad * marked, everywhere), reduce_sum(grad * (one - marked), everywhere)


# -- loops -----------------------------------------------------------------------------------------------------------


@_means("_StackRow")
def _(stack, index):
    return gather(stack, index)


@_means("_OnlyRow")
def _(stack, index, row):
    return scatter_nd(reshape(index, [1, 1]), row[None], shape(stack))


@_means("_AddToRow")
def _(stack, index, row):
    return tensor_scatter_add(stack, reshape(index, [1, 1]), row[None])
