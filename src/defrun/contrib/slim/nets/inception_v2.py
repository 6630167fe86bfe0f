"""Inception, version 2 (Ioffe and Szegedy, 2015): batch normalization, two 3 by 3 convolutions in place of 5 by 5."""

from __future__ import annotations

from typing import Any

from defrun.contrib.arg_scope import arg_scope
from defrun.contrib.layers.batch_norm import batch_norm
from defrun.contrib.layers.convolutions import separable_conv2d
from defrun.contrib.layers.layers import conv2d
from defrun.contrib.layers.pooling import avg_pool2d, dropout, max_pool2d
from defrun.contrib.layers.transforms import softmax
from defrun.contrib.slim.nets import mixed
from defrun.contrib.slim.nets.chain import truncated
from defrun.contrib.slim.nets.inception_v1 import defaults, normalization
from defrun.graph.operation import Tensor
from defrun.ops.array import squeeze
from defrun.variables.scope import variable_scope


def _first(net: Tensor, scope: str, depth: mixed.Depth) -> Tensor:
    return separable_conv2d(
        net,
        depth(64),
        [7, 7],
        depth_multiplier=min(int(depth(64) / 3), 8),
        stride=2,
        weights_initializer=truncated(1.0),
        scope=scope,
    )


def _block(one: int, three: tuple[int, int], five: tuple[int, int], pooled: int, pool: str = "AvgPool") -> list[str]:
    return [
        f"Conv2d_0a_1x1={one}",
        f"Conv2d_0a_1x1={three[0]}~0.09 Conv2d_0b_3x3={three[1]}",
        f"Conv2d_0a_1x1={five[0]}~0.09 Conv2d_0b_3x3={five[1]} Conv2d_0c_3x3={five[1]}",
        f"{pool}_0a_3x3 Conv2d_0b_1x1={pooled}~0.1",
    ]


def _halved(three: tuple[int, int], five: tuple[int, int]) -> list[str]:
    return [
        f"Conv2d_0a_1x1={three[0]}~0.09 Conv2d_1a_3x3={three[1]}/2",
        f"Conv2d_0a_1x1={five[0]}~0.09 Conv2d_0b_3x3={five[1]} Conv2d_1a_3x3={five[1]}/2",
        "MaxPool_1a_3x3/2",
    ]


_TABLE: mixed.Table = {
    "Conv2d_1a_7x7": _first,
    "MaxPool_2a_3x3": "/2",
    "Conv2d_2b_1x1": "=64~0.1",
    "Conv2d_2c_3x3": "=192",
    "MaxPool_3a_3x3": "/2",
    "Mixed_3b": _block(64, (64, 64), (64, 96), 32),
    "Mixed_3c": _block(64, (64, 96), (64, 96), 64),
    "Mixed_4a": _halved((128, 160), (64, 96)),
    "Mixed_4b": _block(224, (64, 96), (96, 128), 128),
    "Mixed_4c": _block(192, (96, 128), (96, 128), 128),
    "Mixed_4d": _block(160, (128, 160), (128, 160), 96),
    "Mixed_4e": _block(96, (128, 192), (160, 192), 96),
    "Mixed_5a": _halved((128, 192), (192, 256)),
    "Mixed_5b": _block(352, (192, 320), (160, 224), 128),
    "Mixed_5c": _block(352, (192, 320), (192, 224), 128, pool="MaxPool"),
}


def inception_v2_base(
    inputs: Any,
    final_endpoint: str = "Mixed_5c",
    min_depth: int = 16,
    depth_multiplier: float = 1.0,
    scope: Any = None,
) -> Any:
    """Build the features of the network, up to an end point.

    Parameters
    ----------
    inputs : Tensor [batch, height, width, channels]
    final_endpoint : str
    min_depth : int
        Channels of any layer, at least.
    depth_multiplier : float
        What to multiply the channels of all layers with.
    scope : str or VariableScope, optional

    Returns
    -------
    net : Tensor
    end_points : dict
        The outputs so far by name.

    Raises
    ------
    ValueError
        If there is no such end point, or `depth_multiplier` is not above 0.
    """
    ends: dict[str, Any] = {}
    depth = mixed.depths(depth_multiplier, min_depth)
    with (
        variable_scope(scope, "InceptionV2", [inputs]),
        arg_scope([conv2d, max_pool2d, avg_pool2d, separable_conv2d], stride=1, padding="SAME"),
    ):
        net, found = mixed.build(inputs, _TABLE, final_endpoint, depth, ends)
    if not found:
        raise ValueError(f"Unknown final endpoint {final_endpoint}")
    return net, ends


def inception_v2(
    inputs: Any,
    num_classes: int = 1000,
    is_training: Any = True,
    dropout_keep_prob: float = 0.8,
    min_depth: int = 16,
    depth_multiplier: float = 1.0,
    prediction_fn: Any = softmax,
    spatial_squeeze: bool = True,
    reuse: bool | None = None,
    scope: Any = "InceptionV2",
) -> Any:
    """Build the network; parameters and results as for `inception_v1` and `inception_v2_base`."""
    mixed.depths(depth_multiplier, min_depth)
    with (
        variable_scope(scope, "InceptionV2", [inputs, num_classes], reuse=reuse) as scope,
        arg_scope([batch_norm, dropout], is_training=is_training),
    ):
        net, ends = inception_v2_base(inputs, scope=scope, min_depth=min_depth, depth_multiplier=depth_multiplier)
        with variable_scope("Logits"):
            window = mixed.at_most(net, [7, 7])
            net = avg_pool2d(net, window, padding="VALID", scope=f"AvgPool_1a_{window[0]}x{window[1]}")
            net = dropout(net, keep_prob=dropout_keep_prob, scope="Dropout_1b")
            logits = conv2d(
                net, num_classes, [1, 1], activation_fn=None, normalizer_fn=None, scope="Conv2d_1c_1x1"
            )
            if spatial_squeeze:
                logits = squeeze(logits, [1, 2], name="SpatialSqueeze")
        ends["Logits"] = logits
        ends["Predictions"] = prediction_fn(logits, scope="Predictions")
    return logits, ends


inception_v2.default_image_size = 224  # type: ignore[attr-defined]


def inception_v2_arg_scope(weight_decay: float = 0.00004, batch_norm_var_collection: str = "moving_vars") -> Any:
    """Return the defaults of the network's layers."""
    return defaults(weight_decay, batch_norm, normalization(batch_norm_var_collection))
