"""Looking into checkpoints, and variables that start from them, as TensorFlow 1.15.5 answered."""

import json
from pathlib import Path

import numpy as np
import pytest

import defrun as tf
from defrun.base import errors
from tests.oracle.checkpoints import ask, starting

ANSWERS = json.loads((Path(starting.__file__).parent / "starting.json").read_text())
FILES = Path(ask.FOLDER)


@pytest.mark.parametrize("question", starting.QUESTIONS, ids=lambda question: question.__name__)
def test_variables_that_start_from_a_checkpoint(question):
    assert json.loads(json.dumps(starting.answer(tf, question))) == ANSWERS[question.__name__]


@pytest.mark.parametrize("kind", ["v2", "v1", "sharded"])
def test_reader(kind):
    reader = tf.train.NewCheckpointReader(FILES / kind)
    assert reader.has_tensor("w")
    assert not reader.has_tensor("nope")
    assert reader.get_variable_to_shape_map()["parts"] == [140, 2]
    assert reader.get_variable_to_dtype_map()["half"] == tf.float16
    assert reader.get_tensor("w").tolist() == [[0, 1, 2], [3, 4, 5]]
    assert reader.get_tensor(b"text").tolist() == [b"ab", b"", b"cde"]
    assert isinstance(reader.get_tensor("scalar"), np.float64)
    assert reader.get_tensor("parts").flags.writeable
    assert b"w (DT_FLOAT) [2,3]\n" in reader.debug_string()
    with pytest.raises(errors.NotFoundError, match="nope"):
        reader.get_tensor("nope")
    with pytest.raises(TypeError):
        reader.get_tensor(3)


def test_what_is_in_a_checkpoint():
    names = ["complex", "empty", "flags", "half", "parts", "resource", "scalar", "text", "w"]
    assert [name for name, _ in tf.train.list_variables(str(FILES / "v2"))] == names
    assert tf.train.load_variable(FILES / "v2", "w:0").shape == (2, 3)
    assert dict(tf.contrib.framework.list_variables(str(FILES / "v1")))["text"] == [3]


def test_no_checkpoint(tmp_path):
    with pytest.raises(ValueError, match="given directory"):
        tf.train.load_checkpoint(tmp_path)
    with pytest.raises(errors.NotFoundError, match="nothing"):
        tf.train.load_checkpoint(tmp_path / "nothing")


def test_checkpoints_as_they_come(tmp_path):
    with tf.Graph().as_default(), tf.Session() as session:
        session.run(tf.Variable(1.0).initializer)
        saver, asked = tf.train.Saver(), []

        def more():
            asked.append(True)
            if len(asked) < 3:
                saver.save(session, tmp_path / "m", global_step=len(asked))
            return len(asked) == 3

        found = list(tf.train.checkpoints_iterator(tmp_path, timeout=0, timeout_fn=more))
    assert found == [str(tmp_path / "m-1"), str(tmp_path / "m-2")]
    assert list(tf.train.checkpoints_iterator(tmp_path / "none", timeout=0)) == []
