"""Classes as vectors: one-hot, and relaxed, which lets gradients through."""

from __future__ import annotations

from typing import Any

import numpy as np

from defrun.base import dtypes
from defrun.base.shapes import TensorShape
from defrun.contrib.bijectors.elementwise import Exp, Sigmoid
from defrun.contrib.distributions.continuous import Logistic
from defrun.contrib.distributions.transformed import TransformedDistribution
from defrun.distributions.distribution import FULLY_REPARAMETERIZED, NOT_REPARAMETERIZED, Distribution
from defrun.distributions.divergence import RegisterKL
from defrun.distributions.util import get_logits_and_probs
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import control_dependencies, name_scope
from defrun.ops.arrange import transpose
from defrun.ops.array import identity, rank, reshape
from defrun.ops.array import shape as shape_node
from defrun.ops.asserts import assert_near, assert_non_positive, assert_positive
from defrun.ops.cast import cast
from defrun.ops.creation import one_hot, ones, ones_like, zeros
from defrun.ops.diagonal import matrix_set_diag
from defrun.ops.elementary import log
from defrun.ops.flow import with_dependencies
from defrun.ops.join import concat
from defrun.ops.math import div
from defrun.ops.matrix import matmul
from defrun.ops.random import multinomial, random_uniform
from defrun.ops.reduce import argmax, reduce_logsumexp, reduce_sum
from defrun.ops.slicing import newaxis
from defrun.ops.softmax import log_softmax, softmax
from defrun.ops.special import lgamma
from defrun.ops.xent import softmax_cross_entropy_with_logits


class _Classes(Distribution):
    """Vectors over classes, with logits and probabilities [..., classes]."""

    _logits: Tensor
    _probs: Tensor

    def _note_shapes(self) -> None:
        known = self._logits.shape.with_rank_at_least(1)
        if known.ndims is not None:
            self._batch_rank = convert_to_tensor(known.ndims - 1, dtype=dtypes.int32, name="batch_rank")
        else:
            with name_scope(name="batch_rank"):
                self._batch_rank = rank(self._logits) - 1
        with name_scope(name="event_size"):
            self._event_size = shape_node(self._logits)[-1]

    @property
    def event_size(self) -> Tensor:
        """How many classes there are."""
        return self._event_size

    @property
    def logits(self) -> Tensor:
        """The logarithms of the classes' weights."""
        return self._logits

    @property
    def probs(self) -> Tensor:
        """The classes' probabilities."""
        return self._probs

    def _batch_shape_tensor(self) -> Tensor:
        return shape_node(self.logits)[:-1]

    def _batch_shape(self) -> TensorShape:
        return self.logits.shape[:-1]

    def _event_shape_tensor(self) -> Tensor:
        return shape_node(self.logits)[-1:]

    def _event_shape(self) -> TensorShape:
        return self.logits.shape.with_rank_at_least(1)[-1:]

    def _rows(self, x: Tensor, axis: Any = -1) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Return `x` and the logits broadcast, those as matrices, and the shape without the classes."""
        if self.validate_args:
            zero = zeros([], dtype=self.dtype)
            whole = assert_near(zero, reduce_logsumexp(x, axis=[-1]))
            x = with_dependencies([assert_non_positive(x), whole], x)
        logits = self.logits
        known = x.shape.is_fully_defined() and logits.shape.is_fully_defined()
        if not known or x.shape != logits.shape:
            logits = ones_like(x, dtype=logits.dtype) * logits
            x = ones_like(logits, dtype=x.dtype) * x
        shape = shape_node(reduce_sum(logits, axis))
        return x, reshape(logits, [-1, self.event_size]), reshape(x, [-1, self.event_size]), shape


class OneHotCategorical(_Classes):
    """The distribution of classes, as vectors that are 1 at the class and 0 elsewhere.

    Parameters
    ----------
    logits, probs : Tensor [..., classes]
        One of them: logarithms of weights, or probabilities.
    dtype : DType
        Of the samples.
    validate_args, allow_nan_stats : bool
    name : str
    """

    def __init__(
        self,
        logits: Any = None,
        probs: Any = None,
        dtype: Any = dtypes.int32,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "OneHotCategorical",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[logits, probs]) as name:
            self._logits, self._probs = get_logits_and_probs(logits, probs, True, validate_args, name)
            self._note_shapes()
        super().__init__(
            dtype=dtypes.as_dtype(dtype),
            reparameterization_type=NOT_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[self._logits, self._probs],
            name=name,
        )

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        shape = concat([[n], shape_node(self.logits)], 0)
        rows = self.logits if self.logits.shape.ndims == 2 else reshape(self.logits, [-1, self.event_size])
        drawn = transpose(multinomial(rows, n, seed=seed))
        return reshape(one_hot(drawn, self.event_size, dtype=self.dtype), shape)

    def _log_prob(self, x: Tensor) -> Tensor:
        _, logits, rows, shape = self._rows(x)
        return reshape(-softmax_cross_entropy_with_logits(labels=rows, logits=logits), shape)

    def _entropy(self) -> Tensor:
        return -reduce_sum(log_softmax(self.logits) * self.probs, axis=-1)

    def _mode(self) -> Tensor:
        mode = one_hot(argmax(self.logits, axis=self._batch_rank), self.event_size, dtype=self.dtype)
        mode.set_shape(self.logits.shape)
        return mode

    def _covariance(self) -> Tensor:
        outer = -matmul(self.probs[..., newaxis], self.probs[..., newaxis, :])
        return matrix_set_diag(outer, self._variance())

    def _variance(self) -> Tensor:
        return self.probs * (1.0 - self.probs)


@RegisterKL(OneHotCategorical, OneHotCategorical)
def _(a: OneHotCategorical, b: OneHotCategorical, name: str | None = None) -> Tensor:
    with name_scope(name, "kl_categorical_categorical", values=[a.logits, b.logits]):
        weights = softmax(a.logits)
        return reduce_sum(weights * (log_softmax(a.logits) - log_softmax(b.logits)), axis=-1)


class ExpRelaxedOneHotCategorical(_Classes):
    """The logarithm of `RelaxedOneHotCategorical`, which does not underflow.

    Parameters
    ----------
    temperature : Tensor []
        Above 0.
    logits, probs : Tensor [..., classes]
        One of them: logarithms of weights, or probabilities.
    dtype : DType, optional
        Of the samples, by default that of the logits.
    validate_args, allow_nan_stats : bool
    name : str
    """

    def __init__(
        self,
        temperature: Any,
        logits: Any = None,
        probs: Any = None,
        dtype: Any = None,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "ExpRelaxedOneHotCategorical",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[logits, probs, temperature]) as name:
            self._logits, self._probs = get_logits_and_probs(logits, probs, True, validate_args, name)
            if dtype is None:
                dtype = self._logits.dtype
                if not validate_args:
                    temperature = cast(temperature, dtype)
            with control_dependencies([assert_positive(temperature)] if validate_args else []):
                self._temperature = identity(temperature, name="temperature")
                self._temperature_2d = reshape(temperature, [-1, 1], name="temperature_2d")
            self._note_shapes()
        super().__init__(
            dtype=dtypes.as_dtype(dtype),
            reparameterization_type=FULLY_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[self._logits, self._probs, self._temperature],
            name=name,
        )

    @property
    def temperature(self) -> Tensor:
        """The lower, the nearer to one-hot."""
        return self._temperature

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        shape = concat([[n], shape_node(self.logits)], 0)
        logits = reshape(self.logits * ones(shape, dtype=self.dtype), [-1, self.event_size])
        least = np.finfo(self.dtype.as_numpy_dtype).tiny  # 0 has no logarithm
        drawn = random_uniform(shape_node(logits), minval=least, maxval=1.0, dtype=self.dtype, seed=seed)
        noise = -log(-log(drawn))
        return reshape(log_softmax(div(noise + logits, self._temperature_2d)), shape)

    def _log_prob(self, x: Tensor) -> Tensor:
        x, logits, rows, shape = self._rows(x, [-1])
        k = cast(self.event_size, x.dtype)
        constant = lgamma(k) + (k - 1.0) * log(self.temperature)
        powers = log_softmax(logits - rows * self._temperature_2d)
        return reshape(constant + reduce_sum(powers, [-1]), shape)


class RelaxedOneHotCategorical(TransformedDistribution):
    """Vectors of positive numbers that add up to 1, mostly near one class: softmax of noisy logits / temperature.

    Parameters
    ----------
    temperature : Tensor []
        Above 0; the lower, the nearer to one-hot.
    logits, probs : Tensor [..., classes]
        One of them: logarithms of weights, or probabilities.
    dtype : DType, optional
    validate_args, allow_nan_stats : bool
    name : str
    """

    def __init__(
        self,
        temperature: Any,
        logits: Any = None,
        probs: Any = None,
        dtype: Any = None,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "RelaxedOneHotCategorical",
    ) -> None:
        logarithm = ExpRelaxedOneHotCategorical(temperature, logits, probs, dtype, validate_args, allow_nan_stats)
        super().__init__(logarithm, Exp(), name=name)


class RelaxedBernoulli(TransformedDistribution):
    """Numbers between 0 and 1, mostly near either: sigmoid of noisy logits / temperature.

    Parameters
    ----------
    temperature : Tensor
        Above 0; the lower, the nearer to 0 or 1.
    logits, probs : Tensor
        One of them: logarithms of odds, or probabilities.
    validate_args, allow_nan_stats : bool
    name : str
    """

    def __init__(
        self,
        temperature: Any,
        logits: Any = None,
        probs: Any = None,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "RelaxedBernoulli",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[logits, probs, temperature]) as name:
            with control_dependencies([assert_positive(temperature)] if validate_args else []):
                self._temperature = identity(temperature, name="temperature")
            self._logits, self._probs = get_logits_and_probs(logits, probs, validate_args=validate_args)
            noisy = Logistic(
                self._logits / self._temperature,
                1.0 / self._temperature,
                validate_args=validate_args,
                allow_nan_stats=allow_nan_stats,
                name=f"{name}/Logistic",
            )
            super().__init__(noisy, Sigmoid(validate_args=validate_args), validate_args=validate_args, name=name)
        self._parameters = parameters

    @classmethod
    def _param_shapes(cls, sample_shape: Any) -> dict[str, Any]:
        return {"logits": convert_to_tensor(sample_shape, dtype=dtypes.int32)}

    @property
    def temperature(self) -> Tensor:
        """The lower, the nearer to 0 or 1."""
        return self._temperature

    @property
    def logits(self) -> Tensor:
        """The logarithms of the odds of 1."""
        return self._logits

    @property
    def probs(self) -> Tensor:
        """The probabilities of 1."""
        return self._probs
