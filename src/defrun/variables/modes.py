"""Settings of variables: how replicas synchronize and aggregate, and which kind of variable is made by default."""

from __future__ import annotations

import enum
from typing import Any

from defrun.graph.graph import Graph


class VariableSynchronization(enum.Enum):
    """When the copies of a variable on several replicas are brought together."""

    AUTO = 0
    NONE = 1
    ON_WRITE = 2
    ON_READ = 3


class VariableAggregation(enum.Enum):
    """How the copies of a variable on several replicas are brought together."""

    NONE = 0
    SUM = 1
    MEAN = 2
    ONLY_FIRST_REPLICA = 3
    ONLY_FIRST_TOWER = 3  # noqa: PIE796 (the older name of the same)

    def __hash__(self) -> int:
        return hash(self.value)


def checked_modes(
    synchronization: Any, aggregation: Any, trainable: bool | None, name: str | None
) -> tuple[VariableSynchronization, VariableAggregation, bool]:
    """Return the modes as enum members, and whether the variable is trainable if nobody said.

    Raises
    ------
    ValueError
        If one of them is no mode.
    """
    try:
        how = VariableAggregation.NONE if aggregation is None else VariableAggregation(aggregation)
    except ValueError:
        raise ValueError(f"Invalid variable aggregation mode: {aggregation} for variable: {name}") from None
    try:
        when = VariableSynchronization.AUTO if synchronization is None else VariableSynchronization(synchronization)
    except ValueError:
        raise ValueError(f"Invalid variable synchronization mode: {synchronization} for variable: {name}") from None
    return when, how, when is not VariableSynchronization.ON_READ if trainable is None else bool(trainable)


class _Default:
    use_resource = False


_default = _Default()


def enable_resource_variables() -> None:
    """Make resource variables by default from now on."""
    _default.use_resource = True


def disable_resource_variables() -> None:
    """Make reference variables by default from now on, as TensorFlow 1 does."""
    _default.use_resource = False


def resource_variables_enabled() -> bool:
    """Whether resource variables are made by default."""
    return _default.use_resource


def creators(graph: Graph) -> list[Any]:
    """Return the functions of `graph` that stand between the user and the making of a variable, outermost first."""
    return graph._attic.setdefault("variable_creators", [])
