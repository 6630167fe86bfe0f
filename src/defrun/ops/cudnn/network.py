"""The networks themselves: layers of cells over time, both ways, with dropout between the layers."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
from jax import lax

from defrun.ops.cudnn.layout import Layout


def run_network(
    layout: Layout, input: Any, input_h: Any, input_c: Any, params: Any, masks: Any, lengths: Any
) -> tuple[Any, Any, Any]:
    """Return (outputs [time, batch, units * ways], last h, last c); the latter is empty but for an LSTM.

    Parameters
    ----------
    layout : Layout
    input : array [time, batch, inputs]
    input_h, input_c : array [layers * ways, batch, units]
    params : array [layout.size]
    masks : array [layers - 1, time, batch, units * ways] or None
        What the outputs of all layers but the last are multiplied with.
    lengths : int array [batch] or None
    """
    weights, biases = layout.split(params)
    gates, ways = layout.gates, layout.ways
    below, last_h, last_c = input, [], []
    for layer in range(layout.layers):
        outputs = []
        for way in range(ways):
            number = layer * ways + way
            own = slice(number * 2 * gates, (number + 1) * 2 * gates)
            cell = _Cell(layout.mode, weights[own], biases[own])
            c = input_c[number] if layout.mode == "lstm" else None
            output, h, c = _over_time(cell, below, input_h[number], c, lengths, backwards=way == 1)
            outputs.append(output)
            last_h.append(h)
            last_c.append(c)
        below = jnp.concatenate(outputs, axis=-1)
        if masks is not None and layer < layout.layers - 1:
            below = below * masks[layer]
    c = jnp.stack(last_c) if layout.mode == "lstm" else jnp.zeros((), input.dtype)
    return below, jnp.stack(last_h), c


class _Cell:
    """One layer in one direction."""

    def __init__(self, mode: str, weights: list[Any], biases: list[Any]) -> None:
        gates = len(weights) // 2
        self.mode = mode
        self.on_input = jnp.concatenate(weights[:gates]).T
        self.on_state = jnp.concatenate(weights[gates:]).T
        self.input_bias = jnp.concatenate(biases[:gates])
        self.state_bias = jnp.concatenate(biases[gates:])

    def prepare(self, inputs: Any) -> Any:
        """Return what of all steps does not depend on the state: one product for all of them."""
        fixed = self.input_bias if self.mode == "gru" else self.input_bias + self.state_bias
        return inputs @ self.on_input + fixed

    def step(self, prepared: Any, h: Any, c: Any) -> tuple[Any, Any]:
        """Return the next (h, c)."""
        product = h @ self.on_state
        if self.mode == "gru":
            return self._gru(prepared, product + self.state_bias, h), None
        total = prepared + product
        if self.mode == "lstm":
            i, f, g, o = jnp.split(total, 4, axis=-1)
            c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
            return jax.nn.sigmoid(o) * jnp.tanh(c), c
        return (jnp.tanh(total) if self.mode == "rnn_tanh" else jnp.maximum(total, 0)), None

    def _gru(self, prepared: Any, product: Any, h: Any) -> Any:
        units = h.shape[-1]
        r, u = jnp.split(jax.nn.sigmoid(prepared[..., : 2 * units] + product[..., : 2 * units]), 2, axis=-1)
        candidate = jnp.tanh(prepared[..., 2 * units :] + r * product[..., 2 * units :])
        return (1 - u) * candidate + u * h


def _over_time(cell: _Cell, inputs: Any, h: Any, c: Any, lengths: Any, backwards: bool) -> tuple[Any, Any, Any]:
    times = jnp.arange(inputs.shape[0])

    def step(carry: Any, each: Any) -> Any:
        h, c = carry
        time, prepared = each
        new_h, new_c = cell.step(prepared, h, c)
        if lengths is None:
            return (new_h, new_c), new_h
        inside = (time < lengths)[:, None]
        kept_c = None if c is None else jnp.where(inside, new_c, c)
        return (jnp.where(inside, new_h, h), kept_c), jnp.where(inside, new_h, 0)

    (h, c), outputs = lax.scan(step, (h, c), (times, cell.prepare(inputs)), reverse=backwards)
    return outputs, h, c
