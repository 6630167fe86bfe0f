"""What a metric keeps between steps, and how it shows its two results: its value, and the update that counts a step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from defrun.graph.collections import GraphKeys
from defrun.graph.operation import Tensor
from defrun.graph.scopes import add_to_collections
from defrun.ops import array, creation, limits, math
from defrun.variables.modes import VariableAggregation, VariableSynchronization
from defrun.variables.variable import Variable

Metric = tuple[Tensor, Tensor]  # (value, update)
Made = TypeVar("Made", bound=Callable[..., Any])

_DOC = """

    Parameters
    ----------
    {inputs}
    weights : Tensor, optional
        A scalar, or of the rank of the labels (or values), each axis 1 or their size; 0 leaves an element out.
    metrics_collections, updates_collections : list of str, optional
        Where the value and the update are noted.
    name : str, optional
        Of the variable scope.

    Returns
    -------
    value : Tensor
        The measure of all that was counted so far.
    update : Tensor
        Counts what is there now; the measure after that.

    Raises
    ------
    ValueError
        If shapes don't fit{more}.
    """


def documented(inputs: str = "labels, predictions : Tensor [...]", more: str = "") -> Callable[[Made], Made]:
    """Add to a metric's docstring what all metrics have in common."""

    def add(function: Made) -> Made:
        function.__doc__ = f"{function.__doc__}{_DOC.format(inputs=inputs, more=more)}"
        return function

    return add


def metric_variable(shape: Any, dtype: Any, validate_shape: bool = True, name: str | None = None) -> Any:
    """Make a variable of zeros in `GraphKeys.LOCAL_VARIABLES` and `GraphKeys.METRIC_VARIABLES`.

    Parameters
    ----------
    shape : list of int
    dtype : DType
    validate_shape : bool
        False lets later values have other shapes.
    name : str, optional
    """
    return Variable(
        lambda: creation.zeros(shape, dtype),
        trainable=False,
        collections=[GraphKeys.LOCAL_VARIABLES, GraphKeys.METRIC_VARIABLES],
        validate_shape=validate_shape,
        synchronization=VariableSynchronization.ON_READ,
        aggregation=VariableAggregation.SUM,
        name=name,
    )


def noted(value: Tensor, collections: Any) -> Tensor:
    """Return `value`, after adding it to `collections` if there are any."""
    if collections:
        add_to_collections(collections, value)
    return value


def aggregate_variable(v: Any, collections: Any) -> Tensor:
    """Return the value of a metric's variable, added to `collections` if there are any."""
    return noted(array.identity(v), collections)


def safe_scalar_div(numerator: Tensor, denominator: Tensor, name: str | None) -> Tensor:
    """Return the quotient of two scalars, 0 where the denominator is."""
    numerator.get_shape().with_rank_at_most(1)
    denominator.get_shape().with_rank_at_most(1)
    return math.div_no_nan(numerator, denominator, name=name)


def share(part: Any, whole: Any, name: str | None) -> Tensor:
    """Return `part` / `whole`, 0 where the whole is not positive."""
    return math.div_no_nan(part, limits.maximum(whole, 0), name=name)
