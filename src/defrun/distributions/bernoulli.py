"""The Bernoulli distribution."""

from __future__ import annotations

from typing import Any

from defrun.base import dtypes
from defrun.distributions.distribution import NOT_REPARAMETERIZED, ScalarDistribution
from defrun.distributions.divergence import RegisterKL
from defrun.distributions.util import embed_check_integer_casting_closed, get_logits_and_probs
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.activation import softplus
from defrun.ops.array import identity
from defrun.ops.cast import cast
from defrun.ops.compare import less
from defrun.ops.creation import ones_like
from defrun.ops.elementary import sigmoid
from defrun.ops.random import random_uniform
from defrun.ops.xent import sigmoid_cross_entropy_with_logits


class Bernoulli(ScalarDistribution):
    """The distribution of 1 with probability `probs`, else 0.

    Parameters
    ----------
    logits, probs : Tensor
        One of them: logarithms of odds, or probabilities.
    dtype : DType
        Of the samples.
    validate_args : bool
        Check probabilities, and values, when run.
    allow_nan_stats : bool
    name : str

    Raises
    ------
    ValueError
        If both are given, or none.
    TypeError
        If what is given is not floating.
    """

    _broadcast = ("logits",)

    def __init__(
        self,
        logits: Any = None,
        probs: Any = None,
        dtype: Any = dtypes.int32,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Bernoulli",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name) as name:
            self._logits, self._probs = get_logits_and_probs(logits, probs, validate_args=validate_args, name=name)
        super().__init__(
            dtype=dtypes.as_dtype(dtype),
            reparameterization_type=NOT_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[self._logits, self._probs],
            name=name,
        )

    @classmethod
    def _param_shapes(cls, sample_shape: Any) -> dict[str, Any]:
        return {"logits": convert_to_tensor(sample_shape, dtype=dtypes.int32)}

    @property
    def logits(self) -> Tensor:
        """The logarithms of the odds of 1."""
        return self._logits

    @property
    def probs(self) -> Tensor:
        """The probabilities of 1."""
        return self._probs

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        drawn = random_uniform(self._samples_shape(n), seed=seed, dtype=self.probs.dtype)
        return cast(less(drawn, self.probs), self.dtype)

    def _log_prob(self, event: Tensor) -> Tensor:
        if self.validate_args:
            event = embed_check_integer_casting_closed(event, target_dtype=dtypes.bool)
        logits = self.logits
        event = cast(event, logits.dtype)
        known = event.shape.is_fully_defined() and logits.shape.is_fully_defined()
        if not (known and event.shape == logits.shape):
            logits, event = ones_like(event) * logits, ones_like(logits) * event
        return -sigmoid_cross_entropy_with_logits(labels=event, logits=logits)

    def _entropy(self) -> Tensor:
        return -self.logits * (sigmoid(self.logits) - 1) + softplus(-self.logits)

    def _mean(self) -> Tensor:
        return identity(self.probs)

    def _variance(self) -> Tensor:
        return self._mean() * (1.0 - self.probs)

    def _mode(self) -> Tensor:
        return cast(self.probs > 0.5, self.dtype)


@RegisterKL(Bernoulli, Bernoulli)
def _(a: Bernoulli, b: Bernoulli, name: str | None = None) -> Tensor:
    with name_scope(name, "kl_bernoulli_bernoulli", values=[a.logits, b.logits]):
        zero = softplus(-b.logits) - softplus(-a.logits)
        one = softplus(b.logits) - softplus(a.logits)
        return sigmoid(a.logits) * zero + sigmoid(-a.logits) * one
