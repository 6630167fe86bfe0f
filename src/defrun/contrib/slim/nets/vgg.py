"""VGG (Simonyan and Zisserman, 2014): 3 by 3 convolutions, ever more between the pools."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from defrun.contrib.arg_scope import arg_scope
from defrun.contrib.layers.layers import conv2d, fully_connected
from defrun.contrib.layers.pooling import max_pool2d
from defrun.contrib.layers.regularizers import l2_regularizer
from defrun.contrib.layers.transforms import repeat
from defrun.contrib.slim.nets.chain import classifier, ended
from defrun.ops.activation import relu
from defrun.variables.initializers import zeros_initializer
from defrun.variables.scope import variable_scope

_DEPTHS = (64, 128, 256, 512, 512)


def vgg_arg_scope(weight_decay: float = 0.0005) -> Any:
    """Return the defaults of VGG's layers."""
    decay = l2_regularizer(weight_decay)
    bias = zeros_initializer()
    with (
        arg_scope([conv2d, fully_connected], activation_fn=relu, weights_regularizer=decay, biases_initializer=bias),
        arg_scope([conv2d], padding="SAME") as scope,
    ):
        return scope


def _vgg(name: str, repetitions: tuple[int, ...]) -> Callable[..., Any]:
    def build(
        inputs: Any,
        num_classes: int = 1000,
        is_training: Any = True,
        dropout_keep_prob: float = 0.5,
        spatial_squeeze: bool = True,
        scope: Any = name,
    ) -> Any:
        with variable_scope(scope, name, [inputs]) as sc:
            begin = sc.name if name == "vgg_19" else sc.original_name_scope
            collection = f"{begin}_end_points"
            with arg_scope([conv2d, fully_connected, max_pool2d], outputs_collections=collection):
                net = inputs
                for i, (depth, times) in enumerate(zip(_DEPTHS, repetitions, strict=True), 1):
                    net = repeat(net, times, conv2d, depth, [3, 3], scope=f"conv{i}")
                    net = max_pool2d(net, [2, 2], scope=f"pool{i}")
                net = classifier(net, 4096, 7, num_classes, dropout_keep_prob, is_training)
                return ended(net, collection, sc.name, spatial_squeeze)

    build.__name__ = build.__qualname__ = name
    layers = sum(repetitions) + 3
    build.__doc__ = f"Build the VGG of {layers} layers with weights; parameters and results as for `alexnet_v2`."
    build.default_image_size = 224  # type: ignore[attr-defined]
    return build


vgg_a = _vgg("vgg_a", (1, 1, 2, 2, 2))
vgg_16 = _vgg("vgg_16", (2, 2, 3, 3, 3))
vgg_19 = _vgg("vgg_19", (2, 2, 4, 4, 4))
