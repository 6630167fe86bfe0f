"""How often each class is drawn: the multinomial distribution, and the one with Dirichlet-distributed probabilities."""

from __future__ import annotations

from typing import Any

from defrun.base import dtypes
from defrun.base.shapes import TensorShape
from defrun.distributions.distribution import NOT_REPARAMETERIZED, Distribution
from defrun.distributions.util import (
    embed_check_categorical_event_shape,
    embed_check_nonnegative_integer_form,
    gen_new_seed,
    get_logits_and_probs,
    log_combinations,
)
from defrun.graph.convert import convert_to_tensor
from defrun.graph.function import counted_as
from defrun.graph.graph import get_default_graph
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.graph.static import constant_value
from defrun.ops.arrange import transpose
from defrun.ops.array import identity, reshape
from defrun.ops.array import shape as shape_node
from defrun.ops.asserts import assert_equal, assert_positive
from defrun.ops.cast import cast
from defrun.ops.creation import one_hot, ones_like
from defrun.ops.diagonal import matrix_set_diag
from defrun.ops.elementary import exp, log, sqrt
from defrun.ops.flow import with_dependencies
from defrun.ops.functional import map_fn
from defrun.ops.join import concat
from defrun.ops.matrix import matmul
from defrun.ops.random import multinomial
from defrun.ops.random_parametric import random_gamma
from defrun.ops.reduce import reduce_sum
from defrun.ops.slicing import newaxis
from defrun.ops.softmax import log_softmax
from defrun.ops.special import lbeta


class _Counts(Distribution):
    """Counts of classes that add up to `total_count`."""

    _total_count: Tensor

    @property
    def total_count(self) -> Tensor:
        """How many are drawn."""
        return self._total_count

    def _checked_counts(self, counts: Tensor) -> Tensor:
        if not self.validate_args:
            return counts
        counts = embed_check_nonnegative_integer_form(counts)
        total = reduce_sum(counts, -1)
        fits = assert_equal(self.total_count, total, message="counts must add up to total_count")
        return with_dependencies([fits], counts)


def _count(total_count: Any, validate_args: bool) -> Tensor:
    found = convert_to_tensor(total_count, name="total_count")
    return embed_check_nonnegative_integer_form(found) if validate_args else found


class Multinomial(_Counts):
    """How often each class comes when `total_count` are drawn.

    Parameters
    ----------
    total_count : Tensor [...]
        Of the dtype of the probabilities.
    logits, probs : Tensor [..., classes]
        One of them: logarithms of weights, or probabilities.
    validate_args : bool
        Check parameters and values when run.
    allow_nan_stats : bool
    name : str

    Raises
    ------
    ValueError
        If both `logits` and `probs` are given, or none.
    """

    def __init__(
        self,
        total_count: Any,
        logits: Any = None,
        probs: Any = None,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Multinomial",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[total_count, logits, probs]) as name:
            self._total_count = _count(total_count, validate_args)
            self._logits, self._probs = get_logits_and_probs(logits, probs, True, validate_args, name)
            self._expected = self._total_count[..., newaxis] * self._probs
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
    def logits(self) -> Tensor:
        """The logarithms of the classes' weights."""
        return self._logits

    @property
    def probs(self) -> Tensor:
        """The classes' probabilities."""
        return self._probs

    def _batch_shape_tensor(self) -> Tensor:
        return shape_node(self._expected)[:-1]

    def _batch_shape(self) -> TensorShape:
        return self._expected.shape.with_rank_at_least(1)[:-1]

    def _event_shape_tensor(self) -> Tensor:
        return shape_node(self._expected)[-1:]

    def _event_shape(self) -> TensorShape:
        return self._expected.shape.with_rank_at_least(1)[-1:]

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        k = self.event_shape_tensor()[0]
        counts = cast(self.total_count, dtype=dtypes.int32)
        counts = ones_like(self.logits[..., 0], dtype=counts.dtype) * counts
        logits = ones_like(counts[..., newaxis], dtype=self.logits.dtype) * self.logits
        known = constant_value(self.total_count)
        alike = None if known is None or known.size == 0 or (known != known.flat[0]).any() else int(known.flat[0])

        def draw(row: tuple[Tensor, Tensor]) -> Tensor:
            count = row[1]
            if alike is not None:  # a number that is known leaves the loop in one compiled program
                with counted_as(get_default_graph(), 0):
                    count = convert_to_tensor(n * alike, dtype=dtypes.int32)
            drawn = reshape(multinomial(row[0][newaxis, ...], count, seed), [n, -1])
            return reduce_sum(one_hot(drawn, depth=k), axis=-2)

        rows = (reshape(logits, [-1, k]), n * reshape(counts, [-1]))
        drawn = transpose(map_fn(draw, rows, dtype=dtypes.float32), [1, 0, 2])
        return cast(reshape(drawn, concat([[n], self.batch_shape_tensor(), [k]], 0)), self.dtype)

    def _log_prob(self, counts: Tensor) -> Tensor:
        weighted = reduce_sum(self._checked_counts(counts) * log_softmax(self.logits), -1)
        return weighted - (-log_combinations(self.total_count, self._checked_counts(counts)))

    def _mean(self) -> Tensor:
        return identity(self._expected)

    def _covariance(self) -> Tensor:
        probs = self._wide_probs()
        outer = -matmul(self._expected[..., newaxis], probs[..., newaxis, :])
        return matrix_set_diag(outer, self._variance())

    def _variance(self) -> Tensor:
        return self._expected - self._expected * self._wide_probs()

    def _wide_probs(self) -> Tensor:
        return self.probs * ones_like(self.total_count)[..., newaxis]


class DirichletMultinomial(_Counts):
    """How often each class comes when `total_count` are drawn, with probabilities of a Dirichlet distribution.

    Parameters
    ----------
    total_count : Tensor [...]
        Of the dtype of `concentration`.
    concentration : Tensor [..., classes]
        Above 0.
    validate_args : bool
        Check parameters and values when run.
    allow_nan_stats : bool
    name : str
    """

    def __init__(
        self,
        total_count: Any,
        concentration: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "DirichletMultinomial",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[total_count, concentration]) as name:
            self._total_count = _count(total_count, validate_args)
            self._concentration = convert_to_tensor(concentration, name="concentration")
            if validate_args:
                checked = embed_check_categorical_event_shape(self._concentration)
                positive = assert_positive(checked, message="concentration must be positive")
                self._concentration = with_dependencies([positive], checked)
            self._total_concentration = reduce_sum(self._concentration, -1)
        super().__init__(
            dtype=self._concentration.dtype,
            reparameterization_type=NOT_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[self._total_count, self._concentration],
            name=name,
        )

    @property
    def concentration(self) -> Tensor:
        """The parameter of each class."""
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
        count = cast(self.total_count, dtype=dtypes.int32)
        k = self.event_shape_tensor()[0]
        weights = random_gamma(shape=[n], alpha=self.concentration, dtype=self.dtype, seed=seed)
        logits = reshape(log(weights), shape=[-1, k])
        drawn = multinomial(logits, count, seed=gen_new_seed(seed, salt="dirichlet_multinomial"))
        counts = reduce_sum(one_hot(drawn, depth=k), -2)
        whole = concat([[n], self.batch_shape_tensor(), [k]], 0)
        return cast(reshape(counts, whole), self.dtype)

    def _log_prob(self, counts: Tensor) -> Tensor:
        counts = self._checked_counts(counts)
        ordered = lbeta(self.concentration + counts) - lbeta(self.concentration)
        return ordered + log_combinations(self.total_count, counts)

    def _prob(self, counts: Tensor) -> Tensor:
        return exp(self._log_prob(counts))

    def _mean(self) -> Tensor:
        return self.total_count * (self.concentration / self.total_concentration[..., newaxis])

    def _covariance(self) -> Tensor:
        x = self._variance_scale() * self._mean()
        outer = -matmul(x[..., newaxis], x[..., newaxis, :])
        return matrix_set_diag(outer, self._variance())

    def _variance(self) -> Tensor:
        scale = self._variance_scale()
        x = scale * self._mean()
        return x * (self.total_count * scale - x)

    def _variance_scale(self) -> Tensor:
        total = self.total_concentration[..., newaxis]
        return sqrt((1.0 + total / self.total_count) / (1.0 + total))
