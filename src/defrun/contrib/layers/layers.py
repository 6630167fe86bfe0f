"""`tf.contrib.layers`: layers as functions that add activation, normalizer, regularizers and collections."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from defrun.contrib.arg_scope import add_arg_scope
from defrun.contrib.framework.model_variables import model_variable_getter
from defrun.contrib.layers.initializers import xavier_initializer
from defrun.contrib.layers.utils import add_variable, collect_named_outputs
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.layers import convolutional, core
from defrun.ops.activation import elu as elu_op
from defrun.ops.activation import relu as relu_op
from defrun.ops.activation import relu6 as relu6_op
from defrun.variables.initializers import zeros_initializer
from defrun.variables.scope import variable_scope

_RENAMED = {"bias": "biases", "kernel": "weights"}


def applied(layer: Any, inputs: Any, collections: Any, *kernels: str) -> Tensor:
    """Apply `layer`, whose weights are its `kernels`, and put its variables into the collections of theirs."""
    outputs = layer.apply(inputs)
    for kernel in kernels or ("kernel",):
        add_variable(getattr(layer, kernel), collections, "weights")
    if layer.bias is not None:
        add_variable(layer.bias, collections, "biases")
    return outputs


def finish(
    outputs: Tensor,
    normalizer_fn: Callable[..., Any] | None,
    normalizer_params: dict[str, Any] | None,
    activation_fn: Callable[[Any], Any] | None,
    outputs_collections: Any,
    alias: str,
) -> Tensor:
    if normalizer_fn is not None:
        outputs = normalizer_fn(outputs, **(normalizer_params or {}))
    if activation_fn is not None:
        outputs = activation_fn(outputs)
    return collect_named_outputs(outputs_collections, alias, outputs)


@add_arg_scope
def fully_connected(
    inputs: Any,
    num_outputs: int,
    activation_fn: Callable[[Any], Any] | None = relu_op,
    normalizer_fn: Callable[..., Any] | None = None,
    normalizer_params: dict[str, Any] | None = None,
    weights_initializer: Any = xavier_initializer(),  # noqa: B008
    weights_regularizer: Any = None,
    biases_initializer: Any = zeros_initializer(),  # noqa: B008
    biases_regularizer: Any = None,
    reuse: bool | None = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: bool = True,
    scope: Any = None,
) -> Tensor:
    """Apply a dense layer, then a normalizer (which takes the place of the biases), then an activation.

    Parameters
    ----------
    inputs : Tensor [batch, ..., inputs]
    num_outputs : int
    activation_fn : callable, optional
        None for none; relu by default.
    normalizer_fn : callable, optional
        Called with `normalizer_params`.
    weights_initializer, biases_initializer : Initializer
        No biases if that is None.
    weights_regularizer, biases_regularizer : callable, optional
    reuse : bool, optional
    variables_collections, outputs_collections : optional
    trainable : bool
    scope : str or VariableScope, optional

    Returns
    -------
    Tensor [batch, ..., num_outputs]

    Raises
    ------
    ValueError
        If `num_outputs` is not an integer.
    """
    if not isinstance(num_outputs, int):
        raise ValueError(f"num_outputs should be an int, got {num_outputs!r}")
    getter = model_variable_getter(_RENAMED)
    with variable_scope(scope, "fully_connected", [inputs], reuse=reuse, custom_getter=getter) as sc:
        inputs = convert_to_tensor(inputs)
        layer = core.Dense(
            num_outputs,
            use_bias=bool(not normalizer_fn and biases_initializer),
            kernel_initializer=weights_initializer,
            bias_initializer=biases_initializer,
            kernel_regularizer=weights_regularizer,
            bias_regularizer=biases_regularizer,
            trainable=trainable,
            name=sc.name,
            dtype=inputs.dtype.base_dtype,
            _scope=sc,
            _reuse=reuse,
        )
        outputs = applied(layer, inputs, variables_collections)
        return finish(outputs, normalizer_fn, normalizer_params, activation_fn, outputs_collections, sc.name)


relu = functools.partial(fully_connected, activation_fn=relu_op)
relu6 = functools.partial(fully_connected, activation_fn=relu6_op)
elu = functools.partial(fully_connected, activation_fn=elu_op)
linear = functools.partial(fully_connected, activation_fn=None)

_CONVOLUTIONS = {3: convolutional.Conv1D, 4: convolutional.Conv2D, 5: convolutional.Conv3D}


@add_arg_scope
def convolution(
    inputs: Any,
    num_outputs: int,
    kernel_size: Any,
    stride: Any = 1,
    padding: str = "SAME",
    data_format: str | None = None,
    rate: Any = 1,
    activation_fn: Callable[[Any], Any] | None = relu_op,
    normalizer_fn: Callable[..., Any] | None = None,
    normalizer_params: dict[str, Any] | None = None,
    weights_initializer: Any = xavier_initializer(),  # noqa: B008
    weights_regularizer: Any = None,
    biases_initializer: Any = zeros_initializer(),  # noqa: B008
    biases_regularizer: Any = None,
    reuse: bool | None = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: bool = True,
    scope: Any = None,
    conv_dims: int | None = None,
) -> Tensor:
    """Apply a convolution over one, two or three spatial axes, then a normalizer, then an activation.

    Parameters
    ----------
    inputs : Tensor [batch, ..., channels]
    num_outputs : int
    kernel_size, stride, rate : int, or a list with one per spatial axis
    padding : {"SAME", "VALID"}
    data_format : str, optional
        Begins with NC if the channels come first.
    conv_dims : int, optional
        How many spatial axes there must be.
    activation_fn, normalizer_fn, normalizer_params, weights_initializer, weights_regularizer, biases_initializer, \
biases_regularizer, reuse, variables_collections, outputs_collections, trainable, scope
        See `fully_connected`.

    Raises
    ------
    ValueError
        If the rank of the inputs or the data format doesn't fit.
    """
    if data_format not in (None, "NWC", "NCW", "NHWC", "NCHW", "NDHWC", "NCDHW"):
        raise ValueError(f"Invalid data_format: {data_format!r}")
    getter = model_variable_getter(_RENAMED)
    with variable_scope(scope, "Conv", [inputs], reuse=reuse, custom_getter=getter) as sc:
        inputs = convert_to_tensor(inputs)
        rank = inputs.shape.ndims
        if conv_dims is not None and conv_dims + 2 != rank:
            raise ValueError(f"Convolution expects input with rank {conv_dims + 2}, got {rank}")
        if rank not in _CONVOLUTIONS:
            raise ValueError(f"Convolution not supported for input with rank {rank}")
        layer = _CONVOLUTIONS[rank](
            num_outputs,
            kernel_size,
            strides=stride,
            padding=padding,
            data_format="channels_first" if data_format and data_format.startswith("NC") else "channels_last",
            dilation_rate=rate,
            use_bias=bool(not normalizer_fn and biases_initializer),
            kernel_initializer=weights_initializer,
            bias_initializer=biases_initializer,
            kernel_regularizer=weights_regularizer,
            bias_regularizer=biases_regularizer,
            trainable=trainable,
            name=sc.name,
            dtype=inputs.dtype.base_dtype,
            _scope=sc,
            _reuse=reuse,
        )
        outputs = applied(layer, inputs, variables_collections)
        return finish(outputs, normalizer_fn, normalizer_params, activation_fn, outputs_collections, sc.name)


def _of_rank(dims: int) -> Callable[..., Any]:
    def convolve(
        inputs: Any,
        num_outputs: int,
        kernel_size: Any,
        stride: Any = 1,
        padding: str = "SAME",
        data_format: str | None = None,
        rate: Any = 1,
        activation_fn: Callable[[Any], Any] | None = relu_op,
        normalizer_fn: Callable[..., Any] | None = None,
        normalizer_params: dict[str, Any] | None = None,
        weights_initializer: Any = xavier_initializer(),  # noqa: B008
        weights_regularizer: Any = None,
        biases_initializer: Any = zeros_initializer(),  # noqa: B008
        biases_regularizer: Any = None,
        reuse: bool | None = None,
        variables_collections: Any = None,
        outputs_collections: Any = None,
        trainable: bool = True,
        scope: Any = None,
    ) -> Tensor:
        return convolution(
            inputs, num_outputs, kernel_size, stride, padding, data_format, rate, activation_fn, normalizer_fn,
            normalizer_params, weights_initializer, weights_regularizer, biases_initializer, biases_regularizer,
            reuse, variables_collections, outputs_collections, trainable, scope, conv_dims=dims,
        )  # fmt: skip

    convolve.__name__ = convolve.__qualname__ = f"convolution{dims}d"
    convolve.__doc__ = f"`convolution` of inputs with {dims} spatial axes."
    return add_arg_scope(convolve)


conv1d = convolution1d = _of_rank(1)
conv2d = convolution2d = _of_rank(2)
conv3d = convolution3d = _of_rank(3)
