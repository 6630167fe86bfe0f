"""`CudnnRNN` and its kin: recurrent networks of several layers, and their gradients."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from defrun.base import dtypes
from defrun.graph.convert import convert_to_tensor
from defrun.ops import philox
from defrun.ops.creation import zeros_like
from defrun.ops.cudnn.layout import Layout, layout_of
from defrun.ops.cudnn.network import run_network
from defrun.ops.declare import op

TYPES = frozenset((dtypes.float16, dtypes.float32, dtypes.float64))
MODES = ("rnn_relu", "rnn_tanh", "lstm", "gru")
INPUT_MODES = ("linear_input", "skip_input", "auto_select")
DIRECTIONS = ("unidirectional", "bidirectional")
_CHOICES: dict[str, Any] = {"T": TYPES, "rnn_mode": MODES, "input_mode": INPUT_MODES, "direction": DIRECTIONS}


def _layout(input: Any, input_h: Any, rnn_mode: str, input_mode: str, direction: str) -> Layout:
    ways = 2 if direction == "bidirectional" else 1
    if len(input.shape) != 3 or len(input_h.shape) != 3:
        raise ValueError(f"input and input_h must have 3 axes, not the shapes {input.shape} and {input_h.shape}")
    return layout_of(rnn_mode, input_h.shape[0] // ways, input_h.shape[2], input.shape[2], direction, input_mode)


def _masks(layout: Layout, input: Any, dropout: float, is_training: bool, state: Any) -> tuple[Any, Any]:
    """Return what to multiply the outputs between the layers with, if there is dropout, and the next state."""
    if dropout <= 0 or not is_training or layout.layers < 2:
        return None, state
    shape = (layout.layers - 1, *input.shape[:2], layout.units * layout.ways)
    drawn, state = philox.random_uniform(state, shape, np.dtype(np.float32))
    return jnp.where(drawn >= dropout, 1 / (1 - dropout), 0).astype(input.dtype), state


def _kept(masks: Any, input: Any) -> Any:
    return jnp.zeros(0, input.dtype) if masks is None else masks.reshape(-1)


def _taken(layout: Layout, input: Any, reserve_space: Any) -> Any:
    if not reserve_space.size:
        return None
    return reserve_space.reshape(layout.layers - 1, *input.shape[:2], layout.units * layout.ways)


def _dims(input: Any, input_h: Any, rnn_mode: str, direction: str) -> list[Any]:
    ways = 2 if direction == "bidirectional" else 1
    steps = (None, None) if input is None else input[:2]
    units = None if input_h is None else input_h[2]
    states = (None, None, None) if input_h is None else input_h
    output = (*steps, None if units is None else units * ways)
    return [output, states, states if rnn_mode == "lstm" else (), None]


def _with_host(dims: list[Any]) -> list[Any]:
    return [*dims, None]


def _generator(attrs: dict[str, Any]) -> Any:
    return philox.initial_state(attrs["seed"], attrs["seed2"])


_INPUTS = "input: T, input_h: T, input_c: T, params: T"
_OUTPUTS = "output: T, output_h: T, output_c: T, reserve_space: T"


@op("CudnnRNN", f"{_INPUTS} -> {_OUTPUTS}", state=_generator, shape=_dims, **_CHOICES)
def cudnn_rnn(
    input,
    input_h,
    input_c,
    params,
    rnn_mode: str = "lstm",
    input_mode: str = "linear_input",
    direction: str = "unidirectional",
    dropout: float = 0.0,
    seed: int = 0,
    seed2: int = 0,
    is_training: bool = True,
    *,
    state,
):
    """Run a network over `input` [time, batch, inputs] from the states [layers * ways, batch, units].

    Returns
    -------
    output : Tensor [time, batch, units * ways]
    output_h, output_c : Tensor [layers * ways, batch, units]
    reserve_space : Tensor
        What the gradient needs.
    """
    layout = _layout(input, input_h, rnn_mode, input_mode, direction)
    masks, state = _masks(layout, input, dropout, is_training, state)
    return *run_network(layout, input, input_h, input_c, params, masks, None), _kept(masks, input), state


@op(
    "CudnnRNNV2",
    f"{_INPUTS} -> {_OUTPUTS}, host_reserved: int8",
    state=_generator,
    shape=lambda input, input_h, rnn_mode, direction: _with_host(_dims(input, input_h, rnn_mode, direction)),
    **_CHOICES,
)
def cudnn_rnn_v2(
    input,
    input_h,
    input_c,
    params,
    rnn_mode: str = "lstm",
    input_mode: str = "linear_input",
    direction: str = "unidirectional",
    dropout: float = 0.0,
    seed: int = 0,
    seed2: int = 0,
    is_training: bool = True,
    *,
    state,
):
    """`cudnn_rnn` with one more output, which is empty."""
    layout = _layout(input, input_h, rnn_mode, input_mode, direction)
    masks, state = _masks(layout, input, dropout, is_training, state)
    found = run_network(layout, input, input_h, input_c, params, masks, None)
    return *found, _kept(masks, input), jnp.zeros(0, jnp.int8), state


@op(
    "CudnnRNNV3",
    f"{_INPUTS}, sequence_lengths: int32 -> {_OUTPUTS}, host_reserved: int8",
    state=_generator,
    shape=lambda input, input_h, rnn_mode, direction: _with_host(_dims(input, input_h, rnn_mode, direction)),
    **_CHOICES,
)
def cudnn_rnn_v3(
    input,
    input_h,
    input_c,
    params,
    sequence_lengths,
    rnn_mode: str = "lstm",
    input_mode: str = "linear_input",
    direction: str = "unidirectional",
    dropout: float = 0.0,
    seed: int = 0,
    seed2: int = 0,
    num_proj: int = 0,
    is_training: bool = True,
    time_major: bool = True,
    *,
    state,
):
    """`cudnn_rnn` for sequences [batch] of different lengths; unless `time_major`, all is [batch, ...]."""
    _no_projection(num_proj)
    input, input_h, input_c = (_turned(v, time_major) for v in (input, input_h, input_c))
    layout = _layout(input, input_h, rnn_mode, input_mode, direction)
    masks, state = _masks(layout, input, dropout, is_training, state)
    found = run_network(layout, input, input_h, input_c, params, masks, sequence_lengths)
    return *(_turned(v, time_major) for v in found), _kept(masks, input), jnp.zeros(0, jnp.int8), state


def _no_projection(num_proj: int) -> None:
    if num_proj:
        raise NotImplementedError("cudnn_rnn with num_proj")


def _turned(value: Any, time_major: bool) -> Any:
    return value if time_major or value.ndim < 3 else jnp.swapaxes(value, 0, 1)


def _pull_back(
    layout: Layout, input, input_h, input_c, params, masks, lengths, grad, grad_h, grad_c
) -> tuple[Any, ...]:
    """Return the gradients of input, states and parameters; those of an empty c are empty."""
    fixed = None if layout.mode == "lstm" else input_c

    def forward(x: Any, h: Any, c: Any, p: Any) -> Any:
        outputs, last_h, last_c = run_network(layout, x, h, c if fixed is None else fixed, p, masks, lengths)
        return outputs, last_h, last_c

    _, back = jax.vjp(forward, input, input_h, input_c, params)
    grad_c = grad_c if layout.mode == "lstm" else jnp.zeros((), input.dtype)
    return back((grad, grad_h, grad_c))


_BACK_OUT = "input_backprop: T, input_h_backprop: T, input_c_backprop: T, params_backprop: T"
_FORWARD = "output: T, output_h: T, output_c: T, output_backprop: T, output_h_backprop: T, output_c_backprop: T"


def _like_inputs(input: Any, input_h: Any, input_c: Any, params: Any) -> list[Any]:
    return [input, input_h, input_c, params]


@op(
    "CudnnRNNBackprop",
    f"{_INPUTS}, {_FORWARD}, reserve_space: T -> {_BACK_OUT}",
    stateful=True,
    differentiable=False,
    shape=_like_inputs,
    **_CHOICES,
)
def cudnn_rnn_backprop(
    input,
    input_h,
    input_c,
    params,
    output,
    output_h,
    output_c,
    output_backprop,
    output_h_backprop,
    output_c_backprop,
    reserve_space,
    rnn_mode: str = "lstm",
    input_mode: str = "linear_input",
    direction: str = "unidirectional",
    dropout: float = 0.0,
    seed: int = 0,
    seed2: int = 0,
):
    """The gradients of `cudnn_rnn` for its inputs."""
    layout = _layout(input, input_h, rnn_mode, input_mode, direction)
    masks = _taken(layout, input, reserve_space)
    grads = (output_backprop, output_h_backprop, output_c_backprop)
    return _pull_back(layout, input, input_h, input_c, params, masks, None, *grads)


@op(
    "CudnnRNNBackpropV2",
    f"{_INPUTS}, {_FORWARD}, reserve_space: T, host_reserved: int8 -> {_BACK_OUT}",
    stateful=True,
    differentiable=False,
    shape=_like_inputs,
    **_CHOICES,
)
def cudnn_rnn_backprop_v2(
    input,
    input_h,
    input_c,
    params,
    output,
    output_h,
    output_c,
    output_backprop,
    output_h_backprop,
    output_c_backprop,
    reserve_space,
    host_reserved,
    rnn_mode: str = "lstm",
    input_mode: str = "linear_input",
    direction: str = "unidirectional",
    dropout: float = 0.0,
    seed: int = 0,
    seed2: int = 0,
):
    """The gradients of `cudnn_rnn_v2` for its inputs."""
    layout = _layout(input, input_h, rnn_mode, input_mode, direction)
    masks = _taken(layout, input, reserve_space)
    grads = (output_backprop, output_h_backprop, output_c_backprop)
    return _pull_back(layout, input, input_h, input_c, params, masks, None, *grads)


@op(
    "CudnnRNNBackpropV3",
    f"{_INPUTS}, sequence_lengths: int32, {_FORWARD}, reserve_space: T, host_reserved: int8 -> {_BACK_OUT}",
    stateful=True,
    differentiable=False,
    shape=_like_inputs,
    **_CHOICES,
)
def cudnn_rnn_backprop_v3(
    input,
    input_h,
    input_c,
    params,
    sequence_lengths,
    output,
    output_h,
    output_c,
    output_backprop,
    output_h_backprop,
    output_c_backprop,
    reserve_space,
    host_reserved,
    rnn_mode: str = "lstm",
    input_mode: str = "linear_input",
    direction: str = "unidirectional",
    dropout: float = 0.0,
    seed: int = 0,
    seed2: int = 0,
    num_proj: int = 0,
    time_major: bool = True,
):
    """The gradients of `cudnn_rnn_v3` for its inputs."""
    _no_projection(num_proj)
    given = (input, input_h, input_c, output_backprop, output_h_backprop, output_c_backprop)
    input, input_h, input_c, *grads = (_turned(v, time_major) for v in given)
    layout = _layout(input, input_h, rnn_mode, input_mode, direction)
    masks = _taken(layout, input, reserve_space)
    found = _pull_back(layout, input, input_h, input_c, params, masks, sequence_lengths, *grads)
    return tuple(_turned(v, time_major) for v in found)


def _back(node: Any, build: Any, grads: tuple[Any, ...], more: tuple[str, ...] = ()) -> list[Any]:
    """Build the node of the gradients from a forward node that was made for training."""
    if not node.get_attr("is_training"):
        raise ValueError(f"{node.type} {node.name} must be made with is_training=True to have gradients")
    names = ("rnn_mode", "input_mode", "direction", "dropout", "seed", "seed2", *more)
    options = {name: node.get_attr(name) for name in names}
    outputs = node.outputs
    given = [zeros_like(y) if g is None else convert_to_tensor(g) for y, g in zip(outputs[:3], grads[:3], strict=True)]
    return build(*node.inputs, *outputs[:3], *given, *outputs[3:], **options)


@cudnn_rnn.gradient
def _(op, *grads):
    return _back(op, cudnn_rnn_backprop, grads)


@cudnn_rnn_v2.gradient
def _(op, *grads):
    return _back(op, cudnn_rnn_backprop_v2, grads)


@cudnn_rnn_v3.gradient
def _(op, *grads):
    found = _back(op, cudnn_rnn_backprop_v3, grads, ("num_proj", "time_major"))
    return [*found, None]
