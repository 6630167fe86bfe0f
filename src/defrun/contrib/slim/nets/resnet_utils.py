"""What both versions of ResNet share (He et al., 2015 and 2016): blocks of units, strides that become dilations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from defrun.contrib.arg_scope import add_arg_scope, arg_scope
from defrun.contrib.layers.batch_norm import batch_norm
from defrun.contrib.layers.initializers import variance_scaling_initializer
from defrun.contrib.layers.layers import conv2d
from defrun.contrib.layers.pooling import max_pool2d
from defrun.contrib.layers.regularizers import l2_regularizer
from defrun.contrib.layers.transforms import softmax
from defrun.contrib.layers.utils import collect_named_outputs, convert_collection_to_dict
from defrun.graph.collections import GraphKeys
from defrun.graph.operation import Tensor
from defrun.ops.activation import relu
from defrun.ops.arrange import pad
from defrun.ops.reduce import reduce_mean
from defrun.variables.scope import variable_scope


class Block(NamedTuple):
    """A part of a ResNet: its scope, and a unit's function with the arguments of each unit."""

    scope: str
    unit_fn: Callable[..., Any]
    args: Sequence[dict[str, Any]]


def subsample(inputs: Tensor, factor: int, scope: Any = None) -> Tensor:
    """Take every `factor`-th row and column."""
    return inputs if factor == 1 else max_pool2d(inputs, [1, 1], stride=factor, scope=scope)


def conv2d_same(
    inputs: Tensor, num_outputs: int, kernel_size: int, stride: int, rate: int = 1, scope: Any = None
) -> Tensor:
    """Convolve with as much padding before as after, so that the result doesn't depend on the input's size."""
    if stride == 1:
        return conv2d(inputs, num_outputs, kernel_size, stride=1, rate=rate, padding="SAME", scope=scope)
    surplus = (kernel_size - 1) * rate
    before = surplus // 2
    pads = [before, surplus - before]
    inputs = pad(inputs, [[0, 0], pads, pads, [0, 0]])
    return conv2d(inputs, num_outputs, kernel_size, stride=stride, rate=rate, padding="VALID", scope=scope)


@add_arg_scope
def stack_blocks_dense(
    net: Tensor, blocks: Sequence[Block], output_stride: float | None = None, outputs_collections: Any = None
) -> Tensor:
    """Apply blocks of units; once the whole stride is `output_stride`, further strides become dilations.

    Raises
    ------
    ValueError
        If the units' strides don't multiply to `output_stride`.
    """
    stride = rate = 1
    unreachable = f"The target output_stride {output_stride} cannot be reached."
    for block in blocks:
        with variable_scope(block.scope, "block", [net]) as sc:
            for i, unit in enumerate(block.args, 1):
                if output_stride is not None and stride > output_stride:
                    raise ValueError(unreachable)
                with variable_scope(f"unit_{i}", values=[net]):
                    if output_stride is not None and stride == output_stride:
                        net = block.unit_fn(net, rate=rate, **{**unit, "stride": 1})
                        rate *= unit.get("stride", 1)
                    else:
                        net = block.unit_fn(net, rate=1, **unit)
                        stride *= unit.get("stride", 1)
            net = collect_named_outputs(outputs_collections, sc.name, net)
    if output_stride is not None and stride != output_stride:
        raise ValueError(unreachable)
    return net


def resnet_arg_scope(
    weight_decay: float = 0.0001,
    batch_norm_decay: float = 0.997,
    batch_norm_epsilon: float = 1e-5,
    batch_norm_scale: bool = True,
) -> Any:
    """Return the defaults of a ResNet's layers."""
    normalization = {
        "decay": batch_norm_decay,
        "epsilon": batch_norm_epsilon,
        "scale": batch_norm_scale,
        "updates_collections": GraphKeys.UPDATE_OPS,
    }
    with (
        arg_scope(
            [conv2d],
            weights_regularizer=l2_regularizer(weight_decay),
            weights_initializer=variance_scaling_initializer(),
            activation_fn=relu,
            normalizer_fn=batch_norm,
            normalizer_params=normalization,
        ),
        arg_scope([batch_norm], **normalization),
        arg_scope([max_pool2d], padding="SAME") as scope,
    ):
        return scope


# -- building either version -----------------------------------------------------------------------------------------

UNITS = {50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3), 200: (3, 24, 36, 3)}


def block_of(scope: str, unit: Callable[..., Any], base_depth: int, num_units: int, stride: int) -> Block:
    """Return a block of units of which the last one has the stride."""
    same = {"depth": base_depth * 4, "depth_bottleneck": base_depth, "stride": 1}
    return Block(scope, unit, [same] * (num_units - 1) + [{**same, "stride": stride}])


def blocks_of(unit: Callable[..., Any], layers: int) -> list[Block]:
    """Return the blocks of the ResNet with that many layers."""
    steps = zip((64, 128, 256, 512), UNITS[layers], (2, 2, 2, 1), strict=True)
    return [block_of(f"block{i}", unit, depth, units, stride) for i, (depth, units, stride) in enumerate(steps, 1)]


def built(
    name: str,
    bottleneck: Callable[..., Any],
    inputs: Any,
    blocks: Sequence[Block],
    num_classes: int | None,
    is_training: Any,
    global_pool: bool,
    output_stride: int | None,
    include_root_block: bool,
    reuse: bool | None,
    scope: Any,
    normalizes_before: bool = False,
) -> tuple[Tensor, Any]:
    """Build a ResNet of any blocks; where units normalize what they get, the last result is left to normalize."""
    with variable_scope(scope, name, [inputs], reuse=reuse) as sc:
        collection = f"{sc.original_name_scope}_end_points"
        with (
            arg_scope([conv2d, bottleneck, stack_blocks_dense], outputs_collections=collection),
            arg_scope([batch_norm], is_training=is_training),
        ):
            net = inputs
            left: float | None = output_stride
            if include_root_block:
                net, left = root(net, left, **_PLAIN if normalizes_before else {})
            net = stack_blocks_dense(net, blocks, left)
            if normalizes_before:
                net = batch_norm(net, activation_fn=relu, scope="postnorm")
            return ended(net, collection, num_classes, global_pool)


_PLAIN: dict[str, Any] = {"activation_fn": None, "normalizer_fn": None}


def root(net: Tensor, output_stride: float | None, **convolution: Any) -> tuple[Tensor, float | None]:
    """Apply the first convolution and pool; return what they leave of `output_stride`, too."""
    if output_stride is not None:
        if output_stride % 4:
            raise ValueError(f"The output_stride needs to be a multiple of 4, not {output_stride}.")
        output_stride /= 4
    with arg_scope([conv2d], **convolution):
        net = conv2d_same(net, 64, 7, stride=2, scope="conv1")
    return max_pool2d(net, [3, 3], stride=2, scope="pool1"), output_stride


def ended(net: Tensor, collection: str, num_classes: int | None, global_pool: bool) -> tuple[Tensor, Any]:
    """Pool and classify, as far as asked for; return the result and {name: tensor} of all layers."""
    if global_pool:
        net = reduce_mean(net, [1, 2], name="pool5", keepdims=True)
    if num_classes is not None:
        net = conv2d(net, num_classes, [1, 1], activation_fn=None, normalizer_fn=None, scope="logits")
    ends = convert_collection_to_dict(collection)
    if num_classes is not None:
        ends["predictions"] = softmax(net, scope="predictions")
    return net, ends


def of_layers(network: Callable[..., Any], unit: Callable[..., Any], name: str, layers: int) -> Callable[..., Any]:
    """Return the function that builds the ResNet with that many layers."""

    def build(
        inputs: Any,
        num_classes: int | None = None,
        is_training: Any = True,
        global_pool: bool = True,
        output_stride: int | None = None,
        reuse: bool | None = None,
        scope: Any = name,
    ) -> Any:
        blocks = blocks_of(unit, layers)
        return network(
            inputs, blocks, num_classes, is_training, global_pool, output_stride, True, reuse=reuse, scope=scope
        )

    build.__name__ = build.__qualname__ = name
    build.__module__ = network.__module__
    build.__doc__ = f"Build the ResNet of {layers} layers; see `{network.__name__}`."
    return build
