"""Windows: weights for the frames of a signal."""

from __future__ import annotations

from typing import Any

import numpy as np

from defrun.base import dtypes
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.graph.static import constant_value
from defrun.ops.cast import cast
from defrun.ops.compare import equal
from defrun.ops.constant import constant
from defrun.ops.control import cond
from defrun.ops.creation import ones, range_
from defrun.ops.elementary import cos
from defrun.ops.math import mod


def hann_window(
    window_length: Any, periodic: Any = True, dtype: Any = dtypes.float32, name: str | None = None
) -> Tensor:
    """Return a window that rises from 0 to 1 and falls again as the cosine does.

    Parameters
    ----------
    window_length : int32 Tensor []
    periodic : bool Tensor []
        Let the next number after the window be as the first, as Fourier transforms like it. Only for even lengths.
    dtype : DType
        A float type.
    name : str, optional

    Returns
    -------
    Tensor [window_length]
    """
    return _raised_cosine(name, "hann_window", window_length, periodic, dtype, 0.5, 0.5)


def hamming_window(
    window_length: Any, periodic: Any = True, dtype: Any = dtypes.float32, name: str | None = None
) -> Tensor:
    """Return a window that rises from 0.08 to 1 and falls again as the cosine does.

    Parameters
    ----------
    window_length : int32 Tensor []
    periodic : bool Tensor []
        Let the next number after the window be as the first, as Fourier transforms like it. Only for even lengths.
    dtype : DType
        A float type.
    name : str, optional

    Returns
    -------
    Tensor [window_length]
    """
    return _raised_cosine(name, "hamming_window", window_length, periodic, dtype, 0.54, 0.46)


def _raised_cosine(
    name: str | None, default: str, window_length: Any, periodic: Any, dtype: Any, middle: float, height: float
) -> Tensor:
    dtype = dtypes.as_dtype(dtype)
    if not dtype.is_floating:
        raise ValueError(f"dtype must be a floating point type, not {dtype.name}")
    with name_scope(name, default, [window_length, periodic]):
        window_length = convert_to_tensor(window_length, dtype=dtypes.int32, name="window_length")
        window_length.shape.assert_has_rank(0)
        length = constant_value(window_length)
        if length == 1:
            return ones([1], dtype=dtype)
        periodic = cast(convert_to_tensor(periodic, dtype=dtypes.bool, name="periodic"), dtypes.int32)
        periodic.shape.assert_has_rank(0)
        even = 1 - mod(window_length, 2)
        n = cast(window_length + periodic * even - 1, dtype=dtype)
        count = cast(range_(window_length), dtype)
        angle = constant(2 * np.pi, dtype=dtype) * count / n

        def window() -> Tensor:
            return cast(middle - height * cos(angle), dtype=dtype)

        if length is not None:
            return window()
        return cond(equal(window_length, 1), lambda: ones([1], dtype=dtype), window)
