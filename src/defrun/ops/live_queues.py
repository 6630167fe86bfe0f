"""What a queue is while a session runs: rows of arrays, and who waits to put some in or to take some out."""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from defrun.base.dtypes import DType
from defrun.base.errors import CancelledError, InvalidArgumentError, OutOfRangeError
from defrun.base.shapes import TensorShape
from defrun.graph.opdef import Dims
from defrun.graph.resource import Resource
from defrun.ops import philox

Array = np.ndarray[Any, Any]
Row = tuple[Array, ...]
"""The components of one element, each with an axis of size 1 in front."""

_CLOSED = "The queue is closed and has insufficient elements (requested {}, current size {})"


def _never() -> bool:
    return False


class Queue(Resource):
    """First in, first out. Who comes first has the first turn; those who put in and those who take out don't mix.

    Parameters
    ----------
    types : list of DType
        Of the components of an element.
    shapes : list of Dims, or []
        Likewise; without them, elements may differ, but only one can be taken at a time.
    capacity : int
        Elements that it holds before who puts in must wait; less than 0: no limit.
    """

    def __init__(self, types: list[DType], shapes: list[Dims], capacity: int) -> None:
        self.types, self.shapes, self.capacity = types, shapes, capacity
        self.closed = False
        self._rows: Any = deque()
        self._changed = threading.Condition()
        self._putting: deque[object] = deque()  # a line of those who put in; the first one is at it
        self._taking: deque[object] = deque()
        self._gives_up = False  # on what waits to be put in
        self._cancelled = False

    # -- what kinds of queues differ in ------------------------------------------------------------------------------

    def _ready(self) -> bool:
        """Whether a row may be taken."""
        return bool(self._rows)

    def _take(self) -> Row:
        return self._rows.popleft()

    def _put_back(self, rows: list[Row]) -> None:
        self._rows.extendleft(reversed(rows))

    def _joined(self, parts: list[Array], dims: Dims) -> Array:
        return np.concatenate(parts)

    # -- putting in, taking out --------------------------------------------------------------------------------------

    def size(self) -> int:
        """Return how many elements it holds."""
        return len(self._rows)

    def put(self, rows: list[Row]) -> None:
        """Put rows in, each as soon as there is room.

        Raises
        ------
        CancelledError
            If the queue is closed.
        InvalidArgumentError
            If the rows are not such as the queue holds.
        """
        for row in rows:
            self._check(row)
        with self._turn(self._putting, self._is_giving_up):
            self._check_open()
            for row in rows:
                self._wait(self._has_room, self._is_giving_up)
                self._rows.append(row)
                self._changed.notify_all()

    def take(self, number: int, fewer: bool = False) -> list[Array]:
        """Take `number` elements, each as soon as it is there, and return them component by component.

        With `fewer`, some will do once the queue is closed.

        Raises
        ------
        OutOfRangeError
            If the queue is closed before there are enough; they stay in then.
        InvalidArgumentError
            If the queue's elements may differ in shape.
        """
        if not self.shapes:
            raise InvalidArgumentError(None, None, "To take many at a time, the queue's shapes must be specified.")
        if number < 0:
            raise InvalidArgumentError(None, None, f"{number} elements can't be taken.")
        rows: list[Row] = []
        with self._turn(self._taking):
            try:
                while len(rows) < number:
                    self._wait(self._is_settled)
                    if not self._ready():
                        if rows and fewer:
                            break
                        raise OutOfRangeError(None, None, _CLOSED.format(number, len(rows)))
                    rows.append(self._take())
                    self._changed.notify_all()
            except BaseException:
                self._put_back(rows)
                raise
        if not rows:
            pairs = zip(self.types, self.shapes, strict=True)
            return [np.zeros((0, *(d or 0 for d in dims or ())), t.as_numpy_dtype) for t, dims in pairs]
        return [self._joined(list(c), dims) for c, dims in zip(zip(*rows, strict=True), self.shapes, strict=True)]

    def take_one(self) -> list[Array]:
        """Take one element. OutOfRangeError if the queue is closed and has none."""
        with self._turn(self._taking):
            self._wait(self._is_settled)
            if not self._ready():
                raise OutOfRangeError(None, None, _CLOSED.format(1, 0))
            row = self._take()
        return [component.reshape(component.shape[1:]) for component in row]

    def close(self, cancel_pending: bool) -> None:
        """Let no more in. What waits to be put in is waited for, or given up with `cancel_pending`."""
        if cancel_pending:
            with self._changed:
                self.closed = self._gives_up = True
                self._changed.notify_all()
            return
        with self._turn(self._putting, self._is_giving_up):
            self._check_open()
            self.closed = True

    def cancel(self) -> None:
        """Raise `CancelledError` wherever this queue is waited for, now and later."""
        with self._changed:
            self._cancelled = True
            self._changed.notify_all()

    # -- waiting -----------------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def _turn(self, line: deque[object], given_up: Callable[[], bool] = _never) -> Iterator[None]:
        """Wait in a line for the turn, and hold the lock in the block."""
        ticket = object()
        with self._changed:
            line.append(ticket)
            try:
                self._wait(lambda: line[0] is ticket, given_up)
                yield
            finally:
                line.remove(ticket)
                self._changed.notify_all()

    def _wait(self, until: Callable[[], bool], given_up: Callable[[], bool] = _never) -> None:
        """Wait, without the lock, for something to hold."""
        while True:
            if self._cancelled:
                raise CancelledError(None, None, "The session has been closed.")
            if given_up():
                raise CancelledError(None, None, "The queue is closed; what waited to be enqueued was cancelled.")
            if until():
                return
            self._changed.wait()

    def _has_room(self) -> bool:
        return self.capacity < 0 or len(self._rows) < self.capacity

    def _is_settled(self) -> bool:
        return self._ready() or self.closed

    def _is_giving_up(self) -> bool:
        return self._gives_up

    def _check_open(self) -> None:
        if self.closed:
            raise CancelledError(None, None, "The queue is closed.")

    def _check(self, row: Row) -> None:
        if len(row) != len(self.types):
            raise InvalidArgumentError(None, None, f"An element has {len(self.types)} components, not {len(row)}.")
        for i, (component, wanted) in enumerate(zip(row, self.types, strict=True)):
            if component.dtype != wanted.as_numpy_dtype:
                raise InvalidArgumentError(None, None, f"Component {i} must be {wanted.name}, not {component.dtype}.")
        for i, (component, dims) in enumerate(zip(row, self.shapes, strict=False)):
            shape = component.shape[1:]
            if not TensorShape(dims).is_compatible_with(shape):
                text = f"Shape mismatch in tuple component {i}. Expected {TensorShape(dims)}, got {list(shape)}"
                raise InvalidArgumentError(None, None, text)


class PaddingQueue(Queue):
    """First in, first out; elements may differ in sizes that `shapes` leaves open. Taken together, they are padded."""

    def _joined(self, parts: list[Array], dims: Dims) -> Array:
        largest = np.max([part.shape[1:] for part in parts], axis=0)
        joined = np.zeros((len(parts), *largest), parts[0].dtype)
        if joined.dtype == object:
            joined.fill(b"")
        for i, part in enumerate(parts):
            place: Any = (i, *(slice(size) for size in part.shape[1:]))
            joined[place] = part[0]
        return joined


class ShuffleQueue(Queue):
    """Any element may come out next. Until it is closed, so many stay in that the choice is wide.

    Parameters
    ----------
    least : int
        How many stay in.
    seed, seed2 : int
        Of the generator that chooses.
    """

    def __init__(
        self, types: list[DType], shapes: list[Dims], capacity: int, least: int, seed: int, seed2: int
    ) -> None:
        super().__init__(types, shapes, capacity)
        if least < 0 or 0 <= capacity <= least:
            raise InvalidArgumentError(None, None, f"min_after_dequeue {least} must be >= 0 and < capacity {capacity}")
        self._rows = []
        self._least = least
        self._words = _words(seed, seed2)

    def _ready(self) -> bool:
        return len(self._rows) > (0 if self.closed else self._least)

    def _take(self) -> Row:
        rows = self._rows
        place = next(self._words) % len(rows)
        rows[place], rows[-1] = rows[-1], rows[place]
        return rows.pop()

    def _put_back(self, rows: list[Row]) -> None:
        self._rows.extend(rows)


_BLOCKS = 64  # of four words, made at a time


@jax.jit
def _blocks(state: jax.Array, first: jax.Array) -> jax.Array:
    return jnp.stack(philox.block_words(state, first + jnp.arange(_BLOCKS, dtype=jnp.uint64)), axis=1)


def _words(seed: int, seed2: int) -> Iterator[int]:
    """Yield the words of a random stream."""
    state = philox.initial_state(seed, seed2)
    first = 0
    while True:
        with jax.enable_x64(True):
            words = np.asarray(_blocks(state, np.uint64(first)))
        yield from words.ravel().tolist()
        first += _BLOCKS
