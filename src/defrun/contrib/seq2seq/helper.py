"""Helpers: what a decoder takes at each step, and when it ends."""

from __future__ import annotations

import abc
from collections.abc import Callable
from typing import Any

from defrun.base import dtypes, nest
from defrun.base.shapes import TensorShape
from defrun.contrib.seq2seq.sampling import categorical_sample
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.arrange import tile
from defrun.ops.array import shape as shape_node
from defrun.ops.array import size
from defrun.ops.cast import cast
from defrun.ops.compare import equal
from defrun.ops.control import cond
from defrun.ops.creation import zeros_like
from defrun.ops.embedding import embedding_lookup
from defrun.ops.reduce import argmax, reduce_all
from defrun.ops.tensor_array.tensor_array import TensorArray
from defrun.rnn.shapes import transpose_batch_time


def as_array(steps: Tensor) -> TensorArray:
    """Return a TensorArray of the rows of `steps`."""
    return TensorArray(dtype=steps.dtype, size=shape_node(steps)[0], element_shape=steps.get_shape()[1:]).unstack(steps)


def embedding_function(embedding: Any) -> Callable[[Any], Any]:
    """Return `embedding` if it is a function, else a function that looks rows of it up."""
    return embedding if callable(embedding) else lambda ids: embedding_lookup(embedding, ids)


class Helper(abc.ABC):
    """Base class of helpers, which `BasicDecoder` asks at each step."""

    @property
    @abc.abstractmethod
    def batch_size(self) -> Any:
        """The size of the batch, an int32 scalar."""

    @property
    @abc.abstractmethod
    def sample_ids_shape(self) -> Any:
        """The shape of what `sample` returns, without the batch."""

    @property
    @abc.abstractmethod
    def sample_ids_dtype(self) -> Any:
        """The type of what `sample` returns."""

    @abc.abstractmethod
    def initialize(self, name: str | None = None) -> Any:
        """Return (which sequences have ended, first inputs)."""

    @abc.abstractmethod
    def sample(self, time: Any, outputs: Any, state: Any, name: str | None = None) -> Any:
        """Return what the outputs of a step stand for: symbols, say."""

    @abc.abstractmethod
    def next_inputs(self, time: Any, outputs: Any, state: Any, sample_ids: Any, name: str | None = None) -> Any:
        """Return (which sequences have ended, next inputs, next state)."""


class CustomHelper(Helper):
    """A helper made of functions.

    Parameters
    ----------
    initialize_fn : callable
        ``f()`` returns (finished [batch], next inputs).
    sample_fn : callable
        ``f(time=, outputs=, state=)`` returns sample ids.
    next_inputs_fn : callable
        ``f(time=, outputs=, state=, sample_ids=)`` returns (finished [batch], next inputs, next state).
    sample_ids_shape : TensorShape or list, optional
        By default a scalar for each sequence.
    sample_ids_dtype : DType, optional
        By default int32.
    """

    def __init__(
        self,
        initialize_fn: Callable[..., Any],
        sample_fn: Callable[..., Any],
        next_inputs_fn: Callable[..., Any],
        sample_ids_shape: Any = None,
        sample_ids_dtype: Any = None,
    ) -> None:
        self._initialize_fn, self._sample_fn, self._next_inputs_fn = initialize_fn, sample_fn, next_inputs_fn
        self._batch_size: Tensor | None = None
        self._sample_ids_shape = TensorShape(sample_ids_shape or [])
        self._sample_ids_dtype = sample_ids_dtype or dtypes.int32

    @property
    def batch_size(self) -> Any:
        """The size of the batch; `ValueError` before `initialize`."""
        if self._batch_size is None:
            raise ValueError("batch_size is not known before initialize was called")
        return self._batch_size

    @property
    def sample_ids_shape(self) -> TensorShape:
        """The shape of what `sample` returns, without the batch."""
        return self._sample_ids_shape

    @property
    def sample_ids_dtype(self) -> Any:
        """The type of what `sample` returns."""
        return self._sample_ids_dtype

    def initialize(self, name: str | None = None) -> Any:
        """Ask the first function."""
        with name_scope(name, f"{type(self).__name__}Initialize"):
            finished, inputs = self._initialize_fn()
            if self._batch_size is None:
                self._batch_size = size(finished)
        return finished, inputs

    def sample(self, time: Any, outputs: Any, state: Any, name: str | None = None) -> Any:
        """Ask the second function."""
        with name_scope(name, f"{type(self).__name__}Sample", (time, outputs, state)):
            return self._sample_fn(time=time, outputs=outputs, state=state)

    def next_inputs(self, time: Any, outputs: Any, state: Any, sample_ids: Any, name: str | None = None) -> Any:
        """Ask the third function."""
        with name_scope(name, f"{type(self).__name__}NextInputs", (time, outputs, state)):
            return self._next_inputs_fn(time=time, outputs=outputs, state=state, sample_ids=sample_ids)


class TrainingHelper(Helper):
    """Gives the inputs that are there, whatever the outputs; samples are the likeliest classes.

    Parameters
    ----------
    inputs : Tensor [batch, time, ...], or a structure of them
    sequence_length : int32 Tensor [batch]
    time_major : bool
        Whether inputs are [time, batch, ...].
    name : str, optional

    Raises
    ------
    ValueError
        If `sequence_length` is no vector.
    """

    def __init__(self, inputs: Any, sequence_length: Any, time_major: bool = False, name: str | None = None) -> None:
        with name_scope(name, "TrainingHelper", [inputs, sequence_length]):
            inputs = convert_to_tensor(inputs, name="inputs")
            self._inputs = inputs
            if not time_major:
                inputs = nest.map_structure(transpose_batch_time, inputs)
            self._input_arrays = nest.map_structure(as_array, inputs)
            self._sequence_length = convert_to_tensor(sequence_length, name="sequence_length")
            if self._sequence_length.get_shape().ndims != 1:
                raise ValueError(f"sequence_length must be a vector, not of shape {self._sequence_length.get_shape()}")
            self._zero_inputs = nest.map_structure(lambda steps: zeros_like(steps[0, :]), inputs)
            self._batch_size = size(sequence_length)

    @property
    def inputs(self) -> Any:
        """The inputs as they were given."""
        return self._inputs

    @property
    def sequence_length(self) -> Tensor:
        """The lengths of the sequences."""
        return self._sequence_length

    @property
    def batch_size(self) -> Tensor:
        """The size of the batch."""
        return self._batch_size

    @property
    def sample_ids_shape(self) -> TensorShape:
        """A class number for each sequence."""
        return TensorShape([])

    @property
    def sample_ids_dtype(self) -> Any:
        """int32."""
        return dtypes.int32

    def initialize(self, name: str | None = None) -> Any:
        """Return which sequences are empty, and the first step of the inputs."""
        with name_scope(name, "TrainingHelperInitialize"):
            finished = equal(0, self._sequence_length)
            return finished, self._step_unless(reduce_all(finished), 0)

    def _step_unless(self, all_finished: Tensor, time: Any) -> Any:
        """Return the inputs of a step, zeros after the last one."""
        return cond(
            all_finished,
            lambda: self._zero_inputs,
            lambda: nest.map_structure(lambda array: array.read(time), self._input_arrays),
        )

    def sample(  # type: ignore[override]
        self, time: Any, outputs: Any, name: str | None = None, **unused_kwargs: Any
    ) -> Tensor:
        """Return the likeliest class of each output."""
        with name_scope(name, "TrainingHelperSample", [time, outputs]):
            return cast(argmax(outputs, axis=-1), dtypes.int32)

    def next_inputs(  # type: ignore[override]
        self, time: Any, outputs: Any, state: Any, name: str | None = None, **unused_kwargs: Any
    ) -> Any:
        """Return the next step of the inputs."""
        with name_scope(name, "TrainingHelperNextInputs", [time, outputs, state]):
            following = time + 1
            finished = following >= self._sequence_length
            return finished, self._step_unless(reduce_all(finished), following), state


class GreedyEmbeddingHelper(Helper):
    """Embeds the likeliest symbol of each step as the input of the next.

    Parameters
    ----------
    embedding : callable, or Tensor [symbols, size]
        Gives the inputs for symbols.
    start_tokens : int32 Tensor [batch]
    end_token : int32 Tensor []

    Raises
    ------
    ValueError
        If a token is of another rank.
    """

    def __init__(self, embedding: Any, start_tokens: Any, end_token: Any) -> None:
        self._embedding_fn = embedding_function(embedding)
        self._start_tokens = convert_to_tensor(start_tokens, dtype=dtypes.int32, name="start_tokens")
        self._end_token = convert_to_tensor(end_token, dtype=dtypes.int32, name="end_token")
        if self._start_tokens.get_shape().ndims != 1:
            raise ValueError(f"start_tokens must be a vector, not of shape {self._start_tokens.get_shape()}")
        self._batch_size = size(start_tokens)
        if self._end_token.get_shape().ndims != 0:
            raise ValueError(f"end_token must be a scalar, not of shape {self._end_token.get_shape()}")
        self._start_inputs = self._embedding_fn(self._start_tokens)

    @property
    def batch_size(self) -> Tensor:
        """The size of the batch."""
        return self._batch_size

    @property
    def sample_ids_shape(self) -> TensorShape:
        """A symbol for each sequence."""
        return TensorShape([])

    @property
    def sample_ids_dtype(self) -> Any:
        """int32."""
        return dtypes.int32

    def initialize(self, name: str | None = None) -> Any:
        """Return that none has ended, and the embedded start tokens."""
        return tile([False], [self._batch_size]), self._start_inputs

    def sample(self, time: Any, outputs: Any, state: Any, name: str | None = None) -> Tensor:
        """Return the likeliest symbol of each output."""
        return argmax(_single(outputs), axis=-1, output_type=dtypes.int32)

    def next_inputs(self, time: Any, outputs: Any, state: Any, sample_ids: Any, name: str | None = None) -> Any:
        """Return which sequences have ended, and the embedded samples."""
        finished = equal(sample_ids, self._end_token)
        inputs = cond(reduce_all(finished), lambda: self._start_inputs, lambda: self._embedding_fn(sample_ids))
        return finished, inputs, state


def _single(outputs: Any) -> Tensor:
    if not isinstance(outputs, Tensor):
        raise TypeError(f"Expected outputs to be a single Tensor, got: {type(outputs)}")
    return outputs


class SampleEmbeddingHelper(GreedyEmbeddingHelper):
    """Embeds a symbol drawn by the outputs of each step as the input of the next.

    Parameters
    ----------
    embedding, start_tokens, end_token
        See `GreedyEmbeddingHelper`.
    softmax_temperature : float, optional
        Divides the logits: more than 1 makes draws more random.
    seed : int, optional
    """

    def __init__(
        self,
        embedding: Any,
        start_tokens: Any,
        end_token: Any,
        softmax_temperature: Any = None,
        seed: int | None = None,
    ) -> None:
        super().__init__(embedding, start_tokens, end_token)
        self._softmax_temperature = softmax_temperature
        self._seed = seed

    def sample(self, time: Any, outputs: Any, state: Any, name: str | None = None) -> Tensor:
        """Draw a symbol by each output."""
        logits = _single(outputs)
        if self._softmax_temperature is not None:
            logits = logits / self._softmax_temperature
        return categorical_sample(logits=logits, seed=self._seed)


class InferenceHelper(Helper):
    """Makes each step's inputs of the samples of the step before, by functions.

    Parameters
    ----------
    sample_fn : callable
        ``f(outputs)`` returns samples.
    sample_shape : TensorShape or list
    sample_dtype : DType
    start_inputs : Tensor [batch, ...]
    end_fn : callable
        ``f(samples)`` returns bool [batch].
    next_inputs_fn : callable, optional
        ``f(samples)`` returns the next inputs; by default the samples themselves.
    """

    def __init__(
        self,
        sample_fn: Callable[..., Any],
        sample_shape: Any,
        sample_dtype: Any,
        start_inputs: Any,
        end_fn: Callable[..., Any],
        next_inputs_fn: Callable[..., Any] | None = None,
    ) -> None:
        self._sample_fn, self._end_fn, self._next_inputs_fn = sample_fn, end_fn, next_inputs_fn
        self._sample_shape = TensorShape(sample_shape)
        self._sample_dtype = sample_dtype
        self._batch_size = shape_node(start_inputs)[0]
        self._start_inputs = convert_to_tensor(start_inputs, name="start_inputs")

    @property
    def batch_size(self) -> Tensor:
        """The size of the batch."""
        return self._batch_size

    @property
    def sample_ids_shape(self) -> TensorShape:
        """The shape of a sample."""
        return self._sample_shape

    @property
    def sample_ids_dtype(self) -> Any:
        """The type of samples."""
        return self._sample_dtype

    def initialize(self, name: str | None = None) -> Any:
        """Return that none has ended, and the first inputs."""
        return tile([False], [self._batch_size]), self._start_inputs

    def sample(self, time: Any, outputs: Any, state: Any, name: str | None = None) -> Any:
        """Ask `sample_fn`."""
        return self._sample_fn(outputs)

    def next_inputs(self, time: Any, outputs: Any, state: Any, sample_ids: Any, name: str | None = None) -> Any:
        """Ask `next_inputs_fn` and `end_fn`."""
        inputs = sample_ids if self._next_inputs_fn is None else self._next_inputs_fn(sample_ids)
        return self._end_fn(sample_ids), inputs, state
