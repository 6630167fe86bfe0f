"""Python's operators on tensors: which functions they stand for, and under which names their nodes appear."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from defrun.base import dtypes
from defrun.graph.composite import SparseTensor
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops import compare, elementary, math, matrix
from defrun.ops.sparse.arithmetic import sparse_dense_multiply


def _plus(x: Tensor, y: Tensor, name: str) -> Tensor:
    return (math.add if x.dtype.base_dtype is dtypes.string else math.add_v2)(x, y, name=name)


def _times(x: Tensor, y: Any, name: str) -> Any:
    if isinstance(y, SparseTensor):
        values = sparse_dense_multiply(y.indices, y.values, y.dense_shape, x, name)
        return SparseTensor(y.indices, values, y.dense_shape)
    return math.multiply(x, y, name=name)


def _xor(x: Tensor, y: Tensor, name: str) -> Tensor:
    with name_scope(name) as scope:
        return compare.logical_xor(x, y, name=scope)


_BINARY: dict[str, Callable[..., Any]] = {
    "add": _plus,
    "sub": math.subtract,
    "mul": _times,
    "div": math.div,
    "truediv": math.truediv,
    "floordiv": math.floordiv,
    "mod": math.floormod,
    "pow": elementary.pow,
    "matmul": matrix.matmul,
    "and": compare.logical_and,
    "or": compare.logical_or,
    "xor": _xor,
}
"""What ``__add__`` and ``__radd__``, ... call; the key is also the node's name."""

_DIRECT: dict[str, Callable[..., Any]] = {
    "__neg__": math.negative,
    "__abs__": elementary.abs,
    "__invert__": compare.logical_not,
    "__lt__": compare.less,
    "__le__": compare.less_equal,
    "__gt__": compare.greater,
    "__ge__": compare.greater_equal,
}


def _from_left(name: str, function: Callable[..., Any]) -> Callable[[Tensor, Any], Any]:
    reverse = f"__r{name}__"

    def operator(x: Tensor, y: Any) -> Any:
        if isinstance(y, Tensor):
            return function(x, y, name=name)
        with name_scope(None, name, [x, y]) as scope:
            if not isinstance(y, SparseTensor):
                try:
                    y = convert_to_tensor(y, name="y", dtype_hint=x.dtype.base_dtype)
                except TypeError:
                    if hasattr(type(y), reverse):
                        return NotImplemented
                    raise
            return function(x, y, name=scope)

    return operator


def _from_right(name: str, function: Callable[..., Any]) -> Callable[[Tensor, Any], Any]:
    def operator(y: Tensor, x: Any) -> Any:
        with name_scope(None, name, [x, y]) as scope:
            return function(convert_to_tensor(x, dtype=y.dtype.base_dtype, name="x"), y, name=scope)

    return operator


def _direct(function: Callable[..., Any]) -> Callable[..., Any]:
    # An OpFunction is no descriptor, so it can't be a method as it is.
    def operator(*operands: Any) -> Any:
        return function(*operands)

    return operator


def _operators() -> dict[str, Callable[..., Any]]:
    found = {method: _direct(function) for method, function in _DIRECT.items()}
    for name, function in _BINARY.items():
        found[f"__{name}__"] = _from_left(name, function)
        found[f"__r{name}__"] = _from_right(name, function)
    for method, function in found.items():
        function.__name__ = function.__qualname__ = method
    return found


OPERATORS = _operators()
"""Every overloaded method, apart from ``__getitem__``."""

for _method, _function in OPERATORS.items():
    setattr(Tensor, _method, _function)


def overload(kind: type, as_tensor: Callable[[Any], Tensor]) -> None:
    """Give the class `kind` the operators of tensors; they work on what `as_tensor` makes of an instance."""

    def on_value(function: Callable[..., Any]) -> Callable[..., Any]:
        def operator(self: Any, *others: Any) -> Any:
            return function(as_tensor(self), *others)

        return operator

    for method, function in OPERATORS.items():
        setattr(kind, method, on_value(function))
