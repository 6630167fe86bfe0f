"""Input by queues: files in an endless or shuffled row, examples gathered in batches, each filled by threads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from defrun.base import dtypes
from defrun.base.dtypes import DType
from defrun.base.shapes import TensorShape
from defrun.graph.collections import GraphKeys
from defrun.graph.composite import SparseTensor
from defrun.graph.convert import convert_n_to_tensor, convert_to_tensor
from defrun.graph.operation import Operation, Tensor
from defrun.graph.scopes import control_dependencies, name_scope
from defrun.ops.array import identity, shape, size
from defrun.ops.cast import cast
from defrun.ops.checks import Assert
from defrun.ops.compare import greater
from defrun.ops.constant import constant
from defrun.ops.creation import range_
from defrun.ops.gather import gather
from defrun.ops.limits import maximum
from defrun.ops.queues import FIFOQueue, PaddingFIFOQueue, QueueBase, RandomShuffleQueue
from defrun.ops.random import random_shuffle
from defrun.summary.nodes import scalar
from defrun.train.queue_runners import QueueRunner, add_queue_runner
from defrun.variables.variable import Variable

# -- rows ------------------------------------------------------------------------------------------------------------


def limit_epochs(tensor: Any, num_epochs: int | None = None, name: str | None = None) -> Any:
    """Return `tensor` as one that can be computed `num_epochs` times.

    Parameters
    ----------
    tensor : Tensor
    num_epochs : int, optional
        None: any number of times.
    name : str, optional

    Raises
    ------
    ValueError
        If `num_epochs` is not positive.
    OutOfRangeError
        When run once more. A local variable counts: `tf.local_variables_initializer` starts it.
    """
    if num_epochs is None:
        return tensor
    if num_epochs <= 0:
        raise ValueError(f"num_epochs must be > 0 not {num_epochs}.")
    with name_scope(name, "limit_epochs", [tensor]) as scope:
        zero = constant(0, dtype=dtypes.int64)
        epochs = Variable(zero, name="epochs", trainable=False, collections=[GraphKeys.LOCAL_VARIABLES])
        with control_dependencies([epochs.count_up_to(num_epochs)]):
            return identity(tensor, name=scope)


def input_producer(
    input_tensor: Any,
    element_shape: Any = None,
    num_epochs: int | None = None,
    shuffle: bool = True,
    seed: int | None = None,
    capacity: int = 32,
    shared_name: str | None = None,
    summary_name: str | None = None,
    name: str | None = None,
    cancel_op: Operation | None = None,
) -> QueueBase:
    """Make a queue that a thread fills with the rows of a tensor, over and over.

    Parameters
    ----------
    input_tensor : Tensor [rows, ...]
    element_shape : shape, optional
        Of a row, where the graph doesn't know it.
    num_epochs : int, optional
        How often all rows come; then the queue is closed. A local variable counts. None: without end.
    shuffle : bool
        Whether the rows come in another order each time.
    seed : int, optional
        For that order.
    capacity : int
        Of the queue.
    shared_name : str, optional
        Of the queue.
    summary_name : str, optional
        Names a scalar summary of how full the queue is.
    name : str, optional
    cancel_op : Operation, optional
        Run when a stop is asked for; see `QueueRunner`.

    Returns
    -------
    QueueBase
        `tf.train.start_queue_runners` starts its thread.

    Raises
    ------
    ValueError
        If the shape of a row is not known.
    """
    with name_scope(name, "input_producer", [input_tensor]):
        rows = convert_to_tensor(input_tensor, name="input_tensor")
        row_shape = rows.shape[1:].merge_with(element_shape)
        if not row_shape.is_fully_defined():
            raise ValueError("Either `input_tensor` must have a fully defined shape or `element_shape` be specified")
        if shuffle:
            rows = random_shuffle(rows, seed=seed)
        rows = limit_epochs(rows, num_epochs)
        kind = rows.dtype.base_dtype
        queue = FIFOQueue(capacity, [kind], [row_shape], shared_name=shared_name, name=name)  # type: ignore[arg-type]
        add_queue_runner(QueueRunner(queue, [queue.enqueue_many([rows])], cancel_op=cancel_op))
        if summary_name is not None:
            scalar(summary_name, cast(queue.size(), dtypes.float32) * (1.0 / capacity))
        return queue


def string_input_producer(
    string_tensor: Any,
    num_epochs: int | None = None,
    shuffle: bool = True,
    seed: int | None = None,
    capacity: int = 32,
    shared_name: str | None = None,
    name: str | None = None,
    cancel_op: Operation | None = None,
) -> QueueBase:
    """Make a queue that a thread fills with strings, such as the names of files, over and over; see `input_producer`.

    Parameters
    ----------
    string_tensor : string Tensor [strings], or list of str

    Raises
    ------
    ValueError
        If the list is empty.
    InvalidArgumentError
        When run, if the tensor is.
    """
    empty = "string_input_producer requires a non-null input tensor"
    if not isinstance(string_tensor, (Tensor, Variable)) and not len(string_tensor):
        raise ValueError(empty)
    with name_scope(name, "input_producer", [string_tensor]) as scope:
        strings = convert_to_tensor(string_tensor, dtype=dtypes.string)
        with control_dependencies([Assert(greater(size(strings), 0), [empty])]):
            strings = identity(strings)
        full = f"fraction_of_{capacity}_full"
        return input_producer(
            strings, [], num_epochs, shuffle, seed, capacity, shared_name, full, scope, cancel_op
        )  # fmt: skip


def range_input_producer(
    limit: Any,
    num_epochs: int | None = None,
    shuffle: bool = True,
    seed: int | None = None,
    capacity: int = 32,
    shared_name: str | None = None,
    name: str | None = None,
) -> QueueBase:
    """Make a queue that a thread fills with the integers from 0 to `limit` - 1, over and over; see `input_producer`."""
    with name_scope(name, "input_producer", [limit]) as scope:
        numbers = range_(limit)
        full = f"fraction_of_{capacity}_full"
        return input_producer(numbers, [], num_epochs, shuffle, seed, capacity, shared_name, full, scope)


def slice_input_producer(
    tensor_list: Any,
    num_epochs: int | None = None,
    shuffle: bool = True,
    seed: int | None = None,
    capacity: int = 32,
    shared_name: str | None = None,
    name: str | None = None,
) -> list[Tensor]:
    """Return a row of each of several tensors, another one in each run; see `input_producer`.

    Parameters
    ----------
    tensor_list : list of Tensor [rows, ...]

    Returns
    -------
    list of Tensor [...]

    Raises
    ------
    ValueError
        If the list is empty.
    """
    with name_scope(name, "input_producer", tensor_list):
        tensors = convert_n_to_tensor(tensor_list)
        if not tensors:
            raise ValueError("Expected at least one tensor in slice_input_producer().")
        rows = shape(tensors[0])[0]
        index = range_input_producer(rows, num_epochs, shuffle, seed, capacity, shared_name).dequeue()
        return [gather(tensor, index) for tensor in tensors]


# -- batches -----------------------------------------------------------------------------------------------------------


def batch(
    tensors: Any,
    batch_size: Any,
    num_threads: int = 1,
    capacity: int = 32,
    enqueue_many: bool = False,
    shapes: Any = None,
    dynamic_pad: bool = False,
    allow_smaller_final_batch: bool = False,
    shared_name: str | None = None,
    name: str | None = None,
) -> Any:
    """Gather examples in batches. Threads compute `tensors` again and again and put them into a queue.

    Parameters
    ----------
    tensors : list or dict of Tensor
        The parts of one example, or of several with `enqueue_many`.
    batch_size : int or int32 Tensor []
    num_threads : int
        With more than one, the order of the examples is not the same each time.
    capacity : int
        How many examples are computed ahead.
    enqueue_many : bool
        Whether the rows of `tensors` are examples.
    shapes : list of shapes, optional
        Of the parts of an example, where the graph doesn't know them.
    dynamic_pad : bool
        Whether sizes may differ from example to example: batches are filled up with zeros.
    allow_smaller_final_batch : bool
        Whether the last batch may be smaller, instead of being left out.
    shared_name : str, optional
        Of the queue.
    name : str, optional

    Returns
    -------
    list or dict of Tensor, as `tensors`; a Tensor if there is one
        With an axis of size `batch_size` in front. `tf.train.start_queue_runners` starts the threads.

    Raises
    ------
    ValueError
        If the shape of a part is not known.
    OutOfRangeError
        When run, if there are no more examples.
    """
    queue = _first_in_first_out(capacity, dynamic_pad, shared_name)
    return _gather("batch", [tensors], queue, batch_size, enqueue_many, shapes, allow_smaller_final_batch, name,
                   capacity=capacity, threads=num_threads)  # fmt: skip


def batch_join(
    tensors_list: Any,
    batch_size: Any,
    capacity: int = 32,
    enqueue_many: bool = False,
    shapes: Any = None,
    dynamic_pad: bool = False,
    allow_smaller_final_batch: bool = False,
    shared_name: str | None = None,
    name: str | None = None,
) -> Any:
    """As `batch`, with examples from several sources: `tensors_list` holds several `tensors`, each with a thread."""
    queue = _first_in_first_out(capacity, dynamic_pad, shared_name)
    return _gather("batch_join", tensors_list, queue, batch_size, enqueue_many, shapes, allow_smaller_final_batch, name,
                   capacity=capacity)  # fmt: skip


def shuffle_batch(
    tensors: Any,
    batch_size: Any,
    capacity: int,
    min_after_dequeue: int,
    num_threads: int = 1,
    seed: int | None = None,
    enqueue_many: bool = False,
    shapes: Any = None,
    allow_smaller_final_batch: bool = False,
    shared_name: str | None = None,
    name: str | None = None,
) -> Any:
    """As `batch`, with the examples in a random order: each is chosen from more than `min_after_dequeue`."""
    queue = _shuffled(capacity, min_after_dequeue, seed, shared_name)
    return _gather("shuffle_batch", [tensors], queue, batch_size, enqueue_many, shapes, allow_smaller_final_batch, name,
                   capacity=capacity, least=min_after_dequeue, threads=num_threads)  # fmt: skip


def shuffle_batch_join(
    tensors_list: Any,
    batch_size: Any,
    capacity: int,
    min_after_dequeue: int,
    seed: int | None = None,
    enqueue_many: bool = False,
    shapes: Any = None,
    allow_smaller_final_batch: bool = False,
    shared_name: str | None = None,
    name: str | None = None,
) -> Any:
    """As `shuffle_batch`, with examples from several sources: `tensors_list` holds several `tensors`."""
    queue = _shuffled(capacity, min_after_dequeue, seed, shared_name)
    return _gather("shuffle_batch_join", tensors_list, queue, batch_size, enqueue_many, shapes,
                   allow_smaller_final_batch, name, capacity=capacity, least=min_after_dequeue)  # fmt: skip


# -- what they share ---------------------------------------------------------------------------------------------------

MakeQueue = Callable[[list[DType], Any], QueueBase]


def _first_in_first_out(capacity: int, pads: bool, shared_name: str | None) -> MakeQueue:
    kind = PaddingFIFOQueue if pads else FIFOQueue
    return lambda types, shapes: kind(capacity, types, shapes, shared_name=shared_name)


def _shuffled(capacity: int, least: int, seed: int | None, shared_name: str | None) -> MakeQueue:
    if capacity <= least:
        raise ValueError(f"capacity {capacity} must be bigger than min_after_dequeue {least}.")
    return lambda types, shapes: RandomShuffleQueue(
        capacity, least, types, shapes, seed=seed, shared_name=shared_name
    )  # fmt: skip


def _gather(
    title: str,
    given: Any,
    make_queue: MakeQueue,
    batch_size: Any,
    enqueue_many: bool,
    shapes: Any,
    fewer: bool,
    name: str | None,
    *,
    capacity: int,
    least: int | None = None,
    threads: int = 1,
) -> Any:
    """Let threads put what is `given` (for each source the parts of an example) into a queue; take batches out."""
    if not given:
        raise ValueError("Expected at least one set of tensors")
    keys = sorted(given[0], key=str) if isinstance(given[0], dict) else None
    if keys is not None and any(set(parts) != set(keys) for parts in given):
        raise ValueError("All dictionaries in tensors_list must have the same keys")
    sources = [list(parts) if keys is None else [parts[key] for key in keys] for parts in given]
    flat = [tensor for source in sources for tensor in source]
    if any(isinstance(tensor, SparseTensor) for tensor in flat):
        raise NotImplementedError(f"tf.train.{title} of a SparseTensor")
    with name_scope(name, title, flat) as scope:
        sources = [convert_n_to_tensor(source) for source in sources]
        if not sources[0]:
            raise ValueError(f"Expected at least one tensor in {title}().")
        convert_to_tensor(True)  # in TensorFlow, whether to keep an example
        queue = make_queue(_types(sources), _shapes(sources, enqueue_many) if shapes is None else shapes)
        put = [queue.enqueue_many(source) if enqueue_many else queue.enqueue(source) for source in sources]
        add_queue_runner(QueueRunner(queue, put * threads))
        _summarize_fullness(queue, capacity, least)
        take = queue.dequeue_up_to if fewer else queue.dequeue_many
        taken = take(batch_size, name=scope)
    if keys is None:
        return taken
    return dict(zip(keys, taken if len(keys) > 1 else [taken], strict=True))


def _summarize_fullness(queue: QueueBase, capacity: int, least: int | None) -> None:
    """Add a summary of how full the queue is; what must stay in doesn't count."""
    count, title = queue.size(), f"fraction_of_{capacity}_full"
    if least is not None:
        capacity -= least
        count, title = maximum(0, count - least), f"fraction_over_{least}_of_{capacity}_full"
    scalar(title, cast(count, dtypes.float32) * (1.0 / capacity))


def _types(sources: list[list[Tensor]]) -> list[DType]:
    types = [[tensor.dtype.base_dtype for tensor in source] for source in sources]
    if any(other != types[0] for other in types):
        shown = " vs. ".join(", ".join(t.name for t in some) for some in types)
        raise TypeError(f"Expected types to be consistent: {shown}.")
    return types[0]


def _shapes(sources: list[list[Tensor]], many: bool) -> list[TensorShape]:
    """Return the shapes of the parts of an example."""
    unknown = [tensor for source in sources for tensor in source if tensor.shape.ndims is None]
    if unknown:
        raise ValueError(f"Cannot infer Tensor's rank: {unknown[0]}")
    found = []
    for parts in zip(*sources, strict=True):
        common = parts[0].shape
        for part in parts[1:]:
            common.merge_with(part.shape)
        found.append(common.with_rank_at_least(1)[1:] if many else common)
    return found
