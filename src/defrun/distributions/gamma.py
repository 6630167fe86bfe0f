"""The gamma distribution and its special case, the exponential distribution."""

from __future__ import annotations

from typing import Any

import numpy as np

from defrun.distributions.distribution import FULLY_REPARAMETERIZED, ScalarDistribution
from defrun.distributions.divergence import RegisterKL
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import control_dependencies, name_scope
from defrun.ops.activation import softplus
from defrun.ops.array import identity
from defrun.ops.array import shape as shape_node
from defrun.ops.asserts import assert_less, assert_positive, assert_same_float_dtype
from defrun.ops.creation import fill, ones
from defrun.ops.elementary import log, sqrt, xlogy
from defrun.ops.flow import with_dependencies
from defrun.ops.join import concat
from defrun.ops.math import square
from defrun.ops.random import random_uniform
from defrun.ops.random_parametric import random_gamma
from defrun.ops.select import where_v2
from defrun.ops.special import digamma, igamma, lgamma


class Gamma(ScalarDistribution):
    """The gamma distribution, of density proportional to ``x ** (concentration - 1) * exp(-rate x)``.

    Parameters
    ----------
    concentration, rate : Tensor
        Above 0; they broadcast.
    validate_args : bool
        Check them, and values, when run.
    allow_nan_stats : bool
        The mode is not defined for ``concentration <= 1``.
    name : str

    Raises
    ------
    ValueError
        If the parameters are of two types, or not floating.
    """

    _broadcast = ("concentration", "rate")

    def __init__(
        self,
        concentration: Any,
        rate: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Gamma",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[concentration, rate]) as name:
            checks = [assert_positive(concentration), assert_positive(rate)] if validate_args else []
            with control_dependencies(checks):
                self._concentration = identity(concentration, name="concentration")
                self._rate = identity(rate, name="rate")
                assert_same_float_dtype([self._concentration, self._rate])
        super().__init__(
            dtype=self._concentration.dtype,
            reparameterization_type=FULLY_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[self._concentration, self._rate],
            name=name,
        )

    @property
    def concentration(self) -> Tensor:
        """The shape parameters."""
        return self._concentration

    @property
    def rate(self) -> Tensor:
        """One over the scale parameters."""
        return self._rate

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        return random_gamma(shape=[n], alpha=self.concentration, beta=self.rate, dtype=self.dtype, seed=seed)

    def _log_prob(self, x: Tensor) -> Tensor:
        x = self._checked(x)
        return xlogy(self.concentration - 1.0, x) - self.rate * x - self._log_normalization()

    def _log_normalization(self) -> Tensor:
        return lgamma(self.concentration) - self.concentration * log(self.rate)

    def _cdf(self, x: Tensor) -> Tensor:
        x = self._checked(x)
        return igamma(self.concentration, self.rate * x)

    def _entropy(self) -> Tensor:
        known = self.concentration - log(self.rate) + lgamma(self.concentration)
        return known + (1.0 - self.concentration) * digamma(self.concentration)

    def _mean(self) -> Tensor:
        return self.concentration / self.rate

    def _variance(self) -> Tensor:
        return self.concentration / square(self.rate)

    def _stddev(self) -> Tensor:
        return sqrt(self.concentration) / self.rate

    def _mode(self) -> Tensor:
        mode = (self.concentration - 1.0) / self.rate
        if self.allow_nan_stats:
            nan = fill(self.batch_shape_tensor(), np.array(np.nan, self.dtype.as_numpy_dtype), name="nan")
            return where_v2(self.concentration > 1.0, mode, nan)
        one = ones([], self.dtype)
        defined = assert_less(one, self.concentration, message="the mode is not defined for concentration <= 1")
        return with_dependencies([defined], mode)

    def _checked(self, x: Tensor) -> Tensor:
        assert_same_float_dtype(tensors=[x], dtype=self.dtype)
        return with_dependencies([assert_positive(x)], x) if self.validate_args else x


class GammaWithSoftplusConcentrationRate(Gamma):
    """The gamma distribution with the softplus of each parameter."""

    def __init__(
        self,
        concentration: Any,
        rate: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "GammaWithSoftplusConcentrationRate",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[concentration, rate]) as name:
            above = softplus(concentration, name="softplus_concentration")
            super().__init__(above, softplus(rate, name="softplus_rate"), validate_args, allow_nan_stats, name)
        self._parameters = parameters


class Exponential(Gamma):
    """The exponential distribution, of density ``rate * exp(-rate x)``.

    Parameters
    ----------
    rate : Tensor
        Above 0.
    validate_args : bool
        Check it, and values, when run.
    allow_nan_stats : bool
    name : str
    """

    def __init__(
        self, rate: Any, validate_args: bool = False, allow_nan_stats: bool = True, name: str = "Exponential"
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[rate]) as name:
            given = convert_to_tensor(rate, name="rate")
        super().__init__(ones([], dtype=given.dtype), given, validate_args, allow_nan_stats, name)
        self._parameters = parameters
        self._graph_parents.append(self._rate)

    @classmethod
    def _param_shapes(cls, sample_shape: Any) -> dict[str, Any]:
        return {"rate": super()._param_shapes(sample_shape)["rate"]}

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        least = np.finfo(self.dtype.as_numpy_dtype).tiny  # 0 has no logarithm
        shape = concat([[n], shape_node(self._rate)], 0)
        drawn = random_uniform(shape, minval=least, maxval=1.0, seed=seed, dtype=self.dtype)
        return -log(drawn) / self._rate

    def _log_survival_function(self, value: Tensor) -> Tensor:
        return self._log_prob(value) - log(self._rate)


class ExponentialWithSoftplusRate(Exponential):
    """The exponential distribution with the softplus of `rate`."""

    def __init__(
        self,
        rate: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "ExponentialWithSoftplusRate",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[rate]) as name:
            super().__init__(softplus(rate, name="softplus_rate"), validate_args, allow_nan_stats, name)
        self._parameters = parameters


@RegisterKL(Gamma, Gamma)
def _(a: Gamma, b: Gamma, name: str | None = None) -> Tensor:
    with name_scope(name, "kl_gamma_gamma", values=[a.concentration, a.rate, b.concentration, b.rate]):
        return (
            (a.concentration - b.concentration) * digamma(a.concentration)
            + lgamma(b.concentration)
            - lgamma(a.concentration)
            + b.concentration * log(a.rate)
            - b.concentration * log(b.rate)
            + a.concentration * (b.rate / a.rate - 1.0)
        )
