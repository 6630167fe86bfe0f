"""AlexNet (Krizhevsky, 2014: the one without the second tower)."""

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
    ("conv1", 64, 11, 4, "VALID"), ("pool1", 3), ("conv2", 192, 5, 1, None), ("pool2", 3), ("conv3", 384, 3, 1, None),
    ("conv4", 384, 3, 1, None), ("conv5", 256, 3, 1, None), ("pool5", 3),
)  # fmt: skip


def alexnet_v2_arg_scope(weight_decay: float = 0.0005) -> Any:
    """Return the defaults of AlexNet's layers."""
    bias = constant_initializer(0.1)
    decay = l2_regularizer(weight_decay)
    with (
        arg_scope([conv2d, fully_connected], activation_fn=relu, biases_initializer=bias, weights_regularizer=decay),
        arg_scope([conv2d], padding="SAME"),
        arg_scope([max_pool2d], padding="VALID") as scope,
    ):
        return scope


def alexnet_v2(
    inputs: Any,
    num_classes: int = 1000,
    is_training: Any = True,
    dropout_keep_prob: float = 0.5,
    spatial_squeeze: bool = True,
    scope: Any = "alexnet_v2",
) -> Any:
    """Build AlexNet.

    Parameters
    ----------
    inputs : Tensor [batch, height, width, channels]
        Of 224 by 224 pixels for a classification of the whole.
    num_classes : int
    is_training : bool
        Whether there is dropout.
    dropout_keep_prob : float
    spatial_squeeze : bool
        Take the logits' axes of size 1 away.
    scope : str or VariableScope, optional

    Returns
    -------
    logits : Tensor [batch, num_classes]
    end_points : dict
        Each layer's output by name.
    """
    with variable_scope(scope, "alexnet_v2", [inputs]) as sc:
        collection = f"{sc.original_name_scope}_end_points"
        with arg_scope([conv2d, fully_connected, max_pool2d], outputs_collections=[collection]):
            net = features(inputs, _FEATURES)
            start = {"weights_initializer": truncated(0.005), "biases_initializer": constant_initializer(0.1)}
            with arg_scope([conv2d], **start):
                net = classifier(
                    net, 4096, 5, num_classes, dropout_keep_prob, is_training, biases_initializer=zeros_initializer()
                )
            return ended(net, collection, sc.name, spatial_squeeze)


alexnet_v2.default_image_size = 224  # type: ignore[attr-defined]
