"""What belongs together in images: pairs, and areas of one value."""

from __future__ import annotations

from typing import Any, NamedTuple

from defrun.base import dtypes
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.array import reshape, shape
from defrun.ops.cast import cast
from defrun.ops.compare import not_equal
from defrun.ops.cumulate import cumsum
from defrun.ops.gather import gather
from defrun.ops.image.matching import label_components, match_rows
from defrun.ops.select import unique


class BipartiteMatch(NamedTuple):
    """The column of each row and the row of each column, -1 where there is none."""

    row_to_col_match_indices: Tensor
    col_to_row_match_indices: Tensor


def bipartite_match(
    distance_mat: Any, num_valid_rows: Any, top_k: int = -1, name: str | None = "bipartite_match"
) -> BipartiteMatch:
    """Pair rows with columns, the nearest first, each at most once.

    Parameters
    ----------
    distance_mat : float32 Tensor [rows, columns]
    num_valid_rows : float32 Tensor []
        Only so many rows from the first count; all, if negative.
    top_k : int
        How many pairs to make; as many as there are, if not positive.
    name : str, optional

    Returns
    -------
    row_to_col_match_indices : int32 Tensor [rows]
    col_to_row_match_indices : int32 Tensor [columns]
        -1 for those without a partner.
    """
    return BipartiteMatch(*match_rows(distance_mat, num_valid_rows, top_k, name=name))


def connected_components(images: Any) -> Tensor:
    """Number the areas of pixels that touch along their edges and are alike.

    Parameters
    ----------
    images : Tensor [height, width] or [batch, height, width]

    Returns
    -------
    int32 Tensor
        Of the same shape: 1, 2, ... as the areas appear, 0 where pixels are 0 (or empty).

    Raises
    ------
    TypeError
        If the rank is another.
    """
    with name_scope("connected_components"):
        given = convert_to_tensor(images)
        if len(given.shape) not in (2, 3):
            raise TypeError(f"images should have rank 2 or 3, got the shape {given.shape}")
        labels = label_components(given if len(given.shape) == 3 else given[None, :, :])
        found, places = unique(reshape(labels, [-1]))
        some = cast(not_equal(found, 0), dtypes.int32)
        numbers = cumsum(some) * some
        result = reshape(gather(numbers, places), shape(labels))
        return result[0, :, :] if len(given.shape) == 2 else result
