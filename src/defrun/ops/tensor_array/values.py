"""What the slot of a TensorArray holds: its elements one by one, or all of them in one buffer.

Where indices are known while tracing (outside loops, and on the host) elements are kept one by one, and may differ in
shape. A traced index, or all rows at once, makes a buffer, which a loop updates in place.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from defrun.base import shapes
from defrun.base.errors import InvalidArgumentError
from defrun.graph.opdef import Dims
from defrun.graph.transient import Form, NoCommonForm, Transient

UNWRITTEN, WRITTEN, READ, CLEARED = range(4)
"""The flags of elements."""


@dataclass(frozen=True)
class About:
    """What an array is. `dims` are the sizes of its elements as far as they are known by now."""

    dtype: Any
    dims: Dims = None
    grows: bool = False
    clears: bool = True
    """An element is given away when it is read."""
    alike: bool = True
    """All elements have one shape."""
    adds: bool = False
    """Several writes add up: an array of gradients."""
    trusted: bool = False
    """Who uses it reads and writes no element twice, nor one that is not there."""

    @property
    def known(self) -> bool:
        """Whether the elements' shape is known."""
        return self.dims is not None and None not in self.dims

    def zero(self) -> Any:
        """Return what an element that was never written reads as."""
        if not self.known:
            raise InvalidArgumentError(
                None, None, "An element that was never written is read, and the elements' shape is not known."
            )
        return np.zeros(self.dims, self.dtype)

    def taking(self, dims: tuple[int, ...]) -> About:
        """Return this with the shape of an element that is written.

        Raises
        ------
        InvalidArgumentError
            If it doesn't fit.
        """
        try:
            merged = shapes.merge(self.dims, dims)
        except ValueError:
            raise InvalidArgumentError(
                None, None, f"A value of shape {list(dims)} is written to an array of elements of shape "
                f"{_shown(self.dims)}; infer_shape=False would allow it.",
            ) from None  # fmt: skip
        return replace(self, dims=merged) if self.alike else self


def _shown(dims: Dims) -> Any:
    return "?" if dims is None else ["?" if d is None else d for d in dims]


# -- forms -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ListedForm(Form):
    """Which elements are there, of which shapes."""

    about: About
    shapes: tuple[tuple[int, ...] | None, ...]
    flags: tuple[int, ...]

    @property
    def capacity(self) -> int:
        """The number of elements."""
        return len(self.shapes)

    def join(self, other: Any) -> Any:
        """Return the form of a buffer, unless `other` is the same."""
        if self == other:
            return self
        return _joined(self, other)

    def blank(self) -> Any:
        """Return an array without elements."""
        return Listed(self.about, (None,) * len(self.shapes), (UNWRITTEN,) * len(self.shapes))


@dataclass(frozen=True)
class BufferedForm(Form):
    """The size of the buffer."""

    about: About
    capacity: int
    flags: tuple[int, ...] | None
    """None: told while running."""
    length: int | None

    def join(self, other: Any) -> Any:
        """Return the form of the larger buffer."""
        return self if self == other else _joined(self, other)

    def blank(self) -> Any:
        """Return an array of zeros, none of them written."""
        buffer = jnp.zeros((self.capacity, *self.about.dims), self.about.dtype)  # type: ignore[misc]
        flags = None if self.about.trusted else np.zeros(self.capacity, np.int8)
        return Buffered(self.about, buffer, flags, 0 if self.length is None else self.length).to(self)


def _joined(a: Any, b: Any) -> Any:
    try:
        dims = shapes.merge(row_dims(a), row_dims(b))
    except ValueError as error:
        raise NoCommonForm(str(error)) from None
    about = replace(a.about, dims=dims)
    if not about.known:
        if isinstance(a, ListedForm) and isinstance(b, ListedForm) and replace(a, about=b.about) == b:
            return replace(a, about=about)
        raise NoCommonForm("the shape of the elements is not known")
    lengths = {f.capacity if isinstance(f, ListedForm) else f.length for f in (a, b)}
    length = lengths.pop() if len(lengths) == 1 else None
    capacity = max(a.capacity, b.capacity)
    same = isinstance(a, type(b)) and a.flags == b.flags and a.capacity == b.capacity
    return BufferedForm(about, capacity, a.flags if same else None, length)


def row_dims(form: Any) -> Dims:
    """Return the shape of the rows; `NoCommonForm` if they differ."""
    dims = form.about.dims
    if isinstance(form, ListedForm):
        try:
            for shape in form.shapes:
                if shape is not None:
                    dims = shapes.merge(dims, shape)
        except ValueError:
            raise NoCommonForm("elements of different shapes") from None
    return dims


def xp_of(*values: Any) -> Any:
    """Return NumPy, or JAX's if one of the values is on the device."""
    return jnp if any(isinstance(v, jax.Array) for v in values) else np


# -- values ----------------------------------------------------------------------------------------------------------


@jax.tree_util.register_pytree_node_class
@dataclass(frozen=True)
class Listed(Transient):
    """Elements one by one; None where there is none."""

    about: About
    rows: tuple[Any, ...]
    flags: tuple[int, ...]

    def tree_flatten(self) -> Any:
        """Split into arrays and the rest."""
        return (self.rows,), (self.about, self.flags)

    @classmethod
    def tree_unflatten(cls, aux: Any, children: Any) -> Listed:
        """Undo `tree_flatten`."""
        return cls(aux[0], tuple(children[0]), aux[1])

    @property
    def form(self) -> ListedForm:
        """Which elements are there."""
        return ListedForm(self.about, tuple(None if r is None else tuple(r.shape) for r in self.rows), self.flags)

    @property
    def length(self) -> int:
        """The number of elements."""
        return len(self.rows)

    @property
    def fresh(self) -> bool:
        """Whether nothing has been written."""
        return not any(self.flags)

    def to(self, form: Any) -> Any:
        """Put the elements into a buffer, if that is what `form` says."""
        if isinstance(form, ListedForm):
            return Listed(form.about, self.rows, self.flags)
        about: About = form.about
        zero = about.zero()
        if any(row is not None for row in self.rows):
            buffer = jnp.stack([jnp.asarray(zero if row is None else row) for row in self.rows])
        else:
            buffer = jnp.zeros((len(self.rows), *about.dims), about.dtype)  # type: ignore[misc]
        flags = None if about.trusted else np.asarray(self.flags, np.int8)
        return Buffered(about, buffer, flags, len(self.rows)).to(form)

    def buffered(self, about: About) -> Buffered:
        """Put the elements into a buffer."""
        form = BufferedForm(about, len(self.rows), None if about.trusted else self.flags, len(self.rows))
        return self.to(form)

    def listed(self) -> Listed:
        """Return the elements one by one."""
        return self


@jax.tree_util.register_pytree_node_class
@dataclass(frozen=True, eq=False)
class Buffered(Transient):
    """Elements in one buffer, of which the first `length` count."""

    about: About
    buffer: Any
    flags: Any
    """One for each element: NumPy where known while tracing; None if nobody asks."""
    length: Any

    def tree_flatten(self) -> Any:
        """Split into arrays and the rest."""
        flags = tuple(self.flags.tolist()) if isinstance(self.flags, np.ndarray) else None
        length = self.length if isinstance(self.length, int) else None
        return (
            (self.buffer, None if flags is not None else self.flags, None if length is not None else self.length),
            (self.about, flags, length),
        )

    @classmethod
    def tree_unflatten(cls, aux: Any, children: Any) -> Buffered:
        """Undo `tree_flatten`."""
        about, flags, length = aux
        return cls(
            about,
            children[0],
            children[1] if flags is None else np.asarray(flags, np.int8),
            children[2] if length is None else length,
        )

    @property
    def form(self) -> BufferedForm:
        """The size of the buffer."""
        flags = tuple(self.flags.tolist()) if isinstance(self.flags, np.ndarray) else None
        length = self.length if isinstance(self.length, int) else None
        return BufferedForm(self.about, self.buffer.shape[0], flags, length)

    @property
    def fresh(self) -> bool:
        """Whether nothing has been written, as far as is known."""
        return isinstance(self.flags, np.ndarray) and not self.flags.any()

    def to(self, form: Any) -> Buffered:
        """Make the buffer as large as `form` says, and what it says is not known while tracing an array."""
        buffer, flags, length = self.buffer, self.flags, self.length
        more = form.capacity - buffer.shape[0]
        if more:
            buffer = jnp.concatenate([jnp.asarray(buffer), jnp.zeros((more, *buffer.shape[1:]), buffer.dtype)])
            if flags is not None:
                flags = xp_of(flags).concatenate([flags, np.zeros(more, np.int8)])
        if form.flags is None and isinstance(flags, np.ndarray):
            flags = jnp.asarray(flags)
        if form.length is None and isinstance(length, int):
            length = jnp.asarray(length, jnp.int32)
        return Buffered(form.about, buffer, flags, length)

    def listed(self) -> Listed:
        """Return the elements one by one; their number and state must be known."""
        if isinstance(self.length, jax.core.Tracer) or isinstance(self.flags, jax.core.Tracer):
            raise NoCommonForm("elements of different shapes in a loop on the device")
        n = int(self.length)
        flags = (WRITTEN,) * n if self.flags is None else tuple(np.asarray(self.flags)[:n].tolist())
        rows = tuple(self.buffer[i] if flags[i] else None for i in range(n))
        return Listed(self.about, rows, flags)


@jax.tree_util.register_pytree_node_class
@dataclass(frozen=True)
class Closed(Transient, Form):
    """What is left of an array that has been closed."""

    def tree_flatten(self) -> Any:
        """There is nothing to split."""
        return (), None

    @classmethod
    def tree_unflatten(cls, aux: Any, children: Any) -> Closed:
        """Undo `tree_flatten`."""
        return cls()

    @property
    def about(self) -> About:
        """Refuse: whatever is done with the array begins with this."""
        raise InvalidArgumentError(None, None, "The TensorArray has been closed already.")

    @property
    def form(self) -> Form:
        """The value itself."""
        return self

    def to(self, form: Any) -> Any:
        """Stay closed."""
        return self

    def join(self, other: Any) -> Any:
        """Be closed on all ways."""
        return self

    def blank(self) -> Any:
        """Return itself."""
        return self


Elements = Listed | Buffered
