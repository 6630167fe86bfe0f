"""`Optimizer`: from a loss to nodes that update variables."""

from __future__ import annotations

from typing import Any

from defrun.base import dtypes, nest
from defrun.base.dtypes import DType
from defrun.gradients import gradients
from defrun.graph.collections import GraphKeys
from defrun.graph.composite import IndexedSlices
from defrun.graph.convert import convert_to_tensor
from defrun.graph.graph import get_default_graph
from defrun.graph.operation import Operation, Tensor
from defrun.graph.scopes import colocate_with, control_dependencies, get_collection, init_scope, name_scope
from defrun.ops import array, flow, segment, select, state
from defrun.train.slots import create_slot, create_slot_with_initializer, create_zeros_slot
from defrun.variables.lists import trainable_variables
from defrun.variables.variable import Variable, is_resource_variable

_FLOATS = frozenset((dtypes.float16, dtypes.bfloat16, dtypes.float32, dtypes.float64))


class Optimizer:
    """Base class. A subclass gives `_apply_dense` and the like; users call `minimize`.

    Parameters
    ----------
    use_locking : bool
        Written into the nodes; updates are never torn here.
    name : str
        Name scope of the updates, and of the slots.

    Raises
    ------
    ValueError
        If there is no name.
    """

    GATE_NONE = 0
    GATE_OP = 1
    GATE_GRAPH = 2

    def __init__(self, use_locking: bool, name: str) -> None:
        if not name:
            raise ValueError("Must specify the optimizer name")
        self._use_locking = use_locking
        self._name = name
        self._slots: dict[str, dict[Any, Any]] = {}
        self._non_slot_dict: dict[Any, Any] = {}

    def get_name(self) -> str:
        """Return the name."""
        return self._name

    # -- what users call -----------------------------------------------------------------------------------------

    def minimize(
        self,
        loss: Tensor,
        global_step: Any = None,
        var_list: Any = None,
        gate_gradients: int = GATE_OP,
        aggregation_method: int | None = None,
        colocate_gradients_with_ops: bool = False,
        name: str | None = None,
        grad_loss: Any = None,
    ) -> Operation:
        """Add nodes that lower `loss` by one step: `compute_gradients`, then `apply_gradients`.

        Parameters
        ----------
        loss : float Tensor
        global_step : Variable, optional
            Counted up by one after the updates.
        var_list : list of Variable, optional
            By default all trainable ones.
        gate_gradients : int
            `GATE_NONE`, `GATE_OP` or `GATE_GRAPH`: which gradients to wait for.
        aggregation_method, colocate_gradients_with_ops, grad_loss
            See `gradients`.
        name : str, optional

        Returns
        -------
        Operation
            Pass it to `Session.run`: nothing is updated before.

        Raises
        ------
        ValueError
            If `loss` is no float tensor, or there is no variable that it depends on.
        """
        pairs = self.compute_gradients(
            loss,
            var_list=var_list,
            gate_gradients=gate_gradients,
            aggregation_method=aggregation_method,
            colocate_gradients_with_ops=colocate_gradients_with_ops,
            grad_loss=grad_loss,
        )
        if all(grad is None for grad, _ in pairs):
            names = [str(v.name) for _, v in pairs]
            raise ValueError(
                f"No gradients provided for any variable: no gradient flows from loss {loss} to variables {names}; "
                "look for ops without gradients between them."
            )
        return self.apply_gradients(pairs, global_step=global_step, name=name)

    def compute_gradients(
        self,
        loss: Tensor,
        var_list: Any = None,
        gate_gradients: int = GATE_OP,
        aggregation_method: int | None = None,
        colocate_gradients_with_ops: bool = False,
        grad_loss: Any = None,
    ) -> list[tuple[Any, Any]]:
        """Add nodes for the gradients of `loss`; return pairs of gradient (may be None) and variable.

        Raises
        ------
        TypeError
            If a variable in `var_list` is none.
        ValueError
            If there are no variables, or `loss` is not a float tensor.
        """
        if callable(loss):
            raise RuntimeError("`loss` passed to Optimizer.compute_gradients should be a Tensor: nothing runs eagerly")
        if gate_gradients not in (self.GATE_NONE, self.GATE_OP, self.GATE_GRAPH):
            raise ValueError(f"gate_gradients must be GATE_NONE, GATE_OP or GATE_GRAPH, not {gate_gradients}")
        self._assert_valid_dtypes([loss])
        if grad_loss is not None:
            self._assert_valid_dtypes([grad_loss])
        if var_list is None:
            var_list = trainable_variables() + get_collection(GraphKeys.TRAINABLE_RESOURCE_VARIABLES)
        variables = [v for item in nest.flatten(var_list) for v in _parts(item)]
        if not variables:
            raise ValueError("No variables to optimize.")
        grads = gradients(
            loss,
            [_target(v) for v in variables],
            grad_ys=grad_loss,
            aggregation_method=aggregation_method,
            gate_gradients=gate_gradients == self.GATE_OP,
            colocate_gradients_with_ops=colocate_gradients_with_ops,
        )
        if gate_gradients == self.GATE_GRAPH:
            grads = flow.tuple_(grads)
        pairs = list(zip(grads, variables, strict=True))
        self._assert_valid_dtypes([v for g, v in pairs if g is not None])
        return pairs

    def apply_gradients(self, grads_and_vars: Any, global_step: Any = None, name: str | None = None) -> Operation:
        """Add nodes that update variables by their gradients.

        Parameters
        ----------
        grads_and_vars : list of (gradient, variable)
        global_step : Variable, optional
            Counted up by one after the updates.
        name : str, optional

        Returns
        -------
        Operation

        Raises
        ------
        TypeError
            If a gradient is no tensor.
        ValueError
            If no variable has a gradient.
        """
        pairs = list(grads_and_vars)
        if not pairs:
            raise ValueError("No variables provided.")
        pairs = [(None if g is None else _as_gradient(g), v) for g, v in pairs]
        variables = [v for g, v in pairs if g is not None]
        if not variables:
            names = [str(v.name) for _, v in pairs]
            raise ValueError(f"No gradients provided for any variable: {names}.")
        with init_scope():
            self._create_slots(variables)
        updates = []
        with name_scope(name, self._name) as scope:
            self._prepare()
            for grad, variable in pairs:
                if grad is None:
                    continue
                with name_scope(f"update_{variable.op.name}"), colocate_with(variable):
                    updates.append(self._update(grad, variable))
            if global_step is None:
                done = self._finish(updates, scope)
            else:
                with control_dependencies([self._finish(updates, "update")]), colocate_with(global_step):
                    done = self._count(global_step, scope)
            operation = done.op if isinstance(done, Tensor) else done
            collection = get_default_graph().get_collection_ref(GraphKeys.TRAIN_OP)
            if operation not in collection:
                collection.append(operation)
        return operation

    def _count(self, global_step: Any, scope: str) -> Any:
        if is_resource_variable(global_step):
            one = convert_to_tensor(1, dtype=global_step.dtype)
            return state.assign_add_variable_op(global_step.handle, one, name=scope)
        return state.assign_add(global_step, 1, name=scope)

    # -- slots ---------------------------------------------------------------------------------------------------

    def get_slot(self, var: Any, name: str) -> Any:
        """Return the slot `name` of `var`, or None."""
        return self._slots.get(name, {}).get(_key(var))

    def get_slot_names(self) -> list[str]:
        """Return the names of the slots that there are."""
        return sorted(self._slots)

    def variables(self) -> list[Any]:
        """Return all variables that the optimizer keeps in the default graph."""
        graph = get_default_graph()
        found = [v for v in self._non_slot_dict.values() if v.graph is graph]
        found += [v for slots in self._slots.values() for v in slots.values() if v.graph is graph]
        return sorted(found, key=lambda v: v.name)

    def _slot_dict(self, slot_name: str) -> dict[Any, Any]:
        return self._slots.setdefault(slot_name, {})

    def _get_or_make_slot(self, var: Any, val: Any, slot_name: str, op_name: str) -> Any:
        slots = self._slot_dict(slot_name)
        if _key(var) not in slots:
            slots[_key(var)] = create_slot(var, val, op_name)
        return slots[_key(var)]

    def _get_or_make_slot_with_initializer(
        self, var: Any, initializer: Any, shape: Any, dtype: Any, slot_name: str, op_name: str
    ) -> Any:
        slots = self._slot_dict(slot_name)
        if _key(var) not in slots:
            slots[_key(var)] = create_slot_with_initializer(var, initializer, shape, dtype, op_name)
        return slots[_key(var)]

    def _zeros_slot(self, var: Any, slot_name: str, op_name: str) -> Any:
        slots = self._slot_dict(slot_name)
        if _key(var) not in slots:
            slots[_key(var)] = create_zeros_slot(var, op_name)
        return slots[_key(var)]

    def _create_non_slot_variable(self, initial_value: Any, name: str, colocate_with: Any) -> Any:
        """Make a variable that belongs to all; placed with `colocate_with`."""
        graph = colocate_with.graph
        key = (name, graph)
        if key not in self._non_slot_dict:
            with graph.colocate_with(colocate_with.op):
                self._non_slot_dict[key] = Variable(
                    initial_value, name=name, trainable=False, use_resource=is_resource_variable(colocate_with)
                )
        return self._non_slot_dict[key]

    def _get_non_slot_variable(self, name: str, graph: Any = None) -> Any:
        return self._non_slot_dict.get((name, graph))

    def _non_slot_variables(self) -> Any:
        return self._non_slot_dict.values()

    # -- what subclasses give ------------------------------------------------------------------------------------

    def _valid_dtypes(self) -> frozenset[DType]:
        """Return the types of losses and variables that can be trained."""
        return _FLOATS

    def _assert_valid_dtypes(self, tensors: list[Any]) -> None:
        valid = self._valid_dtypes()
        for t in tensors:
            kind = t.dtype.base_dtype
            if kind not in valid:
                names = sorted(v.name for v in valid)
                raise ValueError(f"Invalid type {kind.name} for {t.name}, expected: {names}.")

    def _create_slots(self, var_list: list[Any]) -> None:
        """Make the slots that the updates need."""

    def _prepare(self) -> None:
        """Make the nodes for the hyperparameters."""

    def _apply_dense(self, grad: Tensor, var: Any) -> Any:
        """Add the update of a reference variable."""
        raise NotImplementedError(f"{type(self).__name__}._apply_dense")

    def _resource_apply_dense(self, grad: Tensor, handle: Any) -> Any:
        """Add the update of a resource variable."""
        raise NotImplementedError(f"{type(self).__name__}._resource_apply_dense")

    def _apply_sparse(self, grad: IndexedSlices, var: Any) -> Any:
        """Add the update of rows of a reference variable, each of which comes once."""
        raise NotImplementedError(f"{type(self).__name__}._apply_sparse")

    def _resource_apply_sparse(self, grad: Tensor, handle: Any, indices: Tensor) -> Any:
        """Add the update of rows of a resource variable, each of which comes once."""
        raise NotImplementedError(f"{type(self).__name__}._resource_apply_sparse")

    def _apply_sparse_duplicate_indices(self, grad: IndexedSlices, var: Any) -> Any:
        """Add the update of rows that may repeat: their gradients are summed first."""
        values, indices = deduplicate(grad.values, grad.indices)
        return self._apply_sparse(IndexedSlices(values, indices, grad.dense_shape), var)

    def _resource_apply_sparse_duplicate_indices(self, grad: Tensor, handle: Any, indices: Tensor) -> Any:
        """Add the update of rows that may repeat: their gradients are summed first."""
        values, unique = deduplicate(grad, indices)
        return self._resource_apply_sparse(values, handle, unique)

    def _finish(self, update_ops: list[Any], name_scope: str) -> Operation:
        """Put the updates together into one operation."""
        return flow.group(*update_ops, name=name_scope)

    def _call_if_callable(self, param: Any) -> Any:
        return param() if callable(param) else param

    def _update(self, grad: Any, var: Any) -> Any:
        if is_resource_variable(var):
            if isinstance(grad, IndexedSlices):
                done = self._resource_apply_sparse_duplicate_indices(grad.values, var, grad.indices)
            else:
                done = self._resource_apply_dense(grad, var)
        elif isinstance(grad, IndexedSlices):
            done = self._apply_sparse_duplicate_indices(grad, var)
        else:
            done = self._apply_dense(grad, var)
        if var.constraint is None:
            return done
        if isinstance(grad, IndexedSlices):
            raise RuntimeError("Cannot use a constraint function on a sparse variable.")
        with control_dependencies([done]):
            return var.assign(var.constraint(var))


def _parts(variable: Any) -> list[Any]:
    """Return a partitioned variable's parts; any other stands for itself."""
    if hasattr(variable, "_variable_list") or type(variable).__name__ == "PartitionedVariable":
        return list(variable)
    if not hasattr(variable, "initializer") and not isinstance(variable, Tensor):
        raise TypeError(f"Argument is not a tf.Variable: {variable!r}")
    return [variable]


def _target(variable: Any) -> Any:
    if isinstance(variable, Tensor):
        raise NotImplementedError(f"Trying to optimize the tensor {variable}, which is not a variable")
    return variable


def _as_gradient(grad: Any) -> Tensor | IndexedSlices:
    if isinstance(grad, IndexedSlices):
        return grad
    try:
        return convert_to_tensor(grad)
    except TypeError:
        raise TypeError(f"Gradient must be convertible to a Tensor or IndexedSlices, or None: {grad!r}") from None


def _key(variable: Any) -> Any:
    return variable.graph, variable.op.name


def deduplicate(values: Tensor, indices: Tensor) -> tuple[Tensor, Tensor]:
    """Sum the rows of `values` whose index is the same; return the sums and the indices, each once."""
    unique, positions = select.unique(indices)
    sums = segment.unsorted_segment_sum(values, positions, array.shape(unique)[0])
    return sums, unique
