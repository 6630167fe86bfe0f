"""Inception's networks as tables: steps, and blocks of branches whose channels are put together.

A step is text, ``NAME=DEPTH@KERNEL/STRIDE~DEVIATION!``, of which only the name must be there: a name that begins with
Conv is a convolution, with MaxPool or AvgPool a pool; the kernel is what the name ends with unless one is given; the
deviation is that of the weights at first; ``!`` leaves the padding out. Steps follow one another after a space; ``|``
stands between convolutions of the same input that are put together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from defrun.contrib.layers.layers import conv2d
from defrun.contrib.layers.pooling import avg_pool2d, max_pool2d
from defrun.contrib.slim.nets.chain import truncated
from defrun.graph.operation import Tensor
from defrun.ops.join import concat
from defrun.variables.scope import variable_scope

Depth = Callable[[int], int]
Table = Mapping[str, Any]  # end point -> a step, or a list of branches, or a function of (net, scope, depth)

_STEP = re.compile(r"(\w+?)(?:=(\d+))?(?:@(\d+x\d+))?(?:/(\d))?(?:~([\d.]+))?(!)?")


def depths(multiplier: float, least: int) -> Depth:
    """Return the function that scales depths; `ValueError` if `multiplier` is not above 0."""
    if multiplier <= 0:
        raise ValueError(f"depth_multiplier must be greater than zero, not {multiplier}")
    return lambda depth: max(int(depth * multiplier), least)


def build(
    net: Tensor, table: Table, last: str, depth: Depth, ends: dict[str, Tensor]
) -> tuple[Tensor, bool]:
    """Apply the table's entries up to the end point `last`; return the result, and whether that was among them."""
    for name, entry in table.items():
        if isinstance(entry, str):
            net = _step(net, name + entry, depth)
        elif callable(entry):
            net = entry(net, name, depth)
        else:
            net = _block(net, name, entry, depth)
        ends[name] = net
        if name == last:
            return net, True
    return net, False


def _block(net: Tensor, name: str, branches: list[str], depth: Depth) -> Tensor:
    made = []
    with variable_scope(name):
        for i, steps in enumerate(branches):
            branch = net
            with variable_scope(f"Branch_{i}"):
                for text in steps.split():
                    parts = [_step(branch, part, depth) for part in text.split("|")]
                    branch = concat(parts, 3) if len(parts) > 1 else parts[0]
            made.append(branch)
        return concat(made, 3)


def _step(net: Tensor, text: str, depth: Depth) -> Tensor:
    match = _STEP.fullmatch(text)
    assert match is not None, text
    name, channels, kernel, stride, deviation, valid = match.groups()
    size = [int(n) for n in (kernel or name.rpartition("_")[2]).split("x")]
    given: dict[str, Any] = {"scope": name}
    if stride:
        given["stride"] = int(stride)
    if valid:
        given["padding"] = "VALID"
    if deviation:
        given["weights_initializer"] = truncated(float(deviation))
    if name.startswith("Conv"):
        return conv2d(net, depth(int(channels)), size, **given)
    return (max_pool2d if name.startswith("Max") else avg_pool2d)(net, size, **given)


def at_most(net: Tensor, size: list[int]) -> list[int]:
    """Return a window of that size, or of the image's if that is known and smaller."""
    sides: list[Any] = net.shape.as_list()[1:3]
    return size if None in sides else [min(side, limit) for side, limit in zip(sides, size, strict=True)]
