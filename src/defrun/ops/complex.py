"""Complex numbers: their parts, and numbers made of parts."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
from jax import lax

from defrun.base import dtypes
from defrun.base.dtypes import DType
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.broadcast import broadcast, unbroadcast
from defrun.ops.cast import cast
from defrun.ops.constant import constant
from defrun.ops.creation import zeros_like
from defrun.ops.declare import op
from defrun.ops.types import COMPLEX

_PARTS = frozenset((dtypes.float32, dtypes.float64))
_T = (COMPLEX, dtypes.complex64)


@op("Real", "input: T[...] -> output: Tout[...]", T=_T, Tout=_PARTS)
def _real(input, Tout: DType = dtypes.float32):
    """The real part of each element."""
    return jnp.real(input)


@_real.gradient
def _(op, grad):
    return complex(grad, constant(0, grad.dtype.base_dtype))


@op("Imag", "input: T[...] -> output: Tout[...]", T=_T, Tout=_PARTS)
def _imag(input, Tout: DType = dtypes.float32):
    """The imaginary part of each element."""
    return jnp.imag(input)


@_imag.gradient
def _(op, grad):
    return complex(constant(0, grad.dtype.base_dtype), grad)


@op("Angle", "input: T[...] -> output: Tout[...]", T=_T, Tout=_PARTS)
def _angle(input, Tout: DType = dtypes.float32):
    """The angle of each element, in radians."""
    return jnp.angle(input)


@_angle.gradient
def _(op, grad):
    x = op.inputs[0]
    return -cast(grad, x.dtype) / complex(imag(x), real(x))


@op("Conj", "input: T[...] -> output: T[...]", T=_T)
def _conj(input):
    """The complex conjugate of each element."""
    return jnp.conj(input)


@_conj.gradient
def _(op, grad):
    return conj(grad)


@op("Complex", "real: T, imag: T -> out: Tout", T=(_PARTS, dtypes.float32), Tout=COMPLEX, shape=broadcast)
def _complex(real, imag, Tout: DType = dtypes.complex64):
    """Complex numbers of the given parts."""
    return lax.complex(*jnp.broadcast_arrays(real, imag))


@_complex.gradient
def _(op, grad):
    return unbroadcast(op, real(grad), imag(grad))


def real(input: Any, name: str | None = None) -> Tensor:
    """Return the real part of each element; a tensor that isn't complex as it is.

    Parameters
    ----------
    input : Tensor
    name : str, optional
    """
    with name_scope(name, "Real", [input]) as scope:
        input = convert_to_tensor(input, name="input")
        return _real(input, input.dtype.real_dtype, name=scope) if input.dtype.is_complex else input


def imag(input: Any, name: str | None = None) -> Tensor:
    """Return the imaginary part of each element; zeros for a tensor that isn't complex.

    Parameters
    ----------
    input : Tensor
    name : str, optional
    """
    with name_scope(name, "Imag", [input]) as scope:
        input = convert_to_tensor(input, name="input")
        return _imag(input, input.dtype.real_dtype, name=scope) if input.dtype.is_complex else zeros_like(input)


def angle(input: Any, name: str | None = None) -> Tensor:
    """Return the angle of each element in radians; zeros for a tensor that isn't complex.

    Parameters
    ----------
    input : Tensor
    name : str, optional
    """
    with name_scope(name, "Angle", [input]) as scope:
        input = convert_to_tensor(input, name="input")
        return _angle(input, input.dtype.real_dtype, name=scope) if input.dtype.is_complex else zeros_like(input)


def conj(x: Any, name: str | None = None) -> Tensor:
    """Return the complex conjugate of each element; a tensor of real numbers as it is.

    Parameters
    ----------
    x : Tensor
    name : str, optional

    Raises
    ------
    TypeError
        If `x` isn't made of numbers.
    """
    if isinstance(x, Tensor) and (x.dtype.is_floating or x.dtype.is_integer):
        return x
    with name_scope(name, "Conj", [x]) as scope:
        x = convert_to_tensor(x, name="x")
        if x.dtype.is_complex:
            return _conj(x, name=scope)
        if x.dtype.is_floating or x.dtype.is_integer:
            return x
        raise TypeError(f"Expected numeric or variant tensor, got dtype {x.dtype!r}")


def complex(real: Any, imag: Any, name: str | None = None) -> Tensor:
    """Make complex numbers of their real and imaginary parts; the two broadcast.

    Parameters
    ----------
    real, imag : float32 or float64 Tensor
        Both of one type.
    name : str, optional

    Returns
    -------
    complex64 or complex128 Tensor

    Raises
    ------
    TypeError
        If the parts are of another type, or of two.
    """
    real = convert_to_tensor(real, name="real")
    imag = convert_to_tensor(imag, name="imag")
    with name_scope(name, "Complex", [real, imag]) as scope:
        made = {dtypes.float64: dtypes.complex128, dtypes.float32: dtypes.complex64}.get(real.dtype.base_dtype)
        if made is None or real.dtype.base_dtype != imag.dtype.base_dtype:
            raise TypeError(f"real and imag have incorrect types: {real.dtype.name} {imag.dtype.name}")
        return _complex(real, imag, made, name=scope)
