"""FTRL-proximal (McMahan et al., 2013)."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp

from defrun.ops.declare import op
from defrun.ops.training.rules import REAL_DENSE, REAL_SPARSE, Keep, update, update_rows


def _ftrl(grad: Any, lr: Any, l1: Any, l2: Any, shrinkage: Any, power: Any) -> Any:
    """Follow the regularized leader; with `shrinkage`, gradients that enter `linear` draw weights towards 0."""

    def rule(keep: Keep, var: Any, accum: Any, linear: Any) -> Any:
        after = accum + grad * grad
        slope = after**-power
        pull = grad if shrinkage is None else grad + 2 * shrinkage * var
        linear = keep(linear + pull - (slope - accum**-power) / lr * var, linear)
        weight = (jnp.clip(linear, -l1, l1) - linear) / (slope / lr + 2 * l2)
        return keep(weight, var), keep(after, accum), linear

    return rule


_SLOTS = "var: {0}, accum: {0}, linear: {0}, "
_WRITES = ("var", "accum", "linear")
_NUMBERS = "lr: T[], l1: T[], l2: T[], lr_power: T[] ->"
_NUMBERS_V2 = "lr: T[], l1: T[], l2: T[], l2_shrinkage: T[], lr_power: T[] ->"
_ROWS = "grad: T[n,...], indices: Tindices[n], "


@op("ApplyFtrl", f"{_SLOTS.format('ref T[...]')} grad: T[...], {_NUMBERS} out: ref T[...]",
    writes=_WRITES, **REAL_DENSE)  # fmt: skip
def apply_ftrl(var, accum, linear, grad, lr, l1, l2, lr_power, use_locking: bool = False, *, ok=None):
    """FTRL: weights follow from `linear`, the gradients' sum adjusted for how rates changed, and from `accum`."""
    return update(ok, _ftrl(grad, lr, l1, l2, None, lr_power), (var, accum, linear), grad)


@op("ResourceApplyFtrl", f"{_SLOTS.format('resource[...]')} grad: T[...], {_NUMBERS}", writes=_WRITES, **REAL_DENSE)
def resource_apply_ftrl(var, accum, linear, grad, lr, l1, l2, lr_power, use_locking: bool = False, *, ok=None):
    """`apply_ftrl` of a resource variable."""
    return update(ok, _ftrl(grad, lr, l1, l2, None, lr_power), (var, accum, linear), grad)


@op("SparseApplyFtrl", f"{_SLOTS.format('ref T[v,...]')} {_ROWS} {_NUMBERS} out: ref T[v,...]",
    writes=_WRITES, **REAL_SPARSE)  # fmt: skip
def sparse_apply_ftrl(
    var, accum, linear, grad, indices, lr, l1, l2, lr_power, use_locking: bool = False, *, ok=None, padded=False
):
    """`apply_ftrl` of the rows `indices`, which don't repeat."""
    return update_rows(ok, padded, _ftrl(grad, lr, l1, l2, None, lr_power), (var, accum, linear), grad, indices)


@op("ResourceSparseApplyFtrl", f"{_SLOTS.format('resource[v,...]')} {_ROWS} {_NUMBERS}",
    writes=_WRITES, **REAL_SPARSE)  # fmt: skip
def resource_sparse_apply_ftrl(
    var, accum, linear, grad, indices, lr, l1, l2, lr_power, use_locking: bool = False, *, ok=None, padded=False
):
    """`sparse_apply_ftrl` of a resource variable."""
    return update_rows(ok, padded, _ftrl(grad, lr, l1, l2, None, lr_power), (var, accum, linear), grad, indices)


@op("ApplyFtrlV2", f"{_SLOTS.format('ref T[...]')} grad: T[...], {_NUMBERS_V2} out: ref T[...]",
    writes=_WRITES, **REAL_DENSE)  # fmt: skip
def apply_ftrl_v2(
    var, accum, linear, grad, lr, l1, l2, l2_shrinkage, lr_power, use_locking: bool = False, *, ok=None
):
    """`apply_ftrl` with a shrinkage that makes the loss itself prefer small weights."""
    return update(ok, _ftrl(grad, lr, l1, l2, l2_shrinkage, lr_power), (var, accum, linear), grad)


@op("ResourceApplyFtrlV2", f"{_SLOTS.format('resource[...]')} grad: T[...], {_NUMBERS_V2}",
    writes=_WRITES, **REAL_DENSE)  # fmt: skip
def resource_apply_ftrl_v2(
    var, accum, linear, grad, lr, l1, l2, l2_shrinkage, lr_power, use_locking: bool = False, *, ok=None
):
    """`apply_ftrl_v2` of a resource variable."""
    return update(ok, _ftrl(grad, lr, l1, l2, l2_shrinkage, lr_power), (var, accum, linear), grad)


@op("SparseApplyFtrlV2", f"{_SLOTS.format('ref T[v,...]')} {_ROWS} {_NUMBERS_V2} out: ref T[v,...]",
    writes=_WRITES, **REAL_SPARSE)  # fmt: skip
def sparse_apply_ftrl_v2(
    var, accum, linear, grad, indices, lr, l1, l2, l2_shrinkage, lr_power, use_locking: bool = False, *,
    ok=None, padded=False,
):  # fmt: skip
    """`apply_ftrl_v2` of the rows `indices`, which don't repeat."""
    rule = _ftrl(grad, lr, l1, l2, l2_shrinkage, lr_power)
    return update_rows(ok, padded, rule, (var, accum, linear), grad, indices)


@op("ResourceSparseApplyFtrlV2", f"{_SLOTS.format('resource[v,...]')} {_ROWS} {_NUMBERS_V2}",
    writes=_WRITES, **REAL_SPARSE)  # fmt: skip
def resource_sparse_apply_ftrl_v2(
    var, accum, linear, grad, indices, lr, l1, l2, l2_shrinkage, lr_power, use_locking: bool = False, *,
    ok=None, padded=False,
):  # fmt: skip
    """`sparse_apply_ftrl_v2` of a resource variable."""
    rule = _ftrl(grad, lr, l1, l2, l2_shrinkage, lr_power)
    return update_rows(ok, padded, rule, (var, accum, linear), grad, indices)
