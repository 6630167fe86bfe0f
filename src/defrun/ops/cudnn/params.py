"""The buffer of parameters of `CudnnRNN`: its size, and its weights and biases one by one."""

from __future__ import annotations

from typing import Any

import numpy as np

from defrun.base.dtypes import DType
from defrun.graph.convert import convert_to_tensor
from defrun.ops.creation import zeros_like
from defrun.ops.cudnn.layout import layout_of
from defrun.ops.cudnn.rnn import DIRECTIONS, INPUT_MODES, MODES, TYPES
from defrun.ops.declare import op
from defrun.ops.types import INDEX

_CHOICES: dict[str, Any] = {"rnn_mode": MODES, "input_mode": INPUT_MODES, "direction": DIRECTIONS}
_SIZES = "num_layers: static int32[], num_units: static int32[], input_size: static int32[]"


def _no_projection(num_proj: int | None) -> None:
    if num_proj:
        raise NotImplementedError("cudnn_rnn with num_proj")


@op(
    "CudnnRNNParamsSize",
    f"{_SIZES} -> params_size: S[1]",
    T=TYPES,
    S=INDEX,
    differentiable=False,
    **_CHOICES,
)
def cudnn_rnn_params_size(
    num_layers,
    num_units,
    input_size,
    T: DType,
    S: DType,
    rnn_mode: str = "lstm",
    input_mode: str = "linear_input",
    direction: str = "unidirectional",
    dropout: float = 0.0,
    seed: int = 0,
    seed2: int = 0,
    num_proj: int = 0,
):
    """Return how many parameters a network has, [1]."""
    _no_projection(num_proj)
    layout = layout_of(rnn_mode, num_layers, num_units, input_size, direction, input_mode)
    return np.array([layout.size], S.as_numpy_dtype)


cudnn_rnn_params_size.shape(lambda: (1,))


@op(
    "CudnnRNNCanonicalToParams",
    f"{_SIZES}, weights: num_params * T, biases: num_params * T -> params: T",
    T=TYPES,
    **_CHOICES,
)
def cudnn_rnn_canonical_to_params(
    num_layers,
    num_units,
    input_size,
    weights,
    biases,
    rnn_mode: str = "lstm",
    input_mode: str = "linear_input",
    direction: str = "unidirectional",
    dropout: float = 0.0,
    seed: int = 0,
    seed2: int = 0,
):
    """Put weights and biases, layer by layer and gate by gate, into one buffer."""
    return layout_of(rnn_mode, num_layers, num_units, input_size, direction, input_mode).join(weights, biases)


cudnn_rnn_canonical_to_params.shape(lambda: (None,))


@cudnn_rnn_canonical_to_params.gradient
def _(op, grad):
    names = ("rnn_mode", "input_mode", "direction", "dropout", "seed", "seed2")
    options = {name: op.get_attr(name) for name in names}
    count = op.get_attr("num_params")
    return [None, None, None, *cudnn_rnn_params_to_canonical(*op.inputs[:3], grad, num_params=count, **options)]


@op(
    "CudnnRNNParamsToCanonical",
    f"{_SIZES}, params: T -> weights: num_params * T, biases: num_params * T",
    T=TYPES,
    **_CHOICES,
)
def cudnn_rnn_params_to_canonical(
    num_layers,
    num_units,
    input_size,
    params,
    num_params: int,
    rnn_mode: str = "lstm",
    input_mode: str = "linear_input",
    direction: str = "unidirectional",
    dropout: float = 0.0,
    seed: int = 0,
    seed2: int = 0,
):
    """Take weights and biases, layer by layer and gate by gate, out of a buffer."""
    weights, biases = layout_of(rnn_mode, num_layers, num_units, input_size, direction, input_mode).split(params)
    if len(weights) != num_params:
        raise ValueError(f"there are {len(weights)} weights, not {num_params}")
    return [*weights, *biases]


@cudnn_rnn_params_to_canonical.shape
def _(num_params):
    return [(None, None)] * num_params + [(None,)] * num_params


@cudnn_rnn_params_to_canonical.gradient
def _(op, *grads):
    names = ("rnn_mode", "input_mode", "direction", "dropout", "seed", "seed2")
    options = {name: op.get_attr(name) for name in names}
    given = [zeros_like(y) if g is None else convert_to_tensor(g) for y, g in zip(op.outputs, grads, strict=True)]
    half = len(given) // 2
    params = cudnn_rnn_canonical_to_params(*op.inputs[:3], given[:half], given[half:], **options)
    return [None, None, None, params]
