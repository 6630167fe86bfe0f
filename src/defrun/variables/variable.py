"""`tf.Variable`: what both kinds of variables share, and the making of one or the other."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np
from tensorboard.compat.proto import variable_pb2

from defrun.base.dtypes import DType
from defrun.base.shapes import TensorShape
from defrun.graph.collections import GraphKeys
from defrun.graph.composite import IndexedSlices
from defrun.graph.convert import register_tensor_conversion_function
from defrun.graph.graph import Graph, current_runner, get_default_graph
from defrun.graph.operation import Operation, Tensor
from defrun.graph.scopes import init_scope, prepend_name_scope, strip_name_scope
from defrun.ops import scatter_variable as scatter
from defrun.ops import state
from defrun.ops.control import cond
from defrun.ops.operators import overload
from defrun.ops.slicing import getitem_of_variable
from defrun.variables.modes import VariableAggregation, VariableSynchronization, creators


class SaveSliceInfo:
    """Which part of a larger variable a partition is.

    Parameters
    ----------
    full_name : str
        Name of the whole.
    full_shape, var_offset, var_shape : list of int
        Shape of the whole; where the part starts; its shape.
    save_slice_info_def : SaveSliceInfoDef, optional
        A protobuf to take it all from.
    import_scope : str, optional
        Goes before the name in the protobuf.
    """

    def __init__(
        self,
        full_name: str | None = None,
        full_shape: list[int] | None = None,
        var_offset: list[int] | None = None,
        var_shape: list[int] | None = None,
        save_slice_info_def: Any = None,
        import_scope: str | None = None,
    ) -> None:
        if save_slice_info_def is not None:
            full_name = prepend_name_scope(save_slice_info_def.full_name, import_scope)
            full_shape = list(save_slice_info_def.full_shape)
            var_offset = list(save_slice_info_def.var_offset)
            var_shape = list(save_slice_info_def.var_shape)
        self.full_name = full_name or ""
        self.full_shape = full_shape
        self.var_offset = var_offset
        self.var_shape = var_shape

    @property
    def spec(self) -> str:
        """The slice as checkpoints write it: ``"4 6 0,2:0,6"``."""
        whole = "".join(f"{size} " for size in self.full_shape or ())
        return whole + ":".join(f"{o},{s}" for o, s in zip(self.var_offset or (), self.var_shape or (), strict=True))

    def to_proto(self, export_scope: str | None = None) -> Any:
        """Write as a SaveSliceInfoDef; None if it is outside `export_scope`."""
        if export_scope is not None and not self.full_name.startswith(export_scope):
            return None
        return variable_pb2.SaveSliceInfoDef(
            full_name=strip_name_scope(self.full_name, export_scope),
            full_shape=self.full_shape,
            var_offset=self.var_offset,
            var_shape=self.var_shape,
        )


Maker = Callable[..., "Variable"]
_makers: dict[str, Maker] = {}


def set_default_maker(maker: Maker) -> None:
    """Say what makes a variable when no creator stands before it."""
    _makers["default"] = maker


class _VariableType(type):
    """Calling `Variable` makes one of its kinds, past the creators of the default graph."""

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if cls is not Variable:
            return super().__call__(*args, **kwargs)
        bound = _SIGNATURE.bind(None, *args, **kwargs)
        bound.apply_defaults()
        _, *given = bound.arguments.items()
        maker = _makers["default"]
        for creator in creators(get_default_graph()):
            maker = _behind(creator, maker)
        return maker(**dict(given))


def _behind(creator: Callable[..., Any], maker: Maker) -> Maker:
    return lambda **kwargs: creator(maker, **kwargs)


class Variable(metaclass=_VariableType):
    """A value that a session keeps from run to run. It must be initialized in each session before it is used.

    What is made is one of two kinds. A reference variable (the default) is seen by each op as it is when the op runs; a
    resource variable is read by nodes of their own, which see it as it is where they stand.

    Parameters
    ----------
    initial_value : Tensor, value or callable
        Gives the initial value, and with it the dtype and the shape. A function is called with no arguments; the nodes
        that it makes are placed with the variable.
    trainable : bool, optional
        Whether optimizers update it: whether it goes to `GraphKeys.TRAINABLE_VARIABLES` too. True by default.
    collections : list, optional
        Collections that it goes to; ``[GraphKeys.GLOBAL_VARIABLES]`` by default.
    validate_shape : bool
        Refuse an initial value of unknown shape, and later values of another shape.
    caching_device : str or callable, optional
        Where reads of it are placed.
    name : str, optional
        ``"Variable"`` by default; made unique.
    variable_def : VariableDef, optional
        Stand for a variable that the graph holds already, instead of making one.
    dtype : DType, optional
        Type to convert the initial value to.
    expected_shape : TensorShape, optional
        Taken; not used.
    import_scope : str, optional
        Goes before the names in `variable_def`.
    constraint : callable, optional
        Applied by optimizers to the value after each update.
    use_resource : bool, optional
        Which kind; by default what the variable scope, or `enable_resource_variables`, says.
    synchronization, aggregation : VariableSynchronization, VariableAggregation
        For several replicas.
    shape : TensorShape, optional
        Shape of the variable if not that of the initial value; may leave sizes open.

    Raises
    ------
    ValueError
        If there is no initial value, or its shape is not known and `validate_shape` is set.

    Examples
    --------
    >>> w = tf.Variable(tf.zeros([2]), name="w")
    >>> with tf.Session() as sess:
    ...     sess.run(w.initializer)
    ...     sess.run(w.assign_add([1.0, 2.0]))
    array([1., 2.], dtype=float32)
    """

    __array_priority__ = 100  # so that `ndarray + variable` asks the variable

    SaveSliceInfo = SaveSliceInfo

    _trainable: bool
    _synchronization: VariableSynchronization
    _aggregation: VariableAggregation
    _constraint: Any = None
    _initial_value: Tensor | None = None
    _initializer_op: Any = None
    _save_slice_info: Any = None
    _caching_device: Any = None

    def __init__(
        self,
        initial_value: Any = None,
        trainable: bool | None = None,
        collections: Any = None,
        validate_shape: bool = True,
        caching_device: Any = None,
        name: str | None = None,
        variable_def: Any = None,
        dtype: Any = None,
        expected_shape: Any = None,
        import_scope: str | None = None,
        constraint: Any = None,
        use_resource: bool | None = None,
        synchronization: Any = VariableSynchronization.AUTO,
        aggregation: Any = VariableAggregation.NONE,
        shape: Any = None,
    ) -> None:
        raise TypeError("Variable is never made itself, only its kinds are")

    # -- what it is ----------------------------------------------------------------------------------------------

    @property
    def _tensor(self) -> Tensor:
        """The reference, or the handle."""
        raise NotImplementedError

    @property
    def name(self) -> str:
        """``"name:0"``."""
        return self._tensor.name

    @property
    def op(self) -> Operation:
        """The operation that stands for it in the graph."""
        return self._tensor.op

    @property
    def graph(self) -> Graph:
        """The graph that it belongs to."""
        return self._tensor.graph

    @property
    def device(self) -> str:
        """The device asked for."""
        return self._tensor.device

    @property
    def dtype(self) -> DType:
        """The type of the elements; of a reference variable a ``_ref`` type."""
        return self._tensor.dtype

    @property
    def shape(self) -> TensorShape:
        """The shape."""
        return self._tensor.shape

    def get_shape(self) -> TensorShape:
        """Alias of `shape`."""
        return self.shape

    def _shape_as_list(self) -> list[int | None] | None:
        return self.shape.as_list() if self.shape.ndims is not None else None

    def _shape_tuple(self) -> tuple[int | None, ...] | None:
        sizes = self._shape_as_list()
        return None if sizes is None else tuple(sizes)

    @property
    def trainable(self) -> bool:
        """Whether optimizers update it by default."""
        return self._trainable

    @property
    def synchronization(self) -> VariableSynchronization:
        """When copies on several replicas are brought together."""
        return self._synchronization

    @property
    def aggregation(self) -> VariableAggregation:
        """How copies on several replicas are brought together."""
        return self._aggregation

    @property
    def constraint(self) -> Any:
        """The function that optimizers apply after an update, or None."""
        return self._constraint

    @property
    def initializer(self) -> Operation:
        """The operation that gives it its initial value."""
        return self._initializer_op

    @property
    def initial_value(self) -> Tensor | None:
        """The tensor that it is initialized with."""
        return self._initial_value

    def set_shape(self, shape: Any) -> None:
        """Add what is known of the shape."""
        raise NotImplementedError(f"{type(self).__name__} does not implement set_shape()")

    def _set_initializer(self, op: Operation) -> None:
        op.initializes = True
        self._initializer_op = op

    def _set_save_slice_info(self, save_slice_info: Any) -> None:
        self._save_slice_info = save_slice_info

    def _get_save_slice_info(self) -> Any:
        return self._save_slice_info

    @property
    def _shared_name(self) -> str:
        return self.name.removesuffix(":0")

    # -- its value -----------------------------------------------------------------------------------------------

    def value(self) -> Tensor:
        """Return the tensor that other ops take when they are given the variable."""
        raise NotImplementedError

    def _ref(self) -> Tensor:
        """Return the reference; of a resource variable, which has none, a read."""
        return self.value()

    def read_value(self) -> Tensor:
        """Add a node that reads the value where it stands: under the control dependencies that are open."""
        raise NotImplementedError

    def initialized_value(self) -> Tensor:
        """Return the value, or as long as it is not initialized the initial value."""
        with init_scope():
            return cond(state.is_variable_initialized(self), self.read_value, lambda: self.initial_value)

    def eval(self, session: Any = None) -> Any:
        """Return the value in `session`, by default the default session, as a NumPy array."""
        element: Tensor = self._as_graph_element()
        return element.eval(session=session)

    def load(self, value: Any, session: Any = None) -> None:
        """Store `value` in `session`, by default the default session.

        Raises
        ------
        ValueError
            If there is no session.
        """
        runner = session or current_runner()
        if runner is None:
            raise ValueError("load: pass a session, or make one the default session")
        runner.run(self.initializer, {self.initializer.inputs[1]: value})

    def _as_graph_element(self) -> Tensor:
        raise NotImplementedError

    def experimental_ref(self) -> _Reference:
        """Return an object that can be the key of a dict in the place of the variable."""
        return _Reference(self)

    # -- protobufs -----------------------------------------------------------------------------------------------

    def to_proto(self, export_scope: str | None = None) -> Any:
        """Write the names of its nodes as a VariableDef; None if it is outside `export_scope`."""
        if export_scope is not None and not self._tensor.name.startswith(export_scope):
            return None

        def inside(name: str) -> str:
            return strip_name_scope(name, export_scope)

        proto = variable_pb2.VariableDef(
            variable_name=inside(self._tensor.name),
            initializer_name=inside(self.initializer.name),
            snapshot_name=inside(self._kept_read().name),
            is_resource=not self._tensor.dtype._is_ref_dtype,
            trainable=self.trainable,
            synchronization=self.synchronization.value,
            aggregation=self.aggregation.value,
        )
        if self._initial_value is not None:
            proto.initial_value_name = inside(self._initial_value.name)
        if self._save_slice_info is not None:
            part = self._save_slice_info.to_proto(export_scope)
            if part is not None:
                proto.save_slice_info_def.MergeFrom(part)
        return proto

    @staticmethod
    def from_proto(variable_def: Any, import_scope: str | None = None) -> Any:
        """Return a variable that stands for the nodes named in a VariableDef, which the default graph holds."""
        kind = bool(variable_def.is_resource)
        return Variable(variable_def=variable_def, import_scope=import_scope, use_resource=kind)

    def _kept_read(self) -> Tensor:
        """Return the read that was made with the variable."""
        raise NotImplementedError

    # -- updates: each returns the variable as it is after the update --------------------------------------------

    def assign(self, value: Any, use_locking: bool = False, name: str | None = None, read_value: bool = True) -> Any:
        """Replace the value.

        Parameters
        ----------
        value : Tensor
            Of the variable's type and shape.
        use_locking : bool
            Taken; updates of one run never mix.
        name : str, optional
        read_value : bool
            Return the operation if False.

        Returns
        -------
        Tensor or Variable
            The variable after the update.

        Raises
        ------
        ValueError
            If the shapes differ; `InvalidArgumentError` when run, where they were not known before.
        """
        return self._write("assign", value, use_locking, name, read_value)

    def assign_add(
        self, delta: Any, use_locking: bool = False, name: str | None = None, read_value: bool = True
    ) -> Any:
        """Add `delta` to the value; see `assign`."""
        return self._write("assign_add", delta, use_locking, name, read_value)

    def assign_sub(
        self, delta: Any, use_locking: bool = False, name: str | None = None, read_value: bool = True
    ) -> Any:
        """Subtract `delta` from the value; see `assign`."""
        return self._write("assign_sub", delta, use_locking, name, read_value)

    def _write(self, how: str, value: Any, use_locking: bool, name: str | None, read_value: bool) -> Any:
        raise NotImplementedError

    def _target(self) -> Any:
        """Return what the functions of `defrun.ops.state` take for this variable."""
        raise NotImplementedError

    def count_up_to(self, limit: int) -> Tensor:
        """Return the value and add one to it, up to `limit`; `OutOfRangeError` when run beyond that."""
        return state.count_up_to(self._target(), limit=limit)

    def scatter_update(self, sparse_delta: IndexedSlices, use_locking: bool = False, name: str | None = None) -> Any:
        """Replace rows by `sparse_delta`."""
        return self._scatter(scatter.scatter_update, sparse_delta, use_locking, name)

    def scatter_add(self, sparse_delta: IndexedSlices, use_locking: bool = False, name: str | None = None) -> Any:
        """Add the rows `sparse_delta`."""
        return self._scatter(scatter.scatter_add, sparse_delta, use_locking, name)

    def scatter_sub(self, sparse_delta: IndexedSlices, use_locking: bool = False, name: str | None = None) -> Any:
        """Subtract the rows `sparse_delta`."""
        return self._scatter(scatter.scatter_sub, sparse_delta, use_locking, name)

    def scatter_mul(self, sparse_delta: IndexedSlices, use_locking: bool = False, name: str | None = None) -> Any:
        """Multiply by the rows `sparse_delta`."""
        return self._scatter(scatter.scatter_mul, sparse_delta, use_locking, name)

    def scatter_div(self, sparse_delta: IndexedSlices, use_locking: bool = False, name: str | None = None) -> Any:
        """Divide by the rows `sparse_delta`."""
        return self._scatter(scatter.scatter_div, sparse_delta, use_locking, name)

    def scatter_min(self, sparse_delta: IndexedSlices, use_locking: bool = False, name: str | None = None) -> Any:
        """Keep the smaller of the value and the rows `sparse_delta`."""
        return self._scatter(scatter.scatter_min, sparse_delta, use_locking, name)

    def scatter_max(self, sparse_delta: IndexedSlices, use_locking: bool = False, name: str | None = None) -> Any:
        """Keep the larger of the value and the rows `sparse_delta`."""
        return self._scatter(scatter.scatter_max, sparse_delta, use_locking, name)

    def batch_scatter_update(
        self, sparse_delta: IndexedSlices, use_locking: bool = False, name: str | None = None
    ) -> Any:
        """In each leading element, replace the rows of its own that `sparse_delta` names."""
        return self._scatter(scatter.batch_scatter_update, sparse_delta, use_locking, name)

    def _scatter(self, update: Callable[..., Any], sparse_delta: Any, use_locking: bool, name: str | None) -> Any:
        if not isinstance(sparse_delta, IndexedSlices):
            raise TypeError(f"sparse_delta is not IndexedSlices: {sparse_delta}")
        return update(self._target(), sparse_delta.indices, sparse_delta.values, use_locking=use_locking, name=name)

    def scatter_nd_update(self, indices: Any, updates: Any, name: str | None = None) -> Any:
        """Replace the elements or slices that the vectors `indices` select by `updates`."""
        return scatter.scatter_nd_update(self._target(), indices, updates, use_locking=True, name=name)

    def scatter_nd_add(self, indices: Any, updates: Any, name: str | None = None) -> Any:
        """Add `updates` to the elements or slices that the vectors `indices` select."""
        return scatter.scatter_nd_add(self._target(), indices, updates, use_locking=True, name=name)

    def scatter_nd_sub(self, indices: Any, updates: Any, name: str | None = None) -> Any:
        """Subtract `updates` from the elements or slices that the vectors `indices` select."""
        return scatter.scatter_nd_sub(self._target(), indices, updates, use_locking=True, name=name)

    @property
    def sparse_read(self) -> Any:
        """Read rows: `AttributeError` for a reference variable, which `tf.gather` reads as it reads any tensor."""
        raise AttributeError("only a resource variable has sparse_read; use tf.gather")

    @property
    def gather_nd(self) -> Any:
        """Read elements: `AttributeError` for a reference variable, which `tf.gather_nd` reads as any tensor."""
        raise AttributeError("only a resource variable has gather_nd; use tf.gather_nd")

    # -- what Python asks of it ----------------------------------------------------------------------------------

    def __getitem__(self, slice_spec: Any) -> Tensor:
        return getitem_of_variable(self, slice_spec)

    def __iter__(self) -> NoReturn:
        raise TypeError("'Variable' object is not iterable.")

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other

    def __repr__(self) -> str:
        return f"<tf.Variable '{self.name}' shape={self.get_shape()} dtype={self.dtype.name}>"

    def __copy__(self) -> Variable:
        return self

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray[Any, Any]:
        raise NotImplementedError(f"Cannot convert the variable {self.name} to a NumPy array: only a run has its value")


def is_resource_variable(value: Any) -> bool:
    """Whether `value` is a resource variable."""
    return isinstance(value, Variable) and not value._tensor.dtype._is_ref_dtype


def collections_for(initial_value: Any, collections: Any, constraint: Any, trainable: bool) -> list[Any]:
    """Check what both kinds of variables are given; return the collections that a new one goes to.

    Raises
    ------
    ValueError
        If there is no initial value, `collections` is no list, or the constraint no function.
    """
    if initial_value is None:
        raise ValueError("initial_value must be specified.")
    keys = [GraphKeys.GLOBAL_VARIABLES] if collections is None else collections
    if not isinstance(keys, (list, tuple, set)):
        raise ValueError(
            "collections argument to Variable constructor must be a list, tuple, or set. "
            f"Got {collections} of type {type(collections)}"
        )
    if constraint is not None and not callable(constraint):
        raise ValueError("The `constraint` argument must be a callable.")
    more = trainable and GraphKeys.TRAINABLE_VARIABLES not in keys
    return [*keys, GraphKeys.TRAINABLE_VARIABLES] if more else list(keys)


_SIGNATURE = inspect.signature(Variable.__init__)


class _Reference:
    """Stands for a variable in a dict; equal to those of the same variable."""

    def __init__(self, variable: Variable) -> None:
        self._variable = variable

    def deref(self) -> Variable:
        """Return the variable."""
        return self._variable

    def __hash__(self) -> int:
        return id(self._variable)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Reference) and other._variable is self._variable


overload(Variable, lambda variable: variable.value())


def _convert(value: Variable, dtype: Any = None, name: str | None = None, as_ref: bool = False) -> Any:
    if dtype is not None and not dtype.is_compatible_with(value.dtype):
        raise ValueError(
            f"Incompatible type conversion requested to type '{dtype.name}' for variable of type '{value.dtype.name}'"
        )
    return value._ref() if as_ref else value.value()


register_tensor_conversion_function(Variable, _convert)

__all__ = ["SaveSliceInfo", "Variable", "collections_for", "is_resource_variable", "set_default_maker"]
