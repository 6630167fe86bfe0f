"""Values made of several tensors, taken apart where only tensors go: as loop variables, as results of branches.

A class of such values has ``_components()``, a list of its tensors; ``_with_components(tensors)``, a value like it
made of other tensors; and ``_component_shapes(shape)``, the shapes of its tensors if a loop's invariant for it is
that, or None if it is given none.
"""

from __future__ import annotations

from typing import Any

from defrun.graph.operation import Tensor


def components(value: Any) -> list[Tensor]:
    """Return the tensors that a value is made of."""
    return [value] if isinstance(value, Tensor) else value._components()


def with_components(like: Any, tensors: list[Tensor]) -> Any:
    """Make a value like another one of other tensors."""
    if hasattr(like, "_with_components"):
        return like._with_components(tensors)
    (tensor,) = tensors
    return tensor
