"""Adam and its kin."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp

from defrun.ops.declare import op
from defrun.ops.training.rules import DENSE, REAL_DENSE, Keep, update

_NUMBERS = "beta1_power: T[], beta2_power: T[], lr: T[], beta1: T[], beta2: T[], epsilon: T[], grad: T[...] ->"


def _adam(b1_power: Any, b2_power: Any, lr: Any, b1: Any, b2: Any, epsilon: Any, grad: Any, nesterov: bool) -> Any:
    """Kingma and Ba, 2014, in the form before section 2.1."""
    rate = lr * jnp.sqrt(1 - b2_power) / (1 - b1_power)

    def rule(keep: Keep, var: Any, m: Any, v: Any) -> Any:
        m = keep(m + (grad - m) * (1 - b1), m)
        v = keep(v + (grad * grad - v) * (1 - b2), v)
        step = m * b1 + grad * (1 - b1) if nesterov else m
        return keep(var - rate * step / (jnp.sqrt(v) + epsilon), var), m, v

    return rule


@op("ApplyAdam", f"var: ref T[...], m: ref T[...], v: ref T[...], {_NUMBERS} out: ref T[...]",
    writes=("var", "m", "v"), **DENSE)  # fmt: skip
def apply_adam(
    var, m, v, beta1_power, beta2_power, lr, beta1, beta2, epsilon, grad,
    use_locking: bool = False, use_nesterov: bool = False, *, ok=None,
):  # fmt: skip
    """Adam (Kingma and Ba, 2014)."""
    rule = _adam(beta1_power, beta2_power, lr, beta1, beta2, epsilon, grad, use_nesterov)
    return update(ok, rule, (var, m, v), grad)


@op("ResourceApplyAdam", f"var: resource[...], m: resource[...], v: resource[...], {_NUMBERS}",
    writes=("var", "m", "v"), **DENSE)  # fmt: skip
def resource_apply_adam(
    var, m, v, beta1_power, beta2_power, lr, beta1, beta2, epsilon, grad,
    use_locking: bool = False, use_nesterov: bool = False, *, ok=None,
):  # fmt: skip
    """`apply_adam` of a resource variable."""
    rule = _adam(beta1_power, beta2_power, lr, beta1, beta2, epsilon, grad, use_nesterov)
    return update(ok, rule, (var, m, v), grad)


@op("ResourceApplyAdamWithAmsgrad",
    f"var: resource[...], m: resource[...], v: resource[...], vhat: resource[...], {_NUMBERS}",
    writes=("var", "m", "v", "vhat"), **REAL_DENSE)  # fmt: skip
def resource_apply_adam_with_amsgrad(
    var, m, v, vhat, beta1_power, beta2_power, lr, beta1, beta2, epsilon, grad, use_locking: bool = False, *, ok=None
):
    """Adam with the largest average of squares so far (Reddi et al., 2018)."""
    rate = lr * jnp.sqrt(1 - beta2_power) / (1 - beta1_power)

    def rule(keep: Keep, var: Any, m: Any, v: Any, vhat: Any) -> Any:
        m = keep(m + (grad - m) * (1 - beta1), m)
        v = keep(v + (grad * grad - v) * (1 - beta2), v)
        vhat = keep(jnp.maximum(vhat, v), vhat)
        return keep(var - rate * m / (jnp.sqrt(vhat) + epsilon), var), m, v, vhat

    return update(ok, rule, (var, m, v, vhat), grad)


_MAX_NUMBERS = "beta1_power: T[], lr: T[], beta1: T[], beta2: T[], epsilon: T[], grad: T[...] ->"


def _ada_max(b1_power: Any, lr: Any, b1: Any, b2: Any, epsilon: Any, grad: Any) -> Any:
    """Section 7.1 of Kingma and Ba, 2014."""

    def rule(keep: Keep, var: Any, m: Any, v: Any) -> Any:
        m = keep(m + (grad - m) * (1 - b1), m)
        v = keep(jnp.maximum(b2 * v, jnp.abs(grad)), v)
        return keep(var - lr / (1 - b1_power) * (m / (v + epsilon)), var), m, v

    return rule


@op("ApplyAdaMax", f"var: ref T[...], m: ref T[...], v: ref T[...], {_MAX_NUMBERS} out: ref T[...]",
    writes=("var", "m", "v"), **REAL_DENSE)  # fmt: skip
def apply_ada_max(
    var, m, v, beta1_power, lr, beta1, beta2, epsilon, grad, use_locking: bool = False, *, ok=None
):
    """AdaMax: Adam with the largest gradient so far, which decays, in the place of the average of squares."""
    return update(ok, _ada_max(beta1_power, lr, beta1, beta2, epsilon, grad), (var, m, v), grad)


@op("ResourceApplyAdaMax", f"var: resource[...], m: resource[...], v: resource[...], {_MAX_NUMBERS}",
    writes=("var", "m", "v"), **REAL_DENSE)  # fmt: skip
def resource_apply_ada_max(
    var, m, v, beta1_power, lr, beta1, beta2, epsilon, grad, use_locking: bool = False, *, ok=None
):
    """`apply_ada_max` of a resource variable."""
    return update(ok, _ada_max(beta1_power, lr, beta1, beta2, epsilon, grad), (var, m, v), grad)
