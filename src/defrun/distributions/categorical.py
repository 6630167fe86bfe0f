"""The categorical distribution."""

from __future__ import annotations

from typing import Any

from defrun.base import dtypes
from defrun.base.shapes import TensorShape, dimension_value
from defrun.distributions.distribution import NOT_REPARAMETERIZED, Distribution
from defrun.distributions.divergence import RegisterKL
from defrun.distributions.util import (
    embed_check_categorical_event_shape,
    embed_check_integer_casting_closed,
    get_logits_and_probs,
)
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.arrange import transpose
from defrun.ops.array import identity, rank, reshape
from defrun.ops.array import shape as shape_node
from defrun.ops.cast import cast
from defrun.ops.constant import constant
from defrun.ops.creation import ones, ones_like, zeros_like
from defrun.ops.join import concat
from defrun.ops.masks import sequence_mask
from defrun.ops.random import multinomial
from defrun.ops.reduce import argmax, reduce_sum
from defrun.ops.select import where
from defrun.ops.slicing import newaxis
from defrun.ops.softmax import log_softmax, softmax
from defrun.ops.xent import sparse_softmax_cross_entropy_with_logits


class Categorical(Distribution):
    """The distribution of class numbers from 0.

    Parameters
    ----------
    logits, probs : Tensor [..., classes]
        One of them: logarithms of weights, or probabilities.
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

    def __init__(
        self,
        logits: Any = None,
        probs: Any = None,
        dtype: Any = dtypes.int32,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Categorical",
    ) -> None:
        parameters = dict(locals())
        with name_scope(name, values=[logits, probs]) as name:
            self._logits, self._probs = get_logits_and_probs(logits, probs, True, validate_args, name)
            if validate_args:
                self._logits = embed_check_categorical_event_shape(self._logits)
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

    def _note_shapes(self) -> None:
        """Make nodes of the batch's rank and shape and of the number of classes, constants if they are known."""
        known = self._logits.shape.with_rank_at_least(1)
        if known.ndims is not None:
            self._batch_rank = convert_to_tensor(known.ndims - 1, dtype=dtypes.int32, name="batch_rank")
        else:
            with name_scope(name="batch_rank"):
                self._batch_rank = rank(self._logits) - 1
        shape = shape_node(self._logits, name="logits_shape")
        classes = dimension_value(known[-1])
        if classes is not None:
            self._event_size = convert_to_tensor(classes, dtype=dtypes.int32, name="event_size")
        else:
            with name_scope(name="event_size"):
                self._event_size = shape[self._batch_rank]
        if known[:-1].is_fully_defined():
            self._batch_dims = constant(known[:-1].as_list(), dtype=dtypes.int32, name="batch_shape")
        else:
            with name_scope(name="batch_shape"):
                self._batch_dims = shape[:-1]

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
        return identity(self._batch_dims)

    def _batch_shape(self) -> TensorShape:
        return self.logits.shape[:-1]

    def _event_shape_tensor(self) -> Tensor:
        return constant([], dtype=dtypes.int32)

    def _event_shape(self) -> TensorShape:
        return TensorShape([])

    def _sample_n(self, n: Any, seed: int | None = None) -> Tensor:
        rows = self.logits if self.logits.shape.ndims == 2 else reshape(self.logits, [-1, self.event_size])
        kind = dtypes.int64 if self.dtype.size > 4 else dtypes.int32
        drawn = transpose(multinomial(rows, n, seed=seed, output_dtype=kind))
        return cast(reshape(drawn, concat([[n], self.batch_shape_tensor()], 0)), self.dtype)

    def _cdf(self, k: Tensor) -> Tensor:
        k, probs = self._broadcast_with(k, self.probs)
        rows = reshape(probs, (-1, self._event_size))
        numbers = reshape(k, [-1])
        lower = where(sequence_mask(numbers, self._event_size), rows, zeros_like(rows))
        return reshape(reduce_sum(lower, axis=-1), shape_node(k))

    def _log_prob(self, k: Tensor) -> Tensor:
        k, logits = self._broadcast_with(k, self.logits)
        return -sparse_softmax_cross_entropy_with_logits(labels=k, logits=logits)

    def _broadcast_with(self, k: Tensor, rows: Tensor) -> tuple[Tensor, Tensor]:
        """Return class numbers and rows of one batch shape."""
        k = convert_to_tensor(k, name="k")
        if self.validate_args:
            k = embed_check_integer_casting_closed(k, target_dtype=dtypes.int32)
        if k.dtype.is_floating:
            k = cast(k, dtype=dtypes.int32)
        elif not k.dtype.is_integer:
            raise TypeError(f"a class must be an integer or {self.dtype.name}, got {k.dtype.name}")
        known = rows.shape.ndims is not None and rows.shape[:-1].is_fully_defined() and k.shape.is_fully_defined()
        if not known or rows.shape[:-1] != k.shape:
            rows *= ones_like(k[..., newaxis], dtype=rows.dtype)
            k *= ones(shape_node(rows)[:-1], dtype=k.dtype)
            if rows.shape.ndims is not None:
                k.set_shape(rows.shape[:-1])
        return k, rows

    def _entropy(self) -> Tensor:
        return -reduce_sum(log_softmax(self.logits) * self.probs, axis=-1)

    def _mode(self) -> Tensor:
        mode = cast(argmax(self.logits, axis=self._batch_rank), self.dtype)
        mode.set_shape(self.batch_shape)
        return mode


@RegisterKL(Categorical, Categorical)
def _(a: Categorical, b: Categorical, name: str | None = None) -> Tensor:
    with name_scope(name, "kl_categorical_categorical", values=[a.logits, b.logits]):
        ratio = log_softmax(a.logits) - log_softmax(b.logits)
        return reduce_sum(softmax(a.logits) * ratio, axis=-1)
