"""Inception, version 1: GoogLeNet (Szegedy et al., 2014)."""

from __future__ import annotations

from typing import Any

from defrun.contrib.arg_scope import arg_scope
from defrun.contrib.layers.batch_norm import batch_norm
from defrun.contrib.layers.initializers import variance_scaling_initializer
from defrun.contrib.layers.layers import conv2d, fully_connected
from defrun.contrib.layers.pooling import avg_pool2d, dropout, max_pool2d
from defrun.contrib.layers.regularizers import l2_regularizer
from defrun.contrib.layers.transforms import softmax
from defrun.contrib.slim.nets import mixed
from defrun.contrib.slim.nets.chain import truncated
from defrun.graph.collections import GraphKeys
from defrun.ops.activation import relu
from defrun.ops.array import squeeze
from defrun.variables.scope import variable_scope


def _block(one: int, three: tuple[int, int], five: tuple[int, int], pooled: int, odd: str = "0b") -> list[str]:
    return [
        f"Conv2d_0a_1x1={one}",
        f"Conv2d_0a_1x1={three[0]} Conv2d_0b_3x3={three[1]}",
        f"Conv2d_0a_1x1={five[0]} Conv2d_{odd}_3x3={five[1]}",
        f"MaxPool_0a_3x3 Conv2d_0b_1x1={pooled}",
    ]


_TABLE: mixed.Table = {
    "Conv2d_1a_7x7": "=64/2",
    "MaxPool_2a_3x3": "/2",
    "Conv2d_2b_1x1": "=64",
    "Conv2d_2c_3x3": "=192",
    "MaxPool_3a_3x3": "/2",
    "Mixed_3b": _block(64, (96, 128), (16, 32), 32),
    "Mixed_3c": _block(128, (128, 192), (32, 96), 64),
    "MaxPool_4a_3x3": "/2",
    "Mixed_4b": _block(192, (96, 208), (16, 48), 64),
    "Mixed_4c": _block(160, (112, 224), (24, 64), 64),
    "Mixed_4d": _block(128, (128, 256), (24, 64), 64),
    "Mixed_4e": _block(112, (144, 288), (32, 64), 64),
    "Mixed_4f": _block(256, (160, 320), (32, 128), 128),
    "MaxPool_5a_2x2": "/2",
    "Mixed_5b": _block(256, (160, 320), (32, 128), 128, odd="0a"),
    "Mixed_5c": _block(384, (192, 384), (48, 128), 128),
}


def inception_v1_base(inputs: Any, final_endpoint: str = "Mixed_5c", scope: Any = "InceptionV1") -> Any:
    """Build the features of the network, up to an end point.

    Parameters
    ----------
    inputs : Tensor [batch, height, width, channels]
    final_endpoint : str
    scope : str or VariableScope, optional

    Returns
    -------
    net : Tensor
    end_points : dict
        The outputs so far by name.

    Raises
    ------
    ValueError
        If there is no such end point.
    """
    ends: dict[str, Any] = {}
    with (
        variable_scope(scope, "InceptionV1", [inputs]),
        arg_scope([conv2d, fully_connected], weights_initializer=truncated(0.01)),
        arg_scope([conv2d, max_pool2d], stride=1, padding="SAME"),
    ):
        net, found = mixed.build(inputs, _TABLE, final_endpoint, int, ends)
    if not found:
        raise ValueError(f"Unknown final endpoint {final_endpoint}")
    return net, ends


def inception_v1(
    inputs: Any,
    num_classes: int = 1000,
    is_training: Any = True,
    dropout_keep_prob: float = 0.8,
    prediction_fn: Any = softmax,
    spatial_squeeze: bool = True,
    reuse: bool | None = None,
    scope: Any = "InceptionV1",
) -> Any:
    """Build the network.

    Parameters
    ----------
    inputs : Tensor [batch, height, width, channels]
    num_classes : int
    is_training : bool
        Whether there is dropout, and batch normalization takes the batch's moments.
    dropout_keep_prob : float
    prediction_fn : callable
        Makes predictions of logits.
    spatial_squeeze : bool
        Take the logits' axes of size 1 away.
    reuse : bool, optional
    scope : str or VariableScope, optional

    Returns
    -------
    logits : Tensor [batch, num_classes]
    end_points : dict
        The outputs by name.
    """
    with (
        variable_scope(scope, "InceptionV1", [inputs, num_classes], reuse=reuse) as scope,
        arg_scope([batch_norm, dropout], is_training=is_training),
    ):
        net, ends = inception_v1_base(inputs, scope=scope)
        with variable_scope("Logits"):
            net = avg_pool2d(net, [7, 7], stride=1, scope="MaxPool_0a_7x7")
            net = dropout(net, dropout_keep_prob, scope="Dropout_0b")
            logits = conv2d(
                net, num_classes, [1, 1], activation_fn=None, normalizer_fn=None, scope="Conv2d_0c_1x1"
            )
            if spatial_squeeze:
                logits = squeeze(logits, [1, 2], name="SpatialSqueeze")
            ends["Logits"] = logits
            ends["Predictions"] = prediction_fn(logits, scope="Predictions")
    return logits, ends


inception_v1.default_image_size = 224  # type: ignore[attr-defined]


def normalization(collection: str, **more: Any) -> dict[str, Any]:
    """Return the parameters of Inception's batch normalizations, whose averages go to a collection of their own."""
    kept = {"beta": None, "gamma": None, "moving_mean": [collection], "moving_variance": [collection]}
    common = {"decay": 0.9997, "epsilon": 0.001, "updates_collections": GraphKeys.UPDATE_OPS}
    return {**common, "variables_collections": kept, **more}


def defaults(weight_decay: float, normalizer: Any, parameters: dict[str, Any]) -> Any:
    """Return the defaults of an Inception's layers."""
    with (
        arg_scope([conv2d, fully_connected], weights_regularizer=l2_regularizer(weight_decay)),
        arg_scope(
            [conv2d],
            weights_initializer=variance_scaling_initializer(),
            activation_fn=relu,
            normalizer_fn=normalizer,
            normalizer_params=parameters,
        ) as scope,
    ):
        return scope


def inception_v1_arg_scope(
    weight_decay: float = 0.00004, use_batch_norm: bool = True, batch_norm_var_collection: str = "moving_vars"
) -> Any:
    """Return the defaults of the network's layers."""
    if not use_batch_norm:
        return defaults(weight_decay, None, {})
    return defaults(weight_decay, batch_norm, normalization(batch_norm_var_collection))
