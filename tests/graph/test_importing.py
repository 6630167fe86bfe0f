"""What comes of importing a graph is what TensorFlow 1.15.5 made of it; tests/oracle/importing holds its answers."""

import json
import pathlib

import pytest

import defrun as tf
from tests.oracle.importing import cases

CASES = cases.all_cases()
ANSWERS = json.loads((pathlib.Path(cases.__file__).parent / "answers.json").read_text())

# What differs on purpose, and why. A case that agrees must leave the list.
WANTED = {
    "constant_too_few_bytes": "a constant that is none is refused at once, not when it is first run",
}


def test_every_answer_has_its_case():
    assert set(ANSWERS) == set(CASES)
    assert set(WANTED) <= set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_import_is_tensorflows(name):
    found, words = cases.outcome(tf, CASES[name])
    found = json.loads(json.dumps(found))
    if name in WANTED:
        assert found != ANSWERS[name], f"{name} agrees with TensorFlow: take it off WANTED"
        return
    assert found == ANSWERS[name], words
