"""`dynamic_decode`: run a decoder step by step until all sequences have ended."""

from __future__ import annotations

import abc
import contextlib
from typing import Any

from defrun.base import dtypes, nest
from defrun.base.shapes import TensorShape
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.static import constant_value
from defrun.ops.array import shape as shape_node
from defrun.ops.compare import logical_not, logical_or
from defrun.ops.constant import constant
from defrun.ops.creation import fill, zeros_like
from defrun.ops.loop import while_loop
from defrun.ops.reduce import reduce_all
from defrun.ops.select import where
from defrun.ops.tensor_array.tensor_array import TensorArray
from defrun.rnn.shapes import transpose_batch_time, zero_state_tensors
from defrun.rnn.step import cache_reads
from defrun.variables.scope import variable_scope


class Decoder(abc.ABC):
    """Base class of decoders, which `dynamic_decode` runs."""

    @property
    def batch_size(self) -> Any:
        """The size of the batch."""
        raise NotImplementedError(f"{type(self).__name__}.batch_size")

    @property
    def output_size(self) -> Any:
        """The sizes of the outputs of a step, without the batch: a structure."""
        raise NotImplementedError(f"{type(self).__name__}.output_size")

    @property
    def output_dtype(self) -> Any:
        """The types of the outputs: a structure as that of `output_size`."""
        raise NotImplementedError(f"{type(self).__name__}.output_dtype")

    @abc.abstractmethod
    def initialize(self, name: str | None = None) -> Any:
        """Return (which sequences have ended, first inputs, first state)."""

    @abc.abstractmethod
    def step(self, time: Any, inputs: Any, state: Any, name: str | None = None) -> Any:
        """Return (outputs, next state, next inputs, which sequences have ended)."""

    def finalize(self, outputs: Any, final_state: Any, sequence_lengths: Any) -> Any:
        """Return outputs and state as the user shall get them; a decoder may leave this out."""
        raise NotImplementedError(f"{type(self).__name__}.finalize")

    @property
    def tracks_own_finished(self) -> bool:
        """Whether `step` says of all sequences if they have ended, not only of those that end at this step."""
        return False


def dynamic_decode(
    decoder: Decoder,
    output_time_major: bool = False,
    impute_finished: bool = False,
    maximum_iterations: Any = None,
    parallel_iterations: int = 32,
    swap_memory: bool = False,
    scope: Any = None,
    **kwargs: Any,
) -> tuple[Any, Any, Tensor]:
    """Run `decoder` until all sequences have ended.

    Parameters
    ----------
    decoder : Decoder
    output_time_major : bool
        Return outputs as [time, batch, ...].
    impute_finished : bool
        Let sequences that have ended give zeros and keep their state.
    maximum_iterations : int or int32 Tensor [], optional
    parallel_iterations : int
        Taken; a compiled loop has its own order.
    swap_memory : bool
        Taken.
    scope : str or VariableScope, optional

    Returns
    -------
    outputs : structure of Tensor [batch, time, ...]
    state
        The last one.
    lengths : int32 Tensor [batch]

    Raises
    ------
    TypeError
        If `decoder` is no `Decoder`.
    ValueError
        If `maximum_iterations` is no scalar.
    """
    if not isinstance(decoder, Decoder):
        raise TypeError(f"Expected decoder to be a Decoder, but saw: {type(decoder)}")
    with variable_scope(scope, "decoder") as opened:
        cache_reads(opened)
        if maximum_iterations is not None:
            maximum_iterations = convert_to_tensor(maximum_iterations, dtype=dtypes.int32, name="maximum_iterations")
            if maximum_iterations.get_shape().ndims != 0:
                raise ValueError(f"maximum_iterations must be a scalar, not {maximum_iterations.get_shape()}")
        finished, inputs, state = decoder.initialize()
        zeros = nest.map_structure(
            lambda size, dtype: zero_state_tensors(size, decoder.batch_size, dtype),
            decoder.output_size,
            decoder.output_dtype,
        )
        if maximum_iterations is not None:
            finished = logical_or(finished, maximum_iterations <= 0)
        lengths = zeros_like(finished, dtype=dtypes.int32)
        time = constant(0, dtype=dtypes.int32)
        arrays = nest.map_structure(
            lambda size, dtype: TensorArray(
                dtype=dtype, size=0, dynamic_size=True, element_shape=_with_batch(decoder.batch_size, size)
            ),
            decoder.output_size,
            decoder.output_dtype,
        )
        step = _Step(decoder, zeros, impute_finished)
        result = while_loop(
            lambda time, arrays, state, inputs, finished, lengths: logical_not(reduce_all(finished)),
            step,
            loop_vars=(time, arrays, state, inputs, finished, lengths),
            parallel_iterations=parallel_iterations,
            maximum_iterations=maximum_iterations,
            swap_memory=swap_memory,
        )
        state, lengths = result[2], result[5]
        outputs = nest.map_structure(lambda array: array.stack(), result[1])
        with contextlib.suppress(NotImplementedError):
            outputs, state = decoder.finalize(outputs, state, lengths)
        if not output_time_major:
            outputs = nest.map_structure(transpose_batch_time, outputs)
    return outputs, state, lengths


def _with_batch(batch_size: Any, size: Any) -> TensorShape | None:
    """Return the shape of a step's output; None if it isn't said."""
    if not isinstance(size, TensorShape) or size.ndims == 0:
        return None
    known = constant_value(convert_to_tensor(batch_size, name="batch_size"))
    return TensorShape([known if known is None else int(known)]).concatenate(size)


class _Step:
    """The body of the loop."""

    def __init__(self, decoder: Decoder, zeros: Any, impute: bool) -> None:
        self.decoder, self.zeros, self.impute = decoder, zeros, impute

    def __call__(self, time: Any, arrays: Any, state: Any, inputs: Any, finished: Any, lengths: Any) -> Any:
        outputs, next_state, next_inputs, ended = self.decoder.step(time, inputs, state)
        next_finished = ended if self.decoder.tracks_own_finished else logical_or(ended, finished)
        next_lengths = where(logical_not(finished), fill(shape_node(lengths), time + 1), lengths)
        nest.assert_same_structure(state, next_state)
        nest.assert_same_structure(arrays, outputs)
        nest.assert_same_structure(inputs, next_inputs)
        if self.impute:
            outputs = nest.map_structure(lambda out, zero: where(finished, zero, out), outputs, self.zeros)
            next_state = nest.map_structure(lambda new, old: _kept_where(finished, new, old), next_state, state)
        arrays = nest.map_structure(lambda array, out: array.write(time, out), arrays, outputs)
        return time + 1, arrays, next_state, next_inputs, next_finished, next_lengths


def _kept_where(finished: Tensor, new: Any, old: Any) -> Any:
    if isinstance(old, TensorArray):
        return new
    new.set_shape(old.shape)
    return new if new.shape.ndims == 0 else where(finished, old, new)
