"""Serialized `Example` s read into columns: for each wanted feature all its values, one example after the other.

`many` reads a batch at once: it takes apart the same piece of all messages in one NumPy operation, level by level, and
gives up where a message isn't laid out as every writer lays it out. `few` reads any message, one by one, with protobuf.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from google.protobuf.message import DecodeError

from defrun.base import dtypes
from defrun.base.dtypes import DType
from defrun.base.errors import InvalidArgumentError
from defrun.base.messages import Example

Array = np.ndarray[Any, Any]

_FEW = 40  # up to so many messages protobuf is faster
_MISSING = -1

# The field of a Feature for each type, and its tag on the wire.
KINDS = {dtypes.string: "bytes_list", dtypes.float32: "float_list", dtypes.int64: "int64_list"}
_TAGS = {dtypes.string: 0x0A, dtypes.float32: 0x12, dtypes.int64: 0x1A}
_NAMES = {"bytes_list": "string", "float_list": "float", "int64_list": "int64"}


class Column(NamedTuple):
    """The values of a feature.

    Parameters
    ----------
    counts : int64 array [examples]
        How many each example has; -1: the feature is not there.
    values : array [sum of counts]
    """

    counts: Array
    values: Array


Wanted = Sequence[tuple[str, DType]]  # key and type


def columns(serialized: Sequence[bytes], wanted: Wanted, names: Sequence[Any] = ()) -> list[Column]:
    """Read features of examples.

    Parameters
    ----------
    serialized : list of bytes
    wanted : list of (str, DType)
        Keys and types: string, float32 or int64.
    names : list of bytes
        What errors call the examples; else their number.

    Raises
    ------
    InvalidArgumentError
        If a text is no Example, or a feature is of another type.
    """
    if len(serialized) > _FEW:
        try:
            return many(serialized, wanted)
        except _Unusual:
            pass
    features = (parsed(text, Example, number, names).features.feature for number, text in enumerate(serialized))
    return few(features, wanted, names)


def called(number: int, names: Sequence[Any]) -> str:
    """Return how errors call an example."""
    return f"Name: {names[number].decode(errors='replace') if len(names) else '<unknown>'}, example {number}"


# -- one by one ------------------------------------------------------------------------------------------------------


def few(features: Iterable[Any], wanted: Wanted, names: Sequence[Any] = ()) -> list[Column]:
    """Read the features of examples, each a map, one by one; see `columns`."""
    found: list[tuple[list[int], list[Any]]] = [([], []) for _ in wanted]
    for number, known in enumerate(features):
        for (key, kind), (counts, values) in zip(wanted, found, strict=True):
            taken = values_of(known[key], key, kind, number, names) if key in known else None
            counts.append(_MISSING if taken is None else len(taken))
            if taken:
                values.extend(taken)
    return [Column(np.array(c, np.int64), array_of(v, kind)) for (c, v), (_, kind) in zip(found, wanted, strict=True)]


class ListColumn(NamedTuple):
    """The values of a list of features.

    Parameters
    ----------
    steps : int64 array [examples]
        How many features each example's list has; -1: the list is not there.
    column : Column
        Of all features, one after the other.
    """

    steps: Array
    column: Column


def lists(feature_lists: Sequence[Any], wanted: Wanted, names: Sequence[Any] = ()) -> list[ListColumn]:
    """Read lists of features, given for each example as a map; see `columns`."""
    made = []
    for key, kind in wanted:
        steps: list[int] = []
        counts: list[int] = []
        values: list[Any] = []
        for number, known in enumerate(feature_lists):
            features = known[key].feature if key in known else None
            steps.append(_MISSING if features is None else len(features))
            for feature in features or ():
                taken = values_of(feature, key, kind, number, names)
                counts.append(_MISSING if taken is None else len(taken))
                if taken:
                    values.extend(taken)
        column = Column(np.array(counts, np.int64), array_of(values, kind))
        made.append(ListColumn(np.array(steps, np.int64), column))
    return made


def parsed(text: bytes, message: Any, number: int, names: Sequence[Any]) -> Any:
    """Return a message read from its bytes."""
    try:
        return message.FromString(text)
    except DecodeError:
        kind = message.DESCRIPTOR.name
        said = f"{called(number, names)}: could not parse these {len(text)} bytes as a {kind}"
        raise InvalidArgumentError(None, None, said) from None


def values_of(feature: Any, key: str, kind: DType, number: int, names: Sequence[Any]) -> Any:
    """Return the values of a Feature; None if it has no kind."""
    field = feature.WhichOneof("kind")
    if field is None:
        return None
    if field != KINDS[kind]:
        text = f"{called(number, names)}, Key: {key}. Data types don't match: it is {_NAMES[field]}, not {kind.name}"
        raise InvalidArgumentError(None, None, text)
    return getattr(feature, field).value


def array_of(values: list[Any], kind: DType) -> Array:
    """Return values as a vector."""
    if kind != dtypes.string:
        return np.array(values, kind.as_numpy_dtype)
    out: Array = np.empty(len(values), object)
    out[:] = values
    return out


# -- all at once -----------------------------------------------------------------------------------------------------


class _Unusual(Exception):
    """A message is damaged, or merely laid out in a way that few writers choose."""


class _Text:
    """The bytes of all messages in a row."""

    def __init__(self, texts: Sequence[bytes]) -> None:
        self.lengths = np.fromiter(map(len, texts), np.int64, len(texts))
        self.blob = b"".join((*texts, bytes(8)))
        self.bytes = np.frombuffer(self.blob, np.uint8)
        self._words: Array = np.ndarray(len(self.blob) - 7, "<u8", self.blob, strides=(1,))

    def words(self, at: Array) -> Array:
        """Return the eight bytes at each of many places as a number, the first one lowest."""
        return self._words[at]

    def fields(self, at: Array, end: Array, tag: int) -> tuple[Array, Array]:
        """Return (start, end) of the contents of the field that stands at each place, and ends at `end` or before."""
        words = self.words(at)
        head = words & np.uint64(0x80FF)
        if (head == tag).all():  # lengths of one byte
            start = at + 2
            stop = start + (words >> np.uint64(8)).astype(np.uint8)
        elif ((head & np.uint64(0xFF)) == tag).all():
            numbers, sizes = varints(words >> np.uint64(8) | _NINTH)
            start = at + 1 + sizes
            stop = start + np.minimum(numbers, len(self.blob)).astype(np.int64)
        else:
            raise _Unusual
        if (stop > end).any():
            raise _Unusual
        return start, stop

    def pieces(self, start: Array, stop: Array) -> list[bytes]:
        """Return what stands at many places."""
        blob = self.blob
        return [blob[a:b] for a, b in zip(start.tolist(), stop.tolist())]

    def joined(self, start: Array, stop: Array) -> bytes:
        """Return what stands at many places, in one row."""
        sizes = stop - start
        total = int(sizes.sum())
        if total > _SHORT * len(sizes):
            return b"".join(self.pieces(start, stop))
        shift = start - np.cumsum(sizes) + sizes
        return self.bytes[np.arange(total) + np.repeat(shift, sizes)].tobytes()


_SHORT = 48  # bytes; longer pieces are better joined than gathered one byte at a time
_ENDS = np.uint64(0x8080808080808080)
_NINTH = np.uint64(0xFF << 56)
_ONE = np.uint64(1)
_STEPS = [
    (np.uint64(0x007F007F007F007F), np.uint64(0x7F007F007F007F00), np.uint64(1)),
    (np.uint64(0x00003FFF00003FFF), np.uint64(0x3FFF00003FFF0000), np.uint64(2)),
    (np.uint64(0x000000000FFFFFFF), np.uint64(0x0FFFFFFF00000000), np.uint64(4)),
]


def varints(words: Array) -> tuple[Array, Array]:
    """Return the varints that begin words of eight bytes, and their sizes; of a longer one the first 56 bits, and 8."""
    ends = ~words & _ENDS
    below = (ends & (~ends + _ONE)) - _ONE  # the bits before the one that ends the number; all, if none does
    numbers = words & below & ~_ENDS
    for low, high, by in _STEPS:
        numbers = (numbers & low) | ((numbers & high) >> by)
    return numbers, np.minimum((np.bitwise_count(below).astype(np.int64) + 7) >> 3, 8)


def many(serialized: Sequence[bytes], wanted: Wanted) -> list[Column]:
    """Read a batch of examples at once; see `columns`."""
    text = _Text(serialized)
    stop = np.cumsum(text.lengths)
    rows = np.flatnonzero(text.lengths)
    end = stop[rows]
    start, inner = text.fields(end - text.lengths[rows], end, 0x0A)
    if (inner != end).any():
        raise _Unusual
    entries = _entries(text, rows, start, inner)
    return [_column(text, len(serialized), kind, *entries.of(text, key.encode())) for key, kind in wanted]


class _Entries(NamedTuple):
    """The features of all examples: of which example, where in the text, what their keys are."""

    owner: Array
    stop: Array
    key: Array
    key_size: Array
    key_word: Array  # the first eight bytes, zeros behind a shorter one

    def of(self, text: _Text, name: bytes) -> tuple[Array, Array, Array]:
        """Return examples and (start, end) of values where the key is `name`."""
        here = np.flatnonzero(self.key_word == int.from_bytes(name[:8], "little"))
        here = here[self.key_size[here] == len(name)]
        if len(name) > 8:
            letters = text.bytes[self.key[here][:, None] + np.arange(len(name))]
            here = here[(letters == np.frombuffer(name, np.uint8)).all(axis=1)]
        stop = self.stop[here]
        value, value_end = text.fields(self.key[here] + len(name), stop, 0x12)
        if (value_end != stop).any():
            raise _Unusual
        return self.owner[here], value, value_end


def _entries(text: _Text, rows: Array, at: Array, end: Array) -> _Entries:
    """Take the features of examples apart, the first ones of all, then the second ones, and so on."""
    found = [(rows[:0], at[:0], at[:0])]
    while rows.size:
        more = at < end
        if not more.all():
            rows, at, end = rows[more], at[more], end[more]
            continue
        start, at = text.fields(at, end, 0x0A)
        found.append((rows, start, at))
    owner, start, stop = (np.concatenate([one[i] for one in found]) for i in range(3))
    key, key_end = text.fields(start, stop, 0x0A)
    if (key_end == stop).any():
        raise _Unusual  # no value
    sizes = key_end - key
    kept = _LOW[np.minimum(sizes, 8)]
    return _Entries(owner, stop, key, sizes, text.words(key) & kept)


_LOW = np.array([(1 << 8 * n) - 1 for n in range(9)], np.uint64)  # masks of the first n bytes


def _column(text: _Text, count: int, kind: DType, owner: Array, at: Array, end: Array) -> Column:
    """Read the values of the features at these places."""
    full = at < end
    if not full.all():
        owner, at, end = owner[full], at[full], end[full]
    counts = np.full(count, _MISSING, np.int64)
    if not owner.size:
        return Column(counts, np.empty(0, kind.as_numpy_dtype))
    if owner.size > 1 and not (owner[1:] > owner[:-1]).all():
        order = np.argsort(owner, kind="stable")
        owner, at, end = owner[order], at[order], end[order]
        if (owner[1:] == owner[:-1]).any():
            raise _Unusual  # the same key twice
    start, stop = text.fields(at, end, _TAGS[kind])
    if (stop != end).any():
        raise _Unusual
    read = _strings if kind == dtypes.string else _numbers
    held, values = read(text, kind, start, stop)
    counts[owner] = held
    return Column(counts, values)


def _numbers(text: _Text, kind: DType, start: Array, stop: Array) -> tuple[Array, Array]:
    """Return how many numbers there are in each list, and all of them."""
    held = np.zeros(len(start), np.int64)
    full = np.flatnonzero(start < stop)
    begin, end = text.fields(start[full], stop[full], 0x0A)
    if (end != stop[full]).any():
        raise _Unusual
    sizes = end - begin
    if kind == dtypes.float32:
        if (sizes & 3).any():
            raise _Unusual
        held[full] = sizes >> 2
        if (sizes == 4).all():
            return held, text.words(begin).astype(np.uint32).view(np.float32)
        return held, np.frombuffer(text.joined(begin, end), "<f4").astype(np.float32)
    numbers, used = varints(text.words(begin))
    if (used == sizes).all() and (sizes < 8).all():
        held[full] = sizes > 0
        return held, numbers.view(np.int64)
    data = text.joined(begin, end)
    last, values = packed_integers(data)
    where = np.cumsum(sizes)
    if (np.frombuffer(data, np.uint8)[where[sizes > 0] - 1] > 0x7F).any():
        raise _Unusual
    held[full] = np.diff(np.searchsorted(last, where), prepend=0)
    return held, values


def packed_integers(data: bytes) -> tuple[Array, Array]:
    """Return where each varint of a row of them ends, and all of them as int64."""
    octets = np.frombuffer(data, np.uint8)
    last = np.flatnonzero(octets < 0x80)
    if last.size == octets.size:
        return last, octets.astype(np.int64)
    if not last.size or last[-1] != octets.size - 1:
        raise _Unusual
    start = np.concatenate([[0], last[:-1] + 1])
    sizes = last - start + 1
    if sizes.max() > 10:
        raise _Unusual
    padded = data + bytes(8)
    words: Array = np.ndarray(len(padded) - 7, "<u8", padded, strides=(1,))
    numbers, _ = varints(words[start])
    for more, shift in ((8, 56), (9, 63)):
        long = np.flatnonzero(sizes > more)
        if long.size:
            high = octets[start[long] + more].astype(np.uint64) & np.uint64(0x7F)
            numbers[long] |= high << np.uint64(shift)
    return last, numbers.view(np.int64)


def _strings(text: _Text, kind: DType, start: Array, stop: Array) -> tuple[Array, Array]:
    """Return how many strings there are in each list, and all of them."""
    held = np.zeros(len(start), np.int64)
    found = []
    here = np.flatnonzero(start < stop)
    at, end = start[here], stop[here]
    while here.size:
        begin, at = text.fields(at, end, 0x0A)
        held[here] += 1
        found.append((here, begin, at))
        if len(found) > _LONGEST:
            raise _Unusual
        more = at < end
        if not more.all():
            here, at, end = here[more], at[more], end[more]
    if len(found) > 1:
        owner, begin, finish = (np.concatenate([one[i] for one in found]) for i in range(3))
        order = np.argsort(owner, kind="stable")
        begin, finish = begin[order], finish[order]
    elif found:
        _, begin, finish = found[0]
    else:
        return held, np.empty(0, object)
    return held, array_of(text.pieces(begin, finish), kind)


_LONGEST = 200  # a list with more strings is read one by one
