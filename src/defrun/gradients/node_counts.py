"""How many nodes TensorFlow's own gradient functions make.

Ours make fewer. But the seed of a random op that has none of its own is the number of nodes so far, so what is made
after `gradients` (the next model of an ensemble, the target network of an agent) draws TensorFlow's numbers only if
these are counted as TensorFlow would: `Graph._phantoms` makes up the difference.

Counted in TensorFlow 1.15.5, for known and for unknown shapes; tests/oracle/graphs asks for the sum in whole models.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from defrun.base import dtypes
from defrun.graph.composite import IndexedSlices
from defrun.graph.graph import Graph
from defrun.graph.operation import Operation, Tensor
from defrun.graph.static import constant_value

_SHAPE_DIVISION = 17  # nodes that reduce a shape and divide by the result, made once for a shape and axes
_BROADCAST_ARGS = 3  # two shapes and what to sum over; of known shapes once for each pair

# Ops whose gradient always takes as many nodes.
_ALWAYS = {
    "Abs": 2, "Acos": 7, "AddN": 0, "Asin": 6, "Atan": 5, "Atan2": 7, "AvgPool": 2, "BiasAdd": 1, "BroadcastTo": 4,
    "Ceil": 0, "CheckNumerics": 1, "Cholesky": 33, "Conv2D": 3, "Conv2DBackpropInput": 3, "Conv3D": 4, "Cos": 3,
    "Cosh": 2, "Cumprod": 4, "Cumsum": 1, "DepthToSpace": 1, "DepthwiseConv2dNative": 4, "Digamma": 3, "DivNoNan": 12,
    "DynamicPartition": 11, "Elu": 1, "Erf": 6, "Erfc": 6, "Exp": 1, "ExpandDims": 2, "Expm1": 2, "Fill": 2, "Floor": 0,
    "FloorMod": 10, "FusedBatchNormV3": 1, "GatherNd": 2, "Identity": 0, "IdentityN": 0, "L2Loss": 1, "LRN": 1,
    "LeakyRelu": 1, "Lgamma": 2, "Log": 2, "Log1p": 4, "LogSoftmax": 5, "MatMul": 2, "MatrixBandPart": 1,
    "MatrixDiag": 1, "MatrixInverse": 3, "MatrixTriangularSolve": 6, "Max": 19, "MaxPool": 1, "Maximum": 13, "Min": 19,
    "Minimum": 13, "MirrorPad": 1, "Neg": 1, "Pack": 1, "Pad": 9, "Prod": 49, "RandomGamma": 20, "ReadVariableOp": 0,
    "RealDiv": 12, "Reciprocal": 1, "RefIdentity": 0, "Relu": 1, "Relu6": 1, "Reshape": 2, "ResizeBilinear": 1,
    "ResourceGather": 12, "ReverseV2": 1, "Rint": 0, "Round": 0, "Rsqrt": 1, "ScatterNd": 1, "SegmentMean": 16,
    "SegmentSum": 2, "SelectV2": 12, "Selu": 1, "Sigmoid": 1, "Sin": 2, "Sinh": 2, "Slice": 12,
    "Softmax": 5, "SoftmaxCrossEntropyWithLogits": 8, "Softplus": 2, "Softsign": 1, "SpaceToBatchND": 1,
    "SpaceToDepth": 1, "SparseSoftmaxCrossEntropyWithLogits": 4, "Split": 1, "SplitV": 1, "Sqrt": 1, "Square": 3,
    "Squeeze": 2, "StridedSlice": 2, "Tan": 4, "Tanh": 1, "Tile": 12, "TopKV2": 43, "Transpose": 2, "Unpack": 1,
}  # fmt: skip

# Ops of two inputs that broadcast: nodes for inputs of one known shape, and apart from the sums otherwise.
_BROADCASTING = {
    "Add": (0, 0), "AddV2": (0, 0), "Mul": (2, 2), "MulNoNan": (2, 2), "Pow": (19, 16), "SquaredDifference": (5, 5),
    "Sub": (1, 1),
}  # fmt: skip


def tensorflow_nodes(op: Operation, grads: list[Any]) -> int | None:
    """Return how many nodes TensorFlow would add for the gradient of `op`; None if that is not known.

    `grads` are those of the outputs, some None.
    """
    if op.type in _ALWAYS:
        return _ALWAYS[op.type]
    given = next((grad for grad in grads if grad is not None), None)
    if op.type in _BROADCASTING and isinstance(given, Tensor):
        return _of_broadcasting(op, given)
    rule = _BY_SHAPE.get(op.type)
    return None if rule is None or isinstance(given, IndexedSlices) else rule(op)


def _of_broadcasting(op: Operation, grad: Tensor) -> int:
    alike, otherwise = _BROADCASTING[op.type]
    if op.type == "Pow":
        alike, otherwise = (nodes + _more_zeros(op._inputs[0]) for nodes in (alike, otherwise))
    x, y, out = (_known(tensor) for tensor in (*op._inputs, grad))
    if x is not None and x == y == out:
        if op.type == "Mul" and grad.dtype not in (dtypes.float32, dtypes.int32):
            return otherwise + _first_time(op.graph, ("broadcast", x, y), _BROADCAST_ARGS)
        return alike
    if x is None or y is None:
        return otherwise + _BROADCAST_ARGS + 4
    sums = 4 * ((x != out) + (y != out))
    return otherwise + sums + _first_time(op.graph, ("broadcast", x, y), _BROADCAST_ARGS)


def _of_sum(op: Operation) -> int:
    source, axes = op._inputs[0], constant_value(op._inputs[1])
    dims = source._dims
    if dims is None or axes is None:
        return 4 + 12
    if np.array_equal(axes, np.arange(len(dims))):
        return 4
    if None in dims:
        return 4 + 12
    return 4 + _first_time(op.graph, ("sum", dims, tuple(axes.reshape(-1).tolist())), _SHAPE_DIVISION)


def _of_mean(op: Operation) -> int:
    known = all(_known(tensor) is not None for tensor in (op._inputs[0], op.outputs[0]))
    return _of_sum(op) + (2 if known else 11)


def _of_matmul(op: Operation) -> int:
    x, y = (_known(tensor) for tensor in op._inputs)
    return 2 if x is not None and x == y else 17


def _of_concat(op: Operation) -> int | None:
    values = op._inputs[:-1]
    unknown = [place for place, value in enumerate(values) if _known(value) is None]
    if len(values) == 1:
        return 0
    if len(values) > 16:
        return None
    shapes = unknown[0] + 2 if unknown else len(values)
    return 3 + shapes + len(values)


def _of_gather(op: Operation) -> int | None:
    axis = constant_value(op._inputs[2])
    return 13 if axis is not None and axis == 0 and op.get_attr("batch_dims") == 0 else None


def _of_cast(op: Operation) -> int:
    kinds = [tensor.dtype.base_dtype for tensor in (op._inputs[0], op.outputs[0])]
    return int(all(kind.is_floating or kind.is_complex for kind in kinds))


def _of_nearest(op: Operation) -> int:
    dims = op._inputs[0]._dims
    return 6 if dims is None or None in dims[1:3] else 2


def _of_diagonal(op: Operation) -> int:
    dims = op._inputs[0]._dims
    square = dims is not None and None not in dims[-2:] and dims[-2] == dims[-1]
    return 1 if square else 2


def _of_select(op: Operation) -> int:
    return 3 + _more_zeros(op._inputs[1])


def _of_unsorted_sum(op: Operation) -> int:
    return 14 + _more_zeros(op._inputs[0])


def _more_zeros(like: Tensor) -> int:
    """A constant of zeros stands for more than one node if it would be large."""
    dims = _known(like)
    return 2 if dims is not None and math.prod(dims) >= 1000 else 0


def _known(tensor: Tensor) -> tuple[int, ...] | None:
    dims = tensor._dims
    return None if dims is None or None in dims else tuple(map(int, dims))  # type: ignore[arg-type]


_BY_SHAPE: dict[str, Callable[[Operation], int | None]] = {
    "BatchMatMulV2": _of_matmul,
    "Cast": _of_cast,
    "ConcatV2": _of_concat,
    "GatherV2": _of_gather,
    "MatrixDiagPart": _of_diagonal,
    "Mean": _of_mean,
    "ResizeNearestNeighbor": _of_nearest,
    "Select": _of_select,
    "Sum": _of_sum,
    "UnsortedSegmentSum": _of_unsorted_sum,
    "Xdivy": lambda op: 17 + (op.outputs[0].dtype != dtypes.float32),
    "Xlogy": lambda op: 14 + (op.outputs[0].dtype != dtypes.float32),
}


def _first_time(graph: Graph, key: Any, nodes: int) -> int:
    """`nodes` if the graph asks for this the first time, then 0: TensorFlow keeps the value."""
    if key in graph._counted:
        return 0
    graph._counted.add(key)
    return nodes
