"""Axes and their sizes under another order of batch, channels and places."""

from __future__ import annotations

import numpy as np

from defrun.base import dtypes
from defrun.base.errors import InvalidArgumentError
from defrun.graph.check import check
from defrun.ops.declare import op
from defrun.ops.namespace import namespace
from defrun.ops.types import INDEX


def _check_formats(src_format: str, dst_format: str) -> None:
    for name, letters in (("src_format", src_format), ("dst_format", dst_format)):
        check(len(letters) in (4, 5), InvalidArgumentError, f"{name} must be of length 4 or 5: {letters}")
    check(sorted(src_format) == sorted(dst_format) and len(set(src_format)) == len(src_format), InvalidArgumentError,
          f"{src_format} and {dst_format} are no orders of the same axes")  # fmt: skip


@op("DataFormatDimMap", "x: T[...] -> y: T[...]", T=(INDEX, dtypes.int32), folds=True, differentiable=False)
def data_format_dim_map(x, src_format: str = "NHWC", dst_format: str = "NCHW"):
    """Return which axes of `dst_format` the axes `x` of `src_format` are.

    Parameters
    ----------
    x : int32 or int64 Tensor
        Axes; negative ones count from the end.
    src_format, dst_format : str
        A letter for each axis.

    Raises
    ------
    InvalidArgumentError
        If the formats are not of 4 or 5 letters, or there is no such axis.
    """
    _check_formats(src_format, dst_format)
    n = len(src_format)
    check(((x >= -n) & (x < n)).all(), InvalidArgumentError, f"Axes must be in [{-n}, {n})")
    places = np.array([dst_format.index(letter) for letter in src_format], x.dtype)
    return namespace(x).take(places, x % n)


@op("DataFormatVecPermute", "x: T[...] -> y: T[...]", T=(INDEX, dtypes.int32), folds=True, differentiable=False)
def data_format_vec_permute(x, src_format: str = "NHWC", dst_format: str = "NCHW"):
    """Put what `x` says of each axis of `src_format` into the order of `dst_format`.

    Parameters
    ----------
    x : int32 or int64 Tensor [4] or [4, 2]
    src_format, dst_format : str
        A letter for each axis.

    Raises
    ------
    InvalidArgumentError
        If the formats or `x` are not of such a shape.
    """
    _check_formats(src_format, dst_format)
    check(x.shape in ((len(src_format),), (len(src_format), 2)), InvalidArgumentError,
          f"x of shape {list(x.shape)} must be of shape [{len(src_format)}] or [{len(src_format)}, 2]")  # fmt: skip
    return x[np.array([src_format.index(letter) for letter in dst_format])]


@data_format_vec_permute.shape
def _(x):
    if x is not None and len(x) not in (1, 2):
        raise ValueError(f"Shape must be of rank 1 or 2 but is of rank {len(x)}")
    return x
