"""Summaries are byte for byte what TensorFlow 1.15.5 answered (pictures: pixel for pixel)."""

import json
from pathlib import Path

import pytest

import defrun as tf
from tests.oracle.summary import questions

ANSWERS = json.loads((Path(questions.__file__).parent / "answers.json").read_text())


@pytest.mark.parametrize("question", questions.QUESTIONS, ids=lambda question: question.__name__)
def test_summary(question):
    with tf.Graph().as_default():
        ours = json.loads(json.dumps(question(tf)))
    theirs = ANSWERS[question.__name__]
    for case in theirs if isinstance(theirs, dict) else range(len(theirs)):
        assert ours[case] == theirs[case], case
    assert len(ours) == len(theirs)
