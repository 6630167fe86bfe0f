"""Further distributions of whole numbers, and of a number that is always the same."""

from __future__ import annotations

from typing import Any

import numpy as np

from defrun.base.shapes import TensorShape
from defrun.distributions.distribution import NOT_REPARAMETERIZED, ScalarDistribution
from defrun.distributions.util import (
    assert_integer_form,
    embed_check_nonnegative_integer_form,
    gen_new_seed,
    get_logits_and_probs,
)
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import control_dependencies, name_scope
from defrun.graph.static import constant_value
from defrun.ops.activation import log_sigmoid, softplus
from defrun.ops.arrange import tile
from defrun.ops.array import identity
from defrun.ops.array import shape as shape_node
from defrun.ops.asserts import (
    assert_less,
    assert_less_equal,
    assert_non_negative,
    assert_positive,
    assert_rank_at_least,
)
from defrun.ops.cast import cast
from defrun.ops.compare import equal
from defrun.ops.constant import constant
from defrun.ops.creation import ones_like, zeros, zeros_like
from defrun.ops.elementary import abs as absolute
from defrun.ops.elementary import exp, expm1, log, log1p, sigmoid
from defrun.ops.flow import with_dependencies
from defrun.ops.join import concat
from defrun.ops.limits import floor
from defrun.ops.random import random_uniform
from defrun.ops.random_parametric import random_gamma, random_poisson
from defrun.ops.reduce import reduce_all
from defrun.ops.select import where, where_v2
from defrun.ops.slicing import newaxis
from defrun.ops.special import betainc, igammac, lgamma


class Poisson(ScalarDistribution):
    """The Poisson distribution.

    Parameters
    ----------
    rate, log_rate : Tensor
        One of them: the means, above 0, or their logarithms.
    validate_args : bool
        Check `rate`, and values, when run.
    allow_nan_stats : bool
    name : str

    Raises
    ------
    ValueError
        If both are given, or none.
    TypeError
        If what is given is not floating.
    """

    _broadcast = ("rate",)

    def __init__(
        self,
        rate: Any = None,
        log_rate: Any = None,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Poisson",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[rate]) as name:
            if (rate is None) == (log_rate is None):
                raise ValueError("Must specify exactly one of `rate` and `log_rate`.")
            if log_rate is None:
                rate = _floating(rate, "rate")
                with control_dependencies([assert_positive(rate)] if validate_args else []):
                    self._rate = identity(rate, name="rate")
                    self._log_rate = log(rate, name="log_rate")
            else:
                self._log_rate = _floating(log_rate, "log_rate")
                self._rate = exp(self._log_rate, name="rate")
        super().__init__(
            dtype=self._rate.dtype,
            reparameterization_type=NOT_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[self._rate],
            name=name,
        )

    @property
    def rate(self) -> Tensor:
        """The means."""
        return self._rate

    @property
    def log_rate(self) -> Tensor:
        """The means' logarithms."""
        return self._log_rate

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        return random_poisson(self.rate, [n], dtype=self.dtype, seed=seed)

    def _log_prob(self, x: Tensor) -> Tensor:
        x = self._whole(x)
        return x * self.log_rate - lgamma(1.0 + x) - self.rate

    def _log_cdf(self, x: Tensor) -> Tensor:
        return log(self.cdf(x))

    def _cdf(self, x: Tensor) -> Tensor:
        return igammac(1.0 + self._whole(x), self.rate)

    def _whole(self, x: Tensor) -> Tensor:
        return embed_check_nonnegative_integer_form(x) if self.validate_args else x

    def _mean(self) -> Tensor:
        return identity(self.rate)

    def _variance(self) -> Tensor:
        return identity(self.rate)

    def _mode(self) -> Tensor:
        return floor(self.rate)


def _floating(value: Any, name: str) -> Tensor:
    value = convert_to_tensor(value, name=name)
    if not value.dtype.is_floating:
        raise TypeError(f"{name} must have a floating type, got {value.dtype.name}")
    return value


class Geometric(ScalarDistribution):
    """The number of failures before the first success.

    Parameters
    ----------
    logits, probs : Tensor
        One of them, of success: logarithms of odds, or probabilities, above 0.
    validate_args : bool
        Check probabilities, and values, when run.
    allow_nan_stats : bool
    name : str
    """

    _broadcast = ("probs",)

    def __init__(
        self,
        logits: Any = None,
        probs: Any = None,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Geometric",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[logits, probs]) as name:
            self._logits, self._probs = get_logits_and_probs(logits, probs, validate_args=validate_args, name=name)
            with control_dependencies([assert_positive(self._probs)] if validate_args else []):
                self._probs = identity(self._probs, name="probs")
        super().__init__(
            dtype=self._probs.dtype,
            reparameterization_type=NOT_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[self._probs, self._logits],
            name=name,
        )

    @property
    def logits(self) -> Tensor:
        """The logarithms of the odds of success."""
        return self._logits

    @property
    def probs(self) -> Tensor:
        """The probabilities of success."""
        return self._probs

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        least = np.finfo(self.dtype.as_numpy_dtype).tiny  # 0 has no logarithm
        shape = concat([[n], shape_node(self._probs)], 0)
        drawn = random_uniform(shape, minval=least, maxval=1.0, seed=seed, dtype=self.dtype)
        return floor(log(drawn) / log1p(-self.probs))

    def _cdf(self, x: Tensor) -> Tensor:
        x = self._whole(x)
        return where(x < 0.0, zeros_like(x), -expm1((1.0 + x) * log1p(-self.probs)))

    def _log_prob(self, x: Tensor) -> Tensor:
        x = self._whole(x)
        probs = self.probs * ones_like(x)
        inside = where(equal(x, 0.0), zeros_like(probs), probs)
        return x * log1p(-inside) + log(probs)

    def _whole(self, x: Tensor) -> Tensor:
        x = embed_check_nonnegative_integer_form(x) if self.validate_args else floor(x)
        return x * ones_like(self.probs)

    def _entropy(self) -> Tensor:
        probs = self._probs
        if self.validate_args:
            one = constant(1.0, probs.dtype)
            probs = with_dependencies([assert_less(probs, one, message="entropy is undefined for probs = 1")], probs)
        return softplus(self.logits) / probs - self.logits

    def _mean(self) -> Tensor:
        return exp(-self.logits)

    def _variance(self) -> Tensor:
        return self._mean() / self.probs

    def _mode(self) -> Tensor:
        return zeros(self.batch_shape_tensor(), dtype=self.dtype)


class Binomial(ScalarDistribution):
    """The number of successes of `total_count` tries. It has no `sample`, as in TensorFlow.

    Parameters
    ----------
    total_count : Tensor
        Of the dtype of the probabilities.
    logits, probs : Tensor
        One of them, of success: logarithms of odds, or probabilities.
    validate_args : bool
        Check parameters and values when run.
    allow_nan_stats : bool
    name : str
    """

    _broadcast = ("total_count", "probs")

    def __init__(
        self,
        total_count: Any,
        logits: Any = None,
        probs: Any = None,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Binomial",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[total_count, logits, probs]) as name:
            count = convert_to_tensor(total_count, name="total_count")
            if validate_args:
                positive = assert_non_negative(count, message="total_count must not be negative")
                count = with_dependencies(
                    [positive, assert_integer_form(count, message="total_count must be whole")], count
                )
            self._total_count = count
            self._logits, self._probs = get_logits_and_probs(logits, probs, validate_args=validate_args, name=name)
        super().__init__(
            dtype=self._probs.dtype,
            reparameterization_type=NOT_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[self._total_count, self._logits, self._probs],
            name=name,
        )

    @property
    def total_count(self) -> Tensor:
        """How many tries there are."""
        return self._total_count

    @property
    def logits(self) -> Tensor:
        """The logarithms of the odds of success."""
        return self._logits

    @property
    def probs(self) -> Tensor:
        """The probabilities of success."""
        return self._probs

    def _log_prob(self, counts: Tensor) -> Tensor:
        counts = self._checked(counts)
        tries = counts * log(self.probs) + (self.total_count - counts) * log1p(-self.probs)
        ways = lgamma(1.0 + self.total_count - counts) + lgamma(1.0 + counts) - lgamma(1.0 + self.total_count)
        return tries - ways

    def _prob(self, counts: Tensor) -> Tensor:
        return exp(self._log_prob(counts))

    def _cdf(self, counts: Tensor) -> Tensor:
        counts, probs = self._checked(counts), self.probs
        known = counts.shape.is_fully_defined() and probs.shape.is_fully_defined()
        if not (known and counts.shape.is_compatible_with(probs.shape)):
            probs += zeros_like(counts)
            counts += zeros_like(self.probs)
        left = self.total_count - counts
        one = ones_like(self.total_count - counts)
        all_of_them = equal(counts, self.total_count)
        inside = where_v2(all_of_them, one, left)
        return where_v2(all_of_them, one, betainc(a=inside, b=counts + 1, x=1 - probs))

    def _checked(self, counts: Tensor) -> Tensor:
        if not self.validate_args:
            return counts
        counts = embed_check_nonnegative_integer_form(counts)
        fits = assert_less_equal(counts, self.total_count, message="counts must not exceed total_count")
        return with_dependencies([fits], counts)

    def _mean(self) -> Tensor:
        return self.total_count * self.probs

    def _variance(self) -> Tensor:
        return self._mean() * (1.0 - self.probs)

    def _mode(self) -> Tensor:
        return floor((1.0 + self.total_count) * self.probs)


class NegativeBinomial(ScalarDistribution):
    """The number of successes before `total_count` failures.

    Parameters
    ----------
    total_count : Tensor
        Above 0, not necessarily whole; of the dtype of the probabilities.
    logits, probs : Tensor
        One of them, of success: logarithms of odds, or probabilities.
    validate_args : bool
        Check parameters and values when run.
    allow_nan_stats : bool
    name : str
    """

    _broadcast = ("total_count", "probs")

    def __init__(
        self,
        total_count: Any,
        logits: Any = None,
        probs: Any = None,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "NegativeBinomial",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[total_count, logits, probs]) as name:
            self._logits, self._probs = get_logits_and_probs(logits, probs, validate_args=validate_args, name=name)
            with control_dependencies([assert_positive(total_count)] if validate_args else []):
                self._total_count = identity(total_count)
        super().__init__(
            dtype=self._probs.dtype,
            reparameterization_type=NOT_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[self._total_count, self._probs, self._logits],
            name=name,
        )

    @property
    def total_count(self) -> Tensor:
        """After how many failures it ends."""
        return self._total_count

    @property
    def logits(self) -> Tensor:
        """The logarithms of the odds of success."""
        return self._logits

    @property
    def probs(self) -> Tensor:
        """The probabilities of success."""
        return self._probs

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        scale = exp(-self.logits)
        rate = random_gamma(shape=[n], alpha=self.total_count, beta=scale, dtype=self.dtype, seed=seed)
        return random_poisson(rate, shape=[], dtype=self.dtype, seed=gen_new_seed(seed, "negative_binom"))

    def _cdf(self, x: Tensor) -> Tensor:
        return betainc(self.total_count, 1.0 + self._whole(x), sigmoid(-self.logits))

    def _log_prob(self, x: Tensor) -> Tensor:
        x = self._whole(x)
        tries = self.total_count * log_sigmoid(-self.logits) + x * log_sigmoid(self.logits)
        return tries - (-lgamma(self.total_count + x) + lgamma(1.0 + x) + lgamma(self.total_count))

    def _whole(self, x: Tensor) -> Tensor:
        return embed_check_nonnegative_integer_form(x) if self.validate_args else x

    def _mean(self) -> Tensor:
        return self.total_count * exp(self.logits)

    def _mode(self) -> Tensor:
        several = self.total_count > 1.0
        fewer = where_v2(several, self.total_count - 1.0, zeros_like(self.total_count))
        return floor(fewer * exp(self.logits))

    def _variance(self) -> Tensor:
        return self._mean() / sigmoid(-self.logits)


class Deterministic(ScalarDistribution):
    """Always the same number.

    Parameters
    ----------
    loc : Tensor
    atol, rtol : Tensor, optional
        What is at most ``atol + rtol * abs(loc)`` away counts as `loc`; both 0 by default.
    validate_args : bool
        Check that the tolerances are not negative when run.
    allow_nan_stats : bool
    name : str
    """

    _broadcast = ("loc",)

    def __init__(
        self,
        loc: Any,
        atol: Any = None,
        rtol: Any = None,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Deterministic",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[loc, atol, rtol]) as name:
            self._loc = self._checked_loc(convert_to_tensor(loc, name="loc"), validate_args)
            super().__init__(
                dtype=self._loc.dtype,
                reparameterization_type=NOT_REPARAMETERIZED,
                validate_args=validate_args,
                allow_nan_stats=allow_nan_stats,
                parameters=parameters,
                graph_parents=[self._loc],
                name=name,
            )
            self._atol, self._rtol = self._tolerance(atol), self._tolerance(rtol)
            self._slack = self.atol if rtol is None else self.atol + self.rtol * absolute(self.loc)

    def _checked_loc(self, loc: Tensor, validate_args: bool) -> Tensor:
        return loc

    def _tolerance(self, value: Any) -> Tensor:
        if value is None:
            return convert_to_tensor(0, dtype=self.loc.dtype)
        value = convert_to_tensor(value, dtype=self.loc.dtype)
        if not self.validate_args:
            return value
        return with_dependencies([assert_non_negative(value, message="a tolerance must not be negative")], value)

    @property
    def loc(self) -> Tensor:
        """The number."""
        return self._loc

    @property
    def atol(self) -> Tensor:
        """The absolute tolerance."""
        return self._atol

    @property
    def rtol(self) -> Tensor:
        """The relative tolerance."""
        return self._rtol

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        known = constant_value(convert_to_tensor(n))
        if known is not None and self.loc.shape.ndims is not None:
            multiples: Any = [known, *[1] * self.loc.shape.ndims]
        else:
            multiples = concat(([n], ones_like(shape_node(self.loc))), axis=0)
        return tile(self.loc[newaxis, ...], multiples=multiples)

    def _prob(self, x: Tensor) -> Tensor:
        return cast(absolute(x - self.loc) <= self._slack, dtype=self.dtype)

    def _cdf(self, x: Tensor) -> Tensor:
        return cast(x >= self.loc - self._slack, dtype=self.dtype)

    def _entropy(self) -> Tensor:
        return zeros(self.batch_shape_tensor(), dtype=self.dtype)

    def _mean(self) -> Tensor:
        return identity(self.loc)

    def _variance(self) -> Tensor:
        return zeros_like(self.loc)

    def _mode(self) -> Tensor:
        return self.mean()


class VectorDeterministic(Deterministic):
    """Always the same vector; parameters as of `Deterministic`, `loc` with one axis more."""

    def __init__(
        self,
        loc: Any,
        atol: Any = None,
        rtol: Any = None,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "VectorDeterministic",
    ) -> None:
        super().__init__(loc, atol, rtol, validate_args, allow_nan_stats, name)

    def _checked_loc(self, loc: Tensor, validate_args: bool) -> Tensor:
        if not validate_args:
            return loc
        if loc.shape.ndims == 0:
            raise ValueError(f"loc must be at least a vector: {loc}")
        return loc if loc.shape.ndims else with_dependencies([assert_rank_at_least(loc, 1)], loc)

    def _batch_shape_tensor(self) -> Tensor:
        return shape_node(self.loc)[:-1]

    def _batch_shape(self) -> TensorShape:
        return self.loc.shape[:-1]

    def _event_shape_tensor(self) -> Tensor:
        return shape_node(self.loc)[-1:]

    def _event_shape(self) -> TensorShape:
        return self.loc.shape[-1:]

    def _prob(self, x: Tensor) -> Tensor:
        return cast(reduce_all(absolute(x - self.loc) <= self._slack, axis=-1), dtype=self.dtype)

    def _cdf(self, x: Tensor) -> Tensor:
        raise self._lacks("cdf")
