"""TensorFlow's random numbers: the Philox 4x32-10 streams of its CPU kernels, bit for bit where nothing is rounded.

A generator is six uint32 words: a 128-bit counter, lowest word first, and a 64-bit key. Block `i` of its stream is four
words of 32 bits, computed from counter + i and the key alone. A kernel takes the generator and returns its values and
the generator as the next run finds it, which TensorFlow moves on by `RESERVED` blocks for every value returned, however
many it drew.

Every value is computed for itself from its place in the output, although neighbours share a block: one fused loop with
some work done twice runs faster than storing blocks and dealing them out, and compiles faster. For the same reason a
word lives in a uint64 lane: a round multiplies 32 by 32 bits into 64, and lanes of one width vectorise best.
64-bit types must be enabled around every call.
"""

import functools
import math
import os
from collections.abc import Callable, Sequence

import jax
import jax.numpy as jnp
import ml_dtypes
import numpy as np
from jax import lax

RESERVED = 256  # blocks of the stream set aside for each value of a run

_LOW = np.uint64(0xFFFFFFFF)
_WORD = np.uint64(32)
_MULTIPLIERS = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_KEY_STEPS = 0x9E3779B9, 0xBB67AE85
_ONE = np.uint64(1023 << 52)  # the bits of 1.0
_MAGIC = 1.5 * 2.0**52  # added to a small integer, leaves that integer in the low bits
_SMALLEST = 1e-7  # what a logarithm gets instead of 0

# A model's initializers draw the same shapes again and again: trace and lower each of them once.
_traced_once = functools.partial(jax.jit, static_argnames=("shape", "dtype"))


def initial_state(seed: int, seed2: int) -> np.ndarray:
    """The generator of an op with these two seeds; where both are 0, one that nobody has seen before.

    Returns
    -------
    uint32 [6]
        Counter (4 words, lowest first) and key (2 words).
    """
    if seed == 0 and seed2 == 0:
        seed, seed2 = (int.from_bytes(os.urandom(8), "little") for _ in range(2))
    words = [0, 0, seed2, seed2 >> 32, seed, seed >> 32]
    return np.array([word & 0xFFFFFFFF for word in words], np.uint32)


def stateless_state(seed: jax.Array) -> jax.Array:
    """The generator of a stateless op: the two numbers in `seed` (int32 or int64 [2]), scrambled by Philox itself."""
    seed = jnp.asarray(seed).astype(jnp.uint64)
    low, high = seed & _LOW, seed >> _WORD
    counter = jnp.stack([low[0], high[0], low[1], high[1]]).astype(jnp.uint32)
    state = jnp.concatenate([counter, np.array([0x3EC8F720, 0x02461E29], np.uint32)])
    mixed = jnp.stack(block_words(state, jnp.zeros((), jnp.uint64))).astype(jnp.uint32)
    return jnp.concatenate([jnp.zeros(2, jnp.uint32), mixed[2:], mixed[:2]])


def skip(state: jax.Array, blocks: int) -> jax.Array:
    """The generator `blocks` blocks further on."""
    counter = [word.astype(jnp.uint32) for word in _counter(state, np.uint64(blocks))]
    return jnp.concatenate([jnp.stack(counter), state[4:]])


@_traced_once
def random_uniform(state: jax.Array, shape: tuple[int, ...], dtype: np.dtype) -> tuple[jax.Array, jax.Array]:
    """Numbers of [0, 1): float16, bfloat16, float32 or float64."""
    dtype = np.dtype(dtype)

    def draw(index: jax.Array) -> jax.Array:
        if dtype == np.float64:
            return unit64(*_pair(state, index))
        bits = {np.float16: 10, ml_dtypes.bfloat16: 7, np.float32: 23}[dtype.type]
        words = _word(state, index) & np.uint64(2**bits - 1)
        return words.astype(jnp.int32).astype(jnp.float32) * np.float32(2.0**-bits)

    return _filled(state, shape, dtype, draw)


@functools.partial(jax.jit, static_argnames="shape")
def random_uniform_int(
    state: jax.Array, shape: tuple[int, ...], minval: jax.Array, maxval: jax.Array
) -> tuple[jax.Array, jax.Array]:
    """Integers of [minval, maxval), of the type of these two scalars: int32 or int64."""
    signed = np.dtype(minval.dtype)
    unsigned = np.dtype(f"uint{8 * signed.itemsize}")
    low, high = jnp.asarray(minval).astype(unsigned), jnp.asarray(maxval).astype(unsigned)

    def draw(index: jax.Array) -> jax.Array:
        words = _joined(*_pair(state, index)) if signed.itemsize == 8 else _word(state, index)
        return low + words.astype(unsigned) % (high - low)

    return _filled(state, shape, signed, draw)


@_traced_once
def random_standard_normal(state: jax.Array, shape: tuple[int, ...], dtype: np.dtype) -> tuple[jax.Array, jax.Array]:
    """Normal numbers of mean 0 and deviation 1: float16, bfloat16, float32 or float64."""
    dtype = np.dtype(dtype)

    def draw(index: jax.Array) -> jax.Array:
        if dtype == np.float64:
            return normal64(state, index >> np.uint64(1), bit(index, 0))
        return _normal32(state, index >> np.uint64(2), bit(index, 1), bit(index, 0))

    return _filled(state, shape, dtype, draw)


@_traced_once
def truncated_normal(state: jax.Array, shape: tuple[int, ...], dtype: np.dtype) -> tuple[jax.Array, jax.Array]:
    """Normal numbers of mean 0 and deviation 1, those at 2 or beyond redrawn: float16, bfloat16, float32 or float64.

    Every group of four values (two for float64) has a stretch of the stream to itself and takes from it, in order, the
    first that lie within. All groups draw one block each, again and again until the last is full.
    """
    size, dtype = math.prod(shape), np.dtype(dtype)
    width = 2 if dtype == np.float64 else 4
    groups = -(-size // width)
    kind = np.dtype(np.float64 if width == 2 else np.float32)
    place = lax.broadcasted_iota(jnp.int32, (width, 1), 0)

    def draw(number: jax.Array) -> jax.Array:
        row, group = (lax.broadcasted_iota(jnp.uint64, (width, groups), axis) for axis in (0, 1))
        block = group * np.uint64(width * RESERVED // 4) + number
        if width == 2:
            return normal64(state, block, bit(row, 0))
        return _normal32(state, block, bit(row, 1), bit(row, 0))

    def fill(carry):
        number, full, values = carry
        for value in stored(state, (width, groups), kind, lambda: draw(number)):
            within = jnp.abs(value) < 2
            values = jnp.where(within & (full == place), value, values)
            full += within
        return number + np.uint64(1), full, values

    start = (np.uint64(0), jnp.zeros(groups, jnp.int32), jnp.zeros((width, groups), kind))
    values = lax.while_loop(lambda carry: jnp.any(carry[1] < width), fill, start)[2]
    return values.T.reshape(-1)[:size].reshape(shape).astype(dtype), skip(state, RESERVED * size)


def random_shuffle(state: jax.Array, shape: Sequence[int]) -> tuple[jax.Array, jax.Array]:
    """The order in which to take the rows (entries of the first dimension) of an array of this shape: int32 [rows]."""
    rows = shape[0]
    index = jnp.arange(rows, dtype=jnp.uint64)
    if math.prod(shape) <= 1 or rows == 1:
        return index.astype(jnp.int32), state
    words = _word(state, index).astype(jnp.uint32)
    target = index.astype(jnp.int32) + (words % (rows - index).astype(jnp.uint32)).astype(jnp.int32)
    return _after_swaps(target), skip(state, -(-(rows - 1) // 4))


def multinomial(state: jax.Array, logits: jax.Array, num_samples: int, dtype: np.dtype) -> tuple[jax.Array, jax.Array]:
    """`num_samples` class numbers for each row of `logits` [rows, classes], as int32 or int64 [rows, num_samples].

    TensorFlow gives each of its threads some rows and a place in the stream, so its numbers depend on the machine once
    there is work for two threads. These are the numbers of one thread.
    """
    rows, _ = logits.shape
    logits = jnp.asarray(logits)
    finite = jnp.isfinite(logits)
    logits = logits.astype(jnp.float64)
    largest = jnp.max(jnp.where(finite, logits, -jnp.inf), axis=1, keepdims=True)
    totals = jnp.cumsum(jnp.where(finite, jnp.exp(logits - largest), 0.0), axis=1)
    places = unit64(*_pair(state, jnp.arange(rows * num_samples, dtype=jnp.uint64))).reshape(rows, num_samples)
    samples = jax.vmap(lambda row, at: jnp.searchsorted(row, at, side="right"))(totals, places * totals[:, -1:])
    return samples.astype(dtype), skip(state, RESERVED * rows * 2 * (-(-num_samples // 4) * 4))


def _filled(
    state: jax.Array, shape: Sequence[int], dtype: np.dtype, draw: Callable[[jax.Array], jax.Array]
) -> tuple[jax.Array, jax.Array]:
    """`shape` filled with what `draw` makes of each value's place, and the generator for the next run."""
    size = math.prod(shape)
    values = stored(state, shape, dtype, lambda: draw(jnp.arange(size, dtype=jnp.uint64)).reshape(shape).astype(dtype))
    return values, skip(state, RESERVED * size)


def _counter(state: jax.Array, blocks: jax.Array | np.uint64) -> tuple[jax.Array, ...]:
    """Counter + blocks, as four words."""
    counter = state[:4].astype(jnp.uint64)
    low = _joined(counter[0], counter[1]) + blocks
    high = _joined(counter[2], counter[3]) + (low < blocks).astype(jnp.uint64)
    return low & _LOW, low >> _WORD, high & _LOW, high >> _WORD


def block_words(state: jax.Array, index: jax.Array) -> tuple[jax.Array, ...]:
    """The four words of each block that `index` (uint64) numbers."""
    a, b, c, d = _counter(state, index)
    key = state[4:].astype(jnp.uint64)
    for turn in range(10):
        first, second = ((word + np.uint64(turn * step)) & _LOW for word, step in zip(key, _KEY_STEPS))
        p, q = a * _MULTIPLIERS[0], c * _MULTIPLIERS[1]
        a, b, c, d = (q >> _WORD) ^ b ^ first, q & _LOW, (p >> _WORD) ^ d ^ second, p & _LOW
    return a, b, c, d


def _half_block(state: jax.Array, block: jax.Array, second: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Two words of each block: the last two where `second`, the first two elsewhere."""
    a, b, c, d = block_words(state, block)
    return jnp.where(second, c, a), jnp.where(second, d, b)


def _pair(state: jax.Array, index: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Words 2 index and 2 index + 1 of the stream."""
    return _half_block(state, index >> np.uint64(1), bit(index, 0))


def _word(state: jax.Array, index: jax.Array) -> jax.Array:
    """Word `index` of the stream."""
    first, last = _pair(state, index >> np.uint64(1))
    return jnp.where(bit(index, 0), last, first)


def bit(index: jax.Array, place: int) -> jax.Array:
    return (index & np.uint64(1 << place)) != 0


def _joined(low: jax.Array, high: jax.Array) -> jax.Array:
    return low | (high << _WORD)


def stored(state: jax.Array, shape: Sequence[int], dtype: np.dtype, make: Callable[[], jax.Array]) -> jax.Array:
    """The array of this shape and dtype that `make` returns, computed once and stored.

    On a CPU XLA fuses what is nothing but arithmetic into each of its readers, and does it again there, once for every
    element that is read. A branch that is always taken, though XLA cannot know, stops that; on a GPU it would make the
    host wait.
    """
    return lax.platform_dependent(
        state,
        cpu=lambda state: lax.cond((state[5] | np.uint32(1)) != 0, make, lambda: jnp.zeros(shape, dtype)),
        default=lambda state: make(),
    )


def unit64(first: jax.Array, second: jax.Array) -> jax.Array:
    """A float64 of [0, 1) with 52 bits, from two words."""
    return _float((((first & np.uint64(0xFFFFF)) << _WORD) | second) | _ONE) - 1.0


def _unit32(word: jax.Array) -> jax.Array:
    """A float64 of [0, 1) with 23 bits, from one word."""
    return _float(((word & np.uint64(0x7FFFFF)) << np.uint64(29)) | _ONE) - 1.0


def normal64(state: jax.Array, block: jax.Array, second: jax.Array) -> jax.Array:
    """The first or the `second` of the two float64 normal numbers that Box and Muller's transform makes of a block."""
    a, b, c, d = block_words(state, block)
    radius = jnp.sqrt(-2.0 * jnp.log(jnp.maximum(unit64(a, b), _SMALLEST)))
    angle = 2 * math.pi * unit64(c, d)
    return jnp.where(second, jnp.cos(angle), jnp.sin(angle)) * radius


def _normal32(state: jax.Array, block: jax.Array, later: jax.Array, second: jax.Array) -> jax.Array:
    """The first or the `second` of the two float32 normal numbers made of half a block, the `later` half or the other.

    Computed in float64 by polynomials good to 1e-9 and rounded to float32 where TensorFlow's kernel holds a float32.
    That makes the same bits nearly always, which XLA's own float32 `log` and `sin` do not, and takes half the time.
    """
    first, last = _half_block(state, block, later)
    logarithm = _log(jnp.maximum(_unit32(first), np.float64(np.float32(_SMALLEST))))
    radius = jnp.sqrt(np.float32(-2) * logarithm.astype(jnp.float32))
    angle = (2 * math.pi * _unit32(last)).astype(jnp.float32)
    return _sine(angle.astype(jnp.float64), second).astype(jnp.float32) * radius


def _log(value: jax.Array) -> jax.Array:
    """Logarithm of a normal positive float64: value = 2^e m, m near 1, log m = 2 atanh((m - 1) / (m + 1))."""
    bits = _bits(value)
    above = lax.bitcast_convert_type(bits - np.float64(math.sqrt(0.5)).view(np.uint64), jnp.int64)
    exponent = lax.shift_right_arithmetic(above, np.int64(52)).astype(jnp.uint64)
    m = _float(bits - (exponent << np.uint64(52)))
    scale = _float(exponent + np.float64(_MAGIC).view(np.uint64)) - _MAGIC
    ratio = (m - 1.0) * (1.0 / (m + 1.0))  # XLA stores a quotient that is read twice, and a product not
    return scale * math.log(2) + ratio * _polynomial(ratio * ratio, [2 / (2 * k + 1) for k in range(6)])


def _sine(angle: jax.Array, co: jax.Array) -> jax.Array:
    """Sine, or where `co` cosine, of float64 angles of a few turns, to 1e-10."""
    quarters = jnp.floor(angle * (2 / math.pi) + 0.5)
    rest = angle - quarters * (math.pi / 2)
    square = rest * rest
    sine = rest * _polynomial(square, [(-1) ** k / math.factorial(2 * k + 1) for k in range(6)])
    cosine = _polynomial(square, [(-1) ** k / math.factorial(2 * k) for k in range(6)])
    quadrant = _bits(quarters + _MAGIC) + co.astype(jnp.uint64)
    sign = (quadrant & np.uint64(2)) << np.uint64(62)
    return _float(_bits(jnp.where(bit(quadrant, 0), cosine, sine)) ^ sign)


def _polynomial(x: jax.Array, coefficients: Sequence[float]) -> jax.Array:
    """Sum of coefficients[k] x^k."""
    total = jnp.full_like(x, coefficients[-1])
    for coefficient in reversed(coefficients[:-1]):
        total = total * x + coefficient
    return total


def _bits(value: jax.Array) -> jax.Array:
    return lax.bitcast_convert_type(value, jnp.uint64)


def _float(bits: jax.Array) -> jax.Array:
    return lax.bitcast_convert_type(bits, jnp.float64)


def _after_swaps(target: jax.Array) -> jax.Array:
    """What arange(n) becomes when i and target[i] >= i swap places, for each i in turn.

    Swap i puts at i what stands at target[i]: what the last swap before it with that target left there, if there was
    one. That swap k left what stood at k just then, which the last swap with target k (other than k) had left there,
    and so on back to a place that no swap had touched. So: chains, each followed to its end by doubling.
    """
    n = target.shape[0]
    index = jnp.arange(n, dtype=jnp.int32)
    by_target = jnp.sort(_joined(index.astype(jnp.uint64), target.astype(jnp.uint64)))
    swap, place = (by_target & _LOW).astype(jnp.int32), (by_target >> _WORD).astype(jnp.int32)
    again = place[1:] == place[:-1]  # the next swap in this order has the same target
    none = jnp.full(n, -1, jnp.int32)
    before = none.at[swap[1:]].set(jnp.where(again, swap[:-1], -1), unique_indices=True)
    last = none.at[jnp.where(jnp.append(again, False), n, place)].set(swap, mode="drop")
    last = jnp.where(last == index, before, last)

    def double(carry):
        chain, _ = carry
        further = chain[chain]
        return further, jnp.any(further != chain)

    chain = jnp.where(last < 0, index, last)
    source, _ = lax.while_loop(lambda carry: carry[1], double, (chain, jnp.bool_(True)))
    return jnp.where(before < 0, target, source[before])
