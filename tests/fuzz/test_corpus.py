"""What fuzzing found worth keeping is run again: without atheris, each input once."""

import time

import numpy as np
import pytest

from tests.fuzz import corpus
from tests.fuzz.targets import TARGETS


def test_every_target_has_a_corpus():
    assert {path.stem for path in corpus.FOLDER.glob("*.zip")} == TARGETS.keys()


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_inputs_that_fuzzing_found(name):
    for data in corpus.inputs(name):
        TARGETS[name](data)


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_damaged_inputs(name):
    """The longest input, cut and with bits flipped, for as long as it takes not to slow the tests."""
    rng, end = np.random.RandomState(0), time.monotonic() + 0.5
    whole = max(corpus.inputs(name), key=len)
    while time.monotonic() < end:
        damaged = bytearray(whole[: rng.randint(len(whole)) if rng.rand() < 0.2 else None])
        for _ in range(rng.randint(4) if damaged else 0):
            damaged[rng.randint(len(damaged))] = rng.randint(256)
        TARGETS[name](bytes(damaged))
