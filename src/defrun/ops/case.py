"""`case`: the first of several branches whose predicate holds."""

from __future__ import annotations

import functools
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from defrun.base import dtypes
from defrun.base.logging import warning
from defrun.graph.operation import Operation, Tensor
from defrun.graph.scopes import control_dependencies, name_scope
from defrun.ops.cast import cast
from defrun.ops.checks import Assert
from defrun.ops.compare import less_equal
from defrun.ops.constant import constant
from defrun.ops.control import cond
from defrun.ops.join import stack
from defrun.ops.reduce import reduce_sum


def case(
    pred_fn_pairs: Any, default: Any = None, exclusive: bool = False, strict: bool = False, name: str = "case"
) -> Any:
    """Run the function of the first predicate that holds.

    Parameters
    ----------
    pred_fn_pairs : list of (bool Tensor [], callable), or dict
        The functions return the same structure of tensors of the same types.
    default : callable, optional
        Runs where no predicate holds; without it one of them must.
    exclusive : bool
        Let the run fail if several predicates hold.
    strict : bool
        Keep a list of one element as a list.
    name : str

    Raises
    ------
    TypeError
        If `pred_fn_pairs` is something else.
    InvalidArgumentError
        When run, if more predicates hold than may, or none and there is no `default`.
    """
    pairs = _pairs(pred_fn_pairs, exclusive, name)
    with name_scope(name, "case", [[p for p, _ in pairs]]):
        if default is None:
            *pairs, last = pairs
            default = _checked_last(last, [p for p, _ in pairs])
        function = default
        for predicate, action in reversed(pairs):
            function = functools.partial(cond, predicate, action, function, strict)
        if not exclusive:
            return function()
        few = _assert_at_most([p for p, _ in pairs], 1, "Input error: exclusive=True")
        with control_dependencies([few]):
            return function()


def _pairs(given: Any, exclusive: bool, name: str) -> list[tuple[Tensor, Callable[[], Any]]]:
    if not isinstance(given, (list, tuple, dict)):
        raise TypeError(f"pred_fn_pairs must be a list, tuple or dict, not {given!r}")
    if isinstance(given, dict):
        pairs: list[Any] = list(given.items())
        if not isinstance(given, OrderedDict):
            pairs.sort(key=lambda pair: pair[0].name)
            if not exclusive:
                warning("%s: a dict is not ordered; the conditions are tested in the order of their names.", name)
    else:
        pairs = list(given)
    for pair in pairs:
        if not isinstance(pair, tuple) or len(pair) != 2:
            raise TypeError(f"Each entry of pred_fn_pairs must be a 2-tuple, not {pair!r}")
        predicate, function = pair
        if not isinstance(predicate, Tensor):
            raise TypeError(f"pred must be a Tensor, not {predicate!r}")
        if predicate.dtype != dtypes.bool:
            raise TypeError(f"pred must be of type bool: {predicate}")
        if not callable(function):
            raise TypeError(f"fn for pred {predicate.name} must be callable.")
    if not pairs:
        raise ValueError("pred_fn_pairs is empty")
    return pairs


def _checked_last(last: tuple[Tensor, Callable[[], Any]], others: list[Tensor]) -> Callable[[], Any]:
    """Return the last pair's function in the form that runs if no other does: its own predicate must hold then."""
    predicate, action = last

    def function() -> Any:
        predicates = [*others, predicate]
        nothing = ("None of the conditions holds:", stack(predicates, name="preds_c"))
        none_before = _assert_at_most(others, 0, "Default action runs though it is not the only one")
        with control_dependencies([none_before, Assert(predicate, data=nothing)]):
            return action()

    return function


def _assert_at_most(predicates: list[Tensor], n: int, text: str) -> Operation:
    all_of_them = stack(predicates, name="preds_c")
    holding = reduce_sum(cast(all_of_them, dtypes.int32), name="num_true_conds")
    few = less_equal(holding, constant(n, name="n_true_conds"))
    names = ", ".join(p.name for p in predicates)
    shown = [f"{text}: more than {n} conditions ({names}) evaluated as True:", all_of_them]
    return Assert(few, shown, summarize=len(predicates))
