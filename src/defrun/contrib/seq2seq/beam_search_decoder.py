"""`BeamSearchDecoder`: keeps the likeliest few sequences at each step."""

from __future__ import annotations

import collections
from typing import Any

import numpy as np

from defrun.base import dtypes, logging, nest
from defrun.base.shapes import TensorShape
from defrun.contrib.seq2seq.basic_decoder import size_after
from defrun.contrib.seq2seq.beam_scores import (
    BeamSearchDecoderOutput,
    BeamSearchDecoderState,
    attention_probabilities,
    search_step,
)
from defrun.contrib.seq2seq.beam_tensors import (
    assert_beams,
    check_rank,
    in_order_of_beams,
    known_int,
    may_be_beams,
)
from defrun.contrib.seq2seq.decoder import Decoder
from defrun.contrib.seq2seq.helper import embedding_function
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import control_dependencies, name_scope
from defrun.graph.static import constant_value
from defrun.layers.base import Layer
from defrun.ops.arrange import tile
from defrun.ops.array import expand_dims, reshape, size
from defrun.ops.array import shape as shape_node
from defrun.ops.beams import gather_tree
from defrun.ops.cast import cast
from defrun.ops.control import cond
from defrun.ops.creation import one_hot, zeros
from defrun.ops.join import concat
from defrun.ops.reduce import reduce_all, reduce_max
from defrun.ops.tensor_array.tensor_array import TensorArray
from defrun.rnn.cell import assert_like_rnncell


class FinalBeamSearchDecoderOutput(
    collections.namedtuple("FinalBeamDecoderOutput", ("predicted_ids", "beam_search_decoder_output"))
):
    """The sequences found [time, batch, beams], and what the steps gave."""

    __slots__ = ()


class BeamSearchDecoder(Decoder):
    """Runs a cell for several sequences of each example, and goes on with the likeliest.

    Parameters
    ----------
    cell : RNNCell
    embedding : callable, or Tensor [symbols, size]
    start_tokens : int32 Tensor [batch]
    end_token : int32 Tensor []
    initial_state : Tensor or structure [batch * beam_width, ...]
        See `tile_batch`.
    beam_width : int
    output_layer : Layer, optional
        From outputs to logits.
    length_penalty_weight : float
        Scores are divided by ``((5 + length) / 6) ** length_penalty_weight``.
    coverage_penalty_weight : float
        How much it counts that parts of the memory were not read.
    reorder_tensor_arrays : bool
        Put TensorArrays in the state in the order of the beams at the end.

    Raises
    ------
    TypeError, ValueError
        If an argument is of another kind or shape.
    """

    def __init__(
        self,
        cell: Any,
        embedding: Any,
        start_tokens: Any,
        end_token: Any,
        initial_state: Any,
        beam_width: int,
        output_layer: Any = None,
        length_penalty_weight: Any = 0.0,
        coverage_penalty_weight: Any = 0.0,
        reorder_tensor_arrays: bool = True,
    ) -> None:
        assert_like_rnncell("cell", cell)
        if output_layer is not None and not isinstance(output_layer, Layer):
            raise TypeError(f"output_layer must be a Layer, received: {type(output_layer)}")
        self._cell = cell
        self._output_layer = output_layer
        self._reorder_tensor_arrays = reorder_tensor_arrays
        self._beam_width = beam_width
        self._length_penalty_weight = length_penalty_weight
        self._coverage_penalty_weight = coverage_penalty_weight
        self._embedding_fn = embedding_function(embedding)
        self._start_tokens = convert_to_tensor(start_tokens, dtype=dtypes.int32, name="start_tokens")
        if self._start_tokens.get_shape().ndims != 1:
            raise ValueError(f"start_tokens must be a vector, not of shape {self._start_tokens.get_shape()}")
        self._end_token = convert_to_tensor(end_token, dtype=dtypes.int32, name="end_token")
        if self._end_token.get_shape().ndims != 0:
            raise ValueError(f"end_token must be a scalar, not of shape {self._end_token.get_shape()}")
        self._batch_size = size(start_tokens)
        self._initial_cell_state = nest.map_structure(self._split_beams, initial_state, cell.state_size)
        self._start_tokens = tile(expand_dims(self._start_tokens, 1), [1, beam_width])
        self._start_inputs = self._embedding_fn(self._start_tokens)
        self._finished = one_hot(
            zeros([self._batch_size], dtype=dtypes.int32),
            depth=beam_width,
            on_value=False,
            off_value=True,
            dtype=dtypes.bool,
        )

    @property
    def batch_size(self) -> Tensor:
        """The size of the batch."""
        return self._batch_size

    @property
    def tracks_own_finished(self) -> bool:
        """True: beams move, so what has ended is not what had ended before."""
        return True

    @property
    def output_size(self) -> BeamSearchDecoderOutput:
        """The sizes of the outputs of a step."""
        return BeamSearchDecoderOutput(*(TensorShape([self._beam_width]) for _ in range(3)))

    @property
    def output_dtype(self) -> BeamSearchDecoderOutput:
        """The types of the outputs."""
        dtype = nest.flatten(self._initial_cell_state)[0].dtype
        scores = nest.map_structure(lambda _: dtype, size_after(self._cell, self._output_layer))
        return BeamSearchDecoderOutput(scores=scores, predicted_ids=dtypes.int32, parent_ids=dtypes.int32)

    def initialize(self, name: str | None = None) -> Any:
        """Return (which beams have ended, first inputs, first state): one beam of each example is likely."""
        dtype = nest.flatten(self._initial_cell_state)[0].dtype
        log_probs = one_hot(
            zeros([self._batch_size], dtype=dtypes.int32),
            depth=self._beam_width,
            on_value=convert_to_tensor(0.0, dtype=dtype),
            off_value=convert_to_tensor(-np.inf, dtype=dtype),
            dtype=dtype,
        )
        probs = attention_probabilities(self._initial_cell_state, self._coverage_penalty_weight)
        state = BeamSearchDecoderState(
            cell_state=self._initial_cell_state,
            log_probs=log_probs,
            finished=self._finished,
            lengths=zeros([self._batch_size, self._beam_width], dtype=dtypes.int64),
            accumulated_attention_probs=() if probs is None else probs,
        )
        return self._finished, self._start_inputs, state

    def step(self, time: Any, inputs: Any, state: Any, name: str | None = None) -> Any:
        """Return (outputs, next state, next inputs, which beams have ended)."""
        with name_scope(name, "BeamSearchDecoderStep", (time, inputs, state)):
            inputs = nest.map_structure(lambda each: self._merged(each, each.shape[2:]), inputs)
            cell_state = nest.map_structure(self._merge_beams, state.cell_state, self._cell.state_size)
            outputs, next_cell_state = self._cell(inputs, cell_state)
            outputs = nest.map_structure(lambda each: self._split(each, each.shape[1:]), outputs)
            next_cell_state = nest.map_structure(self._split_beams, next_cell_state, self._cell.state_size)
            if self._output_layer is not None:
                outputs = self._output_layer(outputs)
            found, next_state = search_step(
                time=time,
                logits=outputs,
                next_cell_state=next_cell_state,
                beam_state=state,
                batch_size=self._batch_size,
                beam_width=self._beam_width,
                end_token=self._end_token,
                length_penalty_weight=self._length_penalty_weight,
                coverage_penalty_weight=self._coverage_penalty_weight,
            )
            finished, ids = next_state.finished, found.predicted_ids
            next_inputs = cond(reduce_all(finished), lambda: self._start_inputs, lambda: self._embedding_fn(ids))
        return found, next_state, next_inputs, finished

    def finalize(self, outputs: Any, final_state: Any, sequence_lengths: Any) -> Any:
        """Return the sequences that were found, and the state with its arrays in their order."""
        longest = cast(reduce_max(final_state.lengths, axis=1), dtypes.int32)
        ids = gather_tree(
            outputs.predicted_ids, outputs.parent_ids, max_sequence_lengths=longest, end_token=self._end_token
        )
        if self._reorder_tensor_arrays:
            final_state = final_state._replace(
                cell_state=nest.map_structure(
                    lambda t: self._in_order(t, outputs.parent_ids, final_state.lengths), final_state.cell_state
                )
            )
        return FinalBeamSearchDecoderOutput(beam_search_decoder_output=outputs, predicted_ids=ids), final_state

    # -- [batch, beams, ...] and [batch * beams, ...] ------------------------------------------------------------------

    def _merged(self, t: Tensor, inner: Any) -> Tensor:
        inner = _shape_of(inner)
        sizes = shape_node(t)
        rows = known_int(self._batch_size)
        merged = reshape(t, concat(([self._batch_size * self._beam_width], sizes[2:]), 0))
        merged.set_shape(TensorShape([None if rows is None else rows * self._beam_width]).concatenate(inner))
        return merged

    def _split(self, t: Tensor, inner: Any) -> Tensor:
        inner = _shape_of(inner)
        sizes = shape_node(t)
        split = reshape(t, concat(([self._batch_size, self._beam_width], sizes[1:]), 0))
        wanted = TensorShape([known_int(self._batch_size), self._beam_width]).concatenate(inner)
        if not split.shape.is_compatible_with(wanted):
            raise ValueError(
                f"A tensor of shape {t.shape} gives beams of shape {split.shape}, not {wanted}: was zero_state called "
                "with the size of the batch times beam_width?"
            )
        split.set_shape(wanted)
        return split

    def _split_beams(self, t: Any, inner: Any) -> Any:
        if isinstance(t, TensorArray):
            return t
        check_rank(t)
        return self._split(t, inner) if t.shape.ndims >= 1 else t

    def _merge_beams(self, t: Any, inner: Any) -> Any:
        if isinstance(t, TensorArray):
            return t
        check_rank(t)
        return self._merged(t, inner) if t.shape.ndims >= 2 else t

    def _in_order(self, t: Any, parent_ids: Tensor, lengths: Tensor) -> Any:
        """Return a TensorArray of the state as a tensor in the order of the beams; all else as it is."""
        if not isinstance(t, TensorArray):
            return t
        if not t.element_shape.ndims:
            logging.warn(
                "The TensorArray %s in the state keeps the order of the search: the rank of its elements is %s.",
                t.handle.name,
                t.element_shape.ndims,
            )
            return t
        if not may_be_beams(t.element_shape, known_int(self._batch_size), self._beam_width):
            return t
        stacked = t.stack()
        with control_dependencies([assert_beams(stacked, self._batch_size, self._beam_width)]):
            return in_order_of_beams(stacked, parent_ids, lengths)


def _shape_of(inner: Any) -> TensorShape:
    return TensorShape(constant_value(inner)) if isinstance(inner, Tensor) else TensorShape(inner)
