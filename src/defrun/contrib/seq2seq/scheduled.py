"""Training helpers that sometimes feed the decoder its own outputs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from defrun.base import dtypes, nest
from defrun.contrib.seq2seq.helper import TrainingHelper, as_array, embedding_function
from defrun.contrib.seq2seq.sampling import bernoulli_sample, categorical_sample
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.array import shape as shape_node
from defrun.ops.cast import cast
from defrun.ops.compare import logical_not, logical_or
from defrun.ops.control import cond
from defrun.ops.creation import fill
from defrun.ops.gather import gather_nd, scatter_nd
from defrun.ops.join import concat
from defrun.ops.reduce import reduce_all, reduce_any
from defrun.ops.select import where
from defrun.rnn.shapes import transpose_batch_time


def _probability(value: Any) -> Tensor:
    tensor = convert_to_tensor(value, name="sampling_probability")
    if tensor.get_shape().ndims not in (0, 1):
        raise ValueError(f"sampling_probability must be a scalar or a vector, not of shape {tensor.get_shape()}")
    return tensor


def _mixed(where_new: Tensor, new: Any, where_old: Tensor, old: Any, like: Tensor) -> Tensor:
    """Put rows of two sources together; the places of each are [n, 1]."""
    sizes = shape_node(like)
    placed = scatter_nd(indices=where_new, updates=new, shape=sizes)
    return placed + scatter_nd(indices=where_old, updates=old, shape=sizes)


class ScheduledEmbeddingTrainingHelper(TrainingHelper):
    """Feeds, with some probability, an embedded draw from the outputs in the place of the input that is there.

    Parameters
    ----------
    inputs, sequence_length, time_major, name
        See `TrainingHelper`.
    embedding : callable, or Tensor [symbols, size]
    sampling_probability : float Tensor [] or [batch]
    seed : int, optional
        Of the draws.
    scheduling_seed : int, optional
        Of the choice when to draw.

    Raises
    ------
    ValueError
        If the probability has more than one axis.
    """

    def __init__(
        self,
        inputs: Any,
        sequence_length: Any,
        embedding: Any,
        sampling_probability: Any,
        time_major: bool = False,
        seed: int | None = None,
        scheduling_seed: int | None = None,
        name: str | None = None,
    ) -> None:
        with name_scope(name, "ScheduledEmbeddingSamplingWrapper", [embedding, sampling_probability]):
            self._embedding_fn = embedding_function(embedding)
            self._sampling_probability = _probability(sampling_probability)
            self._seed, self._scheduling_seed = seed, scheduling_seed
            super().__init__(inputs=inputs, sequence_length=sequence_length, time_major=time_major, name=name)

    def sample(self, time: Any, outputs: Any, state: Any, name: str | None = None) -> Tensor:  # type: ignore[override]
        """Return a drawn class where the next input is to be one, else -1."""
        with name_scope(name, "ScheduledEmbeddingTrainingHelperSample", [time, outputs, state]):
            draws = bernoulli_sample(
                probs=self._sampling_probability,
                dtype=dtypes.bool,
                sample_shape=self.batch_size,
                seed=self._scheduling_seed,
            )
            classes = categorical_sample(logits=outputs, seed=self._seed)
            return where(draws, classes, fill([self.batch_size], -1))

    def next_inputs(  # type: ignore[override]
        self, time: Any, outputs: Any, state: Any, sample_ids: Any, name: str | None = None
    ) -> Any:
        """Return the next inputs, with embedded samples where there are any."""
        with name_scope(name, "ScheduledEmbeddingTrainingHelperNextInputs", [time, outputs, state, sample_ids]):
            finished, given, state = super().next_inputs(
                time=time, outputs=outputs, state=state, sample_ids=sample_ids, name=name
            )

            def with_samples() -> Tensor:
                sampled = cast(where(sample_ids > -1), dtypes.int32)
                others = cast(where(sample_ids <= -1), dtypes.int32)
                ids = gather_nd(sample_ids, sampled)
                kept = gather_nd(given, others)
                return _mixed(sampled, self._embedding_fn(ids), others, kept, given)

            return finished, cond(reduce_all(finished), lambda: given, with_samples), state


class ScheduledOutputTrainingHelper(TrainingHelper):
    """Feeds, with some probability, the output of the step before in the place of the input that is there.

    Parameters
    ----------
    inputs, sequence_length, time_major, name
        See `TrainingHelper`.
    sampling_probability : float Tensor [] or [batch]
    seed : int, optional
        Of the choice when to do so.
    next_inputs_fn : callable, optional
        ``f(outputs)`` makes inputs of outputs.
    auxiliary_inputs : Tensor, optional
        Put behind inputs and outputs alike.

    Raises
    ------
    ValueError
        If the probability has more than one axis.
    """

    def __init__(
        self,
        inputs: Any,
        sequence_length: Any,
        sampling_probability: Any,
        time_major: bool = False,
        seed: int | None = None,
        next_inputs_fn: Callable[..., Any] | None = None,
        auxiliary_inputs: Any = None,
        name: str | None = None,
    ) -> None:
        with name_scope(name, "ScheduledOutputTrainingHelper", [inputs, auxiliary_inputs, sampling_probability]):
            self._sampling_probability = _probability(sampling_probability)
            joined = inputs
            self._auxiliary_arrays = None
            if auxiliary_inputs is not None:
                inputs = convert_to_tensor(inputs, name="inputs")
                more = convert_to_tensor(auxiliary_inputs, name="auxiliary_inputs")
                joined = nest.map_structure(lambda x, y: concat((x, y), -1), inputs, more)
                if not time_major:
                    more = nest.map_structure(transpose_batch_time, more)
                self._auxiliary_arrays = nest.map_structure(as_array, more)
            self._seed = seed
            self._next_inputs_fn = next_inputs_fn
            super().__init__(inputs=joined, sequence_length=sequence_length, time_major=time_major, name=name)

    def sample(self, time: Any, outputs: Any, state: Any, name: str | None = None) -> Tensor:  # type: ignore[override]
        """Return 1 where the next input is to be made of the output, else 0."""
        with name_scope(name, "ScheduledOutputTrainingHelperSample", [time, outputs, state]):
            return bernoulli_sample(probs=self._sampling_probability, sample_shape=self.batch_size, seed=self._seed)

    def next_inputs(  # type: ignore[override]
        self, time: Any, outputs: Any, state: Any, sample_ids: Any, name: str | None = None
    ) -> Any:
        """Return the next inputs, with those made of outputs where that was drawn."""
        with name_scope(name, "ScheduledOutputTrainingHelperNextInputs", [time, outputs, state, sample_ids]):
            finished, given, state = super().next_inputs(
                time=time, outputs=outputs, state=state, sample_ids=sample_ids, name=name
            )
            drawn = cast(sample_ids, dtypes.bool)

            def with_more(made: Any, places: Any = None) -> Any:
                if self._auxiliary_arrays is None:
                    return made
                following = time + 1
                more = nest.map_structure(lambda array: array.read(following), self._auxiliary_arrays)
                if places is not None:
                    more = gather_nd(more, places)
                return nest.map_structure(lambda x, y: concat((x, y), -1), made, more)

            def with_outputs() -> Tensor:
                if self._next_inputs_fn is None:
                    return where(drawn, with_more(outputs), given)
                sampled = cast(where(drawn), dtypes.int32)
                others = cast(where(logical_not(drawn)), dtypes.int32)
                taken = gather_nd(outputs, sampled)
                kept = gather_nd(given, others)
                return _mixed(sampled, with_more(self._next_inputs_fn(taken), sampled), others, kept, given)

            all_finished = reduce_all(finished)
            none_drawn = logical_not(reduce_any(drawn))
            return finished, cond(logical_or(all_finished, none_drawn), lambda: given, with_outputs), state
