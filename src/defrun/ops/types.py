"""Sets of dtypes, as op signatures use them."""

from __future__ import annotations

from defrun.base import dtypes as d

HALF_FLOAT = frozenset((d.float16, d.bfloat16))
FLOAT = frozenset((d.float16, d.bfloat16, d.float32, d.float64))
COMPLEX = frozenset((d.complex64, d.complex128))
SIGNED = frozenset((d.int8, d.int16, d.int32, d.int64))
UNSIGNED = frozenset((d.uint8, d.uint16, d.uint32, d.uint64))
INTEGER = SIGNED | UNSIGNED
INDEX = frozenset((d.int32, d.int64))
REAL = FLOAT | INTEGER
NUMERIC = REAL | COMPLEX
BOOL = frozenset((d.bool,))
STRING = frozenset((d.string,))
QUANTIZED = frozenset((d.qint8, d.quint8, d.qint16, d.quint16, d.qint32))
ANY = NUMERIC | BOOL | STRING | QUANTIZED | frozenset((d.resource, d.variant))
