"""The uniform distribution."""

from __future__ import annotations

import math
from typing import Any

from defrun.distributions.distribution import FULLY_REPARAMETERIZED, ScalarDistribution
from defrun.graph.operation import Tensor
from defrun.graph.scopes import control_dependencies, name_scope
from defrun.ops.array import identity
from defrun.ops.array import shape as shape_node
from defrun.ops.asserts import assert_less, assert_same_float_dtype
from defrun.ops.broadcast_shapes import broadcast_dynamic_shape
from defrun.ops.compare import is_nan, logical_or
from defrun.ops.creation import ones, ones_like, zeros, zeros_like
from defrun.ops.elementary import log
from defrun.ops.math import square
from defrun.ops.random import random_uniform
from defrun.ops.select import where_v2


class Uniform(ScalarDistribution):
    """The uniform distribution of [low, high).

    Parameters
    ----------
    low, high : Tensor
        ``low < high``; they broadcast.
    validate_args : bool
        Check that when run.
    allow_nan_stats : bool
    name : str

    Raises
    ------
    ValueError
        If `low` and `high` are of two types, or not floating.
    """

    _broadcast = ("low", "high")

    def __init__(
        self,
        low: Any = 0.0,
        high: Any = 1.0,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Uniform",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[low, high]) as name:
            checks = [assert_less(low, high, message="low must be less than high")] if validate_args else []
            with control_dependencies(checks):
                self._low = identity(low, name="low")
                self._high = identity(high, name="high")
                assert_same_float_dtype([self._low, self._high])
        super().__init__(
            dtype=self._low.dtype,
            reparameterization_type=FULLY_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[self._low, self._high],
            name=name,
        )

    @property
    def low(self) -> Tensor:
        """The lower ends."""
        return self._low

    @property
    def high(self) -> Tensor:
        """The upper ends."""
        return self._high

    def range(self, name: str = "range") -> Tensor:
        """Return ``high - low``."""
        with self._name_scope(name):
            return self.high - self.low

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        drawn = random_uniform(shape=self._samples_shape(n), dtype=self.dtype, seed=seed)
        return self.low + self.range() * drawn

    def _prob(self, x: Tensor) -> Tensor:
        x = x * ones(self.batch_shape_tensor(), dtype=x.dtype)
        unknown = is_nan(x)
        outside = logical_or(x < self.low, x >= self.high)
        return where_v2(unknown, x, where_v2(outside, zeros_like(x), ones_like(x) / self.range()))

    def _cdf(self, x: Tensor) -> Tensor:
        shape = broadcast_dynamic_shape(shape_node(x), self.batch_shape_tensor())
        zero, one = zeros(shape, dtype=self.dtype), ones(shape, dtype=self.dtype)
        wide = x * one
        below = where_v2(x < self.low, zero, (wide - self.low) / self.range())
        return where_v2(x >= self.high, one, below)

    def _entropy(self) -> Tensor:
        return log(self.range())

    def _mean(self) -> Tensor:
        return (self.low + self.high) / 2.0

    def _variance(self) -> Tensor:
        return square(self.range()) / 12.0

    def _stddev(self) -> Tensor:
        return self.range() / math.sqrt(12.0)
