"""Checkpoints of the networks: the weights of the cells that compute the same, under their names."""

from __future__ import annotations

from typing import Any

from defrun.contrib.cudnn_rnn.formats import (
    CudnnParamsFormatConverter,
    CudnnParamsFormatConverterGRU,
    CudnnParamsFormatConverterLSTM,
    CudnnParamsFormatConverterRelu,
    CudnnParamsFormatConverterTanh,
)
from defrun.graph.operation import Operation
from defrun.ops.array import identity
from defrun.ops.state import assign
from defrun.train.saveable import SaveableObject, SaveSpec
from defrun.variables.scope import VariableScope


class CudnnOpaqueParamsSaveable(SaveableObject):
    """Saves a buffer of parameters as the variables of cells in `static_rnn` or `stack_bidirectional_rnn`.

    Parameters
    ----------
    opaque_params : Variable
    num_layers, num_units, input_size : int
    input_mode, direction : str
    scope : str or VariableScope, optional
        What the names begin with.
    name : str
    """

    _format_converter_cls: type[CudnnParamsFormatConverter]
    _cell_name = ""
    _parts: tuple[str, ...] = ("",)

    def __init__(
        self,
        opaque_params: Any,
        num_layers: int,
        num_units: int,
        input_size: int,
        input_mode: str = "linear_input",
        direction: str = "unidirectional",
        scope: Any = None,
        name: str = "cudnn_rnn_saveable",
    ) -> None:
        self._variables = opaque_params
        self.format_converter = self._format_converter_cls(
            num_layers, num_units, input_size, input_mode=input_mode, direction=direction
        )
        weights, biases = self.format_converter.opaque_to_tf_canonical(opaque_params)
        prefixes = [p for layer in range(num_layers) for p in self._prefixes(layer, direction)]
        names = [f"{p}{part}/{kind}" for kind in ("kernel", "bias") for p in prefixes for part in self._parts]
        above = scope.name if isinstance(scope, VariableScope) else scope
        if above:
            names = [f"{above}/{each}" for each in names]
        specs = [SaveSpec(tensor, "", each) for tensor, each in zip([*weights, *biases], names, strict=True)]
        super().__init__(identity(opaque_params), specs, name)

    def _prefixes(self, layer: int, direction: str) -> list[str]:
        if direction == "unidirectional":
            return [f"rnn/multi_rnn_cell/cell_{layer}/{self._cell_name}"]
        both = f"stack_bidirectional_rnn/cell_{layer}/bidirectional_rnn"
        return [f"{both}/{way}/{self._cell_name}" for way in ("fw", "bw")]

    def restore(self, restored_tensors: list[Any], restored_shapes: Any) -> Operation:
        """Return an op that puts the restored tensors back."""
        params = self.format_converter.tf_canonical_to_opaque(restored_tensors)
        return assign(self._variables, params, validate_shape=False)


class CudnnLSTMSaveable(CudnnOpaqueParamsSaveable):
    """Saves a `CudnnLSTM`; see `CudnnOpaqueParamsSaveable`."""

    _format_converter_cls = CudnnParamsFormatConverterLSTM
    _cell_name = "cudnn_compatible_lstm_cell"


class CudnnGRUSaveable(CudnnOpaqueParamsSaveable):
    """Saves a `CudnnGRU`; see `CudnnOpaqueParamsSaveable`."""

    _format_converter_cls = CudnnParamsFormatConverterGRU
    _cell_name = "cudnn_compatible_gru_cell"
    _parts = ("/gates", "/candidate/input_projection", "/candidate/hidden_projection")


class CudnnRNNTanhSaveable(CudnnOpaqueParamsSaveable):
    """Saves a `CudnnRNNTanh`; see `CudnnOpaqueParamsSaveable`."""

    _format_converter_cls = CudnnParamsFormatConverterTanh
    _cell_name = "basic_rnn_cell"


class CudnnRNNReluSaveable(CudnnOpaqueParamsSaveable):
    """Saves a `CudnnRNNRelu`; see `CudnnOpaqueParamsSaveable`."""

    _format_converter_cls = CudnnParamsFormatConverterRelu
    _cell_name = "basic_rnn_cell"
