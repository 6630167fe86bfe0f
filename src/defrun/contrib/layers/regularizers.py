"""The regularizers of `tf.contrib.layers`: functions from weights to a loss."""

from __future__ import annotations

import numbers
from collections.abc import Callable, Sequence
from typing import Any

from defrun.base import logging
from defrun.graph.collections import GraphKeys
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import add_to_collection, get_collection, name_scope
from defrun.ops.constant import constant
from defrun.ops.elementary import abs as absolute
from defrun.ops.math import add_n, multiply
from defrun.ops.nn import l2_loss
from defrun.ops.reduce import reduce_sum

Regularizer = Callable[[Any], Tensor | None]


def l1_regularizer(scale: Any, scope: str | None = None) -> Regularizer:
    """Return a function that gives ``scale * sum(abs(weights))``; a scale of 0 gives none.

    Parameters
    ----------
    scale : float or Tensor []
    scope : str, optional

    Raises
    ------
    ValueError
        If `scale` is negative, or an integer.
    """
    return _scaled(scale, scope, "l1_regularizer", lambda weights: reduce_sum(absolute(weights)))


def l2_regularizer(scale: Any, scope: str | None = None) -> Regularizer:
    """Return a function that gives ``scale * sum(weights ** 2) / 2``; a scale of 0 gives none.

    Parameters
    ----------
    scale : float or Tensor []
    scope : str, optional

    Raises
    ------
    ValueError
        If `scale` is negative, or an integer.
    """
    return _scaled(scale, scope, "l2_regularizer", l2_loss)


def _scaled(scale: Any, scope: str | None, name: str, measure: Callable[[Any], Tensor]) -> Regularizer:
    if isinstance(scale, numbers.Integral):
        raise ValueError(f"scale cannot be an integer: {scale}")
    if isinstance(scale, numbers.Real):
        if scale < 0.0:
            raise ValueError(f"Setting a scale less than 0 on a regularizer: {scale:g}")
        if scale == 0.0:
            logging.info("Scale of 0 disables regularizer.")
            return lambda _: None

    def regularizer(weights: Any) -> Tensor:
        with name_scope(scope, name, [weights]) as own:
            factor = convert_to_tensor(scale, dtype=weights.dtype.base_dtype, name="scale")
            return multiply(factor, measure(weights), name=own)

    return regularizer


def l1_l2_regularizer(scale_l1: Any = 1.0, scale_l2: Any = 1.0, scope: str | None = None) -> Regularizer | None:
    """Return a function that gives the sum of `l1_regularizer` and `l2_regularizer`.

    Parameters
    ----------
    scale_l1, scale_l2 : float or Tensor []
    scope : str, optional

    Raises
    ------
    ValueError
        If a scale is negative, or an integer.
    """
    for scale in (scale_l1, scale_l2):
        if isinstance(scale, numbers.Integral):
            raise ValueError(f"scale cannot be an integer: {scale}")
    name = scope or "l1_l2_regularizer"
    if isinstance(scale_l1, numbers.Real) and scale_l1 == 0.0:
        return l2_regularizer(scale_l2, name)
    if isinstance(scale_l2, numbers.Real) and scale_l2 == 0.0:
        return l1_regularizer(scale_l1, name)
    return sum_regularizer([l1_regularizer(scale_l1), l2_regularizer(scale_l2)], scope=name)


def sum_regularizer(regularizer_list: Sequence[Regularizer | None], scope: str | None = None) -> Regularizer | None:
    """Return a function that gives the sum of several regularizers; None of none.

    Parameters
    ----------
    regularizer_list : list of callable or None
    scope : str, optional
    """
    regularizers = [regularizer for regularizer in regularizer_list if regularizer is not None]
    if not regularizers:
        return None

    def regularizer(weights: Any) -> Tensor | None:
        with name_scope(scope, "sum_regularizer", [weights]) as own:
            losses = [loss for part in regularizers if (loss := part(weights)) is not None]
            return add_n(losses, name=own) if losses else None

    return regularizer


def apply_regularization(regularizer: Regularizer, weights_list: Sequence[Any] | None = None) -> Tensor:
    """Return the sum of the losses that `regularizer` gives for each of several weights.

    It goes to `GraphKeys.REGULARIZATION_LOSSES`.

    Parameters
    ----------
    regularizer : callable
    weights_list : list of Tensor or Variable, optional
        By default `GraphKeys.WEIGHTS`.

    Raises
    ------
    ValueError
        If there are no weights, or a loss is no scalar.
    """
    weights = weights_list or get_collection(GraphKeys.WEIGHTS)
    if not weights:
        raise ValueError("No weights to regularize.")
    with name_scope("get_regularization_penalty", values=weights) as scope:
        given = [regularizer(w) for w in weights]
        losses = [constant(0.0) if loss is None else loss for loss in given]
        for loss in losses:
            if loss.dims != ():
                raise ValueError(f"regularizer must return a scalar Tensor, not one of shape {loss.shape}.")
        total = add_n(losses, name=scope)
    add_to_collection(GraphKeys.REGULARIZATION_LOSSES, total)
    return total
