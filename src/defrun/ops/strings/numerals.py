"""What counts as a number in a text; Python's own int() and float() take more."""

from __future__ import annotations

import re

_INTEGER = re.compile(rb"-?[0-9]+")
_REAL = re.compile(rb"[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?|nan|inf)", re.IGNORECASE)
_HEXADECIMAL = re.compile(rb"[+-]?0x[0-9a-f]+", re.IGNORECASE)
_SPACE = b" \t\n\v\f\r"


def integer_in(text: bytes) -> int | None:
    """Read a whole number, which spaces may surround; None if it is none."""
    bare = text.strip(_SPACE)
    return int(bare) if _INTEGER.fullmatch(bare) else None


def real_in(text: bytes) -> float | None:
    """Read a number, which spaces may surround; None if it is none. Spaces alone are 0."""
    bare = text.strip(_SPACE)
    if _REAL.fullmatch(bare):
        return float(bare)
    if _HEXADECIMAL.fullmatch(bare):
        return float(int(bare, 16))
    return 0.0 if text and not bare else None
