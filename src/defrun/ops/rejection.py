"""Gamma and Poisson numbers by rejection: TensorFlow's CPU kernels, every value with a stretch of the stream to itself.

All values go through the loop together; those that have been accepted wait for the others. As in `ops/philox.py` a
kernel takes a generator and returns its values and the generator as the next run finds it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from defrun.ops.philox import RESERVED, bit, block_words, normal64, skip, stored, unit64


def random_gamma(state: jax.Array, shape: Sequence[int], alpha: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Gamma numbers of shape parameter `alpha` and scale 1, computed in float64: [*shape, *alpha.shape], as `alpha`.

    Marsaglia and Tsang's transformation of a normal and a uniform number; the exponential distribution for alpha = 1.
    NaN where `alpha` is negative or NaN.
    """
    alpha = jnp.asarray(alpha)
    start, shape = _starts(shape, alpha)
    wide = jnp.broadcast_to(alpha.astype(jnp.float64).reshape(-1), start.shape)
    small = wide < 1
    d = wide + jnp.where(small, 2.0 / 3, -1.0 / 3)
    c = 1.0 / 3 / jnp.sqrt(d)
    pairs = _Pairs(state, start)

    def attempt(carry):
        taken, normals, uniforms, result, done = carry
        x, normals, taken = pairs.take(_two_normals, normals, taken, ~done)
        v = 1 + c * x
        possible = ~done & (v > 0)
        v = v * v * v
        u, uniforms, taken = pairs.take(_two_uniforms, uniforms, taken, possible)
        squeezed = u < 1 - 0.0331 * (x * x) * (x * x)
        accepted = possible & (squeezed | (jnp.log(u) < 0.5 * x * x + d * (1 - v + jnp.log(v))))
        b, uniforms, taken = pairs.take(_two_uniforms, uniforms, taken, accepted & small)
        drawn = jnp.where(small, d * v * b ** (1 / wide), d * v)
        return taken, normals, uniforms, jnp.where(accepted, drawn, result), done | accepted

    nothing = (jnp.zeros_like(start, jnp.bool_), jnp.zeros_like(wide))
    simple = -jnp.log1p(-_two_uniforms(state, start)[1])
    begin = (jnp.zeros_like(start), nothing, nothing, jnp.where(wide == 1, simple, jnp.nan), ~(wide >= 0) | (wide == 1))
    result = lax.while_loop(lambda carry: ~carry[-1].all(), attempt, begin)[-2]
    return result.reshape(shape).astype(alpha.dtype), skip(state, RESERVED * result.size)


def random_poisson(
    state: jax.Array, shape: Sequence[int], rate: jax.Array, dtype: np.dtype
) -> tuple[jax.Array, jax.Array]:
    """Poisson numbers of mean `rate`: [*shape, *rate.shape], as `dtype`.

    Computed in float64: below 10 by Knuth's product of uniform numbers, from 10 on by Hormann's transformed rejection.
    What is no mean of a Poisson distribution gives NaN.
    """
    rate = jnp.asarray(rate)
    start, shape = _starts(shape, rate)
    mean = jnp.broadcast_to(rate.astype(jnp.float64).reshape(-1), start.shape)
    few = mean < 10
    b = 0.931 + 2.53 * jnp.sqrt(mean)
    a = -0.059 + 0.02483 * b
    inverse = 1.1239 + 1.1328 / (b - 3.4)

    def attempt(carry):
        turn, product, result, done = carry
        # A block holds two numbers, the second to be used first: two turns of Knuth's, or one of Hormann's.
        block = start + jnp.where(few, turn >> np.uint64(1), turn)
        v, u = _both(state, _two_uniforms, block)
        product = product * jnp.where(bit(turn, 0), v, u)
        finished = product <= jnp.exp(-mean)
        u = u - 0.5
        side = 0.5 - jnp.abs(u)
        k = jnp.floor((2 * a / side + b) * u + mean + 0.43)
        surely = (side >= 0.07) & (v <= 0.9277 - 3.6224 / (b - 2))
        never = (k < 0) | ((side < 0.013) & (v > side))
        s = jnp.log(v * inverse / (a / (side * side) + b))
        accepted = surely | (~never & (s <= -mean + k * jnp.log(mean) - lax.lgamma(k + 1)))
        ends = ~done & jnp.where(few, finished, accepted)
        drawn = jnp.where(few, turn.astype(jnp.float64), k)
        return turn + np.uint64(1), product, jnp.where(ends, drawn, result), done | ends

    begin = (np.uint64(0), jnp.ones_like(mean), jnp.full_like(mean, jnp.nan), ~((mean >= 0) & (mean < jnp.inf)))
    result = lax.while_loop(lambda carry: ~carry[-1].all(), attempt, begin)[-2]
    return result.reshape(shape).astype(dtype), skip(state, RESERVED * result.size)


def _starts(shape: Sequence[int], parameter: jax.Array) -> tuple[jax.Array, tuple[int, ...]]:
    """Where the stretch of each value begins, [samples, parameters], and the shape of all values together."""
    samples, parameters = math.prod(shape), parameter.size
    sample, number = (lax.broadcasted_iota(jnp.uint64, (samples, parameters), axis) for axis in (0, 1))
    return (number * np.uint64(samples) + sample) * np.uint64(RESERVED), (*shape, *parameter.shape)


class _Pairs:
    """Draws that come two to a block and are used one at a time, the second first."""

    def __init__(self, state: jax.Array, start: jax.Array) -> None:
        self.state = state
        self.start = start

    def take(self, draw, left, taken, active):
        """Return the next number where `active`, what is left of its block, and the blocks taken so far."""
        has, spare = left
        first, second = _both(self.state, draw, self.start + taken)
        fresh = active & ~has
        value = jnp.where(has, spare, second)
        return value, (has ^ active, jnp.where(fresh, first, spare)), taken + fresh.astype(jnp.uint64)


def _both(state: jax.Array, draw: Callable[..., list[jax.Array]], block: jax.Array) -> jax.Array:
    shape = (2, *block.shape)
    return stored(state, shape, np.dtype(np.float64), lambda: jnp.stack(draw(state, block)))


def _two_normals(state: jax.Array, block: jax.Array) -> list[jax.Array]:
    return [normal64(state, block, jnp.bool_(second)) for second in (False, True)]


def _two_uniforms(state: jax.Array, block: jax.Array) -> list[jax.Array]:
    a, b, c, d = block_words(state, block)
    return [unit64(a, b), unit64(c, d)]
