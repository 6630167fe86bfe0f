"""Sorting along an axis, by way of `top_k`."""

from __future__ import annotations

from typing import Any

import numpy as np

from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.graph.static import constant_value
from defrun.ops.arrange import transpose
from defrun.ops.array import rank, shape
from defrun.ops.constant import constant
from defrun.ops.creation import range_
from defrun.ops.join import concat
from defrun.ops.nn import top_k


def sort(values: Any, axis: Any = -1, direction: str = "ASCENDING", name: str | None = None) -> Tensor:
    """Sort `values` along an axis.

    Parameters
    ----------
    values : Tensor
    axis : int
    direction : {"ASCENDING", "DESCENDING"}
    name : str, optional

    Raises
    ------
    ValueError
        If `axis` is not known, or `direction` is another word.
    """
    with name_scope(name, "sort"):
        return _sorted(values, axis, direction, places=False)


def argsort(
    values: Any, axis: Any = -1, direction: str = "ASCENDING", stable: bool = False, name: str | None = None
) -> Tensor:
    """Return the places of the elements of `values` in their order along an axis.

    Parameters
    ----------
    values : Tensor
    axis : int
    direction : {"ASCENDING", "DESCENDING"}
    stable : bool
        Equal elements stay in their order in any case.
    name : str, optional

    Returns
    -------
    int32 Tensor

    Raises
    ------
    ValueError
        If `axis` is not known, or `direction` is another word.
    """
    with name_scope(name, "argsort"):
        return _sorted(values, axis, direction, places=True)


def _sorted(values: Any, axis: Any, direction: str, places: bool) -> Tensor:
    if direction not in ("ASCENDING", "DESCENDING"):
        raise ValueError(f"{direction} should be one of ASCENDING, DESCENDING")
    axis = convert_to_tensor(axis, name="axis")
    place = constant_value(axis)
    if axis.dims != () or place is None:
        raise ValueError("axis must be a constant scalar")
    values = convert_to_tensor(values, name="values")
    if direction == "DESCENDING":
        return _descending(values, int(place), places)
    found = _descending(-values, int(place), places)
    return found if places else -found


def _descending(values: Tensor, axis: int, places: bool) -> Tensor:
    length = shape(values)[axis]
    axes = rank(values)
    count = None if values.dims is None else len(values.dims)
    order: Any = None
    if axis != -1 and axis + 1 != count:
        if count is not None:
            axis %= count
            order = np.r_[np.arange(axis), [count - 1], np.arange(axis + 1, count - 1), [axis]]
            order = constant(order, name="transposition")
        else:
            at: Any = axis + axes if axis < 0 else axis
            order = concat([range_(at), [axes - 1], range_(at + 1, axes - 1), [at]], axis=0)
        values = transpose(values, order)
    found = top_k(values, length)[int(places)]
    return found if order is None else transpose(found, order)
