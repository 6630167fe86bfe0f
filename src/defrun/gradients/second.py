"""Second derivatives."""

from __future__ import annotations

from typing import Any

from defrun.gradients.walk import as_list, gradients
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops import array, control, creation, diagonal, join


def hessians(
    ys: Any,
    xs: Any,
    name: str = "hessians",
    colocate_gradients_with_ops: bool = False,
    gate_gradients: bool = False,
    aggregation_method: int | None = None,
) -> list[Tensor]:
    """Add nodes that compute the second derivatives of the sum of `ys` with respect to each of `xs`, alone.

    Returns
    -------
    list of Tensor
        For an x of shape s, one of shape s + s.

    Raises
    ------
    LookupError
        If an op on the way has no gradient.
    """
    keywords: Any = {
        "colocate_gradients_with_ops": colocate_gradients_with_ops,
        "gate_gradients": gate_gradients,
        "aggregation_method": aggregation_method,
    }
    found = []
    firsts = gradients(ys, xs, **keywords)
    for i, (first, x) in enumerate(zip(firsts, as_list(xs), strict=True)):
        with name_scope(f"{name}_{i}"):
            value = convert_to_tensor(x)
            grad = creation.zeros_like(value) if first is None else convert_to_tensor(first)
            flat = array.reshape(grad, [-1])

            def row(direction: Tensor, flat: Tensor = flat, x: Any = x, value: Tensor = value) -> Tensor:
                second = gradients(flat, x, grad_ys=direction, **keywords)[0]
                return creation.zeros_like(value) if second is None else convert_to_tensor(second)

            rows = control.vectorized_map(row, diagonal.diag(creation.ones_like(flat)))
            sizes = array.shape(value)
            found.append(array.reshape(rows, join.concat([sizes, sizes], 0)))
            found[-1].set_shape(value.shape.concatenate(value.shape))
    return found
