"""Optimizers whose whole update of a variable is one node."""

from __future__ import annotations

from typing import Any

from defrun.base.dtypes import DType
from defrun.graph.composite import IndexedSlices
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.ops.cast import cast
from defrun.train.optimizer import Optimizer


class OneNodeOptimizer(Optimizer):
    """Base of these. A subclass gives `_ops`, `_slot_names` and `_numbers`."""

    def _ops(self) -> tuple[Any, Any, Any, Any]:
        """Return the ops: of reference and resource variables, and of some of their rows."""
        raise NotImplementedError(f"{type(self).__name__}._ops")

    def _slot_names(self) -> dict[str, str]:
        """Return the slots by the ops' names of their inputs."""
        return {}

    def _numbers(self, kind: DType, var: Any) -> dict[str, Any]:
        """Return the hyperparameters by the ops' names of their inputs, and attrs."""
        raise NotImplementedError(f"{type(self).__name__}._numbers")

    def _apply_dense(self, grad: Tensor, var: Any) -> Any:
        return self._node(self._ops()[0], var, False, var.dtype.base_dtype, grad=grad)

    def _resource_apply_dense(self, grad: Tensor, handle: Any) -> Any:
        return self._node(self._ops()[1], handle, True, grad.dtype.base_dtype, grad=grad)

    def _apply_sparse(self, grad: IndexedSlices, var: Any) -> Any:
        kind = var.dtype.base_dtype
        return self._node(self._ops()[2], var, False, kind, grad=grad.values, indices=grad.indices)

    def _resource_apply_sparse(self, grad: Tensor, handle: Any, indices: Tensor) -> Any:
        return self._node(self._ops()[3], handle, True, grad.dtype.base_dtype, grad=grad, indices=indices)

    def _node(self, op: Any, var: Any, resource: bool, kind: DType, grad: Tensor, **indices: Tensor) -> Any:
        if op is None:
            what = "rows" if indices else "variables"
            raise NotImplementedError(f"{type(self).__name__} has no update of {what} of {var.name}")
        written = {"var": var, **{name: self.get_slot(var, slot) for name, slot in self._slot_names().items()}}
        if resource:
            written = {name: v.handle for name, v in written.items()}
        gradient = "grad" if any(arg.name == "grad" for arg in op.definition.inputs) else "delta"
        numbers = self._numbers(kind, var)
        node = op.node(**written, **numbers, **{gradient: grad}, **indices, use_locking=self._use_locking)
        return node if resource else node.outputs[0]


def numbers(optimizer: Optimizer, **values: Any) -> dict[str, Tensor]:
    """Make tensors of hyperparameters (numbers, tensors or callables), named after them."""
    given = {name: optimizer._call_if_callable(value) for name, value in values.items()}
    return {name: convert_to_tensor(value, name=name) for name, value in given.items()}


def cast_all(values: dict[str, Any], kind: DType, **names: str) -> dict[str, Tensor]:
    """Cast some of `values`: ``names`` has the ops' names of inputs and the keys."""
    return {to: cast(values[key], kind) for to, key in names.items()}
