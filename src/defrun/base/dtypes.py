"""The types that elements of a tensor may have.

Every type is one object, so `is` and `==` agree and comparing two types costs nothing. A type whose name ends in
`_ref` is what a reference variable (`VariableV2`) hands out: the same elements, but writable in place.
"""

from __future__ import annotations

import builtins
from typing import Any

import ml_dtypes
import numpy as np

_REF = 100  # what the DataType enum adds for the reference form of a type

# kind: f floating, i signed, u unsigned, c complex, b bool, q quantized, s string, o a handle NumPy cannot hold
_KINDS: list[tuple[int, str, str, Any]] = [
    (1, "float32", "f", np.float32),
    (2, "float64", "f", np.float64),
    (3, "int32", "i", np.int32),
    (4, "uint8", "u", np.uint8),
    (5, "int16", "i", np.int16),
    (6, "int8", "i", np.int8),
    (7, "string", "s", np.object_),
    (8, "complex64", "c", np.complex64),
    (9, "int64", "i", np.int64),
    (10, "bool", "b", np.bool_),
    (11, "qint8", "q", np.dtype([("qint8", np.int8)])),
    (12, "quint8", "q", np.dtype([("quint8", np.uint8)])),
    (13, "qint32", "q", np.dtype([("qint32", np.int32)])),
    (14, "bfloat16", "f", ml_dtypes.bfloat16),
    (15, "qint16", "q", np.dtype([("qint16", np.int16)])),
    (16, "quint16", "q", np.dtype([("quint16", np.uint16)])),
    (17, "uint16", "u", np.uint16),
    (18, "complex128", "c", np.complex128),
    (19, "float16", "f", np.float16),
    (20, "resource", "o", None),
    (21, "variant", "o", None),
    (22, "uint32", "u", np.uint32),
    (23, "uint64", "u", np.uint64),
]

_BY_ENUM: dict[int, DType] = {}
_BY_ANYTHING: dict[Any, DType] = {}


class DType:
    """The type of the elements of a tensor.

    `DType(enum)` gives the one object of that number of the `DataType` enum; `as_dtype` takes everything else.

    Attributes
    ----------
    name : str
        As in `tf.float32`; a reference type ends in `_ref`.
    as_datatype_enum : int
        Number in the `DataType` enum; a reference type has its base's number plus 100.
    base_dtype : DType
        The type without `_ref`.
    real_dtype : DType
        The type of the real part of a complex type; any other type itself.
    is_floating, is_integer, is_unsigned, is_complex, is_bool, is_quantized : bool
        The family. A quantized type is in no other; `is_integer` includes the unsigned ones.
    is_numpy_compatible : bool
        False for `resource` and `variant`.
    size : int
        Bytes of an element.
    """

    __slots__ = (
        "_as_ref",
        "_is_ref_dtype",
        "_numpy",
        "_values",
        "as_datatype_enum",
        "base_dtype",
        "is_bool",
        "is_complex",
        "is_floating",
        "is_integer",
        "is_numpy_compatible",
        "is_quantized",
        "is_unsigned",
        "name",
        "real_dtype",
        "size",
    )

    name: str
    as_datatype_enum: int
    base_dtype: DType
    real_dtype: DType
    is_floating: builtins.bool
    is_integer: builtins.bool
    is_unsigned: builtins.bool
    is_complex: builtins.bool
    is_bool: builtins.bool
    is_quantized: builtins.bool
    is_numpy_compatible: builtins.bool
    size: int
    _is_ref_dtype: builtins.bool
    _as_ref: DType
    _numpy: Any
    _values: Any

    def __new__(cls, type_enum: int) -> DType:
        found = _BY_ENUM.get(int(type_enum))
        if found is None:
            raise TypeError(f"{type_enum} is not a number of a type in the DataType enum")
        return found

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"{self!r} cannot be changed")

    @property
    def as_numpy_dtype(self) -> Any:
        """NumPy's type: a scalar class, for a quantized type a structured dtype of one field.

        Raises
        ------
        KeyError
            For `resource` and `variant`, which NumPy has no type for.
        """
        if self._numpy is None:
            raise KeyError(f"{self!r} has no NumPy type")
        return self._numpy

    @property
    def value_dtype(self) -> Any:
        """NumPy's type of the values that tensors have: as `as_numpy_dtype`, but plain integers if quantized."""
        if self._values is None:
            raise KeyError(f"{self!r} has no NumPy type")
        return self._values

    @property
    def min(self) -> Any:
        """The smallest value. TypeError where there is none (strings, bool, complex and quantized types)."""
        return self._extreme("min")

    @property
    def max(self) -> Any:
        """The largest value. TypeError where there is none (strings, bool, complex and quantized types)."""
        return self._extreme("max")

    @property
    def limits(self) -> tuple[Any, Any]:
        """The range of an image with elements of this type: (0, 1) if floating, else (0, max).

        Raises
        ------
        KeyError
            For types that images do not come in: `half` and `bfloat16` too.
        """
        if self.is_integer:
            return 0, self.max
        if self._numpy in (np.float32, np.float64):
            return 0, 1
        raise KeyError(f"{self!r} has no image range")

    def is_compatible_with(self, other: Any) -> builtins.bool:
        """Whether a tensor of type `other` may be used where this type is wanted.

        A reference may stand for its value, but not a value for a reference.
        """
        other = as_dtype(other)
        return self is other or self is other.base_dtype

    def _extreme(self, which: str) -> Any:
        if self.is_integer:
            return int(getattr(np.iinfo(self._numpy), which))
        if self.is_floating:
            info: Any = ml_dtypes.finfo if self.base_dtype is bfloat16 else np.finfo
            return getattr(info(self._numpy), which)
        raise TypeError(f"{self!r} has no {which}")

    def __eq__(self, other: object) -> builtins.bool:
        if self is other:
            return True
        if other is None or other.__class__ is DType:
            return False
        try:
            return as_dtype(other) is self
        except TypeError:
            return False

    def __hash__(self) -> int:
        return self.as_datatype_enum

    def __int__(self) -> int:
        return self.as_datatype_enum

    def __str__(self) -> str:
        return f"<dtype: {self.name!r}>"

    def __repr__(self) -> str:
        return f"tf.{self.name}"

    def __reduce__(self) -> tuple[Any, ...]:
        return as_dtype, (self.name,)


def as_dtype(type_value: Any) -> DType:
    """The DType that `type_value` names.

    Parameters
    ----------
    type_value : DType, str, NumPy type or dtype, int or Python type
        A string is one of our names (`"float32"`, `"double"`, `"int64_ref"`, ...), an int is a number of the `DataType`
        enum. Of Python's types there are `float` (float32), `bool` and `object` (string); `int` and `complex` leave the
        width open and are refused.

    Raises
    ------
    TypeError
        If `type_value` names no type.
    """
    if type_value.__class__ is DType:
        return type_value
    try:
        return _BY_ANYTHING[type_value]
    except (KeyError, TypeError):
        pass
    if isinstance(type_value, np.dtype):
        # Any byte order and any width of string end here.
        found = string if type_value.kind in "SUOT" else _BY_ANYTHING.get(type_value.type)
        if found is not None:
            return found
    raise TypeError(f"{type_value!r} is not a type that a tensor can have")


def _new(**fields: Any) -> DType:
    made = object.__new__(DType)
    for name, value in fields.items():
        object.__setattr__(made, name, value)
    _BY_ENUM[made.as_datatype_enum] = _BY_ANYTHING[made.as_datatype_enum] = _BY_ANYTHING[made.name] = made
    return made


def _make(enum: int, name: str, kind: str, numpy: Any) -> DType:
    common = {
        "is_floating": kind == "f",
        "is_integer": kind in "iu",
        "is_unsigned": kind == "u",
        "is_complex": kind == "c",
        "is_bool": kind == "b",
        "is_quantized": kind == "q",
        "is_numpy_compatible": kind != "o",
        "size": 1 if numpy is None else np.dtype(numpy).itemsize,
        "_numpy": numpy,
        "_values": np.dtype(numpy)[0].type if kind == "q" else numpy,
    }
    base = _new(name=name, as_datatype_enum=enum, _is_ref_dtype=False, **common)
    ref = _new(name=name + "_ref", as_datatype_enum=enum + _REF, _is_ref_dtype=True, **common)
    real = {"complex64": "float32", "complex128": "float64"}.get(name)
    for made in (base, ref):
        object.__setattr__(made, "base_dtype", base)
        object.__setattr__(made, "_as_ref", ref)
        object.__setattr__(made, "real_dtype", _BY_ANYTHING[real] if real else made)
    if numpy is not None:
        _BY_ANYTHING[numpy] = _BY_ANYTHING[np.dtype(numpy)] = base
    return base


for _row in _KINDS:
    _make(*_row)

float16 = half = DType(19)
float32 = DType(1)
float64 = double = DType(2)
bfloat16 = DType(14)
complex64 = DType(8)
complex128 = DType(18)
int8 = DType(6)
int16 = DType(5)
int32 = DType(3)
int64 = DType(9)
uint8 = DType(4)
uint16 = DType(17)
uint32 = DType(22)
uint64 = DType(23)
bool = DType(10)
string = DType(7)
qint8 = DType(11)
quint8 = DType(12)
qint16 = DType(15)
quint16 = DType(16)
qint32 = DType(13)
resource = DType(20)
variant = DType(21)

float16_ref = half_ref = DType(19 + _REF)
float32_ref = DType(1 + _REF)
float64_ref = double_ref = DType(2 + _REF)
bfloat16_ref = DType(14 + _REF)
complex64_ref = DType(8 + _REF)
complex128_ref = DType(18 + _REF)
int8_ref = DType(6 + _REF)
int16_ref = DType(5 + _REF)
int32_ref = DType(3 + _REF)
int64_ref = DType(9 + _REF)
uint8_ref = DType(4 + _REF)
uint16_ref = DType(17 + _REF)
uint32_ref = DType(22 + _REF)
uint64_ref = DType(23 + _REF)
bool_ref = DType(10 + _REF)
string_ref = DType(7 + _REF)
qint8_ref = DType(11 + _REF)
quint8_ref = DType(12 + _REF)
qint16_ref = DType(15 + _REF)
quint16_ref = DType(16 + _REF)
qint32_ref = DType(13 + _REF)
resource_ref = DType(20 + _REF)
variant_ref = DType(21 + _REF)

_BY_ANYTHING.update(
    {
        "half": half,
        "half_ref": half_ref,
        "double": double,
        "double_ref": double_ref,
        "float": float32,
        "float_ref": float32_ref,
        builtins.float: float32,
        builtins.bool: bool,
        builtins.object: string,
        np.str_: string,
        np.bytes_: string,
        np.longlong: int64,
        np.ulonglong: uint64,
    }
)

QUANTIZED_DTYPES = frozenset(dtype for dtype in _BY_ENUM.values() if dtype.is_quantized)
