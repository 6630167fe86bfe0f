"""`tf.contrib.layers`: layers as functions that add activation, normalizer, regularizers and collections."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from defrun.contrib.arg_scope import add_arg_scope
from defrun.contrib.layers.initializers import xavier_initializer
from defrun.contrib.model_variables import model_variable_getter
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import add_to_collection, add_to_collections, get_collection, name_scope
from defrun.layers import convolutional, core, pooling
from defrun.ops.activation import relu as relu_op
from defrun.variables.initializers import zeros_initializer
from defrun.variables.scope import variable_scope

_RENAMED = {"bias": "biases", "kernel": "weights"}


def collected(collections: Any, alias: str, outputs: Any) -> Any:
    """Add `outputs` to collections under an alias; return them."""
    if collections:
        outputs.aliases = [*getattr(outputs, "aliases", []), alias.rstrip("/")]
        add_to_collections(collections, outputs)
    return outputs


def collections_of(collections: Any, name: str) -> Any:
    """Return the collections for the variable `name`: a dict has them by name."""
    return collections.get(name) if isinstance(collections, dict) else collections


def add_variable(variable: Any, collections: Any, name: str) -> None:
    """Add `variable` to the collections for `name`."""
    for collection in collections_of(collections, name) or []:
        for part in list(variable) if hasattr(variable, "_variable_list") else [variable]:
            if not any(part is known for known in get_collection(collection)):
                add_to_collection(collection, part)


def _finish(
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
    return collected(outputs_collections, alias, outputs)


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
        outputs = layer.apply(inputs)
        add_variable(layer.kernel, variables_collections, "weights")
        if layer.bias is not None:
            add_variable(layer.bias, variables_collections, "biases")
        return _finish(outputs, normalizer_fn, normalizer_params, activation_fn, outputs_collections, sc.name)


relu = functools.partial(fully_connected, activation_fn=relu_op)
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
        outputs = layer.apply(inputs)
        add_variable(layer.kernel, variables_collections, "weights")
        if layer.use_bias:
            add_variable(layer.bias, variables_collections, "biases")
        return _finish(outputs, normalizer_fn, normalizer_params, activation_fn, outputs_collections, sc.name)


@add_arg_scope
def convolution2d(*args: Any, **kwargs: Any) -> Tensor:
    """`convolution` of inputs with two spatial axes."""
    return convolution(*args, **kwargs, conv_dims=2)


conv2d = convolution2d


@add_arg_scope
def dropout(
    inputs: Any,
    keep_prob: Any = 0.5,
    noise_shape: Any = None,
    is_training: Any = True,
    outputs_collections: Any = None,
    scope: Any = None,
    seed: int | None = None,
) -> Tensor:
    """Keep each element with probability `keep_prob` where `is_training` holds; scale those up."""
    with variable_scope(scope, "Dropout", [inputs], custom_getter=model_variable_getter()) as sc:
        inputs = convert_to_tensor(inputs)
        layer = core.Dropout(rate=1 - keep_prob, noise_shape=noise_shape, seed=seed, name=sc.name, _scope=sc)
        return collected(outputs_collections, sc.name, layer.apply(inputs, training=is_training))


@add_arg_scope
def flatten(inputs: Any, outputs_collections: Any = None, scope: Any = None) -> Tensor:
    """Put all axes but the first into one."""
    with name_scope(scope, "Flatten", [inputs]) as sc:
        return collected(outputs_collections, sc, core.flatten(convert_to_tensor(inputs)))


def _pool2d(kind: type[Any], default: str) -> Callable[..., Any]:
    def pool(
        inputs: Any,
        kernel_size: Any,
        stride: Any = 2,
        padding: str = "VALID",
        data_format: str = "NHWC",
        outputs_collections: Any = None,
        scope: Any = None,
    ) -> Tensor:
        if data_format not in ("NHWC", "NCHW"):
            raise ValueError("data_format has to be either NCHW or NHWC.")
        with name_scope(scope, default, [inputs]) as sc:
            form = "channels_first" if data_format == "NCHW" else "channels_last"
            layer = kind(kernel_size, strides=stride, padding=padding, data_format=form, _scope=sc)
            return collected(outputs_collections, sc, layer.apply(convert_to_tensor(inputs)))

    pool.__name__ = pool.__qualname__ = "max_pool2d" if default == "MaxPool2D" else "avg_pool2d"
    pool.__doc__ = f"Apply {kind.__name__}: windows of `kernel_size`, `stride` apart."
    return add_arg_scope(pool)


max_pool2d = _pool2d(pooling.MaxPooling2D, "MaxPool2D")
avg_pool2d = _pool2d(pooling.AveragePooling2D, "AvgPool2D")
