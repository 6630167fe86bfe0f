"""Fourier transforms over the last one, two or three axes."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
import numpy as np

from defrun.base import dtypes
from defrun.base.errors import InvalidArgumentError
from defrun.graph.check import check
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.graph.static import constant_value
from defrun.ops.arrange import pad, roll
from defrun.ops.array import rank, shape
from defrun.ops.axes import dims_of, sizes
from defrun.ops.cast import cast
from defrun.ops.creation import ones, zeros, zeros_like
from defrun.ops.declare import OpFunction, op
from defrun.ops.join import concat, stack, unstack
from defrun.ops.limits import maximum
from defrun.ops.reduce import reduce_prod
from defrun.ops.types import COMPLEX

_COMPLEX = (COMPLEX, dtypes.complex64)


def _axes(count: int) -> tuple[int, ...]:
    return tuple(range(-count, 0))


def _size(x: Tensor, axes: int, dtype: Any) -> Any:
    """Return the product of the last `axes` sizes: a number if they are known, else a tensor of that type."""
    dims: Any = x.dims
    if dims is not None and None not in dims[-axes:]:
        return float(math.prod(dims[-axes:]))
    return cast(reduce_prod(shape(x)[-axes:]), dtype)


# -- complex ---------------------------------------------------------------------------------------------------------


@op("FFT", "input: Tcomplex[...,n] -> output: Tcomplex[...,n]", Tcomplex=_COMPLEX)
def fft(input):
    """Return the Fourier transform over the last axis.

    Parameters
    ----------
    input : complex Tensor [..., n]

    Returns
    -------
    Tensor [..., n]
    """
    return _transformed(input, 1, jnp.fft.fftn)


@op("IFFT", "input: Tcomplex[...,n] -> output: Tcomplex[...,n]", Tcomplex=_COMPLEX)
def ifft(input):
    """Undo `fft`: return the inverse Fourier transform over the last axis.

    Parameters
    ----------
    input : complex Tensor [..., n]

    Returns
    -------
    Tensor [..., n]
    """
    return _transformed(input, 1, jnp.fft.ifftn)


@op("FFT2D", "input: Tcomplex[...,m,n] -> output: Tcomplex[...,m,n]", Tcomplex=_COMPLEX)
def fft2d(input):
    """Return the Fourier transform over the last two axes.

    Parameters
    ----------
    input : complex Tensor [..., m, n]

    Returns
    -------
    Tensor [..., m, n]
    """
    return _transformed(input, 2, jnp.fft.fftn)


@op("IFFT2D", "input: Tcomplex[...,m,n] -> output: Tcomplex[...,m,n]", Tcomplex=_COMPLEX)
def ifft2d(input):
    """Undo `fft2d`: return the inverse Fourier transform over the last two axes.

    Parameters
    ----------
    input : complex Tensor [..., m, n]

    Returns
    -------
    Tensor [..., m, n]
    """
    return _transformed(input, 2, jnp.fft.ifftn)


@op("FFT3D", "input: Tcomplex[...,l,m,n] -> output: Tcomplex[...,l,m,n]", Tcomplex=_COMPLEX)
def fft3d(input):
    """Return the Fourier transform over the last three axes.

    Parameters
    ----------
    input : complex Tensor [..., l, m, n]

    Returns
    -------
    Tensor [..., l, m, n]
    """
    return _transformed(input, 3, jnp.fft.fftn)


@op("IFFT3D", "input: Tcomplex[...,l,m,n] -> output: Tcomplex[...,l,m,n]", Tcomplex=_COMPLEX)
def ifft3d(input):
    """Undo `fft3d`: return the inverse Fourier transform over the last three axes.

    Parameters
    ----------
    input : complex Tensor [..., l, m, n]

    Returns
    -------
    Tensor [..., l, m, n]
    """
    return _transformed(input, 3, jnp.fft.ifftn)


def _transformed(x: Any, axes: int, transform: Callable[..., Any]) -> Any:
    check(x.ndim >= axes, InvalidArgumentError, f"Input must have rank of at least {axes} but got: {list(x.shape)}")
    return transform(x, axes=_axes(axes)) if x.size else x


def _differentiate(there: OpFunction, back: OpFunction, axes: int) -> None:
    """Let each of two transforms be the other's gradient, up to the number of elements."""

    @there.gradient
    def _(op, grad):
        return back(grad) * cast(_size(grad, axes, grad.dtype), grad.dtype)

    @back.gradient
    def _(op, grad):
        return there(grad) * cast(1.0 / _size(grad, axes, grad.dtype.real_dtype), grad.dtype)


_differentiate(fft, ifft, 1)
_differentiate(fft2d, ifft2d, 2)
_differentiate(fft3d, ifft3d, 3)

# -- real ------------------------------------------------------------------------------------------------------------


def _halved(length: int) -> int:
    return length // 2 + 1


def _real_dims(axes: int) -> Callable[..., Any]:
    def rule(input, fft_length):
        if input is None:
            return None
        lengths = _known(fft_length, axes)
        return (*input[:-axes], *lengths[:-1], None if lengths[-1] is None else _halved(lengths[-1]))

    return rule


def _inverse_dims(axes: int) -> Callable[..., Any]:
    def rule(input, fft_length):
        return None if input is None else (*input[:-axes], *_known(fft_length, axes))

    return rule


def _known(fft_length: Any, axes: int) -> list[int | None]:
    lengths = dims_of(fft_length)
    if lengths is None:
        return [None] * axes
    if len(lengths) != axes:
        raise ValueError(f"fft_length must have {axes} elements but has {len(lengths)}")
    return list(lengths)


def _lengths(x: Any, fft_length: Any, axes: int, inverse: bool) -> tuple[int, ...]:
    """Return the lengths as numbers; let the run fail if the input is too short for them."""
    lengths = sizes(fft_length)
    check(x.ndim >= axes, InvalidArgumentError, f"Input must have rank of at least {axes} but got: {list(x.shape)}")
    check(len(lengths) == axes, InvalidArgumentError, f"fft_length must have shape [{axes}]")
    check(min(lengths) >= 0, InvalidArgumentError, f"fft_length must not be negative: {list(lengths)}")
    needed = (*lengths[:-1], _halved(lengths[-1])) if inverse else lengths
    enough = all(have >= want for have, want in zip(x.shape[-axes:], needed, strict=True))
    check(not x.size or enough, InvalidArgumentError,
          f"Input of shape {list(x.shape)} must have lengths of at least {list(needed)}")  # fmt: skip
    return lengths


def _cut(x: Any, lengths: tuple[int, ...]) -> Any:
    return x[(..., *(slice(0, n) for n in lengths))]


def _forward(input: Any, fft_length: Any, axes: int) -> Any:
    lengths = _lengths(input, fft_length, axes, inverse=False)
    dims = (*input.shape[:-axes], *lengths[:-1], _halved(lengths[-1]))
    if not input.size or 0 in lengths:
        return jnp.zeros(dims, jnp.complex64)
    return jnp.fft.rfftn(_cut(input, lengths), axes=_axes(axes))


def _inverse(input: Any, fft_length: Any, axes: int) -> Any:
    lengths = _lengths(input, fft_length, axes, inverse=True)
    if not input.size or 0 in lengths:
        return jnp.zeros((*input.shape[:-axes], *lengths), jnp.float32)
    x = _cut(input, (*lengths[:-1], _halved(lengths[-1])))
    if axes > 1:  # one after the other: the whole at once would take for granted that the input is symmetric
        x = jnp.fft.ifftn(x, axes=_axes(axes)[:-1])
    return jnp.fft.irfft(x, lengths[-1])


@op("RFFT", "input: float32[...,n], fft_length: static int32[1] -> output: complex64", shape=_real_dims(1))
def _rfft(input, fft_length):
    """The first half of the Fourier transform of real numbers."""
    return _forward(input, fft_length, 1)


@op("IRFFT", "input: complex64[...,n], fft_length: static int32[1] -> output: float32", shape=_inverse_dims(1))
def _irfft(input, fft_length):
    """The real numbers of whose Fourier transform the first half is given."""
    return _inverse(input, fft_length, 1)


@op("RFFT2D", "input: float32[...,m,n], fft_length: static int32[2] -> output: complex64", shape=_real_dims(2))
def _rfft2d(input, fft_length):
    """The first half of the Fourier transform of real numbers over two axes."""
    return _forward(input, fft_length, 2)


@op("IRFFT2D", "input: complex64[...,m,n], fft_length: static int32[2] -> output: float32", shape=_inverse_dims(2))
def _irfft2d(input, fft_length):
    """The real numbers of whose Fourier transform over two axes the first half is given."""
    return _inverse(input, fft_length, 2)


@op("RFFT3D", "input: float32[...,l,m,n], fft_length: static int32[3] -> output: complex64", shape=_real_dims(3))
def _rfft3d(input, fft_length):
    """The first half of the Fourier transform of real numbers over three axes."""
    return _forward(input, fft_length, 3)


@op("IRFFT3D", "input: complex64[...,l,m,n], fft_length: static int32[3] -> output: float32", shape=_inverse_dims(3))
def _irfft3d(input, fft_length):
    """The real numbers of whose Fourier transform over three axes the first half is given."""
    return _inverse(input, fft_length, 3)


def _weights(length: Tensor, middle: float) -> Tensor:
    """Return 1 for the frequencies that a half spectrum has once, `middle` for those whose mirror image it lacks."""
    known = constant_value(length)
    if known is not None:
        n = int(known[-1])
        row = np.full(_halved(n), middle, np.float32)
        row[:1] = 1
        if n % 2 == 0:
            row[-1] = 1
        return convert_to_tensor(row)
    n = length[-1]
    return concat([[1.0], middle * ones([(n - 1) // 2]), ones([1 - n % 2])], 0)


def _fitted(grad: Tensor, x: Tensor, axes: int) -> Tensor:
    """Put 0 where the transform cut off what `x` has."""
    dims, found = x.dims, grad.dims
    if dims is not None and found is not None and None not in dims[-axes:] and found[-axes:] == dims[-axes:]:
        return grad
    after = shape(x) - shape(grad)
    return pad(grad, stack([zeros_like(after), after], axis=1))


def _differentiate_real(there: OpFunction, back: OpFunction, axes: int) -> None:
    @there.gradient
    def _(op, grad):
        length = op.inputs[1]
        result = back(grad * cast(_weights(length, 0.5), dtypes.complex64), length)
        return _fitted(result * _size(result, axes, dtypes.float32), op.inputs[0], axes), None

    @back.gradient
    def _(op, grad):
        length = op.inputs[1]
        weights = _weights(length, 2.0) / _size(grad, axes, dtypes.float32)
        return _fitted(there(grad, length) * cast(weights, dtypes.complex64), op.inputs[0], axes), None


_differentiate_real(_rfft, _irfft, 1)
_differentiate_real(_rfft2d, _irfft2d, 2)
_differentiate_real(_rfft3d, _irfft3d, 3)

# -- with a length that fits, or is padded to ------------------------------------------------------------------------


def _padded(x: Tensor, axes: int, length: Tensor, inverse: bool) -> Tensor:
    """Pad the last axes to the lengths that the transform needs."""
    if x.dims is not None and 0 in x.dims:
        return x
    lengths = constant_value(length)
    dims: Any = x.dims
    if lengths is not None and dims is not None and None not in dims[-axes:]:
        wanted = [int(n) for n in lengths]
        if inverse:
            wanted[-1] = _halved(wanted[-1])
        paddings = [[0, max(n - have, 0)] for n, have in zip(wanted, dims[-axes:], strict=True)]
        if any(after for _, after in paddings):
            return pad(x, [[0, 0]] * (len(dims) - axes) + paddings)
        return x
    count = rank(x)
    have = shape(x)[-axes:]
    outer = zeros([maximum(0, count - axes)], length.dtype)
    if inverse:
        length = concat([length[:-1], length[-1:] // 2 + 1], 0)
    after = concat([outer, maximum(0, length - have)], 0)
    return pad(x, stack([zeros_like(after), after], axis=1))


def _length_of_real(x: Tensor, axes: int) -> Tensor:
    if x.dims is None or None in x.dims[-axes:]:
        return shape(x)[-axes:]
    return convert_to_tensor(list(x.dims[-axes:]), dtypes.int32)


def _length_of_half(x: Tensor, axes: int) -> Tensor:
    if x.dims is None or None in x.dims[-axes:]:
        lengths = list(unstack(shape(x)[-axes:]))
        lengths[-1] = maximum(0, 2 * (lengths[-1] - 1))
        return stack(lengths)
    known: list[Any] = list(x.dims[-axes:])
    return convert_to_tensor([*known[:-1], max(0, 2 * (known[-1] - 1))], dtypes.int32)


def _of_real(op: OpFunction, axes: int, x: Any, fft_length: Any, name: str | None, default: str) -> Tensor:
    with name_scope(name, default, [x, fft_length]) as scope:
        x = convert_to_tensor(x, dtypes.float32)
        x.shape.with_rank_at_least(axes)
        length = _length_of_real(x, axes) if fft_length is None else convert_to_tensor(fft_length, dtypes.int32)
        return op(_padded(x, axes, length, inverse=False), length, name=scope)


def _of_half(op: OpFunction, axes: int, x: Any, fft_length: Any, name: str | None, default: str) -> Tensor:
    with name_scope(name, default, [x, fft_length]) as scope:
        x = convert_to_tensor(x, dtypes.complex64)
        x.shape.with_rank_at_least(axes)
        length = _length_of_half(x, axes) if fft_length is None else convert_to_tensor(fft_length, dtypes.int32)
        return op(_padded(x, axes, length, inverse=True), length, name=scope)


def rfft(input_tensor: Any, fft_length: Any = None, name: str | None = None) -> Tensor:
    """Return the first half of the Fourier transform of real numbers; the rest is its mirror image, conjugated.

    Parameters
    ----------
    input_tensor : float32 Tensor [..., m]
    fft_length : int32 Tensor [1], optional
        Cut, or pad with 0, to this n; by default m.
    name : str, optional

    Returns
    -------
    complex64 Tensor [..., n // 2 + 1]
    """
    return _of_real(_rfft, 1, input_tensor, fft_length, name, "rfft")


def irfft(input_tensor: Any, fft_length: Any = None, name: str | None = None) -> Tensor:
    """Undo `rfft`.

    Parameters
    ----------
    input_tensor : complex64 Tensor [..., m]
    fft_length : int32 Tensor [1], optional
        How many numbers to return, n; by default 2 * (m - 1).
    name : str, optional

    Returns
    -------
    float32 Tensor [..., n]
    """
    return _of_half(_irfft, 1, input_tensor, fft_length, name, "irfft")


def rfft2d(input_tensor: Any, fft_length: Any = None, name: str | None = None) -> Tensor:
    """Return the first half of the Fourier transform of real numbers over two axes.

    Parameters
    ----------
    input_tensor : float32 Tensor [..., k, m]
    fft_length : int32 Tensor [2], optional
        Cut, or pad with 0, to these; by default the last two sizes.
    name : str, optional

    Returns
    -------
    complex64 Tensor [..., fft_length[0], fft_length[1] // 2 + 1]
    """
    return _of_real(_rfft2d, 2, input_tensor, fft_length, name, "rfft2d")


def irfft2d(input_tensor: Any, fft_length: Any = None, name: str | None = None) -> Tensor:
    """Undo `rfft2d`.

    Parameters
    ----------
    input_tensor : complex64 Tensor [..., k, m]
    fft_length : int32 Tensor [2], optional
        By default k and 2 * (m - 1).
    name : str, optional

    Returns
    -------
    float32 Tensor [..., *fft_length]
    """
    return _of_half(_irfft2d, 2, input_tensor, fft_length, name, "irfft2d")


def rfft3d(input_tensor: Any, fft_length: Any = None, name: str | None = None) -> Tensor:
    """Return the first half of the Fourier transform of real numbers over three axes.

    Parameters
    ----------
    input_tensor : float32 Tensor [..., j, k, m]
    fft_length : int32 Tensor [3], optional
        Cut, or pad with 0, to these; by default the last three sizes.
    name : str, optional

    Returns
    -------
    complex64 Tensor [..., fft_length[0], fft_length[1], fft_length[2] // 2 + 1]
    """
    return _of_real(_rfft3d, 3, input_tensor, fft_length, name, "rfft3d")


def irfft3d(input_tensor: Any, fft_length: Any = None, name: str | None = None) -> Tensor:
    """Undo `rfft3d`.

    Parameters
    ----------
    input_tensor : complex64 Tensor [..., j, k, m]
    fft_length : int32 Tensor [3], optional
        By default j, k and 2 * (m - 1).
    name : str, optional

    Returns
    -------
    float32 Tensor [..., *fft_length]
    """
    return _of_half(_irfft3d, 3, input_tensor, fft_length, name, "irfft3d")


# -- the middle ------------------------------------------------------------------------------------------------------


def _shifted(x: Any, axes: Any, name: str | None, default: str, sign: int) -> Tensor:
    with name_scope(name, default) as scope:
        x = convert_to_tensor(x)
        if x.dims is None:
            raise ValueError(f"{default} needs a tensor of known rank")
        if axes is None:
            axes = tuple(range(len(x.dims)))
        which = (axes,) if isinstance(axes, int) else axes
        if any(x.dims[axis] is None for axis in which):
            raise TypeError(f"{default} needs known sizes, not {x.shape}")
        half = [sign * (x.dims[axis] // 2) for axis in which]
        return roll(x, half[0] if isinstance(axes, int) else half, axes, scope)


def fftshift(x: Any, axes: Any = None, name: str | None = None) -> Tensor:
    """Move what a Fourier transform has at frequency 0 to the middle.

    Parameters
    ----------
    x : Tensor
    axes : int or tuple of int, optional
        By default all.
    name : str, optional

    Returns
    -------
    Tensor
    """
    return _shifted(x, axes, name, "fftshift", 1)


def ifftshift(x: Any, axes: Any = None, name: str | None = None) -> Tensor:
    """Undo `fftshift`.

    Parameters
    ----------
    x : Tensor
    axes : int or tuple of int, optional
        By default all.
    name : str, optional

    Returns
    -------
    Tensor
    """
    return _shifted(x, axes, name, "ifftshift", -1)
