"""The normal distribution."""

from __future__ import annotations

import math
from typing import Any

from defrun.distributions.divergence import RegisterKL
from defrun.distributions.loc_scale import LocScale
from defrun.distributions.special_math import log_ndtr, ndtr, ndtri
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.activation import softplus
from defrun.ops.constant import constant
from defrun.ops.creation import ones_like
from defrun.ops.elementary import log
from defrun.ops.math import square, squared_difference
from defrun.ops.random import random_normal


class Normal(LocScale):
    """The normal distribution.

    Parameters
    ----------
    loc : Tensor
        Means.
    scale : Tensor
        Standard deviations, above 0; the two broadcast.
    validate_args : bool
        Check `scale` when run.
    allow_nan_stats : bool
    name : str

    Raises
    ------
    ValueError
        If `loc` and `scale` are of two types, or not floating.
    """

    def __init__(
        self, loc: Any, scale: Any, validate_args: bool = False, allow_nan_stats: bool = True, name: str = "Normal"
    ) -> None:
        super().__init__(loc, scale, validate_args, allow_nan_stats, name, dict(locals()))

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        shape = self._samples_shape(n)
        drawn = random_normal(shape=shape, mean=0.0, stddev=1.0, dtype=self.loc.dtype, seed=seed)
        return drawn * self.scale + self.loc

    def _log_prob(self, x: Tensor) -> Tensor:
        return -0.5 * square(self._standardized(x)) - self._log_normalization()

    def _log_normalization(self) -> Tensor:
        return 0.5 * math.log(2.0 * math.pi) + log(self.scale)

    def _log_cdf(self, x: Tensor) -> Tensor:
        return log_ndtr(self._standardized(x))

    def _cdf(self, x: Tensor) -> Tensor:
        return ndtr(self._standardized(x))

    def _log_survival_function(self, x: Tensor) -> Tensor:
        return log_ndtr(-self._standardized(x))

    def _survival_function(self, x: Tensor) -> Tensor:
        return ndtr(-self._standardized(x))

    def _quantile(self, p: Tensor) -> Tensor:
        z = ndtri(p)
        with name_scope("reconstruct", values=[z]):
            return z * self.scale + self.loc

    def _entropy(self) -> Tensor:
        scale = self.scale * ones_like(self.loc)
        return 0.5 * math.log(2.0 * math.pi * math.e) + log(scale)

    def _mean(self) -> Tensor:
        return self.loc * ones_like(self.scale)

    def _stddev(self) -> Tensor:
        return self.scale * ones_like(self.loc)

    def _mode(self) -> Tensor:
        return self._mean()


class NormalWithSoftplusScale(Normal):
    """The normal distribution with standard deviations ``softplus(scale)``."""

    def __init__(
        self,
        loc: Any,
        scale: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "NormalWithSoftplusScale",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[scale]) as name:
            super().__init__(loc, softplus(scale, name="softplus_scale"), validate_args, allow_nan_stats, name)
        self._parameters = parameters


@RegisterKL(Normal, Normal)
def _(a: Normal, b: Normal, name: str | None = None) -> Tensor:
    with name_scope(name, "kl_normal_normal", [a.loc, b.loc]):
        one = constant(1, dtype=a.dtype)
        two = constant(2, dtype=a.dtype)
        half = constant(0.5, dtype=a.dtype)
        variance_a, variance_b = square(a.scale), square(b.scale)
        ratio = variance_a / variance_b
        return squared_difference(a.loc, b.loc) / (two * variance_b) + half * (ratio - one - log(ratio))
