"""tf.contrib answers as TensorFlow 1.15.5 does; tests/oracle/contrib holds what it said."""

import json
import pathlib

import pytest

import defrun as tf
from tests.oracle.contrib import questions

ANSWERS = json.loads((pathlib.Path(questions.__file__).parent / "answers.json").read_text())


@pytest.mark.parametrize("name", sorted(set(ANSWERS) - {"pickle_of_tensorflow"}))
def test_contrib_answers_as_tensorflow(name):
    assert json.loads(json.dumps(getattr(questions, name)(tf))) == ANSWERS[name]


def test_a_processor_that_tensorflow_saved_is_read(tmp_path):
    path = tmp_path / "vocabulary"
    path.write_bytes(ANSWERS["pickle_of_tensorflow"].encode("latin1"))
    processor = tf.contrib.learn.preprocessing.VocabularyProcessor.restore(str(path))
    assert [row.tolist() for row in processor.transform(["z y q"])] == [[3, 2, 0]]


def test_one_class_under_all_its_names():
    learn = tf.contrib.learn
    assert learn.python.learn.preprocessing.text.VocabularyProcessor is learn.preprocessing.VocabularyProcessor


def test_messages_of_hyperparameters_are_refused():
    with pytest.raises(NotImplementedError, match="HParamDef"):
        tf.contrib.training.HParams(a=1).to_proto()
