"""Models that read one sequence and write another, unrolled in the graph."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from defrun.base import dtypes, nest
from defrun.contrib.legacy_seq2seq.decoders import (
    LoopFunction,
    check_projection,
    embed_likeliest,
    embedding_attention_decoder,
    embedding_rnn_decoder,
    rnn_decoder,
)
from defrun.contrib.rnn.core import EmbeddingWrapper, OutputProjectionWrapper
from defrun.graph.operation import Tensor
from defrun.ops.array import reshape
from defrun.ops.array import shape as shape_node
from defrun.ops.control import cond
from defrun.ops.embedding import embedding_lookup
from defrun.ops.join import concat
from defrun.rnn.cell import RNNCell
from defrun.rnn.static import static_rnn
from defrun.variables.scope import get_variable, get_variable_scope, variable_scope

Decoded = tuple[list[Tensor], Any]


def basic_rnn_seq2seq(
    encoder_inputs: list[Any], decoder_inputs: list[Any], cell: Any, dtype: Any = dtypes.float32, scope: Any = None
) -> Decoded:
    """Run a copy of `cell` over the encoder's inputs, then `cell` from there over the decoder's.

    Parameters
    ----------
    encoder_inputs, decoder_inputs : list of Tensor [batch, size]
    cell : RNNCell
    dtype : DType
        Of the first state.
    scope : str or VariableScope, optional

    Returns
    -------
    outputs : list of Tensor [batch, cell.output_size]
        Of the decoder.
    state
        Of the decoder after its last step.
    """
    with variable_scope(scope or "basic_rnn_seq2seq"):
        _, state = static_rnn(copy.deepcopy(cell), encoder_inputs, dtype=dtype)
        return rnn_decoder(decoder_inputs, state, cell)


def tied_rnn_seq2seq(
    encoder_inputs: list[Any],
    decoder_inputs: list[Any],
    cell: Any,
    loop_function: LoopFunction | None = None,
    dtype: Any = dtypes.float32,
    scope: Any = None,
) -> Decoded:
    """Run `cell` over the encoder's inputs and go on over the decoder's, with the same variables.

    Parameters
    ----------
    encoder_inputs, decoder_inputs : list of Tensor [batch, size]
    cell : RNNCell
    loop_function : callable, optional
        As of `rnn_decoder`.
    dtype : DType
    scope : str or VariableScope, optional

    Returns
    -------
    outputs : list of Tensor [batch, cell.output_size]
    state
    """
    with variable_scope("combined_tied_rnn_seq2seq"):
        scope = scope or "tied_rnn_seq2seq"
        _, state = static_rnn(cell, encoder_inputs, dtype=dtype, scope=scope)
        get_variable_scope().reuse_variables()
        return rnn_decoder(decoder_inputs, state, cell, loop_function=loop_function, scope=scope)


def _chosen(feed_previous: Any, decode: Callable[[bool], Decoded], steps: int, like: Callable[[], Any]) -> Decoded:
    """Build both ways to decode, with the same variables, and choose between them inside the graph."""

    def branch(feeds: bool) -> list[Tensor]:
        with variable_scope(get_variable_scope(), reuse=None if feeds else True):
            outputs, state = decode(feeds)
            return outputs + (nest.flatten(state) if nest.is_sequence(state) else [state])

    found = cond(feed_previous, lambda: branch(True), lambda: branch(False))
    states = found[steps:]
    structure = like()
    if nest.is_sequence(structure):
        return found[:steps], nest.pack_sequence_as(structure=structure, flat_sequence=states)
    return found[:steps], states[0]


def embedding_rnn_seq2seq(
    encoder_inputs: list[Any],
    decoder_inputs: list[Any],
    cell: Any,
    num_encoder_symbols: int,
    num_decoder_symbols: int,
    embedding_size: int,
    output_projection: Any = None,
    feed_previous: Any = False,
    dtype: Any = None,
    scope: Any = None,
) -> Decoded:
    """Embed symbols, encode them, and decode symbols from there.

    Parameters
    ----------
    encoder_inputs, decoder_inputs : list of int Tensor [batch]
    cell : RNNCell
        The encoder runs a copy of it.
    num_encoder_symbols, num_decoder_symbols, embedding_size : int
        Shapes of the two embeddings.
    output_projection : (weights, biases), optional
        From outputs to symbols where outputs are fed back; without it outputs are projected to symbols themselves.
    feed_previous : bool or bool Tensor []
        Feed the likeliest symbol of each step to the next.
    dtype : DType, optional
    scope : str or VariableScope, optional

    Returns
    -------
    outputs : list of Tensor [batch, num_decoder_symbols], or [batch, cell.output_size] with `output_projection`
    state
    """
    with variable_scope(scope or "embedding_rnn_seq2seq") as opened:
        if dtype is not None:
            opened.set_dtype(dtype)
        else:
            dtype = opened.dtype
        encoder = EmbeddingWrapper(
            copy.deepcopy(cell), embedding_classes=num_encoder_symbols, embedding_size=embedding_size
        )
        _, encoded = static_rnn(encoder, encoder_inputs, dtype=dtype)
        if output_projection is None:
            cell = OutputProjectionWrapper(cell, num_decoder_symbols)

        def decode(feeds: bool, **options: Any) -> Decoded:
            return embedding_rnn_decoder(
                decoder_inputs,
                encoded,
                cell,
                num_decoder_symbols,
                embedding_size,
                output_projection=output_projection,
                feed_previous=feeds,
                **options,
            )

        if isinstance(feed_previous, bool):
            return decode(feed_previous)
        frozen = {"update_embedding_for_previous": False}
        return _chosen(feed_previous, lambda f: decode(f, **frozen), len(decoder_inputs), lambda: encoded)


def embedding_tied_rnn_seq2seq(
    encoder_inputs: list[Any],
    decoder_inputs: list[Any],
    cell: Any,
    num_symbols: int,
    embedding_size: int,
    num_decoder_symbols: int | None = None,
    output_projection: Any = None,
    feed_previous: Any = False,
    dtype: Any = None,
    scope: Any = None,
) -> Decoded:
    """`embedding_rnn_seq2seq` with one embedding and one cell for both sides.

    Parameters
    ----------
    encoder_inputs, decoder_inputs : list of int Tensor [batch]
    cell : RNNCell
    num_symbols, embedding_size : int
        Shape of the embedding.
    num_decoder_symbols : int, optional
        Of the outputs, by default `num_symbols`.
    output_projection, feed_previous, dtype, scope
        See `embedding_rnn_seq2seq`.

    Returns
    -------
    outputs : list of Tensor
    state

    Raises
    ------
    ValueError
        If the projection has another shape.
    """
    with variable_scope(scope or "embedding_tied_rnn_seq2seq", dtype=dtype) as opened:
        dtype = opened.dtype
        check_projection(output_projection, num_symbols, dtype)
        embedding = get_variable("embedding", [num_symbols, embedding_size], dtype=dtype)
        encoded = [embedding_lookup(embedding, step) for step in encoder_inputs]
        given = [embedding_lookup(embedding, step) for step in decoder_inputs]
        if output_projection is None:
            cell = OutputProjectionWrapper(cell, num_symbols if num_decoder_symbols is None else num_decoder_symbols)

        def decode(feeds: bool, update: bool) -> Decoded:
            loop_function = embed_likeliest(embedding, output_projection, update) if feeds else None
            return tied_rnn_seq2seq(encoded, given, cell, loop_function=loop_function, dtype=dtype)

        if isinstance(feed_previous, bool):
            return decode(feed_previous, True)

        def state_like() -> Any:
            rows = encoder_inputs[0].get_shape()[0]
            for step in encoder_inputs[1:]:
                rows.merge_with(step.get_shape()[0])
            return cell.zero_state(shape_node(encoder_inputs[0])[0] if rows.value is None else rows.value, dtype)

        return _chosen(feed_previous, lambda f: decode(f, False), len(decoder_inputs), state_like)


def embedding_attention_seq2seq(
    encoder_inputs: list[Any],
    decoder_inputs: list[Any],
    cell: Any,
    num_encoder_symbols: int,
    num_decoder_symbols: int,
    embedding_size: int,
    num_heads: int = 1,
    output_projection: Any = None,
    feed_previous: Any = False,
    dtype: Any = None,
    scope: Any = None,
    initial_state_attention: bool = False,
) -> Decoded:
    """`embedding_rnn_seq2seq` whose decoder attends to the encoder's outputs.

    Parameters
    ----------
    encoder_inputs, decoder_inputs : list of int Tensor [batch]
    cell, num_encoder_symbols, num_decoder_symbols, embedding_size, output_projection, feed_previous, dtype, scope
        See `embedding_rnn_seq2seq`.
    num_heads, initial_state_attention
        See `attention_decoder`.

    Returns
    -------
    outputs : list of Tensor [batch, num_decoder_symbols], or [batch, cell.output_size] with `output_projection`
    state
    """
    with variable_scope(scope or "embedding_attention_seq2seq", dtype=dtype) as opened:
        dtype = opened.dtype
        encoder = EmbeddingWrapper(
            copy.deepcopy(cell), embedding_classes=num_encoder_symbols, embedding_size=embedding_size
        )
        outputs, encoded = static_rnn(encoder, encoder_inputs, dtype=dtype)
        states = concat([reshape(output, [-1, 1, cell.output_size]) for output in outputs], 1)
        output_size = None
        if output_projection is None:
            cell = OutputProjectionWrapper(cell, num_decoder_symbols)
            output_size = num_decoder_symbols

        def decode(feeds: bool, **options: Any) -> Decoded:
            return embedding_attention_decoder(
                decoder_inputs,
                encoded,
                states,
                cell,
                num_decoder_symbols,
                embedding_size,
                num_heads=num_heads,
                output_size=output_size,
                output_projection=output_projection,
                feed_previous=feeds,
                initial_state_attention=initial_state_attention,
                **options,
            )

        if isinstance(feed_previous, bool):
            return decode(feed_previous)
        frozen = {"update_embedding_for_previous": False}
        return _chosen(feed_previous, lambda f: decode(f, **frozen), len(decoder_inputs), lambda: encoded)


def one2many_rnn_seq2seq(
    encoder_inputs: list[Any],
    decoder_inputs_dict: dict[str, list[Any]],
    enc_cell: Any,
    dec_cells_dict: dict[str, Any],
    num_encoder_symbols: int,
    num_decoder_symbols_dict: dict[str, int],
    embedding_size: int,
    feed_previous: Any = False,
    dtype: Any = None,
    scope: Any = None,
) -> tuple[dict[str, list[Tensor]], dict[str, Any]]:
    """Encode once and decode by several decoders, each by a name.

    Parameters
    ----------
    encoder_inputs : list of int Tensor [batch]
    decoder_inputs_dict : dict of list of int Tensor [batch]
    enc_cell : RNNCell
    dec_cells_dict : dict of RNNCell
    num_encoder_symbols : int
    num_decoder_symbols_dict : dict of int
    embedding_size : int
    feed_previous, dtype, scope
        See `embedding_rnn_seq2seq`.

    Returns
    -------
    outputs, states : dict

    Raises
    ------
    TypeError
        If a cell is not an `RNNCell`.
    ValueError
        If the names differ.
    """
    if not isinstance(enc_cell, RNNCell):
        raise TypeError(f"enc_cell must be an RNNCell, not {type(enc_cell).__name__}")
    if set(dec_cells_dict) != set(decoder_inputs_dict):
        raise ValueError(
            f"dec_cells_dict has the names {sorted(dec_cells_dict)}, decoder_inputs_dict {sorted(decoder_inputs_dict)}"
        )
    for cell in dec_cells_dict.values():
        if not isinstance(cell, RNNCell):
            raise TypeError(f"dec_cells_dict must hold RNNCells, not {type(cell).__name__}")
    outputs: dict[str, list[Tensor]] = {}
    states: dict[str, Any] = {}
    with variable_scope(scope or "one2many_rnn_seq2seq", dtype=dtype) as opened:
        encoder = EmbeddingWrapper(enc_cell, embedding_classes=num_encoder_symbols, embedding_size=embedding_size)
        _, encoded = static_rnn(encoder, encoder_inputs, dtype=opened.dtype)
        for name, given in decoder_inputs_dict.items():
            symbols = num_decoder_symbols_dict[name]
            with variable_scope(f"one2many_decoder_{name}"):
                wrapped = OutputProjectionWrapper(dec_cells_dict[name], symbols)

                def decode(feeds: bool, given: Any = given, cell: Any = wrapped, symbols: int = symbols) -> Decoded:
                    return embedding_rnn_decoder(given, encoded, cell, symbols, embedding_size, feed_previous=feeds)

                if isinstance(feed_previous, bool):
                    outputs[name], states[name] = decode(feed_previous)
                else:
                    outputs[name], states[name] = _chosen(feed_previous, decode, len(given), lambda: encoded)
    return outputs, states
