"""Moving averages."""

from __future__ import annotations

from typing import Any

from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import colocate_with, name_scope
from defrun.ops import state
from defrun.ops.cast import cast
from defrun.variables.initializers import zeros_initializer
from defrun.variables.scope import get_variable, variable_scope


def assign_moving_average(
    variable: Any, value: Any, decay: Any, zero_debias: bool = True, name: str | None = None
) -> Tensor:
    """Add an update ``variable -= (1 - decay) * (variable - value)``.

    Parameters
    ----------
    variable : Variable
    value : Tensor
    decay : float or Tensor
    zero_debias : bool
        Correct for the average's beginning at 0 (Kingma and Ba, 2014).
    name : str, optional

    Returns
    -------
    Tensor
        The new average.
    """
    with name_scope(name, "AssignMovingAvg", [variable, value, decay]) as scope:
        rate = convert_to_tensor(1.0 - decay, name="decay")
        if rate.dtype != variable.dtype.base_dtype:
            rate = cast(rate, variable.dtype.base_dtype)
        if zero_debias:
            return _zero_debias(variable, value, rate)
        return state.assign_sub(variable, (variable - value) * rate, name=scope)


def _zero_debias(unbiased: Any, value: Any, rate: Tensor) -> Tensor:
    """Keep a biased average and a count beside the variable, and set it to their quotient."""
    with (
        variable_scope(unbiased.name[: -len(":0")], values=[unbiased, value, rate]),
        colocate_with(unbiased),
    ):
        zeros = zeros_initializer()
        kind = unbiased.dtype.base_dtype
        biased = get_variable("biased", initializer=zeros, shape=unbiased.get_shape(), dtype=kind, trainable=False)
        steps = get_variable("local_step", shape=[], dtype=kind, initializer=zeros, trainable=False)
        update = state.assign_sub(biased, (biased - value) * rate, name=unbiased.op.name.split("/")[-1])
        count = state.assign_add(steps, 1)
        correction = 1 - (1.0 - rate) ** count
        return state.assign(unbiased, update / correction)
