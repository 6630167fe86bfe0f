"""Student's t-distribution."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from defrun.distributions.distribution import FULLY_REPARAMETERIZED, ScalarDistribution
from defrun.distributions.util import gen_new_seed
from defrun.graph.operation import Tensor
from defrun.graph.scopes import control_dependencies, name_scope
from defrun.ops.activation import softplus
from defrun.ops.array import identity
from defrun.ops.asserts import assert_less, assert_positive, assert_same_float_dtype
from defrun.ops.compare import greater, less
from defrun.ops.creation import fill, ones, ones_like
from defrun.ops.elementary import abs as absolute
from defrun.ops.elementary import log, log1p, rsqrt
from defrun.ops.flow import with_dependencies
from defrun.ops.join import concat
from defrun.ops.limits import floor
from defrun.ops.math import square
from defrun.ops.random import random_normal
from defrun.ops.random_parametric import random_gamma
from defrun.ops.select import where_v2
from defrun.ops.slicing import newaxis
from defrun.ops.special import betainc, digamma, lbeta, lgamma


class StudentT(ScalarDistribution):
    """Student's t-distribution with `df` degrees of freedom, moved by `loc` and stretched by `scale`.

    Parameters
    ----------
    df : Tensor
        Above 0.
    loc, scale : Tensor
        The three broadcast. The sign of `scale` doesn't matter.
    validate_args : bool
        Check `df` when run.
    allow_nan_stats : bool
        The mean is not defined for ``df <= 1``.
    name : str

    Raises
    ------
    ValueError
        If the parameters are of several types, or not floating.
    """

    _broadcast = ("df", "loc", "scale")

    def __init__(
        self,
        df: Any,
        loc: Any,
        scale: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "StudentT",
    ) -> None:
        parameters = dict(locals())
        scope = name_scope(name, values=[df, loc, scale])
        with scope as name, control_dependencies([assert_positive(df)] if validate_args else []):
            self._df = identity(df, name="df")
            self._loc = identity(loc, name="loc")
            self._scale = identity(scale, name="scale")
            assert_same_float_dtype((self._df, self._loc, self._scale))
        super().__init__(
            dtype=self._scale.dtype,
            reparameterization_type=FULLY_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[self._df, self._loc, self._scale],
            name=name,
        )

    @property
    def df(self) -> Tensor:
        """The degrees of freedom."""
        return self._df

    @property
    def loc(self) -> Tensor:
        """The centres."""
        return self._loc

    @property
    def scale(self) -> Tensor:
        """How far they are stretched."""
        return self._scale

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        normal = random_normal(self._samples_shape(n), dtype=self.dtype, seed=seed)
        df = self.df * self._ones()
        other = gen_new_seed(seed, salt="student_t")
        squares = random_gamma([n], 0.5 * df, beta=0.5, dtype=self.dtype, seed=other)
        return normal * rsqrt(squares / df) * self.scale + self.loc

    def _log_prob(self, x: Tensor) -> Tensor:
        y = (x - self.loc) / self.scale
        return -0.5 * (self.df + 1.0) * log1p(y**2.0 / self.df) - self._log_normalization()

    def _log_normalization(self) -> Tensor:
        known = log(absolute(self.scale)) + 0.5 * log(self.df) + 0.5 * math.log(math.pi)
        return known + lgamma(0.5 * self.df) - lgamma(0.5 * (self.df + 1.0))

    def _cdf(self, x: Tensor) -> Tensor:
        y = (x - self.loc) / absolute(self.scale)
        x_t = self.df / (y**2.0 + self.df)
        below = 0.5 * betainc(0.5 * self.df, 0.5, x_t)
        return where_v2(less(y, 0.0), below, 1.0 - below)

    def _entropy(self) -> Tensor:
        v = self._ones()[..., newaxis]
        u = v * self.df[..., newaxis]
        pairs = concat([u, v], -1) / 2.0
        known = log(absolute(self.scale)) + 0.5 * log(self.df) + lbeta(pairs)
        return known + 0.5 * (self.df + 1.0) * (digamma(0.5 * (self.df + 1.0)) - digamma(0.5 * self.df))

    def _mean(self) -> Tensor:
        return self._where_defined(self.loc * self._ones(), "mean")

    def _variance(self) -> Tensor:
        denominator = where_v2(greater(self.df, 2.0), self.df - 2.0, ones_like(self.df))
        finite = self._ones() * square(self.scale) * self.df / denominator
        infinity = np.array(np.inf, self.dtype.as_numpy_dtype)
        is_finite = self.df > fill(self.batch_shape_tensor(), 2.0)
        found = where_v2(is_finite, finite, fill(self.batch_shape_tensor(), infinity, name="inf"))
        return self._where_defined(found, "variance")

    def _where_defined(self, value: Tensor, what: str) -> Tensor:
        """NaN, or an error, for df <= 1."""
        if self.allow_nan_stats:
            nan = np.array(np.nan, self.dtype.as_numpy_dtype)
            defined = greater(self.df, self._ones())
            return where_v2(defined, value, fill(self.batch_shape_tensor(), nan, name="nan"))
        one = ones([], dtype=self.dtype)
        return with_dependencies([assert_less(one, self.df, message=f"the {what} is not defined for df <= 1")], value)

    def _mode(self) -> Tensor:
        return identity(self.loc)

    def _ones(self) -> Tensor:
        return ones(self.batch_shape_tensor(), dtype=self.dtype)


class StudentTWithAbsDfSoftplusScale(StudentT):
    """Student's t-distribution with ``floor(abs(df))`` degrees of freedom and ``softplus(scale)`` for scale."""

    def __init__(
        self,
        df: Any,
        loc: Any,
        scale: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "StudentTWithAbsDfSoftplusScale",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[df, scale]) as name:
            whole = floor(absolute(df))
            super().__init__(whole, loc, softplus(scale, name="softplus_scale"), validate_args, allow_nan_stats, name)
        self._parameters = parameters
