"""What is special about operations on text, beside the values that TensorFlow gave."""

import numpy as np
import pytest

import defrun as tf
from defrun.ops.strings.distance import levenshtein
from defrun.ops.strings.hashes import fingerprints


@pytest.fixture(autouse=True)
def _graph():
    with tf.Graph().as_default():
        yield


def run(fetches, feeds=None):
    with tf.Session() as sess:
        return sess.run(fetches, feeds)


def test_text_is_fed_as_str_or_bytes_and_comes_as_bytes():
    x = tf.placeholder(tf.string)
    for fed in (["é", b"b"], np.array(["é", "b"]), np.array(["é", b"b"], object)):
        assert run(tf.identity(x), {x: fed}).tolist() == ["é".encode(), b"b"]
    assert run(tf.identity(x), {x: "é"}) == "é".encode()


@pytest.mark.parametrize("fed", [None, 1.5, ["a", 1], [["a"], ["b", "c"]]])
def test_what_is_no_text_is_not_taken_for_it(fed):
    x = tf.placeholder(tf.string)
    with pytest.raises(tf.errors.InternalError, match="Unsupported object type"):
        run(tf.identity(x), {x: fed})


def test_variables_of_text():
    v = tf.get_variable("v", initializer=["a", "b"])
    w = tf.get_variable("w", initializer=tf.constant("x"), use_resource=True)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        assert sess.run(v.assign(["c", "d"])).tolist() == [b"c", b"d"]
        assert sess.run(tf.scatter_update(v, [0], ["z"])).tolist() == [b"z", b"d"]
        sess.run(w.assign("é"))
        assert sess.run([v[1], w]) == [b"d", "é".encode()]


def test_operations_of_the_device_move_text():
    x = tf.constant([["b", "a"], ["", "c"]])
    assert run(tf.matrix_diag_part(x)).tolist() == [b"b", b"c"]
    assert run(tf.reverse_sequence(x, [2, 1], 1)).tolist() == [[b"a", b"b"], [b"", b"c"]]
    assert sorted(run(tf.random_shuffle(tf.constant(["a", "b", "c"]), seed=1)).tolist()) == [b"a", b"b", b"c"]


def test_texts_that_meet_are_joined():
    assert run(tf.scatter_nd([[1], [1]], ["a", "b"], [3])).tolist() == [b"", b"ab", b""]
    assert run(tf.tensor_scatter_add(["x", "y"], [[0]], ["!"])).tolist() == [b"x!", b"y"]


def test_places_and_lengths_of_other_shapes_are_refused():
    pos = tf.placeholder(tf.int32)
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"same shape, not \[2\] and \[1\]"):
        run(tf.substr(["hello", "world"], pos, tf.placeholder_with_default([2], None)), {pos: [0, 1]})
    spread = tf.substr(["hello"], [[0, 1], [2, 3]], [[1, 2], [3, 4]])
    assert run(spread).tolist() == [[b"h", b"el"], [b"llo", b"lo"]]


def test_messages_name_the_text():
    with pytest.raises(tf.errors.InvalidArgumentError, match="'twelve' as a number of type int32") as caught:
        run(tf.string_to_number(["1", "twelve"], tf.int32, name="count"))
    assert caught.value.op.name == "count"
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"Invalid pattern '\(a': missing \)"):
        run(tf.regex_replace(["a"], "(a", ""))
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"base64.*'\?\?\?\?'"):
        run(tf.decode_base64("????"))
    with pytest.raises(tf.errors.InvalidArgumentError, match="pos 9 out of range for string 'abc' at index 1"):
        run(tf.substr(["abcdefghi", "abc"], 9, 1))


def test_sequences_outside_the_shape_are_refused():
    inside, outside = (tf.SparseTensor([[row, 0, 0]], ["a"], [2, 1, 1]) for row in (0, 5))
    with pytest.raises(tf.errors.InvalidArgumentError, match="outside the shape"):
        run(tf.edit_distance(outside, inside))


def test_padded_bytes_of_numbers():
    raw = tf.raw_ops.DecodePaddedRaw(input_bytes=["\1\0\2", "\3"], fixed_length=4, out_type=tf.int16)
    assert run(raw).tolist() == [[1, 2], [3, 0]]


def test_ragged_results_say_that_they_are_missing():
    with pytest.raises(NotImplementedError, match="RaggedTensor"):
        tf.string_split(["a b"], result_type="RaggedTensor")


def test_fingerprints_of_many_lengths_are_those_of_each_alone():
    texts = [bytes(range(256))[: n % 250] * (1 + n % 3) for n in range(0, 600, 7)]
    assert fingerprints(texts).tolist() == [int(fingerprints([text])[0]) for text in texts]


@pytest.mark.parametrize(("first", "second", "distance"), [
    ("", "", 0), ("abc", "", 3), ("", "ab", 2), ("kitten", "sitting", 3), ("flaw", "lawn", 2), ("ab", "ba", 2),
])  # fmt: skip
def test_distances_between_words(first, second, distance):
    assert levenshtein(list(first), list(second)) == distance
