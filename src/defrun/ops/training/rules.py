"""What all updates share: how a rule is applied to whole variables, or to some of their rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp

from defrun.base import shapes
from defrun.ops.bounds import rows_to_write
from defrun.ops.types import COMPLEX, FLOAT, INDEX

DENSE: Any = {"T": FLOAT | COMPLEX, "differentiable": False}
SPARSE: Any = {**DENSE, "Tindices": INDEX, "if_padded": {"grad": "ends", "indices": "ends"}}
REAL_DENSE: Any = {"T": FLOAT, "differentiable": False}
REAL_SPARSE: Any = {**SPARSE, **REAL_DENSE}

Keep = Callable[[Any, Any], Any]
"""``keep(new, old)`` gives what a variable holds from then on."""


def update(ok: Any, rule: Callable[..., Any], variables: tuple[Any, ...], grad: Any) -> tuple[Any, ...]:
    """Apply ``rule(keep, *variables)`` to whole variables; they stay as they are where `ok` doesn't hold.

    A rule computes what it writes later from what it has kept, not from the new value again: so each is computed once.
    """
    for value in (grad, *variables):
        if value.shape != variables[0].shape:
            raise ValueError(
                f"the variable has shape {shapes.text(variables[0].shape)}, its slots and its gradient should have, "
                f"too, but one has {shapes.text(value.shape)}"
            )
    new = rule(_new if ok is None else lambda new, old: jnp.where(ok, new, old), *variables)
    return new if isinstance(new, tuple) else (new,)


def update_rows(
    ok: Any, padded: bool, rule: Callable[..., Any], variables: tuple[Any, ...], grad: Any, indices: Any
) -> tuple[Any, ...]:
    """Apply ``rule(keep, *rows)`` to the rows `indices` of variables, each of which comes once.

    Nothing is written where `ok` doesn't hold, so that large tables are updated where they are. If `indices` are
    `padded`, their padding is left out.
    """
    first = variables[0].shape
    if not first:
        raise ValueError("var must be at least 1 dimensional")
    if any(v.shape != first for v in variables) or grad.shape != (*indices.shape, *first[1:]):
        raise ValueError(
            f"gradients of shape {shapes.text(grad.shape)} for {shapes.text(indices.shape)} rows don't fit variables "
            f"of shape {' and '.join(shapes.text(v.shape) for v in variables)}"
        )
    rows = rows_to_write(indices, first[0], ok, padded)
    new = rule(_new, *(v.at[rows].get(mode="clip", wrap_negative_indices=False) for v in variables))
    pairs = zip(variables, new if isinstance(new, tuple) else (new,), strict=True)
    return tuple(v.at[rows].set(value, mode="drop", wrap_negative_indices=False) for v, value in pairs)


def _new(new: Any, old: Any) -> Any:
    return new


def shrunk(value: Any, l1: Any) -> Any:
    """Move `value` towards 0 by `l1`, and not beyond."""
    return jnp.sign(value) * jnp.maximum(jnp.abs(value) - l1, 0)
