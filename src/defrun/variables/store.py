"""The variables that `get_variable` made, by name: sharing, making, partitioning."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from defrun.base import dtypes
from defrun.base.dtypes import DType
from defrun.base.shapes import TensorShape, as_shape
from defrun.graph.collections import GraphKeys
from defrun.graph.convert import convert_to_tensor
from defrun.graph.graph import get_default_graph
from defrun.graph.operation import Tensor
from defrun.graph.scopes import add_to_collection, colocate_with, init_scope, name_scope
from defrun.ops.slicing import slice_
from defrun.variables.initializers import PartitionInfo, glorot_uniform_initializer, zeros_initializer
from defrun.variables.modes import checked_modes, resource_variables_enabled
from defrun.variables.partitioned import PartitionedVariable
from defrun.variables.variable import SaveSliceInfo, Variable


class VariableStore:
    """What `get_variable` of one graph has made."""

    def __init__(self) -> None:
        self._vars: dict[str, Variable] = {}
        self._partitioned_vars: dict[str, PartitionedVariable] = {}

    def get_variable(
        self,
        name: str,
        shape: Any = None,
        dtype: Any = dtypes.float32,
        initializer: Any = None,
        regularizer: Any = None,
        reuse: Any = None,
        trainable: bool | None = None,
        collections: Any = None,
        caching_device: Any = None,
        partitioner: Any = None,
        validate_shape: bool = True,
        use_resource: bool | None = None,
        custom_getter: Any = None,
        constraint: Any = None,
        synchronization: Any = None,
        aggregation: Any = None,
    ) -> Any:
        """Return the variable `name`, which is shared or made as `reuse` says; see `defrun.get_variable`."""
        if custom_getter is not None and not callable(custom_getter):
            raise ValueError(f"Passed a custom_getter which is not callable: {custom_getter}")
        when, how, trains = checked_modes(synchronization, aggregation, trainable, name)
        options: dict[str, Any] = {
            "shape": shape,
            "dtype": getattr(dtype, "base_dtype", dtype),
            "initializer": initializer,
            "regularizer": regularizer,
            "reuse": reuse,
            "trainable": trains,
            "collections": collections,
            "caching_device": caching_device,
            "partitioner": partitioner,
            "validate_shape": validate_shape,
            "use_resource": use_resource,
            "synchronization": when,
            "aggregation": how,
        }
        if custom_getter is None:
            return self._get(name, **options, constraint=constraint)
        if _takes(custom_getter, "constraint"):
            options["constraint"] = constraint
        return custom_getter(getter=self._get, name=name, **options)

    def _get(
        self,
        name: str,
        shape: Any = None,
        dtype: Any = dtypes.float32,
        initializer: Any = None,
        regularizer: Any = None,
        reuse: Any = None,
        trainable: bool | None = None,
        collections: Any = None,
        caching_device: Any = None,
        partitioner: Any = None,
        validate_shape: bool = True,
        use_resource: bool | None = None,
        constraint: Any = None,
        synchronization: Any = None,
        aggregation: Any = None,
    ) -> Any:
        """Share or make a variable; custom getters are given this function."""
        options = {
            "regularizer": regularizer,
            "reuse": reuse,
            "trainable": trainable,
            "collections": collections,
            "caching_device": caching_device,
            "validate_shape": validate_shape,
            "use_resource": use_resource,
            "constraint": constraint,
            "synchronization": synchronization,
            "aggregation": aggregation,
        }
        is_scalar = isinstance(shape, (list, tuple)) and not shape
        if partitioner is not None and not is_scalar:
            if not callable(partitioner):
                raise ValueError(f"Partitioner must be callable, but received: {partitioner}")
            with name_scope(None):
                return self.get_partitioned(name, partitioner, shape, dtype, initializer, **options)
        if reuse is True and partitioner is None and name in self._partitioned_vars:
            return self.get_partitioned(name, None, shape, dtype, initializer, **options)
        if f"{name}/part_0" in self._vars:
            raise ValueError(
                f"No partitioner was provided, but a partitioned version of the variable was found: {name}/part_0. "
                "Perhaps a variable of the same name was already created with partitioning?"
            )
        return self._single(name, shape, dtype, initializer, None, **options)

    # -- one variable --------------------------------------------------------------------------------------------

    def _single(
        self,
        name: str,
        shape: Any,
        dtype: Any,
        initializer: Any,
        part: PartitionInfo | None,
        reuse: Any = None,
        regularizer: Any = None,
        use_resource: bool | None = None,
        **options: Any,
    ) -> Variable:
        from_value = initializer is not None and not callable(initializer)
        if from_value and shape is not None:
            raise ValueError("If initializer is a constant, do not specify shape.")
        kind, dims = dtypes.as_dtype(dtype), as_shape(shape)
        if name in self._vars:
            return self._shared(name, kind, dims, reuse)
        if reuse is True:
            raise ValueError(
                f"Variable {name} does not exist, or was not created with tf.get_variable(). Did you mean to set "
                "reuse=tf.AUTO_REUSE in VarScope?"
            )
        if initializer is None:
            initializer = default_initializer(name, kind)
        with init_scope():
            start, start_type = (initializer, None) if from_value else _bound(initializer, dims, kind, part)
        variable = Variable(
            initial_value=start,
            name=name,
            dtype=start_type,
            use_resource=resource_variables_enabled() if use_resource is None else use_resource,
            **options,
        )
        self._vars[name] = variable
        if regularizer:
            _regularize(variable, name, regularizer)
        return variable

    def _shared(self, name: str, dtype: DType, shape: TensorShape, reuse: Any) -> Variable:
        found = self._vars[name]
        if reuse is False:
            frame = found.op.user_frame
            where = "" if frame is None else f" Originally defined at {frame.filename}:{frame.lineno}: {frame.line}"
            raise ValueError(
                f"Variable {name} already exists, disallowed. Did you mean to set reuse=True or reuse=tf.AUTO_REUSE in "
                f"VarScope?{where}"
            )
        if not shape.is_compatible_with(found.get_shape()):
            raise ValueError(
                f"Trying to share variable {name}, but specified shape {shape} and found shape {found.get_shape()}."
            )
        if not dtype.is_compatible_with(found.dtype):
            raise ValueError(
                f"Trying to share variable {name}, but specified dtype {dtype.name} and found dtype {found.dtype.name}."
            )
        return found

    # -- in parts ------------------------------------------------------------------------------------------------

    def get_partitioned(
        self,
        name: str,
        partitioner: Any,
        shape: Any,
        dtype: Any,
        initializer: Any,
        reuse: Any = None,
        **options: Any,
    ) -> PartitionedVariable:
        """Share or make a variable in parts."""
        if name in self._vars:
            raise ValueError(
                f"A partitioner was provided, but an unpartitioned version of the variable was found: {name}. "
                "Perhaps a variable of the same name was already created without partitioning?"
            )
        kind, dims = dtypes.as_dtype(dtype), as_shape(shape)
        if isinstance(initializer, Tensor):
            dims = dims.merge_with(initializer.shape)
        counts = _ask(partitioner, dims, kind) if partitioner is not None or not reuse else None
        if name in self._partitioned_vars:
            return self._shared_parts(name, dims, kind, counts, reuse)
        if reuse is True or counts is None:
            raise ValueError(
                f"PartitionedVariable {name} does not exist, or was not created with tf.get_variable(). "
                "Did you mean to set reuse=False or reuse=tf.AUTO_REUSE in VarScope?"
            )
        axis = next((i for i, count in enumerate(counts) if count > 1), 0)
        self._check_no_other_parts(name, counts[axis])
        whole: list[Any] = dims.as_list()
        parts: list[Variable] = []
        for i, (offset, size) in enumerate(_slices(whole, counts[axis], axis)):
            own_name = f"{name}/part_{i}"
            with name_scope(f"{own_name}/PartitionedInitializer"):
                start, own_shape, own_type = _part_of(initializer, name, kind, offset, size)
            info = PartitionInfo(full_shape=whole, var_offset=offset)
            with name_scope(None):
                part = self._single(own_name, own_shape, own_type, start, info, reuse=reuse, **options)
            part._set_save_slice_info(SaveSliceInfo(name, whole, offset, size))
            parts.append(part)
        made = PartitionedVariable(name, dims, parts[0].dtype.base_dtype, parts, counts)
        self._partitioned_vars[name] = made
        return made

    def _shared_parts(
        self, name: str, shape: TensorShape, dtype: DType, counts: list[int] | None, reuse: Any
    ) -> PartitionedVariable:
        found = self._partitioned_vars[name]
        if reuse is False:
            raise ValueError(
                f"Partitioned variable with name {name} already exists. Did you mean to set reuse=True or "
                "reuse=tf.AUTO_REUSE in VarScope?"
            )
        for what, given, there, same in (
            ("shape", shape, found.get_shape(), shape.is_compatible_with(found.get_shape())),
            ("dtype", dtype.name, found.dtype.name, dtype.is_compatible_with(found.dtype)),
            ("partitions", counts, found._get_partitions(), counts is None or found._get_partitions() == counts),
        ):
            if not same:
                raise ValueError(
                    f"Trying to reuse partitioned variable {name}, but specified {what} {given} and found {there}."
                )
        return found

    def _check_no_other_parts(self, name: str, count: int) -> None:
        there = [f"{name}/part_{i}" in self._vars for i in (0, count - 1, count)]
        if there[0] and (not there[1] or there[2]):
            raise ValueError(
                f"Partitioner returned a different partitioning than what was already found: {count} parts of {name}, "
                "and there are others"
            )


def variable_store() -> VariableStore:
    """Return the default graph's store."""
    return get_default_graph()._attic.setdefault("variable_store", VariableStore())


def _takes(function: Callable[..., Any], name: str) -> bool:
    parameters = inspect.signature(function).parameters.values()
    return any(p.name == name or p.kind is inspect.Parameter.VAR_KEYWORD for p in parameters)


def default_initializer(name: str, dtype: DType) -> Any:
    """Return the initializer for a variable of `dtype` where nobody gave one.

    Raises
    ------
    ValueError
        If there is none for this type.
    """
    if dtype.is_floating:
        return glorot_uniform_initializer()
    if dtype.is_integer or dtype.is_bool or dtype == dtypes.string:
        return zeros_initializer()
    raise ValueError(f"An initializer for variable {name} of {dtype.base_dtype} is required")


def _bound(initializer: Any, shape: TensorShape, dtype: DType, part: PartitionInfo | None) -> tuple[Any, DType | None]:
    """Return `initializer` as a function without arguments, and the dtype that the variable then has."""
    if inspect.isclass(initializer):
        initializer = initializer()
    if shape.is_fully_defined():
        sizes = shape.as_list()
        return lambda: initializer(sizes, dtype=dtype, partition_info=part), dtype.base_dtype
    parameters = inspect.signature(initializer).parameters.values()
    if all(p.default is not p.empty or p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in parameters):
        return initializer, None
    raise ValueError(
        "The initializer passed is not valid. It should be a callable with no arguments and the shape should not be "
        "provided or an instance of `tf.keras.initializers.*' and `shape` should be fully defined."
    )


def _regularize(variable: Variable, name: str, regularizer: Callable[[Any], Any]) -> None:
    with colocate_with(variable.op), name_scope(f"{name}/Regularizer/"), init_scope():
        loss = regularizer(variable)
    if loss is not None:
        add_to_collection(GraphKeys.REGULARIZATION_LOSSES, loss)


def _ask(partitioner: Any, shape: TensorShape, dtype: DType) -> list[int]:
    """Return the number of parts along each axis."""
    if not shape.is_fully_defined():
        raise ValueError(f"Shape of a new partitioned variable must be fully defined, but instead was {shape}.")
    if not len(shape):
        raise ValueError(f"A partitioned Variable must have rank at least 1, shape: {shape}")
    counts = partitioner(shape=shape, dtype=dtype)
    if not isinstance(counts, Sequence):
        raise ValueError(f"Partitioner must return a sequence, but saw: {counts}")
    if len(counts) != len(shape):
        raise ValueError(
            f"Partitioner returned a partition list that does not match the Variable's rank: {counts} vs. {shape}"
        )
    if any(count < 1 for count in counts):
        raise ValueError(f"Partitioner returned zero partitions for some axes: {counts}")
    if sum(count > 1 for count in counts) > 1:
        raise ValueError(f"Can only slice a variable along one dimension: shape: {shape}, partitioning: {counts}")
    return list(counts)


def _slices(shape: list[int], count: int, axis: int) -> Iterator[tuple[list[int], list[int]]]:
    """Give offset and shape of each of `count` parts; the first ones take what is left over."""
    length, left_over = divmod(shape[axis], count)
    at = 0
    for i in range(count):
        offset, size = [0] * len(shape), list(shape)
        offset[axis], size[axis] = at, length + (i < left_over)
        at += size[axis]
        yield offset, size


def _part_of(
    initializer: Any, name: str, dtype: DType, offset: list[int], size: list[int]
) -> tuple[Any, list[int] | None, DType]:
    """Return what initializes one part, its shape (None: as the value says) and dtype."""
    if initializer is None:
        return default_initializer(name, dtype), size, dtype
    if callable(initializer):
        return initializer, size, dtype
    value = initializer if isinstance(initializer, Tensor) else convert_to_tensor(initializer, dtype=dtype)
    part = slice_(value, offset, size)
    return part, None, part.dtype.base_dtype
