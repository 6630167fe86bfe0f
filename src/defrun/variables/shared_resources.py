"""What a session holds beside variables (tables, accumulators): noted in collections, and initialized together."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, NamedTuple

from defrun.base import dtypes
from defrun.graph.collections import GraphKeys
from defrun.graph.operation import Operation, Tensor
from defrun.graph.scopes import add_to_collection, device, get_collection, name_scope
from defrun.ops.compare import logical_not
from defrun.ops.constant import constant
from defrun.ops.flow import group, no_op
from defrun.ops.join import stack
from defrun.ops.masks import boolean_mask


class Resource(NamedTuple):
    """A handle, the operation that fills what it stands for, and a bool tensor: whether that was done."""

    handle: Any
    create: Any
    is_initialized: Any


def register_resource(handle: Any, create_op: Any, is_initialized_op: Any, is_shared: bool = True) -> None:
    """Note a resource in `GraphKeys.RESOURCES`, or in `GraphKeys.LOCAL_RESOURCES` if it is not shared."""
    collection = GraphKeys.RESOURCES if is_shared else GraphKeys.LOCAL_RESOURCES
    add_to_collection(collection, Resource(handle, create_op, is_initialized_op))


def shared_resources() -> list[Any]:
    """Return the resources that sessions share."""
    return get_collection(GraphKeys.RESOURCES)


def local_resources() -> list[Any]:
    """Return the resources that they don't."""
    return get_collection(GraphKeys.LOCAL_RESOURCES)


def initialize_resources(resource_list: Sequence[Any], name: str = "init") -> Operation:
    """Return an operation that initializes resources."""
    return group(*[resource.create for resource in resource_list], name=name) if resource_list else no_op(name=name)


def report_uninitialized_resources(
    resource_list: Sequence[Any] | None = None, name: str = "report_uninitialized_resources"
) -> Tensor:
    """Return the names of the resources, by default of all, that were not initialized yet: string Tensor [n]."""
    resources = shared_resources() + local_resources() if resource_list is None else list(resource_list)
    with name_scope(name), device(os.environ.get("TF_DEVICE_FOR_UNINITIALIZED_VARIABLE_REPORTING", "/cpu:0")):
        if not resources:
            return constant([], dtype=dtypes.string)
        unset = logical_not(stack([resource.is_initialized for resource in resources]))
        return boolean_mask(constant([resource.handle.name for resource in resources]), unset)
