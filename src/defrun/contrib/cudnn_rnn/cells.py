"""Cells that compute what a layer of `CudnnLSTM` or `CudnnGRU` does, one step at a time."""

from __future__ import annotations

from typing import Any

from defrun.contrib.rnn.blocks import LSTMBlockCell
from defrun.ops.elementary import sigmoid
from defrun.ops.join import concat, split
from defrun.ops.matrix import matmul
from defrun.ops.nn import bias_add
from defrun.rnn.basic import GRUCell
from defrun.variables.initializers import constant_initializer, zeros_initializer


class CudnnCompatibleLSTMCell(LSTMBlockCell):
    """An LSTM cell without peepholes whose forget gate has no bias of its own.

    Parameters
    ----------
    num_units : int
    reuse : bool, optional
    """

    def __init__(self, num_units: int, reuse: bool | None = None) -> None:
        super().__init__(
            num_units,
            forget_bias=0,
            cell_clip=None,
            use_peephole=False,
            reuse=reuse,
            name="cudnn_compatible_lstm_cell",
        )


class CudnnCompatibleGRUCell(GRUCell):
    """A GRU cell whose reset gate comes after the product with the state, which has a bias of its own.

    Parameters
    ----------
    num_units : int
    reuse : bool, optional
    kernel_initializer : Initializer, optional
    """

    def __init__(self, num_units: int, reuse: bool | None = None, kernel_initializer: Any = None) -> None:
        super().__init__(num_units, activation=None, reuse=reuse, kernel_initializer=kernel_initializer)

    def build(self, inputs_shape: Any) -> None:
        """Make the weights of the gates, and those of the candidate on input and state."""
        depth, units = inputs_shape[1].value, self._num_units
        if depth is None:
            raise ValueError(f"Expected inputs.shape[-1] to be known, saw shape: {inputs_shape}")
        kernel, given = self._kernel_initializer, self._bias_initializer
        ones = constant_initializer(1.0, dtype=self.dtype) if given is None else given
        zeros = zeros_initializer(dtype=self.dtype) if given is None else given
        on_input, on_state = "candidate/input_projection", "candidate/hidden_projection"
        self._gate_kernel = self.add_weight("gates/kernel", [depth + units, 2 * units], initializer=kernel)
        self._gate_bias = self.add_weight("gates/bias", [2 * units], initializer=ones)
        self._input_kernel = self.add_weight(f"{on_input}/kernel", [depth, units], initializer=kernel)
        self._state_kernel = self.add_weight(f"{on_state}/kernel", [units, units], initializer=kernel)
        self._input_bias = self.add_weight(f"{on_input}/bias", [units], initializer=zeros)
        self._state_bias = self.add_weight(f"{on_state}/bias", [units], initializer=zeros)
        self.built = True

    def call(self, inputs: Any, state: Any) -> Any:  # type: ignore[override]
        """Run a step; return the next state twice."""
        gates = sigmoid(bias_add(matmul(concat([inputs, state], 1), self._gate_kernel), self._gate_bias))
        reset, update = split(value=gates, num_or_size_splits=2, axis=1)
        candidate = bias_add(matmul(inputs, self._input_kernel), self._input_bias)
        candidate += reset * bias_add(matmul(state, self._state_kernel), self._state_bias)
        candidate = self._activation(candidate)
        following = (1 - update) * candidate + update * state
        return following, following
