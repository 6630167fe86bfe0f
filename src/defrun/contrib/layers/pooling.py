"""`tf.contrib.layers`: pools, dropout and flatten."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from defrun.contrib.arg_scope import add_arg_scope
from defrun.contrib.framework.model_variables import model_variable_getter
from defrun.contrib.layers.utils import collect_named_outputs, n_positive_integers
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.layers import core
from defrun.layers import pooling as pools
from defrun.ops.pooling import pool as pool_op
from defrun.variables.scope import variable_scope


@add_arg_scope
def dropout(
    inputs: Any,
    keep_prob: Any = 0.5,
    noise_shape: Any = None,
    is_training: Any = True,
    outputs_collections: Any = None,
    scope: Any = None,
    seed: int | None = None,
) -> Tensor:
    """Keep each element with probability `keep_prob` where `is_training` holds; scale those up."""
    with variable_scope(scope, "Dropout", [inputs], custom_getter=model_variable_getter()) as sc:
        inputs = convert_to_tensor(inputs)
        layer = core.Dropout(rate=1 - keep_prob, noise_shape=noise_shape, seed=seed, name=sc.name, _scope=sc)
        return collect_named_outputs(outputs_collections, sc.name, layer.apply(inputs, training=is_training))


@add_arg_scope
def flatten(inputs: Any, outputs_collections: Any = None, scope: Any = None) -> Tensor:
    """Put all axes but the first into one."""
    with name_scope(scope, "Flatten", [inputs]) as sc:
        return collect_named_outputs(outputs_collections, sc, core.flatten(convert_to_tensor(inputs)))


def _pool(kind: type[Any], name: str, default: str, formats: tuple[str, str]) -> Callable[..., Any]:
    def pool(
        inputs: Any,
        kernel_size: Any,
        stride: Any = 2,
        padding: str = "VALID",
        data_format: str = formats[0],
        outputs_collections: Any = None,
        scope: Any = None,
    ) -> Tensor:
        if data_format not in formats:
            raise ValueError(f"data_format has to be either {formats[1]} or {formats[0]}.")
        with name_scope(scope, default, [inputs]) as sc:
            form = "channels_first" if data_format.startswith("NC") else "channels_last"
            layer = kind(kernel_size, strides=stride, padding=padding, data_format=form, _scope=sc)
            outputs = layer.apply(convert_to_tensor(inputs))
            return collect_named_outputs(outputs_collections, sc, outputs)

    pool.__name__ = pool.__qualname__ = name
    pool.__doc__ = f"Apply {kind.__name__}: windows of `kernel_size`, `stride` apart."
    return add_arg_scope(pool)


_IMAGES, _VOLUMES = ("NHWC", "NCHW"), ("NDHWC", "NCDHW")

max_pool2d = _pool(pools.MaxPooling2D, "max_pool2d", "MaxPool2D", _IMAGES)
avg_pool2d = _pool(pools.AveragePooling2D, "avg_pool2d", "AvgPool2D", _IMAGES)
max_pool3d = _pool(pools.MaxPooling3D, "max_pool3d", "MaxPool3D", _VOLUMES)
avg_pool3d = _pool(pools.AveragePooling3D, "avg_pool3d", "AvgPool3D", _VOLUMES)


@add_arg_scope
def pool(
    inputs: Any,
    kernel_size: Any,
    pooling_type: str,
    padding: str = "VALID",
    data_format: str | None = None,
    dilation_rate: Any = 1,
    stride: Any = 1,
    outputs_collections: Any = None,
    scope: Any = None,
) -> Tensor:
    """Apply `tf.nn.pool` over as many spatial axes as `inputs` has.

    Raises
    ------
    ValueError
        If the rank is not known, or below 3.
    """
    with name_scope(scope, f"{pooling_type.lower()}_pool", [inputs]) as sc:
        inputs = convert_to_tensor(inputs)
        rank = inputs.shape.ndims
        if rank is None or rank < 3:
            raise ValueError(f"Rank of inputs must be known and >= 3, not {rank}")
        outputs = pool_op(
            input=inputs,
            window_shape=n_positive_integers(rank - 2, kernel_size),
            pooling_type=pooling_type,
            padding=padding,
            data_format=data_format,
            dilation_rate=n_positive_integers(rank - 2, dilation_rate),
            strides=n_positive_integers(rank - 2, stride),
            name=sc,
        )
        return collect_named_outputs(outputs_collections, sc, outputs)
