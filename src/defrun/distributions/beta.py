"""The beta distribution."""

from __future__ import annotations

from typing import Any

import numpy as np

from defrun.base import dtypes
from defrun.distributions.distribution import FULLY_REPARAMETERIZED, ScalarDistribution
from defrun.distributions.divergence import RegisterKL
from defrun.distributions.util import gen_new_seed
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.activation import softplus
from defrun.ops.asserts import assert_less, assert_positive, assert_same_float_dtype
from defrun.ops.compare import logical_and
from defrun.ops.creation import fill, ones, ones_like
from defrun.ops.elementary import exp, log, log1p, xlogy
from defrun.ops.flow import with_dependencies
from defrun.ops.random_parametric import random_gamma
from defrun.ops.select import where_v2
from defrun.ops.special import betainc, digamma, lgamma


class Beta(ScalarDistribution):
    """The beta distribution, of density proportional to ``x ** (concentration1 - 1) (1 - x) ** (concentration0 - 1)``.

    Parameters
    ----------
    concentration1, concentration0 : Tensor
        Above 0; they broadcast.
    validate_args : bool
        Check them, and values, when run.
    allow_nan_stats : bool
        The mode is not defined unless both are above 1.
    name : str

    Raises
    ------
    ValueError
        If the parameters are of two types, or not floating.
    """

    _broadcast = ("total_concentration",)

    def __init__(
        self,
        concentration1: Any = None,
        concentration0: Any = None,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Beta",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[concentration1, concentration0]) as name:
            self._concentration1 = _positive(concentration1, "concentration1", validate_args)
            self._concentration0 = _positive(concentration0, "concentration0", validate_args)
            assert_same_float_dtype([self._concentration1, self._concentration0])
            self._total_concentration = self._concentration1 + self._concentration0
        super().__init__(
            dtype=self._total_concentration.dtype,
            reparameterization_type=FULLY_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[self._concentration1, self._concentration0, self._total_concentration],
            name=name,
        )

    @classmethod
    def _param_shapes(cls, sample_shape: Any) -> dict[str, Any]:
        shape = convert_to_tensor(sample_shape, dtype=dtypes.int32)
        return dict.fromkeys(("concentration1", "concentration0"), shape)

    @property
    def concentration1(self) -> Tensor:
        """What pulls towards 1."""
        return self._concentration1

    @property
    def concentration0(self) -> Tensor:
        """What pulls towards 0."""
        return self._concentration0

    @property
    def total_concentration(self) -> Tensor:
        """The sum of both."""
        return self._total_concentration

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        wide1 = ones_like(self.total_concentration, dtype=self.dtype) * self.concentration1
        wide0 = ones_like(self.total_concentration, dtype=self.dtype) * self.concentration0
        first = random_gamma(shape=[n], alpha=wide1, dtype=self.dtype, seed=seed)
        second = random_gamma(shape=[n], alpha=wide0, dtype=self.dtype, seed=gen_new_seed(seed, "beta"))
        return first / (first + second)

    def _log_prob(self, x: Tensor) -> Tensor:
        x = self._checked(x)
        powers = xlogy(self.concentration1 - 1.0, x) + (self.concentration0 - 1.0) * log1p(-x)
        return powers - self._log_normalization()

    def _prob(self, x: Tensor) -> Tensor:
        return exp(self._log_prob(x))

    def _log_normalization(self) -> Tensor:
        return lgamma(self.concentration1) + lgamma(self.concentration0) - lgamma(self.total_concentration)

    def _log_cdf(self, x: Tensor) -> Tensor:
        return log(self._cdf(x))

    def _cdf(self, x: Tensor) -> Tensor:
        return betainc(self.concentration1, self.concentration0, x)

    def _entropy(self) -> Tensor:
        return (
            self._log_normalization()
            - (self.concentration1 - 1.0) * digamma(self.concentration1)
            - (self.concentration0 - 1.0) * digamma(self.concentration0)
            + (self.total_concentration - 2.0) * digamma(self.total_concentration)
        )

    def _mean(self) -> Tensor:
        return self._concentration1 / self._total_concentration

    def _variance(self) -> Tensor:
        return self._mean() * (1.0 - self._mean()) / (1.0 + self.total_concentration)

    def _mode(self) -> Tensor:
        mode = (self.concentration1 - 1.0) / (self.total_concentration - 2.0)
        if self.allow_nan_stats:
            nan = fill(self.batch_shape_tensor(), np.array(np.nan, self.dtype.as_numpy_dtype), name="nan")
            return where_v2(logical_and(self.concentration1 > 1.0, self.concentration0 > 1.0), mode, nan)
        defined = [
            assert_less(ones([], dtype=self.dtype), concentration, message="the mode is not defined at or below 1")
            for concentration in (self.concentration1, self.concentration0)
        ]
        return with_dependencies(defined, mode)

    def _checked(self, x: Tensor) -> Tensor:
        if not self.validate_args:
            return x
        above = assert_positive(x, message="values must be positive")
        below = assert_less(x, ones([], self.dtype), message="values must be less than 1")
        return with_dependencies([above, below], x)


def _positive(concentration: Any, name: str, validate_args: bool) -> Tensor:
    found = convert_to_tensor(concentration, name=name)
    if not validate_args:
        return found
    return with_dependencies([assert_positive(found, message=f"{name} must be positive")], found)


class BetaWithSoftplusConcentration(Beta):
    """The beta distribution with the softplus of each parameter."""

    def __init__(
        self,
        concentration1: Any,
        concentration0: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "BetaWithSoftplusConcentration",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[concentration1, concentration0]) as name:
            first = softplus(concentration1, name="softplus_concentration1")
            second = softplus(concentration0, name="softplus_concentration0")
            super().__init__(first, second, validate_args, allow_nan_stats, name)
        self._parameters = parameters


@RegisterKL(Beta, Beta)
def _(a: Beta, b: Beta, name: str | None = None) -> Tensor:
    values = [d for beta in (a, b) for d in (beta.concentration1, beta.concentration0, beta.total_concentration)]
    with name_scope(name, "kl_beta_beta", values=values):
        normalizations = [beta._log_normalization() for beta in (b, a)]
        return (
            normalizations[0]
            - normalizations[1]
            - digamma(a.concentration1) * (b.concentration1 - a.concentration1)
            - digamma(a.concentration0) * (b.concentration0 - a.concentration0)
            + digamma(a.total_concentration) * (b.total_concentration - a.total_concentration)
        )
