"""Beam search: the sequences that a search has found."""

from __future__ import annotations

import jax.numpy as jnp
from jax import lax

from defrun.base import dtypes
from defrun.base.errors import InvalidArgumentError
from defrun.graph.check import check
from defrun.ops.declare import op


def _checked(step_ids, parent_ids, max_sequence_lengths, end_token):
    for name, dims, rank in (
        ("step_ids", step_ids, 3),
        ("parent_ids", parent_ids, 3),
        ("max_sequence_lengths", max_sequence_lengths, 1),
        ("end_token", end_token, 0),
    ):
        if dims is not None and len(dims) != rank:
            raise ValueError(f"GatherTree: {name} must be of rank {rank}, but its shape is {dims}")
    lengths = (None, None if max_sequence_lengths is None else max_sequence_lengths[0], None)
    return _merged(_merged(step_ids, parent_ids), lengths)


def _merged(a, b):
    if a is None or b is None:
        return a if b is None else b
    if any(x is not None and y is not None and x != y for x, y in zip(a, b, strict=True)):
        raise ValueError(f"GatherTree: shapes {a} and {b} don't go together")
    return tuple(y if x is None else x for x, y in zip(a, b, strict=True))


@op(
    "GatherTree",
    "step_ids: T, parent_ids: T, max_sequence_lengths: int32, end_token: T -> beams: T",
    T={dtypes.int32},
    shape=_checked,
    differentiable=False,
)
def gather_tree(step_ids, parent_ids, max_sequence_lengths, end_token):
    """Follow the parents of each beam from its end to its start, and put the ids on the way in order.

    Parameters
    ----------
    step_ids, parent_ids : int32 Tensor [steps, batch, beams]
        What each beam took at each step, and which beam of the step before it went on from.
    max_sequence_lengths : int32 Tensor [batch]
        The steps after that count as ended.
    end_token : int32 Tensor []
        What stands after the first `end_token` of a sequence, and after its length.

    Returns
    -------
    int32 Tensor [steps, batch, beams]

    Raises
    ------
    InvalidArgumentError
        If a parent on the way is no beam.
    """
    _checked(step_ids.shape, parent_ids.shape, max_sequence_lengths.shape, end_token.shape)
    steps, batch, beams = step_ids.shape
    rows = jnp.arange(batch)[:, None]
    lengths = max_sequence_lengths[:, None]

    if step_ids.size == 0:
        return step_ids

    def back(at, step):
        time, ids, parents = step
        inside = time < lengths
        known = (at >= 0) & (at < beams)
        safe = jnp.clip(at, 0, beams - 1)
        taken = jnp.where(inside, ids[rows, safe], end_token)
        return jnp.where(inside, parents[rows, safe], at), (taken, jnp.where(known | ~inside, 0, at))

    last = jnp.broadcast_to(jnp.arange(beams, dtype=step_ids.dtype), (batch, beams))
    found, wrong = lax.scan(back, last, (jnp.arange(steps), step_ids, parent_ids), reverse=True)[1]
    worst = wrong.ravel()[jnp.argmax(wrong != 0)]
    check(worst == 0, InvalidArgumentError, f"GatherTree: parent_ids holds {{}}, but there are {beams} beams", worst)
    ended = jnp.cumsum(found == end_token, axis=0, dtype=jnp.int32) > 0
    return jnp.where(ended, end_token, found)
