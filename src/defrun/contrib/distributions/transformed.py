"""What a bijector makes of a distribution."""

from __future__ import annotations

from typing import Any

from defrun.base import dtypes
from defrun.base.shapes import TensorShape
from defrun.contrib.bijectors.bijector import Bijector
from defrun.contrib.bijectors.elementwise import Identity
from defrun.distributions.distribution import Distribution
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.graph.static import partial_value
from defrun.ops.arrange import tile, transpose
from defrun.ops.array import rank, reshape, size
from defrun.ops.array import shape as shape_node
from defrun.ops.cast import cast
from defrun.ops.creation import ones_like, range_, zeros
from defrun.ops.elementary import exp
from defrun.ops.join import concat
from defrun.ops.reduce import reduce_prod, reduce_sum


class TransformedDistribution(Distribution):
    """The distribution of ``bijector(x)`` for samples x of a distribution.

    Parameters
    ----------
    distribution : Distribution
    bijector : Bijector, optional
        By default x stays what it is.
    batch_shape, event_shape : int32 Tensor [r], optional
        Draw so many independent samples of a scalar distribution for a batch, or an event.
    validate_args : bool
    name : str, optional

    Raises
    ------
    ValueError
        If a shape is given and the distribution is not scalar in this respect, or a size is not positive.
    """

    def __init__(
        self,
        distribution: Distribution,
        bijector: Bijector | None = None,
        batch_shape: Any = None,
        event_shape: Any = None,
        validate_args: bool = False,
        name: str | None = None,
    ) -> None:
        parameters = dict(locals())
        name = name or ("" if bijector is None else bijector.name) + distribution.name
        with name_scope(name, values=[event_shape, batch_shape]) as name:
            bijector = Identity(validate_args=validate_args) if bijector is None else bijector
            self._more_batch = _override(batch_shape, "batch_shape", distribution.batch_shape)
            self._more_event = _override(event_shape, "event_shape", distribution.event_shape)
        self._distribution, self._bijector = distribution, bijector
        super().__init__(
            dtype=distribution.dtype,
            reparameterization_type=distribution.reparameterization_type,
            validate_args=validate_args,
            allow_nan_stats=distribution.allow_nan_stats,
            parameters=parameters,
            graph_parents=[*distribution._graph_parents, *bijector.graph_parents],
            name=name,
        )

    @property
    def distribution(self) -> Distribution:
        """What is transformed."""
        return self._distribution

    @property
    def bijector(self) -> Bijector:
        """What transforms it."""
        return self._bijector

    # -- shapes ------------------------------------------------------------------------------------------------------

    def _source_event_shape(self) -> TensorShape:
        return self.distribution.event_shape if self._more_event is None else _known_shape(self._more_event)

    def _event_shape(self) -> TensorShape:
        return self.bijector.forward_event_shape(self._source_event_shape())

    def _event_shape_tensor(self) -> Tensor:
        more = self._more_event
        source = self.distribution.event_shape_tensor() if more is None else more
        return self.bijector.forward_event_shape_tensor(source)

    def _batch_shape(self) -> TensorShape:
        return self.distribution.batch_shape if self._more_batch is None else _known_shape(self._more_batch)

    def _batch_shape_tensor(self) -> Tensor:
        return self.distribution.batch_shape_tensor() if self._more_batch is None else self._more_batch

    def _event_ndims(self) -> Any:
        known = self.event_shape.ndims
        return size(self.event_shape_tensor()) if known is None else known

    # -- samples and values ------------------------------------------------------------------------------------------

    def _call_sample_n(self, sample_shape: Any, seed: int | None, name: str, **kwargs: Any) -> Tensor:
        with self._name_scope(name, values=[sample_shape]):
            sample_shape = convert_to_tensor(sample_shape, dtype=dtypes.int32, name="sample_shape")
            sample_shape, n = self._expand_sample_shape_to_vector(sample_shape, "sample_shape")
            x = self._sample_n(n, seed)
            x = reshape(x, concat([sample_shape, shape_node(x)[1:]], 0))
            y = self.bijector._call_forward(x, "forward", **kwargs)
            return self._set_sample_static_shape(y, sample_shape)

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        more = [part for part in (self._more_batch, self._more_event) if part is not None]
        parts = [*more, [n]] if self._event_comes_first else [[n], *more]
        shape = concat(parts, 0) if more else [n]
        return self._moved(self.distribution.sample(sample_shape=shape, seed=seed), back=False)

    @property
    def _event_comes_first(self) -> bool:
        """Whether samples have the axes of the event before those of a batch that the distribution has of its own."""
        return self._more_event is not None and self._more_batch is None and self.distribution.batch_shape.ndims != 0

    def _moved(self, x: Tensor, back: bool) -> Tensor:
        """Put the event's axes behind the batch's; or `back`."""
        if not self._event_comes_first or self._more_event is None:
            return x
        axes = rank(x)
        count = shape_node(self._more_event)[0]
        first = axes - count if back else count
        return transpose(x, concat([range_(first, axes), range_(0, first)], 0))

    def _log_prob(self, y: Tensor) -> Tensor:
        x = self.bijector.inverse(y)
        event_ndims = self._event_ndims()
        stretched = self.bijector.inverse_log_det_jacobian(y, event_ndims=event_ndims)
        found = self._over_event(self.distribution.log_prob(self._moved(x, back=True)), reduce_sum)
        return self._with_shape(found + cast(stretched, found.dtype), y, event_ndims)

    def _prob(self, y: Tensor) -> Tensor:
        x = self.bijector.inverse(y)
        event_ndims = self._event_ndims()
        stretched = self.bijector.inverse_log_det_jacobian(y, event_ndims=event_ndims)
        found = self._over_event(self.distribution.prob(self._moved(x, back=True)), reduce_prod)
        return self._with_shape(found * exp(cast(stretched, found.dtype)), y, event_ndims)

    def _over_event(self, value: Tensor, reduce: Any) -> Tensor:
        if self._more_event is None:
            return value
        count = shape_node(self._more_event)[0]
        return reduce(value, range_(0, count) if self._event_comes_first else range_(-count, 0))

    def _with_shape(self, value: Tensor, y: Tensor, event_ndims: Any) -> Tensor:
        if self._more_event is not None and isinstance(event_ndims, int) and y.shape.ndims is not None:
            ahead = y.shape[: y.shape.ndims - event_ndims]
            if self.batch_shape.ndims is not None and (ahead.ndims or 0) >= self.batch_shape.ndims:
                value.set_shape([None] * (ahead.ndims or 0))
        return value

    def _log_cdf(self, y: Tensor) -> Tensor:
        return self._source_only("log_cdf").log_cdf(self.bijector.inverse(y))

    def _cdf(self, y: Tensor) -> Tensor:
        return self._source_only("cdf").cdf(self.bijector.inverse(y))

    def _log_survival_function(self, y: Tensor) -> Tensor:
        return self._source_only("log_survival_function").log_survival_function(self.bijector.inverse(y))

    def _survival_function(self, y: Tensor) -> Tensor:
        return self._source_only("survival_function").survival_function(self.bijector.inverse(y))

    def _quantile(self, value: Tensor) -> Tensor:
        return self.bijector.forward(self._source_only("quantile").quantile(value))

    def _source_only(self, what: str) -> Distribution:
        if self._more_event is not None:
            raise NotImplementedError(f"{what} is not implemented when overriding event_shape")
        return self.distribution

    def _entropy(self) -> Tensor:
        if not self.bijector.is_constant_jacobian:
            raise self._lacks("entropy")
        entropy = self.distribution.entropy()
        if self._more_event is not None:
            entropy *= cast(reduce_prod(self._more_event), dtype=entropy.dtype.base_dtype)
        if self._more_batch is not None:
            own = self.distribution.batch_shape_tensor()
            entropy = reshape(entropy, concat([ones_like(self._more_batch), own], 0))
            entropy = tile(entropy, concat([self._more_batch, ones_like(own)], 0))
        anywhere = zeros(concat([self.batch_shape_tensor(), self.event_shape_tensor()], 0), dtype=self.dtype)
        stretched = self.bijector.inverse_log_det_jacobian(anywhere, event_ndims=self._event_ndims())
        entropy -= cast(stretched, entropy.dtype)
        entropy.set_shape(self.batch_shape)
        return entropy


def _override(shape: Any, name: str, own: TensorShape) -> Tensor | None:
    """Return the shape as a tensor, None if it is that of a scalar."""
    if shape is None:
        return None
    given = convert_to_tensor(shape, dtype=dtypes.int32, name=name)
    if given.shape.ndims not in (None, 1):
        raise ValueError(f"{name} must be a vector, got {given}")
    if given.shape.as_list() == [0]:
        return None
    if any(dim is not None and dim <= 0 for dim in _known_shape(given).as_list()):
        raise ValueError(f"{name} must have positive elements, got {shape}")
    if own.ndims != 0:
        raise ValueError(f"{name} is given, but the distribution is not scalar: its {name} is {own}")
    return given


def _known_shape(shape: Tensor) -> TensorShape:
    found = partial_value(shape)
    return TensorShape(None if found is None else [None if dim is None else int(dim) for dim in found])
