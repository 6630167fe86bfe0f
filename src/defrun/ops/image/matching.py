"""Pairs of rows and columns by distance, and connected components. On the host."""

from __future__ import annotations

from typing import Any

import numpy as np

from defrun.base.errors import InvalidArgumentError
from defrun.graph.check import check
from defrun.ops.declare import op
from defrun.ops.types import BOOL, REAL, STRING


@op("BipartiteMatch", "distance_mat: float32, num_valid_rows: float32 -> row_to_col_match_indices: int32, "
    "col_to_row_match_indices: int32", stateful=True, host=True, differentiable=False)  # fmt: skip
def match_rows(distance_mat, num_valid_rows, top_k: int = -1):
    """Pair rows with columns, the nearest first, each at most once; see `bipartite_match`."""
    check(distance_mat.ndim == 2, InvalidArgumentError, "distance_mat must be of rank 2, got {}", distance_mat.shape)
    check(num_valid_rows.size == 1, InvalidArgumentError, "num_valid_rows must be one number, got {}", num_valid_rows)
    rows, columns = distance_mat.shape
    valid = int(num_valid_rows.ravel()[0])
    valid = rows if valid < 0 else min(valid, rows)
    column_of, row_of = np.full(rows, -1, np.int32), np.full(columns, -1, np.int32)
    left = columns if top_k <= 0 else top_k
    for place in np.argsort(distance_mat[:valid], axis=None, kind="stable").tolist():
        row, column = divmod(place, columns)
        if left > 0 and column_of[row] < 0 and row_of[column] < 0:
            column_of[row], row_of[column] = column, row
            left -= 1
    return column_of, row_of


@match_rows.shape
def _(distance_mat):
    if distance_mat is None:
        return [(None,), (None,)]
    if len(distance_mat) != 2:
        raise ValueError(f"distance_mat must be of rank 2, not {len(distance_mat)}")
    return [distance_mat[:1], distance_mat[1:]]


@op("ImageConnectedComponents", "image: dtype -> components: int64", dtype=REAL | BOOL | STRING, host=True,
    differentiable=False)  # fmt: skip
def label_components(image):
    """Give pixels that touch and are alike one number, those that are 0 (or empty) 0; see `connected_components`."""
    check(image.ndim == 3, InvalidArgumentError, "image must be of rank 3, got {}", image.shape)
    empty = b"" if image.dtype == object else image.dtype.type(0)
    number = np.arange(image.size, dtype=np.int64).reshape(image.shape)
    some = np.asarray(image != empty, bool)
    pairs = []
    for before, behind in ((np.s_[:, :-1], np.s_[:, 1:]), (np.s_[:, :, :-1], np.s_[:, :, 1:])):
        alike = some[before] & np.asarray(image[before] == image[behind], bool)
        pairs.append((number[before][alike], number[behind][alike]))
    one, other = (np.concatenate(ends) for ends in zip(*pairs))
    return np.where(some, _smallest_reached(one, other, image.size).reshape(image.shape) + 1, 0)


def _smallest_reached(one: Any, other: Any, count: int) -> Any:
    """For each of `count` things, the smallest that it is tied to by pairs, through others if need be."""
    root = np.arange(count)
    while True:
        a, b = root[one], root[other]
        if (a == b).all():
            return root
        np.minimum.at(root, np.maximum(a, b), np.minimum(a, b))
        while ((further := root[root]) != root).any():
            root = further


@label_components.shape
def _(image):
    return image
