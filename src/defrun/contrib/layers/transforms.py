"""`tf.contrib.layers`: softmax and maxout, images as sequences, one-hot codes, layers upon layers."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any

from defrun.base import dtypes
from defrun.base.shapes import dimension_value
from defrun.contrib.arg_scope import add_arg_scope
from defrun.contrib.framework.model_variables import model_variable
from defrun.contrib.layers.initializers import xavier_initializer
from defrun.contrib.layers.utils import collect_named_outputs, get_variable_collections, last_dimension
from defrun.graph.collections import GraphKeys
from defrun.graph.composite import SparseTensor
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import add_to_collections, name_scope
from defrun.ops import array, nn, select
from defrun.ops import softmax as softmaxes
from defrun.ops.activation import relu as relu_op
from defrun.ops.arrange import transpose
from defrun.ops.cast import cast
from defrun.ops.compare import not_equal
from defrun.ops.constant import constant
from defrun.ops.creation import lin_space, meshgrid, one_hot
from defrun.ops.elementary import rsqrt, square
from defrun.ops.gather import gather_nd
from defrun.ops.join import concat, unstack
from defrun.ops.join import stack as stack_op
from defrun.ops.limits import minimum
from defrun.ops.math import multiply
from defrun.ops.matrix import matmul
from defrun.ops.reduce import reduce_max, reduce_sum
from defrun.variables.initializers import constant_initializer, ones_initializer, zeros_initializer
from defrun.variables.scope import get_variable, variable_scope


@add_arg_scope
def softmax(logits: Any, scope: Any = None) -> Tensor:
    """Apply the softmax along the last axis, of logits of any rank from 2 on."""
    with variable_scope(scope, "softmax", [logits]):
        count = last_dimension(logits.shape, min_rank=2)
        found = softmaxes.softmax(array.reshape(logits, [-1, count]))
        found = array.reshape(found, array.shape(logits))
        found.set_shape(logits.shape)
        return found


@add_arg_scope
def spatial_softmax(
    features: Any,
    temperature: float | None = None,
    name: str | None = None,
    variables_collections: Any = None,
    trainable: bool = True,
    data_format: str = "NHWC",
) -> Tensor:
    """Return where each channel is strongest: the mean place, weighed by a softmax over the places (Finn et al., 2016).

    Parameters
    ----------
    features : Tensor [batch, height, width, channels], or [batch, channels, height, width] for NCHW
    temperature : float, optional
        At first, of the softmax; it is a variable.
    name : str, optional
    variables_collections : optional
    trainable : bool
    data_format : {"NHWC", "NCHW"}

    Returns
    -------
    Tensor [batch, 2 * channels]
        Rows and columns, from -1 to 1.
    """
    with variable_scope(name, "spatial_softmax"):
        sizes, known = array.shape(features), features.shape
        if data_format not in ("NHWC", "NCHW"):
            raise ValueError("data_format has to be either NCHW or NHWC.")
        first = data_format == "NCHW"
        height, width = (sizes[2], sizes[3]) if first else (sizes[1], sizes[2])
        channels = dimension_value(known[1] if first else known[3])
        if channels is None:
            raise ValueError("The num_channels dimension of the inputs to `spatial_softmax` should be defined.")
        with name_scope("spatial_softmax_op", "spatial_softmax_op", [features]):
            rows, columns = meshgrid(lin_space(-1.0, 1.0, height), lin_space(-1.0, 1.0, width), indexing="ij")
            rows, columns = (array.reshape(places, [height * width]) for places in (rows, columns))
            initializer = ones_initializer() if temperature is None else constant_initializer(temperature)
            variable = model_variable(
                "temperature",
                shape=(),
                dtype=dtypes.float32,
                initializer=initializer,
                collections=get_variable_collections(variables_collections, "temperature") if trainable else None,
                trainable=trainable,
            )
            by_channel = features if first else transpose(features, [0, 3, 1, 2])
            attention = softmaxes.softmax(array.reshape(by_channel, [-1, height * width]) / variable)
            means = [reduce_sum(places * attention, [1], keepdims=True) for places in (rows, columns)]
            points = array.reshape(concat(means, 1), [-1, channels * 2])
            points.set_shape([None, channels * 2])
    return points


@add_arg_scope
def maxout(inputs: Any, num_units: int, axis: int = -1, scope: Any = None) -> Tensor:
    """Take the largest of each of `num_units` groups of channels (Goodfellow et al., 2013).

    Raises
    ------
    ValueError
        If the channels cannot be split into that many groups.
    """
    with variable_scope(scope, "MaxOut", [inputs]):
        inputs = convert_to_tensor(inputs)
        sizes: list[Any] = inputs.shape.as_list()
        channels = sizes[axis]
        if channels % num_units:
            raise ValueError(f"number of features({channels}) is not a multiple of num_units({num_units})")
        sizes[axis] = num_units
        sizes.append(channels // num_units)
        for i, size in enumerate(sizes):
            if size is None:
                sizes[i] = array.shape(inputs)[i]
        return reduce_max(array.reshape(inputs, sizes), -1, keepdims=False)


def poincare_normalize(x: Any, axis: int = 1, epsilon: float = 1e-5, name: str | None = None) -> Tensor:
    """Scale vectors along `axis` that reach beyond a norm of ``1 - epsilon`` back to it (Nickel and Kiela, 2017)."""
    with name_scope(name, "poincare_normalize", [x]) as scope:
        x = convert_to_tensor(x, name="x")
        inverse = rsqrt(reduce_sum(square(x), axis, keepdims=True))
        return multiply(x, minimum((1.0 - epsilon) * inverse, 1.0), name=scope)


# -- codes and sequences ---------------------------------------------------------------------------------------------


@add_arg_scope
def one_hot_encoding(
    labels: Any,
    num_classes: int,
    on_value: float = 1.0,
    off_value: float = 0.0,
    outputs_collections: Any = None,
    scope: Any = None,
) -> Tensor:
    """Return `tf.one_hot` of labels."""
    with name_scope(scope, "OneHotEncoding", [labels, num_classes]) as sc:
        labels = convert_to_tensor(labels)
        if labels.dtype == dtypes.int32:
            labels = cast(labels, dtypes.int64, name="ToInt64")
        outputs = one_hot(labels, num_classes, on_value=on_value, off_value=off_value)
        return collect_named_outputs(outputs_collections, sc, outputs)


@add_arg_scope
def dense_to_sparse(
    tensor: Any, eos_token: Any = 0, outputs_collections: Any = None, scope: Any = None
) -> SparseTensor:
    """Return a sparse tensor of all elements other than `eos_token`."""
    with variable_scope(scope, "dense_to_sparse", [tensor]) as sc:
        tensor = convert_to_tensor(tensor)
        places = select.where(not_equal(tensor, constant(eos_token, tensor.dtype)))
        values = gather_nd(tensor, places)
        outputs = SparseTensor(places, values, array.shape(tensor, out_type=dtypes.int64))
        return collect_named_outputs(outputs_collections, sc.name, outputs)


@add_arg_scope
def images_to_sequence(
    inputs: Any, data_format: str = "NHWC", outputs_collections: Any = None, scope: Any = None
) -> Tensor:
    """Turn images [batch, height, width, depth] into sequences [width, batch * height, depth], column by column."""
    if data_format not in ("NHWC", "NCHW"):
        raise ValueError("data_format has to be either NCHW or NHWC.")
    with name_scope(scope, "ImagesToSequence", [inputs]) as sc:
        inputs = convert_to_tensor(inputs)
        if data_format == "NCHW":
            inputs = transpose(inputs, [0, 2, 3, 1])
        _, _, width, depth = inputs.shape.as_list()
        sizes = array.shape(inputs)
        batch, height = sizes[0], sizes[1]
        columns = transpose(inputs, [2, 0, 1, 3])
        outputs = array.reshape(columns, [width, batch * height, depth])
        return collect_named_outputs(outputs_collections, sc, outputs)


@add_arg_scope
def sequence_to_images(
    inputs: Any,
    height: int,
    output_data_format: str = "channels_last",
    outputs_collections: Any = None,
    scope: Any = None,
) -> Tensor:
    """Turn what `images_to_sequence` gave, for images of `height`, back into images."""
    with name_scope(scope, "SequenceToImages", [inputs]) as sc:
        inputs = convert_to_tensor(inputs)
        width, rows, depth = inputs.shape.as_list()
        columns = array.reshape(inputs, [width, -1 if rows is None else rows // height, height, depth])
        outputs = transpose(columns, [1, 3, 2, 0] if output_data_format == "channels_first" else [1, 2, 0, 3])
        return collect_named_outputs(outputs_collections, sc, outputs)


# -- layers upon layers ----------------------------------------------------------------------------------------------


def repeat(inputs: Any, repetitions: int, layer: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Apply `layer` several times over, with scopes of their own.

    Parameters
    ----------
    inputs : Tensor
    repetitions : int
    layer : callable
        Called as ``layer(inputs, *args, scope=..., **kwargs)``.
    *args, **kwargs
        `scope` among them is the scope of the whole, and begins the names of the others.
    """
    return _one_upon_another(inputs, layer, [args] * repetitions, "Repeat", "repeat", kwargs)


def stack(inputs: Any, layer: Callable[..., Any], stack_args: Sequence[Any], **kwargs: Any) -> Any:
    """Apply `layer` once for each of `stack_args`, each time to what came before.

    Parameters
    ----------
    inputs : Tensor
    layer : callable
        Called as ``layer(inputs, *stack_args[i], scope=..., **kwargs)``.
    stack_args : list
        An argument, or a list of them, for each layer.
    **kwargs
        `scope` among them is the scope of the whole, and begins the names of the others.

    Raises
    ------
    ValueError
        If `stack_args` is no list.
    """
    if not isinstance(stack_args, (list, tuple)):
        raise ValueError("stack_args need to be a list or tuple")
    each = [args if isinstance(args, (list, tuple)) else [args] for args in stack_args]
    return _one_upon_another(inputs, layer, each, "Stack", "stack", kwargs)


def _one_upon_another(
    inputs: Any, layer: Any, arguments: Sequence[Sequence[Any]], default: str, plain: str, kwargs: dict[str, Any]
) -> Any:
    scope = kwargs.pop("scope", None)
    with variable_scope(scope, default, [inputs]):
        outputs = convert_to_tensor(inputs)
        if scope is None:
            scope = getattr(layer, "__name__", None) or getattr(getattr(layer, "func", None), "__name__", plain)
        for i, args in enumerate(arguments):
            outputs = layer(outputs, *args, **{**kwargs, "scope": f"{scope}_{i + 1}"})
        return outputs


def legacy_fully_connected(
    x: Any,
    num_output_units: int,
    activation_fn: Callable[[Any], Any] | None = None,
    weight_init: Any = xavier_initializer(),  # noqa: B008
    bias_init: Any = zeros_initializer(),  # noqa: B008
    name: str | None = None,
    weight_collections: Any = (GraphKeys.WEIGHTS,),
    bias_collections: Any = (GraphKeys.BIASES,),
    output_collections: Any = (GraphKeys.ACTIVATIONS,),
    trainable: bool = True,
    weight_regularizer: Any = None,
    bias_regularizer: Any = None,
) -> Tensor:
    """Apply a dense layer to the last axis of `x`; the first form of `fully_connected`.

    Raises
    ------
    ValueError
        If the rank of `x` is below 2, or its last axis of no known size.
    """
    with variable_scope(name, "fully_connected", [x]):
        x = convert_to_tensor(x)
        size = last_dimension(x.shape, min_rank=2)
        kind, rank = x.dtype.base_dtype, x.shape.ndims
        weights = get_variable(
            "weights",
            shape=[size, num_output_units],
            dtype=kind,
            initializer=weight_init,
            collections=_with_globals(weight_collections),
            regularizer=weight_regularizer,
            trainable=trainable,
        )
        y = matmul(x if rank == 2 else array.reshape(x, [-1, size]), weights)
        if bias_init is not None:
            bias = get_variable(
                "bias",
                shape=[num_output_units],
                dtype=kind,
                initializer=bias_init,
                collections=_with_globals(bias_collections),
                regularizer=bias_regularizer,
                trainable=trainable,
            )
            y = nn.bias_add(y, bias)
        if rank > 2:
            sizes = unstack(array.shape(x))
            y = array.reshape(y, stack_op([*sizes[:-1], num_output_units]))
            y.set_shape([*x.shape.as_list()[:-1], num_output_units])
        if activation_fn is not None:
            y = activation_fn(y)
        add_to_collections([*(output_collections or []), GraphKeys.ACTIVATIONS], y)
        return y


def _with_globals(collections: Any) -> list[Any]:
    return list(dict.fromkeys([*(collections or []), GraphKeys.GLOBAL_VARIABLES]))


legacy_relu = functools.partial(legacy_fully_connected, activation_fn=relu_op)
legacy_linear = functools.partial(legacy_fully_connected, activation_fn=None)
