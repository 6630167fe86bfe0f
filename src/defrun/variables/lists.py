"""Lists of variables, and operations on all of them: initializers, and what is not initialized yet."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from defrun.base import dtypes
from defrun.graph.collections import GraphKeys
from defrun.graph.graph import get_default_graph
from defrun.graph.operation import Operation, Tensor
from defrun.graph.scopes import colocate_with, device, get_collection, name_scope
from defrun.ops.array import rank_of
from defrun.ops.compare import logical_not
from defrun.ops.constant import constant
from defrun.ops.flow import group, no_op
from defrun.ops.join import stack
from defrun.ops.masks import boolean_mask
from defrun.ops.state import is_variable_initialized

_REPORTING_DEVICE = "TF_DEVICE_FOR_UNINITIALIZED_VARIABLE_REPORTING"


def global_variables(scope: str | None = None) -> list[Any]:
    """Return the variables of the default graph that stand for a model's state; with `scope`, those whose name matches.

    Parameters
    ----------
    scope : str, optional
        A regular expression for the beginning of the name (`re.match`).
    """
    return get_collection(GraphKeys.GLOBAL_VARIABLES, scope)


def all_variables() -> list[Any]:
    """Return the global variables; the older name."""
    return global_variables()


def local_variables(scope: str | None = None) -> list[Any]:
    """Return the variables that belong to one process, such as counters of metrics; see `global_variables`."""
    return get_collection(GraphKeys.LOCAL_VARIABLES, scope)


def model_variables(scope: str | None = None) -> list[Any]:
    """Return the variables that layers made; see `global_variables`."""
    return get_collection(GraphKeys.MODEL_VARIABLES, scope)


def trainable_variables(scope: str | None = None) -> list[Any]:
    """Return the variables that optimizers update; see `global_variables`."""
    return get_collection(GraphKeys.TRAINABLE_VARIABLES, scope)


def moving_average_variables(scope: str | None = None) -> list[Any]:
    """Return the variables that have a moving average; see `global_variables`."""
    return get_collection(GraphKeys.MOVING_AVERAGE_VARIABLES, scope)


def variables_initializer(var_list: Sequence[Any], name: str = "init") -> Operation:
    """Return an operation that initializes the variables `var_list`, all of them.

    Parameters
    ----------
    var_list : list of Variable
    name : str
    """
    if not var_list:
        return no_op(name=name)
    return group(*[variable.initializer for variable in var_list], name=name)


def global_variables_initializer() -> Operation:
    """Return an operation that initializes all global variables there are by now."""
    return variables_initializer(global_variables())


def local_variables_initializer() -> Operation:
    """Return an operation that initializes all local variables there are by now."""
    return variables_initializer(local_variables())


def initialize_variables(var_list: Sequence[Any], name: str = "init") -> Operation:
    """Return an operation that initializes `var_list`; the older name of `variables_initializer`."""
    return variables_initializer(var_list, name=name)


def initialize_all_variables() -> Operation:
    """Return an operation that initializes all global variables; the older name of `global_variables_initializer`."""
    return global_variables_initializer()


def initialize_local_variables() -> Operation:
    """Return an operation that initializes all local variables; the older name of `local_variables_initializer`."""
    return local_variables_initializer()


def report_uninitialized_variables(
    var_list: Sequence[Any] | None = None, name: str = "report_uninitialized_variables"
) -> Tensor:
    """Return the names of the variables that have no value yet.

    Parameters
    ----------
    var_list : list of Variable, optional
        By default all global and local variables.
    name : str

    Returns
    -------
    string Tensor [n]
    """
    variables = _known_variables() if var_list is None else list(var_list)
    with name_scope(name):
        answers = [is_variable_initialized(v) for v in variables]
        with device(os.environ.get(_REPORTING_DEVICE, "/cpu:0")):
            if not variables:
                return constant([], dtype=dtypes.string)
            unset = logical_not(stack(answers))
            names = constant([v.op.name for v in variables])
            return boolean_mask(names, unset)


def assert_variables_initialized(var_list: Sequence[Any] | None = None) -> Tensor | None:
    """Return a tensor that raises `FailedPreconditionError` when run if a variable has no value yet; None without any.

    Parameters
    ----------
    var_list : list of Variable, optional
        By default all global and local variables.
    """
    variables = _known_variables() if var_list is None else list(var_list)
    ranks = []
    for variable in variables:
        with colocate_with(variable.op):
            ranks.append(rank_of(variable))
    if not ranks:
        return None
    return ranks[0] if len(ranks) == 1 else stack(ranks)


def _known_variables() -> list[Any]:
    known = global_variables() + local_variables()
    if known:
        return known
    operations = get_default_graph().get_operations()
    return [op.outputs[0] for op in operations if op.definition.variable and op.outputs[0].dtype._is_ref_dtype]


def all_saveable_objects(scope: str | None = None) -> list[Any]:
    """Return what a saver saves by default: the global variables, and whatever else asks to be saved."""
    return get_collection(GraphKeys.GLOBAL_VARIABLES, scope) + get_collection(GraphKeys.SAVEABLE_OBJECTS, scope)
