"""Looking up rows of a table that may be spread over several parts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from defrun.base import dtypes
from defrun.graph.composite import IndexedSlices
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import colocate_with, name_scope
from defrun.ops.array import identity, rank, reshape, shape, size
from defrun.ops.cast import cast
from defrun.ops.constant import constant
from defrun.ops.creation import range_
from defrun.ops.gather import gather
from defrun.ops.join import concat, stack
from defrun.ops.limits import maximum
from defrun.ops.norms import clip_by_norm
from defrun.ops.reduce import reduce_sum
from defrun.ops.select import dynamic_partition, parallel_dynamic_stitch, where

Transform = Callable[[Tensor], Tensor]


def embedding_lookup(
    params: Any,
    ids: Any,
    partition_strategy: str = "mod",
    name: str | None = None,
    validate_indices: bool = True,
    max_norm: float | None = None,
) -> Tensor:
    """Look up the rows `ids` of a table.

    Parameters
    ----------
    params : Tensor or Variable [rows, ...], or list of them
        The table, or its parts.
    ids : int32 or int64 Tensor
    partition_strategy : {"mod", "div"}
        How rows are spread over several parts: in turn (row i is in part ``i % parts``), or in blocks.
    name : str, optional
    validate_indices
        Not used.
    max_norm : float, optional
        Rows of a larger Euclidean norm are scaled down to it.

    Returns
    -------
    Tensor
        Of shape ``ids.shape + params.shape[1:]``.

    Raises
    ------
    ValueError
        If there are no `params`, or no such strategy.
    InvalidArgumentError
        When run, if there is no such row.
    """
    return _lookup(params, ids, partition_strategy, name, max_norm, None)


def _parts(params: Any) -> list[Any]:
    if params is None:
        raise ValueError("params must be specified")
    if isinstance(params, (list, tuple)) and not params:
        raise ValueError("Need at least one param")
    if hasattr(params, "_variable_list"):  # a variable in parts
        return list(params)
    return list(params) if isinstance(params, list) else [params]


def _lookup(
    params: Any, ids: Any, strategy: str, name: str | None, max_norm: float | None, transform: Transform | None
) -> Tensor:
    tables = _parts(params)
    with name_scope(name, "embedding_lookup", [*tables, ids]) as scope:
        if not any(hasattr(table, "sparse_read") for table in tables):
            tables = [_converted(table, f"params_{i}") for i, table in enumerate(tables)]
        ids = convert_to_tensor(ids, name="ids")
        if len(tables) == 1 and (transform is None or ids.shape.ndims == 1):
            with colocate_with(tables[0]):
                result = _clipped(gather(tables[0], ids, name=scope), ids, max_norm)
                result = result if transform is None else transform(result)
            return identity(result)
        return _stitched(tables, ids, strategy, scope, max_norm, transform)


def _converted(table: Any, name: str) -> Any:
    return table if isinstance(table, IndexedSlices) else convert_to_tensor(table, name=name)


def _clipped(rows: Tensor, ids: Any, max_norm: float | None) -> Tensor:
    if max_norm is None:
        return rows
    ids = convert_to_tensor(ids)
    first, last = ids.shape.ndims, rows.shape.ndims
    if first and last:
        return clip_by_norm(rows, max_norm, axes=list(range(first, last)))
    start = first or rank(ids)
    return clip_by_norm(rows, max_norm, axes=range_(start, last or rank(rows)))


def _stitched(
    tables: list[Any], ids: Tensor, strategy: str, scope: str, max_norm: float | None, transform: Transform | None
) -> Tensor:
    """Sort ids by part, look them up part by part, and put the rows back in order."""
    flat = reshape(ids, [-1])
    places = range_(size(flat))
    part, within = _assignment(tables, flat, strategy)
    part = cast(part, dtypes.int32)
    ids_of = dynamic_partition(within, part, len(tables))
    places_of = dynamic_partition(places, part, len(tables))
    rows = []
    for table, own in zip(tables, ids_of):
        with colocate_with(table):
            found = gather(table, own)
            rows.append(found if transform is None else transform(_clipped(found, own, max_norm)))
    merged = parallel_dynamic_stitch(places_of, rows, name=scope)
    if transform is None:
        row = tables[0].shape[1:]
        for table in tables[1:]:
            row = row.merge_with(table.shape[1:])
    else:
        row = merged.shape[1:]
    merged = reshape(merged, concat([shape(ids), _row_sizes(tables, merged, row, transform)], 0))
    merged.set_shape(ids.shape.concatenate(row))
    return merged if transform is not None else _clipped(merged, ids, max_norm)


def _row_sizes(tables: list[Any], merged: Tensor, row: Any, transform: Transform | None) -> Any:
    if row.is_fully_defined():
        return row
    if transform is not None:
        return shape(merged)[1:]
    with colocate_with(tables[0]):
        sizes = shape(tables[0])
    return sizes[1:]


def _assignment(tables: list[Any], flat: Tensor, strategy: str) -> tuple[Tensor, Tensor]:
    """For each id, the part it is in and the row there."""
    count = len(tables)
    if strategy == "mod":
        return flat % count, flat // count
    if strategy != "div":
        raise ValueError(f"Unrecognized partition strategy: {strategy}")
    # The first parts have a row more than the others, if the rows don't divide evenly.
    total = _row_count(tables, flat)
    each = total // count
    extras = total % count
    part = maximum(flat // (each + 1), (flat - extras) // each)
    return part, where(part < extras, flat % (each + 1), (flat - extras) % each)


def _row_count(tables: list[Any], flat: Tensor) -> Tensor:
    """The number of rows in all parts, of the type of the ids."""
    known: Any = [None if table.shape.ndims is None else table.shape.as_list()[0] for table in tables]
    kind = flat.dtype.base_dtype
    if None not in known and sum(known):
        return constant(sum(known), kind)
    sizes = []
    for table, rows in zip(tables, known):
        if rows is not None:
            sizes.append(rows)
            continue
        with colocate_with(table):
            sizes.append(shape(table)[0])
    return reduce_sum(cast(stack(sizes), kind))
