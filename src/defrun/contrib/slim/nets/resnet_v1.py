"""ResNet, version 1."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from defrun.contrib.arg_scope import add_arg_scope
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
    """Add a narrow 3 by 3 convolution between two of 1 by 1 to `inputs`, and a relu after the sum."""
    with variable_scope(scope, "bottleneck_v1", [inputs]) as sc:
        if depth == last_dimension(inputs.shape, min_rank=4):
            shortcut = subsample(inputs, stride, "shortcut")
        else:
            shortcut = conv2d(inputs, depth, [1, 1], stride=stride, activation_fn=None, scope="shortcut")
        residual = conv2d(inputs, depth_bottleneck, [1, 1], stride=1, scope="conv1")
        residual = conv2d_same(residual, depth_bottleneck, 3, stride, rate=rate, scope="conv2")
        residual = conv2d(residual, depth, [1, 1], stride=1, activation_fn=None, scope="conv3")
        return collect_named_outputs(outputs_collections, sc.name, relu(shortcut + residual))


def resnet_v1(
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
    """Build a ResNet of any blocks.

    Parameters
    ----------
    inputs : Tensor [batch, height, width, channels]
    blocks : list of Block
    num_classes : int, optional
        None for no logits.
    is_training : bool
        Whether batch normalization takes the batch's moments.
    global_pool : bool
        Take the mean over all places.
    output_stride : int, optional
        How many times smaller the last features are at most, for images as results.
    include_root_block : bool
        Begin with a convolution and a pool by 4.
    reuse : bool, optional
    scope : str or VariableScope, optional

    Returns
    -------
    net : Tensor
        Logits, or the last features.
    end_points : dict
        Each layer's output by name.

    Raises
    ------
    ValueError
        If `output_stride` cannot be reached.
    """
    return resnet_utils.built(
        "resnet_v1", bottleneck, inputs, blocks, num_classes, is_training, global_pool, output_stride,
        include_root_block, reuse, scope,
    )  # fmt: skip


resnet_v1.default_image_size = 224  # type: ignore[attr-defined]


def resnet_v1_block(scope: str, base_depth: int, num_units: int, stride: int) -> Block:
    """Return a block of bottlenecks of which the last one has the stride."""
    return block_of(scope, bottleneck, base_depth, num_units, stride)


resnet_v1_50 = of_layers(resnet_v1, bottleneck, "resnet_v1_50", 50)
resnet_v1_101 = of_layers(resnet_v1, bottleneck, "resnet_v1_101", 101)
resnet_v1_152 = of_layers(resnet_v1, bottleneck, "resnet_v1_152", 152)
resnet_v1_200 = of_layers(resnet_v1, bottleneck, "resnet_v1_200", 200)
