"""Adagrad: steps scaled by all gradients so far (Duchi et al., 2011)."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
from jax import lax

from defrun.ops.declare import op
from defrun.ops.training.rules import DENSE, REAL_DENSE, REAL_SPARSE, SPARSE, Keep, shrunk, update, update_rows

# -- plain -------------------------------------------------------------------------------------------------------------


def _adagrad(lr: Any, epsilon: Any, grad: Any, update_slots: bool) -> Any:
    def rule(keep: Keep, var: Any, accum: Any) -> Any:
        if update_slots:
            accum = keep(accum + grad * grad, accum)
        scaled = lax.rsqrt(accum) if epsilon is None else 1 / (jnp.sqrt(accum) + epsilon)
        return keep(var - lr * grad * scaled, var), accum

    return rule


@op("ApplyAdagrad", "var: ref T[...], accum: ref T[...], lr: T[], grad: T[...] -> out: ref T[...]",
    writes=("var", "accum"), **DENSE)  # fmt: skip
def apply_adagrad(var, accum, lr, grad, use_locking: bool = False, update_slots: bool = True, *, ok=None):
    """Adagrad: ``accum += grad ** 2; var -= lr * grad / sqrt(accum)``."""
    return update(ok, _adagrad(lr, None, grad, update_slots), (var, accum), grad)


@op("ResourceApplyAdagrad", "var: resource[...], accum: resource[...], lr: T[], grad: T[...] ->",
    writes=("var", "accum"), **DENSE)  # fmt: skip
def resource_apply_adagrad(var, accum, lr, grad, use_locking: bool = False, update_slots: bool = True, *, ok=None):
    """`apply_adagrad` of a resource variable."""
    return update(ok, _adagrad(lr, None, grad, update_slots), (var, accum), grad)


@op("SparseApplyAdagrad",
    "var: ref T[v,...], accum: ref T[v,...], lr: T[], grad: T[n,...], indices: Tindices[n] -> out: ref T[v,...]",
    writes=("var", "accum"), **SPARSE)  # fmt: skip
def sparse_apply_adagrad(
    var, accum, lr, grad, indices, use_locking: bool = False, update_slots: bool = True, *, ok=None, padded=False
):
    """`apply_adagrad` of the rows `indices`, which don't repeat."""
    return update_rows(ok, padded, _adagrad(lr, None, grad, update_slots), (var, accum), grad, indices)


@op("ResourceSparseApplyAdagrad",
    "var: resource[v,...], accum: resource[v,...], lr: T[], grad: T[n,...], indices: Tindices[n] ->",
    writes=("var", "accum"), **SPARSE)  # fmt: skip
def resource_sparse_apply_adagrad(
    var, accum, lr, grad, indices, use_locking: bool = False, update_slots: bool = True, *, ok=None, padded=False
):
    """`sparse_apply_adagrad` of a resource variable."""
    return update_rows(ok, padded, _adagrad(lr, None, grad, update_slots), (var, accum), grad, indices)


@op("ApplyAdagradV2",
    "var: ref T[...], accum: ref T[...], lr: T[], epsilon: T[], grad: T[...] -> out: ref T[...]",
    writes=("var", "accum"), **DENSE)  # fmt: skip
def apply_adagrad_v2(var, accum, lr, epsilon, grad, use_locking: bool = False, update_slots: bool = True, *, ok=None):
    """Adagrad: ``accum += grad ** 2; var -= lr * grad / (sqrt(accum) + epsilon)``."""
    return update(ok, _adagrad(lr, epsilon, grad, update_slots), (var, accum), grad)


@op("ResourceApplyAdagradV2", "var: resource[...], accum: resource[...], lr: T[], epsilon: T[], grad: T[...] ->",
    writes=("var", "accum"), **DENSE)  # fmt: skip
def resource_apply_adagrad_v2(
    var, accum, lr, epsilon, grad, use_locking: bool = False, update_slots: bool = True, *, ok=None
):
    """`apply_adagrad_v2` of a resource variable."""
    return update(ok, _adagrad(lr, epsilon, grad, update_slots), (var, accum), grad)


@op("SparseApplyAdagradV2",
    "var: ref T[v,...], accum: ref T[v,...], lr: T[], epsilon: T[], grad: T[n,...], indices: Tindices[n] -> "
    "out: ref T[v,...]", writes=("var", "accum"), **SPARSE)  # fmt: skip
def sparse_apply_adagrad_v2(
    var, accum, lr, epsilon, grad, indices, use_locking: bool = False, update_slots: bool = True, *,
    ok=None, padded=False,
):  # fmt: skip
    """`apply_adagrad_v2` of the rows `indices`, which don't repeat."""
    return update_rows(ok, padded, _adagrad(lr, epsilon, grad, update_slots), (var, accum), grad, indices)


@op("ResourceSparseApplyAdagradV2",
    "var: resource[v,...], accum: resource[v,...], lr: T[], epsilon: T[], grad: T[n,...], indices: Tindices[n] ->",
    writes=("var", "accum"), **SPARSE)  # fmt: skip
def resource_sparse_apply_adagrad_v2(
    var, accum, lr, epsilon, grad, indices, use_locking: bool = False, update_slots: bool = True, *,
    ok=None, padded=False,
):  # fmt: skip
    """`sparse_apply_adagrad_v2` of a resource variable."""
    return update_rows(ok, padded, _adagrad(lr, epsilon, grad, update_slots), (var, accum), grad, indices)


# -- proximal ----------------------------------------------------------------------------------------------------------


def _proximal(lr: Any, l1: Any, l2: Any, grad: Any) -> Any:
    def rule(keep: Keep, var: Any, accum: Any) -> Any:
        accum = keep(accum + grad * grad, accum)
        rate = lr * lax.rsqrt(accum)
        return keep(shrunk(var - grad * rate, rate * l1) / (1 + l2 * rate), var), accum

    return rule


@op("ApplyProximalAdagrad",
    "var: ref T[...], accum: ref T[...], lr: T[], l1: T[], l2: T[], grad: T[...] -> out: ref T[...]",
    writes=("var", "accum"), **REAL_DENSE)  # fmt: skip
def apply_proximal_adagrad(var, accum, lr, l1, l2, grad, use_locking: bool = False, *, ok=None):
    """Adagrad, after which weights are drawn towards 0 by `l1` and `l2`."""
    return update(ok, _proximal(lr, l1, l2, grad), (var, accum), grad)


@op("ResourceApplyProximalAdagrad",
    "var: resource[...], accum: resource[...], lr: T[], l1: T[], l2: T[], grad: T[...] ->",
    writes=("var", "accum"), **REAL_DENSE)  # fmt: skip
def resource_apply_proximal_adagrad(var, accum, lr, l1, l2, grad, use_locking: bool = False, *, ok=None):
    """`apply_proximal_adagrad` of a resource variable."""
    return update(ok, _proximal(lr, l1, l2, grad), (var, accum), grad)


@op("SparseApplyProximalAdagrad",
    "var: ref T[v,...], accum: ref T[v,...], lr: T[], l1: T[], l2: T[], grad: T[n,...], indices: Tindices[n] -> "
    "out: ref T[v,...]", writes=("var", "accum"), **REAL_SPARSE)  # fmt: skip
def sparse_apply_proximal_adagrad(
    var, accum, lr, l1, l2, grad, indices, use_locking: bool = False, *, ok=None, padded=False
):
    """`apply_proximal_adagrad` of the rows `indices`, which don't repeat."""
    return update_rows(ok, padded, _proximal(lr, l1, l2, grad), (var, accum), grad, indices)


@op("ResourceSparseApplyProximalAdagrad",
    "var: resource[v,...], accum: resource[v,...], lr: T[], l1: T[], l2: T[], grad: T[n,...], indices: Tindices[n] ->",
    writes=("var", "accum"), **REAL_SPARSE)  # fmt: skip
def resource_sparse_apply_proximal_adagrad(
    var, accum, lr, l1, l2, grad, indices, use_locking: bool = False, *, ok=None, padded=False
):
    """`sparse_apply_proximal_adagrad` of a resource variable."""
    return update_rows(ok, padded, _proximal(lr, l1, l2, grad), (var, accum), grad, indices)


# -- dual averaging ----------------------------------------------------------------------------------------------------


def _dual(grad: Any, lr: Any, l1: Any, l2: Any, step: Any) -> Any:
    """Weights follow from the sums of gradients and of their squares; how many gradients there were counts."""
    count = step.astype(grad.dtype)

    def rule(keep: Keep, var: Any, total: Any, squares: Any) -> Any:
        total = keep(total + grad, total)
        squares = keep(squares + grad * grad, squares)
        return keep(-lr * shrunk(total, l1 * count) / (l2 * count * lr + jnp.sqrt(squares)), var), total, squares

    return rule


_DUAL = "var: {0}, gradient_accumulator: {0}, gradient_squared_accumulator: {0}, "
_DUAL_NUMBERS = "lr: T[], l1: T[], l2: T[], global_step: int64[] ->"
_DUAL_WRITES = ("var", "gradient_accumulator", "gradient_squared_accumulator")


@op("ApplyAdagradDA", f"{_DUAL.format('ref T[...]')} grad: T[...], {_DUAL_NUMBERS} out: ref T[...]",
    writes=_DUAL_WRITES, **REAL_DENSE)  # fmt: skip
def apply_adagrad_da(
    var, gradient_accumulator, gradient_squared_accumulator, grad, lr, l1, l2, global_step,
    use_locking: bool = False, *, ok=None,
):  # fmt: skip
    """Adagrad by dual averaging, which makes weights sparse."""
    written = (var, gradient_accumulator, gradient_squared_accumulator)
    return update(ok, _dual(grad, lr, l1, l2, global_step), written, grad)


@op("ResourceApplyAdagradDA", f"{_DUAL.format('resource[...]')} grad: T[...], {_DUAL_NUMBERS}",
    writes=_DUAL_WRITES, **REAL_DENSE)  # fmt: skip
def resource_apply_adagrad_da(
    var, gradient_accumulator, gradient_squared_accumulator, grad, lr, l1, l2, global_step,
    use_locking: bool = False, *, ok=None,
):  # fmt: skip
    """`apply_adagrad_da` of a resource variable."""
    written = (var, gradient_accumulator, gradient_squared_accumulator)
    return update(ok, _dual(grad, lr, l1, l2, global_step), written, grad)


@op("SparseApplyAdagradDA",
    f"{_DUAL.format('ref T[v,...]')} grad: T[n,...], indices: Tindices[n], {_DUAL_NUMBERS} out: ref T[v,...]",
    writes=_DUAL_WRITES, **REAL_SPARSE)  # fmt: skip
def sparse_apply_adagrad_da(
    var, gradient_accumulator, gradient_squared_accumulator, grad, indices, lr, l1, l2, global_step,
    use_locking: bool = False, *, ok=None, padded=False,
):  # fmt: skip
    """`apply_adagrad_da` of the rows `indices`, which don't repeat."""
    written = (var, gradient_accumulator, gradient_squared_accumulator)
    return update_rows(ok, padded, _dual(grad, lr, l1, l2, global_step), written, grad, indices)


@op("ResourceSparseApplyAdagradDA",
    f"{_DUAL.format('resource[v,...]')} grad: T[n,...], indices: Tindices[n], {_DUAL_NUMBERS}",
    writes=_DUAL_WRITES, **REAL_SPARSE)  # fmt: skip
def resource_sparse_apply_adagrad_da(
    var, gradient_accumulator, gradient_squared_accumulator, grad, indices, lr, l1, l2, global_step,
    use_locking: bool = False, *, ok=None, padded=False,
):  # fmt: skip
    """`sparse_apply_adagrad_da` of a resource variable."""
    written = (var, gradient_accumulator, gradient_squared_accumulator)
    return update_rows(ok, padded, _dual(grad, lr, l1, l2, global_step), written, grad, indices)
