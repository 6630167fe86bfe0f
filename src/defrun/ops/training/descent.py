"""Gradient descent: plain, towards sparse weights, with momentum, and by the gradient's sign."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp

from defrun.ops.declare import op
from defrun.ops.training.rules import DENSE, REAL_DENSE, REAL_SPARSE, SPARSE, Keep, shrunk, update, update_rows

# -- plain -------------------------------------------------------------------------------------------------------------


@op("ApplyGradientDescent", "var: ref T[...], alpha: T[], delta: T[...] -> out: ref T[...]", writes="var", **DENSE)
def apply_gradient_descent(var, alpha, delta, use_locking: bool = False, *, ok=None):
    """Gradient descent: ``var - alpha * delta``."""
    return update(ok, lambda keep, v: keep(v - alpha * delta, v), (var,), delta)


@op("ResourceApplyGradientDescent", "var: resource[...], alpha: T[], delta: T[...] ->", writes="var", **DENSE)
def resource_apply_gradient_descent(var, alpha, delta, use_locking: bool = False, *, ok=None):
    """`apply_gradient_descent` of a resource variable."""
    return update(ok, lambda keep, v: keep(v - alpha * delta, v), (var,), delta)


# -- proximal ----------------------------------------------------------------------------------------------------------


def _proximal(alpha: Any, l1: Any, l2: Any, grad: Any) -> Any:
    """FOBOS (Duchi and Singer, 2009)."""
    return lambda keep, var: keep(shrunk(var - alpha * grad, alpha * l1) / (1 + alpha * l2), var)


@op("ApplyProximalGradientDescent", "var: ref T[...], alpha: T[], l1: T[], l2: T[], delta: T[...] -> out: ref T[...]",
    writes="var", **REAL_DENSE)  # fmt: skip
def apply_proximal_gradient_descent(var, alpha, l1, l2, delta, use_locking: bool = False, *, ok=None):
    """Gradient descent, after which weights are drawn towards 0 by `l1` and `l2`."""
    return update(ok, _proximal(alpha, l1, l2, delta), (var,), delta)


@op("ResourceApplyProximalGradientDescent",
    "var: resource[...], alpha: T[], l1: T[], l2: T[], delta: T[...] ->", writes="var", **REAL_DENSE)  # fmt: skip
def resource_apply_proximal_gradient_descent(var, alpha, l1, l2, delta, use_locking: bool = False, *, ok=None):
    """`apply_proximal_gradient_descent` of a resource variable."""
    return update(ok, _proximal(alpha, l1, l2, delta), (var,), delta)


@op("SparseApplyProximalGradientDescent",
    "var: ref T[v,...], alpha: T[], l1: T[], l2: T[], grad: T[n,...], indices: Tindices[n] -> out: ref T[v,...]",
    writes="var", **REAL_SPARSE)  # fmt: skip
def sparse_apply_proximal_gradient_descent(
    var, alpha, l1, l2, grad, indices, use_locking: bool = False, *, ok=None, padded=False
):
    """`apply_proximal_gradient_descent` of the rows `indices`, which don't repeat."""
    return update_rows(ok, padded, _proximal(alpha, l1, l2, grad), (var,), grad, indices)


@op("ResourceSparseApplyProximalGradientDescent",
    "var: resource[v,...], alpha: T[], l1: T[], l2: T[], grad: T[n,...], indices: Tindices[n] ->",
    writes="var", **REAL_SPARSE)  # fmt: skip
def resource_sparse_apply_proximal_gradient_descent(
    var, alpha, l1, l2, grad, indices, use_locking: bool = False, *, ok=None, padded=False
):
    """`sparse_apply_proximal_gradient_descent` of a resource variable."""
    return update_rows(ok, padded, _proximal(alpha, l1, l2, grad), (var,), grad, indices)


# -- momentum ----------------------------------------------------------------------------------------------------------


def _momentum(lr: Any, grad: Any, momentum: Any, nesterov: bool) -> Any:
    """Sutskever et al., 2013, with Nesterov's look ahead if asked."""

    def rule(keep: Keep, var: Any, accum: Any) -> Any:
        accum = keep(accum * momentum + grad, accum)
        step = grad * lr + accum * momentum * lr if nesterov else accum * lr
        return keep(var - step, var), accum

    return rule


def _keras_momentum(lr: Any, grad: Any, momentum: Any, nesterov: bool) -> Any:
    """The same with the learning rate inside of the accumulator."""

    def rule(keep: Keep, var: Any, accum: Any) -> Any:
        accum = keep(accum * momentum - grad * lr, accum)
        return keep(var + (accum * momentum - grad * lr if nesterov else accum), var), accum

    return rule


@op("ApplyMomentum", "var: ref T[...], accum: ref T[...], lr: T[], grad: T[...], momentum: T[] -> out: ref T[...]",
    writes=("var", "accum"), **DENSE)  # fmt: skip
def apply_momentum(var, accum, lr, grad, momentum, use_locking: bool = False, use_nesterov: bool = False, *, ok=None):
    """Momentum: ``accum = accum * momentum + grad; var -= lr * accum`` (with Nesterov's look ahead if asked)."""
    return update(ok, _momentum(lr, grad, momentum, use_nesterov), (var, accum), grad)


@op("ResourceApplyMomentum", "var: resource[...], accum: resource[...], lr: T[], grad: T[...], momentum: T[] ->",
    writes=("var", "accum"), **DENSE)  # fmt: skip
def resource_apply_momentum(
    var, accum, lr, grad, momentum, use_locking: bool = False, use_nesterov: bool = False, *, ok=None
):
    """`apply_momentum` of a resource variable."""
    return update(ok, _momentum(lr, grad, momentum, use_nesterov), (var, accum), grad)


@op("SparseApplyMomentum",
    "var: ref T[v,...], accum: ref T[v,...], lr: T[], grad: T[n,...], indices: Tindices[n], momentum: T[] -> "
    "out: ref T[v,...]", writes=("var", "accum"), **SPARSE)  # fmt: skip
def sparse_apply_momentum(
    var, accum, lr, grad, indices, momentum, use_locking: bool = False, use_nesterov: bool = False, *,
    ok=None, padded=False,
):  # fmt: skip
    """`apply_momentum` of the rows `indices`, which don't repeat."""
    return update_rows(ok, padded, _momentum(lr, grad, momentum, use_nesterov), (var, accum), grad, indices)


@op("ResourceSparseApplyMomentum",
    "var: resource[v,...], accum: resource[v,...], lr: T[], grad: T[n,...], indices: Tindices[n], momentum: T[] ->",
    writes=("var", "accum"), **SPARSE)  # fmt: skip
def resource_sparse_apply_momentum(
    var, accum, lr, grad, indices, momentum, use_locking: bool = False, use_nesterov: bool = False, *,
    ok=None, padded=False,
):  # fmt: skip
    """`sparse_apply_momentum` of a resource variable."""
    return update_rows(ok, padded, _momentum(lr, grad, momentum, use_nesterov), (var, accum), grad, indices)


@op("ResourceApplyKerasMomentum",
    "var: resource[...], accum: resource[...], lr: T[], grad: T[...], momentum: T[] ->",
    writes=("var", "accum"), **DENSE)  # fmt: skip
def resource_apply_keras_momentum(
    var, accum, lr, grad, momentum, use_locking: bool = False, use_nesterov: bool = False, *, ok=None
):
    """Momentum: ``accum = accum * momentum - lr * grad; var += accum`` (with Nesterov's look ahead if asked)."""
    return update(ok, _keras_momentum(lr, grad, momentum, use_nesterov), (var, accum), grad)


@op("ResourceSparseApplyKerasMomentum",
    "var: resource[v,...], accum: resource[v,...], lr: T[], grad: T[n,...], indices: Tindices[n], momentum: T[] ->",
    writes=("var", "accum"), **SPARSE)  # fmt: skip
def resource_sparse_apply_keras_momentum(
    var, accum, lr, grad, indices, momentum, use_locking: bool = False, use_nesterov: bool = False, *,
    ok=None, padded=False,
):  # fmt: skip
    """`resource_apply_keras_momentum` of the rows `indices`, which don't repeat."""
    return update_rows(ok, padded, _keras_momentum(lr, grad, momentum, use_nesterov), (var, accum), grad, indices)


# -- by the gradient's sign (Bello et al., 2017) -----------------------------------------------------------------------


def _signed(scale: Any, lr: Any, sign_decay: Any, beta: Any, grad: Any) -> Any:
    def rule(keep: Keep, var: Any, m: Any) -> Any:
        m = keep(m * beta + grad * (1 - beta), m)
        return keep(var - lr * scale(sign_decay * jnp.sign(grad) * jnp.sign(m)) * grad, var), m

    return rule


_ADD = ("var: {0}[...], m: {0}[...], lr: T[], alpha: T[], sign_decay: T[], beta: T[], grad: T[...] ->")
_POWER = ("var: {0}[...], m: {0}[...], lr: T[], logbase: T[], sign_decay: T[], beta: T[], grad: T[...] ->")


@op("ApplyAddSign", _ADD.format("ref T") + " out: ref T[...]", writes=("var", "m"), **REAL_DENSE)
def apply_add_sign(var, m, lr, alpha, sign_decay, beta, grad, use_locking: bool = False, *, ok=None):
    """Gradient descent by ``alpha + sign_decay`` where the gradient agrees in sign with its average, `m`."""
    return update(ok, _signed(lambda agrees: alpha + agrees, lr, sign_decay, beta, grad), (var, m), grad)


@op("ResourceApplyAddSign", _ADD.format("resource"), writes=("var", "m"), **REAL_DENSE)
def resource_apply_add_sign(var, m, lr, alpha, sign_decay, beta, grad, use_locking: bool = False, *, ok=None):
    """`apply_add_sign` of a resource variable."""
    return update(ok, _signed(lambda agrees: alpha + agrees, lr, sign_decay, beta, grad), (var, m), grad)


@op("ApplyPowerSign", _POWER.format("ref T") + " out: ref T[...]", writes=("var", "m"), **REAL_DENSE)
def apply_power_sign(var, m, lr, logbase, sign_decay, beta, grad, use_locking: bool = False, *, ok=None):
    """Gradient descent by ``exp(logbase * sign_decay)`` where the gradient agrees in sign with its average, `m`."""
    return update(ok, _signed(lambda agrees: jnp.exp(logbase * agrees), lr, sign_decay, beta, grad), (var, m), grad)


@op("ResourceApplyPowerSign", _POWER.format("resource"), writes=("var", "m"), **REAL_DENSE)
def resource_apply_power_sign(var, m, lr, logbase, sign_decay, beta, grad, use_locking: bool = False, *, ok=None):
    """`apply_power_sign` of a resource variable."""
    return update(ok, _signed(lambda agrees: jnp.exp(logbase * agrees), lr, sign_decay, beta, grad), (var, m), grad)
