"""Sessions answer as TensorFlow 1.15.5 does: tests/oracle/session/answers.json holds what it said."""

import json
import math
import pathlib

import pytest

import defrun as tf
from tests.oracle.session import harness

ORACLE = pathlib.Path(harness.__file__).parent
ANSWERS = json.loads((ORACLE / "answers.json").read_text())
CASES = dict(harness.all_cases())

# Where we mean to differ: case -> (why, our own answer).
DIFFERENT = {}


@pytest.mark.parametrize("name", CASES)
def test_answers_as_tensorflow_does(name):
    got, message = harness.outcome(tf, CASES[name])
    got = json.loads(json.dumps(got))
    if name in DIFFERENT:
        assert got == DIFFERENT[name][1], DIFFERENT[name][0]
        return
    wanted = [{k: v for k, v in answer.items() if k != "times"} for answer in ANSWERS[name]]
    assert any(alike(got, w) for w in wanted), f"got {got}, wanted {wanted}; message: {message}"


def test_every_answer_has_its_case():
    assert set(ANSWERS) == set(CASES)


def alike(got, wanted):
    """Say whether two outcomes are the same, to float rounding."""
    if isinstance(wanted, dict):
        return isinstance(got, dict) and got.keys() == wanted.keys() and all(alike(got[k], wanted[k]) for k in wanted)
    if isinstance(wanted, list):
        return isinstance(got, list) and len(got) == len(wanted) and all(map(alike, got, wanted))
    if isinstance(wanted, float) and isinstance(got, float):
        return math.isclose(got, wanted, rel_tol=1e-4, abs_tol=1e-6)
    return got == wanted and type(got) is type(wanted)
