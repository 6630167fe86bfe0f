"""Products over axes chosen by number (`tensordot`) or by letter (`einsum`), built of transposes and `matmul`."""

from __future__ import annotations

import functools
import math
import operator
import re
import string
from typing import Any

import jax.numpy as jnp
import numpy as np
from jax import lax

from defrun.base import dtypes, logging, shapes
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.arrange import transpose
from defrun.ops.array import expand_dims, rank, reshape, shape
from defrun.ops.creation import range_
from defrun.ops.declare import op
from defrun.ops.gather import gather
from defrun.ops.join import concat, stack
from defrun.ops.math import multiply
from defrun.ops.matrix import matmul, trace
from defrun.ops.reduce import reduce_prod, reduce_sum
from defrun.ops.select import setdiff1d, where

# -- tensordot -------------------------------------------------------------------------------------------------------


def tensordot(a: Any, b: Any, axes: Any, name: str | None = None) -> Tensor:
    """Sum the products of the elements of `a` and `b` over axes of each.

    Parameters
    ----------
    a, b : Tensor
    axes : int, list of two, or int32 Tensor [2, n] or []
        A number n: the last n axes of `a`, the first n of `b`. Two axes, or two lists of axes: those.
    name : str, optional

    Returns
    -------
    Tensor
        The other axes of `a`, then those of `b`.

    Raises
    ------
    ValueError
        If the axes don't go together.
    """
    with name_scope(name, "Tensordot", [a, b, axes]) as scope:
        a = convert_to_tensor(a, name="a")
        b = convert_to_tensor(b, name="b")
        a_axes, b_axes = _contracted(a, axes)
        a_matrix, a_free, a_known = _as_matrix(a, a_axes, last=True)
        b_matrix, b_free, b_known = _as_matrix(b, b_axes, last=False)
        product = matmul(a_matrix, b_matrix)
        if isinstance(a_free, list) and isinstance(b_free, list):
            return reshape(product, a_free + b_free, name=scope)
        a_free = convert_to_tensor(a_free, dtype=dtypes.int32)
        b_free = convert_to_tensor(b_free, dtype=dtypes.int32)
        result = reshape(product, concat([a_free, b_free], 0), name=scope)
        if a_known is not None and b_known is not None:
            result.set_shape(a_known + b_known)
        return result


def _contracted(a: Tensor, axes: Any) -> tuple[Any, Any]:
    """Return the axes to sum over: lists, or tensors."""
    if isinstance(axes, (int, np.integer)):
        if axes < 0:
            raise ValueError("'axes' must be at least 0.")
        if a.dims is None:
            count = rank(a)
            return range_(count - axes, count, dtype=dtypes.int32), range_(axes, dtype=dtypes.int32)
        if axes > len(a.dims):
            raise ValueError(f"'axes' must not be larger than the number of dimensions of tensor {a}.")
        return list(range(len(a.dims) - axes, len(a.dims))), list(range(axes))
    if not isinstance(axes, (list, tuple)):
        both = convert_to_tensor(axes, name="axes", dtype=dtypes.int32)
        return both[0], both[1]
    if len(axes) != 2:
        raise ValueError("'axes' must be an integer or have length 2.")
    first, second = axes
    if isinstance(first, (int, np.integer)) and isinstance(second, (int, np.integer)):
        first, second = [first], [second]
    if len(first) != len(second):
        raise ValueError(f"Different number of contraction axes 'a' and 'b', {len(first)} != {len(second)}.")
    return first, second


def _as_matrix(x: Tensor, axes: Any, last: bool) -> tuple[Tensor, Any, list[int | None] | None]:
    """Bring `axes` together as the last (or first) axis of a matrix, all others as the other one.

    Returns the matrix, the sizes of the others (a list if known, else a tensor) and what is known of them.
    """
    order: Any
    rows: Any
    columns: Any
    if x.dims is not None and isinstance(axes, (list, tuple)):
        sizes: Any = list(x.dims)
        axes = [i if i >= 0 else i + len(sizes) for i in axes]
        free = [i for i in range(len(sizes)) if i not in axes]
        free_sizes = [sizes[i] for i in free]
        if None not in sizes:
            order = free + axes if last else axes + free
            rows, columns = math.prod(free_sizes), math.prod(sizes[i] for i in axes)
            matrix = reshape(transpose(x, order), [rows, columns] if last else [columns, rows])
            return matrix, free_sizes, free_sizes
        known: list[int | None] | None = free_sizes
        axes = convert_to_tensor(axes, dtype=dtypes.int32, name="axes")
        others = convert_to_tensor(free, dtype=dtypes.int32, name="free")
        whole = shape(x)
    else:
        known = None
        whole, count = shape(x), rank(x)
        axes = convert_to_tensor(axes, dtype=dtypes.int32, name="axes")
        axes = where(axes >= 0, axes, axes + count)
        others, _ = setdiff1d(range_(count), axes)
    free_dims, summed_dims = gather(whole, others), gather(whole, axes)
    rows, columns = reduce_prod(free_dims), reduce_prod(summed_dims)
    order = concat([others, axes] if last else [axes, others], 0)
    flat = stack([rows, columns] if last else [columns, rows])
    return reshape(transpose(x, order), flat), free_dims, known


# -- einsum ----------------------------------------------------------------------------------------------------------


def einsum(equation: str, *inputs: Any, **kwargs: Any) -> Tensor:
    """Sum the products of elements of the inputs, as an equation of index letters says.

    Parameters
    ----------
    equation : str
        Letters for the axes of each input, separated by commas, then (or else each letter that stands there once, in
        order) ``->`` and those of the result; ``...`` stands for the axes left over.
    *inputs : Tensor
    name : str, optional

    Returns
    -------
    Tensor

    Raises
    ------
    ValueError
        If the equation can't be read, doesn't fit the inputs, or has a letter twice for one input.
    TypeError
        If there are other keywords.

    Examples
    --------
    >>> tf.einsum("ij,jk->ik", a, b)  # a matrix product
    """
    name = kwargs.pop("name", None)
    if kwargs:
        raise TypeError(f"invalid keyword arguments for this function: {', '.join(sorted(kwargs))}")
    with name_scope(name, "einsum", [equation, inputs]):
        terms, result = _parse(equation, [x.get_shape().ndims for x in inputs])
        if len(terms) == 1 and "->" not in equation and len(terms[0]) == 2 and terms[0][0] == terms[0][1]:
            return trace(inputs[0])
        for term in terms:
            if len(set(term)) < len(term):
                raise ValueError(f"Subscript not supported: an axis appears more than once: {term}")
        for letter in sorted(set("".join(terms))):
            if letter not in result and sum(letter in term for term in terms) > 2:
                logging.warn("einsum() multiplies everything out: '%s' is summed over more than two inputs.", letter)
                return _multiply_out(list(inputs), terms, result)
        value, letters = inputs[0], terms[0]
        for other, term in zip(inputs[1:], terms[1:]):
            value, letters = _contract(value, letters, other, term, (set(letters) & set(term)) - set(result))
        if set(letters) - set(result):
            value = reduce_sum(value, axis=[i for i, letter in enumerate(letters) if letter not in result])
            letters = "".join(letter for letter in letters if letter in result)
        if sorted(letters) != sorted(result):
            raise ValueError(f"Invalid equation: {equation}")
        return _permuted(value, [letters.index(letter) for letter in result])


def _parse(equation: str, ranks: list[int | None]) -> tuple[list[str], str]:
    """Return the letters of each input and those of the result, with letters in the place of ``...``."""
    equation = equation.replace(" ", "")
    match = re.match("^([a-zA-Z,.]+)(->[a-zA-Z.]*)?$", equation)
    if not match:
        raise ValueError(f"Indices have incorrect format: {equation}")
    terms = match[1].split(",")
    if len(ranks) != len(terms):
        raise ValueError(f'Got {len(ranks)} arguments for equation "{equation}", expecting {len(terms)}')
    spare = [c for c in string.ascii_letters if c not in match[1]]
    rest = ""
    for i, term in enumerate(terms):
        if "..." in term:
            letters = _spare_letters(term, ranks[i], spare)
            terms[i] = term.replace("...", letters)
            rest = max(rest, letters, key=len)
    if match[2]:
        result = match[2][2:].replace("...", rest)
    else:
        letters = "".join(terms)
        result = rest + "".join(sorted(c for c in set(letters) if letters.count(c) == 1 and c not in rest))
    if "." in "".join(terms) + result:
        raise ValueError('period "." found outside of ellipsis')
    return terms, result


def _spare_letters(term: str, ndims: int | None, spare: list[str]) -> str:
    named = term.split("...")
    if len(named) != 2:
        raise ValueError("Unable to resolve ellipsis. Excess number found.")
    if ndims is None:
        raise ValueError("Unable to statically infer ellipsis axes.")
    count = ndims - len("".join(named))
    if count < 0:
        raise ValueError("Ellipses lengths do not match.")
    if len(spare) < count:
        raise ValueError("Unable to resolve ellipsis, too many distinct labels.")
    return "".join(spare[len(spare) - count :])


def _contract(a: Any, a_letters: str, b: Any, b_letters: str, summed: set[str]) -> tuple[Tensor, str]:
    """Multiply two tensors and sum over the letters `summed`; return the result and its letters."""
    for which, x, letters in (("t0", a, a_letters), ("t1", b, b_letters)):
        if len(letters) != len(x.get_shape()):
            raise ValueError(
                f"Tensor {which} of rank {len(x.get_shape())} does not match einsum reduction of length {len(letters)}"
            )
    common = sorted((set(a_letters) & set(b_letters)) - summed)
    only_a, only_b = sorted(set(a_letters) - set(b_letters)), sorted(set(b_letters) - set(a_letters))
    a = _permuted(a, [a_letters.find(c) for c in [*common, *only_a, *sorted(summed)]])
    b = _permuted(b, [b_letters.find(c) for c in [*common, *sorted(summed), *only_b]])
    letters = "".join([*common, *only_a, *only_b])
    if not summed:
        for _ in only_b:
            a = expand_dims(a, -1)
        for _ in only_a:
            b = expand_dims(b, len(common))
        return multiply(a, b), letters
    stacks, rows = len(common), len(only_a)
    a_sizes = _sizes(a)
    rows_and_columns = [_product(a_sizes[stacks : stacks + rows]), _product(a_sizes[stacks + rows :])]
    a = _reshaped(a, a_sizes[:stacks] + rows_and_columns)
    b_sizes = _sizes(b)
    columns = _product(b_sizes[stacks + len(summed) :])
    b = _reshaped(b, b_sizes[:stacks] + [rows_and_columns[1], columns])
    whole = a_sizes[: stacks + rows] + b_sizes[len(b_sizes) - len(only_b) :]
    return _reshaped(matmul(a, b), whole), letters


def _permuted(x: Any, order: list[int]) -> Tensor:
    return x if order == list(range(len(order))) else transpose(x, perm=order)


def _sizes(x: Tensor) -> list[Any]:
    """Sizes of the axes: numbers, or tensors where they are not known."""
    found: list[Any] = x.get_shape().as_list()
    if None in found:
        whole = shape(x)
        return [whole[i] if size is None else size for i, size in enumerate(found)]
    return found


def _product(sizes: list[Any]) -> Any:
    return functools.reduce(operator.mul, sizes, 1)


def _reshaped(x: Tensor, sizes: list[Any]) -> Tensor:
    same = len(sizes) == len(x.shape) and all(
        not isinstance(size, Tensor) and size == known for size, known in zip(sizes, x.shape.as_list())
    )
    return x if same else reshape(x, tuple(sizes))


def _multiply_out(inputs: list[Any], terms: list[str], result: str) -> Tensor:
    """Bring all inputs to all axes, multiply them, and sum over those that the result lacks."""
    order = sorted(set("".join(terms)) - set(result)) + list(result)
    product: Any = 1
    expanded = []
    for i, (x, term) in enumerate(zip(inputs, terms)):
        dims = x.get_shape().as_list()
        if len(dims) != len(term):
            raise ValueError(
                f"Input {i} with axes {term} has incorrect number of dimensions (expected {len(term)}, got {len(dims)})"
            )
        letters = sorted(term, key=order.index)
        if list(term) != letters:
            x = transpose(x, [term.find(letter) for letter in letters])
        sizes = dict(zip(letters, x.get_shape().as_list()))
        expanded.append((x, [(sizes[c] or -1) if c in sizes else 1 for c in order]))
    for j, letter in enumerate(order):
        if len({sizes[j] for _, sizes in expanded} - {1, -1}) > 1:
            raise ValueError(f"Dimension mismatch on axis: {letter}")
    for x in [reshape(x, sizes) for x, sizes in expanded]:
        product = product * x
    return reduce_sum(product, [j for j, letter in enumerate(order) if letter not in result])


# -- as one operation ------------------------------------------------------------------------------------------------


@op("Einsum", "inputs: N * T -> output: T", differentiable=False)
def einsum_op(inputs, equation: str):
    """Multiply over axes chosen by letter, as one operation: see `einsum`.

    Parameters
    ----------
    inputs : list of Tensor
    equation : str
        The letters of each input, ``->``, those of the result.

    Raises
    ------
    ValueError
        If the equation doesn't fit the shapes.
    """
    return jnp.einsum(equation, *inputs, precision=lax.Precision.HIGHEST)


@einsum_op.shape
def _(inputs, equation):
    terms, arrow, result = equation.replace(" ", "").partition("->")
    if not arrow or len(terms.split(",")) != len(inputs):
        raise ValueError(f"{equation!r} must have ->, and letters for {len(inputs)} inputs before it")
    sizes: dict[str, int | None] = {}
    rest: Any = ()
    for term, dims in zip(terms.split(","), inputs, strict=True):
        before, dots, after = term.partition("...")
        if dims is None:
            rest = None if dots else rest
            sizes.update((letter, sizes.get(letter)) for letter in before + after)
            continue
        more = len(dims) - len(before) - len(after)
        if more < 0 or (more and not dots):
            raise ValueError(f"{term!r} in {equation!r} doesn't fit a shape of rank {len(dims)}")
        found = (*dims[: len(before)], *dims[len(before) + more :])
        for letter, size in zip(before + after, found, strict=True):
            if None not in (size, sizes.get(letter)) and size != sizes[letter]:
                raise ValueError(f"{letter!r} in {equation!r} is both {size} and {sizes[letter]}")
            sizes[letter] = size if sizes.get(letter) is None else sizes[letter]
        rest = rest if rest is None else shapes.broadcast(rest, dims[len(before) : len(before) + more])
    before, dots, after = result.partition("...")
    unknown = set(before + after) - sizes.keys()
    if unknown:
        raise ValueError(f"{sorted(unknown)} in the result of {equation!r} is in no input")
    if dots and rest is None:
        return None
    return (*(sizes[c] for c in before), *(rest if dots else ()), *(sizes[c] for c in after))
