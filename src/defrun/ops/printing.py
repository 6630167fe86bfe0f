"""Showing values while running. Printing happens on the host."""

from __future__ import annotations

import os
import pprint
import random
import sys
from typing import Any

import numpy as np

from defrun.base import logging, nest
from defrun.graph.composite import SparseTensor
from defrun.graph.operation import Operation, Tensor
from defrun.ops.declare import op
from defrun.ops.excerpt import element, of_array


def _no_prints(attrs: dict[str, Any]) -> np.ndarray[Any, Any]:
    return np.zeros((), np.int64)


@op("Print", "input: T[...], data: list(U) -> output: T[...]", host=True, state=_no_prints)
def _print(input, data, message: str = "", first_n: int = -1, summarize: int = 3, *, state):
    """Return `input`, printing `data`."""
    if first_n < 0 or state < first_n:
        parts = (of_array(v, summarize) for v in data)
        texts = (text if np.ndim(v) else f"[{text}]" for text, v in zip(parts, data, strict=True))
        sys.stderr.write(f"{message}{''.join(texts)}\n")
    return input, state + 1


@_print.gradient
def _(op, grad):
    return [grad, *[None] * (len(op.inputs) - 1)]


def Print(
    input_: Any,
    data: Any,
    message: str | None = None,
    first_n: int | None = None,
    summarize: int | None = None,
    name: str | None = None,
) -> Tensor:
    """Return `input_` as a tensor that prints `data` to the standard error whenever it is computed.

    Parameters
    ----------
    input_ : Tensor
    data : list of Tensor
    message : str, optional
        Begins the line.
    first_n : int, optional
        Print only so many times.
    summarize : int, optional
        How many elements of each tensor to show, 3 by default; -1 shows all.
    name : str, optional
    """
    return _print(input_, data, message=message, first_n=first_n, summarize=summarize, name=name)


# -- tf.print --------------------------------------------------------------------------------------------------------


def _edges(value: Any, limit: int) -> str:
    """Write an array with the first and last `limit` elements of each axis; -1 writes all."""
    array = np.asarray(value)
    if array.ndim == 0:
        return _quoted(array[()])
    if not array.size:
        return "[]"
    return _nested(array, limit)


def _nested(array: Any, limit: int) -> str:
    rows = [_quoted(v) for v in array] if array.ndim == 1 else None
    count = len(array)
    short = limit >= 0 and count > 2 * limit
    chosen = [*range(limit), *range(count - limit, count)] if short else list(range(count))
    parts = [rows[i] if rows is not None else _nested(array[i], limit).replace("\n", "\n ") for i in chosen]
    if short:
        parts.insert(limit, "...")
    if array.ndim == 1:
        return f"[{' '.join(parts)}]"
    between = "\n" * (array.ndim - 1) + " "
    return f"[{between.join(parts)}]"


def _quoted(value: Any) -> str:
    return f'"{element(value)}"' if isinstance(value, bytes) else element(value)


@op("StringFormat", "inputs: list(T) -> output: string[]", host=True, differentiable=False)
def _string_format(inputs, template: str = "%s", placeholder: str = "%s", summarize: int = 3):
    """Put tensors into a template, one for each `placeholder`."""
    first, *rest = template.split(placeholder)
    return np.array(
        (first + "".join(_edges(v, summarize) + part for v, part in zip(inputs, rest, strict=True))).encode(), object
    )


def string_format(
    template: str, inputs: Any, placeholder: str = "{}", summarize: int = 3, name: str | None = None
) -> Tensor:
    """Put tensors into a text.

    Parameters
    ----------
    template : str
    inputs : Tensor or list of Tensor
        One for each `placeholder` in `template`.
    placeholder : str
    summarize : int
        How many elements from the beginning and the end of each axis to show; -1 shows all.
    name : str, optional

    Returns
    -------
    string Tensor []

    Raises
    ------
    ValueError
        If there are more or fewer placeholders than tensors.
    """
    tensors = list(inputs) if isinstance(inputs, (list, tuple)) else [inputs]
    if template.count(placeholder) != len(tensors):
        raise ValueError(
            f"{template.count(placeholder)} placeholder(s) in template does not match {len(tensors)} tensor(s) "
            "provided as input"
        )
    return _string_format(tensors, template=template, placeholder=placeholder, summarize=summarize, name=name)


_STREAMS = {
    "stdout": lambda text: sys.stdout.write(text),
    "stderr": lambda text: sys.stderr.write(text),
    "log(info)": lambda text: logging.info("%s", text.rstrip("\n")),
    "log(warning)": lambda text: logging.warning("%s", text.rstrip("\n")),
    "log(error)": lambda text: logging.error("%s", text.rstrip("\n")),
}


@op("PrintV2", "input: string[] ->", host=True, stateful=True, differentiable=False)
def _print_v2(input, output_stream: str = "stderr", end: str = "\n"):
    """Print a text."""
    text = np.asarray(input).item().decode(errors="replace") + end
    if output_stream.startswith("file://"):
        with open(output_stream.removeprefix("file://"), "a", encoding="utf-8") as file:
            file.write(text)
    else:
        _STREAMS[output_stream](text)


def _stream_name(stream: Any) -> str:
    if isinstance(stream, str) and stream.startswith("file://"):
        return stream
    known = {
        "stdout": (sys.stdout, sys.__stdout__),
        "stderr": (sys.stderr, sys.__stderr__),
        "log(info)": (logging.INFO, logging.info),
        "log(warning)": (logging.WARN, logging.warning, logging.warn),
        "log(error)": (logging.ERROR, logging.error),
    }
    for name, meanings in known.items():
        if any(stream is m or (isinstance(m, int) and stream == m) for m in meanings):
            return name
    raise ValueError(
        f"Unsupported output stream, logging level, or file {stream}. Supported streams are sys.stdout, sys.stderr, "
        "tf.logging.info, tf.logging.warning, tf.logging.error and 'file://<filepath>'."
    )


def print_(*inputs: Any, **kwargs: Any) -> Operation:
    """Make an operation that prints Python objects and the tensors in them.

    Like any operation it runs only if something fetched waits for it, by `control_dependencies` or `group`.

    Parameters
    ----------
    *inputs : any
    output_stream : optional
        ``sys.stderr`` (the default), ``sys.stdout``, one of the functions of `tf.logging`, or ``"file://<path>"``.
    summarize : int
        How many elements from the beginning and the end of each axis to show; -1 shows all.
    sep, end : str
    name : str, optional

    Raises
    ------
    ValueError
        If the stream is another one.
    """
    stream = _stream_name(kwargs.pop("output_stream", sys.stderr))
    name, summarize = kwargs.pop("name", None), kwargs.pop("summarize", 3)
    sep, end = kwargs.pop("sep", " "), kwargs.pop("end", os.linesep)
    if kwargs:
        raise ValueError(f"Unrecognized keyword arguments for tf.print: {kwargs}")
    if len(inputs) == 1 and isinstance(inputs[0], Tensor) and inputs[0].dims == () and inputs[0].dtype.name == "string":
        text = inputs[0]
    else:
        text = _as_text(inputs, sep, summarize, f"{name}_format" if name else None)
    return _print_v2(text, output_stream=stream, end=end, name=name)


def _as_text(inputs: tuple[Any, ...], sep: str, summarize: int, name: str | None) -> Tensor:
    bare = nest.map_structure(lambda x: "" if isinstance(x, (Tensor, SparseTensor)) else x, inputs)
    placeholder = _not_in(" ".join(pprint.pformat(x) for x in bare))
    tensors: list[Tensor] = []
    texts = []
    for item in inputs:
        parts: list[Any] = []
        for leaf in nest.flatten(item):
            if isinstance(leaf, SparseTensor):
                tensors.extend([leaf.indices, leaf.values, leaf.dense_shape])
                parts.append(f"SparseTensor(indices={placeholder}, values={placeholder}, shape={placeholder})")
            elif isinstance(leaf, Tensor):
                tensors.append(leaf)
                parts.append(placeholder)
            else:
                parts.append(leaf)
        texts.append(item if isinstance(item, str) else pprint.pformat(nest.pack_sequence_as(item, parts)))
    template = sep.join(texts).replace(f"'{placeholder}'", placeholder)
    return string_format(template, tensors, placeholder, summarize, name)


def _not_in(text: str) -> str:
    """Return a placeholder that `text` doesn't hold."""
    placeholder, digits = "{}", random.Random(5)
    while placeholder in text:
        placeholder += str(digits.randint(0, 9))
    return placeholder
