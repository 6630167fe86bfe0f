"""`tf.contrib.layers.batch_norm`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from defrun.base import dtypes
from defrun.contrib.arg_scope import add_arg_scope
from defrun.contrib.framework.model_variables import model_variable, model_variable_getter
from defrun.contrib.layers.utils import add_variable, collect_named_outputs, get_variable_collections
from defrun.graph.collections import GraphKeys
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import add_to_collections, control_dependencies
from defrun.layers.normalization import BatchNormalization
from defrun.ops import array, normalization
from defrun.ops import moments as moment_ops
from defrun.ops.constant import constant
from defrun.ops.control import smart_cond, smart_constant_value
from defrun.train.moving_averages import assign_moving_average
from defrun.variables.initializers import ones_initializer, zeros_initializer
from defrun.variables.scope import get_variable_scope, variable_scope

_FIRST = {"beta": zeros_initializer, "gamma": ones_initializer}
_FIRST |= {"moving_mean": zeros_initializer, "moving_variance": ones_initializer}


@add_arg_scope
def batch_norm(
    inputs: Any,
    decay: float = 0.999,
    center: bool = True,
    scale: bool = False,
    epsilon: float = 0.001,
    activation_fn: Callable[[Any], Any] | None = None,
    param_initializers: dict[str, Any] | None = None,
    param_regularizers: dict[str, Any] | None = None,
    updates_collections: Any = GraphKeys.UPDATE_OPS,
    is_training: Any = True,
    reuse: bool | None = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: bool = True,
    batch_weights: Any = None,
    fused: bool | None = None,
    data_format: str = "NHWC",
    zero_debias_moving_mean: bool = False,
    scope: Any = None,
    renorm: bool = False,
    renorm_clipping: Any = None,
    renorm_decay: float = 0.99,
    adjustment: Any = None,
) -> Tensor:
    """Normalize each channel to mean 0 and variance 1, then shift by beta and scale by gamma.

    Parameters
    ----------
    inputs : Tensor of rank 2 or more
    decay : float
        How much of the moving averages each update keeps.
    center, scale : bool
        Whether there is a beta, a gamma.
    epsilon : float
        Added to the variance.
    activation_fn : callable, optional
    param_initializers, param_regularizers : dict, optional
        By the names beta, gamma, moving_mean, moving_variance.
    updates_collections : str or None
        Where the updates of the moving averages go; None runs them with the step itself.
    is_training : bool or bool Tensor
        Whether to use, and average, the batch's own moments.
    batch_weights : Tensor, optional
        Weights of the samples.
    fused : bool, optional
        Use one op for the whole, where it fits; by default yes.
    data_format : {"NHWC", "NCHW"}
    zero_debias_moving_mean : bool
        Correct the moving mean for its beginning at 0.
    renorm, renorm_clipping, renorm_decay, adjustment
        See `tf.layers.BatchNormalization`.
    reuse, variables_collections, outputs_collections, trainable, scope
        See `fully_connected`.

    Raises
    ------
    ValueError
        If the rank or the number of channels is not known, the data format is none of the two, or `renorm` is asked
        for with weights, updates elsewhere or a correction.
    """
    if data_format not in ("NHWC", "NCHW"):
        raise ValueError("data_format has to be either NCHW or NHWC.")
    inputs = convert_to_tensor(inputs)
    rank = inputs.shape.ndims
    first = {name: make() for name, make in _FIRST.items()} | (param_initializers or {})
    apart = zero_debias_moving_mean or updates_collections != GraphKeys.UPDATE_OPS
    work = _Work(
        inputs, decay, center, scale, epsilon, first, param_regularizers or {}, updates_collections, is_training,
        variables_collections, trainable, data_format, zero_debias_moving_mean,
    )  # fmt: skip
    plain = batch_weights is None and not renorm and adjustment is None
    if fused is not False and plain and rank in (2, 4) and (apart or rank == 2):
        with variable_scope(scope, "BatchNorm", [inputs], reuse=reuse) as sc:
            outputs = work.fused()
            outputs = activation_fn(outputs) if activation_fn else outputs
            return collect_named_outputs(outputs_collections, sc.name, outputs)
    with variable_scope(scope, "BatchNorm", [inputs], reuse=reuse, custom_getter=model_variable_getter()) as sc:
        if batch_weights is None and not apart:
            options = {"renorm": renorm, "renorm_clipping": renorm_clipping, "renorm_momentum": renorm_decay}
            outputs = work.by_layer(sc, reuse, True if fused is None else fused, adjustment=adjustment, **options)
        elif renorm:
            raise ValueError("renorm doesn't go with batch_weights, updates_collections or zero_debias_moving_mean")
        else:
            outputs = work.plain(batch_weights)
        outputs = activation_fn(outputs) if activation_fn else outputs
        return collect_named_outputs(outputs_collections, sc.name, outputs)


class _Work:
    """One call of `batch_norm`: the arguments, and the three ways to do it."""

    def __init__(
        self, inputs: Tensor, decay: float, center: bool, scale: bool, epsilon: float, first: dict[str, Any],
        regularizers: dict[str, Any], updates_collections: Any, is_training: Any, variables_collections: Any,
        trainable: bool, data_format: str, zero_debias: bool,
    ) -> None:  # fmt: skip
        self.inputs, self.decay, self.center, self.scale, self.epsilon = inputs, decay, center, scale, epsilon
        self.first, self.regularizers = first, regularizers
        self.updates_collections, self.is_training = updates_collections, is_training
        self.variables_collections, self.trainable = variables_collections, trainable
        self.data_format, self.zero_debias = data_format, zero_debias

    def by_layer(self, sc: Any, reuse: bool | None, fused: bool, **options: Any) -> Tensor:
        """Apply a `BatchNormalization` layer."""
        layer = BatchNormalization(
            axis=1 if self.data_format == "NCHW" else -1,
            momentum=self.decay,
            epsilon=self.epsilon,
            center=self.center,
            scale=self.scale,
            beta_initializer=self.first["beta"],
            gamma_initializer=self.first["gamma"],
            moving_mean_initializer=self.first["moving_mean"],
            moving_variance_initializer=self.first["moving_variance"],
            beta_regularizer=self.regularizers.get("beta"),
            gamma_regularizer=self.regularizers.get("gamma"),
            trainable=self.trainable,
            fused=fused,
            name=sc.name,
            _scope=sc,
            _reuse=reuse,
            **options,
        )
        outputs = layer.apply(self.inputs, training=self.is_training)
        for name in ("moving_mean", "moving_variance", "beta", "gamma"):
            if getattr(layer, name) is not None:
                add_variable(getattr(layer, name), self.variables_collections, name)
        return outputs

    def variable(self, name: str, shape: Any, kind: Any, trainable: bool) -> Any:
        """Make one of the parameters or averages."""
        return model_variable(
            name,
            shape=shape,
            dtype=kind,
            initializer=self.first[name],
            regularizer=self.regularizers.get(name),
            collections=get_variable_collections(self.variables_collections, name),
            trainable=trainable,
        )

    def averages(self, shape: Any, kind: Any) -> tuple[Any, Any]:
        """Make the moving averages, never partitioned."""
        with variable_scope(get_variable_scope()) as local:
            local.set_partitioner(None)
            return (
                self.variable("moving_mean", shape, kind, False),
                self.variable("moving_variance", shape, kind, False),
            )

    def update(self, averages: tuple[Any, Any], mean: Tensor, variance: Tensor) -> tuple[Tensor, Tensor]:
        """Add the updates of the averages."""
        return (
            assign_moving_average(averages[0], mean, self.decay, zero_debias=self.zero_debias),
            assign_moving_average(averages[1], variance, self.decay, zero_debias=False),
        )

    def channels(self, shape: Any) -> Any:
        """Return the shape of the parameters."""
        sizes = shape[-1:] if self.data_format == "NHWC" else shape[1:2]
        if not sizes.is_fully_defined():
            raise ValueError(f"Inputs {self.inputs.name} has undefined channels dimension {sizes}.")
        return sizes

    def collect(self, averages: tuple[Any, Any], mean: Tensor, variance: Tensor) -> None:
        """Put the updates into their collections."""
        updates = smart_cond(self.is_training, lambda: self.update(averages, mean, variance), lambda: averages)
        for update in updates:
            add_to_collections(self.updates_collections, update)

    def fused(self) -> Tensor:
        """Use the fused op; inputs of rank 2 are images of one pixel."""
        original = self.inputs
        inputs = original
        if original.shape.ndims == 2:
            depth = original.shape.as_list()[-1]
            if depth is None:
                raise ValueError("`C` dimension must be known but is None")
            inputs = array.reshape(original, [-1, 1, 1, depth] if self.data_format == "NHWC" else [-1, depth, 1, 1])
        shape = inputs.shape
        size = self.channels(shape)
        kind = dtypes.float32
        beta = self.variable("beta", size, kind, self.trainable) if self.center else constant(0.0, kind, size)
        gamma = self.variable("gamma", size, kind, self.trainable) if self.scale else constant(1.0, kind, size)
        averages = self.averages(size, kind)

        def normalize(**moments: Any) -> Callable[[], Any]:
            return lambda: normalization.fused_batch_norm(
                inputs, gamma, beta, epsilon=self.epsilon, data_format=self.data_format, **moments
            )

        kept = {"mean": averages[0], "variance": averages[1], "is_training": False}
        outputs, mean, variance = smart_cond(self.is_training, normalize(), normalize(**kept))
        if smart_constant_value(self.is_training) is not False:
            if self.updates_collections is None:

                def updated() -> Tensor:
                    with control_dependencies(list(self.update(averages, mean, variance))):
                        return array.identity(outputs)

                outputs = smart_cond(self.is_training, updated, lambda: outputs)
            else:
                self.collect(averages, mean, variance)
        outputs.set_shape(shape)
        return outputs if inputs is original else array.reshape(outputs, array.shape(original))

    def plain(self, batch_weights: Any) -> Tensor:
        """Use moments and arithmetic: weighted samples, or updates with the step, of inputs of any rank."""
        inputs = self.inputs
        rank = inputs.shape.ndims
        if rank is None:
            raise ValueError(f"Inputs {inputs.name} has undefined rank.")
        if batch_weights is not None:
            batch_weights = convert_to_tensor(batch_weights)
            inputs.shape[0:1].assert_is_compatible_with(batch_weights.get_shape())
            batch_weights = array.reshape(batch_weights, [-1, *[1] * (rank - 1)])
        first = self.data_format == "NCHW"
        axes = [0, *range(2, rank)] if first else list(range(rank - 1))
        size = self.channels(inputs.shape)
        spread = [1, size.as_list()[0], *[1] * (rank - 2)]
        kind = inputs.dtype.base_dtype
        beta = self.variable("beta", size, kind, self.trainable) if self.center else None
        gamma = self.variable("gamma", size, kind, self.trainable) if self.scale else None
        averages = self.averages(size, kind)
        mean: Any = averages[0]
        variance: Any = averages[1]
        if smart_constant_value(self.is_training) is not False:
            mean, variance = self.moments(axes, batch_weights, first)
            batch = mean, variance
            if self.updates_collections is None:

                def updated() -> tuple[Tensor, Tensor]:
                    with control_dependencies(list(self.update(averages, *batch))):
                        return array.identity(batch[0]), array.identity(batch[1])

                mean, variance = smart_cond(self.is_training, updated, lambda: averages)
            else:
                self.collect(averages, *batch)
                mean, variance = smart_cond(self.is_training, lambda: batch, lambda: averages)
        if first:
            mean, variance = array.reshape(mean, spread), array.reshape(variance, spread)
            beta = None if beta is None else array.reshape(beta, spread)
            gamma = None if gamma is None else array.reshape(gamma, spread)
        outputs = moment_ops.batch_normalization(inputs, mean, variance, beta, gamma, self.epsilon)
        outputs.set_shape(inputs.shape)
        return outputs

    def moments(self, axes: list[int], weights: Any, first: bool) -> tuple[Tensor, Tensor]:
        """Compute mean and variance of each channel."""
        if weights is None:
            mean, variance = moment_ops.moments(self.inputs, axes, keep_dims=first)
        else:
            mean, variance = moment_ops.weighted_moments(self.inputs, axes, weights, keep_dims=first)
        if first:
            return array.reshape(mean, [-1]), array.reshape(variance, [-1])
        return mean, variance
