"""Moving averages."""

from __future__ import annotations

from typing import Any

from defrun.base import dtypes
from defrun.graph.collections import GraphKeys
from defrun.graph.convert import convert_to_tensor
from defrun.graph.graph import get_default_graph
from defrun.graph.operation import Operation, Tensor
from defrun.graph.scopes import add_to_collection, colocate_with, init_scope, name_scope
from defrun.ops import state
from defrun.ops.cast import cast
from defrun.ops.elementary import pow
from defrun.ops.flow import group
from defrun.ops.limits import minimum
from defrun.ops.math import div, truediv
from defrun.train.slots import create_slot, create_zeros_slot
from defrun.variables.initializers import zeros_initializer
from defrun.variables.lists import global_variables, moving_average_variables, trainable_variables
from defrun.variables.scope import get_variable, get_variable_scope, variable_scope
from defrun.variables.variable import Variable

_FLOATS = (dtypes.bfloat16, dtypes.float16, dtypes.float32, dtypes.float64)
_VARIABLES = ("Variable", "VariableV2", "VarHandleOp")


class ExponentialMovingAverage:
    """Keeps moving averages of variables and tensors, for evaluation: ``decay * average + (1 - decay) * value``.

    Parameters
    ----------
    decay : float
        Below 1, and near it.
    num_updates : int, Variable or Tensor, optional
        How many updates there were: averages move faster at first, by ``(1 + num_updates) / (10 + num_updates)``.
    zero_debias : bool
        Correct averages of tensors for their beginning at 0.
    name : str
        Of the averages, after what they are of.
    """

    def __init__(
        self, decay: Any, num_updates: Any = None, zero_debias: bool = False, name: str = "ExponentialMovingAverage"
    ) -> None:
        self._decay = decay
        self._num_updates = num_updates
        self._zero_debias = zero_debias
        self._name = name
        self._averages: dict[Any, Any] = {}

    @property
    def name(self) -> str:
        """The name."""
        return self._name

    def apply(self, var_list: Any = None) -> Operation:
        """Make averages of these, and an operation that updates them.

        Parameters
        ----------
        var_list : list of Variable or Tensor, optional
            Floats; all trainable variables by default.

        Returns
        -------
        Operation

        Raises
        ------
        TypeError
            If something is of another type.
        """
        items = trainable_variables() if var_list is None else list(var_list)
        new_zeros = [self._averages[v] for v in items if self._make_average(v)] if self._zero_debias else []
        for v in items:
            self._make_average(v)
        with name_scope(self._name) as scope:
            decay = convert_to_tensor(self._decay, name="decay")
            if self._num_updates is not None:
                count = cast(self._num_updates, dtypes.float32, name="num_updates")
                decay = minimum(decay, (1.0 + count) / (10.0 + count))
            updates = []
            for v in items:
                average = self._averages[v]
                debias = any(average is made for made in new_zeros)
                updates.append(assign_moving_average(average, v, decay, debias))
            return group(*updates, name=scope)

    def _make_average(self, value: Any) -> bool:
        """Make the average of a variable or tensor if there is none; whether it begins at 0."""
        if value.dtype.base_dtype not in _FLOATS:
            raise TypeError(f"The variables must be half, float, or double: {value.name}")
        if value in self._averages:
            return False
        with init_scope():
            if isinstance(value, Variable):
                self._averages[value] = create_slot(value, value.initialized_value(), self._name)
                add_to_collection(GraphKeys.MOVING_AVERAGE_VARIABLES, value)
                return False
            beside = value.op.type in _VARIABLES
            self._averages[value] = create_zeros_slot(value, self._name, colocate_with_primary=beside)
            return True

    def average(self, var: Any) -> Any:
        """Return the variable that holds the average of `var`, None if there is none."""
        return self._averages.get(var)

    def average_name(self, var: Any) -> str:
        """Return the name of that variable, or the one that it would be given."""
        if var in self._averages:
            name: str = self._averages[var].op.name
            return name
        return get_default_graph().unique_name(f"{var.op.name}/{self._name}", mark_as_used=False)

    def variables_to_restore(self, moving_avg_variables: Any = None) -> dict[str, Any]:
        """Return {name in a checkpoint: variable} such that a Saver restores averages into the variables themselves.

        Parameters
        ----------
        moving_avg_variables : list of Variable, optional
            Those with averages; by default the trainable ones and those that were averaged. All others are restored
            as they are.
        """
        if moving_avg_variables is None:
            moving_avg_variables = trainable_variables() + moving_average_variables()
        averaged = list(dict.fromkeys(moving_avg_variables))
        found = {self.average_name(v): v for v in averaged}
        names = {v.name for v in averaged}
        for v in dict.fromkeys(global_variables()):
            if v.name not in names and v.op.name not in found:
                found[v.op.name] = v
        return found


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
            return _zero_debias(variable, value, rate, scope)
        return state.assign_sub(variable, (variable - value) * rate, name=scope)


def _zero_debias(unbiased: Any, value: Any, rate: Tensor, scope: str) -> Tensor:
    """Keep a biased average and a count beside the variable, and set it to their quotient."""
    kind, start = unbiased.dtype.base_dtype, zeros_initializer()
    beside = variable_scope(unbiased.name[: -len(":0")], values=[unbiased, value, rate])
    with beside, colocate_with(unbiased):
        biased = get_variable(
            _unused("biased"), initializer=start, shape=unbiased.get_shape(), dtype=kind, trainable=False
        )
        steps = get_variable(_unused("local_step"), shape=[], dtype=kind, initializer=start, trainable=False)
    total = state.assign_sub(biased, (biased - value) * rate)
    count = steps.assign_add(1)
    part = 1 - pow(1.0 - rate, count)
    return state.assign(unbiased, total / part, name=scope)


def _unused(name: str) -> str:
    """Return a variable's name with a number if the scope has one of that name."""
    scope = get_variable_scope()
    if scope.reuse:
        return name
    taken = {v.op.name for v in scope.global_variables()}
    tries = (name if i == 0 else f"{name}_{i}" for i in range(len(taken) + 1))
    return next(n for n in tries if f"{scope.name}/{n}" not in taken)


def weighted_moving_average(
    value: Tensor, decay: Any, weight: Tensor, truediv: bool = True, collections: Any = None, name: str | None = None
) -> Tensor:
    """Return the moving average of `value`, where each counts by its `weight`. To run it updates two variables.

    Parameters
    ----------
    value, weight : Tensor
    decay : float or Tensor
    truediv : bool
        Divide integers as numbers.
    collections : list of str, optional
        Of the two variables.
    name : str, optional

    Returns
    -------
    Tensor
        Like `value`.
    """
    collections = [GraphKeys.GLOBAL_VARIABLES] if collections is None else collections
    with variable_scope(name, "WeightedMovingAvg", [value, weight, decay]) as scope:
        sums = [
            get_variable(
                label, shape=t.get_shape(), dtype=t.dtype, initializer=zeros_initializer(), trainable=False,
                collections=collections,
            )
            for label, t in (("value_x_weight", value), ("weight", weight))
        ]  # fmt: skip
        total = assign_moving_average(sums[0], value * weight, decay, zero_debias=False)
        weights = assign_moving_average(sums[1], weight, decay, zero_debias=False)
        return (_truediv if truediv else div)(total, weights, name=scope.name)


_truediv = truediv
