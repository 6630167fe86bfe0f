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
    shape = case.get("shape")
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
