"""RMSProp and Adadelta: steps scaled by moving averages of squared gradients."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
from jax import lax

from defrun.ops.declare import op
from defrun.ops.training.rules import DENSE, REAL_DENSE, REAL_SPARSE, SPARSE, Keep, update, update_rows

# -- RMSProp (Tieleman and Hinton, 2012) -------------------------------------------------------------------------------


def _rms(lr: Any, rho: Any, momentum: Any, epsilon: Any, grad: Any) -> Any:
    def rule(keep: Keep, var: Any, ms: Any, mom: Any) -> Any:
        ms = keep(ms + (grad * grad - ms) * (1 - rho), ms)
        mom = keep(mom * momentum + lr * grad * lax.rsqrt(ms + epsilon), mom)
        return keep(var - mom, var), ms, mom

    return rule


def _centered(lr: Any, rho: Any, momentum: Any, epsilon: Any, grad: Any) -> Any:
    def rule(keep: Keep, var: Any, mg: Any, ms: Any, mom: Any) -> Any:
        ms = keep(ms + (grad * grad - ms) * (1 - rho), ms)
        mg = keep(mg + (grad - mg) * (1 - rho), mg)
        mom = keep(mom * momentum + lr * grad * lax.rsqrt(ms - mg * mg + epsilon), mom)
        return keep(var - mom, var), mg, ms, mom

    return rule


_RMS = "var: {0}, ms: {0}, mom: {0}, lr: T[], rho: T[], momentum: T[], epsilon: T[], "
_CENTERED = "var: {0}, mg: {0}, ms: {0}, mom: {0}, lr: T[], rho: T[], momentum: T[], epsilon: T[], "


@op("ApplyRMSProp", _RMS.format("ref T[...]") + "grad: T[...] -> out: ref T[...]",
    writes=("var", "ms", "mom"), **DENSE)  # fmt: skip
def apply_rms_prop(var, ms, mom, lr, rho, momentum, epsilon, grad, use_locking: bool = False, *, ok=None):
    """RMSProp with momentum, where `ms` is the moving average of the squared gradients."""
    return update(ok, _rms(lr, rho, momentum, epsilon, grad), (var, ms, mom), grad)


@op("ResourceApplyRMSProp", _RMS.format("resource[...]") + "grad: T[...] ->", writes=("var", "ms", "mom"), **DENSE)
def resource_apply_rms_prop(var, ms, mom, lr, rho, momentum, epsilon, grad, use_locking: bool = False, *, ok=None):
    """`apply_rms_prop` of a resource variable."""
    return update(ok, _rms(lr, rho, momentum, epsilon, grad), (var, ms, mom), grad)


@op("SparseApplyRMSProp",
    _RMS.format("ref T[v,...]") + "grad: T[n,...], indices: Tindices[n] -> out: ref T[v,...]",
    writes=("var", "ms", "mom"), **SPARSE)  # fmt: skip
def sparse_apply_rms_prop(
    var, ms, mom, lr, rho, momentum, epsilon, grad, indices, use_locking: bool = False, *, ok=None, padded=False
):
    """`apply_rms_prop` of the rows `indices`, which don't repeat."""
    return update_rows(ok, padded, _rms(lr, rho, momentum, epsilon, grad), (var, ms, mom), grad, indices)


@op("ResourceSparseApplyRMSProp",
    _RMS.format("resource[v,...]") + "grad: T[n,...], indices: Tindices[n] ->",
    writes=("var", "ms", "mom"), **SPARSE)  # fmt: skip
def resource_sparse_apply_rms_prop(
    var, ms, mom, lr, rho, momentum, epsilon, grad, indices, use_locking: bool = False, *, ok=None, padded=False
):
    """`sparse_apply_rms_prop` of a resource variable."""
    return update_rows(ok, padded, _rms(lr, rho, momentum, epsilon, grad), (var, ms, mom), grad, indices)


@op("ApplyCenteredRMSProp", _CENTERED.format("ref T[...]") + "grad: T[...] -> out: ref T[...]",
    writes=("var", "mg", "ms", "mom"), **REAL_DENSE)  # fmt: skip
def apply_centered_rms_prop(
    var, mg, ms, mom, lr, rho, momentum, epsilon, grad, use_locking: bool = False, *, ok=None
):
    """`apply_rms_prop` by the gradients' variance: `mg` is their moving average (Graves, 2013)."""
    return update(ok, _centered(lr, rho, momentum, epsilon, grad), (var, mg, ms, mom), grad)


@op("ResourceApplyCenteredRMSProp", _CENTERED.format("resource[...]") + "grad: T[...] ->",
    writes=("var", "mg", "ms", "mom"), **REAL_DENSE)  # fmt: skip
def resource_apply_centered_rms_prop(
    var, mg, ms, mom, lr, rho, momentum, epsilon, grad, use_locking: bool = False, *, ok=None
):
    """`apply_centered_rms_prop` of a resource variable."""
    return update(ok, _centered(lr, rho, momentum, epsilon, grad), (var, mg, ms, mom), grad)


@op("SparseApplyCenteredRMSProp",
    _CENTERED.format("ref T[v,...]") + "grad: T[n,...], indices: Tindices[n] -> out: ref T[v,...]",
    writes=("var", "mg", "ms", "mom"), **REAL_SPARSE)  # fmt: skip
def sparse_apply_centered_rms_prop(
    var, mg, ms, mom, lr, rho, momentum, epsilon, grad, indices, use_locking: bool = False, *, ok=None, padded=False
):
    """`apply_centered_rms_prop` of the rows `indices`, which don't repeat."""
    return update_rows(ok, padded, _centered(lr, rho, momentum, epsilon, grad), (var, mg, ms, mom), grad, indices)


@op("ResourceSparseApplyCenteredRMSProp",
    _CENTERED.format("resource[v,...]") + "grad: T[n,...], indices: Tindices[n] ->",
    writes=("var", "mg", "ms", "mom"), **REAL_SPARSE)  # fmt: skip
def resource_sparse_apply_centered_rms_prop(
    var, mg, ms, mom, lr, rho, momentum, epsilon, grad, indices, use_locking: bool = False, *, ok=None, padded=False
):
    """`sparse_apply_centered_rms_prop` of a resource variable."""
    return update_rows(ok, padded, _centered(lr, rho, momentum, epsilon, grad), (var, mg, ms, mom), grad, indices)


# -- Adadelta (Zeiler, 2012) -------------------------------------------------------------------------------------------


def _adadelta(lr: Any, rho: Any, epsilon: Any, grad: Any) -> Any:
    def rule(keep: Keep, var: Any, accum: Any, accum_update: Any) -> Any:
        accum = keep(accum * rho + grad * grad * (1 - rho), accum)
        step = jnp.sqrt(accum_update + epsilon) * lax.rsqrt(accum + epsilon) * grad
        return (
            keep(var - step * lr, var),
            accum,
            keep(accum_update * rho + step * step * (1 - rho), accum_update),
        )

    return rule


_ADADELTA = "var: {0}, accum: {0}, accum_update: {0}, lr: T[], rho: T[], epsilon: T[], "


@op("ApplyAdadelta", _ADADELTA.format("ref T[...]") + "grad: T[...] -> out: ref T[...]",
    writes=("var", "accum", "accum_update"), **DENSE)  # fmt: skip
def apply_adadelta(var, accum, accum_update, lr, rho, epsilon, grad, use_locking: bool = False, *, ok=None):
    """Adadelta: averages of the squared gradients and of the squared steps scale the next step."""
    return update(ok, _adadelta(lr, rho, epsilon, grad), (var, accum, accum_update), grad)


@op("ResourceApplyAdadelta", _ADADELTA.format("resource[...]") + "grad: T[...] ->",
    writes=("var", "accum", "accum_update"), **DENSE)  # fmt: skip
def resource_apply_adadelta(var, accum, accum_update, lr, rho, epsilon, grad, use_locking: bool = False, *, ok=None):
    """`apply_adadelta` of a resource variable."""
    return update(ok, _adadelta(lr, rho, epsilon, grad), (var, accum, accum_update), grad)


@op("SparseApplyAdadelta",
    _ADADELTA.format("ref T[v,...]") + "grad: T[n,...], indices: Tindices[n] -> out: ref T[v,...]",
    writes=("var", "accum", "accum_update"), **SPARSE)  # fmt: skip
def sparse_apply_adadelta(
    var, accum, accum_update, lr, rho, epsilon, grad, indices, use_locking: bool = False, *, ok=None, padded=False
):
    """`apply_adadelta` of the rows `indices`, which don't repeat."""
    return update_rows(ok, padded, _adadelta(lr, rho, epsilon, grad), (var, accum, accum_update), grad, indices)


@op("ResourceSparseApplyAdadelta",
    _ADADELTA.format("resource[v,...]") + "grad: T[n,...], indices: Tindices[n] ->",
    writes=("var", "accum", "accum_update"), **SPARSE)  # fmt: skip
def resource_sparse_apply_adadelta(
    var, accum, accum_update, lr, rho, epsilon, grad, indices, use_locking: bool = False, *, ok=None, padded=False
):
    """`sparse_apply_adadelta` of a resource variable."""
    return update_rows(ok, padded, _adadelta(lr, rho, epsilon, grad), (var, accum, accum_update), grad, indices)
