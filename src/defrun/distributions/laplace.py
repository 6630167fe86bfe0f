"""The Laplace distribution."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from defrun.distributions.loc_scale import LocScale
from defrun.distributions.special_math import log_cdf_laplace
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.activation import softplus
from defrun.ops.creation import zeros_like
from defrun.ops.elementary import abs as absolute
from defrun.ops.elementary import exp, log, log1p, sign
from defrun.ops.random import random_uniform


class Laplace(LocScale):
    """The Laplace distribution, of density ``exp(-abs(x - loc) / scale) / (2 scale)``.

    Parameters
    ----------
    loc : Tensor
        Means.
    scale : Tensor
        Above 0; the two broadcast.
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
        self, loc: Any, scale: Any, validate_args: bool = False, allow_nan_stats: bool = True, name: str = "Laplace"
    ) -> None:
        super().__init__(loc, scale, validate_args, allow_nan_stats, name, dict(locals()))

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        kind = self.dtype.as_numpy_dtype
        least = np.nextafter(kind(-1.0), kind(0.0))  # the logarithm of 1 - 1 is none
        shape = self._samples_shape(n)
        drawn = random_uniform(shape=shape, minval=least, maxval=1.0, dtype=self.dtype, seed=seed)
        return self.loc - self.scale * sign(drawn) * log1p(-absolute(drawn))

    def _log_prob(self, x: Tensor) -> Tensor:
        return -absolute(self._z(x)) - (math.log(2.0) + log(self.scale))

    def _prob(self, x: Tensor) -> Tensor:
        return exp(self._log_prob(x))

    def _log_cdf(self, x: Tensor) -> Tensor:
        return log_cdf_laplace(self._z(x))

    def _log_survival_function(self, x: Tensor) -> Tensor:
        return log_cdf_laplace(-self._z(x))

    def _cdf(self, x: Tensor) -> Tensor:
        z = self._z(x)
        return 0.5 + 0.5 * sign(z) * (1.0 - exp(-absolute(z)))

    def _entropy(self) -> Tensor:
        scale = self.scale + zeros_like(self.loc)
        return math.log(2.0) + 1.0 + log(scale)

    def _mean(self) -> Tensor:
        return self.loc + zeros_like(self.scale)

    def _stddev(self) -> Tensor:
        return math.sqrt(2.0) * self.scale + zeros_like(self.loc)

    def _mode(self) -> Tensor:
        return self._mean()

    def _z(self, x: Tensor) -> Tensor:
        return (x - self.loc) / self.scale


class LaplaceWithSoftplusScale(Laplace):
    """The Laplace distribution with ``softplus(scale)`` for scale."""

    def __init__(
        self,
        loc: Any,
        scale: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "LaplaceWithSoftplusScale",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[loc, scale]) as name:
            super().__init__(loc, softplus(scale, name="softplus_scale"), validate_args, allow_nan_stats, name)
        self._parameters = parameters
