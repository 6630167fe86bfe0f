"""Decoders that are unrolled in the graph, a step for each of their inputs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from defrun.base import dtypes, nest
from defrun.contrib.rnn.core import Linear
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.ops.array import reshape, stop_gradient
from defrun.ops.array import shape as shape_node
from defrun.ops.cast import cast
from defrun.ops.conv import conv2d
from defrun.ops.creation import zeros
from defrun.ops.elementary import tanh
from defrun.ops.embedding import embedding_lookup
from defrun.ops.join import concat, stack
from defrun.ops.nn import xw_plus_b
from defrun.ops.reduce import argmax, reduce_sum
from defrun.ops.softmax import softmax
from defrun.variables.scope import get_variable, get_variable_scope, variable_scope

LoopFunction = Callable[[Any, int], Any]


def embed_likeliest(embedding: Any, output_projection: Any = None, update_embedding: bool = True) -> LoopFunction:
    """Return a function that looks up the likeliest symbol of the step before."""

    def loop_function(previous: Any, _: int) -> Tensor:
        if output_projection is not None:
            previous = xw_plus_b(previous, output_projection[0], output_projection[1])
        embedded = embedding_lookup(embedding, argmax(previous, 1))
        return embedded if update_embedding else stop_gradient(embedded)

    return loop_function


def check_projection(output_projection: Any, symbols: int, dtype: Any, weights_too: bool = True) -> None:
    """Raise `ValueError` unless the projection [size, symbols] and its bias [symbols] fit."""
    if output_projection is None:
        return
    if weights_too:
        weights = convert_to_tensor(output_projection[0], dtype=dtype)
        weights.get_shape().assert_is_compatible_with([None, symbols])
    biases = convert_to_tensor(output_projection[1], dtype=dtype)
    biases.get_shape().assert_is_compatible_with([symbols])


def rnn_decoder(
    decoder_inputs: Iterable[Any],
    initial_state: Any,
    cell: Any,
    loop_function: LoopFunction | None = None,
    scope: Any = None,
) -> tuple[list[Tensor], Any]:
    """Run `cell` over the inputs, one after the other.

    Parameters
    ----------
    decoder_inputs : list of Tensor [batch, size]
    initial_state : Tensor or structure
        State of the cell.
    cell : RNNCell
    loop_function : callable, optional
        ``f(output of the step before, number of the step)`` gives the next input, in the place of all but the first
        of `decoder_inputs`.
    scope : str or VariableScope, optional

    Returns
    -------
    outputs : list of Tensor [batch, cell.output_size]
    state
        After the last step.
    """
    with variable_scope(scope or "rnn_decoder"):
        state = initial_state
        outputs: list[Tensor] = []
        previous = None
        for number, step in enumerate(decoder_inputs):
            taken = step
            if loop_function is not None and previous is not None:
                with variable_scope("loop_function", reuse=True):
                    taken = loop_function(previous, number)
            if number > 0:
                get_variable_scope().reuse_variables()
            output, state = cell(taken, state)
            outputs.append(output)
            if loop_function is not None:
                previous = output
    return outputs, state


def embedding_rnn_decoder(
    decoder_inputs: list[Any],
    initial_state: Any,
    cell: Any,
    num_symbols: int,
    embedding_size: int,
    output_projection: Any = None,
    feed_previous: bool = False,
    update_embedding_for_previous: bool = True,
    scope: Any = None,
) -> tuple[list[Tensor], Any]:
    """Run `rnn_decoder` over the rows of an embedding.

    Parameters
    ----------
    decoder_inputs : list of int Tensor [batch]
    initial_state : Tensor or structure
    cell : RNNCell
    num_symbols, embedding_size : int
        Shape of the variable ``embedding``.
    output_projection : (weights [size, num_symbols], biases [num_symbols]), optional
        From outputs to symbols, where outputs are fed back.
    feed_previous : bool
        Take the likeliest symbol of each step as the input of the next.
    update_embedding_for_previous : bool
        Whether gradients flow into the rows looked up for that.
    scope : str or VariableScope, optional

    Returns
    -------
    outputs : list of Tensor [batch, cell.output_size]
    state

    Raises
    ------
    ValueError
        If the projection has another shape.
    """
    with variable_scope(scope or "embedding_rnn_decoder") as opened:
        check_projection(output_projection, num_symbols, opened.dtype)
        embedding = get_variable("embedding", [num_symbols, embedding_size])
        loop_function = None
        if feed_previous:
            loop_function = embed_likeliest(embedding, output_projection, update_embedding_for_previous)
        # One at a time, as the steps need them: TensorFlow's nodes stand in that order.
        embedded = (embedding_lookup(embedding, step) for step in decoder_inputs)
        return rnn_decoder(embedded, initial_state, cell, loop_function=loop_function)


class _Heads:
    """Additive attention to `states` [batch, length, size], once for each head."""

    def __init__(self, states: Tensor, heads: int, dtype: Any) -> None:
        self.dtype = dtype
        length = states.get_shape()[1].value
        self.length = shape_node(states)[1] if length is None else length
        self.size = states.get_shape()[2].value
        self.hidden = reshape(states, [-1, self.length, 1, self.size])
        self.features: list[Tensor] = []
        self.weights: list[Any] = []
        for head in range(heads):
            kernel = get_variable(f"AttnW_{head}", [1, 1, self.size, self.size], dtype=dtype)
            self.features.append(conv2d(self.hidden, kernel, [1, 1, 1, 1], "SAME"))
            self.weights.append(get_variable(f"AttnV_{head}", [self.size], dtype=dtype))

    def nothing(self, batch_size: Tensor) -> list[Tensor]:
        """Return zeros in the place of what the heads read."""
        sizes = stack([batch_size, self.size])
        found = [zeros(sizes, dtype=self.dtype) for _ in self.weights]
        for read in found:
            read.set_shape([None, self.size])
        return found

    def __call__(self, query: Any) -> list[Tensor]:
        """Return what each head reads [batch, size] for `query`."""
        if nest.is_sequence(query):
            query = concat(nest.flatten(query), 1)
        found = []
        for head, (features, weights) in enumerate(zip(self.features, self.weights, strict=True)):
            with variable_scope(f"Attention_{head}"):
                asked = Linear(query, self.size, True)(query)
                asked = cast(reshape(asked, [-1, 1, 1, self.size]), self.dtype)
                scores = reduce_sum(weights * tanh(features + asked), [2, 3])
                shares = cast(softmax(cast(scores, dtypes.float32)), self.dtype)
                read = reduce_sum(reshape(shares, [-1, self.length, 1, 1]) * self.hidden, [1, 2])
                found.append(reshape(read, [-1, self.size]))
        return found


def attention_decoder(
    decoder_inputs: list[Any],
    initial_state: Any,
    attention_states: Tensor,
    cell: Any,
    output_size: int | None = None,
    num_heads: int = 1,
    loop_function: LoopFunction | None = None,
    dtype: Any = None,
    scope: Any = None,
    initial_state_attention: bool = False,
) -> tuple[list[Tensor], Any]:
    """Run `cell` over the inputs while it attends to `attention_states`.

    Parameters
    ----------
    decoder_inputs : list of Tensor [batch, size]
    initial_state : Tensor or structure
    attention_states : Tensor [batch, length, attention size]
    cell : RNNCell
    output_size : int, optional
        By default that of the cell.
    num_heads : int
    loop_function : callable, optional
        As of `rnn_decoder`.
    dtype : DType, optional
    scope : str or VariableScope, optional
    initial_state_attention : bool
        Attend before the first step, not only after it.

    Returns
    -------
    outputs : list of Tensor [batch, output_size]
    state

    Raises
    ------
    ValueError
        If there are no inputs or no heads, or a size isn't known.
    """
    if not decoder_inputs:
        raise ValueError("attention_decoder needs at least one input")
    if num_heads < 1:
        raise ValueError(f"attention_decoder needs at least one head, not {num_heads}")
    if attention_states.get_shape()[2].value is None:
        raise ValueError(f"The last axis of attention_states must be known, not {attention_states.get_shape()}")
    size = cell.output_size if output_size is None else output_size
    with variable_scope(scope or "attention_decoder", dtype=dtype) as opened:
        dtype = opened.dtype
        batch_size = shape_node(decoder_inputs[0])[0]
        attend = _Heads(attention_states, num_heads, dtype)
        state, outputs, previous = initial_state, [], None
        reads = attend.nothing(batch_size)
        if initial_state_attention:
            reads = attend(initial_state)
        for number, step in enumerate(decoder_inputs):
            if number > 0:
                get_variable_scope().reuse_variables()
            taken = step
            if loop_function is not None and previous is not None:
                with variable_scope("loop_function", reuse=True):
                    taken = loop_function(previous, number)
            width = taken.get_shape().with_rank(2)[1]
            if width.value is None:
                raise ValueError(f"The size of the input {taken.name} is not known")
            joined = [cast(part, dtype) for part in [taken, *reads]]
            output, state = cell(Linear(joined, width, True)(joined), state)
            if number == 0 and initial_state_attention:
                with variable_scope(get_variable_scope(), reuse=True):
                    reads = attend(state)
            else:
                reads = attend(state)
            with variable_scope("AttnOutputProjection"):
                joined = [cast(output, dtype), *reads]
                output = Linear(joined, size, True)(joined)
            if loop_function is not None:
                previous = output
            outputs.append(output)
    return outputs, state


def embedding_attention_decoder(
    decoder_inputs: list[Any],
    initial_state: Any,
    attention_states: Tensor,
    cell: Any,
    num_symbols: int,
    embedding_size: int,
    num_heads: int = 1,
    output_size: int | None = None,
    output_projection: Any = None,
    feed_previous: bool = False,
    update_embedding_for_previous: bool = True,
    dtype: Any = None,
    scope: Any = None,
    initial_state_attention: bool = False,
) -> tuple[list[Tensor], Any]:
    """Run `attention_decoder` over the rows of an embedding.

    Parameters
    ----------
    decoder_inputs : list of int Tensor [batch]
    num_symbols, embedding_size, output_projection, feed_previous, update_embedding_for_previous
        See `embedding_rnn_decoder`.
    initial_state, attention_states, cell, num_heads, output_size, dtype, scope, initial_state_attention
        See `attention_decoder`.

    Returns
    -------
    outputs : list of Tensor [batch, output_size]
    state

    Raises
    ------
    ValueError
        If the projection has another shape.
    """
    size = cell.output_size if output_size is None else output_size
    check_projection(output_projection, num_symbols, dtype, weights_too=False)
    with variable_scope(scope or "embedding_attention_decoder", dtype=dtype):
        embedding = get_variable("embedding", [num_symbols, embedding_size])
        loop_function = None
        if feed_previous:
            loop_function = embed_likeliest(embedding, output_projection, update_embedding_for_previous)
        embedded = [embedding_lookup(embedding, step) for step in decoder_inputs]
        return attention_decoder(
            embedded,
            initial_state,
            attention_states,
            cell,
            output_size=size,
            num_heads=num_heads,
            loop_function=loop_function,
            initial_state_attention=initial_state_attention,
        )
