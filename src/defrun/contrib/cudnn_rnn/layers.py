"""`CudnnLSTM` and its kin: recurrent networks as one layer, with their weights in one variable."""

from __future__ import annotations

from typing import Any

from defrun.base import dtypes, logging
from defrun.base.shapes import TensorShape
from defrun.contrib.cudnn_rnn.saving import (
    CudnnGRUSaveable,
    CudnnLSTMSaveable,
    CudnnOpaqueParamsSaveable,
    CudnnRNNReluSaveable,
    CudnnRNNTanhSaveable,
)
from defrun.graph.collections import GraphKeys
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import add_to_collection, device
from defrun.layers.base import InputSpec, Layer
from defrun.ops.array import shape as shape_node
from defrun.ops.constant import constant
from defrun.ops.creation import fill, zeros
from defrun.ops.cudnn.layout import GATES
from defrun.ops.cudnn.params import cudnn_rnn_canonical_to_params
from defrun.ops.cudnn.rnn import DIRECTIONS, INPUT_MODES, cudnn_rnn, cudnn_rnn_v3
from defrun.ops.seeds import get_seed
from defrun.variables.initializers import constant_initializer, glorot_uniform_initializer
from defrun.variables.scope import get_variable, get_variable_scope, variable_scope


class _CudnnRNN(Layer):
    """A recurrent network of several layers.

    Parameters
    ----------
    num_layers, num_units : int
    input_mode : str
        ``"linear_input"``; the others of cuDNN's are not there yet.
    direction : str
        ``"unidirectional"`` or ``"bidirectional"``.
    dropout : float
        Share of the outputs between the layers to drop while training.
    seed : int, optional
        Of dropout and of the kernel's initializer.
    dtype : DType
    kernel_initializer, bias_initializer : Initializer, optional
        Of each weight (by default Glorot's uniform) and each bias (zeros).
    name : str, optional

    Raises
    ------
    ValueError
        If a mode, direction or type is none of these.
    """

    _rnn_mode = ""
    _saveable_cls: type[CudnnOpaqueParamsSaveable]

    def __init__(
        self,
        num_layers: int,
        num_units: int,
        input_mode: str = "linear_input",
        direction: str = "unidirectional",
        dropout: float = 0.0,
        seed: int | None = None,
        dtype: Any = dtypes.float32,
        kernel_initializer: Any = None,
        bias_initializer: Any = None,
        name: str | None = None,
    ) -> None:
        super().__init__(dtype=dtype, name=name)
        for label, value, allowed in (("direction", direction, DIRECTIONS), ("input_mode", input_mode, INPUT_MODES)):
            if value not in allowed:
                raise ValueError(f"Invalid {label}: {value!r}, expecting one of {', '.join(allowed)}")
        if dtype not in (dtypes.float16, dtypes.float32, dtypes.float64):
            raise ValueError(f"Only support float16, float32, float64, provided {dtype}")
        self._plain_dtype = dtype
        self._num_layers, self._num_units = num_layers, num_units
        self._input_mode, self._direction = input_mode, direction
        self._dropout, self._seed = dropout, seed
        self._kernel_initializer, self._bias_initializer = kernel_initializer, bias_initializer
        self._input_size: int | None = None
        self._saveable: Any = None
        self.kernel: Any = None

    @property
    def num_layers(self) -> int:
        """The number of layers."""
        return self._num_layers

    @property
    def num_units(self) -> int:
        """The number of units of each layer and direction."""
        return self._num_units

    @property
    def input_mode(self) -> str:
        """How the input goes into the first layer."""
        return self._input_mode

    @property
    def input_size(self) -> int:
        """The size of the input; `ValueError` before the layer is built."""
        if not self._input_size:
            raise ValueError("'input_size' is unknown since layer has not been built.")
        return self._input_size

    @property
    def rnn_mode(self) -> str:
        """The kind of cell."""
        return self._rnn_mode

    @property
    def direction(self) -> str:
        """One direction or both."""
        return self._direction

    @property
    def num_dirs(self) -> int:
        """1 or 2."""
        return 1 if self._direction == "unidirectional" else 2

    @property
    def saveable(self) -> Any:
        """What savers take of it."""
        return self._saveable

    @property
    def canonical_weight_shapes(self) -> list[tuple[int, int]]:
        """The shapes of the weights, layer by layer and gate by gate."""
        if not self._input_size:
            raise RuntimeError(f"{type(self).__name__}.canonical_weight_shapes: the input's shape is not known yet")
        return [shape for layer in range(self._num_layers) for shape in self._canonical_weight_shape(layer)]

    @property
    def canonical_bias_shapes(self) -> list[list[int]]:
        """The shapes of the biases, layer by layer and gate by gate."""
        return self._canonical_bias_shape(0) * self._num_layers

    def _canonical_weight_shape(self, layer: int) -> list[tuple[int, int]]:
        if not 0 <= layer < self._num_layers:
            raise ValueError(f"'layer' is not valid, got {layer}, expecting [0, {self._num_layers - 1}]")
        units, gates = self._num_units, GATES[self._rnn_mode]
        width = self.input_size if layer == 0 else units * self.num_dirs
        return ([(units, width)] * gates + [(units, units)] * gates) * self.num_dirs

    def _canonical_bias_shape(self, layer: int) -> list[list[int]]:
        return [[self._num_units]] * self.num_dirs * 2 * GATES[self._rnn_mode]

    def build(self, input_shape: Any) -> None:
        """Make the variable ``opaque_kernel`` for inputs [time, batch, size]."""
        if self.built:
            return
        shape = TensorShape(input_shape)
        if shape.ndims != 3:
            raise ValueError(f"Expecting input_shape with 3 dims, got {shape.ndims}")
        if shape[-1].value is None:
            raise ValueError("The last dimension of the inputs to `CudnnRNN` should be defined. Found `None`.")
        self._input_size = shape[-1].value
        self.input_spec = InputSpec(ndim=3, axes={-1: self._input_size})
        self._set_scope(None)
        with variable_scope(self._scope, reuse=self.built, custom_getter=self._update_trainable_weights):
            kernel = self._kernel_initializer
            if kernel is None:
                kernel = glorot_uniform_initializer(seed=self._seed, dtype=self._plain_dtype)
            bias = self._bias_initializer or constant_initializer(0.0, dtype=self._plain_dtype)
            self._kernel_initializer, self._bias_initializer = kernel, bias
            weights = [kernel(each, dtype=self._plain_dtype) for each in self.canonical_weight_shapes]
            biases = [bias(each, dtype=self._plain_dtype) for each in self.canonical_bias_shapes]
            params = self._canonical_to_opaque(weights, biases)
            if get_variable_scope().partitioner is not None:
                logging.warn("Partitioners are not for the variables of Cudnn RNN layers.")
            self.kernel = get_variable(
                "opaque_kernel", dtype=self._plain_dtype, initializer=params, validate_shape=False
            )
        if not (self.built or get_variable_scope().reuse is True):
            self._create_saveable()
        self.built = True

    def _update_trainable_weights(self, getter: Any, *args: Any, **kwargs: Any) -> Any:
        variable = getter(*args, **kwargs)
        weights = self._trainable_weights if kwargs.get("trainable", True) else self._non_trainable_weights
        if all(variable is not other for other in weights):
            weights.append(variable)
        return variable

    def _canonical_to_opaque(self, weights: list[Tensor], biases: list[Tensor]) -> Tensor:
        seed, seed2 = get_seed(self._seed)
        with device("/gpu:0"):
            return cudnn_rnn_canonical_to_params(
                rnn_mode=self._rnn_mode,
                num_layers=self._num_layers,
                num_units=self._num_units,
                input_size=self._input_size,
                weights=weights,
                biases=biases,
                input_mode=self._input_mode,
                seed=seed,
                seed2=seed2,
                dropout=self._dropout,
                direction=self._direction,
            )

    def _create_saveable(self) -> None:
        if self._saveable is not None:
            raise RuntimeError("Cudnn saveable already created.")
        variable = self.trainable_variables[0]
        self._saveable = self._saveable_cls(
            opaque_params=variable,
            num_layers=self.num_layers,
            num_units=self.num_units,
            input_size=self.input_size,
            input_mode=self.input_mode,
            direction=self.direction,
            scope=get_variable_scope(),
            name=f"{variable.name.split(':')[0]}_saveable",
        )
        variable[0]  # of no use, but TensorFlow's graph has these nodes, and names go on from there
        add_to_collection(GraphKeys.SAVEABLE_OBJECTS, self._saveable)

    def call(  # type: ignore[override]
        self,
        inputs: Any,
        initial_state: Any = None,
        sequence_lengths: Any = None,
        time_major: bool = True,
        training: bool = True,
    ) -> Any:
        """Run the network.

        Parameters
        ----------
        inputs : Tensor [time, batch, size]
        initial_state : tuple of Tensor [layers * directions, batch, units], optional
            (h, c) for an LSTM, (h,) for others; by default zeros.
        sequence_lengths : int32 Tensor [batch], optional
        time_major : bool
            If not, all tensors are [batch, ...].
        training : bool
            Whether there is dropout, and gradients may be asked for.

        Returns
        -------
        outputs : Tensor [time, batch, units * directions]
        state : tuple
        """
        if initial_state is not None and not isinstance(initial_state, tuple):
            raise TypeError(f"Invalid initial_state type: {initial_state}, expecting tuple.")
        inputs = convert_to_tensor(inputs, dtype=self.dtype)
        batch_size = shape_node(inputs)[1]
        state = self._zero_state(batch_size) if initial_state is None else initial_state
        h = convert_to_tensor(state[0], dtype=self.dtype)
        has_c = self._rnn_mode == "lstm"
        c = convert_to_tensor(state[1], dtype=self.dtype) if has_c else constant([], dtype=self.dtype)
        outputs, h, c = self._forward(inputs, h, c, sequence_lengths, time_major, training)
        return outputs, ((h, c) if has_c else (h,))

    def _forward(self, inputs: Tensor, h: Tensor, c: Tensor, lengths: Any, time_major: bool, training: bool) -> Any:
        seed, seed2 = get_seed(self._seed)
        options: dict[str, Any] = {
            "rnn_mode": self._rnn_mode, "input_mode": self._input_mode, "direction": self._direction,
            "dropout": self._dropout, "seed": seed, "seed2": seed2, "is_training": training,
        }  # fmt: skip
        if lengths is None and time_major:
            return cudnn_rnn(inputs, h, c, self.kernel, **options)[:3]
        if lengths is None:
            rows, steps = shape_node(inputs)[0], shape_node(inputs)[1]
            lengths = fill([rows], steps)
        return cudnn_rnn_v3(inputs, h, c, self.kernel, lengths, time_major=time_major, **options)[:3]

    def state_shape(self, batch_size: Any) -> Any:
        """Return the shapes of the state for `batch_size`."""
        return ([self.num_layers * self.num_dirs, batch_size, self.num_units],)

    def _zero_state(self, batch_size: Any) -> tuple[Tensor, ...]:
        return tuple(zeros(each, dtype=self.dtype) for each in self.state_shape(batch_size))


class CudnnLSTM(_CudnnRNN):
    """LSTMs; see `_CudnnRNN` for the parameters."""

    _rnn_mode = "lstm"
    _saveable_cls = CudnnLSTMSaveable

    def state_shape(self, batch_size: Any) -> Any:
        """Return the shapes of h and c for `batch_size`."""
        return super().state_shape(batch_size) * 2


class CudnnGRU(_CudnnRNN):
    """GRUs; see `_CudnnRNN` for the parameters."""

    _rnn_mode = "gru"
    _saveable_cls = CudnnGRUSaveable


class CudnnRNNTanh(_CudnnRNN):
    """Plain networks with tanh; see `_CudnnRNN` for the parameters."""

    _rnn_mode = "rnn_tanh"
    _saveable_cls = CudnnRNNTanhSaveable


class CudnnRNNRelu(_CudnnRNN):
    """Plain networks with relu; see `_CudnnRNN` for the parameters."""

    _rnn_mode = "rnn_relu"
    _saveable_cls = CudnnRNNReluSaveable
