"""Recurrent networks give what TensorFlow 1.15.5 gives: results, gradients, seeds, refusals."""

import pathlib

import numpy as np
import pytest

import defrun as tf
from tests.oracle.recurrent import harness

CASES = harness.cases()
ANSWERS = {}
for key, value in np.load(pathlib.Path(harness.__file__).parent / "answers.npz").items():
    case, _, what = key.partition("|")
    ANSWERS.setdefault(case, {})[what] = value


@pytest.mark.parametrize("name", CASES)
def test_is_as_tensorflow_has_it(name):
    wanted = ANSWERS[name]
    found = harness.answer(tf, CASES[name])
    if "error" in wanted:
        assert str(found.get("error")) == str(wanted["error"]), found.get("message")
        return
    assert "error" not in found, (found["error"], str(found["message"]))
    assert found["variables"].tolist() == wanted["variables"].tolist()
    for what in (key for key in wanted if key.startswith("start ")):
        np.testing.assert_allclose(found[what], wanted[what], rtol=1e-4, atol=1e-5, err_msg=what)
    for what in (key for key in wanted if key.startswith("result ")):
        assert found[what].dtype == wanted[what].dtype
        np.testing.assert_allclose(found[what], wanted[what], rtol=2e-4, atol=2e-5, err_msg=what)


def test_every_answer_has_its_case():
    assert set(ANSWERS) == set(CASES)
