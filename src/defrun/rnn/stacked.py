"""Bidirectional networks on top of each other, as tf.contrib.rnn has them."""

from __future__ import annotations

from typing import Any

from defrun.ops.join import concat
from defrun.rnn.dynamic import bidirectional_dynamic_rnn
from defrun.rnn.static import static_bidirectional_rnn
from defrun.variables.scope import variable_scope


def stack_bidirectional_rnn(
    cells_fw: Any,
    cells_bw: Any,
    inputs: Any,
    initial_states_fw: Any = None,
    initial_states_bw: Any = None,
    dtype: Any = None,
    sequence_length: Any = None,
    scope: Any = None,
) -> tuple[list[Any], tuple[Any, ...], tuple[Any, ...]]:
    """Stack layers of `static_bidirectional_rnn`: each takes what both cells of the one before put out.

    Parameters
    ----------
    cells_fw, cells_bw : list of RNNCell
        As many of one as of the other.
    inputs : list of Tensor [batch, depth]
    initial_states_fw, initial_states_bw : list, optional
        One for each cell.
    dtype, sequence_length, scope : optional
        See `static_bidirectional_rnn`.

    Returns
    -------
    tuple
        The list of outputs of the last layer, and the last states of all layers forwards and backwards.

    Raises
    ------
    ValueError
        If the lists are empty, no lists, or of different lengths.
    """
    _check(cells_fw, cells_bw, initial_states_fw, initial_states_bw)
    states_fw, states_bw, layer = [], [], inputs
    with variable_scope(scope or "stack_bidirectional_rnn"):
        for i, (cell_fw, cell_bw) in enumerate(zip(cells_fw, cells_bw, strict=True)):
            with variable_scope(f"cell_{i}") as cell_scope:
                layer, state_fw, state_bw = static_bidirectional_rnn(
                    cell_fw,
                    cell_bw,
                    layer,
                    initial_state_fw=initial_states_fw[i] if initial_states_fw else None,
                    initial_state_bw=initial_states_bw[i] if initial_states_bw else None,
                    sequence_length=sequence_length,
                    dtype=dtype,
                    scope=cell_scope,
                )
            states_fw.append(state_fw)
            states_bw.append(state_bw)
    return layer, tuple(states_fw), tuple(states_bw)


def stack_bidirectional_dynamic_rnn(
    cells_fw: Any,
    cells_bw: Any,
    inputs: Any,
    initial_states_fw: Any = None,
    initial_states_bw: Any = None,
    dtype: Any = None,
    sequence_length: Any = None,
    parallel_iterations: int | None = None,
    time_major: bool = False,
    scope: Any = None,
    swap_memory: bool = False,
) -> tuple[Any, tuple[Any, ...], tuple[Any, ...]]:
    """Stack layers of `bidirectional_dynamic_rnn`: each takes what both cells of the one before put out.

    Parameters
    ----------
    cells_fw, cells_bw : list of RNNCell
        As many of one as of the other.
    inputs : Tensor [batch, time, depth]
    initial_states_fw, initial_states_bw : list, optional
        One for each cell.
    dtype, sequence_length, parallel_iterations, time_major, scope, swap_memory : optional
        See `bidirectional_dynamic_rnn`.

    Returns
    -------
    tuple
        The outputs of the last layer, and the last states of all layers forwards and backwards.

    Raises
    ------
    ValueError
        If the lists are empty, no lists, or of different lengths.
    """
    _check(cells_fw, cells_bw, initial_states_fw, initial_states_bw)
    states_fw, states_bw, layer = [], [], inputs
    with variable_scope(scope or "stack_bidirectional_rnn"):
        for i, (cell_fw, cell_bw) in enumerate(zip(cells_fw, cells_bw, strict=True)):
            with variable_scope(f"cell_{i}"):
                outputs, (state_fw, state_bw) = bidirectional_dynamic_rnn(
                    cell_fw,
                    cell_bw,
                    layer,
                    initial_state_fw=initial_states_fw[i] if initial_states_fw else None,
                    initial_state_bw=initial_states_bw[i] if initial_states_bw else None,
                    sequence_length=sequence_length,
                    parallel_iterations=parallel_iterations,
                    dtype=dtype,
                    swap_memory=swap_memory,
                    time_major=time_major,
                )
                layer = concat(outputs, 2)
            states_fw.append(state_fw)
            states_bw.append(state_bw)
    return layer, tuple(states_fw), tuple(states_bw)


def _check(cells_fw: Any, cells_bw: Any, states_fw: Any, states_bw: Any) -> None:
    for name, cells in (("cells_fw", cells_fw), ("cells_bw", cells_bw)):
        if not cells or not isinstance(cells, list):
            raise ValueError(f"{name} must be a list of RNN Cells (one per layer), and not empty")
    if len(cells_fw) != len(cells_bw):
        raise ValueError(f"There are {len(cells_fw)} forward cells for {len(cells_bw)} backward cells")
    for name, states in (("initial_states_fw", states_fw), ("initial_states_bw", states_bw)):
        if states is not None and (not isinstance(states, list) or len(states) != len(cells_fw)):
            raise ValueError(f"{name} must be a list of state tensors (one per layer)")
