"""Queues in the graph: elements (rows of tensors) that some runs put in and others take out."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from defrun.base import dtypes as kinds
from defrun.base.dtypes import DType
from defrun.base.errors import InvalidArgumentError
from defrun.base.shapes import Dimension, TensorShape, as_shape
from defrun.graph.convert import convert_to_tensor
from defrun.graph.opdef import Dims
from defrun.graph.operation import Operation, Tensor
from defrun.graph.scopes import name_scope
from defrun.graph.static import constant_value
from defrun.ops.declare import op
from defrun.ops.live_queues import PaddingQueue, Queue, ShuffleQueue
from defrun.ops.seeds import get_seed

# -- op types --------------------------------------------------------------------------------------------------------


def _of_one_component_at_least(component_types: list[DType]) -> tuple[()]:
    if not component_types:
        raise ValueError("An element of a queue has at least one component.")
    return ()


@op("FIFOQueueV2", "-> handle: resource", resource=True, shape=_of_one_component_at_least, differentiable=False)
def _fifo_queue(
    component_types: list[DType],
    shapes: list[Dims] = [],  # noqa: B006
    capacity: int = -1,
    container: str = "",
    shared_name: str = "",
):
    """Make a queue: first in, first out."""
    return Queue(component_types, shapes, capacity)


@op("PaddingFIFOQueueV2", "-> handle: resource", resource=True, shape=_of_one_component_at_least, differentiable=False)
def _padding_fifo_queue(
    component_types: list[DType],
    shapes: list[Dims] = [],  # noqa: B006
    capacity: int = -1,
    container: str = "",
    shared_name: str = "",
):
    """Make a queue of elements that are padded when several are taken."""
    return PaddingQueue(component_types, shapes, capacity)


@op("RandomShuffleQueueV2", "-> handle: resource", resource=True, shape=_of_one_component_at_least,
    differentiable=False)  # fmt: skip
def _random_shuffle_queue(
    component_types: list[DType],
    shapes: list[Dims] = [],  # noqa: B006
    capacity: int = -1,
    min_after_dequeue: int = 0,
    seed: int = 0,
    seed2: int = 0,
    container: str = "",
    shared_name: str = "",
):
    """Make a queue that gives its elements in a random order."""
    return ShuffleQueue(component_types, shapes, capacity, min_after_dequeue, seed, seed2)


@op("QueueEnqueueV2", "handle: resource, components: list(Tcomponents) ->", host=True, stateful=True,
    differentiable=False)  # fmt: skip
def _enqueue(handle, components, timeout_ms: int = -1):
    """Put an element in, waiting for room."""
    handle.put([tuple(np.array(component)[None] for component in components)])


@op("QueueEnqueueManyV2", "handle: resource, components: list(Tcomponents) ->", host=True, stateful=True,
    differentiable=False)  # fmt: skip
def _enqueue_many(handle, components, timeout_ms: int = -1):
    """Put the rows of the components in, one by one, waiting for room."""
    kept = [np.array(component) for component in components]
    sizes = {component.shape[:1] for component in kept}
    if len(sizes) != 1 or sizes == {()}:
        shapes = ", ".join(str(list(component.shape)) for component in kept)
        raise InvalidArgumentError(None, None, f"All components must have the same number of rows, not {shapes}")
    handle.put([tuple(component[i : i + 1] for component in kept) for i in range(len(kept[0]))])


@op("QueueDequeueV2", "handle: resource -> components: list(component_types)", host=True, stateful=True,
    differentiable=False)  # fmt: skip
def _dequeue(handle, component_types: list[DType], timeout_ms: int = -1):
    """Take an element out, waiting for one."""
    return _of_types(handle, component_types).take_one()


@op("QueueDequeueManyV2", "handle: resource, n: int32 -> components: list(component_types)", host=True, stateful=True,
    differentiable=False)  # fmt: skip
def _dequeue_many(handle, n, component_types: list[DType], timeout_ms: int = -1):
    """Take `n` elements out, waiting for them, and stack them."""
    return _of_types(handle, component_types).take(int(n))


@op("QueueDequeueUpToV2", "handle: resource, n: int32 -> components: list(component_types)", host=True, stateful=True,
    differentiable=False)  # fmt: skip
def _dequeue_up_to(handle, n, component_types: list[DType], timeout_ms: int = -1):
    """Take `n` elements out, or what is left once the queue is closed, and stack them."""
    return _of_types(handle, component_types).take(int(n), fewer=True)


def _of_types(queue: Queue, wanted: list[DType]) -> Queue:
    if queue.types != wanted:
        held, asked = ([t.name for t in types] for types in (queue.types, wanted))
        raise InvalidArgumentError(None, None, f"The queue holds elements of types {held}, not {asked}.")
    return queue


for _taking in (_dequeue, _dequeue_many, _dequeue_up_to):
    _taking.shape(lambda component_types: [None] * len(component_types))


@op("QueueCloseV2", "handle: resource ->", host=True, stateful=True, differentiable=False)
def _close(handle, cancel_pending_enqueues: bool = False):
    """Let nothing more into a queue."""
    handle.close(cancel_pending_enqueues)


@op("QueueSizeV2", "handle: resource -> size: int32[]", host=True, stateful=True, differentiable=False)
def _size(handle):
    """Count the elements in a queue."""
    return np.int32(handle.size())


@op("QueueIsClosedV2", "handle: resource -> is_closed: bool[]", host=True, stateful=True, differentiable=False)
def _is_closed(handle):
    """Tell whether nothing more can get into a queue."""
    return np.bool_(handle.closed)


# -- classes -----------------------------------------------------------------------------------------------------------


class QueueBase:
    """What all queues share.

    Parameters
    ----------
    dtypes : list of DType
        Of the components of an element.
    shapes : list of shapes, or None
        Likewise.
    names : list of str, or None
        Likewise; with them elements are dicts.
    queue_ref : resource Tensor []
        The queue.
    """

    def __init__(self, dtypes: list[DType], shapes: Any, names: list[str] | None, queue_ref: Tensor) -> None:
        if shapes is not None and len(shapes) != len(dtypes):
            raise ValueError("Queue shapes must have the same length as dtypes")
        if names is not None and len(names) != len(dtypes):
            raise ValueError("Queue names must have the same length as dtypes")
        self._dtypes = dtypes
        self._shapes = [TensorShape(shape) for shape in shapes or [None] * len(dtypes)]
        self._names = names
        self._queue_ref = queue_ref
        self._name = queue_ref.op.name.split("/")[-1]

    @staticmethod
    def from_list(index: Any, queues: Any) -> QueueBase:
        """Not there yet."""
        if not isinstance(queues, list) or not queues or not all(isinstance(q, QueueBase) for q in queues):
            raise TypeError("A list of queues expected")
        raise NotImplementedError("tf.QueueBase.from_list")

    @property
    def queue_ref(self) -> Tensor:
        """The tensor that stands for the queue."""
        return self._queue_ref

    @property
    def name(self) -> str:
        """The name of its node."""
        return self._queue_ref.op.name

    @property
    def dtypes(self) -> list[DType]:
        """The type of each component."""
        return self._dtypes

    @property
    def shapes(self) -> list[TensorShape]:
        """The shape of each component, as far as it is known."""
        return self._shapes

    @property
    def names(self) -> list[str] | None:
        """The name of each component, if elements are dicts."""
        return self._names

    def enqueue(self, vals: Any, name: str | None = None) -> Operation:
        """Make an operation that puts one element in.

        Parameters
        ----------
        vals : Tensor, list of Tensor, or dict of Tensor
            The components; a dict if the queue has names.
        name : str, optional

        Raises
        ------
        CancelledError
            When run, if the queue is closed, or the session while there is no room.
        """
        with name_scope(name, f"{self._name}_enqueue", _listed(vals)) as scope:
            tensors = self._components(vals)
            for tensor, shape in zip(tensors, self._shapes, strict=False):
                tensor.shape.assert_is_compatible_with(shape)
            return _enqueue(self._queue_ref, tensors, name=scope)

    def enqueue_many(self, vals: Any, name: str | None = None) -> Operation:
        """Make an operation that puts elements in: the rows of the components, one by one. See `enqueue`."""
        with name_scope(name, f"{self._name}_EnqueueMany", _listed(vals)) as scope:
            tensors = self._components(vals)
            rows = Dimension(None)
            for tensor, shape in zip(tensors, self._shapes, strict=False):
                rows = rows.merge_with(tensor.shape.with_rank_at_least(1)[0])
                tensor.shape[1:].assert_is_compatible_with(shape)
            return _enqueue_many(self._queue_ref, tensors, name=scope)

    def dequeue(self, name: str | None = None) -> Any:
        """Take one element out.

        Returns
        -------
        Tensor if it has one component, else a list of them; a dict if the queue has names

        Raises
        ------
        OutOfRangeError
            When run, if the queue is closed and nothing is left in it.
        CancelledError
            When run, if the session is closed meanwhile.
        """
        made = _dequeue.node(self._queue_ref, self._dtypes, name=name or f"{self._name}_Dequeue")
        return self._result(made, ())

    def dequeue_many(self, n: Any, name: str | None = None) -> Any:
        """Take `n` elements out and stack them: each component gets an axis of size `n` in front. See `dequeue`.

        They stay in if the queue is closed before there are enough.
        """
        made = _dequeue_many.node(self._queue_ref, n, self._dtypes, name=name or f"{self._name}_DequeueMany")
        return self._result(made, (constant_value(made.inputs[1]),))

    def dequeue_up_to(self, n: Any, name: str | None = None) -> Any:
        """Take `n` elements out, or what is left once the queue is closed; see `dequeue_many`."""
        made = _dequeue_up_to.node(self._queue_ref, n, self._dtypes, name=name or f"{self._name}_DequeueUpTo")
        return self._result(made, (None,))

    def close(self, cancel_pending_enqueues: bool = False, name: str | None = None) -> Operation:
        """Make an operation that lets nothing more in.

        Parameters
        ----------
        cancel_pending_enqueues : bool
            Give up what waits to be put in, instead of waiting for it.
        name : str, optional
        """
        return _close(self._queue_ref, cancel_pending_enqueues, name=name or f"{self._name}_Close")

    def is_closed(self, name: str | None = None) -> Tensor:
        """Return whether nothing more can get in: a bool Tensor []."""
        return _is_closed(self._queue_ref, name=name or f"{self._name}_Is_Closed")

    def size(self, name: str | None = None) -> Tensor:
        """Return the number of elements: an int32 Tensor []."""
        return _size(self._queue_ref, name=name or f"{self._name}_Size")

    def _components(self, vals: Any) -> list[Tensor]:
        if isinstance(vals, dict):
            if not self._names:
                raise ValueError("Queue must have names to enqueue a dictionary")
            if sorted(self._names) != sorted(vals, key=str):
                raise ValueError(f"The queue's names are {sorted(self._names)}, not {sorted(vals, key=str)}")
            vals = [vals[key] for key in self._names]
        elif self._names:
            raise ValueError("You must enqueue a dictionary in a Queue with names")
        pairs = zip(_listed(vals), self._dtypes, strict=False)
        return [convert_to_tensor(v, dtype=t, name=f"component_{i}") for i, (v, t) in enumerate(pairs)]

    def _result(self, made: Operation, front: tuple[Any, ...]) -> Any:
        for output, shape in zip(made.outputs, self._shapes, strict=True):
            output.set_shape(TensorShape(front).concatenate(shape))
        if self._names:
            return dict(zip(self._names, made.outputs, strict=True))
        return made.outputs[0] if len(made.outputs) == 1 else list(made.outputs)


def _listed(vals: Any) -> list[Any]:
    return list(vals.values()) if isinstance(vals, dict) else list(vals) if isinstance(vals, (list, tuple)) else [vals]


class FIFOQueue(QueueBase):
    """A queue whose elements come out in the order in which they were put in.

    Parameters
    ----------
    capacity : int
        How many elements it holds before `enqueue` waits.
    dtypes : list of DType
        Of the components of an element.
    shapes : list of shapes, optional
        Likewise, fully known. Without them elements may differ, but only one can be dequeued at a time.
    names : list of str, optional
        Likewise; with them elements are dicts.
    shared_name : str, optional
        Queues of one such name are the same queue.
    name : str, optional

    Examples
    --------
    >>> queue = tf.FIFOQueue(10, [tf.float32], shapes=[[]])
    >>> put, first = queue.enqueue_many([[1.0, 2.0]]), queue.dequeue()
    >>> with tf.Session() as sess:
    ...     sess.run(put)
    ...     print(sess.run(first))
    1.0
    """

    def __init__(
        self,
        capacity: int,
        dtypes: Any,
        shapes: Any = None,
        names: Any = None,
        shared_name: str | None = None,
        name: str = "fifo_queue",
    ) -> None:
        types = _type_list(dtypes)
        known = _shape_list(shapes)
        ref = _fifo_queue(types, known, capacity, shared_name=shared_name, name=name)
        super().__init__(types, known, _name_list(names), ref)


class PaddingFIFOQueue(QueueBase):
    """A `FIFOQueue` whose elements may differ in some sizes: `dequeue_many` fills up with zeros (strings: empty ones).

    Parameters
    ----------
    shapes : list of shapes
        Of the components; None for a size that differs.
    """

    def __init__(
        self,
        capacity: int,
        dtypes: Any,
        shapes: Any,
        names: Any = None,
        shared_name: str | None = None,
        name: str = "padding_fifo_queue",
    ) -> None:
        types = _type_list(dtypes)
        single = not isinstance(shapes, Sequence) or any(shape is None or isinstance(shape, int) for shape in shapes)
        if single or len(shapes) != len(types):
            raise ValueError("Shapes must be provided for all components, in a list.")
        known = _shape_list(shapes, partial=True)
        ref = _padding_fifo_queue(types, known, capacity, shared_name=shared_name, name=name)
        super().__init__(types, known, _name_list(names), ref)


class RandomShuffleQueue(QueueBase):
    """A queue whose elements come out in a random order; see `FIFOQueue` for what is not said here.

    Parameters
    ----------
    min_after_dequeue : int
        How many elements stay in until it is closed, so that the choice is wide.
    seed : int, optional
    """

    def __init__(
        self,
        capacity: int,
        min_after_dequeue: int,
        dtypes: Any,
        shapes: Any = None,
        names: Any = None,
        seed: int | None = None,
        shared_name: str | None = None,
        name: str = "random_shuffle_queue",
    ) -> None:
        types = _type_list(dtypes)
        known = _shape_list(shapes)
        seed1, seed2 = get_seed(seed)
        if seed is None and seed1 is not None and shared_name is not None:
            # Who shares it draws the same, wherever in the graph it is made.
            seed2 = int(hashlib.md5(f"{seed1}{shared_name}".encode()).hexdigest()[:8], 16) & 0x7FFFFFFF
        ref = _random_shuffle_queue(
            types, known, capacity, min_after_dequeue, seed1 or 0, seed2 or 0, shared_name=shared_name, name=name
        )
        super().__init__(types, known, _name_list(names), ref)


def _type_list(dtypes: Any) -> list[DType]:
    return [kinds.as_dtype(t) for t in (dtypes if isinstance(dtypes, (list, tuple)) else [dtypes])]


def _name_list(names: Any) -> list[str] | None:
    return None if names is None else list(names) if isinstance(names, (list, tuple)) else [names]


def _shape_list(shapes: Any, partial: bool = False) -> list[TensorShape] | None:
    if shapes is None:
        return None
    if isinstance(shapes, TensorShape):
        shapes = [shapes]
    if not isinstance(shapes, (list, tuple)):
        raise TypeError("shapes must be a TensorShape or a list or tuple of TensorShapes.")
    if all(shape is None or isinstance(shape, int) for shape in shapes):
        shapes = [shapes]
    known = [as_shape(shape) for shape in shapes]
    if any(shape.ndims is None if partial else not shape.is_fully_defined() for shape in known):
        raise ValueError(f"All shapes must be {'of known rank' if partial else 'fully defined'}: {known}")
    return known
