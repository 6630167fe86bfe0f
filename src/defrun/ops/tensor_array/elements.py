"""What can be done with the elements of a TensorArray: reading and writing one, some, or all of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from defrun.base import shapes
from defrun.base.errors import InvalidArgumentError, UnimplementedError
from defrun.graph.check import Outgrown, check, deferring
from defrun.graph.opdef import Dims
from defrun.graph.transient import NoCommonForm, room
from defrun.ops.tensor_array.values import (
    CLEARED,
    READ,
    UNWRITTEN,
    WRITTEN,
    About,
    Buffered,
    Elements,
    Listed,
    row_dims,
    xp_of,
)

_GIVEN_AWAY = "The element {} was given away when it was read; clear_after_read=False keeps it"


def _known(index: Any) -> bool:
    return not isinstance(index, jax.Array)


def require(ok: Any, message: str, *values: Any, error: Any = InvalidArgumentError) -> None:
    """Check a condition; one that is known not to hold fails only if the branch that it stands in runs."""
    if isinstance(ok, (bool, np.bool_)) and not ok and deferring():
        ok = jnp.asarray(False)
    check(ok, error, message, *values)


# -- one element -----------------------------------------------------------------------------------------------------


def length_of(array: Elements) -> Any:
    """Return the number of elements: NumPy where known while tracing."""
    assert array.about is not None
    length = array.length
    return np.int32(length) if isinstance(length, int) else length


def write(array: Elements, index: Any, value: Any) -> Elements:
    """Put `value` at `index`."""
    _same_type(array, value)
    about = array.about.taking(tuple(value.shape))
    if _known(index):
        return _write_known(array, about, int(index), value)
    array = _as_buffer(array, replace(about, dims=shapes.merge(about.dims, tuple(value.shape))))
    if tuple(value.shape) != tuple(array.buffer.shape[1:]):
        raise NoCommonForm("elements of different shapes in a loop on the device")
    if about.grows:
        array = _with_room(array, index)
    elif not about.trusted:
        _in_range(index, array.length, "write to")
    flag = WRITTEN
    flags = array.flags
    if flags is not None:
        at = _at(flags, index)
        require(_writable(about, at), "The element {} is written that has been used already", index)
        flags = _set(flags, index, np.int8(flag), at)
    return Buffered(array.about, _put(array.buffer, index, value, about.adds), flags, array.length)


def _writable(about: About, flag: Any) -> Any:
    return flag <= WRITTEN if about.adds else flag == UNWRITTEN


def _write_known(array: Elements, about: About, index: int, value: Any) -> Elements:
    known_length = isinstance(array.length, int)
    if index < 0 or not about.grows:
        if known_length:
            if not 0 <= index < array.length:
                require(False, "Index {} is written in an array of {} elements that doesn't grow", index, array.length)
                return replace(array, about=about)
    if isinstance(array, Buffered):
        plain = isinstance(array.buffer, np.ndarray) and isinstance(array.flags, (np.ndarray, type(None)))
        fits = tuple(value.shape) == tuple(array.buffer.shape[1:])
        if fits and not (plain and known_length):
            return _write_row(array, about, index, value)
        array = array.listed()
    if index >= array.length:
        more = index + 1 - array.length
        array = Listed(array.about, (*array.rows, *(None,) * more), (*array.flags, *(UNWRITTEN,) * more))
    if not about.trusted and not _writable(about, array.flags[index]):
        text = "written" if array.flags[index] == WRITTEN else "read"
        require(False, "The element {} is written that has been {} already", index, text)
    rows, flags = list(array.rows), list(array.flags)
    rows[index] = rows[index] + value if about.adds and rows[index] is not None else value
    flags[index] = WRITTEN
    return Listed(about, tuple(rows), tuple(flags))


def _write_row(array: Buffered, about: About, index: int, value: Any) -> Buffered:
    capacity = array.buffer.shape[0]
    if index >= capacity:
        array = array.to(replace(array.form, capacity=index + 1))
    length = array.length
    if about.grows:
        length = max(length, index + 1) if isinstance(length, int) else jnp.maximum(length, index + 1)
    flags = array.flags
    if flags is not None:
        require(_writable(about, _at(flags, index)), "The element {} is written that has been used already", index)
        flags = _set(flags, index, np.int8(WRITTEN))
    return Buffered(about, _put(array.buffer, index, value, about.adds), flags, length)


def read(array: Elements, index: Any) -> tuple[Elements, Any]:
    """Return the array after, and what stands at `index`."""
    about = array.about
    if _known(index) and isinstance(array, Listed):
        return _read_listed(array, int(index))
    array = _as_buffer(array, about)
    flags, at = array.flags, None
    if not about.trusted:
        _in_range(index, array.length, "read from")
        if about.clears and flags is not None:
            at = _at(flags, index)
            require(at != CLEARED, _GIVEN_AWAY, index)
    flags = _after_read(about, flags, index, at)
    return Buffered(about, array.buffer, flags, array.length), _row(array.buffer, index)


def _read_listed(array: Listed, index: int) -> tuple[Elements, Any]:
    about = array.about
    if not 0 <= index < array.length:
        require(False, "Index {} is read in an array of {} elements", index, array.length)
        return array, about.zero()
    if array.flags[index] == CLEARED and not about.trusted:
        require(False, _GIVEN_AWAY, index)
        return array, about.zero()
    value = about.zero() if array.rows[index] is None else array.rows[index]
    flags = list(array.flags)
    flags[index] = CLEARED if about.clears else READ
    return Listed(about, array.rows, tuple(flags)), value


def _after_read(about: About, flags: Any, index: Any, at: Any = None) -> Any:
    if flags is None or not flags.shape[0]:
        return flags
    return _set(flags, index, np.int8(CLEARED if about.clears else READ), at)


def _in_range(index: Any, length: Any, what: str) -> None:
    ok = (index >= 0) & (index < length)
    require(bool(ok) if _known(ok) else ok, "Tried to {} index {} of an array of {} elements", what, index, length)


def _same_type(array: Elements, value: Any) -> None:
    if value.dtype != array.about.dtype:
        raise InvalidArgumentError(
            None, None, f"A value of type {value.dtype} is written to an array of {array.about.dtype}"
        )


def _as_buffer(array: Elements, about: About) -> Buffered:
    if isinstance(array, Buffered):
        return array if array.about == about else Buffered(about, array.buffer, array.flags, array.length)
    dims = row_dims(array.form) if array.form.shapes else about.dims
    about = replace(about, dims=shapes.merge(about.dims, dims))
    if not about.known:
        raise InvalidArgumentError(
            None, None, "An element that was never written is read, and the elements' shape is not known."
        )
    return array.buffered(about)


def _with_room(array: Buffered, index: Any) -> Buffered:
    """Return the array grown so that `index` is in it; a program with too little room is made again."""
    capacity = max(array.buffer.shape[0], room())
    array = array.to(replace(array.form, capacity=capacity, length=None))
    require(index >= 0, "Tried to write to index {}", index)
    check(index < capacity, Outgrown, "No room for element {}", index)
    return replace(array, length=jnp.maximum(array.length, index + np.int32(1)))


def _row(buffer: Any, index: Any) -> Any:
    if not buffer.shape[0]:
        return jnp.zeros(buffer.shape[1:], buffer.dtype)
    if _known(index):
        return buffer[min(max(int(index), 0), buffer.shape[0] - 1)]
    return lax.dynamic_index_in_dim(jnp.asarray(buffer), index, 0, keepdims=False)


def _put(buffer: Any, index: Any, value: Any, adds: bool) -> Any:
    buffer = jnp.asarray(buffer)
    if not buffer.shape[0]:
        return buffer
    value = jnp.asarray(value, buffer.dtype)
    if adds:
        value = _row(buffer, index) + value
    return lax.dynamic_update_index_in_dim(buffer, value, index, 0)


def _at(flags: Any, index: Any) -> Any:
    if not flags.shape[0]:
        return np.int8(UNWRITTEN)
    if _known(index):
        return flags[min(max(int(index), 0), flags.shape[0] - 1)]
    kept = jnp.asarray(flags)
    # As a branch, which XLA does not compute again in what follows: looked at twice, the flags would be copied.
    return lax.cond(index >= 0, lambda: lax.dynamic_index_in_dim(kept, index, 0, False), lambda: jnp.int8(UNWRITTEN))


def _set(flags: Any, index: Any, flag: Any, at: Any = None) -> Any:
    if isinstance(flags, np.ndarray) and _known(index):
        flags = flags.copy()
        flags[index] = flag
        return flags
    # Flags only rise. That the new one follows from the old one lets XLA look at it first, and replace it in place.
    at = _at(flags, index) if at is None else at
    return lax.dynamic_update_index_in_dim(jnp.asarray(flags), jnp.maximum(at, flag), index, 0)


# -- many elements ---------------------------------------------------------------------------------------------------


def write_rows(array: Elements, indices: Any, value: Any) -> Elements:
    """Put the rows of `value` at `indices`."""
    _same_type(array, value)
    if value.ndim == 0 or value.shape[0] != indices.shape[0]:
        raise InvalidArgumentError(
            None, None, f"{indices.shape[0]} indices for a value of shape {list(value.shape)}"
        )
    about = array.about.taking(tuple(value.shape[1:]))
    n = indices.shape[0]
    if not _known(indices):
        return _scatter_traced(array, about, indices, value)
    length = array.length
    outside = n and (indices.min() < 0 or (not about.grows and isinstance(length, int) and indices.max() >= length))
    if outside:
        require(False, "Indices up to {} are written in an array of {} elements", int(indices.max()), length)
        return replace(array, about=about)
    whole = np.array_equal(indices, np.arange(n))
    if whole and array.fresh and isinstance(length, int) and (n == length or (about.grows and n > length)):
        about = replace(about, dims=shapes.merge(about.dims, tuple(value.shape[1:])))
        return Buffered(about, value, None if about.trusted else np.full(n, WRITTEN, np.int8), n)
    if (isinstance(array, Buffered) and not isinstance(array.buffer, np.ndarray)) or (n > 16 and about.alike):
        return _scatter_traced(array, about, indices, value)
    for i, index in enumerate(indices.tolist()):
        array = write(array, np.int32(index), value[i])
    return array if n else replace(array, about=about)


def _scatter_traced(array: Elements, about: About, indices: Any, value: Any) -> Buffered:
    array = _as_buffer(array, replace(about, dims=tuple(value.shape[1:])))
    if about.grows:
        array = _with_room_for(array, indices)
    elif not about.trusted and indices.shape[0]:
        _in_range(xp_of(indices).min(indices), array.length, "write to")
        _in_range(xp_of(indices).max(indices), array.length, "write to")
    buffer, flags = jnp.asarray(array.buffer), array.flags
    if flags is not None:
        counts = jnp.zeros(flags.shape, np.int32).at[indices].add(1)
        fine = _writable(about, flags) & ((counts <= 1) | about.adds) | (counts == 0)
        require(fine.all(), "An element is written that has been used already")
        flags = jnp.asarray(flags).at[indices].set(np.int8(WRITTEN))
    rows = jnp.asarray(value)
    buffer = buffer.at[indices].add(rows) if about.adds else buffer.at[indices].set(rows)
    return Buffered(array.about, buffer, flags, array.length)


def _with_room_for(array: Buffered, indices: Any) -> Buffered:
    if not indices.shape[0]:
        return array
    if _known(indices):
        last = int(indices.max())
        capacity = max(array.buffer.shape[0], last + 1)
        array = array.to(replace(array.form, capacity=capacity))
        length = array.length
        longer = max(length, last + 1) if isinstance(length, int) else jnp.maximum(length, last + 1)
        return replace(array, length=longer)
    return _with_room(array, indices.max())


def read_rows(array: Elements, indices: Any, dims: Dims) -> tuple[Elements, Any]:
    """Return the array after, and the elements at `indices` as rows; `dims` says their shape if nothing else does."""
    about = array.about
    if not about.known and dims is not None:
        try:
            about = replace(about, dims=shapes.merge(about.dims, dims))
        except ValueError as error:
            text = f"The elements are not of the shape that is asked: {error}"
            raise InvalidArgumentError(None, None, text) from None
        array = replace(array, about=about)
    n = indices.shape[0]
    if not n:
        if not about.known:
            raise UnimplementedError(None, None, "No elements to stack, and the elements' shape is not known.")
        return array, np.zeros((0, *about.dims), about.dtype)  # type: ignore[misc]
    if isinstance(array, Listed) and _known(indices):
        return _gather_listed(array, indices.tolist())
    array = _as_buffer(array, about)
    flags = array.flags
    if not about.trusted:
        xp = xp_of(indices)
        _in_range(xp.min(indices), array.length, "read from")
        _in_range(xp.max(indices), array.length, "read from")
        if about.clears and flags is not None:
            _none_cleared(flags, indices)
    if flags is not None:
        flag = np.int8(CLEARED if about.clears else READ)
        flags = _set_many(flags, indices, flag)
    return Buffered(array.about, array.buffer, flags, array.length), _rows(array.buffer, indices)


def _none_cleared(flags: Any, indices: Any) -> None:
    text = "An element was given away when it was read; clear_after_read=False keeps them"
    if _known(indices) and len(set(indices.tolist())) < len(indices):
        require(False, text)
    if _known(indices) and np.array_equal(indices, np.arange(flags.shape[0])):
        found = flags
    else:
        found = xp_of(flags, indices).take(flags, indices, mode="clip")
    ok = (found != CLEARED).all()
    require(bool(ok) if _known(ok) else ok, text)


def _set_many(flags: Any, indices: Any, flag: Any) -> Any:
    if isinstance(flags, np.ndarray) and _known(indices):
        flags = flags.copy()
        flags[indices[(indices >= 0) & (indices < len(flags))]] = flag
        return flags
    return jnp.asarray(flags).at[indices].set(flag)


def _rows(buffer: Any, indices: Any) -> Any:
    """Return rows of the buffer: all of it, a part of it, or picked ones."""
    if _known(indices):
        first, n = int(indices[0]), len(indices)
        if first >= 0 and np.array_equal(indices, np.arange(first, first + n)):
            return buffer if n == buffer.shape[0] else buffer[first : first + n]
    return xp_of(buffer, indices).take(buffer, indices, axis=0, mode="clip")


def _gather_listed(array: Listed, indices: list[int]) -> tuple[Elements, Any]:
    found = []
    after: Elements = array
    for index in indices:
        after, value = read(after, np.int32(index))
        found.append(value)
    shapes_found = {tuple(value.shape) for value in found}
    if len(shapes_found) > 1:
        raise InvalidArgumentError(None, None, f"Elements of different shapes can't be stacked: {shapes_found}")
    xp = xp_of(*found)
    return after, xp.stack([xp.asarray(value) for value in found])


def read_joined(array: Elements, rest: Dims) -> tuple[Elements, Any, Any]:
    """Return the array after, the elements behind each other, and the size of each in the first axis."""
    n = array.length
    if not isinstance(n, (int, np.ndarray)):
        raise NoCommonForm("elements of a number known only while running are put behind each other")
    n = int(n)
    about = array.about
    if n == 0:
        dims = rest if about.dims is None else about.dims[1:]
        if dims is None or None in dims:
            raise UnimplementedError(None, None, "No elements to concatenate, and the elements' shape is not known.")
        return array, np.zeros((0, *dims), about.dtype), np.zeros(0, np.int64)
    if isinstance(array, Buffered) and array.buffer.ndim > 1:
        after, rows = read_rows(array, np.arange(n), None)
        lengths = np.full(n, rows.shape[1], np.int64)
        return after, rows.reshape(n * rows.shape[1], *rows.shape[2:]), lengths
    found = []
    after = array
    for index in range(n):
        after, value = read(after, np.int32(index))
        if value.ndim == 0:
            raise InvalidArgumentError(None, None, f"Element {index} is a scalar, which can't be concatenated")
        found.append(value)
    if len({value.shape[1:] for value in found}) > 1:
        shapes_found = [list(value.shape) for value in found]
        raise InvalidArgumentError(None, None, f"Elements of shapes {shapes_found} can't be concatenated")
    xp = xp_of(*found)
    return after, xp.concatenate(found), np.asarray([value.shape[0] for value in found], np.int64)


def write_parts(array: Elements, value: Any, lengths: Any) -> Elements:
    """Put parts of `value`, of these lengths, into the elements."""
    _same_type(array, value)
    if not _known(lengths):
        raise NoCommonForm("parts of a length known only while running")
    if value.ndim == 0:
        raise InvalidArgumentError(None, None, "A scalar can't be split")
    sizes = [int(size) for size in lengths]
    if sum(sizes) != value.shape[0]:
        raise InvalidArgumentError(
            None, None, f"Parts of lengths {sizes} of a value of shape {list(value.shape)}: the sum differs"
        )
    if isinstance(array.length, int) and array.length != len(sizes) and not array.about.grows:
        raise InvalidArgumentError(
            None, None, f"{len(sizes)} parts for an array of {array.length} elements that doesn't grow"
        )
    if len(set(sizes)) == 1 and array.about.alike:
        return write_rows(array, np.arange(len(sizes)), value.reshape(len(sizes), sizes[0], *value.shape[1:]))
    start = 0
    for index, size in enumerate(sizes):
        array = write(array, np.int32(index), value[start : start + size])
        start += size
    return array
