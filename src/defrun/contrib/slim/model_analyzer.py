"""`tf.contrib.slim.model_analyzer`: how large a model is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def tensor_description(var: Any) -> str:
    """Return the dtype and shape of a tensor or variable as text."""
    return f"({var.dtype.name} {'x'.join(str(size) for size in var.get_shape())})"


def analyze_ops(graph: Any, print_info: bool = False) -> int:
    """Return how many elements all outputs of known shape in a graph have; `print_info` lists them."""
    if print_info:
        print("---------", "Operations: name -> (type shapes) [size]", "---------", sep="\n")
    total = 0
    for op in graph.get_operations():
        size = sum(output.get_shape().num_elements() or 0 for output in op.outputs)
        if print_info:
            shapes = ", ".join(tensor_description(output) for output in op.outputs if output.get_shape())
            print(op.name, "\t->", shapes, f"[{size}]")
        total += size
    return total


def analyze_vars(variables: Iterable[Any], print_info: bool = False) -> tuple[int, int]:
    """Return how many elements and bytes variables have together; `print_info` lists them."""
    if print_info:
        print("---------", "Variables: name (type shape) [size]", "---------", sep="\n")
    total = taken = 0
    for var in variables:
        size = var.get_shape().num_elements() or 0
        total += size
        taken += size * var.dtype.size
        if print_info:
            print(var.name, tensor_description(var), f"[{size}, bytes: {size * var.dtype.size}]")
    if print_info:
        print(f"Total size of variables: {total}")
        print(f"Total bytes of variables: {taken}")
    return total, taken
