"""Brackets mean what they mean in NumPy, forwards, backwards and in assignments; what is fixed and what may move."""

import jax
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import defrun as tf
from defrun.graph.infer import static_flags
from defrun.graph.opdef import lookup
from defrun.graph.static import constant_value

SHAPES = hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=5)
MANY = settings(max_examples=150, deadline=None)
FEW = settings(max_examples=30, deadline=None)  # XLA compiles each of them


@st.composite
def arrays_and_keys(draw):
    shape = draw(SHAPES)
    key = draw(hnp.basic_indices(shape, allow_newaxis=True, allow_ellipsis=True, max_dims=6))
    return np.arange(np.prod(shape), dtype=np.int32).reshape(shape), key


def node_of(shape, key, dtype=tf.int32):
    with tf.Graph().as_default():
        return tf.placeholder(dtype, shape)[key].op


def bounds_of(op):
    return [constant_value(t) for t in op.inputs[1:4]]


def run_body(op_type, op, *values):
    """Apply the body of `op_type` to arrays, with the masks of the slice `op`."""
    definition = lookup(op_type)
    with jax.enable_x64(True):
        return np.asarray(definition.body(*values, **{name: op.attrs[name] for name in definition.body_attrs}))


@MANY
@given(arrays_and_keys())
def test_a_slice_is_numpys(case):
    x, key = case
    op = node_of(x.shape, key)
    assert op.outputs[0].shape.as_list() == list(x[key].shape)
    np.testing.assert_array_equal(run_body("StridedSlice", op, x, *bounds_of(op)), x[key])


@FEW
@given(arrays_and_keys())
def test_a_slice_is_numpys_on_the_device(case):
    x, key = case
    op = node_of(x.shape, key)
    np.testing.assert_array_equal(run_body("StridedSlice", op, jax.numpy.asarray(x), *bounds_of(op)), x[key])


@MANY
@given(arrays_and_keys(), st.data())
def test_unknown_sizes_give_a_shape_that_fits(case, data):
    x, key = case
    dims = [d if data.draw(st.booleans()) else None for d in x.shape]
    found = node_of(dims, key).outputs[0].shape
    assert found.is_compatible_with(x[key].shape)
    assert found.ndims == x[key].ndim


@FEW
@given(arrays_and_keys())
def test_the_gradient_puts_back_where_it_was_taken(case):
    x, key = case
    op = node_of(x.shape, key)
    part = np.arange(1, x[key].size + 1, dtype=np.float32).reshape(x[key].shape)
    wanted = np.zeros(x.shape, np.float32)
    wanted[key] = part
    shape = np.array(x.shape, np.int32)
    found = run_body("StridedSliceGrad", op, shape, *bounds_of(op), jax.numpy.asarray(part))
    np.testing.assert_array_equal(found, wanted)


@FEW
@given(arrays_and_keys())
def test_assignment_replaces_that_part(case):
    x, key = case
    op = node_of(x.shape, key)
    part = -1 - np.arange(x[key].size, dtype=np.int32).reshape(x[key].shape)
    wanted = x.copy()
    wanted[key] = part
    for as_array in (np.asarray, jax.numpy.asarray):
        found = run_body("StridedSliceAssign", op, as_array(x), *bounds_of(op), as_array(part))
        np.testing.assert_array_equal(found, wanted)


def test_only_what_a_single_index_leaves_open_may_move():
    with tf.Graph().as_default():
        x, i = tf.placeholder(tf.float32, [4, 5]), tf.placeholder(tf.int32, [])
        for free in (x[i], x[i, 1:3], x[:, i], x[1:, i], x[i, i], x[..., i], x[i, tf.newaxis, ::2]):
            assert static_flags(free.op) == [False, False, False, True]
        for fixed in (x[i:], x[:i], x[i : i + 2], x[::i]):
            assert any(static_flags(fixed.op)[1:3]) or static_flags(fixed.op)[3]


def test_one_program_serves_every_index():
    x = np.arange(20.0, dtype=np.float32).reshape(4, 5)
    with tf.Graph().as_default(), tf.Session() as sess:
        p, i = tf.placeholder(tf.float32, [4, 5]), tf.placeholder(tf.int32, [])
        fetches = [p[i], p[i, 1:3], p[::2, i], tf.gradients(p[i, ::-2], p)[0], tf.slice(p, [i, 0], [1, 2])]
        for at in (0, 2, 3):
            row, part, column, gradient, block = sess.run(fetches, {p: x, i: at})
            np.testing.assert_array_equal(row, x[at])
            np.testing.assert_array_equal(part, x[at, 1:3])
            np.testing.assert_array_equal(column, x[::2, at])
            np.testing.assert_array_equal(gradient, np.eye(4)[at][:, None] * [1, 0, 1, 0, 1])
            np.testing.assert_array_equal(block, x[at : at + 1, :2])
        (stage,) = sess.explain(fetches, {p: x, i: 0}).stages
        assert len(stage.compilations) == 1
        np.testing.assert_array_equal(sess.run(p[i], {p: x, i: -1}), x[-1])


@pytest.mark.parametrize("resource", [False, True])
def test_assigning_to_a_slice_of_a_variable(resource):
    wanted = np.zeros([3, 4], np.float32)
    with tf.Graph().as_default(), tf.Session() as sess:
        v = tf.Variable(tf.zeros([3, 4]), use_resource=resource)
        i = tf.placeholder(tf.int32, [])
        sess.run(v.initializer)
        for key, part in ((np.s_[1:, ::2], np.ones([2, 2])), (np.s_[..., 0], np.arange(3.0)), (np.s_[0, -1], 7.0)):
            wanted[key] = part
            np.testing.assert_array_equal(sess.run(v[key].assign(part)), wanted)
        wanted[2, 1:3] = [8, 9]
        sess.run(v[i, 1:3].assign([8.0, 9.0]), {i: 2})
        np.testing.assert_array_equal(sess.run(v), wanted)
        with pytest.raises(tf.errors.UnimplementedError, match="does not match r-value shape"):
            sess.run(v[0].assign(5.0))
        with pytest.raises(tf.errors.InvalidArgumentError, match="slice index 3 of dimension 0 out of bounds"):
            sess.run(v[i].assign(tf.zeros([4])), {i: 3})
        np.testing.assert_array_equal(sess.run(v), wanted)
        with pytest.raises(ValueError, match="only supported for variables"):
            tf.zeros([3])[0].assign(1.0)


@pytest.mark.parametrize(
    ("key", "error", "text"),
    [
        (3, ValueError, "slice index 3 of dimension 0 out of bounds"),
        (-4, ValueError, "out of bounds"),
        (np.s_[0, 0, 0], ValueError, "input has only 2 dims"),
        (np.s_[..., ...], ValueError, "Multiple ellipses"),
        (np.s_[::0], ValueError, "must be non-zero"),
        (1.5, TypeError, "valid indices"),
        ("a", TypeError, "valid indices"),
        ([[0], [1]], TypeError, "valid indices"),
        (True, ValueError, "mask cannot be scalar"),
    ],
)
def test_what_no_slice_is(key, error, text):
    with tf.Graph().as_default(), pytest.raises(error, match=text):
        tf.zeros([3, 4])[key]


def test_an_index_out_of_range_names_the_line():
    with tf.Graph().as_default(), tf.Session() as sess:
        x = tf.placeholder(tf.float32)
        first = x[5]
        with pytest.raises(tf.errors.InvalidArgumentError, match="slice index 5 of dimension 0") as caught:
            sess.run(first, {x: [1.0, 2.0]})
        assert caught.value.op is first.op
        with pytest.raises(tf.errors.InvalidArgumentError, match="input has only 1 dims"):
            sess.run(x[0, 0], {x: [1.0, 2.0]})
        for begin, size in (([0], [3]), ([-1], [1]), ([1], [2])):
            with pytest.raises(tf.errors.InvalidArgumentError, match="Expected"):
                sess.run(tf.slice(x, begin, size), {x: [1.0, 2.0]})


def test_strings_are_sliced_on_the_host():
    with tf.Graph().as_default(), tf.Session() as sess:
        words = tf.constant([["a", "b", "c"], ["d", "e", "f"]])
        assert sess.run(words[1, ::-2]).tolist() == [b"f", b"d"]
        assert sess.run(words[0, 0]) == b"a"
