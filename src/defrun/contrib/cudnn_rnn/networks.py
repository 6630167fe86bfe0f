"""The classes of `cudnn_rnn_ops`: networks that are given their buffer of parameters."""

from __future__ import annotations

from typing import Any

from defrun.base import dtypes
from defrun.graph.operation import Tensor
from defrun.ops.constant import constant
from defrun.ops.cudnn.layout import GATES
from defrun.ops.cudnn.params import (
    cudnn_rnn_canonical_to_params,
    cudnn_rnn_params_size,
    cudnn_rnn_params_to_canonical,
)
from defrun.ops.cudnn.rnn import DIRECTIONS, INPUT_MODES, cudnn_rnn, cudnn_rnn_v3
from defrun.ops.seeds import get_seed


class Network:
    """A recurrent network of several layers; its subclasses say of what kind.

    Parameters
    ----------
    num_layers, num_units, input_size : int
    input_mode, direction : str
    dtype : DType
    dropout : float
        Share of the outputs between the layers to drop while training.
    seed : int

    Raises
    ------
    ValueError
        If a mode or direction is none of cuDNN's.
    """

    _rnn_mode = ""

    def __init__(
        self,
        num_layers: int,
        num_units: int,
        input_size: int,
        input_mode: str = "linear_input",
        direction: str = "unidirectional",
        dtype: Any = dtypes.float32,
        dropout: float = 0.0,
        seed: int | None = 0,
    ) -> None:
        for label, value, allowed in (("direction", direction, DIRECTIONS), ("input_mode", input_mode, INPUT_MODES)):
            if value not in allowed:
                raise ValueError(f"Invalid {label}: {value!r}, expecting one of {', '.join(allowed)}")
        self.num_layers, self.num_units, self.input_size = num_layers, num_units, input_size
        self.input_mode, self.direction, self.rnn_mode = input_mode, direction, self._rnn_mode
        self._dtype, self._dropout, self._seed = dtype, dropout, seed

    def _options(self) -> dict[str, Any]:
        seed, seed2 = get_seed(self._seed)
        return {
            "rnn_mode": self.rnn_mode, "input_mode": self.input_mode, "direction": self.direction,
            "dropout": self._dropout, "seed": seed, "seed2": seed2,
        }  # fmt: skip

    def _sizes(self) -> tuple[int, int, int]:
        return self.num_layers, self.num_units, self.input_size

    def params_size(self) -> Tensor:
        """Return the number of parameters, a scalar."""
        return cudnn_rnn_params_size(*self._sizes(), T=self._dtype, S=dtypes.int32, **self._options())[0]

    def params_to_canonical(self, params: Any) -> tuple[list[Tensor], list[Tensor]]:
        """Take weights and biases, layer by layer and gate by gate, out of a buffer."""
        ways = 1 if self.direction == "unidirectional" else 2
        count = 2 * GATES[self.rnn_mode] * self.num_layers * ways
        parts = cudnn_rnn_params_to_canonical(*self._sizes(), params, num_params=count, **self._options())
        return parts[:count], parts[count:]

    def canonical_to_params(self, weights: list[Any], biases: list[Any]) -> Tensor:
        """Put weights and biases into a buffer."""
        return cudnn_rnn_canonical_to_params(*self._sizes(), weights, biases, **self._options())

    def _run(self, inputs: Any, h: Any, c: Any, params: Any, lengths: Any, time_major: bool, training: bool) -> Any:
        options = {**self._options(), "is_training": training}
        if lengths is None and time_major:
            return cudnn_rnn(inputs, h, c, params, **options)[:3]
        if lengths is None:
            raise ValueError("Give sequence_lengths where time_major is False")
        return cudnn_rnn_v3(inputs, h, c, params, lengths, time_major=time_major, **options)[:3]


class CudnnLSTM(Network):
    """LSTMs; see `Network`."""

    _rnn_mode = "lstm"

    def __call__(
        self,
        input_data: Any,
        input_h: Any,
        input_c: Any,
        params: Any,
        sequence_lengths: Any = None,
        time_major: bool = True,
        is_training: bool = True,
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Return (outputs, last h, last c); see `tf.contrib.cudnn_rnn.CudnnLSTM`."""
        return tuple(self._run(input_data, input_h, input_c, params, sequence_lengths, time_major, is_training))


class _WithoutC(Network):
    def __call__(
        self,
        input_data: Any,
        input_h: Any,
        params: Any,
        sequence_lengths: Any = None,
        time_major: bool = True,
        is_training: bool = True,
    ) -> tuple[Tensor, Tensor]:
        """Return (outputs, last state)."""
        c = constant([], dtype=input_h.dtype)
        outputs, h, _ = self._run(input_data, input_h, c, params, sequence_lengths, time_major, is_training)
        return outputs, h


class CudnnGRU(_WithoutC):
    """GRUs; see `Network`."""

    _rnn_mode = "gru"


class CudnnRNNTanh(_WithoutC):
    """Plain networks with tanh; see `Network`."""

    _rnn_mode = "rnn_tanh"


class CudnnRNNRelu(_WithoutC):
    """Plain networks with relu; see `Network`."""

    _rnn_mode = "rnn_relu"
