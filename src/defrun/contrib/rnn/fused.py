"""What runs a cell over a whole sequence in one call, time first."""

from __future__ import annotations

from typing import Any

from defrun.ops.arrange import reverse, reverse_sequence
from defrun.ops.join import stack, unstack
from defrun.rnn.dynamic import dynamic_rnn
from defrun.rnn.static import static_rnn


class FusedRNNCell:
    """Base class: a subclass gives `__call__`, which runs over a whole sequence."""

    def __call__(
        self,
        inputs: Any,
        initial_state: Any = None,
        dtype: Any = None,
        sequence_length: Any = None,
        scope: Any = None,
    ) -> tuple[Any, Any]:
        """Run over a sequence.

        Parameters
        ----------
        inputs : Tensor [time, batch, depth], or list of Tensor [batch, depth]
        initial_state, dtype, sequence_length, scope : optional
            See `dynamic_rnn`.

        Returns
        -------
        tuple
            The outputs, as the inputs are given, and the last state.
        """
        raise NotImplementedError(f"{type(self).__name__}.__call__")


class FusedRNNCellAdaptor(FusedRNNCell):
    """Makes a `FusedRNNCell` of a cell.

    Parameters
    ----------
    cell : RNNCell
    use_dynamic_rnn : bool
        Run it in a loop; else unrolled.
    """

    def __init__(self, cell: Any, use_dynamic_rnn: bool = False) -> None:
        self._cell = cell
        self._use_dynamic_rnn = use_dynamic_rnn

    def __call__(
        self,
        inputs: Any,
        initial_state: Any = None,
        dtype: Any = None,
        sequence_length: Any = None,
        scope: Any = None,
    ) -> tuple[Any, Any]:
        """Run over a sequence; see `FusedRNNCell`."""
        is_list = isinstance(inputs, list)
        same: Any = {
            "sequence_length": sequence_length,
            "initial_state": initial_state,
            "dtype": dtype,
            "scope": scope,
        }
        if self._use_dynamic_rnn:
            values = stack(inputs) if is_list else inputs
            outputs, state = dynamic_rnn(self._cell, values, time_major=True, **same)
            return unstack(outputs) if is_list else outputs, state
        unrolled, state = static_rnn(self._cell, inputs if is_list else unstack(inputs), **same)
        return unrolled if is_list else stack(unrolled), state


class TimeReversedFusedRNN(FusedRNNCell):
    """Runs a `FusedRNNCell` backwards in time.

    Parameters
    ----------
    cell : FusedRNNCell
    """

    def __init__(self, cell: Any) -> None:
        self._cell = cell

    def __call__(
        self,
        inputs: Any,
        initial_state: Any = None,
        dtype: Any = None,
        sequence_length: Any = None,
        scope: Any = None,
    ) -> tuple[Any, Any]:
        """Run over a sequence; see `FusedRNNCell`."""
        outputs, state = self._cell(
            _reversed(inputs, sequence_length),
            initial_state=initial_state,
            dtype=dtype,
            sequence_length=sequence_length,
            scope=scope,
        )
        return _reversed(outputs, sequence_length), state


def _reversed(values: Any, lengths: Any) -> Any:
    if isinstance(values, list):
        return list(reversed(values))
    if lengths is None:
        return reverse(values, [0])
    return reverse_sequence(values, lengths, 0, 1)
