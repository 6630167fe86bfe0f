"""Initial values that depend on other variables: they read those variables' initial values until these are set."""

from __future__ import annotations

from defrun.graph.collections import GraphKeys
from defrun.graph.operation import Operation, Tensor

# These ask whether a variable is initialized, or read it as it is; TensorFlow leaves them alone.
_LEFT_ALONE = ("IsVariableInitialized", "VarIsInitializedOp", "ReadVariableOp", "If")


def guarded(scope: str, initial_value: Tensor) -> Tensor:
    """Return `initial_value` computed from other variables' initialized values; new nodes are named after `scope`.

    Parameters
    ----------
    scope : str
        The name scope of the variable that it is for, with a slash.
    initial_value : Tensor
    """
    return _Copy(scope).tensor(initial_value)


class _Copy:
    """Makes anew the ops that depend on reference variables; all others stay as they are."""

    def __init__(self, scope: str) -> None:
        self.scope = scope
        self.made: dict[Operation, Operation] = {}

    def tensor(self, tensor: Tensor) -> Tensor:
        # An explicit stack: the graph may be deeper than Python's.
        stack = [tensor.op]
        while stack:
            op = stack[-1]
            missing = [] if self._is_leaf(op) else [t.op for t in op.inputs if t.op not in self.made]
            if op in self.made:
                stack.pop()
            elif missing:
                stack.extend(reversed(missing))
            else:
                self.made[op] = self._make(op)
                stack.pop()
        return self.made[tensor.op].outputs[tensor.value_index]

    def _is_leaf(self, op: Operation) -> bool:
        return op.definition.variable or op.type in _LEFT_ALONE or not op.inputs

    def _make(self, op: Operation) -> Operation:
        if op.definition.variable and op.outputs[0].dtype._is_ref_dtype:
            return _initialized(op)
        if self._is_leaf(op):
            return op
        inputs = [self.made[t.op].outputs[t.value_index] for t in op.inputs]
        if all(new is old for new, old in zip(inputs, op.inputs, strict=True)):
            return op
        name = f"{op.name}_{self.scope}".replace(":", "_")
        return op.graph.create_op(op.type, inputs, name=name, attrs=dict(op.attrs))


def _initialized(op: Operation) -> Operation:
    """Return the op that gives the initialized value of the variable `op`, if the collections know the variable."""
    for key in (GraphKeys.GLOBAL_VARIABLES, GraphKeys.LOCAL_VARIABLES):
        for variable in op.graph.get_collection(key):
            if getattr(variable, "name", None) in (op.name, f"{op.name}:0") and hasattr(variable, "initialized_value"):
                return variable.initialized_value().op
    return op
