"""What AlexNet, OverFeat and VGG share: convolutions one after the other, and dense layers as convolutions."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

from defrun.contrib.layers.layers import conv2d
from defrun.contrib.layers.pooling import dropout, max_pool2d
from defrun.contrib.layers.utils import convert_collection_to_dict
from defrun.graph.operation import Tensor
from defrun.ops.array import squeeze
from defrun.variables.initializers import TruncatedNormal, truncated_normal_initializer


def truncated(stddev: float) -> TruncatedNormal:
    """Return the initializer of truncated normal numbers of mean 0."""
    return truncated_normal_initializer(0.0, stddev)


def features(net: Tensor, steps: Iterable[tuple[Any, ...]]) -> Tensor:
    """Apply steps: (scope, depth, kernel size, stride, padding or None), or (scope, window) of a pool by 2."""
    for scope, size, *rest in steps:
        if not rest:
            net = max_pool2d(net, [size, size], 2, scope=scope)
            continue
        kernel, stride, padding = rest
        given = {"padding": padding} if padding else {}
        net = conv2d(net, size, [kernel, kernel], stride, scope=scope, **given)
    return net


def classifier(
    net: Tensor, depth: int, kernel: int, num_classes: int, keep: float, is_training: Any, **last: Any
) -> Tensor:
    """Apply two hidden layers with dropout, and the logits; `last` goes to the latter."""
    net = conv2d(net, depth, [kernel, kernel], padding="VALID", scope="fc6")
    net = dropout(net, keep, is_training=is_training, scope="dropout6")
    net = conv2d(net, 4096, [1, 1], scope="fc7")
    net = dropout(net, keep, is_training=is_training, scope="dropout7")
    return conv2d(net, num_classes, [1, 1], activation_fn=None, normalizer_fn=None, scope="fc8", **last)


def ended(net: Tensor, collection: str, scope: str, squeezed: bool) -> tuple[Tensor, OrderedDict[str, Any]]:
    """Return the logits and {name: tensor} of all layers."""
    ends = convert_collection_to_dict(collection)
    if squeezed:
        net = squeeze(net, [1, 2], name="fc8/squeezed")
        ends[f"{scope}/fc8"] = net
    return net, ends
