"""`AttentionWrapper`: a cell that reads a memory at each step."""

from __future__ import annotations

import collections
from collections.abc import Iterable
from typing import Any

from defrun.base import dtypes, nest
from defrun.base.shapes import TensorShape, dimension_value
from defrun.contrib.framework.tensors import with_same_shape
from defrun.contrib.seq2seq.attention import AttentionMechanism
from defrun.graph.operation import Tensor
from defrun.graph.scopes import control_dependencies, name_scope
from defrun.layers.core import Dense
from defrun.ops.array import expand_dims, identity, squeeze
from defrun.ops.array import shape as shape_node
from defrun.ops.asserts import assert_equal
from defrun.ops.creation import zeros
from defrun.ops.join import concat
from defrun.ops.matrix import matmul
from defrun.ops.tensor_array.tensor_array import TensorArray
from defrun.rnn.cell import RNNCell, assert_like_rnncell
from defrun.rnn.shapes import zero_state_tensors


class AttentionWrapperState(
    collections.namedtuple(
        "AttentionWrapperState",
        ("cell_state", "attention", "time", "alignments", "alignment_history", "attention_state"),
    )
):
    """The state of an `AttentionWrapper`.

    Attributes
    ----------
    cell_state
        Of the wrapped cell.
    attention : Tensor [batch, size]
        What was read at the step before.
    time : int32 Tensor []
    alignments : Tensor [batch, length], or a tuple of them
        From where it was read.
    alignment_history : TensorArray, or ()
        The alignments of all steps, if they are kept.
    attention_state
        Of the mechanism.
    """

    __slots__ = ()

    def clone(self, **kwargs: Any) -> AttentionWrapperState:
        """Return a copy with other values for some fields, which must have the shapes of the old ones."""

        def checked(old: Any, new: Any) -> Any:
            return with_same_shape(old, new) if isinstance(old, Tensor) and isinstance(new, Tensor) else new

        return nest.map_structure(checked, self, self._replace(**kwargs))


def _compute_attention(
    attention_mechanism: Any, cell_output: Tensor, attention_state: Any, attention_layer: Any
) -> Any:
    """Return (attention, alignments, next state) of a step."""
    alignments, next_state = attention_mechanism(cell_output, state=attention_state)
    read = squeeze(matmul(expand_dims(alignments, 1), attention_mechanism.values), [1])
    attention = read if attention_layer is None else attention_layer(concat([cell_output, read], 1))
    return attention, alignments, next_state


class AttentionWrapper(RNNCell):
    """Wraps a cell: its input is joined with what was read before, and its output reads the memory anew.

    Parameters
    ----------
    cell : RNNCell
    attention_mechanism : AttentionMechanism, or list of them
    attention_layer_size : int or list of int, optional
        Size of a layer over output and what was read, which makes the attention; without it that is what was read.
    alignment_history : bool
        Keep the alignments of all steps.
    cell_input_fn : callable, optional
        ``f(inputs, attention)``; by default they are joined.
    output_attention : bool
        Whether the output is the attention, or the cell's.
    initial_cell_state : structure, optional
        For `zero_state`.
    name : str, optional
    attention_layer : Layer or list of Layer, optional
        In the place of `attention_layer_size`.
    attention_fn : callable, optional
        In the place of the function used otherwise.
    dtype : DType, optional

    Raises
    ------
    TypeError, ValueError
        If an argument is of another kind, or there are not as many layers as mechanisms.
    """

    def __init__(
        self,
        cell: Any,
        attention_mechanism: Any,
        attention_layer_size: Any = None,
        alignment_history: bool = False,
        cell_input_fn: Any = None,
        output_attention: bool = True,
        initial_cell_state: Any = None,
        name: str | None = None,
        attention_layer: Any = None,
        attention_fn: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(name=name, dtype=dtype)
        assert_like_rnncell("cell", cell)
        self._is_multi = isinstance(attention_mechanism, (list, tuple))
        self._attention_mechanisms = attention_mechanism if self._is_multi else (attention_mechanism,)
        for mechanism in self._attention_mechanisms:
            if not isinstance(mechanism, AttentionMechanism):
                raise TypeError(
                    f"attention_mechanism must be an AttentionMechanism, saw type: {type(mechanism).__name__}"
                )
        if cell_input_fn is not None and not callable(cell_input_fn):
            raise TypeError(f"cell_input_fn must be callable, saw type: {type(cell_input_fn).__name__}")
        self._cell_input_fn = cell_input_fn or (lambda inputs, attention: concat([inputs, attention], -1))
        if attention_layer_size is not None and attention_layer is not None:
            raise ValueError("Only one of attention_layer_size and attention_layer should be set")
        self._cell = cell
        self._attention_layers: tuple[Any, ...] | None = None
        self._attention_layer_size = self._make_layers(attention_layer_size, attention_layer)
        self._attention_fn = attention_fn or _compute_attention
        self._output_attention = output_attention
        self._alignment_history = alignment_history
        with name_scope(name, "AttentionWrapperInit"):
            self._initial_cell_state = initial_cell_state
            if initial_cell_state is not None:
                last = nest.flatten(initial_cell_state)[-1]
                rows = dimension_value(last.shape[0]) or shape_node(last)[0]
                with control_dependencies(self._check_batch(rows, "initial_cell_state")):
                    self._initial_cell_state = nest.map_structure(
                        lambda s: identity(s, name="check_initial_cell_state"), initial_cell_state
                    )

    def _make_layers(self, sizes: Any, layers: Any) -> Any:
        """Set the attention layers; return the size of what comes of them together."""
        mechanisms = self._attention_mechanisms
        if sizes is None and layers is None:
            return sum(dimension_value(m.values.shape[-1]) for m in mechanisms)
        given = sizes if sizes is not None else layers
        given = tuple(given) if isinstance(given, (list, tuple)) else (given,)
        if len(given) != len(mechanisms):
            raise ValueError(
                f"There must be one attention layer for each mechanism, saw: {len(given)} vs {len(mechanisms)}"
            )
        if sizes is not None:
            self._attention_layers = tuple(
                Dense(size, name="attention_layer", use_bias=False, dtype=m.dtype)
                for size, m in zip(given, mechanisms, strict=True)
            )
            return sum(given)
        self._attention_layers = given
        return sum(
            dimension_value(
                layer.compute_output_shape([None, self._cell.output_size + dimension_value(m.values.shape[-1])])[-1]
            )
            for layer, m in zip(given, mechanisms, strict=True)
        )

    def _check_batch(self, batch_size: Any, what: str) -> list[Any]:
        message = (
            f"AttentionWrapper {self._base_name}: the batch sizes of the memory (encoder output) and of {what} differ. "
            "With a BeamSearchDecoder both must be tiled by tf.contrib.seq2seq.tile_batch with multiple=beam_width."
        )
        return [assert_equal(batch_size, m.batch_size, message=message) for m in self._attention_mechanisms]

    def _one_or_all(self, items: Iterable[Any]) -> Any:
        found = tuple(items)
        return found if self._is_multi else found[0]

    @property
    def output_size(self) -> Any:
        """The size of the attention, or of the cell's output."""
        return self._attention_layer_size if self._output_attention else self._cell.output_size

    @property
    def state_size(self) -> AttentionWrapperState:
        """The sizes of the state."""
        mechanisms = self._attention_mechanisms
        kept = [m.alignments_size if self._alignment_history else () for m in mechanisms]
        return AttentionWrapperState(
            cell_state=self._cell.state_size,
            time=TensorShape([]),
            attention=self._attention_layer_size,
            alignments=self._one_or_all(m.alignments_size for m in mechanisms),
            attention_state=self._one_or_all(m.state_size for m in mechanisms),
            alignment_history=self._one_or_all(kept),
        )

    def zero_state(self, batch_size: Any, dtype: Any) -> AttentionWrapperState:
        """Return the state before the first step: zeros, and the initial state of the cell if one was given."""
        with name_scope(f"{type(self).__name__}ZeroState", values=[batch_size]):
            cell_state = self._initial_cell_state
            if cell_state is None:
                cell_state = self._cell.get_initial_state(batch_size=batch_size, dtype=dtype)
            with control_dependencies(self._check_batch(batch_size, "zero_state")):
                cell_state = nest.map_structure(lambda s: identity(s, name="checked_cell_state"), cell_state)
            mechanisms = self._attention_mechanisms
            alignments = [m.initial_alignments(batch_size, dtype) for m in mechanisms]
            return AttentionWrapperState(
                cell_state=cell_state,
                time=zeros([], dtype=dtypes.int32),
                attention=zero_state_tensors(self._attention_layer_size, batch_size, dtype),
                alignments=self._one_or_all(alignments),
                attention_state=self._one_or_all(m.initial_state(batch_size, dtype) for m in mechanisms),
                alignment_history=self._one_or_all(
                    TensorArray(dtype, size=0, dynamic_size=True, element_shape=a.shape)
                    if self._alignment_history
                    else ()
                    for a in alignments
                ),
            )

    def call(self, inputs: Any, state: Any) -> Any:  # type: ignore[override]
        """Run a step; return (output, next state)."""
        if not isinstance(state, AttentionWrapperState):
            raise TypeError(f"Expected state to be an AttentionWrapperState, received type {type(state)}")
        cell_output, cell_state = self._cell(self._cell_input_fn(inputs, state.attention), state.cell_state)
        rows = dimension_value(cell_output.shape[0]) or shape_node(cell_output)[0]
        with control_dependencies(self._check_batch(rows, "the query (decoder output)")):
            cell_output = identity(cell_output, name="checked_cell_output")
        states = state.attention_state if self._is_multi else [state.attention_state]
        histories = state.alignment_history if self._is_multi else [state.alignment_history]
        attentions, alignments, next_states, next_histories = [], [], [], []
        for i, mechanism in enumerate(self._attention_mechanisms):
            layer = self._attention_layers[i] if self._attention_layers else None
            attention, aligned, next_state = self._attention_fn(mechanism, cell_output, states[i], layer)
            next_histories.append(histories[i].write(state.time, aligned) if self._alignment_history else ())
            next_states.append(next_state)
            alignments.append(aligned)
            attentions.append(attention)
        attention = concat(attentions, 1)
        following = AttentionWrapperState(
            time=state.time + 1,
            cell_state=cell_state,
            attention=attention,
            attention_state=self._one_or_all(next_states),
            alignments=self._one_or_all(alignments),
            alignment_history=self._one_or_all(next_histories),
        )
        return (attention if self._output_attention else cell_output), following
