"""The same elements in another order or several times: transpose, reverse, roll, tile, pad."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np

from defrun.base import dtypes, shapes
from defrun.base.errors import InvalidArgumentError
from defrun.base.shapes import TensorShape
from defrun.graph.check import check
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.array import either, rank, rank_of, shape
from defrun.ops.axes import axes_of, axis_in, axis_of, sizes
from defrun.ops.broadcast import spread_like
from defrun.ops.creation import count_up
from defrun.ops.declare import op
from defrun.ops.join import concat
from defrun.ops.namespace import namespace
from defrun.ops.types import BOOL, COMPLEX, FLOAT, INDEX, NUMERIC, SIGNED, STRING

# -- axes ------------------------------------------------------------------------------------------------------------



def _permuted(x, perm):
    if x is None and perm is None:
        return None
    if perm is None:
        return (None,) * len(x)
    order = list(perm)
    if x is None:
        return (None,) * len(order)
    if len(order) != len(x):
        raise ValueError(f"Dimension must be {len(x)} but is {len(order)}: perm {order} for shape {list(x)}")
    if None in order:
        return (None,) * len(order)
    if sorted(int(p) % len(x) if -len(x) <= p < len(x) else -1 for p in order) != list(range(len(x))):
        raise ValueError(f"perm dim {order} is not a permutation of the axes 0 to {len(x) - 1}")
    return tuple(x[p] for p in order)


@op("Transpose", "x: T, perm: static Tperm -> y: T", shape=_permuted, Tperm=(INDEX, dtypes.int32), folds=True)
def permute_axes(x, perm):
    """Put the axes in the order `perm`."""
    return namespace(x).transpose(x, _order(perm, x.ndim))


def _order(perm, rank):
    order = sizes(perm)
    check(len(order) == rank, InvalidArgumentError, "transpose expects a vector of size {}, got {}", rank, len(order))
    order = axes_of(order, rank)
    check(len(set(order)) == rank, InvalidArgumentError, "{} is not a permutation of the axes", order)
    return order


@permute_axes.gradient
def _(op, grad):
    return permute_axes(grad, _inverse(op.inputs[1])), None


def _inverse(perm: Tensor) -> Tensor:
    return invert_permutation(perm)


@op(
    "ConjugateTranspose", "x: T, perm: static Tperm -> y: T", shape=_permuted, Tperm=(INDEX, dtypes.int32), folds=True
)
def permute_axes_conjugate(x, perm):
    """Put the axes in the order `perm` and conjugate the elements."""
    xp = namespace(x)
    return xp.conj(xp.transpose(x, _order(perm, x.ndim)))


@permute_axes_conjugate.gradient
def _(op, grad):
    return permute_axes_conjugate(grad, _inverse(op.inputs[1])), None


@op("InvertPermutation", "x: static T[n] -> y: T[n]", T=(INDEX, dtypes.int32), folds=True, differentiable=False)
def invert_permutation(x):
    """Return the permutation that undoes the permutation `x` of 0 to n - 1.

    Raises
    ------
    InvalidArgumentError
        If `x` is no permutation.
    """
    order = np.argsort(x, kind="stable").astype(x.dtype)
    check(np.array_equal(x[order], np.arange(x.size)), InvalidArgumentError, "{} is not a permutation", x)
    return order


def transpose(a: Any, perm: Any = None, name: str = "transpose", conjugate: bool = False) -> Tensor:
    """Put the axes of `a` in the order `perm`.

    Parameters
    ----------
    a : Tensor
    perm : int32 or int64 Tensor [rank], optional
        Axis i of the result is axis ``perm[i]`` of `a`; by default the reverse order.
    name : str
    conjugate : bool
        Conjugate complex elements, too.

    Returns
    -------
    Tensor

    Raises
    ------
    ValueError
        If `perm` is no permutation of the axes.
    """
    with name_scope(name, "transpose", [a]) as scope:
        permute = permute_axes_conjugate if conjugate and a.dtype.is_complex else permute_axes
        if perm is not None:
            return permute(a, perm, name=scope)
        a = convert_to_tensor(a, name="a")
        reverse = _reverse_order(a)
        result = permute(a, reverse, name=scope)
        if a.dims is not None:
            result.set_shape(a.dims[::-1])
        return result


def _reverse_order(a: Tensor) -> Any:
    # TensorFlow takes an unknown rank and rank 0 the same way.
    if a.dims:
        return np.arange(len(a.dims))[::-1].astype(np.int32)
    axes = rank_of(a)
    return axes - 1 - count_up(0, axes, 1)


def matrix_transpose(a: Any, name: str = "matrix_transpose", conjugate: bool = False) -> Tensor:
    """Swap the last two axes of `a`.

    Parameters
    ----------
    a : Tensor [..., m, n]
    name : str
    conjugate : bool
        Conjugate complex elements, too.

    Returns
    -------
    Tensor [..., n, m]
    """
    with name_scope(name, values=[a]):
        a = convert_to_tensor(a, name="a")
        if a.dims is None:
            axes = rank(a)
            order: Any = concat((count_up(0, axes - 2, 1), [axes - 1, axes - 2]), 0)
        elif len(a.dims) < 2:
            raise ValueError(f"Argument 'a' should be a (batch) matrix, with rank >= 2. Found: {TensorShape(a.dims)}")
        else:
            *front, i, j = range(len(a.dims))
            order = [*front, j, i]
        return transpose(a, order, conjugate=conjugate)


# -- along axes ------------------------------------------------------------------------------------------------------

_REVERSIBLE = (FLOAT | COMPLEX | SIGNED | BOOL | STRING) | {dtypes.uint8, dtypes.uint16}


@op("ReverseV2", "tensor: T[...], axis: static Tidx[n] -> output: T[...]", T=_REVERSIBLE, Tidx=(INDEX, dtypes.int32),
    folds=True)  # fmt: skip
def reverse(tensor, axis):
    """Reverse `tensor` along the axes `axis`.

    Parameters
    ----------
    tensor : Tensor
    axis : int32 or int64 Tensor [n]

    Raises
    ------
    InvalidArgumentError
        If an axis is named twice, or there is no such axis.
    """
    axes = axes_of(axis, tensor.ndim)
    check(len(set(axes)) == len(axes), InvalidArgumentError, "axis {} specified more than once", axis)
    return namespace(tensor).flip(tensor, axes) if axes else tensor


@reverse.shape
def _(tensor, axis):
    if tensor is not None and axis is not None and None not in axis:
        axes = [axis_in(int(a), len(tensor)) for a in axis]
        if len(set(axes)) < len(axes):
            raise ValueError(f"axis specified more than once in {list(axis)}")
    return tensor


@reverse.gradient
def _(op, grad):
    return reverse(grad, op.inputs[1]), None


@op("ReverseSequence", "input: T[...], seq_lengths: Tlen[n] -> output: T[...]", Tlen=(INDEX, dtypes.int64))
def _reverse_sequence(input, seq_lengths, seq_dim: int, batch_dim: int = 0):
    """Reverse the first `seq_lengths[i]` elements along `seq_dim` of each slice i along `batch_dim`."""
    time, batch = axis_of(seq_dim, input.ndim), axis_of(batch_dim, input.ndim)
    xp = namespace(input, seq_lengths)
    length = input.shape[time]
    check((seq_lengths <= length).all(), InvalidArgumentError,
          "seq_lens must be <= input.dims({}) = {}, got {}", time, length, seq_lengths)  # fmt: skip
    at = np.arange(length)
    order = xp.where(at < seq_lengths[:, None], seq_lengths[:, None] - 1 - at, at)
    wanted = [1] * input.ndim
    wanted[batch], wanted[time] = input.shape[batch], length
    if batch > time:
        order = order.T
    return xp.take_along_axis(input, order.reshape(wanted), time)


@_reverse_sequence.shape
def _(input, seq_lengths, seq_dim, batch_dim):
    if input is None:
        return None
    time, batch = axis_in(seq_dim, len(input)), axis_in(batch_dim, len(input))
    if time == batch:
        raise ValueError(f"batch_dim == seq_dim == {time}")
    (size,) = shapes.merge(seq_lengths, (input[batch],)) or (None,)
    return input[:batch] + (size,) + input[batch + 1 :]


@_reverse_sequence.gradient
def _(op, grad):
    again = _reverse_sequence(
        grad, op.inputs[1], seq_dim=op.get_attr("seq_dim"), batch_dim=op.get_attr("batch_dim")
    )
    return again, None


def reverse_sequence(
    input: Any,
    seq_lengths: Any,
    seq_axis: int | None = None,
    batch_axis: int | None = None,
    name: str | None = None,
    seq_dim: int | None = None,
    batch_dim: int | None = None,
) -> Tensor:
    """Reverse the beginning of each sequence in a batch; what lies behind it stays.

    Parameters
    ----------
    input : Tensor
    seq_lengths : int32 or int64 Tensor [batch]
        How many elements of each sequence to reverse.
    seq_axis : int
        The axis of the sequences.
    batch_axis : int
        The axis of the batch, by default the first.
    name : str, optional
    seq_dim, batch_dim : int, optional
        Old names of the axes.

    Raises
    ------
    InvalidArgumentError
        If a length is larger than the axis when run.
    """
    time = either("seq_axis", seq_axis, "seq_dim", seq_dim)
    batch = either("batch_axis", batch_axis, "batch_dim", batch_dim)
    return _reverse_sequence(input, seq_lengths, seq_dim=time, batch_dim=batch, name=name)


@op("Roll", "input: T[...], shift: Tshift, axis: static Taxis -> output: T[...]", Tshift=INDEX, Taxis=INDEX, folds=True)
def roll(input, shift, axis):
    """Move the elements of `input` along `axis` by `shift` places; what falls off the end comes in at the front.

    Parameters
    ----------
    input : Tensor
    shift : int32 or int64 Tensor [] or [n]
    axis : int32 or int64 Tensor [] or [n]
    """
    xp = namespace(input, shift)
    axes = axes_of(axis, input.ndim)
    steps = xp.reshape(shift, -1)
    check(len(axes) == steps.size, InvalidArgumentError, "shift and axis must have the same size")
    for i, place in enumerate(axes):
        input = xp.roll(input, steps[i], place)
    return input


@roll.gradient
def _(op, grad):
    return roll(grad, -op.inputs[1], op.inputs[2]), None, None


@op("Tile", "input: T, multiples: static Tmultiples[r] -> output: T", Tmultiples=(INDEX, dtypes.int32), folds=True)
def tile(input, multiples):
    """Repeat `input` along each axis.

    Parameters
    ----------
    input : Tensor
    multiples : int32 or int64 Tensor [rank]
        How many times along each axis.

    Raises
    ------
    InvalidArgumentError
        If there is not one number for each axis, or one is negative.
    """
    times = sizes(multiples)
    check(len(times) == input.ndim, InvalidArgumentError,
          "Expected multiples argument to be a vector of length {} but got length {}",
          input.ndim, len(times))  # fmt: skip
    check(min(times, default=0) >= 0, InvalidArgumentError, "Expected multiples >= 0, got {}", list(times))
    return namespace(input).tile(input, times)


@tile.shape
def _(input, multiples):
    if multiples is None:
        return None if input is None else (None,) * len(input)
    input = (None,) * len(multiples) if input is None else input
    if len(multiples) != len(input):
        raise ValueError(f"Shape must be rank {len(multiples)} but is rank {len(input)}")
    return tuple(0 if m == 0 else None if None in (d, m) else d * int(m) for d, m in zip(input, multiples, strict=True))


@tile.gradient
def _(op, grad):
    return _tile_grad(grad, shape(op.inputs[0])), None


@op("SumTiles", "input: T, shape: static Tidx[r] -> output: T", Tidx=INDEX)
def _tile_grad(input, shape):
    """Add up the tiles of `shape` that `input` is made of."""
    wanted = sizes(shape)
    parts = [n for d, whole in zip(wanted, input.shape, strict=True) for n in (whole // d if d else 0, d)]
    return input.reshape(parts).sum(axis=tuple(range(0, len(parts), 2)), dtype=input.dtype)


@_tile_grad.shape
def _(input, shape):
    return None if shape is None else tuple(None if d is None else int(d) for d in shape)


@_tile_grad.gradient
def _(op, grad):
    return tile(grad, shape(op.inputs[0]) // op.inputs[1]), None


# -- more around -----------------------------------------------------------------------------------------------------


def _padded(input, paddings):
    if input is None:
        return None if paddings is None else (None,) * len(paddings)
    if paddings is None:
        return (None,) * len(input)
    if len(paddings) != len(input):
        raise ValueError(f"paddings must have one row for each of the {len(input)} axes, got {len(paddings)}")
    if any(p is not None and p < 0 for row in paddings for p in row):
        raise ValueError(f"Paddings must be non-negative: {np.asarray(paddings).tolist()}")
    return tuple(None if None in (d, a, b) else d + int(a) + int(b) for d, (a, b) in zip(input, paddings, strict=True))


def _cropped(input, paddings):
    if input is None or paddings is None:
        return None if input is None else (None,) * len(input)
    return tuple(None if None in (d, a, b) else d - int(a) - int(b) for d, (a, b) in zip(input, paddings, strict=True))


def _widths(paddings, rank):
    check(paddings.shape == (rank, 2), InvalidArgumentError,
          "The first dimension of paddings must be the rank of inputs {}, got {}",
          rank, list(paddings.shape))  # fmt: skip
    check((paddings >= 0).all(), InvalidArgumentError, "Paddings must be non-negative: {}", paddings)
    return paddings.tolist()


@op("Pad", "input: T, paddings: static Tpaddings[r,2] -> output: T", shape=_padded, Tpaddings=(INDEX, dtypes.int32),
    folds=True)  # fmt: skip
def pad_zeros(input, paddings):
    """Put zeros around `input`."""
    widths = _widths(paddings, input.ndim)
    fill = b"" if input.dtype == object else 0
    return namespace(input).pad(input, widths, constant_values=fill) if widths else input


@pad_zeros.gradient
def _(op, grad):
    return _crop(grad, op.inputs[1]), None


@op("PadV2", "input: T, paddings: static Tpaddings[r,2], constant_values: T[] -> output: T", shape=_padded,
    Tpaddings=(INDEX, dtypes.int32), folds=True)  # fmt: skip
def pad_v2(input, paddings, constant_values):
    """Put `constant_values` around `input`."""
    widths = _widths(paddings, input.ndim)
    xp = namespace(input, constant_values)
    return xp.pad(input, widths, constant_values=constant_values) if widths else input


@pad_v2.gradient
def _(op, grad):
    return _crop(grad, op.inputs[1]), None, _sum_padding(grad, op.inputs[1])


@op("Crop", "input: T, paddings: static Tpaddings[r,2] -> output: T", shape=_cropped, Tpaddings=INDEX)
def _crop(input, paddings):
    """Remove what Pad put around: the gradient of a pad."""
    return input[tuple(slice(a, d - b) for d, (a, b) in zip(input.shape, paddings.tolist(), strict=True))]


@_crop.gradient
def _(op, grad):
    return pad_zeros(grad, op.inputs[1]), None


@op("SumPadding", "input: T, paddings: static Tpaddings[r,2] -> output: T[]", T=NUMERIC, Tpaddings=INDEX)
def _sum_padding(input, paddings):
    """Add up what Pad put around."""
    return input.sum(dtype=input.dtype) - _crop.lower(input, paddings).sum(dtype=input.dtype)


@_sum_padding.gradient
def _(op, grad):
    whole = spread_like(grad, op.inputs[0])
    return whole - pad_zeros(_crop(whole, op.inputs[1]), op.inputs[1]), None


_MIRROR = {"REFLECT": "reflect", "SYMMETRIC": "symmetric"}


@op("MirrorPad", "input: T, paddings: static Tpaddings[r,2] -> output: T", shape=_padded,
    Tpaddings=(INDEX, dtypes.int32), mode=tuple(_MIRROR), folds=True)  # fmt: skip
def mirror_pad(input, paddings, mode: str):
    """Put a mirror image of `input` around it, with its border (SYMMETRIC) or without (REFLECT)."""
    widths = _widths(paddings, input.ndim)
    for d, width in zip(input.shape, widths, strict=True):
        check(max(width) <= d - (mode == "REFLECT"), InvalidArgumentError,
              "paddings must be less than{} the dimension size: {} not less than {}",
              "" if mode == "REFLECT" else " or equal to", max(width), d)  # fmt: skip
    return namespace(input).pad(input, widths, mode=_MIRROR[mode]) if widths else input


@mirror_pad.gradient
def _(op, grad):
    return _mirror_pad_grad(grad, op.inputs[1], mode=op.get_attr("mode")), None


@op("MirrorPadGrad", "input: T, paddings: static Tpaddings[r,2] -> output: T", shape=_cropped,
    Tpaddings=(INDEX, dtypes.int32), mode=tuple(_MIRROR))  # fmt: skip
def _mirror_pad_grad(input, paddings, mode: str):
    """Fold the mirror images back: the gradient of `mirror_pad`."""
    edge = int(mode == "REFLECT")
    for axis, (before, after) in enumerate(paddings.tolist()):
        x = jnp.moveaxis(input, axis, 0)
        n = x.shape[0] - before - after
        inner = x[before : before + n]
        inner = inner.at[edge : edge + before].add(x[:before][::-1])
        inner = inner.at[n - edge - after : n - edge].add(x[before + n :][::-1])
        input = jnp.moveaxis(inner, 0, axis)
    return input


@_mirror_pad_grad.gradient
def _(op, grad):
    return mirror_pad(grad, op.inputs[1], mode=op.get_attr("mode")), None


def pad(
    tensor: Any, paddings: Any, mode: str = "CONSTANT", name: str | None = None, constant_values: Any = 0
) -> Tensor:
    """Put elements around `tensor`.

    Parameters
    ----------
    tensor : Tensor
    paddings : int32 or int64 Tensor [rank, 2]
        How many before and after along each axis.
    mode : {"CONSTANT", "REFLECT", "SYMMETRIC"}
        A constant, or mirror images without or with the border itself.
    name : str, optional
    constant_values : scalar

    Raises
    ------
    ValueError
        If `mode` is another word or a width is negative.
    """
    mode = mode.upper()
    if mode == "CONSTANT":
        if not isinstance(constant_values, Tensor) and constant_values == 0:
            return pad_zeros(tensor, paddings, name=name)
        return pad_v2(tensor, paddings, constant_values, name=name)
    if mode not in _MIRROR:
        raise ValueError(f"Unknown padding mode: {mode}")
    return mirror_pad(tensor, paddings, mode=mode, name=name)
