"""Counting values by bins of one width."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np

from defrun.base import dtypes
from defrun.base.dtypes import DType
from defrun.base.errors import InvalidArgumentError
from defrun.graph.check import check
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.array import reshape, shape
from defrun.ops.axes import known
from defrun.ops.cast import cast
from defrun.ops.declare import op
from defrun.ops.limits import clip_by_value, floor
from defrun.ops.math import truediv
from defrun.ops.types import INDEX

_COUNTED = frozenset((dtypes.int32, dtypes.int64, dtypes.float32, dtypes.float64))


@op("HistogramFixedWidth", "values: T, value_range: T[2], nbins: static int32[] -> out: dtype[n]", T=_COUNTED,
    dtype=INDEX, differentiable=False)  # fmt: skip
def _histogram_fixed_width(values, value_range, nbins, dtype: DType = dtypes.int32):
    """How many of the values are in each bin."""
    bins = int(nbins)
    check(bins > 0, InvalidArgumentError, f"nbins must be positive, not {bins}")
    low, high = value_range[0], value_range[1]
    check(low < high, InvalidArgumentError,
          "value_range should satisfy value_range[0] < value_range[1], but got [{}, {}]", low, high)  # fmt: skip
    if jnp.issubdtype(values.dtype, jnp.floating):
        check(~jnp.isnan(values).any(), InvalidArgumentError, "NaN among the values is in no bin")
    width = (high.astype(np.float64) - low.astype(np.float64)) / bins
    above = (jnp.clip(values, low, high) - low).astype(np.float64)
    places = jnp.minimum((above / width).astype(np.int32), bins - 1)
    return jnp.zeros(bins, dtype.as_numpy_dtype).at[places.ravel()].add(1)


@_histogram_fixed_width.shape
def _(nbins):
    count = known(nbins)
    if count is not None and count <= 0:
        raise ValueError(f"nbins must be positive, not {count}")
    return (count,)


def histogram_fixed_width(
    values: Any, value_range: Any, nbins: Any = 100, dtype: Any = dtypes.int32, name: str | None = None
) -> Tensor:
    """Count values by bins of one width.

    Parameters
    ----------
    values : number Tensor
    value_range : Tensor [2]
        Where the first bin begins and the last one ends. What lies outside counts in those.
    nbins : int32 Tensor []
    dtype : DType
        int32 or int64.
    name : str, optional

    Returns
    -------
    Tensor [nbins]

    Raises
    ------
    InvalidArgumentError
        If the range is empty, or there is NaN among the values.
    """
    with name_scope(name, "histogram_fixed_width", [values, value_range, nbins]) as scope:
        return _histogram_fixed_width(values, value_range, nbins, dtype=dtype, name=scope)


def histogram_fixed_width_bins(
    values: Any, value_range: Any, nbins: Any = 100, dtype: Any = dtypes.int32, name: str | None = None
) -> Tensor:
    """Return which bin of `histogram_fixed_width` each value is in.

    Parameters
    ----------
    values : float Tensor
    value_range : Tensor [2]
    nbins : int32 Tensor []
    dtype : DType
        Not used: the result is int32, as in TensorFlow.
    name : str, optional

    Returns
    -------
    int32 Tensor
        Of the shape of `values`.
    """
    with name_scope(name, "histogram_fixed_width_bins", [values, value_range, nbins]):
        values = convert_to_tensor(values, name="values")
        dims = shape(values)
        values = reshape(values, [-1])
        value_range = convert_to_tensor(value_range, name="value_range")
        nbins = convert_to_tensor(nbins, dtype=dtypes.int32, name="nbins")
        count = cast(nbins, values.dtype)
        scaled = truediv(values - value_range[0], value_range[1] - value_range[0], name="scaled_values")
        places = floor(count * scaled, name="indices")
        return reshape(cast(clip_by_value(places, 0, count - 1), dtypes.int32), dims)
