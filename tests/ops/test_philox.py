"""Random kernels against what TensorFlow 1.15.5 answered, in the first run and the next ones."""

import json
from pathlib import Path

import jax
import jax.numpy as jnp
import ml_dtypes
import numpy as np
import pytest

from defrun.ops import philox, rejection
from tests.oracle.random.logits import LOGITS

ANSWERS = np.load(Path(__file__).parents[1] / "oracle" / "random" / "values.npz")
CASES = json.loads(str(ANSWERS["cases"]))


def dtype_of(name):
    return np.dtype(getattr(ml_dtypes, name) if name == "bfloat16" else name)


def draw(case, state):
    """Run the kernel that `case` asks for."""
    kind, dtype = case["op"].removeprefix("Stateless"), dtype_of(case["dtype"])
    shape = tuple(case.get("shape", ()))
    if kind == "Multinomial":
        logits = jnp.asarray(np.array(LOGITS[case["logits"]], dtype))
        return philox.multinomial(state, logits, case["count"], np.dtype(case["kind"]))
    if kind == "RandomShuffle":
        value = jnp.arange(np.prod(shape), dtype=jnp.int32).reshape(shape)
        if not shape:
            return value, state
        order, state = philox.random_shuffle(state, shape)
        return value[order], state
    if kind == "RandomUniformInt":
        low, high = (jnp.asarray(case[bound], dtype) for bound in ("minval", "maxval"))
        return philox.random_uniform_int(state, shape, low, high)
    if kind == "RandomGamma":
        return rejection.random_gamma(state, shape, jnp.asarray(case["parameter"], dtype))
    if kind == "RandomPoissonV2":
        return rejection.random_poisson(state, shape, jnp.asarray(case["parameter"], dtype), np.dtype(case["kind"]))
    kernel = {
        "RandomUniform": philox.random_uniform,
        "RandomStandardNormal": philox.random_standard_normal,
        "RandomNormal": philox.random_standard_normal,
        "TruncatedNormal": philox.truncated_normal,
    }[kind]
    return kernel(state, shape, dtype)


def same(values, wanted, case):
    values = np.asarray(values)
    assert values.dtype == dtype_of(case.get("kind", case["dtype"]))
    if values.dtype.kind == "f" or values.dtype.name == "bfloat16":
        step = float(ml_dtypes.finfo(values.dtype).eps)
        step *= 64 if case["op"] == "RandomGamma" and values.dtype == np.float64 else 1
        np.testing.assert_allclose(
            values.ravel()[:: case.get("every", 1)].astype(np.float64), wanted.astype(np.float64), 2 * step, step / 4
        )
    else:
        np.testing.assert_array_equal(values.ravel()[:: case.get("every", 1)], wanted)


DRAWN = [at for at, case in enumerate(CASES) if "seeds" in case]


@pytest.mark.parametrize("at", DRAWN, ids=lambda at: f"{at}-{CASES[at]['op']}")
def test_kernel(at):
    case = CASES[at]
    with jax.enable_x64(True):
        if case["op"].startswith("Stateless"):
            state = philox.stateless_state(jnp.asarray(case["seeds"], case.get("seed_kind", "int64")))
        else:
            state = philox.initial_state(*case["seeds"])
        kernel = jax.jit(lambda state: draw(case, state))
        run = 0
        while f"{at}/{run}" in ANSWERS:
            values, state = kernel(state)
            same(values, ANSWERS[f"{at}/{run}"], case)
            run += 1
        assert run


def in_integers(counter, key):
    """The four words of one block, in Python's own integers."""
    words = [counter >> 32 * i & 0xFFFFFFFF for i in range(4)]
    keys = [key & 0xFFFFFFFF, key >> 32]
    for _ in range(10):
        p, q = words[0] * 0xD2511F53, words[2] * 0xCD9E8D57
        words = [(q >> 32) ^ words[1] ^ keys[0], q & 0xFFFFFFFF, (p >> 32) ^ words[3] ^ keys[1], p & 0xFFFFFFFF]
        keys = [(k + step) & 0xFFFFFFFF for k, step in zip(keys, (0x9E3779B9, 0xBB67AE85))]
    return words


@pytest.mark.parametrize("counter", [0, 2**32 - 1, 2**64 - 2, 2**96 - 2, 2**128 - 2])
def test_counter_carries_through_all_of_its_words(counter):
    key = 0x0123456789ABCDEF
    words = [counter >> 32 * i & 0xFFFFFFFF for i in range(4)]
    with jax.enable_x64(True):
        state = jnp.array([*words, key & 0xFFFFFFFF, key >> 32], jnp.uint32)
        blocks = np.stack(philox.block_words(state, jnp.arange(4, dtype=jnp.uint64)), -1)
        later = np.asarray(philox.skip(state, 2**32 + 3))
    assert blocks.tolist() == [in_integers((counter + i) % 2**128, key) for i in range(4)]
    moved = (counter + 2**32 + 3) % 2**128
    assert later.tolist() == [moved >> 32 * i & 0xFFFFFFFF for i in range(4)] + [key & 0xFFFFFFFF, key >> 32]


@pytest.mark.parametrize("kernel", [philox.random_uniform, philox.random_standard_normal, philox.truncated_normal])
def test_one_shape_is_traced_once_however_many_ops_draw_it(kernel):
    with jax.enable_x64(True):
        states = [philox.initial_state(1, number) for number in range(3)]
        program = jax.jit(lambda states: [kernel(state, (2, 3), np.dtype(np.float32)) for state in states])
        text = program.lower(states).as_text()
    assert text.count(f"func.func private @{kernel.__name__}(") == 1
    assert text.count(f"call @{kernel.__name__}(") == 3
