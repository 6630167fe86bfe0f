"""Tensors of beams: [batch, beams, ...] and [batch * beams, ...], and their rows put in another order."""

from __future__ import annotations

from typing import Any

from defrun.base import dtypes, logging, nest
from defrun.base.shapes import TensorShape
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.graph.static import constant_value
from defrun.ops.arrange import tile, transpose
from defrun.ops.array import expand_dims, reshape
from defrun.ops.array import shape as shape_node
from defrun.ops.asserts import Assert
from defrun.ops.beams import gather_tree
from defrun.ops.cast import cast
from defrun.ops.compare import equal, logical_and, logical_or
from defrun.ops.creation import range_
from defrun.ops.gather import gather, gather_nd
from defrun.ops.join import concat, stack
from defrun.ops.masks import sequence_mask
from defrun.ops.reduce import reduce_max
from defrun.ops.select import where
from defrun.ops.tensor_array.tensor_array import TensorArray


def known_int(value: Any) -> int | None:
    """Return what is known of a scalar."""
    found = constant_value(value) if isinstance(value, Tensor) else value
    return None if found is None else int(found)


def tile_batch(t: Any, multiplier: int, name: str | None = None) -> Any:
    """Repeat each row: [batch, ...] becomes [batch * multiplier, ...], the copies of a row next to each other.

    Parameters
    ----------
    t : Tensor or structure of Tensor
        Of known rank, at least 1.
    multiplier : int
    name : str, optional

    Raises
    ------
    ValueError
        If a rank is not known, or 0.
    """
    flat = nest.flatten(t)
    with name_scope(name, "tile_batch", [*flat, multiplier]):
        return nest.map_structure(lambda each: _tiled(each, multiplier), t)


def _tiled(t: Any, multiplier: int) -> Tensor:
    t = convert_to_tensor(t, name="t")
    sizes = shape_node(t)
    if not t.shape.ndims:
        raise ValueError(f"tile_batch takes tensors of known rank, at least 1, not {t}")
    tiling = [1] * (t.shape.ndims + 1)
    tiling[1] = multiplier
    rows = t.shape.dims[0].value
    tiled = tile(expand_dims(t, 1), tiling)
    tiled = reshape(tiled, concat(([sizes[0] * multiplier], sizes[1:]), 0))
    tiled.set_shape(TensorShape([None if rows is None else rows * multiplier]).concatenate(t.shape[1:]))
    return tiled


def gather_rows(
    indices: Tensor, source: Tensor, batch_size: Any, beams: Any, shape: list[Any], name: str | None = None
) -> Tensor:
    """Return for each example of the batch those of its rows in `source` that `indices` [batch, beams] names."""
    with name_scope(name, "tensor_gather_helper"):
        first = expand_dims(range_(batch_size) * beams, 1)
        places = reshape(indices + first, [-1])
        found = gather(reshape(source, shape), places)
        sizes = shape_node(source)[: 1 + len(shape)]
        known = TensorShape([known_int(batch_size)]).concatenate(source.shape[1 : 1 + len(shape)])
        found = reshape(found, sizes, name="output")
        found.set_shape(known)
        return found


def gather_beams(indices: Tensor, source: Any, batch_size: Any, beams: int, shape: list[Any]) -> Any:
    """`gather_rows` of what has enough axes; TensorArrays and scalars are passed on."""
    if isinstance(source, TensorArray):
        return source
    check_rank(source)
    return gather_rows(indices, source, batch_size, beams, shape) if source.shape.ndims >= len(shape) else source


def check_rank(t: Tensor) -> None:
    """Raise `ValueError` if the rank is not known."""
    if t.shape.ndims is None:
        raise ValueError(f"The rank of {t} must be known")


def in_order_of_beams(t: Tensor, parent_ids: Tensor, lengths: Tensor) -> Tensor:
    """Put the rows of `t` [time, batch, beams, ...] in the order of the beams that were found in the end."""
    sizes = parent_ids.shape.as_list()
    times, rows, beams = (sizes[axis] or shape_node(parent_ids)[axis] for axis in range(3))
    own = tile(expand_dims(expand_dims(range_(beams), 0), 0), [times, rows, 1])
    longest = cast(reduce_max(lengths, axis=1), dtypes.int32)
    found = gather_tree(step_ids=own, parent_ids=parent_ids, max_sequence_lengths=longest, end_token=beams + 1)
    inside = transpose(sequence_mask(lengths, maxlen=times), perm=[2, 0, 1])
    found = where(inside, x=found, y=own)
    time_places = tile(reshape(range_(times), [-1, 1, 1]), [1, rows, beams])
    row_places = tile(reshape(range_(rows), [-1, 1, 1]), [1, times, beams])
    row_places = transpose(row_places, perm=[1, 0, 2])
    places = stack([time_places, row_places, found], -1)
    final = shape_node(t)
    ordered = gather_nd(reshape(t, [times, rows, beams, -1]), places)
    return reshape(ordered, final)


def may_be_beams(shape: TensorShape, batch_size: int | None, beams: int) -> bool:
    """Whether elements of a TensorArray of this shape may be [batch * beams, ...] or [batch, beams, ...]."""
    first = shape.dims[0].value if shape.dims else None
    if batch_size is None or first is None:
        return True
    second = shape.dims[1].value if shape.ndims is not None and shape.ndims >= 2 else None  # type: ignore[index]
    apart = second is not None and (first != batch_size or second != beams)
    if first != batch_size * beams or apart:
        logging.warn(
            "Elements of shape %s can't be brought to [%s, %s, ...], so the array keeps the order of the search; "
            "reorder_tensor_arrays=False says that this is meant.",
            shape,
            batch_size,
            beams,
        )
        return False
    return True


def assert_beams(t: Tensor, batch_size: Any, beams: int) -> Any:
    """Assert that `t` is [time, batch * beams, ...] or [time, batch, beams, ...]."""
    sizes = shape_node(t)
    if t.shape.ndims == 2:
        fits = equal(sizes[1], batch_size * beams)
    else:
        fits = logical_or(
            equal(sizes[1], batch_size * beams),
            logical_and(equal(sizes[1], batch_size), equal(sizes[2], beams)),
        )
    text = (
        f"The elements of {t.name} are neither [batch * beams, ...] nor [batch, beams, ...] and can't be put in the "
        "order of the beams; reorder_tensor_arrays=False leaves them as they are."
    )
    return Assert(fits, [text])
