"""Queues, readers and CSV, as TensorFlow 1.15.5 answered."""

import json
from pathlib import Path

import pytest

import defrun as tf
from tests.oracle.queues import questions

ANSWERS = json.loads((Path(questions.__file__).parent / "answers.json").read_text())


@pytest.mark.parametrize("question", questions.QUESTIONS, ids=lambda question: question.__name__)
def test_question(question, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ours = json.loads(json.dumps(question(tf)))
    theirs = ANSWERS[question.__name__]
    keys = theirs if isinstance(theirs, dict) else range(len(theirs))
    different = {key: (theirs[key], ours[key]) for key in keys if ours[key] != theirs[key]}
    assert not different, different
    assert len(ours) == len(theirs)
