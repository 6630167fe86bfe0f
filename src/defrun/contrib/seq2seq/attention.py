"""Attention mechanisms: which part of a memory a query reads."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from defrun.base import dtypes, nest
from defrun.base.shapes import dimension_value
from defrun.contrib.seq2seq.alignment import _monotonic_probability_fn
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import control_dependencies, name_scope
from defrun.layers.base import Layer
from defrun.layers.core import Dense
from defrun.ops.array import expand_dims, rank, reshape, squeeze
from defrun.ops.array import shape as shape_node
from defrun.ops.asserts import assert_positive
from defrun.ops.creation import one_hot, ones, ones_like, zeros
from defrun.ops.elementary import rsqrt, tanh
from defrun.ops.join import concat
from defrun.ops.masks import sequence_mask
from defrun.ops.math import square
from defrun.ops.matrix import matmul
from defrun.ops.reduce import reduce_sum
from defrun.ops.select import where
from defrun.ops.softmax import softmax
from defrun.rnn.shapes import zero_state_tensors
from defrun.variables.initializers import constant_initializer, ones_initializer, zeros_initializer
from defrun.variables.scope import get_variable, variable_scope


class AttentionMechanism:
    """Base class of attention mechanisms, which `AttentionWrapper` takes."""

    @property
    def alignments_size(self) -> Any:
        """The length of the memory."""
        raise NotImplementedError(f"{type(self).__name__}.alignments_size")

    @property
    def state_size(self) -> Any:
        """The size of the state."""
        raise NotImplementedError(f"{type(self).__name__}.state_size")


def _prepare_memory(memory: Any, memory_sequence_length: Any = None, check_inner_dims_defined: bool = True) -> Any:
    """Return the memory with zeros after the end of each sequence."""
    memory = nest.map_structure(lambda m: convert_to_tensor(m, name="memory"), memory)
    lengths = memory_sequence_length
    if lengths is not None:
        lengths = convert_to_tensor(lengths, name="memory_sequence_length")
    for part in nest.flatten(memory) if check_inner_dims_defined else ():
        if not part.get_shape()[2:].is_fully_defined():
            raise ValueError(f"The inner sizes of the memory {part.name} must be known, not {part.get_shape()}")
    if lengths is None:
        return memory
    first = nest.flatten(memory)[0]
    mask = sequence_mask(lengths, maxlen=shape_node(first)[1], dtype=first.dtype)

    def masked(part: Tensor) -> Tensor:
        axes = part.get_shape().ndims
        more = ones((rank(part) if axes is None else axes) - 2, dtype=dtypes.int32)
        return part * reshape(mask, concat((shape_node(mask), more), 0))

    return nest.map_structure(masked, memory)


def _maybe_mask_score(score: Tensor, memory_sequence_length: Any = None, score_mask_value: Any = None) -> Tensor:
    """Return the scores [batch, length] with `score_mask_value` after the end of each sequence."""
    if memory_sequence_length is None:
        return score
    message = "All values in memory_sequence_length must be greater than zero."
    with control_dependencies([assert_positive(memory_sequence_length, message=message)]):
        mask = sequence_mask(memory_sequence_length, maxlen=shape_node(score)[1])
    return where(mask, score, score_mask_value * ones_like(score))


class _BaseAttentionMechanism(AttentionMechanism):
    """What the mechanisms share: a memory, keys made of it, and how scores become alignments.

    Parameters
    ----------
    query_layer, memory_layer : Layer or None
        Applied to queries and memory.
    memory : Tensor [batch, length, ...]
    probability_fn : callable
        ``f(scores, previous alignments)`` returns alignments [batch, length].
    memory_sequence_length : int Tensor [batch], optional
        Nothing is read behind that.
    check_inner_dims_defined : bool
    score_mask_value : float, optional
        The score behind the end; by default -infinity.
    custom_key_value_fn : callable, optional
        ``f(keys, values)`` returns those to use.
    name : str, optional
    """

    def __init__(
        self,
        query_layer: Any,
        memory: Any,
        probability_fn: Any,
        memory_sequence_length: Any = None,
        memory_layer: Any = None,
        check_inner_dims_defined: bool = True,
        score_mask_value: Any = None,
        custom_key_value_fn: Any = None,
        name: str | None = None,
    ) -> None:
        for label, layer in (("query_layer", query_layer), ("memory_layer", memory_layer)):
            if layer is not None and not isinstance(layer, Layer):
                raise TypeError(f"{label} is not a Layer: {type(layer).__name__}")
        if not callable(probability_fn):
            raise TypeError(f"probability_fn must be callable, saw type: {type(probability_fn).__name__}")
        self._query_layer, self._memory_layer = query_layer, memory_layer
        self.dtype = memory_layer.dtype
        if score_mask_value is None:
            score_mask_value = dtypes.as_dtype(self.dtype).as_numpy_dtype(-np.inf)

        def probability(score: Tensor, previous: Any) -> Tensor:
            return probability_fn(_maybe_mask_score(score, memory_sequence_length, score_mask_value), previous)

        self._probability_fn = probability
        with name_scope(name, "BaseAttentionMechanismInit", nest.flatten(memory)):
            self._values = _prepare_memory(memory, memory_sequence_length, check_inner_dims_defined)
            self._keys = self.memory_layer(self._values) if self.memory_layer else self._values
            if custom_key_value_fn is not None:
                self._keys, self._values = custom_key_value_fn(self._keys, self._values)
            self._batch_size = dimension_value(self._keys.shape[0]) or shape_node(self._keys)[0]
            self._alignments_size = dimension_value(self._keys.shape[1]) or shape_node(self._keys)[1]

    @property
    def memory_layer(self) -> Any:
        """The layer that makes keys of the memory."""
        return self._memory_layer

    @property
    def query_layer(self) -> Any:
        """The layer applied to queries."""
        return self._query_layer

    @property
    def values(self) -> Tensor:
        """What is read [batch, length, ...]."""
        return self._values

    @property
    def keys(self) -> Tensor:
        """What queries are compared with [batch, length, units]."""
        return self._keys

    @property
    def batch_size(self) -> Any:
        """The size of the batch."""
        return self._batch_size

    @property
    def alignments_size(self) -> Any:
        """The length of the memory."""
        return self._alignments_size

    @property
    def state_size(self) -> Any:
        """The size of the state: that of the alignments."""
        return self._alignments_size

    def initial_alignments(self, batch_size: Any, dtype: Any) -> Any:
        """Return the alignments before the first step: zeros [batch, length]."""
        return zero_state_tensors(self._alignments_size, batch_size, dtype)

    def initial_state(self, batch_size: Any, dtype: Any) -> Any:
        """Return the state before the first step: the alignments."""
        return self.initial_alignments(batch_size, dtype)

    def _aligned(self, score: Tensor, state: Any) -> tuple[Tensor, Tensor]:
        alignments = self._probability_fn(score, state)
        return alignments, alignments


class _BaseMonotonicAttentionMechanism(_BaseAttentionMechanism):
    """A mechanism whose attention starts at the first place of the memory."""

    def initial_alignments(self, batch_size: Any, dtype: Any) -> Any:
        """Return the alignments before the first step: all at the first place."""
        return one_hot(zeros((batch_size,), dtype=dtypes.int32), self._alignments_size, dtype=dtype)


def _plain(probability_fn: Callable[[Any], Any] | None) -> Callable[[Any, Any], Any]:
    chosen = softmax if probability_fn is None else probability_fn
    return lambda score, _: chosen(score)


def _dense(units: int, name: str, dtype: Any) -> Dense:
    return Dense(units, name=name, use_bias=False, dtype=dtype)


def _luong_score(query: Tensor, keys: Tensor, scale: Any) -> Tensor:
    """Return the products of `query` [batch, units] and `keys` [batch, length, units], times `scale` if it is given."""
    depth, units = query.get_shape()[-1], keys.get_shape()[-1]
    if depth != units:
        raise ValueError(
            f"The query {query} has {depth} units and the keys {keys} have {units}: they must be as many. Set "
            f"num_units to the query's, {depth}"
        )
    score = squeeze(matmul(expand_dims(query, 1), keys, transpose_b=True), [1])
    return score if scale is None else scale * score


def _scale(wanted: bool, kind: Any) -> Any:
    return get_variable("attention_g", dtype=kind, initializer=ones_initializer, shape=()) if wanted else None


def _bahdanau_score(
    processed_query: Tensor, keys: Tensor, attention_v: Any, attention_g: Any = None, attention_b: Any = None
) -> Tensor:
    """Return ``v . tanh(keys + query)``; with `attention_g` and `attention_b` of normalized weights, with a bias."""
    query = expand_dims(processed_query, 1)
    if attention_g is None or attention_b is None:
        return reduce_sum(attention_v * tanh(keys + query), [2])
    normed = attention_g * attention_v * rsqrt(reduce_sum(square(attention_v)))
    return reduce_sum(normed * tanh(keys + query + attention_b), [2])


def _weights(units: int, normalize: bool, kind: Any) -> tuple[Any, Any, Any]:
    """Make the variables of `_bahdanau_score`."""
    v = get_variable("attention_v", [units], dtype=kind)
    if not normalize:
        return v, None, None
    g = get_variable("attention_g", dtype=kind, initializer=constant_initializer(math.sqrt(1.0 / units)), shape=())
    return v, g, get_variable("attention_b", [units], dtype=kind, initializer=zeros_initializer())


class LuongAttention(_BaseAttentionMechanism):
    """Scores are products of query and keys (Luong et al., 2015).

    Parameters
    ----------
    num_units : int
        Size of the keys: that of queries.
    memory : Tensor [batch, length, ...]
    memory_sequence_length : int Tensor [batch], optional
    scale : bool
        Multiply scores by a variable.
    probability_fn : callable, optional
        By default `softmax`.
    score_mask_value : float, optional
    dtype : DType, optional
    custom_key_value_fn : callable, optional
    name : str
    """

    def __init__(
        self,
        num_units: int,
        memory: Any,
        memory_sequence_length: Any = None,
        scale: bool = False,
        probability_fn: Any = None,
        score_mask_value: Any = None,
        dtype: Any = None,
        custom_key_value_fn: Any = None,
        name: str = "LuongAttention",
    ) -> None:
        kind = dtypes.float32 if dtype is None else dtype
        super().__init__(
            query_layer=None,
            memory_layer=_dense(num_units, "memory_layer", kind),
            memory=memory,
            probability_fn=_plain(probability_fn),
            memory_sequence_length=memory_sequence_length,
            score_mask_value=score_mask_value,
            custom_key_value_fn=custom_key_value_fn,
            name=name,
        )
        self._num_units, self._scale, self._name = num_units, scale, name

    def __call__(self, query: Tensor, state: Any) -> tuple[Tensor, Tensor]:
        """Return (alignments [batch, length], next state) of `query` [batch, units]."""
        with variable_scope(None, "luong_attention", [query]):
            score = _luong_score(query, self._keys, _scale(self._scale, query.dtype))
        return self._aligned(score, state)


class BahdanauAttention(_BaseAttentionMechanism):
    """Scores come of a layer over the sum of query and keys (Bahdanau et al., 2015).

    Parameters
    ----------
    num_units : int
        Size of that layer.
    normalize : bool
        Normalize its weights.
    memory, memory_sequence_length, probability_fn, score_mask_value, dtype, custom_key_value_fn, name
        See `LuongAttention`.
    """

    def __init__(
        self,
        num_units: int,
        memory: Any,
        memory_sequence_length: Any = None,
        normalize: bool = False,
        probability_fn: Any = None,
        score_mask_value: Any = None,
        dtype: Any = None,
        custom_key_value_fn: Any = None,
        name: str = "BahdanauAttention",
    ) -> None:
        kind = dtypes.float32 if dtype is None else dtype
        super().__init__(
            query_layer=_dense(num_units, "query_layer", kind),
            memory_layer=_dense(num_units, "memory_layer", kind),
            memory=memory,
            probability_fn=_plain(probability_fn),
            custom_key_value_fn=custom_key_value_fn,
            memory_sequence_length=memory_sequence_length,
            score_mask_value=score_mask_value,
            name=name,
        )
        self._num_units, self._normalize, self._name = num_units, normalize, name

    def __call__(self, query: Tensor, state: Any) -> tuple[Tensor, Tensor]:
        """Return (alignments [batch, length], next state) of `query` [batch, ...]."""
        with variable_scope(None, "bahdanau_attention", [query]):
            processed = self.query_layer(query) if self.query_layer else query
            score = _bahdanau_score(processed, self._keys, *_weights(self._num_units, self._normalize, query.dtype))
        return self._aligned(score, state)


class BahdanauMonotonicAttention(_BaseMonotonicAttentionMechanism):
    """`BahdanauAttention` that never goes back (Raffel et al., 2017).

    Parameters
    ----------
    sigmoid_noise : float
        Scale of the noise on scores, for training.
    sigmoid_noise_seed : int, optional
    score_bias_init : float
    mode : str
        See `monotonic_attention`.
    num_units, memory, memory_sequence_length, normalize, score_mask_value, dtype, name
        See `BahdanauAttention`.
    """

    def __init__(
        self,
        num_units: int,
        memory: Any,
        memory_sequence_length: Any = None,
        normalize: bool = False,
        score_mask_value: Any = None,
        sigmoid_noise: float = 0.0,
        sigmoid_noise_seed: int | None = None,
        score_bias_init: float = 0.0,
        mode: str = "parallel",
        dtype: Any = None,
        name: str = "BahdanauMonotonicAttention",
    ) -> None:
        kind = dtypes.float32 if dtype is None else dtype
        super().__init__(
            query_layer=_dense(num_units, "query_layer", kind),
            memory_layer=_dense(num_units, "memory_layer", kind),
            memory=memory,
            probability_fn=functools.partial(
                _monotonic_probability_fn, sigmoid_noise=sigmoid_noise, mode=mode, seed=sigmoid_noise_seed
            ),
            memory_sequence_length=memory_sequence_length,
            score_mask_value=score_mask_value,
            name=name,
        )
        self._num_units, self._normalize, self._name = num_units, normalize, name
        self._score_bias_init = score_bias_init

    def __call__(self, query: Tensor, state: Any) -> tuple[Tensor, Tensor]:
        """Return (alignments [batch, length], next state) of `query` [batch, ...]."""
        with variable_scope(None, "bahdanau_monotonic_attention", [query]):
            processed = self.query_layer(query) if self.query_layer else query
            score = _bahdanau_score(processed, self._keys, *_weights(self._num_units, self._normalize, query.dtype))
            score += get_variable("attention_score_bias", dtype=processed.dtype, initializer=self._score_bias_init)
        return self._aligned(score, state)


class LuongMonotonicAttention(_BaseMonotonicAttentionMechanism):
    """`LuongAttention` that never goes back (Raffel et al., 2017).

    Parameters
    ----------
    sigmoid_noise, sigmoid_noise_seed, score_bias_init, mode
        See `BahdanauMonotonicAttention`.
    num_units, memory, memory_sequence_length, scale, score_mask_value, dtype, name
        See `LuongAttention`.
    """

    def __init__(
        self,
        num_units: int,
        memory: Any,
        memory_sequence_length: Any = None,
        scale: bool = False,
        score_mask_value: Any = None,
        sigmoid_noise: float = 0.0,
        sigmoid_noise_seed: int | None = None,
        score_bias_init: float = 0.0,
        mode: str = "parallel",
        dtype: Any = None,
        name: str = "LuongMonotonicAttention",
    ) -> None:
        kind = dtypes.float32 if dtype is None else dtype
        super().__init__(
            query_layer=None,
            memory_layer=_dense(num_units, "memory_layer", kind),
            memory=memory,
            probability_fn=functools.partial(
                _monotonic_probability_fn, sigmoid_noise=sigmoid_noise, mode=mode, seed=sigmoid_noise_seed
            ),
            memory_sequence_length=memory_sequence_length,
            score_mask_value=score_mask_value,
            name=name,
        )
        self._num_units, self._scale, self._name = num_units, scale, name
        self._score_bias_init = score_bias_init

    def __call__(self, query: Tensor, state: Any) -> tuple[Tensor, Tensor]:
        """Return (alignments [batch, length], next state) of `query` [batch, units]."""
        with variable_scope(None, "luong_monotonic_attention", [query]):
            score = _luong_score(query, self._keys, _scale(self._scale, query.dtype))
            score += get_variable("attention_score_bias", dtype=query.dtype, initializer=self._score_bias_init)
        return self._aligned(score, state)
