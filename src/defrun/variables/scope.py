"""Variable scopes: names and defaults for `get_variable`, and whether it shares variables or makes them."""

from __future__ import annotations

import contextlib
import enum
import functools
import threading
from collections.abc import Callable, Iterator
from typing import Any

from defrun.base import dtypes, logging
from defrun.graph.collections import GraphKeys
from defrun.graph.convert import graph_of
from defrun.graph.graph import get_default_graph
from defrun.graph.scopes import name_scope
from defrun.variables.modes import VariableAggregation, VariableSynchronization, creators, resource_variables_enabled
from defrun.variables.partitioned import PartitionedVariable
from defrun.variables.reference import RefVariable
from defrun.variables.resource import ResourceVariable
from defrun.variables.settings import VariableScope, first
from defrun.variables.store import variable_store
from defrun.variables.variable import set_default_maker


class _ReuseMode(enum.Enum):
    """What `reuse` may be beside True and False."""

    AUTO_REUSE = 1


AUTO_REUSE = _ReuseMode.AUTO_REUSE
"""Share the variable if it is there, make it if it isn't."""


def no_regularizer(_: Any) -> None:
    """Give no loss: keeps a scope's regularizer away."""


_SETTINGS = (
    "initializer", "regularizer", "caching_device", "partitioner", "custom_getter", "dtype", "use_resource",
)  # fmt: skip


class _Current(threading.local):
    """Of a graph, in each thread: the open scope, and how often each name was opened as one."""

    def __init__(self) -> None:
        self.scope = VariableScope(False)
        self.counts: dict[str, int] = {}

    def open(self, name: str) -> None:
        self.counts[name] = self.counts.get(name, 0) + 1

    def close_inside(self, name: str) -> None:
        for other in self.counts:
            if other.startswith(f"{name}/"):
                self.counts[other] = 0


def _current() -> _Current:
    return get_default_graph()._attic.setdefault("variable_scope", _Current())


def get_variable_scope() -> VariableScope:
    """Return the variable scope that is open."""
    return _current().scope


def unique_scope_name(prefix: str) -> str:
    """Return `prefix`, with a number behind it if a variable scope of that name was opened here before."""
    current = _current()
    inside = f"{current.scope.name}/" if current.scope.name else ""
    name, number = prefix, 0
    while current.counts.get(inside + name, 0):
        number += 1
        name = f"{prefix}_{number}"
    return name


class pure_variable_scope:
    """A variable scope without a name scope; see `variable_scope`."""

    def __init__(
        self,
        name_or_scope: Any,
        reuse: Any = None,
        old_name_scope: str | None = None,
        constraint: Any = None,
        **given: Any,
    ) -> None:
        self._name_or_scope = name_or_scope
        self._reuse = reuse
        self._old_name_scope = old_name_scope
        self._constraint = constraint
        self._given = given
        self._saved: list[tuple[VariableScope, dict[str, int], VariableScope]] = []

    def __enter__(self) -> VariableScope:
        current = _current()
        old = current.scope
        reopened = isinstance(self._name_or_scope, VariableScope)
        base = self._name_or_scope if reopened else old
        if reopened:
            name, own_name_scope = base.name, base.original_name_scope
        else:
            name = f"{old.name}/{self._name_or_scope}" if old.name else self._name_or_scope
            own_name_scope = self._name_or_scope if self._old_name_scope is None else self._old_name_scope
        settings = {key: first(self._given.get(key), getattr(base, key)) for key in _SETTINGS}
        settings["custom_getter"] = _chained(self._given.get("custom_getter"), base.custom_getter)
        made = VariableScope(
            self._reuse or base.reuse, name=name, name_scope=own_name_scope, constraint=self._constraint, **settings
        )
        current.open(name)
        self._saved.append((old, dict(current.counts), made))
        current.scope = made
        return made

    def __exit__(self, *exc: Any) -> None:
        current = _current()
        old, counts, made = self._saved.pop()
        if current.scope is not made:
            raise RuntimeError("Improper nesting of variable_scope.")
        if isinstance(self._name_or_scope, VariableScope):
            current.counts = counts
        else:
            current.close_inside(made.name)
        current.scope = old


def _chained(inner: Any, outer: Any) -> Any:
    """Return a custom getter that asks `inner`, whose getter is `outer`."""
    if inner is None or outer is None:
        return outer if inner is None else inner

    def chained(getter: Any, *args: Any, **kwargs: Any) -> Any:
        return inner(functools.partial(outer, getter), *args, **kwargs)

    return chained


class variable_scope:
    """Put a name before the variables that `get_variable` makes in a ``with`` block, and set defaults for it.

    Parameters
    ----------
    name_or_scope : str or VariableScope
        A name, inside the scope that is open; or a scope to open again.
    default_name : str, optional
        If `name_or_scope` is None: a name that is made unique. Nothing can be shared then.
    values : list, optional
        Tensors that the block works on; their graph becomes the default graph.
    initializer, regularizer, caching_device, partitioner, custom_getter, dtype, use_resource, constraint
        Used by `get_variable` in the block where it isn't given its own.
    reuse : bool, None or AUTO_REUSE
        Share variables that are there already (True), or make those that aren't (AUTO_REUSE); None as outside.
    auxiliary_name_scope : bool
        Open a name scope, too.

    Raises
    ------
    TypeError, ValueError
        If there is no name, or `reuse` is none of these.

    Examples
    --------
    >>> with tf.variable_scope("layer"):
    ...     w = tf.get_variable("w", [2])
    >>> with tf.variable_scope("layer", reuse=True):
    ...     assert tf.get_variable("w") is w
    """

    def __init__(
        self,
        name_or_scope: Any,
        default_name: str | None = None,
        values: Any = None,
        initializer: Any = None,
        regularizer: Any = None,
        caching_device: Any = None,
        partitioner: Any = None,
        custom_getter: Any = None,
        reuse: Any = None,
        dtype: Any = None,
        use_resource: bool | None = None,
        constraint: Any = None,
        auxiliary_name_scope: bool = True,
    ) -> None:
        if default_name is None and name_or_scope is None:
            raise TypeError("If default_name is None then name_or_scope is required")
        if not (reuse is None or reuse is True or reuse is False or reuse is AUTO_REUSE):
            raise ValueError("The reuse parameter must be True or False or None.")
        if not isinstance(auxiliary_name_scope, bool):
            raise TypeError(f"The auxiliary_name_scope must be `True` or `False`, while get {auxiliary_name_scope}")
        self._name_or_scope = name_or_scope
        self._default_name = default_name
        self._reuse = reuse or None
        self._auxiliary_name_scope = auxiliary_name_scope
        self._constraint = constraint
        self._given = {
            "initializer": initializer,
            "regularizer": regularizer,
            "caching_device": caching_device,
            "partitioner": partitioner,
            "custom_getter": custom_getter,
            "dtype": dtype,
            "use_resource": use_resource,
        }
        self._graph = graph_of(values or ())
        self._opened: Any = None  # entering again opens the same scope
        self._names: Any = None
        self._stack: list[contextlib.ExitStack] = []

    def __enter__(self) -> VariableScope:
        with contextlib.ExitStack() as stack:
            if not get_default_graph().building_function:
                stack.enter_context(self._graph.as_default())
            if self._opened is None:
                scope = self._open(stack)
            else:
                if self._names is not None:
                    stack.enter_context(self._names)
                scope = stack.enter_context(self._opened)
            self._stack.append(stack.pop_all())
        return scope

    def _open(self, stack: contextlib.ExitStack) -> VariableScope:
        target = self._name_or_scope
        if target is None:
            if self._reuse:
                raise ValueError("reuse=True cannot be used without a name_or_scope")
            self._names = self._name_scope(self._default_name)
            opened = stack.enter_context(self._names)
            pure = self._pure(unique_scope_name(self._default_name or ""), None, opened)
        elif not isinstance(target, (str, VariableScope)):
            raise TypeError("VariableScope: name_or_scope must be a string or VariableScope.")
        else:
            named = target if isinstance(target, str) else target.name.split("/")[-1]
            opened = None
            if named or not self._auxiliary_name_scope:
                self._names = self._name_scope(named)
                opened = stack.enter_context(self._names)
                if isinstance(target, VariableScope):
                    opened = target.original_name_scope
            pure = self._pure(target, self._reuse, opened)
        self._opened = pure
        return stack.enter_context(pure)

    def _name_scope(self, name: str | None) -> name_scope:
        if self._auxiliary_name_scope:
            return name_scope(name)
        outside = get_default_graph().get_name_scope()
        return name_scope(f"{outside}/" if outside else "")

    def _pure(self, name_or_scope: Any, reuse: Any, opened: str | None) -> pure_variable_scope:
        return pure_variable_scope(name_or_scope, reuse, opened, self._constraint, **self._given)

    def __exit__(self, *exc: Any) -> None:
        self._stack.pop().__exit__(*exc)


@contextlib.contextmanager
def variable_op_scope(
    values: Any,
    name_or_scope: Any,
    default_name: str | None = None,
    initializer: Any = None,
    regularizer: Any = None,
    caching_device: Any = None,
    partitioner: Any = None,
    custom_getter: Any = None,
    reuse: Any = None,
    dtype: Any = None,
    use_resource: bool | None = None,
    constraint: Any = None,
) -> Iterator[VariableScope]:
    """Open a `variable_scope`; the older form, with `values` first."""
    logging.warning("tf.variable_op_scope(values, name, default_name) is deprecated, use tf.variable_scope")
    with variable_scope(
        name_or_scope,
        default_name=default_name,
        values=values,
        initializer=initializer,
        regularizer=regularizer,
        caching_device=caching_device,
        partitioner=partitioner,
        custom_getter=custom_getter,
        reuse=reuse,
        dtype=dtype,
        use_resource=use_resource,
        constraint=constraint,
    ) as scope:
        yield scope


def get_variable(
    name: str,
    shape: Any = None,
    dtype: Any = None,
    initializer: Any = None,
    regularizer: Any = None,
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
    """Return the variable `name` of the open variable scope: a new one or a shared one, as the scope's `reuse` says.

    Parameters
    ----------
    name : str
    shape : TensorShape or list, optional
        Not given if `initializer` is a value.
    dtype : DType, optional
        float32 by default.
    initializer : Initializer, callable, Tensor or value, optional
        By default the scope's, or `glorot_uniform_initializer` for floats and zeros for all else.
    regularizer : callable, optional
        Of a new variable gives a loss, which goes to `GraphKeys.REGULARIZATION_LOSSES`.
    trainable, collections, caching_device, validate_shape, use_resource, constraint, synchronization, aggregation
        See `Variable`.
    partitioner : callable, optional
        Says by shape and dtype into how many parts each axis is split.
    custom_getter : callable, optional
        Called in the place of the function that makes the variable, which is its first argument.

    Returns
    -------
    Variable or PartitionedVariable

    Raises
    ------
    ValueError
        If a new variable is there already, or one to share is not, or has another shape or dtype.
    """
    return get_variable_scope().get_variable(
        variable_store(),
        name,
        shape=shape,
        dtype=dtype,
        initializer=initializer,
        regularizer=regularizer,
        trainable=trainable,
        collections=collections,
        caching_device=caching_device,
        partitioner=partitioner,
        validate_shape=validate_shape,
        use_resource=use_resource,
        custom_getter=custom_getter,
        constraint=constraint,
        synchronization=synchronization,
        aggregation=aggregation,
    )


def get_local_variable(
    name: str,
    shape: Any = None,
    dtype: Any = None,
    initializer: Any = None,
    regularizer: Any = None,
    trainable: bool = False,
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
    """Return a variable as `get_variable` does; a new one goes to `GraphKeys.LOCAL_VARIABLES` and is not trainable."""
    return get_variable(
        name,
        shape=shape,
        dtype=dtype,
        initializer=initializer,
        regularizer=regularizer,
        trainable=False,
        collections=[*(collections or ()), GraphKeys.LOCAL_VARIABLES],
        caching_device=caching_device,
        partitioner=partitioner,
        validate_shape=validate_shape,
        use_resource=use_resource,
        custom_getter=custom_getter,
        constraint=constraint,
        synchronization=synchronization,
        aggregation=aggregation,
    )


def create_partitioned_variables(
    shape: Any,
    slicing: list[int],
    initializer: Any,
    dtype: Any = dtypes.float32,
    trainable: bool = True,
    collections: Any = None,
    name: str | None = None,
    reuse: Any = None,
) -> list[Any]:
    """Make a variable in parts and return them; `get_variable` with a partitioner is the newer way.

    Parameters
    ----------
    shape : list of int
        Of the whole.
    slicing : list of int
        Number of parts along each axis.
    initializer : Initializer, callable or Tensor
    dtype, trainable, collections, name, reuse
        See `get_variable`.

    Raises
    ------
    ValueError
        If `slicing` doesn't fit `shape`.
    """
    if len(shape) != len(slicing):
        raise ValueError(
            "The 'shape' and 'slicing' of a partitioned Variable must have the length: "
            f"shape: {shape}, slicing: {slicing}"
        )
    if not len(shape):
        raise ValueError(f"A partitioned Variable must have rank at least 1: shape: {shape}")
    with variable_scope(name, "PartitionedVariable", reuse=reuse) as scope, name_scope(None):
        if scope.custom_getter is not None:
            raise ValueError("create_partitioned_variables can't be used with a custom getter; use get_variable")
        made: PartitionedVariable = variable_store().get_partitioned(
            scope.name,
            lambda shape, dtype: slicing,
            shape,
            dtype,
            first(initializer, scope.initializer),
            reuse=scope.reuse,
            regularizer=scope.regularizer,
            trainable=trainable,
            collections=collections,
            caching_device=scope.caching_device,
            use_resource=scope.use_resource,
            constraint=scope.constraint,
        )
        return list(made)


@contextlib.contextmanager
def variable_creator_scope(variable_creator: Callable[..., Any]) -> Iterator[None]:
    """Let `variable_creator` make the variables of a ``with`` block.

    Parameters
    ----------
    variable_creator : callable
        ``variable_creator(next_creator, **kwargs)`` is given the arguments of `Variable` and returns a variable, most
        often that which ``next_creator(**kwargs)`` makes. The innermost block's is called first.
    """
    chain = creators(get_default_graph())
    chain.append(variable_creator)
    try:
        yield
    finally:
        chain.remove(variable_creator)


def _make_variable(use_resource: bool | None = None, expected_shape: Any = None, **kwargs: Any) -> Any:
    """Make a variable of the kind that the caller, the scope or the default says."""
    kind = first(use_resource, get_variable_scope().use_resource)
    if resource_variables_enabled() if kind is None else kind:
        return ResourceVariable(**kwargs)
    return RefVariable(**kwargs)


set_default_maker(_make_variable)

__all__ = [
    "AUTO_REUSE", "VariableScope", "create_partitioned_variables", "get_local_variable", "get_variable",
    "get_variable_scope", "no_regularizer", "variable_creator_scope", "variable_op_scope", "variable_scope",
]  # fmt: skip
