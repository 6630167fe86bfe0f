"""Turning scores into alignments, which add up to 1 or, for monotonic attention, move on only."""

from __future__ import annotations

from typing import Any

import numpy as np

from defrun.base.shapes import dimension_value
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.arrange import transpose
from defrun.ops.array import reshape
from defrun.ops.array import shape as shape_node
from defrun.ops.cast import cast
from defrun.ops.creation import one_hot, ones, zeros
from defrun.ops.cumulate import cumprod, cumsum
from defrun.ops.elementary import exp, log, sigmoid
from defrun.ops.functional import scan
from defrun.ops.join import concat
from defrun.ops.limits import clip_by_value
from defrun.ops.random import random_normal
from defrun.ops.reduce import argmax


def hardmax(logits: Any, name: str | None = None) -> Tensor:
    """Return 1 at the largest of each row of `logits` [batch, n] and 0 elsewhere."""
    with name_scope(name, "Hardmax", [logits]):
        logits = convert_to_tensor(logits, name="logits")
        known = dimension_value(logits.get_shape()[-1])
        depth = shape_node(logits)[-1] if known is None else known
        return one_hot(argmax(logits, -1), depth, dtype=logits.dtype)


def safe_cumprod(x: Any, *args: Any, **kwargs: Any) -> Tensor:
    """Return the cumulative product of numbers between 0 and 1 by way of their logarithms.

    Parameters
    ----------
    x : float Tensor
    *args, **kwargs
        As of `tf.cumsum`.
    """
    with name_scope(None, "SafeCumprod", [x]):
        x = convert_to_tensor(x, name="x")
        tiny = np.finfo(x.dtype.as_numpy_dtype).tiny
        return exp(cumsum(log(clip_by_value(x, tiny, 1)), *args, **kwargs))


def monotonic_attention(p_choose_i: Any, previous_attention: Any, mode: str) -> Tensor:
    """Return the attention of a step that never goes back.

    Parameters
    ----------
    p_choose_i : float Tensor [batch, length]
        How likely each place is chosen once the attention comes to it.
    previous_attention : float Tensor [batch, length]
    mode : str
        ``"recursive"`` (exact, one place after the other), ``"parallel"`` (all at once, not as exact where
        probabilities are near 0 or 1) or ``"hard"`` (probabilities are 0 and 1).

    Returns
    -------
    float Tensor [batch, length]

    Raises
    ------
    ValueError
        If `mode` is another.
    """
    chosen = convert_to_tensor(p_choose_i, name="p_choose_i")
    previous = convert_to_tensor(previous_attention, name="previous_attention")
    if mode == "recursive":
        rows = dimension_value(chosen.shape[0]) or shape_node(chosen)[0]
        passed = concat([ones((rows, 1)), 1 - chosen[:, :-1]], 1)
        return chosen * transpose(
            scan(
                lambda before, step: reshape(step[0] * before + step[1], (rows,)),
                [transpose(passed), transpose(previous)],
                zeros((rows,)),
            )
        )
    if mode == "parallel":
        passed = safe_cumprod(1 - chosen, axis=1, exclusive=True)
        return chosen * passed * cumsum(previous / clip_by_value(passed, 1e-10, 1.0), axis=1)
    if mode == "hard":
        chosen *= cumsum(previous, axis=1)
        return chosen * cumprod(1 - chosen, axis=1, exclusive=True)
    raise ValueError(f"mode must be 'recursive', 'parallel', or 'hard', not {mode!r}")


def _monotonic_probability_fn(
    score: Tensor, previous_alignments: Tensor, sigmoid_noise: float, mode: str, seed: int | None = None
) -> Tensor:
    """Return the alignments of monotonic attention for scores [batch, length], with noise on these."""
    if sigmoid_noise > 0:
        score += sigmoid_noise * random_normal(shape_node(score), dtype=score.dtype, seed=seed)
    chosen = cast(score > 0, score.dtype) if mode == "hard" else sigmoid(score)
    return monotonic_attention(chosen, previous_alignments, mode)
