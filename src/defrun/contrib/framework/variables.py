"""`tf.contrib.framework`: finding variables, setting them from arrays, placing them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from defrun.base.device import DeviceSpec
from defrun.graph.collections import GraphKeys
from defrun.graph.operation import Operation
from defrun.graph.scopes import add_to_collection, get_collection
from defrun.ops.constant import placeholder
from defrun.ops.flow import group
from defrun.train.global_step import assert_global_step as _assert
from defrun.train.global_step import create_global_step as _create
from defrun.train.global_step import get_global_step as _get
from defrun.train.global_step import get_or_create_global_step as _get_or_create
from defrun.variables.scope import VariableScope
from defrun.variables.variable import Variable

get_global_step = _get
create_global_step = _create
get_or_create_global_step = _get_or_create
assert_global_step = _assert


def assert_or_get_global_step(graph: Any = None, global_step_tensor: Any = None) -> Any:
    """Return the graph's global step, or the given tensor if it can be one; `TypeError` if not."""
    if global_step_tensor is None:
        return get_global_step(graph)
    assert_global_step(global_step_tensor)
    return global_step_tensor


def local_variable(
    initial_value: Any, validate_shape: bool = True, name: str | None = None, use_resource: bool | None = None
) -> Any:
    """Make a variable in the collection of local variables; it is not trained."""
    return _variable(initial_value, GraphKeys.LOCAL_VARIABLES, validate_shape, name, use_resource)


def global_variable(
    initial_value: Any, validate_shape: bool = True, name: str | None = None, use_resource: bool | None = None
) -> Any:
    """Make a variable in the collection of global variables; it is not trained."""
    return _variable(initial_value, GraphKeys.GLOBAL_VARIABLES, validate_shape, name, use_resource)


def _variable(initial_value: Any, collection: str, validate_shape: bool, name: Any, use_resource: bool | None) -> Any:
    return Variable(
        initial_value,
        trainable=False,
        collections=[collection],
        validate_shape=validate_shape,
        name=name,
        use_resource=use_resource,
    )


def add_model_variable(var: Any) -> None:
    """Put a variable into the collection of model variables."""
    if not any(var is other for other in get_collection(GraphKeys.MODEL_VARIABLES)):
        add_to_collection(GraphKeys.MODEL_VARIABLES, var)


# -- finding ---------------------------------------------------------------------------------------------------------


def get_variables(scope: Any = None, suffix: str | None = None, collection: str = GraphKeys.GLOBAL_VARIABLES) -> Any:
    """Return variables of a collection.

    Parameters
    ----------
    scope : str or VariableScope, optional
        What their names begin with, as a regular expression.
    suffix : str, optional
        What their names end with.
    collection : str
    """
    start = scope.name if isinstance(scope, VariableScope) else scope
    if suffix is not None:
        start = f"{start or ''}.*{suffix if ':' in suffix else f'{suffix}:'}"
    return get_collection(collection, start)


def get_model_variables(scope: Any = None, suffix: str | None = None) -> Any:
    """Return model variables; see `get_variables`."""
    return get_variables(scope, suffix, GraphKeys.MODEL_VARIABLES)


def get_local_variables(scope: Any = None, suffix: str | None = None) -> Any:
    """Return local variables; see `get_variables`."""
    return get_variables(scope, suffix, GraphKeys.LOCAL_VARIABLES)


def get_trainable_variables(scope: Any = None, suffix: str | None = None) -> Any:
    """Return variables that are trained; see `get_variables`."""
    return get_variables(scope, suffix, GraphKeys.TRAINABLE_VARIABLES)


def get_variables_by_suffix(suffix: str, scope: Any = None) -> Any:
    """Return variables whose names end with `suffix`; see `get_variables`."""
    return get_variables(scope=scope, suffix=suffix)


def get_variables_by_name(given_name: str, scope: Any = None) -> Any:
    """Return variables whose last name is `given_name`; see `get_variables`."""
    return get_variables(scope=scope, suffix=f"/{given_name}:|^{given_name}:")


def get_unique_variable(var_op_name: str) -> Any:
    """Return the variable of this whole name; `ValueError` if there is none."""
    for candidate in get_variables(scope=var_op_name):
        if candidate.op.name == var_op_name:
            return candidate
    raise ValueError(f"Couldn't find variable {var_op_name}")


def get_variables_to_restore(include: Sequence[str] | None = None, exclude: Sequence[str] | None = None) -> list[Any]:
    """Return the variables in the scopes `include` (all, by default) that are not in the scopes `exclude`.

    Raises
    ------
    TypeError
        If one of them is no list.
    """
    for what, scopes in (("include", include), ("exclude", exclude)):
        if scopes is not None and not isinstance(scopes, (list, tuple)):
            raise TypeError(f"{what} must be a list or a tuple, not {scopes!r}")
    found = get_variables() if include is None else [v for scope in include for v in get_variables(scope)]
    left_out = {id(v) for scope in exclude or () for v in get_variables(scope)}
    return [v for v in found if id(v) not in left_out]


def filter_variables(
    var_list: Iterable[Any],
    include_patterns: Sequence[str] | None = None,
    exclude_patterns: Sequence[str] | None = None,
    reg_search: bool = True,
) -> list[Any]:
    """Return the variables whose names match any of some patterns and none of others.

    Parameters
    ----------
    var_list : list of Variable
    include_patterns, exclude_patterns : list of str, optional
        Regular expressions.
    reg_search : bool
        Look anywhere in the names, not only at their beginnings.
    """
    fits = re.search if reg_search else re.match

    def is_wanted(name: str) -> bool:
        inside = include_patterns is None or any(fits(pattern, name) for pattern in include_patterns)
        return inside and not any(fits(pattern, name) for pattern in exclude_patterns or ())

    return [var for var in var_list if is_wanted(var.name)]


def get_variable_full_name(var: Any) -> str:
    """Return the name of a variable, or of the whole that it is a part of."""
    info = getattr(var, "_save_slice_info", None)
    return info.full_name if info else var.op.name


# -- setting ---------------------------------------------------------------------------------------------------------


def assign_from_values(var_names_to_values: dict[str, Any]) -> tuple[Operation, dict[Any, Any]]:
    """Return an operation that sets variables, and what to feed it.

    Parameters
    ----------
    var_names_to_values : dict of str to ndarray

    Raises
    ------
    ValueError
        If there is no such variable, or several.
    """
    assigns, feeds = [], {}
    for name, value in var_names_to_values.items():
        variable = _named(name)
        kind = variable.dtype.base_dtype
        given = placeholder(kind, shape=variable.get_shape(), name=f"placeholder/{variable.op.name}")
        assigns.append(variable.assign(given))
        feeds[given] = np.asarray(value).reshape(variable.get_shape().as_list())
    return group(*assigns), feeds


def _named(name: str) -> Any:
    found = get_collection(GraphKeys.GLOBAL_VARIABLES, name)
    if not found:
        raise ValueError(f"Variable {name} wasn't found")
    exact = found if len(found) == 1 else [v for v in found if v.op.name == name]
    if not exact:
        raise ValueError(f"Variable {name} doesn't uniquely identify a variable")
    return exact[0]


def assign_from_values_fn(var_names_to_values: dict[str, Any]) -> Callable[[Any], Any]:
    """Return a function of a session that sets variables; see `assign_from_values`."""
    operation, feeds = assign_from_values(var_names_to_values)
    return lambda session: session.run(operation, feeds)


class VariableDeviceChooser:
    """A device function that spreads variables over parameter servers, in turn.

    Parameters
    ----------
    num_tasks : int
        How many servers; 0 for this process.
    job_name, device_type : str
    device_index : int
    replica : int, optional
    """

    def __init__(
        self,
        num_tasks: int = 0,
        job_name: str = "ps",
        device_type: str = "CPU",
        device_index: int = 0,
        replica: int | None = None,
    ) -> None:
        self._num_tasks, self._job_name, self._replica = num_tasks, job_name, replica
        self._device_type, self._device_index = device_type, device_index
        self._next = 0

    def __call__(self, op: Any) -> str:
        """Return the device of the next variable."""
        place: dict[str, Any] = {}
        if self._num_tasks > 0:
            place = {"job": self._job_name, "task": self._next}
            self._next = (self._next + 1) % self._num_tasks
        spec = DeviceSpec(
            replica=self._replica, device_type=self._device_type, device_index=self._device_index, **place
        )
        return spec.to_string()
