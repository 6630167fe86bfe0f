"""Distributions made of others: independent ones as one, and mixtures."""

from __future__ import annotations

import contextlib
from typing import Any

import numpy as np

from defrun.base import dtypes
from defrun.base.shapes import TensorShape, dimension_value
from defrun.distributions.categorical import Categorical
from defrun.distributions.distribution import NOT_REPARAMETERIZED, Distribution
from defrun.distributions.divergence import RegisterKL, kl_divergence
from defrun.distributions.util import gen_new_seed
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import control_dependencies, name_scope
from defrun.graph.static import constant_value
from defrun.ops.arrange import tile
from defrun.ops.array import expand_dims, rank, reshape, size
from defrun.ops.array import shape as shape_node
from defrun.ops.asserts import assert_equal, assert_less_equal
from defrun.ops.creation import one_hot, ones, range_
from defrun.ops.elementary import sqrt
from defrun.ops.gather import gather
from defrun.ops.join import concat, stack, unstack
from defrun.ops.limits import maximum
from defrun.ops.math import add_n, square, squared_difference
from defrun.ops.reduce import reduce_logsumexp, reduce_prod, reduce_sum
from defrun.ops.select import dynamic_partition, dynamic_stitch, where_v2
from defrun.ops.softmax import log_softmax, softmax


class Independent(Distribution):
    """A batch of distributions as one whose events are the whole batch, or its last axes.

    Parameters
    ----------
    distribution : Distribution
    reinterpreted_batch_ndims : int or int32 Tensor [], optional
        How many of the batch's axes, the last ones, become axes of the event; all but the first by default.
    validate_args : bool
    name : str, optional

    Raises
    ------
    ValueError
        If the batch has fewer axes.
    """

    def __init__(
        self,
        distribution: Distribution,
        reinterpreted_batch_ndims: Any = None,
        validate_args: bool = False,
        name: str | None = None,
    ) -> None:
        parameters = dict(locals())
        name = name or f"Independent{distribution.name}"
        self._distribution = distribution
        with name_scope(name) as name:
            ndims = distribution.batch_shape.ndims
            if reinterpreted_batch_ndims is None:
                batch = shape_node(distribution.batch_shape_tensor())[0] if ndims is None else ndims
                reinterpreted_batch_ndims = maximum(0, batch - 1) if ndims is None else max(0, batch - 1)
            count = convert_to_tensor(reinterpreted_batch_ndims, dtype=dtypes.int32, name="reinterpreted_batch_ndims")
            self._known = constant_value(count)
            self._reinterpreted_batch_ndims: Any = count if self._known is None else self._known
            super().__init__(
                dtype=distribution.dtype,
                reparameterization_type=distribution.reparameterization_type,
                validate_args=validate_args,
                allow_nan_stats=distribution.allow_nan_stats,
                parameters=parameters,
                graph_parents=[count, *distribution._graph_parents],
                name=name,
            )
            self._checks: list[Any] = []
            if ndims is not None and self._known is not None:
                if self._known > ndims:
                    raise ValueError(f"reinterpreted_batch_ndims ({self._known}) exceeds the batch's axes ({ndims})")
            elif validate_args:
                batch = shape_node(distribution.batch_shape_tensor())[0]
                self._checks.append(assert_less_equal(count, batch, message="reinterpreted_batch_ndims is too large"))

    @property
    def distribution(self) -> Distribution:
        """The batch of distributions."""
        return self._distribution

    @property
    def reinterpreted_batch_ndims(self) -> Any:
        """How many axes of the batch are axes of the event."""
        return self._reinterpreted_batch_ndims

    def _split(self) -> tuple[Tensor, Any]:
        batch = self.distribution.batch_shape_tensor()
        known = dimension_value(batch.shape.with_rank_at_least(1)[0])
        axes = shape_node(batch)[0] if known is None else known
        return batch, axes - self.reinterpreted_batch_ndims

    def _known_split(self) -> tuple[TensorShape, int] | None:
        batch = self.distribution.batch_shape
        if self._known is None or batch.ndims is None:
            return None
        return batch, batch.ndims - int(self._known)

    def _batch_shape_tensor(self) -> Tensor:
        with control_dependencies(self._checks):
            batch, axes = self._split()
            return batch[:axes]

    def _batch_shape(self) -> TensorShape:
        found = self._known_split()
        return TensorShape(None) if found is None else found[0][: found[1]]

    def _event_shape_tensor(self) -> Tensor:
        with control_dependencies(self._checks):
            batch, axes = self._split()
            return concat([batch[axes:], self.distribution.event_shape_tensor()], axis=0)

    def _event_shape(self) -> TensorShape:
        found = self._known_split()
        return TensorShape(None) if found is None else found[0][found[1] :].concatenate(self.distribution.event_shape)

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        with control_dependencies(self._checks):
            return self.distribution.sample(sample_shape=n, seed=seed)

    def _log_prob(self, x: Tensor) -> Tensor:
        with control_dependencies(self._checks):
            return self._total(self.distribution.log_prob(x))

    def _entropy(self) -> Tensor:
        with control_dependencies(self._checks):
            return self._total(self.distribution.entropy())

    def _mean(self) -> Tensor:
        with control_dependencies(self._checks):
            return self.distribution.mean()

    def _variance(self) -> Tensor:
        with control_dependencies(self._checks):
            return self.distribution.variance()

    def _stddev(self) -> Tensor:
        with control_dependencies(self._checks):
            return self.distribution.stddev()

    def _mode(self) -> Tensor:
        with control_dependencies(self._checks):
            return self.distribution.mode()

    def _total(self, value: Tensor) -> Tensor:
        axes: Any = self._reinterpreted_batch_ndims
        axes = range_(axes) if self._known is None else np.arange(int(axes))
        return reduce_sum(value, axis=-1 - axes)


@RegisterKL(Independent, Independent)
def _(a: Independent, b: Independent, name: str = "kl_independent") -> Tensor:
    if not (a.event_shape.is_fully_defined() and b.event_shape.is_fully_defined()):
        raise NotImplementedError(f"KL of {a} and {b}: defrun must know the shapes of their events")
    if a.event_shape != b.event_shape:
        raise ValueError(f"Event shapes do not match: {a.event_shape} and {b.event_shape}")
    inner = a.distribution.event_shape
    if inner != b.distribution.event_shape:
        raise NotImplementedError("KL between Independents with different event shapes not supported.")
    axes = [-1 - i for i in range((a.event_shape.ndims or 0) - (inner.ndims or 0))]
    return reduce_sum(kl_divergence(a.distribution, b.distribution, name=name), axis=axes)


class MixtureSameFamily(Distribution):
    """A mixture whose components are one distribution with a batch.

    Parameters
    ----------
    mixture_distribution : Categorical
        How likely each component is.
    components_distribution : Distribution
        Its batch's last axis has the components.
    validate_args, allow_nan_stats : bool
    name : str

    Raises
    ------
    ValueError
        If the two do not fit each other.
    """

    def __init__(
        self,
        mixture_distribution: Any,
        components_distribution: Distribution,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "MixtureSameFamily",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name) as name:
            self._mixture, self._parts = mixture_distribution, components_distribution
            event = components_distribution.event_shape_tensor()
            known = dimension_value(event.shape[0])
            self._event_axes: Any = shape_node(event)[0] if known is None else known
            self._checks = _check_mixture(mixture_distribution, components_distribution, validate_args)
            count = dimension_value(mixture_distribution.logits.shape.with_rank_at_least(1)[-1])
            self._count: Any = shape_node(mixture_distribution.logits)[-1] if count is None else count
            super().__init__(
                dtype=components_distribution.dtype,
                reparameterization_type=NOT_REPARAMETERIZED,
                validate_args=validate_args,
                allow_nan_stats=allow_nan_stats,
                parameters=parameters,
                graph_parents=[*mixture_distribution._graph_parents, *components_distribution._graph_parents],
                name=name,
            )

    @property
    def mixture_distribution(self) -> Any:
        """How likely each component is."""
        return self._mixture

    @property
    def components_distribution(self) -> Distribution:
        """The components."""
        return self._parts

    def _batch_shape_tensor(self) -> Tensor:
        with control_dependencies(self._checks):
            return self._parts.batch_shape_tensor()[:-1]

    def _batch_shape(self) -> TensorShape:
        return self._parts.batch_shape.with_rank_at_least(1)[:-1]

    def _event_shape_tensor(self) -> Tensor:
        with control_dependencies(self._checks):
            return self._parts.event_shape_tensor()

    def _event_shape(self) -> TensorShape:
        return self._parts.event_shape

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        # `seed` is not used, as in TensorFlow: its numbers come from the default seeds alone.
        with control_dependencies(self._checks):
            x = self._parts.sample(n)
            kind = x.dtype.as_numpy_dtype
            one, zero = np.ones([], kind), np.zeros([], kind)
            mask = one_hot(self._mixture.sample(n), depth=self._count, on_value=one, off_value=zero)
            mask = _padded(mask, self, self._mixture, self.event_shape.ndims)
            return reduce_sum(x * mask, axis=-1 - self._event_axes)

    def _log_prob(self, x: Tensor) -> Tensor:
        with control_dependencies(self._checks):
            logs = self._parts.log_prob(self._with_axis(x))
            return reduce_logsumexp(logs + log_softmax(self._mixture.logits, axis=-1), axis=-1)

    def _log_cdf(self, x: Tensor) -> Tensor:
        logs = self._parts.log_cdf(self._with_axis(x))
        return reduce_logsumexp(logs + log_softmax(self._mixture.logits, axis=-1), axis=-1)

    def _mean(self) -> Tensor:
        with control_dependencies(self._checks):
            return reduce_sum(self._weights() * self._parts.mean(), axis=-1 - self._event_axes)

    def _variance(self) -> Tensor:
        with control_dependencies(self._checks):
            weights = self._weights()
            within = reduce_sum(weights * self._parts.variance(), axis=-1 - self._event_axes)
            apart = squared_difference(self._parts.mean(), self._with_axis(self._mean()))
            return within + reduce_sum(weights * apart, axis=-1 - self._event_axes)

    def _covariance(self) -> Tensor:
        if self.event_shape.ndims != 1:
            raise self._lacks("covariance")
        with control_dependencies(self._checks):
            weights = _padded(self._weights(), self, self._mixture, 1)
            within = reduce_sum(weights * self._parts.covariance(), axis=-3)
            apart = self._parts.mean() - self._with_axis(self._mean())
            return within + reduce_sum(weights * (apart[..., None, :] * apart[..., None]), axis=-3)

    def _weights(self) -> Tensor:
        return _padded(self._mixture.probs, self, self._mixture, self.event_shape.ndims)

    def _with_axis(self, x: Tensor) -> Tensor:
        """Put an axis for the components before those of the event."""
        with name_scope("pad_sample_dims", values=[x]):
            axes = rank(x) if x.shape.ndims is None else x.shape.ndims
            shape = shape_node(x)
            place = axes - self._event_axes
            return reshape(x, shape=concat([shape[:place], [1], shape[place:]], axis=0))


def _check_mixture(mixture: Any, parts: Distribution, validate_args: bool) -> list[Any]:
    if not mixture.dtype.is_integer:
        raise ValueError(f"mixture_distribution must be over integers, its dtype is {mixture.dtype.name}")
    if mixture.event_shape.ndims not in (None, 0):
        raise ValueError(f"mixture_distribution must be scalar, its event_shape is {mixture.event_shape}")
    batch, of_parts = mixture.batch_shape, parts.batch_shape.with_rank_at_least(1)
    checks = []
    if batch.is_fully_defined() and of_parts[:-1].is_fully_defined():
        if batch.ndims != 0 and batch != of_parts[:-1]:
            raise ValueError(f"batch shape {batch} of mixture_distribution doesn't fit {of_parts} of the components")
    elif validate_args and batch.ndims != 0:
        checks.append(assert_equal(mixture.batch_shape_tensor(), parts.batch_shape_tensor()[:-1]))
    count = dimension_value(mixture.logits.shape.with_rank_at_least(1)[-1])
    of_components = dimension_value(of_parts[-1])
    if None not in (count, of_components) and count != of_components:
        raise ValueError(f"mixture_distribution is for {count} components, but there are {of_components}")
    if validate_args and None in (count, of_components):
        checks.append(assert_equal(shape_node(mixture.logits)[-1], parts.batch_shape_tensor()[-1]))
    return checks


def _padded(x: Tensor, mixture: Distribution, categorical: Any, event_ndims: int | None) -> Tensor:
    """Give weights [..., components] axes for the mixture's batch, if they have none, and for its event."""
    with name_scope("pad_mix_dims", values=[x]):

        def axes(d: Distribution) -> Any:
            return shape_node(d.batch_shape_tensor())[0] if d.batch_shape.ndims is None else d.batch_shape.ndims

        whole, own = axes(mixture), axes(categorical)
        more = where_v2(categorical.is_scalar_batch(), whole, whole - own)
        shape = shape_node(x)
        before = [shape[:-1], ones([more], dtype=dtypes.int32)]
        return reshape(x, shape=concat([*before, shape[-1:], ones([event_ndims], dtype=dtypes.int32)], axis=0))


class Mixture(Distribution):
    """A mixture of distributions.

    Parameters
    ----------
    cat : Categorical
        How likely each component is.
    components : list of Distribution
        Of one dtype and shape.
    validate_args, allow_nan_stats : bool
    use_static_graph : bool
        Draw as many samples of each component as of the mixture, then choose; otherwise as many as are needed.
    name : str

    Raises
    ------
    TypeError
        If `cat` is no Categorical, or `components` no list of distributions of one dtype.
    ValueError
        If the number of components is not that of `cat`, or shapes don't fit.
    """

    def __init__(
        self,
        cat: Any,
        components: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        use_static_graph: bool = False,
        name: str = "Mixture",
    ) -> None:
        parameters = dict(locals())
        batch, event = _common_shapes(cat, components)
        with name_scope(name, values=[cat.logits]) as name:
            count = constant_value(cat.event_size)
            if count is None or int(count) != len(components):
                raise ValueError(f"cat is for {count} components, but there are {len(components)}")
            self._cat, self._components = cat, list(components)
            self._known_batch, self._known_event = batch, event
            self._use_static_graph = use_static_graph
            self._checks: list[Any] = []
            if validate_args:
                shape = cat.batch_shape_tensor()
                self._checks = [assert_equal(shape, d.batch_shape_tensor()) for d in components]
        super().__init__(
            dtype=components[0].dtype,
            reparameterization_type=NOT_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[parent for d in (cat, *components) for parent in d._graph_parents],
            name=name,
        )

    @property
    def cat(self) -> Any:
        """How likely each component is."""
        return self._cat

    @property
    def components(self) -> list[Distribution]:
        """The components."""
        return self._components

    @property
    def num_components(self) -> int:
        """How many components there are."""
        return len(self._components)

    def _batch_shape_tensor(self) -> Tensor:
        return self._cat.batch_shape_tensor()

    def _batch_shape(self) -> TensorShape:
        return self._known_batch

    def _event_shape_tensor(self) -> Tensor:
        return self._components[0].event_shape_tensor()

    def _event_shape(self) -> TensorShape:
        return self._known_event

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        if not self._use_static_graph:
            with self._checked():
                return self._sample_as_needed(convert_to_tensor(n, name="n"), seed)
        with self._checked():
            event_axes = self._known_event.ndims or 0
            chosen = self.cat.sample(n, seed=seed)
            samples = []
            for component in self.components:
                seed = gen_new_seed(seed, "mixture")
                samples.append(component.sample(n, seed=seed))
            x = stack(samples, -event_axes - 1)
            kind = x.dtype.as_numpy_dtype
            mask = one_hot(chosen, self.num_components, on_value=np.ones([], kind), off_value=np.zeros([], kind))
            return reduce_sum(x * _padded(mask, self, self.cat, event_axes), axis=-1 - event_axes)

    def _sample_as_needed(self, n: Tensor, seed: int | None) -> Tensor:
        """Draw from each component for the places where it was chosen; of a batch, a row of samples for each place."""
        chosen = self.cat.sample(n, seed=seed)
        shape = shape_node(chosen)
        batch = reduce_prod(self.batch_shape_tensor())
        event = self.event_shape_tensor()
        places = reshape(range_(0, size(chosen)), shape)
        members = reshape(tile(range_(0, batch), [n]), shape)
        places = dynamic_partition(data=places, partitions=chosen, num_partitions=self.num_components)
        members = dynamic_partition(data=members, partitions=chosen, num_partitions=self.num_components)
        samples = []
        for number, component in enumerate(self.components):
            count = size(places[number])
            seed = gen_new_seed(seed, "mixture")
            drawn = component.sample(count, seed=seed)
            drawn = reshape(drawn, concat([[count * batch], event], 0))
            samples.append(gather(drawn, batch * range_(count) + members[number]))
        found = reshape(dynamic_stitch(indices=places, data=samples), concat([shape, event], 0))
        found.set_shape(chosen.shape.concatenate(self.event_shape))
        return found

    def _log_prob(self, x: Tensor) -> Tensor:
        with self._checked():
            x = convert_to_tensor(x, name="x")
            return self._log_sum([d.log_prob(x) for d in self.components])

    def _log_cdf(self, x: Tensor) -> Tensor:
        with self._checked():
            x = convert_to_tensor(x, name="x")
            return self._log_sum([d.log_cdf(x) for d in self.components])

    def _log_sum(self, logs: list[Tensor]) -> Tensor:
        weighed = [weight + one for weight, one in zip(self._shares(log_softmax), logs, strict=True)]
        return reduce_logsumexp(stack(weighed, 0), [0])

    def _mean(self) -> Tensor:
        with self._checked():
            means = [d.mean() for d in self.components]
            shares = self._event_shares()
            return add_n([share * mean for share, mean in zip(shares, means, strict=True)])

    def _stddev(self) -> Tensor:
        with self._checked():
            pairs = [(d.mean(), d.stddev()) for d in self.components]
            shares = self._event_shares()
            squares = add_n([p * (square(s) + square(m)) for p, (m, s) in zip(shares, pairs, strict=True)])
            mean = add_n([p * m for p, (m, _) in zip(shares, pairs, strict=True)])
            return sqrt(squares - square(mean))

    def entropy_lower_bound(self, name: str = "entropy_lower_bound") -> Tensor:
        """Return the weighted mean of the components' entropies, which the mixture's is not below."""
        with self._name_scope(name, values=[self.cat.logits]), self._checked():
            entropies = [d.entropy() for d in self.components]
            shares = self._shares(softmax)
            return add_n([share * one for share, one in zip(shares, entropies, strict=True)])

    def _shares(self, of_logits: Any) -> list[Tensor]:
        return unstack(of_logits(self.cat.logits), num=self.num_components, axis=-1)

    def _event_shares(self) -> list[Tensor]:
        shares = self._shares(softmax)
        for _ in range(self._known_event.ndims or 0):
            shares = [expand_dims(share, -1) for share in shares]
        return shares

    def _checked(self) -> contextlib.AbstractContextManager[Any]:
        return control_dependencies(self._checks)


def _common_shapes(cat: Any, components: Any) -> tuple[TensorShape, TensorShape]:
    if not isinstance(cat, Categorical):
        raise TypeError(f"cat must be a Categorical distribution, but saw: {cat}")
    if not components:
        raise ValueError("components must be a non-empty list or tuple")
    if not isinstance(components, (list, tuple)) or not all(isinstance(c, Distribution) for c in components):
        raise TypeError(f"components must be a list of distributions, but saw: {components}")
    if len({c.dtype for c in components}) > 1:
        raise TypeError(f"all components must have one dtype, but saw: {[(c.name, c.dtype) for c in components]}")
    batch, event = cat.batch_shape, components[0].event_shape
    for component in components:
        batch, event = batch.merge_with(component.batch_shape), event.merge_with(component.event_shape)
    if event.ndims is None:
        raise ValueError("the number of an event's axes must be known of at least one component")
    return batch, event
