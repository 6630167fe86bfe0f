"""The assert_ functions: an `Assert` for a condition, or an error at once if the condition is known."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from defrun.base import dtypes
from defrun.base.dtypes import DType
from defrun.base.errors import InvalidArgumentError
from defrun.graph.composite import SparseTensor
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Operation, Tensor
from defrun.graph.scopes import control_dependencies, name_scope
from defrun.graph.static import constant_value
from defrun.ops.array import rank as rank_of
from defrun.ops.array import reshape, shape, size
from defrun.ops.checks import Assert
from defrun.ops.compare import equal, greater, greater_equal, less, less_equal, logical_or, not_equal
from defrun.ops.control import cond
from defrun.ops.declare import OpFunction
from defrun.ops.elementary import abs as absolute
from defrun.ops.flow import group, no_op, with_dependencies
from defrun.ops.reduce import reduce_all
from defrun.ops.slicing import strided_slice

# -- comparisons -----------------------------------------------------------------------------------------------------


def _compare(
    sign: str,
    name: str | None,
    default_name: str,
    compare: Callable[..., Any],
    known: Callable[..., Any],
    x: Any,
    y: Any,
    data: Any,
    summarize: int | None,
    message: str | None,
) -> Operation:
    with name_scope(name, default_name, [x, y, data]):
        x = convert_to_tensor(x, name="x")
        y = convert_to_tensor(y, name="y")
        if data is None:
            data = [f"Condition x {sign} y did not hold element-wise:", f"x ({x.name}) = ", x, f"y ({y.name}) = ", y]
        if message is not None:
            data = [message, *data]
        condition = reduce_all(compare(x, y))
        x_value, y_value = constant_value(x), constant_value(y)
        if x_value is not None and y_value is not None and not np.all(known(x_value, y_value)):
            raise InvalidArgumentError(None, None, "\n".join(_shown(item) for item in data))
        return Assert(condition, data, summarize=summarize)


def _shown(item: Any) -> str:
    value = constant_value(item) if isinstance(item, Tensor) else None
    return str(item if value is None else value)


_ARGUMENTS = """

    Parameters
    ----------
    {operands}
    data : list of Tensor, optional
        What the error shows; by default the operands.
    summarize : int, optional
        How many elements of each it shows.
    message : str, optional
        Begins the error's text.
    name : str, optional

    Returns
    -------
    Operation
        Use it with `control_dependencies`, so that it runs.

    Raises
    ------
    InvalidArgumentError
        When run; at once if the values are known.
    """


def _documented(operands: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def add(function: Callable[..., Any]) -> Callable[..., Any]:
        function.__doc__ = f"{function.__doc__}{_ARGUMENTS.format(operands=operands)}"
        return function

    return add


_two = _documented("x, y : Tensor")
_one = _documented("x : Tensor")


@_two
def assert_equal(x: Any, y: Any, data: Any = None, summarize: Any = None, message: Any = None, name: Any = None) -> Any:
    """Assert that ``x == y`` for all elements."""
    with name_scope(name, "assert_equal", [x, y, data]):
        if x is y:
            return no_op()
    return _compare("==", name, "assert_equal", equal, np.equal, x, y, data, summarize, message)


@_two
def assert_none_equal(
    x: Any, y: Any, data: Any = None, summarize: Any = None, message: Any = None, name: Any = None
) -> Operation:
    """Assert that ``x != y`` for all elements."""
    return _compare("!=", name, "assert_none_equal", not_equal, np.not_equal, x, y, data, summarize, message)


@_two
def assert_less(
    x: Any, y: Any, data: Any = None, summarize: Any = None, message: Any = None, name: Any = None
) -> Operation:
    """Assert that ``x < y`` for all elements."""
    return _compare("<", name, "assert_less", less, np.less, x, y, data, summarize, message)


@_two
def assert_less_equal(
    x: Any, y: Any, data: Any = None, summarize: Any = None, message: Any = None, name: Any = None
) -> Operation:
    """Assert that ``x <= y`` for all elements."""
    return _compare("<=", name, "assert_less_equal", less_equal, np.less_equal, x, y, data, summarize, message)


@_two
def assert_greater(
    x: Any, y: Any, data: Any = None, summarize: Any = None, message: Any = None, name: Any = None
) -> Operation:
    """Assert that ``x > y`` for all elements."""
    return _compare(">", name, "assert_greater", greater, np.greater, x, y, data, summarize, message)


@_two
def assert_greater_equal(
    x: Any, y: Any, data: Any = None, summarize: Any = None, message: Any = None, name: Any = None
) -> Operation:
    """Assert that ``x >= y`` for all elements."""
    return _compare(">=", name, "assert_greater_equal", greater_equal, np.greater_equal, x, y, data, summarize, message)


def assert_near(
    x: Any,
    y: Any,
    rtol: Any = None,
    atol: Any = None,
    data: Any = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Operation:
    """Assert that ``|x - y| < atol + rtol * |y|`` for all elements.

    Parameters
    ----------
    x, y : Tensor
    rtol, atol : float, optional
        10 times the precision of the type by default.
    data, summarize, message, name
        As for `assert_equal`.
    """
    with name_scope(name, "assert_near", [x, y, rtol, atol, data]):
        x = convert_to_tensor(x, name="x")
        y = convert_to_tensor(y, name="y", dtype=x.dtype.base_dtype)
        eps = np.finfo(x.dtype.as_numpy_dtype).eps
        rtol, atol = (
            convert_to_tensor(10 * eps if v is None else v, name=n, dtype=x.dtype.base_dtype)
            for v, n in ((rtol, "rtol"), (atol, "atol"))
        )
        if data is None:
            data = [
                message or "",
                f"x and y not equal to tolerance rtol = {rtol}, atol = {atol}",
                f"x ({x.name}) = ",
                x,
                f"y ({y.name}) = ",
                y,
            ]
        tolerance = atol + rtol * absolute(y)
        return Assert(reduce_all(less(absolute(x - y), tolerance)), data, summarize=summarize)


def _with_zero(
    x: Any,
    sign: str,
    name: str | None,
    default_name: str,
    check: Callable[..., Operation],
    zero_first: bool,
    data: Any,
    summarize: int | None,
    message: str | None,
) -> Operation:
    with name_scope(name, default_name, [x, data]):
        x = convert_to_tensor(x, name="x")
        if data is None:
            held = f"Condition x {sign} 0 did not hold element-wise:"
            data = [message or "", held, f"x ({x.name}) = ", x]
            if sign == "<=":  # TensorFlow lacks a comma there
                data[1:3] = [data[1] + data[2]]
        zero = convert_to_tensor(0, dtype=x.dtype.base_dtype)
        return check(*((zero, x) if zero_first else (x, zero)), data=data, summarize=summarize)


@_one
def assert_positive(
    x: Any, data: Any = None, summarize: Any = None, message: Any = None, name: Any = None
) -> Operation:
    """Assert that ``x > 0`` for all elements."""
    return _with_zero(x, ">", name, "assert_positive", assert_less, True, data, summarize, message)


@_one
def assert_negative(
    x: Any, data: Any = None, summarize: Any = None, message: Any = None, name: Any = None
) -> Operation:
    """Assert that ``x < 0`` for all elements."""
    return _with_zero(x, "<", name, "assert_negative", assert_less, False, data, summarize, message)


@_one
def assert_non_negative(
    x: Any, data: Any = None, summarize: Any = None, message: Any = None, name: Any = None
) -> Operation:
    """Assert that ``x >= 0`` for all elements."""
    return _with_zero(x, ">=", name, "assert_non_negative", assert_less_equal, True, data, summarize, message)


@_one
def assert_non_positive(
    x: Any, data: Any = None, summarize: Any = None, message: Any = None, name: Any = None
) -> Operation:
    """Assert that ``x <= 0`` for all elements."""
    return _with_zero(x, "<=", name, "assert_non_positive", assert_less_equal, False, data, summarize, message)


# -- ranks -----------------------------------------------------------------------------------------------------------


def _check_rank(
    x: Tensor,
    ranks: list[Tensor],
    words: str,
    fits: Callable[[int, list[int]], bool],
    compare: Callable[[Any], Tensor],
    data: Any,
    summarize: int | None,
    message: str | None,
) -> Operation:
    message = message or ""
    if data is None:
        data = [message, f"Tensor {x.name} must have rank {words}".rstrip(), *ranks, "Received shape: ", shape(x)]
    for wanted in ranks:
        assert_type(wanted, dtypes.int32)
    known = [constant_value(wanted) for wanted in ranks]
    if all(value is not None for value in known):
        if any(value.ndim for value in known):  # type: ignore[union-attr]
            raise ValueError("Rank must be a scalar.")
        if x.dims is not None:
            numbers = [int(value) for value in known]  # type: ignore[arg-type]
            if not fits(len(x.dims), numbers):
                shown = numbers[0] if len(numbers) == 1 else tuple(numbers)
                raise ValueError(
                    f"{message}.  Tensor {x.name} must have rank {f'{words} '.lstrip()}{shown}.  Received rank "
                    f"{len(x.dims)}, shape {x.shape}"
                )
            return no_op(name="static_checks_determined_all_ok")
    condition = compare(rank_of(x))
    for wanted, value in zip(ranks, known, strict=True):
        if value is None:
            scalar = assert_rank(wanted, 0, data=["Rank must be a scalar. Received rank: ", wanted])
            condition = with_dependencies([scalar], condition)
    return Assert(condition, data, summarize=summarize)


@_one
def assert_rank(
    x: Any, rank: Any, data: Any = None, summarize: Any = None, message: Any = None, name: Any = None
) -> Operation:
    """Assert that `x` has `rank` axes; `ValueError` at once if it is known to have not."""
    with name_scope(name, "assert_rank", [x, rank, *(data or [])]):
        x, rank = convert_to_tensor(x, name="x"), convert_to_tensor(rank, name="rank")
        return _check_rank(
            x, [rank], "", lambda n, r: n == r[0], lambda n: equal(n, rank), data, summarize, message
        )  # fmt: skip


@_one
def assert_rank_at_least(
    x: Any, rank: Any, data: Any = None, summarize: Any = None, message: Any = None, name: Any = None
) -> Operation:
    """Assert that `x` has at least `rank` axes; `ValueError` at once if it is known to have not."""
    with name_scope(name, "assert_rank_at_least", [x, rank, *(data or [])]):
        x, rank = convert_to_tensor(x, name="x"), convert_to_tensor(rank, name="rank")
        return _check_rank(
            x, [rank], "at least", lambda n, r: n >= r[0], lambda n: greater_equal(n, rank), data, summarize, message
        )  # fmt: skip


@_one
def assert_rank_in(
    x: Any, ranks: Any, data: Any = None, summarize: Any = None, message: Any = None, name: Any = None
) -> Operation:
    """Assert that `x` has one of `ranks` numbers of axes; `ValueError` at once if it is known to have not."""
    with name_scope(name, "assert_rank_in", [x, *ranks, *(data or [])]):
        x = convert_to_tensor(x, name="x")
        wanted = [convert_to_tensor(r, name="rank") for r in ranks]

        def compare(n: Tensor) -> Tensor:
            if not wanted:
                return convert_to_tensor(False)
            result = equal(wanted[0], n)
            for r in wanted[1:]:
                result = logical_or(result, equal(r, n))
            return result

        return _check_rank(x, wanted, "in", lambda n, r: n in r, compare, data, summarize, message)


# -- what is known at once -------------------------------------------------------------------------------------------


def assert_integer(x: Any, message: str | None = None, name: str | None = None) -> Operation:
    """Raise `TypeError` unless `x` is of an integer type."""
    with name_scope(name, "assert_integer", [x]):
        x = convert_to_tensor(x, name="x")
        if not x.dtype.is_integer:
            raise TypeError(f'{message or ""}  Expected "x" to be integer type.  Found: {x.name} of dtype {x.dtype!r}')
        return no_op("statically_determined_was_integer")


def assert_type(tensor: Any, tf_type: Any, message: str | None = None, name: str | None = None) -> Operation:
    """Raise `TypeError` unless `tensor` is of type `tf_type`."""
    with name_scope(name, "assert_type", [tensor]):
        tensor = convert_to_tensor(tensor, name="tensor")
        if tensor.dtype != tf_type:
            raise TypeError(f"{message or ''}  {tensor.name} must be of type {tf_type!r}")
        return no_op("statically_determined_correct_type")


def assert_scalar(tensor: Any, name: str | None = None, message: str | None = None) -> Tensor:
    """Raise `ValueError` unless `tensor` is known to be a scalar; return it."""
    with name_scope(name, "assert_scalar", [tensor]) as scope:
        tensor = convert_to_tensor(tensor, name=scope)
        if tensor.dims != ():
            raise ValueError(f"{message or ''}Expected scalar shape for {tensor.name}, saw shape: {tensor.shape}.")
        return tensor


def assert_same_float_dtype(tensors: Any = None, dtype: DType | None = None) -> DType:
    """Return the floating-point type that `tensors` and `dtype` have in common, float32 if there are none.

    Raises
    ------
    ValueError
        If the types differ or are not floating-point.
    """
    for tensor in tensors or ():
        if tensor is None:
            continue
        kind = tensor.dtype.base_dtype
        if dtype is not None and kind != dtype:
            raise ValueError(f"{getattr(tensor, 'name', tensor)}, type={kind!r}, must be of the same type ({dtype!r}).")
        dtype = kind
    dtype = dtype or dtypes.float32
    if not dtype.is_floating:
        raise ValueError(f"Expected floating point type, got {dtype!r}.")
    return dtype


def assert_proper_iterable(values: Any) -> None:
    """Raise `TypeError` unless `values` is a collection: not a tensor, an array or a string."""
    if isinstance(values, (Tensor, SparseTensor, np.ndarray, bytes, str)):
        raise TypeError(f'Expected argument "values" to be a "proper" iterable.  Found: {type(values)}')
    if not isinstance(values, Iterable):
        raise TypeError(f'Expected argument "values" to be iterable.  Found: {type(values)}')


_NUMERIC = frozenset((
    dtypes.float32, dtypes.float64, dtypes.int8, dtypes.int16, dtypes.int32, dtypes.int64, dtypes.uint8, dtypes.qint8,
    dtypes.qint32, dtypes.quint8, dtypes.complex64,
))  # fmt: skip


def is_numeric_tensor(tensor: Any) -> bool:
    """Whether `tensor` is a Tensor of numbers."""
    return isinstance(tensor, Tensor) and tensor.dtype in _NUMERIC


def _differences(x: Any) -> Tensor:
    x = reshape(x, [-1])
    if not is_numeric_tensor(x):
        raise TypeError(f"Expected x to be numeric, instead found: {x}")
    short = less(size(x), 2)
    last = shape(x) - 1
    return cond(
        short,
        lambda: convert_to_tensor([], dtype=x.dtype.base_dtype),
        lambda: strided_slice(x, [1], [1] + last) - strided_slice(x, [0], last),
    )


def _monotonic(x: Any, name: str | None, default_name: str, compare: OpFunction) -> Tensor:
    with name_scope(name, default_name, [x]):
        steps = _differences(x)
        zero = convert_to_tensor(0, dtype=steps.dtype.base_dtype)
        return reduce_all(compare(zero, steps))


def is_non_decreasing(x: Any, name: str | None = None) -> Tensor:
    """Whether no element of `x` is smaller than the one before it.

    Parameters
    ----------
    x : Tensor
        Taken as one row of elements.
    name : str, optional

    Returns
    -------
    bool Tensor []
    """
    return _monotonic(x, name, "is_non_decreasing", less_equal)


def is_strictly_increasing(x: Any, name: str | None = None) -> Tensor:
    """Whether each element of `x` is larger than the one before it.

    Parameters
    ----------
    x : Tensor
        Taken as one row of elements.
    name : str, optional

    Returns
    -------
    bool Tensor []
    """
    return _monotonic(x, name, "is_strictly_increasing", less)


# -- sizes that agree ------------------------------------------------------------------------------------------------


def assert_shapes(
    shapes: Any, data: Any = None, summarize: int | None = None, message: str | None = None, name: str | None = None
) -> Operation:
    """Assert that tensors have the sizes that they should have, and that sizes of the same name agree.

    Parameters
    ----------
    shapes : dict, or list of pairs, of Tensor and sizes
        A size is a number, a name, or None (or ``"."``) for any; ``...`` (or ``"*"``) in front stands for any axes.
    data, summarize, message, name
        As for `assert_equal`.

    Raises
    ------
    ValueError
        If it is known that they don't.
    """
    pairs = shapes.items() if isinstance(shapes, dict) else shapes
    message = message or ""
    with name_scope(name, "assert_shapes", [shapes, data]):
        wanted = [_Wanted(convert_to_tensor(x), symbols, message) for x, symbols in pairs if symbols is not None]
        ranks = [check for w in wanted if (check := w.check_rank(data, summarize, message, name)) is not None]
        named: dict[Any, tuple[Any, Tensor, int]] = {}
        checks = [check for w in wanted for check in w.check_sizes(named, data, summarize, message)]
        with control_dependencies(ranks):
            return group(checks)


class _Wanted:
    """The sizes that a tensor should have."""

    def __init__(self, x: Tensor, symbols: Any, message: str) -> None:
        if not hasattr(symbols, "__iter__") and not hasattr(symbols, "__getitem__"):
            raise ValueError(f"{message}.  Tensor {x.name}.  Specified shape must be an iterable, not {symbols}")
        symbols = tuple(symbols)
        if any(s in (Ellipsis, "*") for s in symbols[1:]):
            raise ValueError(
                f"{message}.  Tensor {x.name}: `...` or `*` is only allowed as the first entry of {symbols}"
            )
        self.x = x
        self.open = bool(symbols) and symbols[0] in (Ellipsis, "*")
        self.symbols = (symbols[1:] if self.open else symbols) or (1,)
        self.sizes = _sizes(x)

    def check_rank(self, data: Any, summarize: Any, message: str, name: str | None) -> Operation | None:
        count = len(self.symbols)
        if self.open:
            return None if count < 2 else assert_rank_at_least(self.x, count, data, summarize, message, name)
        if count < 2:
            return assert_rank_in(self.x, [0, 1], data, summarize, message, name)
        return assert_rank(self.x, count, data, summarize, message, name)

    def check_sizes(self, named: dict[Any, Any], data: Any, summarize: Any, message: str) -> list[Operation]:
        checks = []
        for i, symbol in enumerate(self.symbols):
            if symbol in (None, "."):
                continue
            axis = i - len(self.symbols) if self.open else i
            actual = self.sizes[axis]
            number = _number(symbol)
            if number is not None:
                wanted, why = number, "Specified explicitly"
            elif symbol in named:
                wanted, other, place = named[symbol]
                why = f"Specified by tensor {other.name} dimension {place}"
            else:
                named[symbol] = (actual, self.x, axis)
                continue
            if _number(actual) is not None and _number(wanted) is not None:
                if int(actual) != int(wanted):
                    raise ValueError(
                        f"{message}.  {why}.  Tensor {self.x.name} dimension {axis} must have size {wanted}.  Received "
                        f"size {actual}, shape {self.x.shape}"
                    )
                continue
            condition = equal(convert_to_tensor(actual), convert_to_tensor(wanted))
            shown = data or [message, why, f"Tensor {self.x.name} dimension", axis, "must have size", wanted,
                             "Received shape: ", shape(self.x)]  # fmt: skip
            checks.append(Assert(condition, shown, summarize=summarize))
        return checks


def _number(value: Any) -> int | None:
    try:
        return int(value)
    except (TypeError, ValueError):
        return None


def _sizes(x: Tensor) -> Any:
    """The sizes of `x`, those that are not known as tensors; a scalar counts as one row of one."""
    later = shape(x)
    if x.dims is None:
        return cond(equal(rank_of(x), 0), lambda: convert_to_tensor([1]), lambda: later)
    if not x.dims:
        return (1,)
    return [later[i] if size is None else size for i, size in enumerate(x.dims)]
