"""ResNet, version 2."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from defrun.contrib.arg_scope import add_arg_scope
from defrun.contrib.layers.batch_norm import batch_norm
from defrun.contrib.layers.layers import conv2d
from defrun.contrib.layers.utils import collect_named_outputs, last_dimension
from defrun.contrib.slim.nets import resnet_utils
from defrun.contrib.slim.nets.resnet_utils import Block, block_of, conv2d_same, of_layers, subsample
from defrun.contrib.slim.nets.resnet_utils import resnet_arg_scope as resnet_arg_scope
from defrun.graph.operation import Tensor
from defrun.ops.activation import relu
from defrun.variables.scope import variable_scope


@add_arg_scope
def bottleneck(
    inputs: Tensor,
    depth: int,
    depth_bottleneck: int,
    stride: int,
    rate: int = 1,
    outputs_collections: Any = None,
    scope: Any = None,
) -> Tensor:
    """Add a narrow 3 by 3 convolution between two of 1 by 1 to `inputs`, which are normalized before."""
    plain: dict[str, Any] = {"normalizer_fn": None, "activation_fn": None}
    with variable_scope(scope, "bottleneck_v2", [inputs]) as sc:
        before = batch_norm(inputs, activation_fn=relu, scope="preact")
        if depth == last_dimension(inputs.shape, min_rank=4):
            shortcut = subsample(inputs, stride, "shortcut")
        else:
            shortcut = conv2d(before, depth, [1, 1], stride=stride, scope="shortcut", **plain)
        residual = conv2d(before, depth_bottleneck, [1, 1], stride=1, scope="conv1")
        residual = conv2d_same(residual, depth_bottleneck, 3, stride, rate=rate, scope="conv2")
        residual = conv2d(residual, depth, [1, 1], stride=1, scope="conv3", **plain)
        return collect_named_outputs(outputs_collections, sc.name, shortcut + residual)


def resnet_v2(
    inputs: Any,
    blocks: Sequence[Block],
    num_classes: int | None = None,
    is_training: Any = True,
    global_pool: bool = True,
    output_stride: int | None = None,
    include_root_block: bool = True,
    reuse: bool | None = None,
    scope: Any = None,
) -> Any:
    """Build a ResNet of any blocks. Parameters, results and errors are those of `resnet_v1`."""
    return resnet_utils.built(
        "resnet_v2", bottleneck, inputs, blocks, num_classes, is_training, global_pool, output_stride,
        include_root_block, reuse, scope, normalizes_before=True,
    )  # fmt: skip


resnet_v2.default_image_size = 224  # type: ignore[attr-defined]


def resnet_v2_block(scope: str, base_depth: int, num_units: int, stride: int) -> Block:
    """Return a block of bottlenecks of which the last one has the stride."""
    return block_of(scope, bottleneck, base_depth, num_units, stride)


resnet_v2_50 = of_layers(resnet_v2, bottleneck, "resnet_v2_50", 50)
resnet_v2_101 = of_layers(resnet_v2, bottleneck, "resnet_v2_101", 101)
resnet_v2_152 = of_layers(resnet_v2, bottleneck, "resnet_v2_152", 152)
resnet_v2_200 = of_layers(resnet_v2, bottleneck, "resnet_v2_200", 200)
