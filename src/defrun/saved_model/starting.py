"""Operations to be run when a saved model has been loaded."""

from __future__ import annotations

from typing import Any

from defrun.graph.operation import Operation
from defrun.graph.scopes import control_dependencies
from defrun.lookup.initializers import tables_initializer
from defrun.ops.flow import group
from defrun.variables.lists import global_variables_initializer, local_variables_initializer


def main_op() -> Operation:
    """Return an operation that initializes all variables, local ones too, and all tables."""
    return group(global_variables_initializer(), local_variables_initializer(), tables_initializer())


def main_op_with_restore(restore_op_name: Any) -> Operation:
    """Return an operation that does what `main_op` does and then runs `restore_op_name`."""
    with control_dependencies([main_op()]):
        return group(restore_op_name)
