"""What several distributions need: parameters given in either of two ways, checks of parameters, counting, seeds."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np

from defrun.base import dtypes
from defrun.base.dtypes import DType
from defrun.base.shapes import dimension_value
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.graph.static import constant_value
from defrun.ops.array import shape as shape_node
from defrun.ops.asserts import (
    assert_equal,
    assert_greater_equal,
    assert_less_equal,
    assert_near,
    assert_non_negative,
    assert_rank_at_least,
)
from defrun.ops.cast import cast
from defrun.ops.constant import constant
from defrun.ops.elementary import log, log1p, sigmoid
from defrun.ops.flow import no_op, with_dependencies
from defrun.ops.join import concat
from defrun.ops.reduce import reduce_sum
from defrun.ops.select import where, where_v2
from defrun.ops.slicing import slice_
from defrun.ops.softmax import softmax
from defrun.ops.special import lgamma

_SAME_SIZE = {dtypes.float16: dtypes.int16, dtypes.float32: dtypes.int32, dtypes.float64: dtypes.int64}
_UNSIGNED = (dtypes.bool, dtypes.uint8, dtypes.uint16)


def get_logits_and_probs(
    logits: Any = None,
    probs: Any = None,
    multidimensional: bool = False,
    validate_args: bool = False,
    name: str = "get_logits_and_probs",
    dtype: Any = None,
) -> tuple[Tensor, Tensor]:
    """Return logits and probabilities, of which one is given.

    Parameters
    ----------
    logits, probs : Tensor
        Logarithms of odds, or of weights if `multidimensional`; and probabilities.
    multidimensional : bool
        The last axis has the classes; otherwise each probability stands for itself.
    validate_args : bool
    name : str
    dtype : DType, optional

    Raises
    ------
    ValueError
        If both are given, or none.
    TypeError
        If what is given is not floating.
    """
    with name_scope(name, values=[probs, logits]):
        if (probs is None) == (logits is None):
            raise ValueError("Must pass probs or logits, but not both.")
        if probs is None:
            logits = _floating(logits, "logits", dtype)
            if not multidimensional:
                return logits, sigmoid(logits, name="probs")
            if validate_args:
                logits = embed_check_categorical_event_shape(logits)
            return logits, softmax(logits, name="probs")
        probs = _floating(probs, "probs", dtype)
        if validate_args:
            probs = _checked_probs(probs, multidimensional)
        with name_scope("logits"):
            if multidimensional:
                return log(probs), probs
            return log(probs) - log1p(-1.0 * probs), probs


def _floating(value: Any, name: str, dtype: Any) -> Tensor:
    value = convert_to_tensor(value, name=name, dtype=dtype)
    if not value.dtype.is_floating:
        raise TypeError(f"{name} must have a floating type, got {value.dtype.name}")
    return value


def _checked_probs(probs: Tensor, multidimensional: bool) -> Tensor:
    with name_scope("validate_probs"):
        one = constant(1.0, probs.dtype)
        checks = [assert_non_negative(probs)]
        if multidimensional:
            probs = embed_check_categorical_event_shape(probs)
            checks.append(assert_near(reduce_sum(probs, -1), one, message="probs must sum to 1"))
        else:
            checks.append(assert_less_equal(probs, one, message="probs must not exceed 1"))
        return with_dependencies(checks, probs)


# -- checks ----------------------------------------------------------------------------------------------------------


def assert_integer_form(
    x: Any,
    data: Any = None,
    summarize: int | None = None,
    message: str | None = None,
    int_dtype: Any = None,
    name: str = "assert_integer_form",
) -> Any:
    """Assert that all elements are whole numbers (of `int_dtype`)."""
    with name_scope(name, values=[x, data]):
        x = convert_to_tensor(x, name="x")
        if x.dtype.is_integer:
            return no_op()
        if int_dtype is None and x.dtype.base_dtype not in _SAME_SIZE:
            raise TypeError(f"Unrecognized type {x.dtype.name}")
        whole = cast(cast(x, int_dtype or _SAME_SIZE[x.dtype.base_dtype]), x.dtype)
        message = message or f"{x} must be whole numbers"
        return assert_equal(x, whole, data=data, summarize=summarize, message=message, name=name)


def embed_check_nonnegative_integer_form(x: Any, name: str = "embed_check_nonnegative_integer_form") -> Tensor:
    """Return `x`; the run fails unless all elements are whole and none is negative."""
    with name_scope(name, values=[x]):
        x = convert_to_tensor(x, name="x")
        checks = [assert_non_negative(x, message=f"{x} must not be negative")]
        if not x.dtype.is_integer:
            checks.append(assert_integer_form(x, message=f"{x} must be whole numbers"))
        return with_dependencies(checks, x)


def embed_check_categorical_event_shape(
    categorical_param: Any, name: str = "embed_check_categorical_event_shape"
) -> Tensor:
    """Return the parameter; an error unless it has at least one axis, and along the last one two or more classes.

    Raises
    ------
    ValueError
        If the shape is known and wrong.
    TypeError
        If the dtype is not floating.
    """
    with name_scope(name, values=[categorical_param]):
        x = convert_to_tensor(categorical_param, name="categorical_param")
        if x.dtype.base_dtype not in _SAME_SIZE:
            raise TypeError(f"Unable to validate size of unrecognized dtype ({x.dtype.name}).")
        most = _largest(x.dtype)
        try:
            classes = dimension_value(x.shape.with_rank_at_least(1)[-1])
        except ValueError:
            raise ValueError(f"A categorical parameter must have at least 1 dimension, got {x}") from None
        if classes is not None:
            if not 2 <= classes <= most:
                raise ValueError(f"A categorical parameter of {x.dtype.name} must have 2 to {most} classes, got {x}")
            return x
        count = shape_node(x, name="x_shape")[-1]
        checks = [
            assert_rank_at_least(x, 1, message="A categorical parameter must have at least 1 dimension."),
            assert_greater_equal(shape_node(x)[-1], 2, message="A categorical parameter must have at least 2 classes."),
            assert_less_equal(count, most, message=f"{x.dtype.name} can't count so many classes"),
        ]
        return with_dependencies(checks, x)


def embed_check_integer_casting_closed(
    x: Any, target_dtype: DType, assert_nonnegative: bool = True, name: str = "embed_check_casting_closed"
) -> Tensor:
    """Return `x`; the run fails unless casting to `target_dtype` (bool counts as 0 and 1) would keep every element.

    Raises
    ------
    TypeError
        If neither type is an integer's.
    """
    with name_scope(name, values=[x]):
        x = convert_to_tensor(x, name="x")
        for kind in (x.dtype, target_dtype):
            if not _is_whole(kind) and not kind.is_floating:
                raise TypeError(f"{kind.name} must be a floating or integer type.")
        if not _is_whole(x.dtype) and not _is_whole(target_dtype):
            raise TypeError(f"One of {x.dtype.name} (of {x}) and {target_dtype.name} must be an integer type.")
        checks = []
        if assert_nonnegative:
            checks.append(assert_non_negative(x, message="Elements must be non-negative."))
        if x.dtype.is_floating:
            fits = f"Elements must be {target_dtype.name}-equivalent."
            checks.append(assert_integer_form(x, int_dtype=target_dtype, message=fits))
        else:
            most, least = _largest(target_dtype), _smallest(target_dtype)
            if _largest(x.dtype) > most:
                checks.append(assert_less_equal(x, most, message=f"Elements cannot exceed {most}."))
            if not assert_nonnegative and _smallest(x.dtype) < least:
                checks.append(assert_greater_equal(x, least, message=f"Elements cannot be smaller than {least}."))
        return with_dependencies(checks, x) if checks else x


def _is_whole(dtype: DType) -> bool:
    return dtype.is_integer or dtype.base_dtype is dtypes.bool


def _largest(dtype: DType) -> int:
    """The largest number up to which `dtype` has all whole ones."""
    if dtype.is_floating:
        return int(2 ** (np.finfo(dtype.as_numpy_dtype).nmant + 1))
    return 1 if dtype.base_dtype is dtypes.bool else int(np.iinfo(dtype.as_numpy_dtype).max)


def _smallest(dtype: DType) -> int:
    return 0 if dtype.base_dtype in _UNSIGNED else -_largest(dtype)


# -- numbers and vectors ---------------------------------------------------------------------------------------------


def log_combinations(n: Any, counts: Any, name: str = "log_combinations") -> Tensor:
    """Return the logarithm of how many sequences of length `n` have these counts of each class (the last axis)."""
    with name_scope(name, values=[n, counts]):
        n = convert_to_tensor(n, name="n")
        counts = convert_to_tensor(counts, name="counts")
        sequences = lgamma(n + 1)
        alike = reduce_sum(lgamma(counts + 1), axis=[-1])
        return sequences - alike


def gen_new_seed(seed: int | None, salt: str) -> int | None:
    """Return another seed, for the second random op of a distribution."""
    if seed is None:
        return None
    digest = hashlib.md5(f"{seed}{salt}".encode(), usedforsecurity=False).hexdigest()
    return int(digest[:8], 16) & 0x7FFFFFFF


def pick_vector(cond: Any, true_vector: Any, false_vector: Any, name: str = "pick_vector") -> Any:
    """Return one of two vectors, at once if `cond` is known.

    Raises
    ------
    TypeError
        If `cond` is no bool, or the vectors are of two types.
    """
    with name_scope(name, values=[cond, true_vector, false_vector]):
        cond = convert_to_tensor(cond, name="cond")
        if cond.dtype.base_dtype is not dtypes.bool:
            raise TypeError(f"{cond} is not bool")
        known = constant_value(cond)
        if known is not None:
            return true_vector if known else false_vector
        true_vector = convert_to_tensor(true_vector, name="true_vector")
        false_vector = convert_to_tensor(false_vector, name="false_vector")
        if true_vector.dtype != false_vector.dtype:
            raise TypeError(f"{true_vector} and {false_vector} are of two types")
        n = shape_node(true_vector)[0]
        both = concat([true_vector, false_vector], 0)
        return slice_(both, [where_v2(cond, 0, n)], [where(cond, n, -1)])


def known_value(x: Any) -> Any:
    """Return the value of a tensor if it is known, else None; what is no tensor is its own value."""
    return constant_value(x) if isinstance(x, Tensor) else x
