"""Further distributions of real numbers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from defrun.base import dtypes
from defrun.distributions.distribution import FULLY_REPARAMETERIZED, NOT_REPARAMETERIZED, ScalarDistribution
from defrun.distributions.gamma import Gamma
from defrun.distributions.loc_scale import LocScale
from defrun.distributions.special_math import erfinv
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import control_dependencies, name_scope
from defrun.ops.activation import relu, softplus
from defrun.ops.array import identity
from defrun.ops.asserts import assert_less, assert_positive, assert_same_float_dtype
from defrun.ops.cast import cast
from defrun.ops.constant import constant
from defrun.ops.creation import fill, ones, ones_like, zeros
from defrun.ops.elementary import abs as absolute
from defrun.ops.elementary import atan, exp, log, log1p, sigmoid, tan
from defrun.ops.flow import with_dependencies
from defrun.ops.limits import floor
from defrun.ops.math import square, squared_difference
from defrun.ops.random import random_normal, random_uniform
from defrun.ops.random_parametric import random_gamma
from defrun.ops.select import where_v2
from defrun.ops.special import digamma, erf, igammac, lgamma


class Logistic(LocScale):
    """The logistic distribution, whose cumulative function is ``sigmoid((x - loc) / scale)``.

    Parameters
    ----------
    loc, scale : Tensor
        `scale` above 0; they broadcast.
    validate_args : bool
        Check `scale` when run.
    allow_nan_stats : bool
    name : str
    """

    def __init__(
        self, loc: Any, scale: Any, validate_args: bool = False, allow_nan_stats: bool = True, name: str = "Logistic"
    ) -> None:
        super().__init__(loc, scale, validate_args, allow_nan_stats, name, dict(locals()))

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        least = np.finfo(self.dtype.as_numpy_dtype).tiny  # 0 has no logarithm
        drawn = random_uniform(self._samples_shape(n), minval=least, maxval=1.0, dtype=self.dtype, seed=seed)
        return (log(drawn) - log1p(-1.0 * drawn)) * self.scale + self.loc

    def _log_prob(self, x: Tensor) -> Tensor:
        z = self._standardized(x)
        return -z - 2.0 * softplus(-z) - log(self.scale)

    def _log_cdf(self, x: Tensor) -> Tensor:
        return -softplus(-self._standardized(x))

    def _cdf(self, x: Tensor) -> Tensor:
        return sigmoid(self._standardized(x))

    def _log_survival_function(self, x: Tensor) -> Tensor:
        return -softplus(self._standardized(x))

    def _survival_function(self, x: Tensor) -> Tensor:
        return sigmoid(-self._standardized(x))

    def _entropy(self) -> Tensor:
        scale = self.scale * ones_like(self.loc)
        return 2 + log(scale)

    def _mean(self) -> Tensor:
        return self.loc * ones_like(self.scale)

    def _stddev(self) -> Tensor:
        return self.scale * ones_like(self.loc) * math.pi / math.sqrt(3)

    def _mode(self) -> Tensor:
        return self._mean()


class Cauchy(LocScale):
    """The Cauchy distribution, which has no mean.

    Parameters
    ----------
    loc, scale : Tensor
        `scale` above 0; they broadcast.
    validate_args : bool
        Check `scale` when run.
    allow_nan_stats : bool
    name : str
    """

    def __init__(
        self, loc: Any, scale: Any, validate_args: bool = False, allow_nan_stats: bool = True, name: str = "Cauchy"
    ) -> None:
        super().__init__(loc, scale, validate_args, allow_nan_stats, name, dict(locals()))

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        shape = self._samples_shape(n)
        return self._quantile(random_uniform(shape=shape, minval=0.0, maxval=1.0, dtype=self.dtype, seed=seed))

    def _log_prob(self, x: Tensor) -> Tensor:
        return -log1p(square(self._standardized(x))) - (math.log(math.pi) + log(self.scale))

    def _cdf(self, x: Tensor) -> Tensor:
        return atan(self._standardized(x)) / math.pi + 0.5

    def _log_cdf(self, x: Tensor) -> Tensor:
        return log1p(2 / math.pi * atan(self._standardized(x))) - math.log(2)

    def _quantile(self, p: Tensor) -> Tensor:
        return self.loc + self.scale * tan(math.pi * (p - 0.5))

    def _entropy(self) -> Tensor:
        found = math.log(4 * math.pi) + log(self.scale)
        return found * ones_like(self.loc)

    def _mode(self) -> Tensor:
        return self.loc * ones_like(self.scale)

    def _mean(self) -> Tensor:
        return self._undefined("mean")

    def _stddev(self) -> Tensor:
        return self._undefined("stddev")

    def _undefined(self, what: str) -> Tensor:
        if not self.allow_nan_stats:
            raise ValueError(f"`{what}` is undefined for a Cauchy distribution.")
        return fill(self.batch_shape_tensor(), self.dtype.as_numpy_dtype(np.nan))


class HalfNormal(ScalarDistribution):
    """The distribution of ``abs(x)`` for normal numbers x of mean 0.

    Parameters
    ----------
    scale : Tensor
        The standard deviations of x, above 0.
    validate_args : bool
        Check `scale` when run.
    allow_nan_stats : bool
    name : str
    """

    _broadcast = ("scale",)

    def __init__(
        self, scale: Any, validate_args: bool = False, allow_nan_stats: bool = True, name: str = "HalfNormal"
    ) -> None:
        parameters = dict(locals())
        scope = name_scope(name, values=[scale])
        with scope as name, control_dependencies([assert_positive(scale)] if validate_args else []):
            self._scale = identity(scale, name="scale")
        super().__init__(
            dtype=self._scale.dtype,
            reparameterization_type=FULLY_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[self._scale],
            name=name,
        )

    @property
    def scale(self) -> Tensor:
        """The standard deviations of the normal numbers."""
        return self._scale

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        shape = self._samples_shape(n)
        drawn = random_normal(shape=shape, mean=0.0, stddev=1.0, dtype=self.dtype, seed=seed)
        return absolute(drawn * self.scale)

    def _prob(self, x: Tensor) -> Tensor:
        factor = math.sqrt(2) / self.scale / math.sqrt(math.pi)
        density = factor * exp(-0.5 * (x / self.scale) ** 2)
        return density * cast(x >= 0, self.dtype)

    def _cdf(self, x: Tensor) -> Tensor:
        return erf(relu(x) / self.scale / math.sqrt(2.0))

    def _quantile(self, p: Tensor) -> Tensor:
        return math.sqrt(2.0) * self.scale * erfinv(p)

    def _entropy(self) -> Tensor:
        return 0.5 * log(math.pi * self.scale**2.0 / 2.0) + 0.5

    def _mean(self) -> Tensor:
        return self.scale * math.sqrt(2.0) / math.sqrt(math.pi)

    def _mode(self) -> Tensor:
        return zeros(self.batch_shape_tensor())

    def _variance(self) -> Tensor:
        return self.scale**2.0 * (1.0 - 2.0 / math.pi)


class InverseGamma(ScalarDistribution):
    """The distribution of ``1 / x`` for numbers x of a gamma distribution.

    Parameters
    ----------
    concentration, rate : Tensor
        Above 0; they broadcast.
    validate_args : bool
        Check them, and values, when run.
    allow_nan_stats : bool
        The mean is not defined for ``concentration <= 1``, the variance for ``concentration <= 2``.
    name : str
    """

    _broadcast = ("concentration", "rate")

    def __init__(
        self,
        concentration: Any,
        rate: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "InverseGamma",
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
            reparameterization_type=NOT_REPARAMETERIZED,
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
        """The scale parameters."""
        return self._rate

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        drawn = random_gamma(shape=[n], alpha=self.concentration, beta=self.rate, dtype=self.dtype, seed=seed)
        return 1.0 / drawn

    def _log_prob(self, x: Tensor) -> Tensor:
        x = self._checked(x)
        normalization = -(1.0 + self.concentration) * log(x) - self.rate / x
        return normalization - (lgamma(self.concentration) - self.concentration * log(self.rate))

    def _cdf(self, x: Tensor) -> Tensor:
        x = self._checked(x)
        return igammac(self.concentration, self.rate / x)

    def _entropy(self) -> Tensor:
        known = self.concentration + log(self.rate) + lgamma(self.concentration)
        return known - (1.0 + self.concentration) * digamma(self.concentration)

    def _mean(self) -> Tensor:
        return self._where_above(1.0, self.rate / (self.concentration - 1.0), "mean")

    def _variance(self) -> Tensor:
        found = square(self.rate) / squared_difference(self.concentration, 1.0) / (self.concentration - 2.0)
        return self._where_above(2.0, found, "variance")

    def _mode(self) -> Tensor:
        return self.rate / (1.0 + self.concentration)

    def _where_above(self, least: float, value: Tensor, what: str) -> Tensor:
        if self.allow_nan_stats:
            nan = fill(self.batch_shape_tensor(), np.array(np.nan, self.dtype.as_numpy_dtype), name="nan")
            return where_v2(self.concentration > least, value, nan)
        bound = ones([], self.dtype) if least == 1.0 else constant(least, dtype=self.dtype)
        defined = f"the {what} is not defined for concentration <= {least}"
        return with_dependencies([assert_less(bound, self.concentration, message=defined)], value)

    def _checked(self, x: Tensor) -> Tensor:
        assert_same_float_dtype(tensors=[x], dtype=self.dtype)
        return with_dependencies([assert_positive(x)], x) if self.validate_args else x


class InverseGammaWithSoftplusConcentrationRate(InverseGamma):
    """`InverseGamma` with the softplus of each parameter."""

    def __init__(
        self,
        concentration: Any,
        rate: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "InverseGammaWithSoftplusConcentrationRate",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[concentration, rate]) as name:
            above = softplus(concentration, name="softplus_concentration")
            super().__init__(above, softplus(rate, name="softplus_rate"), validate_args, allow_nan_stats, name)
        self._parameters = parameters


class Chi2(Gamma):
    """The chi-squared distribution: of the sum of squares of `df` standard normal numbers.

    Parameters
    ----------
    df : Tensor
        Degrees of freedom, above 0.
    validate_args : bool
        Check them, and values, when run.
    allow_nan_stats : bool
    name : str
    """

    def __init__(self, df: Any, validate_args: bool = False, allow_nan_stats: bool = True, name: str = "Chi2") -> None:
        parameters = dict(locals())
        with name_scope(name, values=[df]) as name:
            with control_dependencies([assert_positive(df)] if validate_args else []):
                self._df = identity(df, name="df")
            shape = 0.5 * self._df
            super().__init__(shape, constant(0.5, dtype=self._df.dtype), validate_args, allow_nan_stats, name)
        self._parameters = parameters

    @classmethod
    def _param_shapes(cls, sample_shape: Any) -> dict[str, Any]:
        return {"df": convert_to_tensor(sample_shape, dtype=dtypes.int32)}

    @property
    def df(self) -> Tensor:
        """The degrees of freedom."""
        return self._df


class Chi2WithAbsDf(Chi2):
    """`Chi2` with ``floor(abs(df))`` degrees of freedom."""

    def __init__(
        self, df: Any, validate_args: bool = False, allow_nan_stats: bool = True, name: str = "Chi2WithAbsDf"
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[df]) as name:
            whole = floor(absolute(df, name="abs_df"), name="floor_abs_df")
            super().__init__(whole, validate_args, allow_nan_stats, name)
        self._parameters = parameters
