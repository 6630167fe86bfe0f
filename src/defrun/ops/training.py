"""Updates of optimizers: one node each, which reads the variable and its slots and writes them."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp

from defrun.base import errors
from defrun.graph.check import check
from defrun.ops.declare import op
from defrun.ops.types import INDEX, NUMERIC


def _rows_in_range(indices: Any, var: Any) -> Any:
    """Check that `indices` are rows of `var`; return them."""
    good = jnp.all((indices >= 0) & (indices < var.shape[0]))
    check(good, errors.InvalidArgumentError, "Index {} is out of range [0, {}) of the variable's rows",
          jnp.where(jnp.any(indices < 0), indices.min(initial=0), indices.max(initial=0)), var.shape[0])  # fmt: skip
    return indices


@op(
    "ApplyGradientDescent",
    "var: ref T[...], alpha: T[], delta: T[...] -> out: ref T[...]",
    T=NUMERIC,
    writes="var",
    differentiable=False,
)
def apply_gradient_descent(var, alpha, delta, use_locking: bool = False):
    """Gradient descent: ``var - alpha * delta``."""
    return var - alpha * delta


@op(
    "ResourceApplyGradientDescent",
    "var: resource, alpha: T[], delta: T ->",
    T=NUMERIC,
    writes="var",
    differentiable=False,
)
def resource_apply_gradient_descent(var, alpha, delta, use_locking: bool = False):
    """`apply_gradient_descent` of a resource variable."""
    return var - alpha * delta


def _kept(ok: Any, new: Any, old: Any) -> Any:
    """Return `new` where the checks hold. What is written later is computed from what is kept, not from `new` again."""
    return new if ok is None else jnp.where(ok, new, old)


def _momentum(var: Any, accum: Any, lr: Any, grad: Any, momentum: Any, nesterov: bool, ok: Any) -> tuple[Any, Any]:
    """Return the new variable and accumulator (Sutskever et al., 2013, with Nesterov's look ahead if asked)."""
    accum = _kept(ok, accum * momentum + grad, accum)
    step = grad * lr + accum * momentum * lr if nesterov else accum * lr
    return _kept(ok, var - step, var), accum


@op(
    "ApplyMomentum",
    "var: ref T[...], accum: ref T[...], lr: T[], grad: T[...], momentum: T[] -> out: ref T[...]",
    T=NUMERIC,
    writes=("var", "accum"),
    differentiable=False,
)
def apply_momentum(var, accum, lr, grad, momentum, use_locking: bool = False, use_nesterov: bool = False, *, ok=None):
    """Momentum: ``accum = accum * momentum + grad; var -= lr * accum`` (with Nesterov's look ahead if asked)."""
    return _momentum(var, accum, lr, grad, momentum, use_nesterov, ok)


@op(
    "ResourceApplyMomentum",
    "var: resource, accum: resource, lr: T[], grad: T, momentum: T[] ->",
    T=NUMERIC,
    writes=("var", "accum"),
    differentiable=False,
)
def resource_apply_momentum(
    var, accum, lr, grad, momentum, use_locking: bool = False, use_nesterov: bool = False, *, ok=None
):
    """`apply_momentum` of a resource variable."""
    return _momentum(var, accum, lr, grad, momentum, use_nesterov, ok)


def _sparse_momentum(
    var: Any, accum: Any, lr: Any, grad: Any, indices: Any, momentum: Any, nesterov: bool
) -> tuple[Any, Any]:
    rows = _rows_in_range(indices, var)
    new_rows, new_accum = _momentum(var[rows], accum[rows], lr, grad, momentum, nesterov, None)
    return var.at[rows].set(new_rows), accum.at[rows].set(new_accum)


@op(
    "SparseApplyMomentum",
    "var: ref T[...], accum: ref T[...], lr: T[], grad: T, indices: Tindices[n], momentum: T[] -> out: ref T[...]",
    T=NUMERIC,
    Tindices=INDEX,
    writes=("var", "accum"),
    differentiable=False,
)
def sparse_apply_momentum(
    var, accum, lr, grad, indices, momentum, use_locking: bool = False, use_nesterov: bool = False
):
    """`apply_momentum` of the rows `indices`, which don't repeat."""
    return _sparse_momentum(var, accum, lr, grad, indices, momentum, use_nesterov)


@op(
    "ResourceSparseApplyMomentum",
    "var: resource, accum: resource, lr: T[], grad: T, indices: Tindices[n], momentum: T[] ->",
    T=NUMERIC,
    Tindices=INDEX,
    writes=("var", "accum"),
    differentiable=False,
)
def resource_sparse_apply_momentum(
    var, accum, lr, grad, indices, momentum, use_locking: bool = False, use_nesterov: bool = False
):
    """`sparse_apply_momentum` of a resource variable."""
    return _sparse_momentum(var, accum, lr, grad, indices, momentum, use_nesterov)


def _adam(
    var: Any, m: Any, v: Any, b1_power: Any, b2_power: Any, lr: Any, b1: Any, b2: Any, eps: Any, grad: Any,
    nesterov: bool, ok: Any,
) -> tuple[Any, Any, Any]:  # fmt: skip
    """Return the new variable and moments (Kingma and Ba, 2014, in the form before section 2.1)."""
    rate = lr * jnp.sqrt(1 - b2_power) / (1 - b1_power)
    m = _kept(ok, m + (grad - m) * (1 - b1), m)
    v = _kept(ok, v + (grad * grad - v) * (1 - b2), v)
    step = m * b1 + grad * (1 - b1) if nesterov else m
    return _kept(ok, var - rate * step / (jnp.sqrt(v) + eps), var), m, v


@op(
    "ApplyAdam",
    "var: ref T[...], m: ref T[...], v: ref T[...], beta1_power: T[], beta2_power: T[], lr: T[], beta1: T[], "
    "beta2: T[], epsilon: T[], grad: T[...] -> out: ref T[...]",
    T=NUMERIC,
    writes=("var", "m", "v"),
    differentiable=False,
)
def apply_adam(
    var, m, v, beta1_power, beta2_power, lr, beta1, beta2, epsilon, grad,
    use_locking: bool = False, use_nesterov: bool = False, *, ok=None,
):  # fmt: skip
    """Adam (Kingma and Ba, 2014)."""
    return _adam(var, m, v, beta1_power, beta2_power, lr, beta1, beta2, epsilon, grad, use_nesterov, ok)


@op(
    "ResourceApplyAdam",
    "var: resource, m: resource, v: resource, beta1_power: T[], beta2_power: T[], lr: T[], beta1: T[], beta2: T[], "
    "epsilon: T[], grad: T ->",
    T=NUMERIC,
    writes=("var", "m", "v"),
    differentiable=False,
)
def resource_apply_adam(
    var, m, v, beta1_power, beta2_power, lr, beta1, beta2, epsilon, grad,
    use_locking: bool = False, use_nesterov: bool = False, *, ok=None,
):  # fmt: skip
    """`apply_adam` of a resource variable."""
    return _adam(var, m, v, beta1_power, beta2_power, lr, beta1, beta2, epsilon, grad, use_nesterov, ok)
