"""`Distribution`: what all distributions have in common, each method in a name scope of its own."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from defrun.base import dtypes
from defrun.base.dtypes import DType
from defrun.base.shapes import TensorShape, as_shape
from defrun.distributions.divergence import cross_entropy, kl_divergence
from defrun.distributions.util import pick_vector
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.graph.static import constant_value
from defrun.ops.array import rank, reshape
from defrun.ops.array import shape as shape_node
from defrun.ops.broadcast_shapes import broadcast_dynamic_shape, broadcast_static_shape
from defrun.ops.compare import equal
from defrun.ops.constant import constant
from defrun.ops.elementary import exp, log, log1p, sqrt
from defrun.ops.join import concat
from defrun.ops.math import square
from defrun.ops.reduce import reduce_prod


class ReparameterizationType:
    """Says whether gradients flow through a distribution's samples to its parameters."""

    def __init__(self, rep_type: str) -> None:
        self._rep_type = rep_type

    def __repr__(self) -> str:
        return f"<Reparameterization Type: {self._rep_type}>"

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = object.__hash__


FULLY_REPARAMETERIZED = ReparameterizationType("FULLY_REPARAMETERIZED")
NOT_REPARAMETERIZED = ReparameterizationType("NOT_REPARAMETERIZED")


class Distribution:
    """A probability distribution, or a batch of them: the base of all classes in `tf.distributions`.

    A subclass gives what it can of ``_sample_n(n, seed)``, ``_log_prob(value)``, ``_prob``, ``_log_cdf``, ``_cdf``,
    ``_survival_function``, ``_log_survival_function``, ``_quantile``, ``_entropy()``, ``_mean``, ``_mode``,
    ``_variance``, ``_stddev``, ``_covariance``, and its ``_batch_shape()``, ``_event_shape()``,
    ``_batch_shape_tensor()``, ``_event_shape_tensor()``; of a pair such as ``_prob`` and ``_log_prob`` one is enough.

    Parameters
    ----------
    dtype : DType
        Of the samples.
    reparameterization_type : ReparameterizationType
    validate_args : bool
        Check parameters and values when run.
    allow_nan_stats : bool
        Give NaN where a statistic is not defined, rather than fail.
    parameters : dict, optional
        What the constructor was called with; `copy` uses it.
    graph_parents : list of Tensor, optional
    name : str, optional
        By default the class's.

    Raises
    ------
    ValueError
        If one of `graph_parents` is no Tensor.
    """

    def __init__(
        self,
        dtype: DType,
        reparameterization_type: ReparameterizationType,
        validate_args: bool,
        allow_nan_stats: bool,
        parameters: dict[str, Any] | None = None,
        graph_parents: list[Any] | None = None,
        name: str | None = None,
    ) -> None:
        self._graph_parents = [] if graph_parents is None else graph_parents
        for place, parent in enumerate(self._graph_parents):
            if not isinstance(parent, Tensor):
                raise ValueError(f"graph_parents[{place}] is no Tensor: {parent!r}")
        if not name or not name.endswith("/"):
            with name_scope(name or type(self).__name__) as name:
                pass
        self._name = name
        self._dtype = dtype
        self._reparameterization_type = reparameterization_type
        self._validate_args = validate_args
        self._allow_nan_stats = allow_nan_stats
        self._parameters = parameters or {}

    # -- what it is --------------------------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """The name scope of all its nodes."""
        return self._name

    @property
    def dtype(self) -> DType:
        """The dtype of samples."""
        return self._dtype

    @property
    def parameters(self) -> dict[str, Any]:
        """What the constructor was called with."""
        return {key: value for key, value in self._parameters.items() if key != "self" and not key.startswith("__")}

    @property
    def reparameterization_type(self) -> ReparameterizationType:
        """FULLY_REPARAMETERIZED if samples have a gradient with respect to the parameters."""
        return self._reparameterization_type

    @property
    def allow_nan_stats(self) -> bool:
        """Whether undefined statistics are NaN rather than an error."""
        return self._allow_nan_stats

    @property
    def validate_args(self) -> bool:
        """Whether runs check parameters and values."""
        return self._validate_args

    def copy(self, **override_parameters_kwargs: Any) -> Any:
        """Return a distribution of the same class and parameters, but for those given."""
        return type(self)(**{**self.parameters, **override_parameters_kwargs})

    @classmethod
    def param_shapes(cls, sample_shape: Any, name: str = "DistributionParamShapes") -> dict[str, Any]:
        """Return for each parameter the shape (int32 Tensor) that makes one sample have `sample_shape`."""
        with name_scope(name, values=[sample_shape]):
            return cls._param_shapes(sample_shape)

    @classmethod
    def param_static_shapes(cls, sample_shape: Any) -> dict[str, TensorShape]:
        """Return what `param_shapes` does, as `TensorShape`.

        Raises
        ------
        ValueError
            If `sample_shape` is not fully known.
        """
        if isinstance(sample_shape, TensorShape):
            if not sample_shape.is_fully_defined():
                raise ValueError(f"sample_shape must be fully defined, got {sample_shape}")
            sample_shape = sample_shape.as_list()
        known = {name: constant_value(shape) for name, shape in cls.param_shapes(sample_shape).items()}
        if any(value is None for value in known.values()):
            raise ValueError(f"sample_shape must be a list or a fully defined TensorShape, got {sample_shape}")
        return {name: TensorShape(value) for name, value in known.items()}

    @staticmethod
    def _param_shapes(sample_shape: Any) -> dict[str, Any]:
        raise NotImplementedError("_param_shapes not implemented")

    # -- shapes ------------------------------------------------------------------------------------------------------

    @property
    def batch_shape(self) -> TensorShape:
        """The shape of the batch of distributions, as far as it is known."""
        return as_shape(self._batch_shape())

    @property
    def event_shape(self) -> TensorShape:
        """The shape of one sample of one distribution, as far as it is known."""
        return as_shape(self._event_shape())

    def batch_shape_tensor(self, name: str = "batch_shape_tensor") -> Tensor:
        """Return `batch_shape` as an int32 vector."""
        with self._name_scope(name):
            if self.batch_shape.is_fully_defined():
                return convert_to_tensor(self.batch_shape.as_list(), dtype=dtypes.int32, name="batch_shape")
            return self._batch_shape_tensor()

    def event_shape_tensor(self, name: str = "event_shape_tensor") -> Tensor:
        """Return `event_shape` as an int32 vector."""
        with self._name_scope(name):
            if self.event_shape.is_fully_defined():
                return convert_to_tensor(self.event_shape.as_list(), dtype=dtypes.int32, name="event_shape")
            return self._event_shape_tensor()

    def is_scalar_event(self, name: str = "is_scalar_event") -> Tensor:
        """Return whether `event_shape` is []."""
        with self._name_scope(name):
            return convert_to_tensor(_is_scalar(self.event_shape, self.event_shape_tensor), name="is_scalar_event")

    def is_scalar_batch(self, name: str = "is_scalar_batch") -> Tensor:
        """Return whether `batch_shape` is []."""
        with self._name_scope(name):
            return convert_to_tensor(_is_scalar(self.batch_shape, self.batch_shape_tensor), name="is_scalar_batch")

    def _batch_shape(self) -> Any:
        return TensorShape(None)

    def _event_shape(self) -> Any:
        return TensorShape(None)

    def _batch_shape_tensor(self) -> Tensor:
        raise self._lacks("batch_shape_tensor")

    def _event_shape_tensor(self) -> Tensor:
        raise self._lacks("event_shape_tensor")

    # -- samples -----------------------------------------------------------------------------------------------------

    def sample(self, sample_shape: Any = (), seed: int | None = None, name: str = "sample") -> Tensor:
        """Draw samples.

        Parameters
        ----------
        sample_shape : int, list of int or int32 Tensor
            How many, for each distribution of the batch.
        seed : int, optional
            See `get_seed`.
        name : str

        Returns
        -------
        Tensor [*sample_shape, *batch_shape, *event_shape]
        """
        return self._call_sample_n(sample_shape, seed, name)

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        raise self._lacks("sample_n")

    def _call_sample_n(self, sample_shape: Any, seed: int | None, name: str, **kwargs: Any) -> Tensor:
        with self._name_scope(name, values=[sample_shape]):
            sample_shape = convert_to_tensor(sample_shape, dtype=dtypes.int32, name="sample_shape")
            sample_shape, n = self._expand_sample_shape_to_vector(sample_shape, "sample_shape")
            samples = self._sample_n(n, seed, **kwargs)
            whole = concat([sample_shape, shape_node(samples)[1:]], 0)
            return self._set_sample_static_shape(reshape(samples, whole), sample_shape)

    def _expand_sample_shape_to_vector(self, x: Tensor, name: str) -> tuple[Tensor, Any]:
        """Return the shape as a vector, and its product: a number if it is known."""
        known = constant_value(x)
        count = reduce_prod(x) if known is None else np.prod(known, dtype=x.dtype.as_numpy_dtype)
        if x.shape.ndims is None:
            x = reshape(x, pick_vector(equal(rank(x), 0), np.array([1], np.int32), shape_node(x)))
        elif x.shape.ndims == 0:
            x = reshape(x, [1]) if known is None else convert_to_tensor(known.reshape(1), name=name)
        elif x.shape.ndims != 1:
            raise ValueError(f"sample_shape must be a scalar or a vector, its shape is {x.shape}")
        return x, count

    def _set_sample_static_shape(self, x: Tensor, sample_shape: Tensor) -> Tensor:
        """Note what is known of the shape of samples `x`."""
        known = constant_value(sample_shape)
        parts = [TensorShape(None if known is None else known), self.batch_shape, self.event_shape]
        ranks: list[int | None] = [part.ndims for part in parts]
        if x.shape.ndims is None and None not in ranks:
            x.set_shape([None] * _total(ranks))
        whole = x.shape.ndims
        if whole is None:
            return x
        if ranks.count(None) == 1:
            ranks[ranks.index(None)] = whole - _total(ranks)
        sample, batch, event = parts
        if sample.ndims is not None:
            x.set_shape([*sample.as_list(), *[None] * (whole - sample.ndims)])
        if event.ndims is not None:
            x.set_shape([*[None] * (whole - event.ndims), *event.as_list()])
        if batch.ndims is not None and ranks[0] is not None and ranks[2] is not None:
            x.set_shape([*[None] * ranks[0], *batch.as_list(), *[None] * ranks[2]])
        return x

    # -- functions of a value ----------------------------------------------------------------------------------------

    def log_prob(self, value: Any, name: str = "log_prob") -> Tensor:
        """Return the logarithm of the probability (or density) of `value`."""
        return self._call_log_prob(value, name)

    def prob(self, value: Any, name: str = "prob") -> Tensor:
        """Return the probability (or density) of `value`."""
        return self._call_prob(value, name)

    def log_cdf(self, value: Any, name: str = "log_cdf") -> Tensor:
        """Return the logarithm of the probability of at most `value`."""
        return self._call_log_cdf(value, name)

    def cdf(self, value: Any, name: str = "cdf") -> Tensor:
        """Return the probability of at most `value`."""
        return self._call_cdf(value, name)

    def log_survival_function(self, value: Any, name: str = "log_survival_function") -> Tensor:
        """Return the logarithm of the probability of more than `value`."""
        return self._call_log_survival_function(value, name)

    def survival_function(self, value: Any, name: str = "survival_function") -> Tensor:
        """Return the probability of more than `value`."""
        return self._call_survival_function(value, name)

    def quantile(self, value: Any, name: str = "quantile") -> Tensor:
        """Return the number that a sample does not exceed with probability `value`."""
        return self._call_quantile(value, name)

    # Each `_call_` takes further arguments for subclasses whose methods depend on a condition.

    def _call_log_prob(self, value: Any, name: str, **kwargs: Any) -> Tensor:
        return self._of_value(value, name, kwargs, self._log_prob, self._prob, log)

    def _call_prob(self, value: Any, name: str, **kwargs: Any) -> Tensor:
        return self._of_value(value, name, kwargs, self._prob, self._log_prob, exp)

    def _call_log_cdf(self, value: Any, name: str, **kwargs: Any) -> Tensor:
        return self._of_value(value, name, kwargs, self._log_cdf, self._cdf, log)

    def _call_cdf(self, value: Any, name: str, **kwargs: Any) -> Tensor:
        return self._of_value(value, name, kwargs, self._cdf, self._log_cdf, exp)

    def _call_log_survival_function(self, value: Any, name: str, **kwargs: Any) -> Tensor:
        return self._of_value(value, name, kwargs, self._log_survival_function, self.cdf, lambda p: log1p(-p))

    def _call_survival_function(self, value: Any, name: str, **kwargs: Any) -> Tensor:
        return self._of_value(value, name, kwargs, self._survival_function, self.cdf, lambda p: 1.0 - p)

    def _call_quantile(self, value: Any, name: str, **kwargs: Any) -> Tensor:
        return self._of_value(value, name, kwargs, self._quantile)

    def _of_value(
        self,
        value: Any,
        name: str,
        kwargs: dict[str, Any],
        method: Callable[..., Tensor],
        other: Callable[..., Tensor] | None = None,
        convert: Callable[[Tensor], Tensor] | None = None,
    ) -> Tensor:
        """Return what `method` gives; where it is not implemented, what `convert` makes of what `other` gives."""
        with self._name_scope(name, values=[value]):
            value = convert_to_tensor(value, name="value", preferred_dtype=self.dtype)
            ways = [lambda: method(value, **kwargs)]
            if other is not None and convert is not None:
                ways.append(lambda: convert(other(value, **kwargs)))
            return _first_way(ways)

    def _log_prob(self, value: Tensor) -> Tensor:
        raise self._lacks("log_prob")

    def _prob(self, value: Tensor) -> Tensor:
        raise self._lacks("prob")

    def _log_cdf(self, value: Tensor) -> Tensor:
        raise self._lacks("log_cdf")

    def _cdf(self, value: Tensor) -> Tensor:
        raise self._lacks("cdf")

    def _log_survival_function(self, value: Tensor) -> Tensor:
        raise self._lacks("log_survival_function")

    def _survival_function(self, value: Tensor) -> Tensor:
        raise self._lacks("survival_function")

    def _quantile(self, value: Tensor) -> Tensor:
        raise self._lacks("quantile")

    # -- statistics --------------------------------------------------------------------------------------------------

    def entropy(self, name: str = "entropy") -> Tensor:
        """Return Shannon's entropy, in nats."""
        with self._name_scope(name):
            return self._entropy()

    def mean(self, name: str = "mean") -> Tensor:
        """Return the mean."""
        with self._name_scope(name):
            return self._mean()

    def mode(self, name: str = "mode") -> Tensor:
        """Return the most likely value."""
        with self._name_scope(name):
            return self._mode()

    def variance(self, name: str = "variance") -> Tensor:
        """Return the variance of each element of a sample."""
        with self._name_scope(name):
            return _first_way([self._variance, lambda: square(self._stddev())])

    def stddev(self, name: str = "stddev") -> Tensor:
        """Return the standard deviation of each element of a sample."""
        with self._name_scope(name):
            return _first_way([self._stddev, lambda: sqrt(self._variance())])

    def covariance(self, name: str = "covariance") -> Tensor:
        """Return the covariances of the elements of a sample: [*batch_shape, k, k] for a sample of k elements."""
        with self._name_scope(name):
            return self._covariance()

    def cross_entropy(self, other: Distribution, name: str = "cross_entropy") -> Tensor:
        """Return the entropy plus the divergence from `other`."""
        with self._name_scope(name):
            return self._cross_entropy(other)

    def kl_divergence(self, other: Distribution, name: str = "kl_divergence") -> Tensor:
        """Return the Kullback-Leibler divergence from `other`; see `tf.distributions.kl_divergence`."""
        with self._name_scope(name):
            return self._kl_divergence(other)

    def _entropy(self) -> Tensor:
        raise self._lacks("entropy")

    def _mean(self) -> Tensor:
        raise self._lacks("mean")

    def _mode(self) -> Tensor:
        raise self._lacks("mode")

    def _variance(self) -> Tensor:
        raise self._lacks("variance")

    def _stddev(self) -> Tensor:
        raise self._lacks("stddev")

    def _covariance(self) -> Tensor:
        raise self._lacks("covariance")

    def _cross_entropy(self, other: Distribution) -> Tensor:
        return cross_entropy(self, other, allow_nan_stats=self.allow_nan_stats)

    def _kl_divergence(self, other: Distribution) -> Tensor:
        return kl_divergence(self, other, allow_nan_stats=self.allow_nan_stats)

    # ----------------------------------------------------------------------------------------------------------------

    def _lacks(self, what: str) -> NotImplementedError:
        return NotImplementedError(f"{what} is not implemented: {type(self).__name__}")

    @contextlib.contextmanager
    def _name_scope(self, name: str | None = None, values: list[Any] | None = None) -> Iterator[str]:
        with name_scope(self.name), name_scope(name, values=[*(values or []), *self._graph_parents]) as scope:
            yield scope

    def __str__(self) -> str:
        shapes = (("batch_shape", self.batch_shape), ("event_shape", self.event_shape))
        known = "".join(f", {what}={shape}" for what, shape in shapes if shape.ndims is not None)
        return f'tfp.distributions.{type(self).__name__}("{self.name}"{known}, dtype={self.dtype.name})'

    def __repr__(self) -> str:
        return (
            f"<tfp.distributions.{type(self).__name__} '{self.name}' batch_shape={self.batch_shape} "
            f"event_shape={self.event_shape} dtype={self.dtype.name}>"
        )


class ScalarDistribution(Distribution):
    """A distribution of numbers, whose parameters broadcast: `_broadcast` names those that make the batch."""

    _broadcast: tuple[str, ...] = ()

    @classmethod
    def _param_shapes(cls, sample_shape: Any) -> dict[str, Any]:
        shape = convert_to_tensor(sample_shape, dtype=dtypes.int32)
        return dict.fromkeys(cls._broadcast, shape)

    def _batch_shape_tensor(self) -> Tensor:
        return _broadcast_dynamic([getattr(self, name) for name in self._broadcast])

    def _batch_shape(self) -> TensorShape:
        found, *others = (getattr(self, name).shape for name in self._broadcast)
        for shape in others:
            found = broadcast_static_shape(found, shape)
        return found

    def _event_shape_tensor(self) -> Tensor:
        return constant([], dtype=dtypes.int32)

    def _event_shape(self) -> TensorShape:
        return TensorShape([])

    def _samples_shape(self, n: Any) -> Tensor:
        """The shape of `n` samples for each of the batch."""
        return concat([[n], self.batch_shape_tensor()], 0)


def _broadcast_dynamic(tensors: list[Tensor]) -> Tensor:
    if len(tensors) == 1:
        return shape_node(tensors[0])
    return broadcast_dynamic_shape(shape_node(tensors[0]), _broadcast_dynamic(tensors[1:]))


def _total(ranks: list[int | None]) -> int:
    return sum(rank for rank in ranks if rank is not None)


def _first_way(ways: list[Callable[[], Tensor]]) -> Tensor:
    """Return what the first of `ways` gives that is implemented."""
    first: NotImplementedError | None = None
    for way in ways:
        try:
            return way()
        except NotImplementedError as error:
            first = first or error
    assert first is not None
    raise first


def _is_scalar(known: TensorShape, dims: Callable[[], Tensor]) -> Any:
    if known.ndims is not None:
        return known.ndims == 0
    shape = dims()
    if shape.shape.ndims is not None and shape.shape.as_list()[0] is not None:
        return shape.shape.as_list() == [0]
    return equal(shape_node(shape)[0], 0)
