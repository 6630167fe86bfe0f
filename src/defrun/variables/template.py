"""`make_template`: a function whose variables are made at its first call and shared by all later ones."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from defrun.base import logging
from defrun.graph.collections import GraphKeys
from defrun.graph.operation import user_frame
from defrun.graph.scopes import get_collection, get_collection_ref
from defrun.variables.scope import VariableScope, pure_variable_scope, unique_scope_name, variable_scope


class Template:
    """A function with variables of its own; `make_template` makes these."""

    def __init__(
        self,
        name: str,
        func: Callable[..., Any],
        create_scope_now: bool = False,
        unique_name: str | None = None,
        custom_getter: Any = None,
    ) -> None:
        if name is None:
            raise ValueError("name cannot be None.")
        self._name = name
        self._func = func
        self._unique_name = unique_name
        self._custom_getter = custom_getter
        self._place = user_frame()
        self._variable_scope: VariableScope | None = None
        self._called = False
        self._variables_created = False
        if create_scope_now:
            own_name = unique_name or unique_scope_name(name)
            with pure_variable_scope(own_name, custom_getter=custom_getter) as scope:
                self._variable_scope = scope

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function in its variable scope."""
        if self._variable_scope is not None:
            with variable_scope(self._variable_scope, reuse=self._called):
                return self._call(args, kwargs)
        with variable_scope(self._unique_name, self._name, custom_getter=self._custom_getter) as scope:
            self._variable_scope = scope
            return self._call(args, kwargs)

    def _call(self, args: Any, kwargs: Any) -> Any:
        first, self._called = not self._called, True
        all_before = len(get_collection_ref(GraphKeys.GLOBAL_VARIABLES))
        trainable_before = len(get_collection_ref(GraphKeys.TRAINABLE_VARIABLES))
        try:
            result = self._func(*args, **kwargs)
        except Exception as error:
            self._called = not first
            if self._place is not None:
                code, line = self._place
                error.add_note(f"in the template {self._name!r}, defined at {code.co_filename}:{line}")
            raise
        if first:
            self._variables_created = True
        elif self._variables_created:
            made = get_collection_ref(GraphKeys.TRAINABLE_VARIABLES)[trainable_before:]
            if made:
                raise ValueError(
                    "Trainable variable created when calling a template after the first time, perhaps you used "
                    f"tf.Variable when you meant tf.get_variable: {made}"
                )
            others = get_collection_ref(GraphKeys.GLOBAL_VARIABLES)[all_before:]
            if others:
                logging.info("New variables created when calling a template after the first time: %s", others)
        return result

    @property
    def name(self) -> str:
        """The name."""
        return self._name

    @property
    def func(self) -> Callable[..., Any]:
        """The function."""
        return self._func

    @property
    def variable_scope(self) -> VariableScope | None:
        """The variable scope; None before the first call, unless it was made at once."""
        return self._variable_scope

    var_scope = variable_scope

    @property
    def variable_scope_name(self) -> str | None:
        """The name of the variable scope, with a slash at its end."""
        if self._variable_scope is None:
            return None
        name = self._variable_scope.name
        return f"{name}/" if name and not name.endswith("/") else name

    def _collection(self, key: str) -> list[Any]:
        return get_collection(key, self.variable_scope_name) if self._variables_created else []

    @property
    def trainable_variables(self) -> list[Any]:
        """The trainable variables that it made."""
        return self._collection(GraphKeys.TRAINABLE_VARIABLES)

    @property
    def global_variables(self) -> list[Any]:
        """The global variables that it made."""
        return self._collection(GraphKeys.GLOBAL_VARIABLES)

    @property
    def local_variables(self) -> list[Any]:
        """The local variables that it made."""
        return self._collection(GraphKeys.LOCAL_VARIABLES)

    @property
    def variables(self) -> list[Any]:
        """The global and local variables that it made."""
        return self.global_variables + self.local_variables

    @property
    def non_trainable_variables(self) -> list[Any]:
        """The global variables that it made and that are not trainable."""
        trainable = set(self.trainable_variables)
        return [v for v in self.global_variables if v not in trainable]

    weights = variables
    trainable_weights = trainable_variables
    non_trainable_weights = non_trainable_variables


def make_template(
    name_: str,
    func_: Callable[..., Any],
    create_scope_now_: bool = False,
    unique_name_: str | None = None,
    custom_getter_: Any = None,
    **kwargs: Any,
) -> Template:
    """Wrap a function such that its `get_variable` makes variables at the first call and shares them at later ones.

    Parameters
    ----------
    name_ : str
        Of the variable scope; made unique.
    func_ : callable
    create_scope_now_ : bool
        Open the variable scope now, not at the first call.
    unique_name_ : str, optional
        A name to take as it is.
    custom_getter_ : callable, optional
        See `get_variable`.
    **kwargs
        Given to `func_` at each call.

    Examples
    --------
    >>> scale = tf.make_template("scale", lambda x: x * tf.get_variable("w", [1]))
    >>> a, b = scale(x), scale(y)  # with one and the same w
    """
    bound = functools.partial(func_, **kwargs) if kwargs else func_
    return Template(name_, bound, create_scope_now_, unique_name_, custom_getter_)


__all__ = ["Template", "make_template"]
