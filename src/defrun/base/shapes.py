"""Shapes, whole and in part.

Two forms of the same thing:

- `TensorShape` and `Dimension` are what users hold. A dimension may be unknown, and so may the number of dimensions;
  arithmetic and comparisons carry the unknown along.
- Plain *dims* are what shape rules compute with: a tuple of `int | None`, or `None` for a shape of unknown rank.
  `as_dims` and `from_dims` cross over.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from typing import Any

from tensorboard.compat.proto.tensor_shape_pb2 import TensorShapeProto

from .dtypes import DType

Dims = tuple[int | None, ...] | None


# --- plain dims -------------------------------------------------------------------------------------------------------


def merge(a: Dims, b: Dims) -> Dims:
    """What two descriptions of one shape say together. ValueError if they contradict each other."""
    if a is None or a == b:
        return b
    if b is None:
        return a
    if len(a) == len(b):
        merged: list[int | None] = []
        for x, y in zip(a, b):
            if x == y or y is None:
                merged.append(x)
            elif x is None:
                merged.append(y)
            else:
                break
        else:
            return tuple(merged)
    raise ValueError(f"shapes {text(a)} and {text(b)} are not the same")


def compatible(a: Dims, b: Dims) -> bool:
    """Whether one shape could fit both descriptions."""
    if a is None or b is None or a == b:
        return True
    return len(a) == len(b) and False not in [x == y or x is None or y is None for x, y in zip(a, b)]


def broadcast(a: Dims, b: Dims) -> Dims:
    """The shape of an elementwise result of `a` and `b`. ValueError if no such result exists.

    An unknown dimension against a known one above 1 gives the known one, since only 1 or the same fits it.
    """
    if a is None or b is None:
        return None
    if a == b:
        return a
    longer, shorter = (a, b) if len(a) >= len(b) else (b, a)
    head = len(longer) - len(shorter)
    tail: list[int | None] = []
    for x, y in zip(longer[head:], shorter):
        if x == y or y == 1:
            tail.append(x)
        elif x == 1:
            tail.append(y)
        elif x is None or y is None:
            tail.append(x or y or None)  # against 0 the other may be 0 or 1: unknown
        else:
            raise ValueError(f"shapes {text(a)} and {text(b)} do not broadcast")
    return longer[:head] + tuple(tail)


def is_known(dims: Dims) -> bool:
    """Whether the rank and every dimension are known."""
    return dims is not None and None not in dims


def count(dims: Dims) -> int | None:
    """The number of elements, or None where it is not known."""
    if dims is None or None in dims:
        return None
    total = 1
    for d in dims:
        total *= d  # type: ignore[operator]
    return total


def text(dims: Dims) -> str:
    """`dims` for a message: `[2,?]`, or `<unknown>`."""
    if dims is None:
        return "<unknown>"
    return "[" + ",".join(["?" if d is None else str(d) for d in dims]) + "]"


def as_dims(shape: Any) -> Dims:
    """Plain dims of anything that describes a shape.

    Parameters
    ----------
    shape : TensorShape, TensorShapeProto, int, Dimension, iterable of int, Dimension or None, or None

    Raises
    ------
    TypeError, ValueError
        If it describes no shape: a string, a negative size, a fraction.
    """
    if shape is None:
        return None
    if isinstance(shape, TensorShape):
        return shape._dims
    if isinstance(shape, str | bytes):
        raise TypeError(f"a string does not say a shape, put its number in a list: {shape!r}")
    if isinstance(shape, TensorShapeProto):
        return None if shape.unknown_rank else tuple([None if d.size == -1 else _size(d.size) for d in shape.dim])
    try:
        sizes = iter(shape)
    except TypeError:
        return (_size(shape),)
    return tuple([_size(d) for d in sizes])


def from_dims(dims: Dims) -> TensorShape:
    """The `TensorShape` of plain dims, which are not checked."""
    made = TensorShape.__new__(TensorShape)
    made._dims = dims
    made._dimensions = None
    return made


def _size(value: Any) -> int | None:
    """The size that a user gave for one dimension, as a plain int or None."""
    if value is None or (value.__class__ is int and value >= 0):
        return value
    if isinstance(value, Dimension):
        return value.value
    if isinstance(value, DType):
        raise TypeError(f"a dimension cannot be a type: {value!r}")
    size = int(value)
    if size != value and not isinstance(value, str | bytes):
        raise ValueError(f"a dimension must be a whole number, got {value!r}")
    if size < 0:
        raise ValueError(f"a dimension cannot be negative, got {size}")
    return size


# --- what users hold --------------------------------------------------------------------------------------------------


def _arithmetic(function: Callable[[int, int], int], swap: bool = False) -> Callable[[Dimension, Any], Dimension]:
    """A method computing with two dimensions: unknown if either is."""

    def method(self: Dimension, other: Any) -> Dimension:
        try:
            size = _size(other)
        except (TypeError, ValueError):
            return NotImplemented
        if self.value is None or size is None:
            return Dimension(None)
        return Dimension(function(size, self.value) if swap else function(self.value, size))

    return method


def _comparison(function: Callable[[int, int], bool]) -> Callable[[Dimension, Any], bool | None]:
    """A method ordering two dimensions: None if either is unknown."""

    def method(self: Dimension, other: Any) -> bool | None:
        size = _size(other)
        return None if self.value is None or size is None else function(self.value, size)

    return method


class Dimension:
    """One dimension of a shape, `value` being an int, or None where it is unknown.

    Computing with an unknown dimension gives an unknown one, and comparing with one gives None.

    Parameters
    ----------
    value : int, Dimension, str of digits, or None

    Raises
    ------
    TypeError, ValueError
        If `value` is not a whole number of at least 0.
    """

    __slots__ = ("_value",)
    __hash__ = None  # type: ignore[assignment]  # == may answer None

    def __init__(self, value: Any):
        self._value = _size(value)

    @property
    def value(self) -> int | None:
        """The size, or None."""
        return self._value

    __add__ = _arithmetic(operator.add)
    __radd__ = _arithmetic(operator.add, swap=True)
    __sub__ = _arithmetic(operator.sub)
    __rsub__ = _arithmetic(operator.sub, swap=True)
    __mul__ = _arithmetic(operator.mul)
    __rmul__ = _arithmetic(operator.mul, swap=True)
    __floordiv__ = _arithmetic(operator.floordiv)
    __rfloordiv__ = _arithmetic(operator.floordiv, swap=True)
    __mod__ = _arithmetic(operator.mod)
    __rmod__ = _arithmetic(operator.mod, swap=True)

    def __truediv__(self, other: Any) -> Dimension:
        raise TypeError("a dimension is a whole number: divide with `//`")

    __rtruediv__ = __truediv__

    __lt__ = _comparison(operator.lt)
    __le__ = _comparison(operator.le)
    __gt__ = _comparison(operator.gt)
    __ge__ = _comparison(operator.ge)

    def __eq__(self, other: object) -> bool | None:  # type: ignore[override]
        try:
            size = _size(other)
        except (TypeError, ValueError):
            return NotImplemented
        return None if self._value is None or size is None else self._value == size

    def __ne__(self, other: object) -> bool | None:  # type: ignore[override]
        equal = self.__eq__(other)
        return equal if equal is None or equal is NotImplemented else not equal

    def __int__(self) -> int:
        if self._value is None:
            raise TypeError("an unknown dimension has no number")
        return self._value

    __index__ = __int__

    def is_compatible_with(self, other: Any) -> bool:
        """Whether both may be the same size."""
        try:
            size = _size(other)
        except (TypeError, ValueError):
            return False
        return self._value is None or size is None or self._value == size

    def assert_is_compatible_with(self, other: Any) -> None:
        """ValueError if the sizes differ."""
        if not self.is_compatible_with(other):
            raise ValueError(f"dimensions {self} and {other} differ")

    def merge_with(self, other: Any) -> Dimension:
        """Whichever of the two is known. ValueError if both are and differ."""
        self.assert_is_compatible_with(other)
        return as_dimension(other) if self._value is None else self

    def __str__(self) -> str:
        return "?" if self._value is None else str(self._value)

    def __repr__(self) -> str:
        return f"Dimension({self._value})"

    def __reduce__(self) -> tuple[Any, ...]:
        return Dimension, (self._value,)


class TensorShape:
    """The shape of a tensor as far as it is known.

    Parameters
    ----------
    dims : TensorShape, TensorShapeProto, int, Dimension, iterable of them or None, or None
        None is a shape of unknown rank. None, or a `Dimension(None)`, in a list is an unknown dimension.

    Raises
    ------
    TypeError, ValueError
        If `dims` describes no shape.
    """

    __slots__ = ("_dimensions", "_dims")
    __hash__ = None  # type: ignore[assignment]  # shapes that are known in part are not equal

    _dims: Dims
    _dimensions: list[Dimension] | None  # made when asked for

    def __init__(self, dims: Any):
        self._dimensions = None
        if isinstance(dims, Iterator):
            dims = list(dims)
        self._dims = as_dims(dims)
        # Unknown dimensions are equal only where they are the same object, so those we are given are kept.
        if isinstance(dims, TensorShape):
            self._dimensions = dims.dims
        elif isinstance(dims, list | tuple) and any(isinstance(d, Dimension) for d in dims):
            self._dimensions = [as_dimension(d) for d in dims]

    @property
    def dims(self) -> list[Dimension] | None:
        """The dimensions, or None where the rank is unknown."""
        if self._dimensions is None and self._dims is not None:
            self._dimensions = [Dimension(d) for d in self._dims]
        return self._dimensions

    @property
    def rank(self) -> int | None:
        """The number of dimensions, or None."""
        return None if self._dims is None else len(self._dims)

    ndims = rank

    def as_list(self) -> list[int | None]:
        """The sizes as ints, None where unknown. ValueError if the rank is unknown."""
        if self._dims is None:
            raise ValueError("a shape of unknown rank has no list of dimensions")
        return list(self._dims)

    def as_proto(self) -> TensorShapeProto:
        """The shape as a `TensorShapeProto`."""
        if self._dims is None:
            return TensorShapeProto(unknown_rank=True)
        sizes = [TensorShapeProto.Dim(size=-1 if d is None else d) for d in self._dims]
        return TensorShapeProto(dim=sizes)

    def num_elements(self) -> int | None:
        """The number of elements, or None where it is not known."""
        return count(self._dims)

    def is_fully_defined(self) -> bool:
        """Whether the rank and every dimension are known."""
        return is_known(self._dims)

    def assert_is_fully_defined(self) -> None:
        """ValueError if anything is unknown."""
        if not self.is_fully_defined():
            raise ValueError(f"shape {self} is not known in full")

    def merge_with(self, other: Any) -> TensorShape:
        """What this shape and `other` say together. ValueError if they contradict each other."""
        other = as_shape(other)
        if self._dims is None:
            return other
        if not compatible(self._dims, other._dims):
            raise ValueError(f"shapes {self} and {other} are not compatible")
        if other._dims is None:
            return TensorShape(self)
        return TensorShape([a.merge_with(b) for a, b in zip(self.dims or (), other.dims or ())])

    def concatenate(self, other: Any) -> TensorShape:
        """This shape's dimensions, then `other`'s. Unknown if either rank is."""
        other = as_shape(other)
        if self.dims is None or other.dims is None:
            return unknown_shape()
        return TensorShape(self.dims + other.dims)

    def __add__(self, other: Any) -> TensorShape:
        return self.concatenate(other)

    def __radd__(self, other: Any) -> TensorShape:
        return as_shape(other).concatenate(self)

    def is_compatible_with(self, other: Any) -> bool:
        """Whether one shape could fit both."""
        return compatible(self._dims, as_dims(other))

    def assert_is_compatible_with(self, other: Any) -> None:
        """ValueError if no shape fits both."""
        if not self.is_compatible_with(other):
            raise ValueError(f"shapes {self} and {other} are incompatible")

    def most_specific_compatible_shape(self, other: Any) -> TensorShape:
        """The shape that keeps what both have in common and leaves the rest unknown."""
        other = as_dims(other)
        if self._dims is None or other is None or len(self._dims) != len(other):
            return unknown_shape()
        return TensorShape([a if a == b else None for a, b in zip(self._dims, other)])

    def assert_same_rank(self, other: Any) -> None:
        """ValueError if both ranks are known and differ."""
        other = as_shape(other)
        if None not in (self.rank, other.rank) and self.rank != other.rank:
            raise ValueError(f"shapes {self} and {other} differ in rank")

    def assert_has_rank(self, rank: int) -> None:
        """ValueError if the rank is known and is not `rank`."""
        if self.rank not in (None, rank):
            raise ValueError(f"shape {self} must have rank {rank}")

    def with_rank(self, rank: int) -> TensorShape:
        """This shape, given `rank` dimensions if its rank was unknown. ValueError if it has another rank."""
        self.assert_has_rank(rank)
        return self.merge_with(unknown_shape(rank))

    def with_rank_at_least(self, rank: int) -> TensorShape:
        """This shape. ValueError if it is known to have fewer than `rank` dimensions."""
        if self.rank is not None and self.rank < rank:
            raise ValueError(f"shape {self} must have rank {rank} or more")
        return self

    def with_rank_at_most(self, rank: int) -> TensorShape:
        """This shape. ValueError if it is known to have more than `rank` dimensions."""
        if self.rank is not None and self.rank > rank:
            raise ValueError(f"shape {self} must have rank {rank} or less")
        return self

    def __len__(self) -> int:
        if self._dims is None:
            raise ValueError("a shape of unknown rank has no length")
        return len(self._dims)

    def __bool__(self) -> bool:
        return self._dims is not None

    def __iter__(self) -> Iterator[Dimension]:
        if self.dims is None:
            raise ValueError("a shape of unknown rank cannot be iterated over")
        return iter(self.dims)

    def __getitem__(self, key: Any) -> Any:
        if self.dims is not None:
            return TensorShape(self.dims[key]) if isinstance(key, slice) else self.dims[key]
        if not isinstance(key, slice):
            return Dimension(None)
        if key.step is not None:
            raise ValueError("a slice of a shape of unknown rank cannot have a step")
        start, stop = key.start or 0, key.stop
        if stop is None or start < 0 or stop < 0:
            return unknown_shape()
        return unknown_shape(stop - start)

    def __eq__(self, other: object) -> bool:
        try:
            shape = as_shape(other)
        except TypeError:
            return NotImplemented
        if self._dims != shape._dims:
            return False
        return self._dims is None or None not in self._dims or self.dims == shape.dims

    def __ne__(self, other: object) -> bool:
        try:
            shape = as_shape(other)
        except TypeError:
            return NotImplemented
        if self._dims is None or shape._dims is None:
            raise ValueError("whether shapes of unknown rank differ is not known")
        return not self == shape

    def __str__(self) -> str:
        if self._dims is None:
            return "<unknown>"
        sizes = ["?" if d is None else str(d) for d in self._dims]
        return f"({sizes[0]},)" if len(sizes) == 1 else f"({', '.join(sizes)})"

    def __repr__(self) -> str:
        return f"TensorShape({self.dims})"

    def __reduce__(self) -> tuple[Any, ...]:
        return TensorShape, (self._dims,)


def as_dimension(value: Any) -> Dimension:
    """`value` as a Dimension; one that is already is returned as it stands."""
    return value if isinstance(value, Dimension) else Dimension(value)


def as_shape(shape: Any) -> TensorShape:
    """`shape` as a TensorShape; one that is already is returned as it stands."""
    return shape if isinstance(shape, TensorShape) else TensorShape(shape)


def unknown_shape(rank: int | None = None, **kwargs: Any) -> TensorShape:
    """A shape of which at most the rank is known (`ndims` is another name of `rank`)."""
    if rank is None:
        rank = kwargs.pop("ndims", None)
    if kwargs:
        raise TypeError(f"unknown argument {min(kwargs)!r}")
    return from_dims(None if rank is None else (None,) * rank)


def scalar() -> TensorShape:
    """The shape of a single value."""
    return TensorShape([])


def vector(length: Any) -> TensorShape:
    """A shape of rank 1."""
    return TensorShape([length])


def matrix(rows: Any, cols: Any) -> TensorShape:
    """A shape of rank 2."""
    return TensorShape([rows, cols])


def dimension_value(dimension: Any) -> Any:
    """The int or None in a Dimension; anything else as it stands."""
    return dimension.value if isinstance(dimension, Dimension) else dimension


def dimension_at_index(shape: TensorShape, index: int) -> Dimension:
    """The Dimension at `index`, unknown where the rank is."""
    dims = as_shape(shape).dims
    return Dimension(None) if dims is None else dims[index]


def broadcast_shape(shape_x: TensorShape, shape_y: TensorShape) -> TensorShape:
    """The shape of an elementwise result. ValueError if the two do not broadcast."""
    return from_dims(broadcast(as_dims(shape_x), as_dims(shape_y)))


def is_broadcast_compatible(shape_x: TensorShape, shape_y: TensorShape) -> bool:
    """Whether an elementwise result is known to exist: False where a rank is unknown."""
    try:
        return broadcast(as_dims(shape_x), as_dims(shape_y)) is not None
    except ValueError:
        return False
