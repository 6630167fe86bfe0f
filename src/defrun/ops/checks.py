"""Making sure while running: check_numerics and Assert."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np

from defrun.base import dtypes
from defrun.base.errors import InvalidArgumentError
from defrun.graph.check import check
from defrun.graph.convert import convert_n_to_tensor, convert_to_tensor
from defrun.graph.graph import get_default_graph
from defrun.graph.operation import Operation, Tensor
from defrun.graph.scopes import colocate_with, control_dependencies, name_scope
from defrun.ops.array import either, identity
from defrun.ops.control import cond
from defrun.ops.declare import op
from defrun.ops.excerpt import excerpt, of_array
from defrun.ops.flow import group, no_op, with_dependencies
from defrun.ops.namespace import namespace
from defrun.ops.types import FLOAT

# -- numbers ---------------------------------------------------------------------------------------------------------


@op("CheckNumerics", "tensor: T[...] -> output: T[...]", T=FLOAT, stateful=True)
def check_numerics(tensor, message: str):
    """Return `tensor`, having made sure that all of it is finite.

    Parameters
    ----------
    tensor : Tensor
    message : str
        Begins the error's text.

    Raises
    ------
    InvalidArgumentError
        When run with an infinity or NaN in `tensor`.
    """
    xp = namespace(tensor)
    # One pass over the data: bit 0 says that there is an infinity, bit 1 that there is a NaN.
    found = xp.bitwise_or.reduce(xp.where(xp.isnan(tensor), 2, xp.isinf(tensor)).reshape(-1).astype(np.int32))
    text = message.replace("{", "{{").replace("}", "}}")
    for bits, word in ((1, "Inf"), (2, "NaN"), (3, "Inf and NaN")):
        check(found != bits, InvalidArgumentError, f"{text} : Tensor had {word} values")
    return tensor


@check_numerics.gradient
def _(op, grad):
    message = op.get_attr("message").decode()
    return check_numerics(grad, f"Not a number (NaN) or infinity (Inf) values detected in gradient. {message}")


def verify_tensor_all_finite(
    t: Any = None, msg: str | None = None, name: str | None = None, x: Any = None, message: str | None = None
) -> Tensor:
    """Return `t` as a tensor that is there only if all of it is finite.

    Parameters
    ----------
    t : Tensor
    msg : str
        Begins the error's text.
    name : str, optional
    x, message : optional
        New names of `t` and `msg`.

    Raises
    ------
    InvalidArgumentError
        When run with an infinity or NaN.
    """
    x, message = either("x", x, "t", t), either("message", message, "msg", msg)
    with name_scope(name, "VerifyFinite", [x]):
        x = convert_to_tensor(x, name="x")
        with colocate_with(x):
            return with_dependencies([check_numerics(x, message)], x)


def add_check_numerics_ops() -> Operation:
    """Make an operation that checks every floating-point tensor that is in the graph by now, in order.

    Returns
    -------
    Operation
    """
    last: list[Tensor] = []
    for node in get_default_graph().get_operations():
        for output in node.outputs:
            if output.dtype in (dtypes.float16, dtypes.float32, dtypes.float64):
                with control_dependencies(last):
                    last = [check_numerics(output, f"{node.name}:{output.value_index}")]
    return group(*last)


# -- conditions ------------------------------------------------------------------------------------------------------


@op("Assert", "condition: bool[], data: list(T) ->", stateful=True, differentiable=False)
def _assert(condition, data, summarize: int = 3):
    """Let the run fail, showing `data`, unless `condition` holds."""
    if isinstance(condition, (np.ndarray, np.bool_)) and not any(isinstance(v, jnp.ndarray) for v in data):
        if not condition:
            shown = " ".join(f"[{of_array(v, summarize)}]" if np.ndim(v) == 0 else of_array(v, summarize) for v in data)
            raise InvalidArgumentError(None, None, f"assertion failed: {shown}")
        return
    texts, values = [], []
    for value in data:
        text, elements = _template(value, summarize)
        texts.append(f"[{text}]" if np.ndim(value) == 0 else text)
        values.extend(elements)
    check(condition, InvalidArgumentError, f"assertion failed: {' '.join(texts)}", *values)


def _template(value: Any, limit: int) -> tuple[str, list[Any]]:
    """Return a format string for the first elements of `value`, and the elements that go in."""
    if not isinstance(value, jnp.ndarray):
        return of_array(value, limit).replace("{", "{{").replace("}", "}}"), []
    place = "{:.6g}" if jnp.issubdtype(value.dtype, jnp.floating) else "{:d}" if value.dtype == bool else "{}"
    flat, taken = value.reshape(-1), []

    def take(i: int) -> str:
        taken.append(flat[i])
        return place

    return excerpt(value.shape, limit, take), taken


def Assert(condition: Any, data: Any, summarize: int | None = None, name: str | None = None) -> Operation:
    """Make an operation that lets the run fail unless `condition` holds.

    Like any operation it runs only if something fetched waits for it, by `control_dependencies` or `group`.

    Parameters
    ----------
    condition : bool Tensor []
    data : list of Tensor
        What the error shows.
    summarize : int, optional
        How many elements of each it shows, 3 by default; -1 shows all.
    name : str, optional

    Returns
    -------
    Operation

    Raises
    ------
    InvalidArgumentError
        When run and `condition` doesn't hold.
    """
    with name_scope(name, "Assert", [condition, data]):
        shown = convert_n_to_tensor(data)
        if all(t.dtype.base_dtype in (dtypes.string, dtypes.int32) for t in shown):
            return _assert(condition, data, summarize, name="Assert")
        condition = convert_to_tensor(condition, name="Condition")

        def holds() -> Tensor:
            with control_dependencies([no_op()]):
                kept = identity(condition)
            get_default_graph()._phantoms -= 1  # TensorFlow takes no argument here
            return kept

        def fails() -> Tensor:
            with control_dependencies([_assert(condition, data, summarize, name="Assert")]):
                return identity(condition)

        return cond(condition, holds, fails, name="AssertGuard").op
