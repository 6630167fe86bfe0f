"""Activations: functions of single elements that stand between layers, and their gradients."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from defrun.base import dtypes
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.array import identity, identity_n
from defrun.ops.cast import cast
from defrun.ops.creation import zeros_like
from defrun.ops.declare import op
from defrun.ops.elementary import sigmoid, sigmoid_grad, sign
from defrun.ops.join import concat
from defrun.ops.math import multiply, negative, subtract
from defrun.ops.types import FLOAT, REAL

_ALPHA = 1.6732632423543772
_SCALE = 1.0507009873554805
_LEAKY = (FLOAT, dtypes.float32)


def _of(x: Any, number: float) -> Any:
    return jnp.asarray(number, x.dtype)


# -- relu and what is close to it ------------------------------------------------------------------------------------


@op("Relu", "features: T[...] -> activations: T[...]", T=REAL)
def relu(features):
    """Return `features` where they are positive, else 0.

    Parameters
    ----------
    features : Tensor

    Returns
    -------
    Tensor of the shape of `features`
    """
    return jnp.maximum(features, 0)


@relu.gradient
def _(op, grad):
    return relu_grad(grad, op.outputs[0])


@op("ReluGrad", "gradients: T[...], features: T[...] -> backprops: T[...]", T=REAL)
def relu_grad(gradients, features):
    """Gradient of `relu`; `features` may be its input or its output."""
    return jnp.where(features > 0, gradients, _of(gradients, 0))


@relu_grad.gradient
def _(op, grad):
    return relu_grad(grad, op.inputs[1]), zeros_like(op.inputs[1])


@op("Relu6", "features: T[...] -> activations: T[...]", T=REAL)
def relu6_op(features):
    """Clip `features` to the range from 0 to 6; `relu6` is the function for users."""
    return jnp.clip(features, 0, 6)


@relu6_op.gradient
def _(op, grad):
    return relu6_grad(grad, op.outputs[0])


@op("Relu6Grad", "gradients: T[...], features: T[...] -> backprops: T[...]", T=REAL)
def relu6_grad(gradients, features):
    """Gradient of `relu6`; `features` may be its input or its output."""
    return jnp.where((features > 0) & (features < 6), gradients, _of(gradients, 0))


@relu6_grad.gradient
def _(op, grad):
    return relu6_grad(grad, op.inputs[1]), zeros_like(op.inputs[1])


def relu6(features: Any, name: str | None = None) -> Tensor:
    """Clip `features` to the range from 0 to 6.

    Parameters
    ----------
    features : Tensor
    name : str, optional

    Returns
    -------
    Tensor of the shape of `features`
    """
    with name_scope(name, "Relu6", [features]) as scope:
        return relu6_op(convert_to_tensor(features, name="features"), name=scope)


@op("LeakyRelu", "features: T[...] -> activations: T[...]", T=_LEAKY)
def leaky_relu_op(features, alpha: float = 0.2):
    """`features` where they are positive, else `alpha` times them; `leaky_relu` is the function for users."""
    return jnp.where(features > 0, features, features * _of(features, alpha))


@leaky_relu_op.gradient
def _(op, grad):
    return leaky_relu_grad(grad, op.inputs[0], op.attrs["alpha"])


@op("LeakyReluGrad", "gradients: T[...], features: T[...] -> backprops: T[...]", T=_LEAKY)
def leaky_relu_grad(gradients, features, alpha: float = 0.2):
    """Gradient of `leaky_relu`."""
    return jnp.where(features > 0, gradients, gradients * _of(gradients, alpha))


@leaky_relu_grad.gradient
def _(op, grad):
    return leaky_relu_grad(grad, op.inputs[1], op.attrs["alpha"]), zeros_like(op.inputs[1])


def leaky_relu(features: Any, alpha: Any = 0.2, name: str | None = None) -> Tensor:
    """Return `features` where they are positive, else `alpha` times them.

    Parameters
    ----------
    features : Tensor
        Integers are made float32.
    alpha : float
    name : str, optional

    Returns
    -------
    Tensor of the shape of `features`
    """
    with name_scope(name, "LeakyRelu", [features, alpha]) as scope:
        features = convert_to_tensor(features, name="features")
        if features.dtype.is_integer:
            features = cast(features, dtypes.float32)
        alpha = alpha.item() if isinstance(alpha, np.ndarray) else alpha
        return leaky_relu_op(features, alpha, name=scope)


def crelu(features: Any, name: str | None = None, axis: int = -1) -> Tensor:
    """Return `relu` of `features` and of their negatives, side by side.

    Parameters
    ----------
    features : Tensor
    name : str, optional
    axis : int
        Along which the two stand side by side.

    Returns
    -------
    Tensor, twice as long along `axis`
    """
    with name_scope(name, "CRelu", [features]) as scope:
        features = convert_to_tensor(features, name="features")
        return relu(concat([features, -features], axis, name=scope))


# -- exponential ones ------------------------------------------------------------------------------------------------


@op("Elu", "features: T[...] -> activations: T[...]", T=FLOAT)
def elu(features):
    """Return `features` where they are positive, else ``exp(features) - 1``.

    Parameters
    ----------
    features : Tensor

    Returns
    -------
    Tensor of the shape of `features`
    """
    return jnp.where(features < 0, jnp.expm1(features), features)


@elu.gradient
def _(op, grad):
    return elu_grad(grad, op.outputs[0])


@op("EluGrad", "gradients: T[...], outputs: T[...] -> backprops: T[...]", T=FLOAT)
def elu_grad(gradients, outputs):
    """Gradient of `elu`, by its output."""
    return jnp.where(outputs < 0, (outputs + 1) * gradients, gradients)


def _where_negative(op: Any, grad: Tensor) -> Tensor:
    """What a gradient that multiplies by outputs + constant below 0 gives those outputs."""
    gradients, outputs = op.inputs
    return relu_grad(multiply(grad, gradients), negative(outputs))


@elu_grad.gradient
def _(op, grad):
    return elu_grad(grad, op.inputs[1]), _where_negative(op, grad)


@op("Selu", "features: T[...] -> activations: T[...]", T=FLOAT)
def selu(features):
    """Return `elu`, scaled such that activations keep mean 0 and variance 1.

    Parameters
    ----------
    features : Tensor

    Returns
    -------
    Tensor of the shape of `features`
    """
    below = _of(features, _SCALE * _ALPHA) * jnp.expm1(features)
    return jnp.where(features < 0, below, _of(features, _SCALE) * features)


@selu.gradient
def _(op, grad):
    return selu_grad(grad, op.outputs[0])


@op("SeluGrad", "gradients: T[...], outputs: T[...] -> backprops: T[...]", T=FLOAT)
def selu_grad(gradients, outputs):
    """Gradient of `selu`, by its output."""
    factor = jnp.where(outputs < 0, outputs + _of(outputs, _SCALE * _ALPHA), _of(outputs, _SCALE))
    return gradients * factor


@selu_grad.gradient
def _(op, grad):
    return selu_grad(grad, op.inputs[1]), _where_negative(op, grad)


@op("Softplus", "features: T[...] -> activations: T[...]", T=FLOAT)
def softplus(features):
    """Return ``log(exp(features) + 1)``: `relu` without the corner.

    Parameters
    ----------
    features : Tensor

    Returns
    -------
    Tensor of the shape of `features`
    """
    return jnp.maximum(features, 0) + jnp.log1p(jnp.exp(-jnp.abs(features)))


@softplus.gradient
def _(op, grad):
    return softplus_grad(grad, op.inputs[0])


@op("SoftplusGrad", "gradients: T[...], features: T[...] -> backprops: T[...]", T=FLOAT)
def softplus_grad(gradients, features):
    """Gradient of `softplus`."""
    return gradients * jax.nn.sigmoid(features)


@softplus_grad.gradient
def _(op, grad):
    gradients, features = op.inputs
    return softplus_grad(grad, features), sigmoid_grad(sigmoid(features), multiply(grad, gradients))


def log_sigmoid(x: Any, name: str | None = None) -> Tensor:
    """Return the logarithm of `sigmoid` of each element.

    Parameters
    ----------
    x : Tensor
    name : str, optional
    """
    with name_scope(name, "LogSigmoid", [x]) as scope:
        return negative(softplus(-convert_to_tensor(x, name="x")), name=scope)


@op("Softsign", "features: T[...] -> activations: T[...]", T=FLOAT)
def softsign(features):
    """Return ``features / (1 + |features|)``.

    Parameters
    ----------
    features : Tensor

    Returns
    -------
    Tensor of the shape of `features`
    """
    return features / (1 + jnp.abs(features))


@softsign.gradient
def _(op, grad):
    return softsign_grad(grad, op.inputs[0])


@op("SoftsignGrad", "gradients: T[...], features: T[...] -> backprops: T[...]", T=FLOAT)
def softsign_grad(gradients, features):
    """Gradient of `softsign`."""
    return gradients / jnp.square(1 + jnp.abs(features))


@softsign_grad.gradient
def _(op, grad):
    gradients, features = op.inputs
    once = softsign_grad(multiply(grad, gradients), features)
    # sign - softsign is sign(x) / (1 + |x|), so this is -2 sign(x) / (1 + |x|)^3.
    inner = subtract(sign(features), softsign(features))
    return softsign_grad(grad, features), multiply(multiply(once, inner), -2.0)


def swish(features: Any) -> Tensor:
    """Return ``features * sigmoid(features)``.

    Parameters
    ----------
    features : Tensor

    Returns
    -------
    Tensor of the shape of `features`
    """
    features = convert_to_tensor(features, name="features")
    result = multiply(features, sigmoid(features), name="mul")
    # TensorFlow gives this a gradient of its own, to save memory, by way of two nodes. Their names are taken here too.
    identity(result)
    return identity_n([result, features])[0]
