"""`BasicDecoder`: a cell and a helper."""

from __future__ import annotations

import collections
from typing import Any

from defrun.base import nest
from defrun.base.shapes import TensorShape
from defrun.contrib.seq2seq.decoder import Decoder
from defrun.contrib.seq2seq.helper import Helper
from defrun.graph.scopes import name_scope
from defrun.layers.base import Layer
from defrun.rnn.cell import assert_like_rnncell


class BasicDecoderOutput(collections.namedtuple("BasicDecoderOutput", ("rnn_output", "sample_id"))):
    """What a step gives: the cell's output, through the output layer, and what it stands for."""

    __slots__ = ()


def size_after(cell: Any, layer: Any) -> Any:
    """Return the size of the outputs of `cell` once `layer`, if there is one, was applied."""
    size = cell.output_size
    if layer is None:
        return size
    shapes = nest.map_structure(lambda s: TensorShape([None]).concatenate(s), size)
    return nest.map_structure(lambda s: s[1:], layer.compute_output_shape(shapes))


class BasicDecoder(Decoder):
    """Runs a cell on what a helper gives.

    Parameters
    ----------
    cell : RNNCell
    helper : Helper
    initial_state : Tensor or structure
        Of the cell.
    output_layer : Layer, optional
        Applied to the outputs before they are sampled.

    Raises
    ------
    TypeError
        If an argument is of another kind.
    """

    def __init__(self, cell: Any, helper: Helper, initial_state: Any, output_layer: Any = None) -> None:
        assert_like_rnncell("cell", cell)
        if not isinstance(helper, Helper):
            raise TypeError(f"helper must be a Helper, received: {type(helper)}")
        if output_layer is not None and not isinstance(output_layer, Layer):
            raise TypeError(f"output_layer must be a Layer, received: {type(output_layer)}")
        self._cell = cell
        self._helper = helper
        self._initial_state = initial_state
        self._output_layer = output_layer

    @property
    def batch_size(self) -> Any:
        """The size of the batch."""
        return self._helper.batch_size

    @property
    def output_size(self) -> BasicDecoderOutput:
        """The sizes of the outputs of a step."""
        return BasicDecoderOutput(
            rnn_output=size_after(self._cell, self._output_layer), sample_id=self._helper.sample_ids_shape
        )

    @property
    def output_dtype(self) -> BasicDecoderOutput:
        """The types of the outputs."""
        dtype = nest.flatten(self._initial_state)[0].dtype
        sizes = size_after(self._cell, self._output_layer)
        return BasicDecoderOutput(nest.map_structure(lambda _: dtype, sizes), self._helper.sample_ids_dtype)

    def initialize(self, name: str | None = None) -> Any:
        """Return (which sequences have ended, first inputs, first state)."""
        return (*self._helper.initialize(), self._initial_state)

    def step(self, time: Any, inputs: Any, state: Any, name: str | None = None) -> Any:
        """Return (outputs, next state, next inputs, which sequences have ended)."""
        with name_scope(name, "BasicDecoderStep", (time, inputs, state)):
            outputs, next_state = self._cell(inputs, state)
            if self._output_layer is not None:
                outputs = self._output_layer(outputs)
            samples = self._helper.sample(time=time, outputs=outputs, state=next_state)
            finished, next_inputs, next_state = self._helper.next_inputs(
                time=time, outputs=outputs, state=next_state, sample_ids=samples
            )
        return BasicDecoderOutput(outputs, samples), next_state, next_inputs, finished
