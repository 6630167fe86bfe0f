"""Stacks that live for one run: what loops of TensorFlow 1 keep in for their gradients."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from defrun.base.dtypes import DType, resource
from defrun.base.errors import InvalidArgumentError
from defrun.ops.declare import op
from defrun.ops.tensor_array import elements
from defrun.ops.tensor_array.elements import require
from defrun.ops.tensor_array.values import About, Closed, Listed
from defrun.ops.types import ANY

# A stack is an array that grows by what is pushed; its length says where the top is.


@op("StackV2", "max_size: int32[] -> handle: resource[]", transient=True, differentiable=False)
def stack_v2(max_size, elem_type: DType, stack_name: str = ""):
    """Make an empty stack. `max_size` is not heeded: there is room for all that is pushed."""
    about = About(np.dtype(elem_type.value_dtype), grows=True, clears=False, alike=False, trusted=True)
    return [Listed(about, (), ())]


@op("StackPushV2", "handle: resource, elem: T[...] -> output: T[...]", T=ANY, writes="handle", differentiable=False)
def stack_push_v2(handle, elem, swap_memory: bool = False):
    """Put `elem` on top of the stack, and return it."""
    return elements.write(handle, elements.length_of(handle), elem), elem


@stack_push_v2.shape
def _(elem, T):
    if T is resource:
        raise NotImplementedError("stacks of arrays: the gradient of a loop in which TensorArrays are made")
    return elem


@op("StackPopV2", "handle: resource -> elem: elem_type", elem_type=ANY, writes="handle", differentiable=False)
def stack_pop_v2(handle, elem_type: DType):
    """Take what is on top of the stack."""
    if handle.about.dtype != np.dtype(elem_type.value_dtype):
        raise InvalidArgumentError(None, None, f"The stack holds {handle.about.dtype}, not {elem_type.name}")
    length: Any = elements.length_of(handle)
    if not isinstance(length, jax.Array):
        if length <= 0:
            require(False, "The stack is empty")
            return handle, handle.about.zero()
        last = int(length) - 1
        _, elem = elements.read(handle, np.int32(last))
        if isinstance(handle, Listed):
            return Listed(handle.about, handle.rows[:last], handle.flags[:last]), elem
        return replace(handle, length=last), elem
    require(length > 0, "The stack is empty")
    _, elem = elements.read(handle, length - np.int32(1))
    return replace(handle, length=jnp.maximum(length - 1, 0)), elem


@op("StackCloseV2", "handle: resource ->", writes="handle", differentiable=False)
def stack_close_v2(handle):
    """Forget the elements; nothing can be done with the stack any more."""
    return [Closed()]
