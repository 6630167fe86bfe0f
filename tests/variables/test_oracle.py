"""Variables are and do what TensorFlow 1.15.5's are and do: tests/oracle/variables holds what it said."""

import json
import pathlib

import pytest

import defrun as tf
from tests.oracle.session import harness
from tests.oracle.variables import cases

ANSWERS = json.loads((pathlib.Path(cases.__file__).parent / "answers.json").read_text())
CASES = cases.all_cases()


def _error(kind, at):
    return {"error": kind, "at": at}


# Where we mean to differ: case -> why, our own answer.
DIFFERENT = {
    "state.scatter_wrong_shape_at_run[resource]": (
        "TensorFlow reads past the end of the updates",
        _error("InvalidArgumentError", "run"),
    ),
    "state.scatter_nd_too_deep[ref]": ("what is known to fail is refused at once", _error("ValueError", "definition")),
    "state.scatter_nd_too_deep[resource]": (
        "what is known to fail is refused at once",
        _error("ValueError", "definition"),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_answers_as_tensorflow_does(name):
    got, message = harness.outcome(tf, CASES[name])
    if name in DIFFERENT:
        assert got == DIFFERENT[name][1], DIFFERENT[name][0]
        return
    assert _rounded(got) == _rounded(ANSWERS[name]), message


def test_every_answer_has_its_case():
    assert set(ANSWERS) == set(CASES)


def _rounded(outcome):
    return json.loads(json.dumps(outcome), parse_float=lambda text: float(f"{float(text):.5g}"))
