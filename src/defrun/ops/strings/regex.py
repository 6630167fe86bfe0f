"""Regular expressions, in RE2's language as in TensorFlow: the very engine, from the package google-re2."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import re2

from defrun.base.errors import InvalidArgumentError
from defrun.base.text import as_bytes
from defrun.graph.operation import Tensor
from defrun.ops.declare import op
from defrun.ops.strings.texts import mapped, shown, text_in, texts_in

# A character of UTF-8, or else a byte.
_CHARACTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}|.", re.DOTALL)


@op("RegexFullMatch", "input: string[...], pattern: string[] -> output: bool[...]", host=True, differentiable=False)
def _regex_full_match(input, pattern):
    """Whether each text is matched as a whole."""
    return _full_match(input, _scalar(pattern, "pattern"))


@op("StaticRegexFullMatch", "input: string[...] -> output: bool[...]", host=True, differentiable=False)
def _static_regex_full_match(input, pattern: str):
    """Whether each text is matched as a whole by a pattern known beforehand."""
    return _full_match(input, as_bytes(pattern))


@op("RegexReplace", "input: string[...], pattern: string[], rewrite: string[] -> output: string[...]", host=True,
    differentiable=False)  # fmt: skip
def _regex_replace(input, pattern, rewrite, replace_global: bool = True):
    """Replace what a pattern matches."""
    return _replaced(input, _scalar(pattern, "pattern"), _scalar(rewrite, "rewrite"), replace_global)


@op("StaticRegexReplace", "input: string[...] -> output: string[...]", host=True, differentiable=False)
def _static_regex_replace(input, pattern: str, rewrite: str, replace_global: bool = True):
    """Replace what a pattern known beforehand matches."""
    return _replaced(input, as_bytes(pattern), as_bytes(rewrite), replace_global)


def _scalar(value: Any, name: str) -> bytes:
    if value.ndim:
        raise InvalidArgumentError(None, None, f"{name} must be a scalar, not of shape {list(value.shape)}")
    return text_in(value)


Spans = list[tuple[int, int]]
"""What a match covers, and what its groups do; (-1, -1) for none."""


def _search(pattern: bytes) -> Callable[[bytes, int], Spans]:
    """Return what searches a text, from a place on, by RE2's own function: the package's takes thrice as long."""
    match, anywhere = _compiled(pattern)._regexp.Match, re2._Anchor.UNANCHORED
    return lambda text, at: match(anywhere, text, at, len(text))


def _compiled(pattern: bytes) -> Any:
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        reason = error.args[0] if error.args else ""
        reason = shown(reason) if isinstance(reason, bytes) else reason
        raise InvalidArgumentError(None, None, f"Invalid pattern {shown(pattern)!r}: {reason}") from None


def _full_match(texts: Any, pattern: bytes) -> Any:
    fits = _compiled(pattern).fullmatch
    return np.array([fits(text) is not None for text in texts_in(texts)], bool).reshape(texts.shape)


def _replaced(texts: Any, pattern: bytes, rewrite: bytes, everywhere: bool) -> Any:
    search = _search(pattern)
    parts, sound = _parts(rewrite)
    if everywhere:
        return mapped(lambda text: _replaced_all(search, parts, text), texts)
    return mapped(lambda text: _replaced_first(search, parts, text) if sound else text, texts)


def _parts(rewrite: bytes) -> tuple[list[bytes | int], bool]:
    r"""Return the texts and the numbers of groups (``\1``) that a rewrite is made of, and whether all of it is sound.

    What follows an unknown escape is left out, as TensorFlow leaves it out.
    """
    parts: list[bytes | int] = []
    at = 0
    while (end := rewrite.find(b"\\", at)) >= 0:
        parts.append(rewrite[at:end])
        mark = rewrite[end + 1 : end + 2]
        if mark.isdigit():
            parts.append(int(mark))
        elif mark == b"\\":
            parts.append(mark)
        else:
            return parts, False
        at = end + 2
    return [*parts, rewrite[at:]], True


def _rewritten(text: bytes, spans: Spans, parts: list[bytes | int]) -> bytes:
    return b"".join(part if isinstance(part, bytes) else _group(text, spans, part) for part in parts)


def _group(text: bytes, spans: Spans, number: int) -> bytes:
    return text[slice(*spans[number])] if number < len(spans) and spans[number][0] >= 0 else b""


def _replaced_first(search: Any, parts: list[bytes | int], text: bytes) -> bytes:
    spans = search(text, 0)
    begin, end = spans[0]
    return text if begin < 0 else text[:begin] + _rewritten(text, spans, parts) + text[end:]


def _replaced_all(search: Any, parts: list[bytes | int], text: bytes) -> bytes:
    """Replace every match; an empty one right after another match doesn't count, as in RE2."""
    made: list[bytes] = []
    at, last = 0, -1
    while at <= len(text):
        spans = search(text, at)
        begin, end = spans[0]
        if begin < 0:
            break
        made.append(text[at:begin])
        if begin == end == last:
            one = _CHARACTER.match(text, begin)
            made.append(one[0] if one else b"")
            at = one.end() if one else len(text) + 1
            continue
        made.append(_rewritten(text, spans, parts))
        at = last = end
    return b"".join([*made, text[at:]])


def regex_full_match(input: Any, pattern: Any, name: str | None = None) -> Tensor:
    """Return whether a regular expression matches each text as a whole.

    Parameters
    ----------
    input : string Tensor of any shape
    pattern : str or string Tensor []
        In RE2's language.
    name : str, optional

    Returns
    -------
    bool Tensor of the same shape

    Raises
    ------
    InvalidArgumentError
        When run, if the pattern is malformed.
    """
    if isinstance(pattern, (str, bytes)):
        return _static_regex_full_match(input, pattern=pattern, name=name)
    return _regex_full_match(input, pattern, name=name)


def regex_replace(
    input: Any, pattern: Any, rewrite: Any, replace_global: bool = True, name: str | None = None
) -> Tensor:
    r"""Replace what a regular expression matches in each text.

    Parameters
    ----------
    input : string Tensor of any shape
    pattern : str or string Tensor []
        In RE2's language.
    rewrite : str or string Tensor []
        What to put there; ``\1`` to ``\9`` stand for what the groups matched, ``\0`` for the whole.
    replace_global : bool
        Replace every match, not just the first.
    name : str, optional

    Raises
    ------
    InvalidArgumentError
        When run, if the pattern is malformed.
    """
    if isinstance(pattern, (str, bytes)) and isinstance(rewrite, (str, bytes)):
        return _static_regex_replace(input, pattern, rewrite, replace_global, name=name)
    return _regex_replace(input, pattern, rewrite, replace_global, name=name)
