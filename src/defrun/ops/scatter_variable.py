"""Updates of some rows or elements of a variable, and reading some rows: `scatter_*`, `ResourceGather`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
import numpy as np
from jax import lax

from defrun.base import dtypes, shapes
from defrun.base.dtypes import DType
from defrun.base.errors import NotFoundError
from defrun.graph.composite import IndexedSlices
from defrun.graph.convert import convert_to_tensor
from defrun.graph.opdef import Dims
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.array import expand_dims, reshape, shape
from defrun.ops.bounds import check_coordinates, rows_to_write
from defrun.ops.cast import cast
from defrun.ops.creation import count_up, ones_like
from defrun.ops.declare import op
from defrun.ops.gather import _gather_nd as gather_elements
from defrun.ops.gather import gather_v2, put_elements
from defrun.ops.join import concat
from defrun.ops.state import is_reference, variable_shape
from defrun.ops.types import ANY, INDEX, NUMERIC, REAL

ORDERED = frozenset((dtypes.float16, dtypes.bfloat16, dtypes.float32, dtypes.float64, dtypes.int32, dtypes.int64))

# -- shapes and checks -----------------------------------------------------------------------------------------------


def _rows_shape(ref: Dims, indices: Dims, updates: Dims) -> Dims:
    """Check that `updates` has one row of `ref` for each index, or is a scalar; return the shape of `ref`."""
    if updates != () and ref is not None and indices is not None:
        shapes.merge(updates, (*indices, *ref[1:]))
    return ref


def _elements_shape(ref: Dims, indices: Dims, updates: Dims) -> Dims:
    """Check that `updates` has what each last-axis vector of `indices` selects of `ref`; return the shape of `ref`."""
    if ref is not None and indices is not None and indices and indices[-1] is not None:
        if indices[-1] > len(ref):
            raise ValueError(f"indices of {indices[-1]} numbers don't fit a variable of rank {len(ref)}")
        shapes.merge(updates, (*indices[:-1], *ref[indices[-1] :]))
    return ref


def _resource_rows(resource: Dims, indices: Dims, updates: Dims) -> list[Dims]:
    _rows_shape(resource, indices, updates)
    return []


def _resource_elements(ref: Dims, indices: Dims, updates: Dims) -> list[Dims]:
    _elements_shape(ref, indices, updates)
    return []


# -- what is done to the elements ------------------------------------------------------------------------------------


def _put(ref: Any, rows: Any, how: str, updates: Any) -> Any:
    return getattr(ref.at[rows], how)(updates, mode="drop", wrap_negative_indices=False)


def _divide(ref: Any, rows: Any, updates: Any) -> Any:
    divisor = _put(jnp.ones_like(ref), rows, "multiply", updates)
    return lax.div(ref, divisor) if jnp.issubdtype(ref.dtype, jnp.integer) else ref / divisor


_HOW: dict[str, Callable[[Any, Any, Any], Any]] = {
    "update": lambda ref, rows, updates: _put(ref, rows, "set", updates),
    "add": lambda ref, rows, updates: _put(ref, rows, "add", updates),
    "sub": lambda ref, rows, updates: _put(ref, rows, "add", -updates),
    "mul": lambda ref, rows, updates: _put(ref, rows, "multiply", updates),
    "div": _divide,
    "min": lambda ref, rows, updates: _put(ref, rows, "min", updates),
    "max": lambda ref, rows, updates: _put(ref, rows, "max", updates),
}


def scattered(how: str, ref: Any, indices: Any, updates: Any, ok: Any, padded: bool) -> Any:
    """Return `ref` with its rows `indices` updated, in the order of the indices; none where `ok` doesn't hold."""
    if updates.shape and updates.shape != indices.shape + ref.shape[1:]:
        raise ValueError(
            f"updates must have the shape {shapes.text(indices.shape + ref.shape[1:])} (of indices and a row) "
            f"or be a scalar, got {shapes.text(updates.shape)}"
        )
    rows = rows_to_write(indices, ref.shape[0], ok, padded)
    if ref.dtype == object:
        return _replaced(ref, rows, updates)
    return _HOW[how](jnp.asarray(ref), rows, jnp.asarray(updates))


def scattered_nd(how: str, ref: Any, indices: Any, updates: Any, ok: Any) -> Any:
    """Return `ref` with the elements or slices updated that the last-axis vectors of `indices` select."""
    if ref.dtype != object:
        return put_elements(ref, indices, updates, how, ok)
    depth = indices.shape[-1]
    check_coordinates(indices, ref.shape[:depth], ref.shape)
    return _replaced(ref, tuple(indices[..., i] for i in range(depth)), updates)


def _replaced(ref: Any, at: Any, updates: Any) -> Any:
    """Replace strings, which live on the host."""
    new = ref.copy()
    new[at] = updates
    return new


# -- reference variables ---------------------------------------------------------------------------------------------

_IF_PADDED = {"indices": "ends", "updates": "ends"}
_REF_OP: Any = {"Tindices": INDEX, "writes": "ref", "shape": _rows_shape, "differentiable": False,
                "if_padded": _IF_PADDED}  # fmt: skip
_ROWS = "ref: ref T, indices: Tindices, updates: T -> output_ref: ref T"


@op("ScatterUpdate", _ROWS, T=ANY, **_REF_OP)
def scatter_update_ref(ref, indices, updates, use_locking: bool = True, *, ok=None, padded=False):
    """Replace the rows `indices` of `ref` by `updates`."""
    return scattered("update", ref, indices, updates, ok, padded)


@op("ScatterAdd", _ROWS, T=NUMERIC, **_REF_OP)
def scatter_add_ref(ref, indices, updates, use_locking: bool = False, *, ok=None, padded=False):
    """Add `updates` to the rows `indices` of `ref`."""
    return scattered("add", ref, indices, updates, ok, padded)


@op("ScatterSub", _ROWS, T=NUMERIC, **_REF_OP)
def scatter_sub_ref(ref, indices, updates, use_locking: bool = False, *, ok=None, padded=False):
    """Subtract `updates` from the rows `indices` of `ref`."""
    return scattered("sub", ref, indices, updates, ok, padded)


@op("ScatterMul", _ROWS, T=NUMERIC, **_REF_OP)
def scatter_mul_ref(ref, indices, updates, use_locking: bool = False, *, ok=None, padded=False):
    """Multiply the rows `indices` of `ref` by `updates`."""
    return scattered("mul", ref, indices, updates, ok, padded)


@op("ScatterDiv", _ROWS, T=NUMERIC, **_REF_OP)
def scatter_div_ref(ref, indices, updates, use_locking: bool = False, *, ok=None, padded=False):
    """Divide the rows `indices` of `ref` by `updates`."""
    return scattered("div", ref, indices, updates, ok, padded)


@op("ScatterMin", _ROWS, T=ORDERED, **_REF_OP)
def scatter_min_ref(ref, indices, updates, use_locking: bool = False, *, ok=None, padded=False):
    """Replace the rows `indices` of `ref` by `updates` where these are smaller."""
    return scattered("min", ref, indices, updates, ok, padded)


@op("ScatterMax", _ROWS, T=ORDERED, **_REF_OP)
def scatter_max_ref(ref, indices, updates, use_locking: bool = False, *, ok=None, padded=False):
    """Replace the rows `indices` of `ref` by `updates` where these are larger."""
    return scattered("max", ref, indices, updates, ok, padded)


@op("ScatterNdUpdate", _ROWS, T=ANY, Tindices=INDEX, writes="ref", shape=_elements_shape, differentiable=False)
def scatter_nd_update_ref(ref, indices, updates, use_locking: bool = True, *, ok=None):
    """Replace the elements or slices of `ref` that the vectors `indices` select by `updates`."""
    return scattered_nd("set", ref, indices, updates, ok)


@op("ScatterNdAdd", _ROWS, T=NUMERIC, Tindices=INDEX, writes="ref", shape=_elements_shape, differentiable=False)
def scatter_nd_add_ref(ref, indices, updates, use_locking: bool = False, *, ok=None):
    """Add `updates` to the elements or slices of `ref` that the vectors `indices` select."""
    return scattered_nd("add", ref, indices, updates, ok)


@op("ScatterNdSub", _ROWS, T=NUMERIC, Tindices=INDEX, writes="ref", shape=_elements_shape, differentiable=False)
def scatter_nd_sub_ref(ref, indices, updates, use_locking: bool = False, *, ok=None):
    """Subtract `updates` from the elements or slices of `ref` that the vectors `indices` select."""
    return scattered_nd("subtract", ref, indices, updates, ok)


# -- resource variables ----------------------------------------------------------------------------------------------

_RESOURCE_ROWS = "resource: resource, indices: Tindices, updates: dtype ->"
_RESOURCE_ELEMENTS = "ref: resource, indices: Tindices, updates: T ->"


_ELEMENTS_OP: Any = {"Tindices": INDEX, "writes": "ref", "unset": NotFoundError, "shape": _resource_elements,
                     "differentiable": False}  # fmt: skip
_ROWS_OP: Any = {**_ELEMENTS_OP, "writes": "resource", "shape": _resource_rows, "if_padded": _IF_PADDED}


@op("ResourceScatterUpdate", _RESOURCE_ROWS, dtype=ANY, **_ROWS_OP)
def resource_scatter_update(resource, indices, updates, *, ok=None, padded=False):
    """Replace the rows `indices` of `resource` by `updates`."""
    return [scattered("update", resource, indices, updates, ok, padded)]


@op("ResourceScatterAdd", _RESOURCE_ROWS, dtype=NUMERIC, **_ROWS_OP)
def resource_scatter_add(resource, indices, updates, *, ok=None, padded=False):
    """Add `updates` to the rows `indices` of `resource`."""
    return [scattered("add", resource, indices, updates, ok, padded)]


@op("ResourceScatterSub", _RESOURCE_ROWS, dtype=NUMERIC, **_ROWS_OP)
def resource_scatter_sub(resource, indices, updates, *, ok=None, padded=False):
    """Subtract `updates` from the rows `indices` of `resource`."""
    return [scattered("sub", resource, indices, updates, ok, padded)]


@op("ResourceScatterMul", _RESOURCE_ROWS, dtype=NUMERIC, **_ROWS_OP)
def resource_scatter_mul(resource, indices, updates, *, ok=None, padded=False):
    """Multiply the rows `indices` of `resource` by `updates`."""
    return [scattered("mul", resource, indices, updates, ok, padded)]


@op("ResourceScatterDiv", _RESOURCE_ROWS, dtype=NUMERIC, **_ROWS_OP)
def resource_scatter_div(resource, indices, updates, *, ok=None, padded=False):
    """Divide the rows `indices` of `resource` by `updates`."""
    return [scattered("div", resource, indices, updates, ok, padded)]


@op("ResourceScatterMin", _RESOURCE_ROWS, dtype=REAL, **_ROWS_OP)
def resource_scatter_min(resource, indices, updates, *, ok=None, padded=False):
    """Replace the rows `indices` of `resource` by `updates` where these are smaller."""
    return [scattered("min", resource, indices, updates, ok, padded)]


@op("ResourceScatterMax", _RESOURCE_ROWS, dtype=REAL, **_ROWS_OP)
def resource_scatter_max(resource, indices, updates, *, ok=None, padded=False):
    """Replace the rows `indices` of `resource` by `updates` where these are larger."""
    return [scattered("max", resource, indices, updates, ok, padded)]


@op("ResourceScatterNdUpdate", _RESOURCE_ELEMENTS, T=ANY, **_ELEMENTS_OP)
def resource_scatter_nd_update(ref, indices, updates, use_locking: bool = True, *, ok=None):
    """Replace the elements or slices of `ref` that the vectors `indices` select by `updates`."""
    return [scattered_nd("set", ref, indices, updates, ok)]


@op("ResourceScatterNdAdd", _RESOURCE_ELEMENTS, T=NUMERIC, **_ELEMENTS_OP)
def resource_scatter_nd_add(ref, indices, updates, use_locking: bool = True, *, ok=None):
    """Add `updates` to the elements or slices of `ref` that the vectors `indices` select."""
    return [scattered_nd("add", ref, indices, updates, ok)]


@op("ResourceScatterNdSub", _RESOURCE_ELEMENTS, T=NUMERIC, **_ELEMENTS_OP)
def resource_scatter_nd_sub(ref, indices, updates, use_locking: bool = True, *, ok=None):
    """Subtract `updates` from the elements or slices of `ref` that the vectors `indices` select."""
    return [scattered_nd("subtract", ref, indices, updates, ok)]


@op("ResourceGather", "resource: resource, indices: Tindices -> output: dtype", Tindices=INDEX, stateful=True,
    unset=NotFoundError, if_padded=lambda node: {} if node.attrs["batch_dims"] else {"indices": "keeps"})  # fmt: skip
def resource_gather(
    resource, indices, dtype: DType, batch_dims: int = 0, validate_indices: bool = True, *, padded=False
):
    """Read the rows `indices` of a variable; with `batch_dims`, of each of its leading elements the rows of its own."""
    return gather_v2.lower(resource, indices, np.array(batch_dims), batch_dims, padded=padded)


@resource_gather.shape
def _(resource, indices, batch_dims):
    if resource is None or indices is None:
        return None
    shapes.merge(resource[:batch_dims], indices[:batch_dims])
    return (*indices, *resource[batch_dims + 1 :])


@resource_gather.gradient
def _(op, grad):
    handle, indices = op.inputs
    if op.attrs["batch_dims"]:
        raise LookupError("ResourceGather has no gradient with batch_dims")
    dims = handle.value_dims
    whole = variable_shape(handle)
    if dims is not None and None not in dims and 0 not in dims:
        rows: Any = [-1, *dims[1:]]
    else:
        rows = concat([reshape(_count(indices), [1]), reshape(whole, [-1])[1:]], 0)
    flat = indices if indices.dims is not None and len(indices.dims) == 1 else reshape(indices, [-1])
    return IndexedSlices(reshape(grad, rows), flat, whole), None


def _count(indices: Tensor) -> Tensor:
    return shape(reshape(indices, [-1]))


@op("ResourceGatherNd", "resource: resource, indices: Tindices -> output: dtype", Tindices=INDEX, stateful=True,
    unset=NotFoundError, differentiable=False)  # fmt: skip
def resource_gather_nd(resource, indices, dtype: DType):
    """Read the elements or slices of a variable that the last-axis vectors of `indices` select."""
    return gather_elements.lower(resource, indices)


@resource_gather_nd.shape
def _(resource, indices):
    if resource is None or indices is None or not indices or indices[-1] is None:
        return None
    if indices[-1] > len(resource):
        raise ValueError(f"indices of {indices[-1]} numbers don't fit a variable of rank {len(resource)}")
    return (*indices[:-1], *resource[indices[-1] :])


# -- faces: both kinds of variables ----------------------------------------------------------------------------------


def _face(on_ref: Any, on_resource: Any, locking: bool, what: str) -> Callable[..., Any]:
    def scatter(ref: Any, indices: Any, updates: Any, use_locking: bool = locking, name: str | None = None) -> Any:
        if is_reference(ref):
            return on_ref(ref, indices, updates, use_locking=use_locking, name=name)
        values = convert_to_tensor(updates, dtype=ref.dtype)
        return ref._lazy_read(on_resource.node(ref.handle, indices, values, name=name))

    scatter.__name__ = scatter.__qualname__ = on_ref.__name__.removesuffix("_ref")
    scatter.__doc__ = f"""{what}

    Parameters
    ----------
    ref : Variable
    indices : int32 or int64 Tensor
    updates : Tensor
    use_locking : bool
        Taken; updates of one run never mix.
    name : str, optional

    Returns
    -------
    Tensor
        The whole variable after the update.

    Raises
    ------
    ValueError
        If the shapes don't fit.
    InvalidArgumentError
        When run with an index that is out of range.
    """
    return scatter


_ROW = "`updates` holds one row of `ref` for each index, or is a scalar. Updates of one row follow in order."
_ELEMENT = "The last axis of `indices` selects an element of `ref`, or if shorter than its rank, a slice."

scatter_update = _face(scatter_update_ref, resource_scatter_update, True, f"Replace rows of a variable. {_ROW}")
scatter_add = _face(scatter_add_ref, resource_scatter_add, False, f"Add to rows of a variable. {_ROW}")
scatter_sub = _face(scatter_sub_ref, resource_scatter_sub, False, f"Subtract from rows of a variable. {_ROW}")
scatter_mul = _face(scatter_mul_ref, resource_scatter_mul, False, f"Multiply rows of a variable. {_ROW}")
scatter_div = _face(scatter_div_ref, resource_scatter_div, False, f"Divide rows of a variable. {_ROW}")
scatter_min = _face(scatter_min_ref, resource_scatter_min, False, f"Take the smaller of rows and updates. {_ROW}")
scatter_max = _face(scatter_max_ref, resource_scatter_max, False, f"Take the larger of rows and updates. {_ROW}")
scatter_nd_update = _face(
    scatter_nd_update_ref, resource_scatter_nd_update, True, f"Replace elements of a variable. {_ELEMENT}"
)
scatter_nd_add = _face(scatter_nd_add_ref, resource_scatter_nd_add, False, f"Add to elements of a variable. {_ELEMENT}")
scatter_nd_sub = _face(
    scatter_nd_sub_ref, resource_scatter_nd_sub, False, f"Subtract from elements of a variable. {_ELEMENT}"
)


def batch_scatter_update(
    ref: Any, indices: Any, updates: Any, use_locking: bool = True, name: str | None = None
) -> Any:
    """Replace, in each leading element of a variable, the rows of its own that `indices` names.

    Parameters
    ----------
    ref : Variable [..., rows, ...]
    indices : int32 or int64 Tensor [..., n]
        Its leading axes are those of `ref`; its rank must be known.
    updates : Tensor [..., n, ...]
    use_locking : bool
    name : str, optional

    Raises
    ------
    ValueError
        If the rank of `indices` is not known.
    """
    with name_scope(name):
        rows = convert_to_tensor(indices, name="indices")
        sizes = shape(rows)
        if rows.dims is None:
            raise ValueError("batch_scatter_update does not allow indices with unknown shape.")
        rank = len(rows.dims)
        last = expand_dims(rows, axis=-1)
        vectors = []
        for axis in range(rank - 1):
            size = sizes[axis]
            spread: list[Any] = [1] * (rank + 1)
            spread[axis] = size
            counted = reshape(count_up(0, size, 1), spread)
            if counted.dtype.base_dtype != last.dtype:
                counted = cast(counted, last.dtype)
            vectors.append(counted * ones_like(last))
        return scatter_nd_update(ref, concat([*vectors, last], axis=-1), updates, use_locking=use_locking)
