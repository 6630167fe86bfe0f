"""Inception, version 3 (Szegedy et al., 2015): convolutions of 7 by 7 in two steps of 1 by 7 and 7 by 1."""

from __future__ import annotations

from typing import Any

from defrun.contrib.arg_scope import arg_scope
from defrun.contrib.layers.batch_norm import batch_norm
from defrun.contrib.layers.layers import conv2d
from defrun.contrib.layers.pooling import avg_pool2d, dropout, max_pool2d
from defrun.contrib.layers.transforms import softmax
from defrun.contrib.slim.nets import mixed
from defrun.contrib.slim.nets.chain import truncated
from defrun.contrib.slim.nets.inception_v1 import defaults, normalization
from defrun.graph.collections import GraphKeys
from defrun.graph.operation import Tensor
from defrun.ops.array import squeeze
from defrun.variables.scope import variable_scope


def _small(pooled: int, five: str = "Conv2d_0a_1x1=48 Conv2d_0b_5x5=64") -> list[str]:
    return [
        "Conv2d_0a_1x1=64",
        five,
        "Conv2d_0a_1x1=64 Conv2d_0b_3x3=96 Conv2d_0c_3x3=96",
        f"AvgPool_0a_3x3 Conv2d_0b_1x1={pooled}",
    ]


def _middle(depth: int) -> list[str]:
    narrow = f"Conv2d_0b_7x1={depth} Conv2d_0c_1x7={depth} Conv2d_0d_7x1={depth}"
    return [
        "Conv2d_0a_1x1=192",
        f"Conv2d_0a_1x1={depth} Conv2d_0b_1x7={depth} Conv2d_0c_7x1=192",
        f"Conv2d_0a_1x1={depth} {narrow} Conv2d_0e_1x7=192",
        "AvgPool_0a_3x3 Conv2d_0b_1x1=192",
    ]


def _wide(last: str) -> list[str]:
    return [
        "Conv2d_0a_1x1=320",
        f"Conv2d_0a_1x1=384 Conv2d_0b_1x3=384|Conv2d_{last}_3x1=384",
        "Conv2d_0a_1x1=448 Conv2d_0b_3x3=384 Conv2d_0c_1x3=384|Conv2d_0d_3x1=384",
        "AvgPool_0a_3x3 Conv2d_0b_1x1=192",
    ]


_STEM: mixed.Table = {
    "Conv2d_1a_3x3": "=32/2",
    "Conv2d_2a_3x3": "=32",
    "Conv2d_2b_3x3": lambda net, scope, depth: conv2d(net, depth(64), [3, 3], padding="SAME", scope=scope),
    "MaxPool_3a_3x3": "/2",
    "Conv2d_3b_1x1": "=80",
    "Conv2d_4a_3x3": "=192",
    "MaxPool_5a_3x3": "/2",
}
# Names as the checkpoints have them, odd ones too.
_TABLE: mixed.Table = {
    "Mixed_5b": _small(32),
    "Mixed_5c": _small(64, "Conv2d_0b_1x1=48 Conv_1_0c_5x5=64"),
    "Mixed_5d": _small(64),
    "Mixed_6a": [
        "Conv2d_1a_1x1=384@3x3/2!",
        "Conv2d_0a_1x1=64 Conv2d_0b_3x3=96 Conv2d_1a_1x1=96@3x3/2!",
        "MaxPool_1a_3x3/2!",
    ],
    "Mixed_6b": _middle(128),
    "Mixed_6c": _middle(160),
    "Mixed_6d": _middle(160),
    "Mixed_6e": _middle(192),
    "Mixed_7a": [
        "Conv2d_0a_1x1=192 Conv2d_1a_3x3=320/2!",
        "Conv2d_0a_1x1=192 Conv2d_0b_1x7=192 Conv2d_0c_7x1=192 Conv2d_1a_3x3=192/2!",
        "MaxPool_1a_3x3/2!",
    ],
    "Mixed_7b": _wide("0b"),
    "Mixed_7c": _wide("0c"),
}


def inception_v3_base(
    inputs: Any,
    final_endpoint: str = "Mixed_7c",
    min_depth: int = 16,
    depth_multiplier: float = 1.0,
    scope: Any = None,
) -> Any:
    """Build the features of the network, up to an end point; parameters and results as for `inception_v2_base`."""
    ends: dict[str, Any] = {}
    depth = mixed.depths(depth_multiplier, min_depth)
    kinds = [conv2d, max_pool2d, avg_pool2d]
    with variable_scope(scope, "InceptionV3", [inputs]):
        with arg_scope(kinds, stride=1, padding="VALID"):
            net, found = mixed.build(inputs, _STEM, final_endpoint, depth, ends)
        if not found:
            with arg_scope(kinds, stride=1, padding="SAME"):
                net, found = mixed.build(net, _TABLE, final_endpoint, depth, ends)
    if not found:
        raise ValueError(f"Unknown final endpoint {final_endpoint}")
    return net, ends


def inception_v3(
    inputs: Any,
    num_classes: int = 1000,
    is_training: Any = True,
    dropout_keep_prob: float = 0.8,
    min_depth: int = 16,
    depth_multiplier: float = 1.0,
    prediction_fn: Any = softmax,
    spatial_squeeze: bool = True,
    reuse: bool | None = None,
    scope: Any = "InceptionV3",
) -> Any:
    """Build the network; parameters and results as for `inception_v1` and `inception_v2_base`.

    The end point AuxLogits is a second classifier, of features in the middle, which helps in training.
    """
    depth = mixed.depths(depth_multiplier, min_depth)
    with (
        variable_scope(scope, "InceptionV3", [inputs, num_classes], reuse=reuse) as scope,
        arg_scope([batch_norm, dropout], is_training=is_training),
    ):
        net, ends = inception_v3_base(inputs, scope=scope, min_depth=min_depth, depth_multiplier=depth_multiplier)
        with arg_scope([conv2d, max_pool2d, avg_pool2d], stride=1, padding="SAME"), variable_scope("AuxLogits"):
            ends["AuxLogits"] = _second(ends["Mixed_6e"], num_classes, depth, spatial_squeeze)
        with variable_scope("Logits"):
            window = mixed.at_most(net, [8, 8])
            net = avg_pool2d(net, window, padding="VALID", scope=f"AvgPool_1a_{window[0]}x{window[1]}")
            net = dropout(net, keep_prob=dropout_keep_prob, scope="Dropout_1b")
            ends["PreLogits"] = net
            logits = conv2d(
                net, num_classes, [1, 1], activation_fn=None, normalizer_fn=None, scope="Conv2d_1c_1x1"
            )
            if spatial_squeeze:
                logits = squeeze(logits, [1, 2], name="SpatialSqueeze")
        ends["Logits"] = logits
        ends["Predictions"] = prediction_fn(logits, scope="Predictions")
    return logits, ends


inception_v3.default_image_size = 299  # type: ignore[attr-defined]


def _second(net: Tensor, num_classes: int, depth: mixed.Depth, squeezed: bool) -> Tensor:
    """Build the classifier of features in the middle."""
    net = avg_pool2d(net, [5, 5], stride=3, padding="VALID", scope="AvgPool_1a_5x5")
    net = conv2d(net, depth(128), [1, 1], scope="Conv2d_1b_1x1")
    window = mixed.at_most(net, [5, 5])
    net = conv2d(
        net,
        depth(768),
        window,
        weights_initializer=truncated(0.01),
        padding="VALID",
        scope=f"Conv2d_2a_{window[0]}x{window[1]}",
    )
    net = conv2d(
        net,
        num_classes,
        [1, 1],
        activation_fn=None,
        normalizer_fn=None,
        weights_initializer=truncated(0.001),
        scope="Conv2d_2b_1x1",
    )
    return squeeze(net, [1, 2], name="SpatialSqueeze") if squeezed else net


def inception_v3_arg_scope(
    weight_decay: float = 0.00004,
    batch_norm_var_collection: str = "moving_vars",
    batch_norm_decay: float = 0.9997,
    batch_norm_epsilon: float = 0.001,
    updates_collections: Any = GraphKeys.UPDATE_OPS,
    use_fused_batchnorm: bool = True,
) -> Any:
    """Return the defaults of the network's layers."""
    parameters = normalization(
        batch_norm_var_collection,
        decay=batch_norm_decay,
        epsilon=batch_norm_epsilon,
        updates_collections=updates_collections,
        fused=use_fused_batchnorm,
    )
    return defaults(weight_decay, batch_norm, parameters)
