"""Conversions between the types of elements."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np

from defrun.base import dtypes, logging
from defrun.base.dtypes import DType
from defrun.base.errors import UnimplementedError
from defrun.graph.composite import IndexedSlices, SparseTensor
from defrun.graph.convert import convert_to_tensor
from defrun.graph.scopes import name_scope
from defrun.ops.bounds import padding
from defrun.ops.declare import op
from defrun.ops.types import BOOL, COMPLEX, FLOAT, NUMERIC, STRING

_CASTABLE = NUMERIC | BOOL
_CARRY_GRADIENTS = FLOAT | COMPLEX


@op("Cast", "x: SrcT[...] -> y: DstT[...]", SrcT=_CASTABLE | STRING, DstT=_CASTABLE | STRING, folds=True,
    if_padded="keeps")  # fmt: skip
def _cast(x, DstT: DType, Truncate: bool = False, *, padded=False):
    """Convert the elements to another type."""
    wanted = DstT.as_numpy_dtype
    if padded and x.dtype.kind == "i" and DstT in _INDEX:  # padding of indices stays that
        return jnp.where(x == padding(x.dtype), padding(wanted), x.astype(wanted))
    if x.dtype == object or DstT == dtypes.string:
        text = "Cast between numbers and text is not supported; see tf.strings.to_number and tf.strings.as_string"
        raise UnimplementedError(None, None, text)
    if DstT.is_bool:
        return x != 0
    if x.dtype.kind == "c" and not DstT.is_complex:
        x = x.real
    if jnp.issubdtype(x.dtype, jnp.floating):
        if DstT in _NARROW_UNSIGNED:
            return _cast.lower(x, dtypes.int32).astype(wanted)
        if DstT.is_integer and not DstT.is_unsigned and isinstance(x, jnp.ndarray):
            return _float_to_int(x, wanted)
    with np.errstate(invalid="ignore", over="ignore"):
        return x.astype(wanted)


_INDEX = frozenset((dtypes.int32, dtypes.int64))
_NARROW_UNSIGNED = frozenset((dtypes.uint8, dtypes.uint16))


def _float_to_int(x: Any, wanted: Any) -> Any:
    # What doesn't fit becomes the smallest integer, as processors (and so TensorFlow) have it; XLA would saturate.
    # Narrow types take the low bits of an int32.
    wide = np.int64 if wanted is np.int64 else np.int32
    fits = jnp.abs(x) < float(np.iinfo(wide).max)
    return jnp.where(fits, x.astype(wide), np.iinfo(wide).min).astype(wanted)


@_cast.gradient
def _(op, grad):
    source = op.inputs[0].dtype.base_dtype
    if source in _CARRY_GRADIENTS and op.outputs[0].dtype in _CARRY_GRADIENTS:
        return cast(grad, source)
    return None


def cast(x: Any, dtype: Any, name: str | None = None) -> Any:
    """Convert `x` to another type.

    Parameters
    ----------
    x : Tensor, SparseTensor or IndexedSlices
        Numbers or bools; the fraction of a float is cut off, the imaginary part of a complex number dropped, and a bool
        is whether an element differs from 0.
    dtype : DType
    name : str, optional

    Returns
    -------
    Tensor
        Like `x`; `x` itself if it is a tensor of `dtype`.

    Raises
    ------
    TypeError
        If `x` can't be converted to `dtype`.
    """
    wanted = dtypes.as_dtype(dtype).base_dtype
    if getattr(x, "dtype", None) is wanted and not isinstance(x, (SparseTensor, IndexedSlices)):
        return x
    with name_scope(name, "Cast", [x]) as scope:
        if isinstance(x, SparseTensor):
            return SparseTensor(x.indices, cast(x.values, wanted, scope), x.dense_shape)
        if isinstance(x, IndexedSlices):
            return IndexedSlices(cast(x.values, wanted, scope), x.indices, x.dense_shape)
        x = convert_to_tensor(x, name="x")
        if x.dtype.base_dtype == wanted:
            return x
        if x.dtype.is_complex and wanted.is_floating:
            logging.warn("Casting complex to real discards imaginary part.")
        return _cast(x, wanted, name=scope)


def to_float(x: Any, name: str = "ToFloat") -> Any:
    """Convert `x` to float32; see `cast`."""
    return cast(x, dtypes.float32, name=name)


def to_double(x: Any, name: str = "ToDouble") -> Any:
    """Convert `x` to float64; see `cast`."""
    return cast(x, dtypes.float64, name=name)


def to_int32(x: Any, name: str = "ToInt32") -> Any:
    """Convert `x` to int32; see `cast`."""
    return cast(x, dtypes.int32, name=name)


def to_int64(x: Any, name: str = "ToInt64") -> Any:
    """Convert `x` to int64; see `cast`."""
    return cast(x, dtypes.int64, name=name)


def to_bfloat16(x: Any, name: str = "ToBFloat16") -> Any:
    """Convert `x` to bfloat16; see `cast`."""
    return cast(x, dtypes.bfloat16, name=name)


def to_complex64(x: Any, name: str = "ToComplex64") -> Any:
    """Convert `x` to complex64; see `cast`."""
    return cast(x, dtypes.complex64, name=name)


def to_complex128(x: Any, name: str = "ToComplex128") -> Any:
    """Convert `x` to complex128; see `cast`."""
    return cast(x, dtypes.complex128, name=name)
