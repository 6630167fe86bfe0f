"""Metrics come to what TensorFlow's do: tests/oracle/metrics/answers.json holds what it said."""

import json
import pathlib

import pytest

import defrun as tf
from tests.oracle.metrics import questions
from tests.oracle.session import harness

ANSWERS = json.loads((pathlib.Path(questions.__file__).parent / "answers.json").read_text())


@pytest.mark.parametrize("name", questions.CASES)
def test_comes_to_what_tensorflow_says(name):
    got, message = harness.outcome(tf, questions.CASES[name])
    wanted = ANSWERS[name]
    same = harness.alike(json.loads(json.dumps(got)), wanted)
    assert same, f"got {got}, wanted {wanted}; message: {message}"


def test_every_answer_has_its_case():
    assert set(ANSWERS) == set(questions.CASES)
