"""The weights of a network as cuDNN has them in its buffer, and as TensorFlow's cells have them."""

from __future__ import annotations

from typing import Any

from defrun.graph.operation import Tensor
from defrun.graph.scopes import device
from defrun.ops.arrange import transpose
from defrun.ops.array import reshape
from defrun.ops.cudnn.layout import GATES
from defrun.ops.cudnn.params import cudnn_rnn_canonical_to_params, cudnn_rnn_params_to_canonical
from defrun.ops.join import concat, split


class CudnnParamsFormatConverter:
    """Turns a buffer of parameters into the weights and biases of cells, and back.

    Parameters
    ----------
    num_layers, num_units, input_size : int
    num_proj : int, optional
        Not there yet.
    input_mode, direction : str
    """

    _rnn_mode = ""

    def __init__(
        self,
        num_layers: int,
        num_units: int,
        input_size: int,
        num_proj: int | None = None,
        input_mode: str = "linear_input",
        direction: str = "unidirectional",
    ) -> None:
        if num_proj:
            raise NotImplementedError("cudnn_rnn with num_proj")
        self._num_layers, self._num_units, self._input_size = num_layers, num_units, input_size
        self._options = {"rnn_mode": self._rnn_mode, "input_mode": input_mode, "direction": direction}
        self._num_dirs = 1 if direction == "unidirectional" else 2
        self._gates = GATES[self._rnn_mode]
        self._num_params = 2 * self._gates * num_layers * self._num_dirs

    def tf_canonical_to_opaque(self, tf_canonicals: list[Tensor], weights_proj: Any = None) -> Tensor:
        """Put the weights of cells, followed by all their biases, into a buffer.

        Parameters
        ----------
        tf_canonicals : list of Tensor
            As `opaque_to_tf_canonical` gives them, weights before biases.
        """
        half = len(tf_canonicals) // 2
        each = half // (self._num_layers * self._num_dirs)
        weights: list[Tensor] = []
        biases: list[Tensor] = []
        for number in range(self._num_layers * self._num_dirs):
            own = slice(number * each, (number + 1) * each)
            weights.extend(self._buffer_weights(number // self._num_dirs, *tf_canonicals[:half][own]))
            biases.extend(self._buffer_biases(*tf_canonicals[half:][own]))
        flat = [reshape(w, [-1]) for w in weights]
        with device("/gpu:0"):
            return cudnn_rnn_canonical_to_params(
                self._num_layers, self._num_units, self._input_size, flat, biases, **self._options
            )

    def opaque_to_tf_canonical(self, opaque_param: Any) -> tuple[list[Tensor], list[Tensor]]:
        """Take the weights and the biases of cells out of a buffer; those of both directions stand together."""
        with device("/gpu:0"):
            parts = cudnn_rnn_params_to_canonical(
                self._num_layers,
                self._num_units,
                self._input_size,
                opaque_param,
                num_params=self._num_params,
                **self._options,
            )
        weights: list[Tensor] = []
        biases: list[Tensor] = []
        each = 2 * self._gates
        for at in range(0, self._num_params, each):
            weights.extend(self._cell_weights(*parts[at : at + each]))
            biases.extend(self._cell_biases(*parts[self._num_params + at : self._num_params + at + each]))
        return weights, biases

    def _width(self, layer: int) -> int:
        return self._input_size if layer == 0 else self._num_units * self._num_dirs

    def _cell_weights(self, *weights: Tensor) -> list[Tensor]:
        raise NotImplementedError(f"{type(self).__name__}._cell_weights")

    def _buffer_weights(self, layer: int, *weights: Tensor) -> list[Tensor]:
        raise NotImplementedError(f"{type(self).__name__}._buffer_weights")

    def _cell_biases(self, *biases: Tensor) -> list[Tensor]:
        raise NotImplementedError(f"{type(self).__name__}._cell_biases")

    def _buffer_biases(self, *biases: Tensor) -> list[Tensor]:
        raise NotImplementedError(f"{type(self).__name__}._buffer_biases")


class _OneKernel(CudnnParamsFormatConverter):
    """Of cells with one kernel [depth + units, gates * units] and one bias; `_order` says where each gate stands."""

    _order: tuple[int, ...] = (0,)

    def _cell_weights(self, *weights: Tensor) -> list[Tensor]:
        n = self._gates
        rows = [concat([weights[i], weights[n + i]], axis=1) for i in range(n)]
        return [transpose(self._in_order(rows))]

    def _buffer_weights(self, layer: int, *weights: Tensor) -> list[Tensor]:
        rows = self._by_gate(transpose(weights[0]))
        widths = [self._width(layer), self._num_units]
        pairs = [split(rows[self._order.index(i)], widths, axis=1) for i in range(self._gates)]
        return [pair[0] for pair in pairs] + [pair[1] for pair in pairs]

    def _cell_biases(self, *biases: Tensor) -> list[Tensor]:
        n = self._gates
        sums = [biases[i] + biases[n + i] for i in range(n)]
        return [self._in_order(sums)]

    def _buffer_biases(self, *biases: Tensor) -> list[Tensor]:
        parts = self._by_gate(biases[0])
        halves = [parts[self._order.index(i)] * 0.5 for i in range(self._gates)]
        return halves + halves

    def _in_order(self, parts: list[Tensor]) -> Tensor:
        return concat([parts[i] for i in self._order], axis=0) if len(parts) > 1 else parts[0]

    def _by_gate(self, whole: Tensor) -> list[Tensor]:
        return split(whole, self._gates, axis=0) if self._gates > 1 else [whole]


class CudnnParamsFormatConverterLSTM(_OneKernel):
    """Of `CudnnCompatibleLSTMCell`; see `CudnnParamsFormatConverter`."""

    _rnn_mode = "lstm"
    _order = (0, 2, 1, 3)  # input, cell, forget, output


class CudnnParamsFormatConverterTanh(_OneKernel):
    """Of `BasicRNNCell`; see `CudnnParamsFormatConverter`."""

    _rnn_mode = "rnn_tanh"


class CudnnParamsFormatConverterRelu(_OneKernel):
    """Of `BasicRNNCell` with `relu`; see `CudnnParamsFormatConverter`."""

    _rnn_mode = "rnn_relu"


class CudnnParamsFormatConverterGRU(CudnnParamsFormatConverter):
    """Of `CudnnCompatibleGRUCell`; see `CudnnParamsFormatConverter`."""

    _rnn_mode = "gru"

    def _cell_weights(self, *weights: Tensor) -> list[Tensor]:
        rows = [concat([weights[i], weights[3 + i]], axis=1) for i in range(2)]
        return [transpose(concat(rows, axis=0)), transpose(weights[2]), transpose(weights[5])]

    def _buffer_weights(self, layer: int, *weights: Tensor) -> list[Tensor]:
        gates, on_input, on_state = (transpose(w) for w in weights)
        reset, update = split(gates, 2, axis=0)
        widths = [self._width(layer), self._num_units]
        (reset_w, reset_r), (update_w, update_r) = (split(part, widths, axis=1) for part in (reset, update))
        return [reset_w, update_w, on_input, reset_r, update_r, on_state]

    def _cell_biases(self, *biases: Tensor) -> list[Tensor]:
        gates = concat(biases[:2], axis=0) + concat(biases[3:5], axis=0)
        return [gates, biases[2], biases[5]]

    def _buffer_biases(self, *biases: Tensor) -> list[Tensor]:
        gates, on_input, on_state = biases
        reset, update = split(gates * 0.5, 2, axis=0)
        return [reset, update, on_input, reset, update, on_state]
