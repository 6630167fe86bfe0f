"""Python functions as nodes of the graph."""

from __future__ import annotations

import itertools
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np

from defrun.base import dtypes, errors
from defrun.base.dtypes import DType
from defrun.graph.graph import get_default_graph
from defrun.ops.declare import op

# What a function's exception becomes.
_ERRORS: tuple[tuple[type[Exception], type[errors.OpError]], ...] = (
    (NotImplementedError, errors.UnimplementedError),
    (TypeError, errors.InvalidArgumentError),
    (ValueError, errors.InvalidArgumentError),
    (StopIteration, errors.OutOfRangeError),
    (MemoryError, errors.ResourceExhaustedError),
)


class _Held:
    """A function that a graph keeps alive."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function


_functions: weakref.WeakValueDictionary[str, _Held] = weakref.WeakValueDictionary()
_numbers = itertools.count()


def _call(token: str, inputs: list[Any], wanted: list[DType]) -> list[Any]:
    held = _functions.get(token)
    if held is None:
        raise errors.InvalidArgumentError(None, None, f"callback {token} is not found")
    try:
        result = held.function(*[_argument(value) for value in inputs])
    except Exception as error:
        kind = next((k for e, k in _ERRORS if isinstance(error, e)), errors.UnknownError)
        raise kind(None, None, f"{type(error).__name__}: {error}") from error
    values = [] if result is None else list(result) if isinstance(result, (list, tuple)) else [result]
    if len(values) != len(wanted):
        raise errors.InvalidArgumentError(
            None, None, f"{token} returns {len(values)} values, but expects to see {len(wanted)} values."
        )
    return [_result(token, i, value, dtype) for i, (value, dtype) in enumerate(zip(values, wanted, strict=True))]


def _argument(value: Any) -> Any:
    """A scalar as the number (or bytes) that it is."""
    return value[()] if isinstance(value, np.ndarray) and value.ndim == 0 else value


def _result(token: str, i: int, value: Any, wanted: DType) -> np.ndarray[Any, Any]:
    array = np.asarray(value)
    if array.dtype.kind in "SU":
        flat = [v.encode() if isinstance(v, str) else bytes(v) for v in array.ravel().tolist()]
        array = np.array([*flat, None], object)[:-1].reshape(array.shape)
    found = dtypes.string if array.dtype == object else dtypes.as_dtype(array.dtype)
    if found != wanted:
        raise errors.InvalidArgumentError(
            None, None, f"{i}-th value returned by {token} is {_c_name(found)}, but expects {_c_name(wanted)}"
        )
    return array


def _c_name(dtype: DType) -> str:
    return {"float32": "float", "float64": "double", "float16": "half"}.get(dtype.name, dtype.name)


@op("PyFunc", "input: list(Tin) -> output: list(Tout)", host=True, stateful=True, differentiable=False)
def _py_func(input, token: str, Tout: list[DType]):
    """Call a Python function, each time."""
    return _call(token, input, Tout)


@_py_func.shape
def _(Tout):
    return [None] * len(Tout)


@op("PyFuncStateless", "input: list(Tin) -> output: list(Tout)", host=True, differentiable=False)
def _py_func_stateless(input, token: str, Tout: list[DType]):
    """Call a Python function of which only the result matters."""
    return _call(token, input, Tout)


@_py_func_stateless.shape
def _(Tout):
    return [None] * len(Tout)


def py_func(func: Callable[..., Any], inp: Any, Tout: Any, stateful: bool = True, name: str | None = None) -> Any:
    """Make a node that calls the Python function `func` on NumPy values. It runs on the host.

    Parameters
    ----------
    func : callable
        Takes as many arrays (scalars as numbers) as there are in `inp`, returns arrays of the types `Tout`.
    inp : list of Tensor
    Tout : DType or list of DType
    stateful : bool
        Whether `func` may give another result for the same arguments, or does more than give a result.
    name : str, optional

    Returns
    -------
    Tensor, or list of Tensor if `Tout` is a list
        Of unknown shape; `Tensor.set_shape` says more.

    Raises
    ------
    ValueError
        If `func` is not callable.
    InvalidArgumentError
        When run, if `func` returns something else than `Tout` says, or raises TypeError or ValueError.
    """
    if not callable(func):
        raise ValueError(f"Expected func to be callable, got func of type {type(func)}")
    several = isinstance(Tout, (list, tuple))
    held = _Held(func)
    token = f"pyfunc_{next(_numbers)}"
    _functions[token] = held
    graph = get_default_graph()
    while graph.building_function:
        graph = graph.outer_graph  # type: ignore[attr-defined]
    graph._attic.setdefault("python functions", []).append(held)
    make = _py_func if stateful else _py_func_stateless
    outputs = make.node(inp, token=token, Tout=list(Tout) if several else [Tout], name=name).outputs
    return outputs if several or not outputs else outputs[0]


def numpy_function(func: Callable[..., Any], inp: Any, Tout: Any, name: str | None = None) -> Any:
    """`py_func` with another list of arguments."""
    return py_func(func, inp, Tout, stateful=True, name=name)
