"""Cells around others that embed what goes in, or project it or what comes out."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from defrun.base import dtypes, logging, nest
from defrun.graph.operation import Tensor
from defrun.graph.scopes import device
from defrun.ops.array import reshape
from defrun.ops.constant import constant
from defrun.ops.embedding import embedding_lookup
from defrun.ops.join import concat
from defrun.ops.matrix import matmul
from defrun.ops.nn import bias_add
from defrun.rnn.cell import assert_like_rnncell
from defrun.rnn.wrappers import AroundCell
from defrun.variables.initializers import constant_initializer, random_uniform_initializer
from defrun.variables.scope import get_variable, get_variable_scope, variable_scope


def _checked(args: Any) -> tuple[list[Any], int]:
    """Return the tensors as a list, and the sum of their sizes."""
    if args is None or (nest.is_sequence(args) and not args):
        raise ValueError("`args` must be specified")
    tensors = list(args) if nest.is_sequence(args) else [args]
    total = 0
    for tensor in tensors:
        shape = tensor.get_shape()
        if shape.ndims != 2 or shape.dims[1].value is None:
            raise ValueError(f"A linear map takes tensors [batch, size] of known size, not {tensor} of shape {shape}")
        total += shape.dims[1].value
    return tensors, total


def _bias(scope: Any, size: int, dtype: Any, initializer: Any) -> Any:
    with variable_scope(scope) as inner:
        inner.set_partitioner(None)
        if initializer is None:
            initializer = constant_initializer(0.0, dtype=dtype)
        return get_variable("bias", [size], dtype=dtype, initializer=initializer)


class Linear:
    """A linear map of tensors put behind each other. Its variables ``kernel`` and ``bias`` are made when it is.

    Parameters
    ----------
    args : Tensor [batch, size], or list of them
        Like those it is called with.
    output_size : int
    build_bias : bool
    bias_initializer, kernel_initializer : Initializer, optional

    Raises
    ------
    ValueError
        If there are no tensors, or their sizes aren't known.
    """

    def __init__(
        self,
        args: Any,
        output_size: Any,
        build_bias: bool,
        bias_initializer: Any = None,
        kernel_initializer: Any = None,
    ) -> None:
        tensors, total = _checked(args)
        self._is_sequence = nest.is_sequence(args)
        self._build_bias = build_bias
        dtype = tensors[0].dtype
        with variable_scope(get_variable_scope()) as scope:
            self._weights = get_variable("kernel", [total, output_size], dtype=dtype, initializer=kernel_initializer)
            if build_bias:
                self._biases = _bias(scope, output_size, dtype, bias_initializer)

    def __call__(self, args: Any) -> Tensor:
        """Return the map of `args` [batch, output_size]."""
        tensors = args if self._is_sequence else [args]
        if len(tensors) == 1:
            result = matmul(tensors[0], self._weights)
        else:
            axis = constant(1, dtype=dtypes.int32)
            result = matmul(concat(tensors, axis), self._weights)
        return bias_add(result, self._biases) if self._build_bias else result


_Linear = Linear


def _linear(
    args: Any, output_size: Any, bias: bool, bias_initializer: Any = None, kernel_initializer: Any = None
) -> Tensor:
    """Return a linear map of tensors put behind each other; see `Linear`."""
    tensors, total = _checked(args)
    dtype = tensors[0].dtype
    with variable_scope(get_variable_scope()) as scope:
        weights = get_variable("kernel", [total, output_size], dtype=dtype, initializer=kernel_initializer)
        result = matmul(tensors[0] if len(tensors) == 1 else concat(tensors, 1), weights)
        if not bias:
            return result
        return bias_add(result, _bias(scope, output_size, dtype, bias_initializer))


class _Around(AroundCell):
    """A cell around another, with its state."""

    def __init__(self, cell: Any, reuse: bool | None) -> None:
        super().__init__(_reuse=reuse)
        assert_like_rnncell("cell", cell)
        self._cell = cell


class EmbeddingWrapper(_Around):
    """Looks its inputs up in an embedding before the cell takes them.

    Parameters
    ----------
    cell : RNNCell
    embedding_classes, embedding_size : int
        Shape of the variable ``embedding``.
    initializer : Initializer, optional
        By default the variable scope's, else uniform with variance 1.
    reuse : bool, optional

    Raises
    ------
    TypeError, ValueError
        If `cell` is no cell, or a size is not positive.
    """

    def __init__(
        self,
        cell: Any,
        embedding_classes: int,
        embedding_size: int,
        initializer: Any = None,
        reuse: bool | None = None,
    ) -> None:
        super().__init__(cell, reuse)
        if embedding_classes <= 0 or embedding_size <= 0:
            raise ValueError(
                f"embedding_classes and embedding_size must be positive, not {embedding_classes} and {embedding_size}"
            )
        self._embedding_classes, self._embedding_size = embedding_classes, embedding_size
        self._initializer = initializer

    def call(self, inputs: Any, state: Any) -> Any:  # type: ignore[override]
        """Run the cell on the embedded `inputs`, int [batch] or [batch, 1]."""
        with device("/cpu:0"):
            initializer = self._initializer or get_variable_scope().initializer
            if not initializer:
                initializer = random_uniform_initializer(-math.sqrt(3), math.sqrt(3))
            dtype = state[0].dtype if isinstance(state, tuple) else state.dtype
            shape = [self._embedding_classes, self._embedding_size]
            embedding = get_variable("embedding", shape, initializer=initializer, dtype=dtype)
            return self._cell(embedding_lookup(embedding, reshape(inputs, [-1])), state)


class InputProjectionWrapper(_Around):
    """Projects its inputs before the cell takes them.

    Parameters
    ----------
    cell : RNNCell
    num_proj : int
        Size of the projection.
    activation : callable, optional
    input_size : int, optional
        Of no use.
    reuse : bool, optional

    Raises
    ------
    TypeError
        If `cell` is no cell.
    """

    def __init__(
        self,
        cell: Any,
        num_proj: int,
        activation: Callable[[Any], Any] | None = None,
        input_size: int | None = None,
        reuse: bool | None = None,
    ) -> None:
        super().__init__(cell, reuse)
        if input_size is not None:
            logging.warn("%s: The input_size parameter is deprecated.", self)
        self._num_proj, self._activation = num_proj, activation
        self._projection: Linear | None = None

    def call(self, inputs: Any, state: Any) -> Any:  # type: ignore[override]
        """Run the cell on the projected `inputs` [batch, size]."""
        if self._projection is None:
            self._projection = Linear(inputs, self._num_proj, True)
        projected = self._projection(inputs)
        return self._cell(self._activation(projected) if self._activation else projected, state)


class OutputProjectionWrapper(_Around):
    """Projects the outputs of a cell.

    Parameters
    ----------
    cell : RNNCell
    output_size : int
    activation : callable, optional
    reuse : bool, optional

    Raises
    ------
    TypeError, ValueError
        If `cell` is no cell, or the size is not positive.
    """

    def __init__(
        self,
        cell: Any,
        output_size: int,
        activation: Callable[[Any], Any] | None = None,
        reuse: bool | None = None,
    ) -> None:
        super().__init__(cell, reuse)
        if output_size < 1:
            raise ValueError(f"output_size must be positive, not {output_size}")
        self._output_size, self._activation = output_size, activation
        self._projection: Linear | None = None

    @property
    def output_size(self) -> int:
        """The size of the projection."""
        return self._output_size

    def call(self, inputs: Any, state: Any) -> Any:  # type: ignore[override]
        """Run the cell and project its output."""
        output, next_state = self._cell(inputs, state)
        if self._projection is None:
            self._projection = Linear(output, self._output_size, True)
        projected = self._projection(output)
        return (self._activation(projected) if self._activation else projected), next_state
