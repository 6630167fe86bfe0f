"""Sessions answer as TensorFlow 1.15.5 does: tests/oracle/session/answers.json holds what it said."""

import json
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
    if name in DIFFERENT:
        assert got == DIFFERENT[name][1], DIFFERENT[name][0]
        return
    wanted = [{k: v for k, v in answer.items() if k != "times"} for answer in ANSWERS[name]]
    assert _rounded(got) in [_rounded(w) for w in wanted], f"{name}: got {got}, wanted {wanted}; message: {message}"


def test_every_answer_has_its_case():
    assert set(ANSWERS) == set(CASES)


def _rounded(outcome):
    return json.loads(json.dumps(outcome), parse_float=lambda text: float(f"{float(text):.5g}"))
