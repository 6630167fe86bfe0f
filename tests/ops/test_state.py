"""The nodes of variables: what is known of their shapes, where they are placed, what else they do."""

import numpy as np
import pytest

import defrun as tf
from defrun.graph.check import collect_checks
from defrun.graph.graph import get_default_graph
from defrun.graph.opdef import lookup
from defrun.ops import scatter_variable as scatter
from defrun.ops import state
from defrun.ops.linalg.decompositions import qr


@pytest.fixture(autouse=True)
def fresh_graph():
    with tf.Graph().as_default():
        yield


@pytest.fixture
def handle():
    return state.var_handle_op(tf.float32, [3, 2], shared_name="h", name="h")


def initialized(handle, value, sess):
    sess.run(state.assign_variable_op(handle, np.asarray(value, np.float32)))


def test_a_handle_is_a_scalar_that_knows_its_variables_shape(handle):
    assert handle.shape == [] and handle.dtype == tf.resource
    assert state.read_variable_op(handle, tf.float32).shape == [3, 2]
    assert scatter.resource_gather(handle, [[1, 2]], tf.float32).shape == [1, 2, 2]
    assert scatter.resource_gather_nd(handle, [[1, 1]], tf.float32).shape == [1]
    assert state.variable_shape_op(handle).shape == [2]
    assert state.read_variable_op(tf.identity(handle), tf.float32).shape == [3, 2]


def test_a_handle_of_unknown_shape():
    handle = state.var_handle_op(tf.float32, None)
    assert state.read_variable_op(handle, tf.float32).shape.ndims is None
    assert scatter.resource_gather(handle, [1], tf.float32).shape.ndims is None
    with tf.Session() as sess:
        initialized(handle, [[1, 2], [3, 4], [5, 6]], sess)
        np.testing.assert_array_equal(sess.run(state.variable_shape_op(handle, tf.int64)), [3, 2])
        reshaped = tf.reshape(tf.range(6), state.variable_shape(handle))
        np.testing.assert_array_equal(sess.run(reshaped), [[0, 1], [2, 3], [4, 5]])


def test_shapes_that_clash_are_refused_when_defined(handle):
    with pytest.raises(ValueError, match="doesn't fit"):
        state.assign_add_variable_op(handle, tf.ones([2]))
    with pytest.raises(ValueError, match="AssignAdd"):
        tf.assign_add(tf.Variable([1.0, 2.0]), [1.0])


def test_updates_of_references_are_placed_with_them():
    with tf.device("/cpu:1"):
        w = tf.Variable([1.0], name="w")
    update = tf.scatter_add(w, [0], [1.0])
    assert update.op.colocation_groups() == [b"loc:@w"] and update.device == "/device:CPU:1"


def test_the_value_read_counts_as_differentiable_and_the_update_does_not():
    assert lookup("ReadVariableOp").gradient_rule is not None
    assert not lookup("AssignVariableOp").differentiable
    assert not lookup("VariableV2").differentiable


@pytest.mark.parametrize("name", ["ReadVariableOp", "ResourceGather", "IsVariableInitialized", "VarHandleOp"])
def test_state_is_never_folded_away(name):
    assert not lookup(name).folds


def test_destroyed_resources_are_gone(handle):
    with tf.Session() as sess:
        initialized(handle, np.ones([3, 2]), sess)
        sess.run(state.destroy_resource_op(handle))
        assert not sess.run(state.var_is_initialized_op(handle))
        sess.run(state.destroy_resource_op(handle))
        with pytest.raises(tf.errors.NotFoundError, match="never initialized"):
            sess.run(state.destroy_resource_op(handle, ignore_lookup_error=False))


def test_handles_of_one_name_share_the_value(handle):
    other = state.var_handle_op(tf.float32, [3, 2], shared_name="h")
    elsewhere = state.var_handle_op(tf.float32, [3, 2], shared_name="h", container="c")
    with tf.Session() as sess:
        initialized(handle, np.full([3, 2], 5), sess)
        np.testing.assert_array_equal(sess.run(state.read_variable_op(other, tf.float32)), np.full([3, 2], 5))
        assert not sess.run(state.var_is_initialized_op(elsewhere))


def test_sessions_have_variables_of_their_own():
    w = tf.Variable(1.0)
    with tf.Session() as one, tf.Session() as two:
        one.run(w.initializer)
        one.run(w.assign(2.0))
        with pytest.raises(tf.errors.FailedPreconditionError):
            two.run(w)
        two.run(w.initializer)
        assert one.run(w) == 2.0 and two.run(w) == 1.0


def test_uninitialized_variables_are_named_with_the_users_line():
    w = tf.Variable(1.0, name="weights")  # this line
    with tf.Session() as sess, pytest.raises(tf.errors.FailedPreconditionError) as raised:
        sess.run(w + 1.0)
    assert "weights" in str(raised.value) and "# this line" in str(raised.value)
    assert "test_state.py" in str(raised.value) and "jax" not in str(raised.value)


def test_the_oldest_variables_take_no_shape_for_an_unknown_one():
    old = state.variable_v1([], tf.float32)
    assert old.shape.ndims is None
    with tf.Session() as sess:
        np.testing.assert_array_equal(sess.run(tf.assign(old, [1.0, 2.0], validate_shape=False)), [1.0, 2.0])


def test_a_wrong_shape_is_refused_before_there_is_a_value():
    w = tf.Variable([1.0, 2.0])
    write = tf.assign(w, tf.placeholder_with_default(np.zeros([3], np.float32), None))
    wrong = pytest.raises(tf.errors.InvalidArgumentError, match=r"lhs shape= \[2\] rhs shape= \[3\]")
    with tf.Session() as sess, wrong:
        sess.run(write)


def test_what_is_fed_for_a_variable_is_not_stored():
    w = tf.Variable([1.0, 2.0])
    update, up = tf.assign_add(w, [1.0, 1.0]), tf.Variable(3)
    count = up.count_up_to(10)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        np.testing.assert_array_equal(sess.run(update, {w: [5.0, 6.0]}), [6.0, 7.0])
        np.testing.assert_array_equal(sess.run(w), [1.0, 2.0])
        assert sess.run([count, up], {up: 7}) == [7, 7]
        assert sess.run(up) == 3


def test_one_failing_scatter_undoes_the_other():
    a, b = tf.Variable([1.0, 2.0]), tf.Variable([1.0, 2.0], use_resource=True)
    row = tf.placeholder(tf.int32, [1])
    both = tf.group(tf.scatter_add(a, [0], [1.0]), tf.scatter_add(b, row, [1.0]))
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"indices\[0\] = 2 is not in \[0, 2\)"):
            sess.run(both, {row: [2]})
        np.testing.assert_array_equal(sess.run([a, b]), [[1.0, 2.0], [1.0, 2.0]])
        sess.run(both, {row: [1]})
        np.testing.assert_array_equal(sess.run([a, b]), [[2.0, 2.0], [1.0, 3.0]])


def test_one_bad_index_fails_however_many_are_good():
    w = tf.Variable(np.zeros([4, 2], np.float32))
    rows = np.zeros([5, 7], np.int64)
    rows[3, 4] = -2
    with tf.Session() as sess:
        sess.run(w.initializer)
        with pytest.raises(tf.errors.InvalidArgumentError, match=r"indices\[3,4\] = -2"):
            sess.run(tf.scatter_add(w, rows, np.ones([5, 7, 2], np.float32)))


def test_counters_stop_at_their_limit_and_stay_there():
    n = tf.Variable(0, use_resource=True)
    up = n.count_up_to(2)
    with tf.Session() as sess:
        sess.run(n.initializer)
        assert [sess.run(up), sess.run(up)] == [0, 1]
        for _ in range(2):
            with pytest.raises(tf.errors.OutOfRangeError, match="limit of 2"):
                sess.run(up)
        assert sess.run(n) == 2


@pytest.mark.parametrize("known", [True, False])
def test_the_gradient_of_rows_read_is_made_of_slices(known):
    w = tf.Variable(np.ones([3, 2], np.float32), use_resource=True, shape=None if known else tf.TensorShape(None))
    grad = tf.gradients(w.sparse_read([[2, 0], [2, 2]]) * 3.0, w)[0]
    assert isinstance(grad, tf.IndexedSlices)
    with tf.Session() as sess:
        sess.run(w.initializer)
        values, indices, shape = sess.run(grad)
        np.testing.assert_array_equal(sess.run(tf.convert_to_tensor(grad)), [[3, 3], [0, 0], [9, 9]])
    np.testing.assert_array_equal(indices, [2, 0, 2, 2])
    np.testing.assert_array_equal(values, np.full([4, 2], 3.0))
    np.testing.assert_array_equal(shape, [3, 2])


def test_rows_of_each_leading_element():
    table = np.arange(24, dtype=np.float32).reshape(2, 3, 4)
    w = tf.Variable(table, use_resource=True)
    taken = scatter.resource_gather(w.handle, [[2, 0], [1, 1]], tf.float32, batch_dims=1)
    assert taken.shape == [2, 2, 4]
    with tf.Session() as sess:
        sess.run(w.initializer)
        np.testing.assert_array_equal(sess.run(taken), [table[0, [2, 0]], table[1, [1, 1]]])


def test_bodies_run_on_arrays_alone():
    rows, updates = np.array([1, 1]), np.array([[1.0], [2.0]])
    with collect_checks():
        np.testing.assert_array_equal(scatter.scatter_sub_ref.lower(np.ones([3, 1]), rows, updates), [[1], [-2], [1]])
        np.testing.assert_array_equal(state.count_up_to_ref.lower(np.int64(3), 5), (4, 3))


def test_an_update_in_another_graph_is_refused():
    w = tf.Variable(1.0)
    with tf.Graph().as_default(), pytest.raises(ValueError, match="same graph"):
        tf.assign(w, tf.constant(1.0))


def test_only_variables_can_be_assigned_to():
    with pytest.raises(TypeError, match="mutable tensor"):
        state.assign_ref(tf.constant(1.0), 2.0)
    assert [op.type for op in get_default_graph().get_operations()].count("Assign") == 0


@pytest.mark.parametrize("shape", [(3, 3), (4, 2), (2, 4), (2, 3, 2)])
@pytest.mark.parametrize("full", [True, False])
def test_qr_gives_the_matrix_back(shape, full):
    matrix = np.random.RandomState(0).normal(size=shape)
    q, r = qr(matrix, full_matrices=full)
    with tf.Session() as sess:
        found = sess.run([q, r])
    assert [tuple(q.shape.as_list()), tuple(r.shape.as_list())] == [found[0].shape, found[1].shape]
    np.testing.assert_allclose(found[0] @ found[1], matrix, atol=1e-12)
    unit = np.swapaxes(found[0], -1, -2) @ found[0]
    np.testing.assert_allclose(unit, np.broadcast_to(np.eye(unit.shape[-1]), unit.shape), atol=1e-12)
    np.testing.assert_allclose(np.tril(found[1], -1), 0, atol=1e-12)


def test_the_gradient_of_qr_is_that_of_its_numbers():
    start = np.random.RandomState(1).normal(size=[3, 2])
    x = tf.placeholder(tf.float64, [3, 2])
    q, r = qr(x)
    loss = tf.reduce_sum(q * np.arange(6.0).reshape(3, 2)) + tf.reduce_sum(r * r)
    grad = tf.gradients(loss, x)[0]
    with tf.Session() as sess:
        found = sess.run(grad, {x: start})
        for place in np.ndindex(3, 2):
            step = np.zeros([3, 2])
            step[place] = 1e-6
            slope = (sess.run(loss, {x: start + step}) - sess.run(loss, {x: start - step})) / 2e-6
            assert found[place] == pytest.approx(slope, rel=1e-5, abs=1e-6)


@pytest.mark.parametrize("resource", [False, True])
def test_a_check_undoes_the_writes_before_it_at_it_and_after_it(resource):
    w = tf.Variable([1.0, 2.0], use_resource=resource)
    row, yes = tf.placeholder(tf.int32, [1]), tf.placeholder(tf.bool, [])
    first = w.assign_add([1.0, 1.0])
    with tf.control_dependencies([first.op if not resource else first]):
        second = tf.scatter_add(w, row, [1.0])
    with tf.control_dependencies([second.op]):
        third = tf.cond(yes, lambda: tf.identity(w.assign_add([1.0, 1.0])), lambda: tf.identity(w))
    with tf.control_dependencies([third]):
        last = w.assign_add([1.0, 1.0])
    with tf.Session() as sess:
        sess.run(w.initializer)
        for fetch in (second, third, last):
            with pytest.raises(tf.errors.InvalidArgumentError, match=r"indices\[0\] = 2"):
                sess.run(fetch, {row: [2], yes: True})
            np.testing.assert_array_equal(sess.run(w), [1.0, 2.0])
        sess.run(last, {row: [1], yes: True})
        np.testing.assert_array_equal(sess.run(w), [4.0, 6.0])
