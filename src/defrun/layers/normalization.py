"""Batch normalization."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from defrun.base import dtypes
from defrun.base.shapes import TensorShape
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import colocate_with, name_scope
from defrun.layers.base import InputSpec, Layer
from defrun.layers.lookup import initializer
from defrun.ops import array, moments, normalization, state
from defrun.ops.cast import cast
from defrun.ops.constant import constant
from defrun.ops.control import smart_cond, smart_constant_value
from defrun.variables.initializers import ones_initializer, zeros_initializer


class BatchNormalization(Layer):
    """Normalize each channel to mean 0 and variance 1, then scale by gamma and shift by beta (Ioffe and Szegedy, 2015).

    While training, the batch's own moments are used, and moving averages of them are updated by the operations in the
    collection ``UPDATE_OPS``, which must be run with the training step. Otherwise the moving averages are used.

    Parameters
    ----------
    axis : int or list of int
        The axis of the channels.
    momentum : float
        How much of the moving averages each update keeps.
    epsilon : float
        Added to the variance.
    center, scale : bool
        Whether there is a beta, a gamma.
    beta_initializer, gamma_initializer, moving_mean_initializer, moving_variance_initializer : Initializer
    beta_regularizer, gamma_regularizer, beta_constraint, gamma_constraint : callable, optional
    renorm : bool
        Not there yet.
    fused : bool, optional
        One op instead of several, for inputs of rank 4; by default wherever it fits.
    trainable : bool
    virtual_batch_size : int, optional
        Not there yet.
    adjustment : callable, optional
        Not there yet.
    name : str, optional
    """

    def __init__(
        self,
        axis: Any = -1,
        momentum: float = 0.99,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Any = zeros_initializer(),  # noqa: B008
        gamma_initializer: Any = ones_initializer(),  # noqa: B008
        moving_mean_initializer: Any = zeros_initializer(),  # noqa: B008
        moving_variance_initializer: Any = ones_initializer(),  # noqa: B008
        beta_regularizer: Any = None,
        gamma_regularizer: Any = None,
        beta_constraint: Any = None,
        gamma_constraint: Any = None,
        renorm: bool = False,
        renorm_clipping: Any = None,
        renorm_momentum: float = 0.99,
        fused: bool | None = None,
        trainable: bool = True,
        virtual_batch_size: int | None = None,
        adjustment: Any = None,
        name: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(trainable, name, **kwargs)
        for asked, what in ((renorm, "renorm"), (virtual_batch_size, "virtual_batch_size"), (adjustment, "adjustment")):
            if asked:
                raise NotImplementedError(f"BatchNormalization({what}=...)")
        if not isinstance(axis, (int, list, tuple)):
            raise TypeError(f"axis must be int or list, type given: {type(axis).__name__}")
        self.axis: list[int] = [axis] if isinstance(axis, int) else list(axis)
        self.momentum, self.epsilon = momentum, epsilon
        self.center, self.scale = center, scale
        self.beta_initializer, self.gamma_initializer = initializer(beta_initializer), initializer(gamma_initializer)
        self.moving_mean_initializer = initializer(moving_mean_initializer)
        self.moving_variance_initializer = initializer(moving_variance_initializer)
        self.beta_regularizer, self.gamma_regularizer = beta_regularizer, gamma_regularizer
        self.beta_constraint, self.gamma_constraint = beta_constraint, gamma_constraint
        self.fused = True if fused is None else fused
        self.gamma: Any = None
        self.beta: Any = None

    @property
    def _param_dtype(self) -> Any:
        narrow = self._dtype in (dtypes.float16, dtypes.bfloat16)
        return dtypes.float32 if narrow else self._dtype or dtypes.float32

    def build(self, input_shape: Any) -> None:
        """Add gamma, beta and the moving averages."""
        shape = TensorShape(input_shape)
        if not shape.ndims:
            raise ValueError(f"Input has undefined rank: {shape}")
        rank = shape.ndims
        self.axis = [a + rank if a < 0 else a for a in self.axis]
        if any(not 0 <= a < rank for a in self.axis):
            raise ValueError(f"Invalid axis: {self.axis}")
        if len(set(self.axis)) < len(self.axis):
            raise ValueError(f"Duplicate axis: {self.axis}")
        self.fused = bool(self.fused) and rank == 4 and self.axis in ([1], [3])
        self._data_format = "NCHW" if self.axis == [1] else "NHWC"
        sizes = {a: shape.as_list()[a] for a in self.axis}
        if None in sizes.values():
            raise ValueError(f"Input has undefined `axis` dimension. Input shape: {shape}")
        self.input_spec = InputSpec(ndim=rank, axes=sizes)
        size = tuple(sizes.values()) if len(sizes) == 1 else tuple(sizes.get(i, 1) for i in range(rank))
        self._add_weights(size)
        self.built = True

    def _add_weights(self, size: tuple[Any, ...]) -> None:
        kind = self._param_dtype
        if self.scale:
            self.gamma = self.add_weight(
                "gamma", size, kind, self.gamma_initializer, self.gamma_regularizer, True, self.gamma_constraint
            )
        elif self.fused:
            self._gamma_const = constant(1.0, dtype=kind, shape=size)
        if self.center:
            self.beta = self.add_weight(
                "beta", size, kind, self.beta_initializer, self.beta_regularizer, True, self.beta_constraint
            )
        elif self.fused:
            self._beta_const = constant(0.0, dtype=kind, shape=size)
        partitioner = None
        if self._scope is not None:
            partitioner = self._scope.partitioner
            self._scope.set_partitioner(None)
        try:
            self.moving_mean = self.add_weight(
                "moving_mean", size, kind, self.moving_mean_initializer, trainable=False
            )
            self.moving_variance = self.add_weight(
                "moving_variance", size, kind, self.moving_variance_initializer, trainable=False
            )
        finally:
            if partitioner:
                self._scope.set_partitioner(partitioner)

    def call(self, inputs: Any, training: Any = False) -> Tensor:  # type: ignore[override]
        """Normalize `inputs`; `training` (a Python bool, number or bool tensor) says by which moments."""
        if self.fused:
            return self._call_fused(inputs, training)
        known = smart_constant_value(training)
        rank = inputs.shape.ndims
        axes = [i for i in range(rank) if i not in self.axis]
        spread = [inputs.shape.as_list()[i] if i == self.axis[0] else 1 for i in range(rank)]

        def broadcast(v: Any) -> Any:
            if v is not None and len(v.shape) != rank and axes != list(range(rank - 1)):
                return array.reshape(v, spread)
            return v

        scale, offset = broadcast(self.gamma), broadcast(self.beta)
        mean: Any = self.moving_mean
        variance: Any = self.moving_variance
        if known is not False:
            batch = moments.moments(cast(inputs, self._param_dtype), axes, keep_dims=len(self.axis) > 1)
            mean = smart_cond(training, lambda: batch[0], lambda: convert_to_tensor(self.moving_mean))
            variance = smart_cond(training, lambda: batch[1], lambda: convert_to_tensor(self.moving_variance))
            self._update(self.moving_mean, mean, training)
            self._update(self.moving_variance, variance, training)
        kind = inputs.dtype
        mean, variance = cast(mean, kind), cast(variance, kind)
        offset = None if offset is None else cast(offset, kind)
        scale = None if scale is None else cast(scale, kind)
        outputs = moments.batch_normalization(inputs, broadcast(mean), broadcast(variance), offset, scale, self.epsilon)
        outputs.set_shape(inputs.shape)
        return outputs

    def _update(self, variable: Any, value: Tensor, training: Any) -> None:
        def move() -> Any:
            return self._assign_moving_average(variable, value, self.momentum)

        self.add_update(smart_cond(training, move, lambda: variable))

    def _call_fused(self, inputs: Tensor, training: Any) -> Tensor:
        gamma = self.gamma if self.scale else self._gamma_const
        beta = self.beta if self.center else self._beta_const

        def normalize(**kept: Any) -> Callable[[], Any]:
            return lambda: normalization.fused_batch_norm(
                inputs, gamma, beta, epsilon=self.epsilon, data_format=self._data_format, **kept
            )

        averages = {"mean": self.moving_mean, "variance": self.moving_variance, "is_training": False}
        output, mean, variance = smart_cond(training, normalize(), normalize(**averages))
        known = smart_constant_value(training)
        if known is None:
            momentum = smart_cond(training, lambda: self.momentum, lambda: 1.0)
        else:
            momentum = convert_to_tensor(self.momentum)
        if known is not False:
            for variable, value in ((self.moving_mean, mean), (self.moving_variance, variance)):
                self.add_update(self._assign_moving_average(variable, value, momentum))
        return output

    def _assign_moving_average(self, variable: Any, value: Tensor, momentum: Any) -> Any:
        with name_scope(None, "AssignMovingAvg", [variable, value, momentum]) as scope, colocate_with(variable):
            decay = convert_to_tensor(1.0 - momentum, name="decay")
            if decay.dtype != variable.dtype.base_dtype:
                decay = cast(decay, variable.dtype.base_dtype)
            delta = (variable - cast(value, variable.dtype.base_dtype)) * decay
            return state.assign_sub(variable, delta, name=scope)

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        """Return `input_shape`."""
        return TensorShape(input_shape)


def batch_normalization(
    inputs: Any,
    axis: Any = -1,
    momentum: float = 0.99,
    epsilon: float = 1e-3,
    center: bool = True,
    scale: bool = True,
    beta_initializer: Any = zeros_initializer(),  # noqa: B008
    gamma_initializer: Any = ones_initializer(),  # noqa: B008
    moving_mean_initializer: Any = zeros_initializer(),  # noqa: B008
    moving_variance_initializer: Any = ones_initializer(),  # noqa: B008
    beta_regularizer: Any = None,
    gamma_regularizer: Any = None,
    beta_constraint: Any = None,
    gamma_constraint: Any = None,
    training: Any = False,
    trainable: bool = True,
    name: Any = None,
    reuse: bool | None = None,
    renorm: bool = False,
    renorm_clipping: Any = None,
    renorm_momentum: float = 0.99,
    fused: bool | None = None,
    virtual_batch_size: int | None = None,
    adjustment: Any = None,
) -> Tensor:
    """Apply a new `BatchNormalization` layer, or with `reuse` the one whose variables are there under `name`."""
    layer = BatchNormalization(
        axis=axis,
        momentum=momentum,
        epsilon=epsilon,
        center=center,
        scale=scale,
        beta_initializer=beta_initializer,
        gamma_initializer=gamma_initializer,
        moving_mean_initializer=moving_mean_initializer,
        moving_variance_initializer=moving_variance_initializer,
        beta_regularizer=beta_regularizer,
        gamma_regularizer=gamma_regularizer,
        beta_constraint=beta_constraint,
        gamma_constraint=gamma_constraint,
        renorm=renorm,
        renorm_clipping=renorm_clipping,
        renorm_momentum=renorm_momentum,
        fused=fused,
        trainable=trainable,
        virtual_batch_size=virtual_batch_size,
        adjustment=adjustment,
        name=name,
        _reuse=reuse,
        _scope=name,
    )
    return layer.apply(inputs, training=training)
