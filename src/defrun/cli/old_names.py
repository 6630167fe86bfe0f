"""Names that Python and NumPy had when TensorFlow 1 scripts were written, put back where they are gone.

Each behaves as it did in Python 3.7 and NumPy 1.18. What is there already stays untouched.
"""

from __future__ import annotations

import base64
import collections
import collections.abc
import fractions
import functools
import inspect
import math
import threading
import time
import unittest
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np


class ArgSpec(NamedTuple):
    """What `inspect.getargspec` tells of a function."""

    args: list[str]
    varargs: str | None
    keywords: str | None
    defaults: tuple[Any, ...] | None


def _getargspec(func: Callable[..., Any]) -> ArgSpec:
    spec = inspect.getfullargspec(func)
    if spec.kwonlyargs or spec.annotations:
        raise ValueError("the function has keyword-only parameters or annotations; inspect.getfullargspec shows them")
    return ArgSpec(spec.args, spec.varargs, spec.varkw, spec.defaults)


def _asscalar(a: Any) -> Any:
    return np.asarray(a).item()


def _alen(a: Any) -> int:
    return len(np.atleast_1d(a))


def _asfarray(a: Any, dtype: Any = np.float64) -> np.ndarray[Any, Any]:
    return np.asarray(a, dtype if np.issubdtype(dtype, np.inexact) else np.float64)


def _in1d(ar1: Any, ar2: Any, assume_unique: bool = False, invert: bool = False) -> np.ndarray[Any, Any]:
    return np.isin(np.ravel(ar1), ar2, assume_unique=assume_unique, invert=invert)


def _msort(a: Any) -> np.ndarray[Any, Any]:
    return np.sort(a, axis=0)


def _random_integers(low: int, high: int | None = None, size: Any = None) -> Any:
    low, high = (1, low) if high is None else (low, high)
    return np.random.randint(low, high + 1, size)


_text_fromstring: Callable[..., Any] = np.fromstring


def _fromstring(string: Any, dtype: Any = float, count: int = -1, sep: str = "", **kwargs: Any) -> Any:
    """Copy raw bytes where there is no `sep`, as most readers of image files of that time ask for."""
    if sep == "":
        return np.frombuffer(string, dtype, count).copy()
    return _text_fromstring(string, dtype, count, sep=sep, **kwargs)


_reshape: Callable[..., Any] = np.reshape


def _old_reshape(a: Any, newshape: Any = None, order: str = "C", **kwargs: Any) -> Any:
    """`numpy.reshape`, whose second parameter was called `newshape`."""
    return _reshape(a, kwargs.pop("shape", newshape), order=order, **kwargs)


_ONLY_REGULAR = "inhomogeneous"


def _takes_ragged(make: Callable[..., Any]) -> Callable[..., Any]:
    """Let a constructor of arrays make an array of objects of rows that differ in length, if no dtype is asked for."""

    @functools.wraps(make)
    def with_ragged(object: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return make(object, *args, **kwargs)
        except ValueError as error:
            if _ONLY_REGULAR not in str(error) or (args and args[0] is not None) or kwargs.get("dtype") is not None:
                raise
        return make(object, *(np.object_, *args[1:]), **{k: v for k, v in kwargs.items() if k != "dtype"})

    return with_ragged


_array, _asarray = _takes_ragged(np.array), _takes_ragged(np.asarray)

_TYPES = {
    "float": float,
    "int": int,
    "bool": bool,
    "object": object,
    "str": str,
    "complex": complex,
    "long": int,
    "unicode": str,
    "float_": np.float64,
    "complex_": np.complex128,
    "cfloat": np.complex128,
    "singlecomplex": np.complex64,
    "longfloat": np.longdouble,
    "longcomplex": np.clongdouble,
    "clongfloat": np.clongdouble,
    "string_": np.bytes_,
    "unicode_": np.str_,
    "bool8": np.bool_,
    "int0": np.intp,
    "uint0": np.uintp,
    "str0": np.str_,
    "bytes0": np.bytes_,
    "object0": np.object_,
    "void0": np.void,
    "typeDict": np.sctypeDict,
    "sctypes": {
        "int": [np.int8, np.int16, np.int32, np.int64],
        "uint": [np.uint8, np.uint16, np.uint32, np.uint64],
        "float": [np.float16, np.float32, np.float64, np.longdouble],
        "complex": [np.complex64, np.complex128, np.clongdouble],
        "others": [bool, object, bytes, str, np.void],
    },
}

_VALUES = {
    "Inf": np.inf,
    "Infinity": np.inf,
    "infty": np.inf,
    "PINF": np.inf,
    "NINF": -np.inf,
    "NaN": np.nan,
    "NAN": np.nan,
    "PZERO": 0.0,
    "NZERO": -0.0,
    "math": math,
}

_FUNCTIONS = {
    "product": np.prod,
    "cumproduct": np.cumprod,
    "alltrue": np.all,
    "sometrue": np.any,
    "round_": np.round,
    "row_stack": np.vstack,
    "trapz": np.trapezoid,
    "mat": np.asmatrix,
    "rank": np.ndim,
    "alen": _alen,
    "asfarray": _asfarray,
    "asscalar": _asscalar,
    "in1d": _in1d,
    "msort": _msort,
    **{name: getattr(np.exceptions, name) for name in np.exceptions.__all__},
}

_UNITTEST = {
    "assertEquals": "assertEqual",
    "assertNotEquals": "assertNotEqual",
    "assertAlmostEquals": "assertAlmostEqual",
    "assertNotAlmostEquals": "assertNotAlmostEqual",
    "assertItemsEqual": "assertCountEqual",
    "assertRaisesRegexp": "assertRaisesRegex",
    "assertRegexpMatches": "assertRegex",
    "assertNotRegexpMatches": "assertNotRegex",
    "assert_": "assertTrue",
    "failUnless": "assertTrue",
}


def _put_back(place: Any, old: Mapping[str, Any]) -> None:
    for name, value in old.items():
        if name not in vars(place):  # not hasattr: NumPy warns when asked for some of them
            setattr(place, name, value)


def restore() -> None:
    """Put the old names back into NumPy and the standard library, and have NumPy print numbers as it did."""
    for old in (_TYPES, _VALUES, _FUNCTIONS):
        _put_back(np, old)
    _put_back(np.random, {"random_integers": _random_integers})
    np.fromstring = _fromstring  # type: ignore[assignment]
    np.reshape = _old_reshape  # type: ignore[assignment]
    np.array, np.asarray = _array, _asarray
    np.set_printoptions(legacy="1.21")  # a list of scalars prints as [1.0], not as [np.float32(1.0)]
    _put_back(collections, {name: getattr(collections.abc, name) for name in collections.abc.__all__})
    _put_back(time, {"clock": time.process_time})
    _put_back(inspect, {"getargspec": _getargspec, "ArgSpec": ArgSpec})
    _put_back(fractions, {"gcd": math.gcd})
    _put_back(base64, {"encodestring": base64.encodebytes, "decodestring": base64.decodebytes})
    _put_back(threading.Thread, {"isAlive": threading.Thread.is_alive})
    _put_back(unittest.TestCase, {name: getattr(unittest.TestCase, now) for name, now in _UNITTEST.items()})
