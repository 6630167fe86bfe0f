"""Functions over the rows of tensors, one row after the other: `map_fn`, `scan`, `foldl`, `foldr`.

Each is a `while_loop` over TensorArrays, as TensorFlow builds it; compiled, an iteration reads a row of each buffer and
replaces one in each result's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from defrun.base import nest
from defrun.base.shapes import Dimension, TensorShape
from defrun.graph.composite import SparseTensor
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.array import shape
from defrun.ops.constant import constant
from defrun.ops.loop import while_loop
from defrun.ops.tensor_array.tensor_array import TensorArray


def map_fn(
    fn: Callable[[Any], Any],
    elems: Any,
    dtype: Any = None,
    parallel_iterations: int | None = None,
    back_prop: bool = True,
    swap_memory: bool = False,
    infer_shape: bool = True,
    name: str | None = None,
) -> Any:
    """Apply `fn` to each row of `elems` and stack the results.

    Parameters
    ----------
    fn : callable
        Takes one row (of a structure of tensors: the structure of their rows) and returns tensors in the structure of
        `dtype`.
    elems : Tensor [n, ...], or a structure of them
    dtype : DType or structure of them, optional
        Types of the results; needed if these differ from those of `elems`.
    parallel_iterations : int, optional
    back_prop, swap_memory : bool
        Taken; see `while_loop`.
    infer_shape : bool
        All results have one shape.
    name : str, optional

    Returns
    -------
    Tensor [n, ...], or a structure of them

    Raises
    ------
    TypeError
        If `fn` is not callable, its results are not of `dtype`, or `elems` is sparse.
    ValueError
        If its results have another structure, or `elems` are scalars.
    """
    if not callable(fn):
        raise TypeError("fn must be callable.")
    if isinstance(elems, SparseTensor):
        raise TypeError("map_fn does not take a sparse tensor: map its values, and keep its indices and dense_shape")
    given = _Structure(elems)
    with name_scope(name, "map", given.leaves):
        tensors = [convert_to_tensor(elem, name="elem") for elem in given.leaves]
        results = given if dtype is None else _Structure(dtype)
        if dtype is None:
            dtype = given.pack([t.dtype for t in tensors])
        types = results.flatten(dtype)
        if tensors[0].shape.ndims == 0:
            raise ValueError("elems must be tensors of at least one axis, not scalars")
        count = tensors[0].shape[0].value if tensors[0].shape.ndims else None
        count = count or shape(tensors[0])[0]
        rows = [TensorArray(t.dtype, count)._trust() for t in tensors]
        rows = [array.unstack(t) for array, t in zip(rows, tensors, strict=True)]
        first = constant(0)
        arrays = [TensorArray(t, count, infer_shape=infer_shape)._trust() for t in types]

        def step(i: Tensor, arrays: list[TensorArray]) -> Any:
            result = fn(given.pack([array.read(i) for array in rows]))
            nest.assert_same_structure(dtype, result)
            found = results.flatten(result)
            return i + 1, [array.write(i, value) for array, value in zip(arrays, found, strict=True)]

        _, arrays = while_loop(
            lambda i, _: i < count,
            step,
            (first, arrays),
            parallel_iterations=parallel_iterations or 10,
            back_prop=back_prop,
            swap_memory=swap_memory,
            maximum_iterations=count,
        )
        return results.pack(_stacked(arrays, tensors))


def scan(
    fn: Callable[[Any, Any], Any],
    elems: Any,
    initializer: Any = None,
    parallel_iterations: int = 10,
    back_prop: bool = True,
    swap_memory: bool = False,
    infer_shape: bool = True,
    reverse: bool = False,
    name: str | None = None,
) -> Any:
    """Fold the rows of `elems` with `fn` and stack all values on the way.

    Parameters
    ----------
    fn : callable
        Takes the value so far and a row; returns the next value, in the structure of `initializer`.
    elems : Tensor [n, ...], or a structure of them
    initializer : Tensor, or a structure of them, optional
        The first value; by default the first row.
    parallel_iterations : int
    back_prop, swap_memory : bool
        Taken; see `while_loop`.
    infer_shape : bool
        The value keeps its shape.
    reverse : bool
        Begin with the last row. The i-th result belongs to the i-th row in any case.
    name : str, optional

    Returns
    -------
    Tensor [n, ...], or a structure of them

    Raises
    ------
    TypeError
        If `fn` is not callable, or changes the type of the value.
    ValueError
        If it changes its structure, or its shape.
    """
    if not callable(fn):
        raise TypeError("fn must be callable.")
    given = _Structure(elems)
    results = given if initializer is None else _Structure(initializer)
    with name_scope(name, "scan", given.leaves):
        tensors = [convert_to_tensor(elem, name="elem") for elem in given.leaves]
        count = tensors[0].shape[0].value if tensors[0].shape.ndims is not None else None
        if count is None:
            count = shape(tensors[0])[0]
        rows = [TensorArray(t.dtype, count, element_shape=t.shape[1:])._trust() for t in tensors]
        rows = [array.unstack(t) for array, t in zip(rows, tensors, strict=True)]
        if initializer is None:
            values = [array.read(count - 1 if reverse else 0) for array in rows]
        else:
            values = [convert_to_tensor(value) for value in results.leaves]
        arrays = [
            TensorArray(
                v.dtype, count, element_shape=v.shape if infer_shape else None, infer_shape=infer_shape
            )._trust()
            for v in values
        ]
        if initializer is None:
            arrays = [
                array.write(count - 1 if reverse else 0, value) for array, value in zip(arrays, values, strict=True)
            ]
        done = 1 if initializer is None else 0

        def step(i: Tensor, values: list[Tensor], arrays: list[TensorArray]) -> Any:
            row = given.pack([array.read(i) for array in rows])
            result = fn(results.pack(values), row)
            nest.assert_same_structure(elems if initializer is None else initializer, result)
            found = results.flatten(result)
            arrays = [array.write(i, value) for array, value in zip(arrays, found, strict=True)]
            return i - 1 if reverse else i + 1, found, arrays

        first = count - 1 - done if reverse else done
        _, _, arrays = while_loop(
            (lambda i, _, __: i >= 0) if reverse else (lambda i, _, __: i < count),
            step,
            (first, values, arrays),
            parallel_iterations=parallel_iterations,
            back_prop=back_prop,
            swap_memory=swap_memory,
            maximum_iterations=count,
        )
        return results.pack(_stacked(arrays, tensors))


def foldl(
    fn: Callable[[Any, Any], Any],
    elems: Any,
    initializer: Any = None,
    parallel_iterations: int = 10,
    back_prop: bool = True,
    swap_memory: bool = False,
    name: str | None = None,
) -> Any:
    """Fold the rows of `elems` with `fn`, from the first to the last.

    Parameters
    ----------
    fn : callable
        Takes the value so far and a row; returns the next value.
    elems : Tensor [n, ...], or a structure of them
    initializer : Tensor, or a structure of them, optional
        The first value; by default the first row.
    parallel_iterations : int
    back_prop, swap_memory : bool
        Taken; see `while_loop`.
    name : str, optional

    Returns
    -------
    Tensor, or a structure of them

    Raises
    ------
    TypeError
        If `fn` is not callable.
    """

    def begin(rows: Any, count: Any) -> Any:
        if initializer is not None:
            return constant(0), initializer
        return constant(1), _row(rows, 0)

    def step(rows: Any, i: Tensor, value: Any) -> Any:
        value = fn(value, _row(rows, i))
        return [i + 1, value]

    options = {"parallel_iterations": parallel_iterations, "back_prop": back_prop, "swap_memory": swap_memory}
    return _fold(fn, elems, begin, step, lambda i, count: i < count, name, "foldl", options)


def foldr(
    fn: Callable[[Any, Any], Any],
    elems: Any,
    initializer: Any = None,
    parallel_iterations: int = 10,
    back_prop: bool = True,
    swap_memory: bool = False,
    name: str | None = None,
) -> Any:
    """Fold the rows of `elems` with `fn`, from the last to the first; otherwise as `foldl`.

    Parameters
    ----------
    fn : callable
        Takes the value so far and a row; returns the next value.
    elems : Tensor [n, ...], or a structure of them
    initializer : Tensor, or a structure of them, optional
        The first value; by default the last row.
    parallel_iterations : int
    back_prop, swap_memory : bool
        Taken; see `while_loop`.
    name : str, optional

    Returns
    -------
    Tensor, or a structure of them

    Raises
    ------
    TypeError
        If `fn` is not callable.
    """

    def begin(rows: Any, count: Any) -> Any:
        if initializer is not None:
            return count, initializer
        last = count - 1
        return last, _row(rows, last)

    def step(rows: Any, i: Tensor, value: Any) -> Any:
        i = i - 1
        value = fn(value, _row(rows, i))
        return [i, value]

    options = {"parallel_iterations": parallel_iterations, "back_prop": back_prop, "swap_memory": swap_memory}
    return _fold(fn, elems, begin, step, lambda i, count: i > 0, name, "foldr", options)


def _fold(
    fn: Any, elems: Any, begin: Any, step: Any, goes_on: Any, name: str | None, label: str, options: dict[str, Any]
) -> Any:
    if not callable(fn):
        raise TypeError("fn must be callable.")
    with name_scope(name, label, [elems]):
        tensors = [convert_to_tensor(elem, name="elem") for elem in nest.flatten(elems)]
        count = tensors[0].shape[0].value if tensors[0].shape.ndims is not None else None
        count = count or shape(tensors[0])[0]
        known = iter(tensors)

        def rows_of(elem: Any) -> TensorArray:
            tensor = next(known)
            array = TensorArray(tensor.dtype, count)._trust()
            return array.unstack(elem if hasattr(elem, "dtype") else tensor)

        rows = nest.map_structure(rows_of, elems)
        _, result = while_loop(
            lambda i, value: goes_on(i, count),
            lambda i, value: step(rows, i, value),
            [*begin(rows, count)],
            maximum_iterations=count,
            **options,
        )
        return result


class _Structure:
    """A structure of tensors; what is no sequence is itself its only leaf."""

    def __init__(self, value: Any) -> None:
        self.value = value
        self.leaves = self.flatten(value)

    def flatten(self, value: Any) -> list[Any]:
        """Return the leaves of `value`, which has this structure."""
        return nest.flatten(value) if nest.is_sequence(self.value) else [value]

    def pack(self, leaves: list[Any]) -> Any:
        """Return leaves in this structure."""
        return nest.pack_sequence_as(self.value, leaves) if nest.is_sequence(self.value) else leaves[0]


def _row(arrays: Any, i: Any) -> Any:
    """Read one row of each of a structure of arrays."""
    return nest.map_structure(lambda array: array.read(i), arrays)


def _stacked(arrays: list[TensorArray], tensors: list[Tensor]) -> list[Tensor]:
    """Return the results, with what is known of the number of rows."""
    count = Dimension(None)
    stacked = [array.stack() for array in arrays]
    for tensor in tensors:
        count = count.merge_with(tensor.shape.with_rank_at_least(1)[0])
    for result in stacked:
        result.set_shape(TensorShape([count]).concatenate(result.shape[1:]))
    return stacked
