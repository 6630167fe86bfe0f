"""OverFeat (Sermanet et al., 2013), the fast one."""

from __future__ import annotations

from typing import Any

from defrun.contrib.arg_scope import arg_scope
from defrun.contrib.layers.layers import conv2d, fully_connected
from defrun.contrib.layers.pooling import max_pool2d
from defrun.contrib.layers.regularizers import l2_regularizer
from defrun.contrib.slim.nets.chain import classifier, ended, features, truncated
from defrun.ops.activation import relu
from defrun.variables.initializers import constant_initializer, zeros_initializer
from defrun.variables.scope import variable_scope

_FEATURES = (
    ("conv1", 64, 11, 4, "VALID"), ("pool1", 2), ("conv2", 256, 5, 1, "VALID"), ("pool2", 2),
    ("conv3", 512, 3, 1, None), ("conv4", 1024, 3, 1, None), ("conv5", 1024, 3, 1, None), ("pool5", 2),
)  # fmt: skip


def overfeat_arg_scope(weight_decay: float = 0.0005) -> Any:
    """Return the defaults of OverFeat's layers."""
    decay = l2_regularizer(weight_decay)
    bias = zeros_initializer()
    with (
        arg_scope([conv2d, fully_connected], activation_fn=relu, weights_regularizer=decay, biases_initializer=bias),
        arg_scope([conv2d], padding="SAME"),
        arg_scope([max_pool2d], padding="VALID") as scope,
    ):
        return scope


def overfeat(
    inputs: Any,
    num_classes: int = 1000,
    is_training: Any = True,
    dropout_keep_prob: float = 0.5,
    spatial_squeeze: bool = True,
    scope: Any = "overfeat",
) -> Any:
    """Build OverFeat, for images of 231 by 231 pixels; parameters and results as for `alexnet_v2`."""
    with variable_scope(scope, "overfeat", [inputs]) as sc:
        collection = f"{sc.name}_end_points"
        with arg_scope([conv2d, fully_connected, max_pool2d], outputs_collections=collection):
            net = features(inputs, _FEATURES)
            start = {"weights_initializer": truncated(0.005), "biases_initializer": constant_initializer(0.1)}
            with arg_scope([conv2d], **start):
                net = classifier(
                    net, 3072, 6, num_classes, dropout_keep_prob, is_training, biases_initializer=zeros_initializer()
                )
            return ended(net, collection, sc.name, spatial_squeeze)
