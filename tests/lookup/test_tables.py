"""Lookup tables, as TensorFlow 1.15.5 answered."""

import json
from pathlib import Path

import pytest

import defrun as tf
from tests.oracle.lookup import questions

ANSWERS = json.loads((Path(questions.__file__).parent / "answers.json").read_text())


@pytest.mark.parametrize("question", questions.QUESTIONS, ids=lambda question: question.__name__)
def test_question(question, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ours = json.loads(json.dumps(question(tf)))
    theirs = ANSWERS[question.__name__]
    different = {key: (theirs[key], ours.get(key)) for key in theirs if ours.get(key) != theirs[key]}
    assert not different, different
    assert ours.keys() == theirs.keys()


def test_a_dense_table_exports_no_empty_buckets():
    table = tf.contrib.lookup.MutableDenseHashTable(tf.int64, tf.int64, -1, empty_key=0, deleted_key=-1)
    put = table.insert(tf.constant([3, 4], tf.int64), tf.constant([30, 40], tf.int64))
    with tf.Session() as sess:
        sess.run(put)
        keys, values = sess.run(table.export())
    assert keys.tolist() == [[3], [4]]
    assert values.tolist() == [[30], [40]]


def test_a_line_that_is_no_number_is_named(tmp_path):
    file = tmp_path / "words.txt"
    file.write_text("a\t1\nb\tx\n")
    filling = tf.lookup.TextFileInitializer(str(file), tf.string, 0, tf.int64, 1)
    tf.contrib.lookup.HashTable(filling, -1)
    wanted = "'x' in line 1 is not a valid int64"
    with tf.Session() as sess, pytest.raises(tf.errors.InvalidArgumentError, match=wanted):
        sess.run(tf.tables_initializer())


@pytest.fixture(autouse=True)
def _graph():
    with tf.Graph().as_default():
        yield
