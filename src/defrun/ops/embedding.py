"""Looking up rows of a table that may be spread over several parts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from defrun.base import dtypes, logging
from defrun.base.shapes import unknown_shape
from defrun.graph.composite import IndexedSlices, SparseTensor
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import colocate_with, name_scope
from defrun.ops.arrange import tile
from defrun.ops.array import expand_dims, identity, rank, reshape, shape, size
from defrun.ops.cast import cast
from defrun.ops.compare import greater, greater_equal, logical_and
from defrun.ops.constant import constant
from defrun.ops.creation import fill, ones_like, range_, zeros_like
from defrun.ops.elementary import pow as power
from defrun.ops.elementary import sqrt
from defrun.ops.gather import gather
from defrun.ops.join import concat, stack
from defrun.ops.limits import maximum
from defrun.ops.math import div
from defrun.ops.norms import clip_by_norm
from defrun.ops.reduce import reduce_prod, reduce_sum
from defrun.ops.segment import segment_sum
from defrun.ops.select import dynamic_partition, parallel_dynamic_stitch, unique, where
from defrun.ops.slicing import slice_
from defrun.ops.sparse.arrange import sparse_reshape, sparse_retain
from defrun.ops.sparse.rows import sparse_fill_empty_rows
from defrun.ops.sparse_segment import sparse_segment_mean, sparse_segment_sqrt_n, sparse_segment_sum

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


# -- several ids for one row of the result ---------------------------------------------------------------------------

_COMBINERS = {"sum": sparse_segment_sum, "mean": sparse_segment_mean, "sqrtn": sparse_segment_sqrt_n}


def embedding_lookup_sparse(
    params: Any,
    sp_ids: Any,
    sp_weights: Any,
    partition_strategy: str = "mod",
    name: str | None = None,
    combiner: str | None = None,
    max_norm: float | None = None,
) -> Tensor:
    """Look up several rows for each row of `sp_ids`, and combine them.

    Parameters
    ----------
    params : Tensor or Variable [rows, ...], or list of them
    sp_ids : int64 SparseTensor [n, m]
        No row may be empty.
    sp_weights : SparseTensor of the same places, or None
        What each looked-up row counts; None counts all alike.
    partition_strategy : {"mod", "div"}
    name : str, optional
    combiner : {"mean", "sqrtn", "sum"}
        The weighted sum, divided by the weights' sum ("mean") or by the root of their squares' sum ("sqrtn").
    max_norm : float, optional
        Rows of a larger Euclidean norm are scaled down to it first.

    Returns
    -------
    Tensor [n, ...]

    Raises
    ------
    TypeError
        If `sp_ids` or `sp_weights` are not sparse.
    ValueError
        If there is no such combiner.
    """
    if combiner is None:
        logging.warn("embedding_lookup_sparse without a combiner takes the mean; say so, or sqrtn, by `combiner`.")
        combiner = "mean"
    if combiner not in _COMBINERS:
        raise ValueError(f"combiner must be one of 'mean', 'sqrtn' or 'sum', not {combiner!r}")
    tables = _parts(params)
    if not isinstance(sp_ids, SparseTensor):
        raise TypeError("sp_ids must be SparseTensor")
    if sp_weights is not None:
        _check_alike(sp_ids, sp_weights)
    with name_scope(name, "embedding_lookup_sparse", [*tables, sp_ids]) as scope:
        segments = sp_ids.indices[:, 0]
        if segments.dtype.base_dtype is not dtypes.int32:
            segments = cast(segments, dtypes.int32)
        ids, places = unique(sp_ids.values)
        found = embedding_lookup(tables, ids, partition_strategy, max_norm=max_norm)
        if found.dtype.base_dtype in (dtypes.float16, dtypes.bfloat16):
            found = cast(found, dtypes.float32)
        if sp_weights is None:
            return _COMBINERS[combiner](found, places, segments, name=scope)
        return _weighted(found, places, sp_weights.values, segments, combiner, scope)


def _check_alike(sp_ids: SparseTensor, sp_weights: Any) -> None:
    if not isinstance(sp_weights, SparseTensor):
        raise TypeError("sp_weights must be either None or SparseTensor")
    for part in ("values", "indices", "dense_shape"):
        getattr(sp_ids, part).shape.assert_is_compatible_with(getattr(sp_weights, part).shape)


def _weighted(found: Tensor, places: Tensor, weights: Tensor, segments: Tensor, combiner: str, scope: str) -> Tensor:
    if weights.dtype.base_dtype is not found.dtype.base_dtype:
        weights = cast(weights, found.dtype)
    rows = gather(found, places)
    ones = fill(expand_dims(rank(rows) - 1, 0), 1)
    column = reshape(weights, concat([shape(weights), ones], 0))
    if rows.shape.ndims is not None:
        column.set_shape(weights.shape.concatenate([1] * (rows.shape.ndims - 1)))
    rows *= column
    if combiner == "sum":
        return segment_sum(rows, segments, name=scope)
    total = segment_sum(rows, segments)
    if combiner == "mean":
        return div(total, segment_sum(column, segments), name=scope)
    return div(total, sqrt(segment_sum(power(column, 2), segments)), name=scope)


# -- where rows of ids may be empty ----------------------------------------------------------------------------------


def safe_embedding_lookup_sparse(
    embedding_weights: Any,
    sparse_ids: SparseTensor,
    sparse_weights: SparseTensor | None = None,
    combiner: str | None = "mean",
    default_id: int | None = None,
    name: str | None = None,
    partition_strategy: str = "div",
    max_norm: float | None = None,
) -> Tensor:
    """Look up several rows for each row of `sparse_ids`, and combine them; a row without ids gives zeros.

    Parameters
    ----------
    embedding_weights : Tensor or Variable [rows, n], or list of them
    sparse_ids : int64 SparseTensor [..., m]
        Negative ids are left out.
    sparse_weights : SparseTensor of the same places, optional
        What each looked-up row counts. Those that are not positive are left out, unless the `combiner` is "sum".
    combiner : {"mean", "sqrtn", "sum"}
    default_id : int, optional
        What to look up for a row without ids.
    name : str, optional
    partition_strategy : {"div", "mod"}
    max_norm : float, optional
        Rows of a larger Euclidean norm are scaled down to it first.

    Returns
    -------
    Tensor [..., n]

    Raises
    ------
    ValueError
        If there are no `embedding_weights`, or no such combiner.
    InvalidArgumentError
        When run, if there is no such row.
    """
    tables = _given_tables(embedding_weights, sparse_weights)
    with name_scope(name, "embedding_lookup", [*tables, sparse_ids, sparse_weights]) as scope:
        whole = sparse_ids.dense_shape
        known = whole.shape[0].value
        count = size(whole) if known is None else known
        ids = sparse_reshape(sparse_ids, [reduce_prod(slice_(whole, [0], [count - 1])), gather(whole, count - 1)])
        weights = sparse_weights
        if weights is not None:
            weights = SparseTensor(ids.indices, weights.values, ids.dense_shape)
        ids, weights = _without_negative(ids, weights)
        if combiner != "sum" and weights is not None:
            positive = greater(weights.values, 0)
            ids, weights = sparse_retain(ids, positive), sparse_retain(weights, positive)
        ids, is_empty = sparse_fill_empty_rows(ids, default_id or 0)
        if weights is not None:
            weights, _ = sparse_fill_empty_rows(weights, 1.0)
        result = embedding_lookup_sparse(
            tables, ids, weights, partition_strategy, None if default_id is None else scope, combiner, max_norm
        )
        if default_id is None:
            is_empty = tile(reshape(is_empty, [-1, 1]), stack([1, shape(result)[1]]))
            result = where(is_empty, zeros_like(result), result, name=scope)
        front = slice_(cast(whole, dtypes.int32), [0], [count - 1])
        final = reshape(result, concat([front, slice_(shape(result), [1], [-1])], 0))
        final.set_shape(unknown_shape(None if known is None else known - 1).concatenate(result.shape[1:]))
        return final


def tables_of(tables: Any) -> list[Any]:
    """Return a list of tables; `ValueError` if there are none."""
    if tables is None or (isinstance(tables, (list, tuple)) and not tables):
        raise ValueError(f"Missing embedding_weights {tables}.")
    return _parts(tables)


def _given_tables(tables: Any, weights: SparseTensor | None) -> list[Any]:
    kind = None if weights is None else weights.dtype
    return [
        table if hasattr(table, "sparse_read") and kind in (None, table.dtype) else convert_to_tensor(table, dtype=kind)
        for table in tables_of(tables)
    ]


def _without_negative(ids: SparseTensor, weights: SparseTensor | None) -> tuple[SparseTensor, SparseTensor | None]:
    valid = greater_equal(ids.values, 0)
    if weights is None:
        return sparse_retain(ids, valid), None
    valid = logical_and(valid, ones_like(weights.values, dtype=dtypes.bool))
    return sparse_retain(ids, valid), sparse_retain(weights, valid)
