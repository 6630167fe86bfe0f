"""Random numbers of distributions that take a parameter for each of them: gamma and Poisson."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np
from jax import lax

from defrun.base import dtypes
from defrun.base.dtypes import DType
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops import rejection
from defrun.ops.broadcast import broadcast, sum_like
from defrun.ops.creation import zeros_like
from defrun.ops.declare import op
from defrun.ops.limits import maximum
from defrun.ops.math import add_v2, multiply, realdiv
from defrun.ops.random import drawn_dims, drawn_sizes, generator, op_seeds, shape_tensor
from defrun.ops.types import INDEX

_SINGLE = frozenset((dtypes.float32, dtypes.float64))
_FLOAT = _SINGLE | {dtypes.float16}


def _all_dims(shape: Any, parameter: Any) -> Any:
    dims = drawn_dims(shape)
    return None if dims is None or parameter is None else (*dims, *parameter)


# -- op types --------------------------------------------------------------------------------------------------------


@op("RandomGamma", "shape: static S[r], alpha: T -> output: T", S=INDEX, T=_FLOAT, state=generator)
def standard_gamma(shape, alpha, seed: int = 0, seed2: int = 0, *, state):
    """Draw from gamma distributions of scale 1.

    Parameters
    ----------
    shape : int32 or int64 Tensor [r]
        How many to draw for each `alpha`.
    alpha : Tensor [...]
        Shape parameters: float16, float32 or float64.

    Returns
    -------
    Tensor [*shape, ...]
    """
    return rejection.random_gamma(state, drawn_sizes(shape), alpha)


@standard_gamma.shape
def _(shape, alpha):
    return _all_dims(shape, alpha)


@standard_gamma.gradient
def _(op, grad):
    alpha = op.inputs[1]
    return None, sum_like(multiply(grad, gamma_slope(alpha, op.outputs[0])), alpha)


@op("RandomGammaGrad", "alpha: T, sample: T -> output: T", T=_SINGLE, shape=broadcast, differentiable=False)
def gamma_slope(alpha, sample):
    """How a gamma number moves with `alpha`, its place among the gamma numbers of that `alpha` kept."""
    alpha, sample = jnp.broadcast_arrays(alpha, sample)
    return lax.random_gamma_grad(alpha, sample)


@op("RandomPoisson", "shape: static S[r], rate: dtype -> output: dtype", S=INDEX, dtype=_FLOAT, state=generator,
    differentiable=False)  # fmt: skip
def poisson_as_rate(shape, rate, seed: int = 0, seed2: int = 0, *, state):
    """Draw from Poisson distributions; see `poisson`. The numbers are of the rates' type."""
    return rejection.random_poisson(state, drawn_sizes(shape), rate, rate.dtype)


@op("RandomPoissonV2", "shape: static S[r], rate: R -> output: dtype", S=INDEX, R=(_FLOAT | INDEX, dtypes.float64),
    dtype=(_FLOAT | INDEX, dtypes.int64), state=generator, differentiable=False)  # fmt: skip
def poisson(shape, rate, seed: int = 0, seed2: int = 0, dtype: DType = dtypes.int64, *, state):
    """Draw from Poisson distributions.

    Parameters
    ----------
    shape : int32 or int64 Tensor [r]
        How many to draw for each `rate`.
    rate : Tensor [...]
        Means: float16, float32, float64, int32 or int64.
    dtype : DType
        The type of the numbers, one of the same.

    Returns
    -------
    Tensor [*shape, ...]
    """
    return rejection.random_poisson(state, drawn_sizes(shape), rate, dtype.as_numpy_dtype)


@poisson_as_rate.shape
@poisson.shape
def _(shape, rate):
    return _all_dims(shape, rate)


# -- the faces -------------------------------------------------------------------------------------------------------


def random_gamma(
    shape: Any,
    alpha: Any,
    beta: Any = None,
    dtype: Any = dtypes.float32,
    seed: int | None = None,
    name: str | None = None,
) -> Tensor:
    """Draw from gamma distributions; differentiable in `alpha` and `beta`.

    Parameters
    ----------
    shape : list of int, TensorShape or integer Tensor [r]
        How many to draw for each pair of parameters.
    alpha : number or Tensor of type `dtype`
        Shape parameters.
    beta : number or Tensor of type `dtype`, optional
        Rates (1 / scale), 1 if not given. The two broadcast.
    dtype : DType
        float16, float32 or float64.
    seed : int, optional
        See `get_seed`.
    name : str, optional

    Returns
    -------
    Tensor [*shape, ...]
        Never 0: at least the smallest normal number of `dtype`. NaN for an `alpha` below 0.

    Raises
    ------
    ValueError
        If `dtype` is an integer's.
    """
    with name_scope(name, "random_gamma", [shape, alpha, beta]):
        dims = shape_tensor(shape, dtypes.int32)
        alphas = convert_to_tensor(alpha, dtype=dtype, name="alpha")
        betas = convert_to_tensor(1 if beta is None else beta, dtype=dtype, name="beta")
        pairs = add_v2(alphas, zeros_like(betas), name="add")
        least = np.finfo(alphas.dtype.as_numpy_dtype).tiny
        drawn = realdiv(standard_gamma(dims, pairs, **op_seeds(seed)), betas, name="truediv")
        return maximum(least, drawn)


def random_poisson(
    lam: Any, shape: Any, dtype: Any = dtypes.float32, seed: int | None = None, name: str | None = None
) -> Tensor:
    """Draw from Poisson distributions.

    Parameters
    ----------
    lam : number or Tensor [...]
        Means: float16, float32, float64, int32 or int64.
    shape : list of int, TensorShape or integer Tensor [r]
        How many to draw for each of them.
    dtype : DType
        The type of the numbers, one of the same.
    seed : int, optional
        See `get_seed`.
    name : str, optional

    Returns
    -------
    Tensor [*shape, ...]
    """
    with name_scope(name, "random_poisson", [lam, shape]):
        return poisson(shape_tensor(shape, dtypes.int32), lam, dtype=dtype, **op_seeds(seed))
