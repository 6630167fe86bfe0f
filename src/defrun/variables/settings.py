"""`VariableScope`: what holds in a variable scope."""

from __future__ import annotations

from typing import Any

from defrun.base import dtypes
from defrun.graph.collections import GraphKeys
from defrun.graph.convert import convert_to_tensor
from defrun.graph.scopes import get_collection, name_scope
from defrun.variables.modes import VariableAggregation, VariableSynchronization
from defrun.variables.store import VariableStore


class VariableScope:
    """What holds in a variable scope: the beginning of names, and defaults for `get_variable`.

    Parameters
    ----------
    reuse : bool, None or AUTO_REUSE
        Share variables (True), make them (False), or either; None makes them, too.
    name : str
    initializer, regularizer, caching_device, partitioner, custom_getter, dtype, use_resource, constraint
        Used by `get_variable` where it isn't given its own.
    name_scope : str
        The name scope that was opened with it.
    """

    def __init__(
        self,
        reuse: Any,
        name: str = "",
        initializer: Any = None,
        regularizer: Any = None,
        caching_device: Any = None,
        partitioner: Any = None,
        custom_getter: Any = None,
        name_scope: str = "",
        dtype: Any = dtypes.float32,
        use_resource: bool | None = None,
        constraint: Any = None,
    ) -> None:
        self._name = name
        self._reuse = reuse
        self._initializer = initializer
        self._regularizer = regularizer
        self._caching_device = caching_device
        self._partitioner = partitioner
        self._custom_getter = custom_getter
        self._name_scope = name_scope
        self._dtype = dtype
        self._use_resource = use_resource
        self._constraint = constraint

    @property
    def name(self) -> str:
        """The name, without a slash at its end."""
        return self._name

    @property
    def original_name_scope(self) -> str:
        """The name scope that was opened with it."""
        return self._name_scope

    @property
    def reuse(self) -> Any:
        """Whether variables are shared."""
        return self._reuse

    @property
    def initializer(self) -> Any:
        """The initializer by default."""
        return self._initializer

    @property
    def dtype(self) -> Any:
        """The dtype by default."""
        return self._dtype

    @property
    def use_resource(self) -> bool | None:
        """Which kind of variables is made by default."""
        return self._use_resource

    @property
    def regularizer(self) -> Any:
        """The regularizer by default."""
        return self._regularizer

    @property
    def caching_device(self) -> Any:
        """The caching device by default."""
        return self._caching_device

    @property
    def partitioner(self) -> Any:
        """The partitioner by default."""
        return self._partitioner

    @property
    def custom_getter(self) -> Any:
        """The custom getter by default."""
        return self._custom_getter

    @property
    def constraint(self) -> Any:
        """The constraint by default."""
        return self._constraint

    def reuse_variables(self) -> None:
        """Share variables from now on."""
        self._reuse = True

    def set_initializer(self, initializer: Any) -> None:
        """Set the initializer by default."""
        self._initializer = initializer

    def set_dtype(self, dtype: Any) -> None:
        """Set the dtype by default."""
        self._dtype = dtype

    def set_use_resource(self, use_resource: bool | None) -> None:
        """Set which kind of variables is made by default."""
        self._use_resource = use_resource

    def set_regularizer(self, regularizer: Any) -> None:
        """Set the regularizer by default."""
        self._regularizer = regularizer

    def set_caching_device(self, caching_device: Any) -> None:
        """Set the caching device by default."""
        self._caching_device = caching_device

    def set_partitioner(self, partitioner: Any) -> None:
        """Set the partitioner by default."""
        self._partitioner = partitioner

    def set_custom_getter(self, custom_getter: Any) -> None:
        """Set the custom getter by default."""
        self._custom_getter = custom_getter

    def get_collection(self, name: str) -> list[Any]:
        """Return the items of a collection that belong to this scope."""
        return get_collection(name, f"{self._name}/" if self._name else "")

    def trainable_variables(self) -> list[Any]:
        """Return the trainable variables of this scope."""
        return self.get_collection(GraphKeys.TRAINABLE_VARIABLES)

    def global_variables(self) -> list[Any]:
        """Return the global variables of this scope."""
        return self.get_collection(GraphKeys.GLOBAL_VARIABLES)

    def local_variables(self) -> list[Any]:
        """Return the local variables of this scope."""
        return self.get_collection(GraphKeys.LOCAL_VARIABLES)

    def get_variable(
        self,
        var_store: VariableStore,
        name: str,
        shape: Any = None,
        dtype: Any = None,
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
        synchronization: Any = VariableSynchronization.AUTO,
        aggregation: Any = VariableAggregation.NONE,
    ) -> Any:
        """Share or make a variable of `var_store`; see `defrun.get_variable`."""
        with name_scope(None):
            if dtype is not None and initializer is not None and not callable(initializer):
                own = convert_to_tensor(initializer).dtype.base_dtype
                if own != dtype:
                    raise ValueError(f"Initializer type '{own}' and explicit dtype '{dtype}' don't match.")
            return var_store.get_variable(
                f"{self.name}/{name}" if self.name else name,
                shape=shape,
                dtype=first(dtype, self._dtype),
                initializer=first(initializer, self._initializer),
                regularizer=first(regularizer, self._regularizer),
                reuse=first(reuse, self._reuse),
                trainable=trainable,
                collections=collections,
                caching_device=first(caching_device, self._caching_device),
                partitioner=first(partitioner, self._partitioner),
                validate_shape=validate_shape,
                use_resource=first(use_resource, self._use_resource),
                custom_getter=first(custom_getter, self._custom_getter),
                constraint=first(constraint, self._constraint),
                synchronization=synchronization,
                aggregation=aggregation,
            )


def first(given: Any, default: Any) -> Any:
    return default if given is None else given
