"""The Dirichlet distribution."""

from __future__ import annotations

from typing import Any

import numpy as np

from defrun.base.shapes import TensorShape
from defrun.distributions.distribution import FULLY_REPARAMETERIZED, Distribution
from defrun.distributions.divergence import RegisterKL
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.array import shape as shape_node
from defrun.ops.asserts import assert_less, assert_near, assert_positive, assert_rank_at_least
from defrun.ops.cast import cast
from defrun.ops.creation import fill, ones
from defrun.ops.diagonal import matrix_set_diag
from defrun.ops.elementary import exp, rsqrt, xlogy
from defrun.ops.flow import with_dependencies
from defrun.ops.matrix import matmul
from defrun.ops.random_parametric import random_gamma
from defrun.ops.reduce import reduce_all, reduce_sum
from defrun.ops.select import where_v2
from defrun.ops.slicing import newaxis
from defrun.ops.special import digamma, lbeta


class Dirichlet(Distribution):
    """The Dirichlet distribution, of vectors of positive numbers that add up to 1.

    Parameters
    ----------
    concentration : Tensor [..., k]
        Above 0, k at least 2.
    validate_args : bool
        Check it, and values, when run.
    allow_nan_stats : bool
        The mode is not defined unless all are above 1.
    name : str
    """

    def __init__(
        self, concentration: Any, validate_args: bool = False, allow_nan_stats: bool = True, name: str = "Dirichlet"
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[concentration]) as name:
            self._concentration = convert_to_tensor(concentration, name="concentration")
            if validate_args:
                self._concentration = _checked(self._concentration)
            self._total_concentration = reduce_sum(self._concentration, -1)
        super().__init__(
            dtype=self._concentration.dtype,
            reparameterization_type=FULLY_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[self._concentration, self._total_concentration],
            name=name,
        )

    @property
    def concentration(self) -> Tensor:
        """The parameter of each element."""
        return self._concentration

    @property
    def total_concentration(self) -> Tensor:
        """Their sum."""
        return self._total_concentration

    def _batch_shape_tensor(self) -> Tensor:
        return shape_node(self.total_concentration)

    def _batch_shape(self) -> TensorShape:
        return self.total_concentration.shape

    def _event_shape_tensor(self) -> Tensor:
        return shape_node(self.concentration)[-1:]

    def _event_shape(self) -> TensorShape:
        return self.concentration.shape.with_rank_at_least(1)[-1:]

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        drawn = random_gamma(shape=[n], alpha=self.concentration, dtype=self.dtype, seed=seed)
        return drawn / reduce_sum(drawn, -1, keepdims=True)

    def _log_prob(self, x: Tensor) -> Tensor:
        if self.validate_args:
            whole = assert_near(ones([], dtype=self.dtype), reduce_sum(x, -1), message="values must add up to 1")
            x = with_dependencies([assert_positive(x, message="values must be positive"), whole], x)
        return reduce_sum(xlogy(self.concentration - 1.0, x), -1) - lbeta(self.concentration)

    def _prob(self, x: Tensor) -> Tensor:
        return exp(self._log_prob(x))

    def _entropy(self) -> Tensor:
        k = cast(self.event_shape_tensor()[0], self.dtype)
        return (
            lbeta(self.concentration)
            + (self.total_concentration - k) * digamma(self.total_concentration)
            - reduce_sum((self.concentration - 1.0) * digamma(self.concentration), axis=-1)
        )

    def _mean(self) -> Tensor:
        return self.concentration / self.total_concentration[..., newaxis]

    def _covariance(self) -> Tensor:
        x = self._variance_scale() * self._mean()
        outer = -matmul(x[..., newaxis], x[..., newaxis, :])
        return matrix_set_diag(outer, self._variance())

    def _variance(self) -> Tensor:
        scale = self._variance_scale()
        x = scale * self._mean()
        return x * (scale - x)

    def _variance_scale(self) -> Tensor:
        return rsqrt(1.0 + self.total_concentration[..., newaxis])

    def _mode(self) -> Tensor:
        k = cast(self.event_shape_tensor()[0], self.dtype)
        mode = (self.concentration - 1.0) / (self.total_concentration[..., newaxis] - k)
        if self.allow_nan_stats:
            nan = fill(shape_node(mode), np.array(np.nan, self.dtype.as_numpy_dtype), name="nan")
            # Of a batch each mode is NaN or none of it is: the condition has one axis less than the mode, as in
            # TensorFlow, whose answer for a batch of k we give too.
            return where_v2(reduce_all(self.concentration > 1.0, axis=-1), mode, nan)
        one = ones([], self.dtype)
        defined = assert_less(one, self.concentration, message="the mode is not defined for a concentration <= 1")
        return with_dependencies([defined], mode)


def _checked(concentration: Tensor) -> Tensor:
    checks = [
        assert_positive(concentration, message="concentration must be positive"),
        assert_rank_at_least(concentration, 1, message="concentration must have at least one axis"),
        assert_less(1, shape_node(concentration)[-1], message="concentration must have 2 or more elements"),
    ]
    return with_dependencies(checks, concentration)


@RegisterKL(Dirichlet, Dirichlet)
def _(a: Dirichlet, b: Dirichlet, name: str | None = None) -> Tensor:
    with name_scope(name, "kl_dirichlet_dirichlet", values=[a.concentration, b.concentration]):
        total = digamma(reduce_sum(a.concentration, axis=-1, keepdims=True))
        logarithms = digamma(a.concentration) - total
        weighted = reduce_sum((a.concentration - b.concentration) * logarithms, axis=-1)
        return weighted - lbeta(a.concentration) + lbeta(b.concentration)
