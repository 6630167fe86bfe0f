"""How the buffer of parameters is laid out: all weights, layer by layer, direction by direction, gate by gate; then
all biases in the same order.

Each layer and direction has a weight on the input and one on the state for each gate, and a bias with each. The gates
of an LSTM are input, forget, cell, output; those of a GRU reset, update, candidate.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import jax.numpy as jnp

GATES = {"lstm": 4, "gru": 3, "rnn_relu": 1, "rnn_tanh": 1}


@dataclass(frozen=True)
class Layout:
    """The shapes of a network."""

    mode: str
    layers: int
    units: int
    inputs: int
    both_ways: bool

    @property
    def gates(self) -> int:
        """The number of gates."""
        return GATES[self.mode]

    @property
    def ways(self) -> int:
        """1 or, if there is a backward direction, 2."""
        return 2 if self.both_ways else 1

    def weight_shapes(self) -> list[tuple[int, int]]:
        """Return the shapes of all weights in order."""
        shapes = []
        for layer in range(self.layers):
            width = self.inputs if layer == 0 else self.units * self.ways
            one_way = [(self.units, width)] * self.gates + [(self.units, self.units)] * self.gates
            shapes.extend(one_way * self.ways)
        return shapes

    def bias_count(self) -> int:
        """Return how many biases there are, each [units]."""
        return self.layers * self.ways * 2 * self.gates

    @property
    def size(self) -> int:
        """The number of all parameters."""
        return sum(math.prod(s) for s in self.weight_shapes()) + self.bias_count() * self.units

    def join(self, weights: list[Any], biases: list[Any]) -> Any:
        """Return the buffer."""
        return jnp.concatenate([jnp.ravel(jnp.asarray(part)) for part in [*weights, *biases]])

    def split(self, params: Any) -> tuple[list[Any], list[Any]]:
        """Return the weights and biases in a buffer."""
        params = jnp.asarray(params)
        if params.shape != (self.size,):
            raise ValueError(f"the buffer must have {self.size} parameters, but its shape is {params.shape}")
        at, weights = 0, []
        for shape in self.weight_shapes():
            size = math.prod(shape)
            weights.append(params[at : at + size].reshape(shape))
            at += size
        count = self.bias_count()
        return weights, list(params[at:].reshape(count, self.units))


def layout_of(mode: str, layers: Any, units: Any, inputs: Any, direction: str, input_mode: str) -> Layout:
    """Return the layout that attrs ask for; `skip_input` leaves weights out, which is not there yet."""
    skips = input_mode == "skip_input" or (input_mode == "auto_select" and int(units) == int(inputs))
    if skips:
        raise NotImplementedError(f"cudnn_rnn with input_mode={input_mode!r} that skips the first weights")
    return Layout(mode, int(layers), int(units), int(inputs), direction == "bidirectional")
