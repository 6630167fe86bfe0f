"""What variables, scopes and templates do beside what TensorFlow was asked."""

import threading

import numpy as np
import pytest

import defrun as tf
from defrun.variables.initializers import PartitionInfo
from defrun.variables.partitioned import PartitionedVariable


@pytest.fixture(autouse=True)
def fresh_graph():
    with tf.Graph().as_default():
        yield


@pytest.mark.parametrize("resource", [False, True])
def test_a_training_step_by_hand(resource):
    w = tf.get_variable("w", [2], initializer=tf.zeros_initializer(), use_resource=resource)
    loss = tf.reduce_sum(tf.square(w - [3.0, -1.0]))
    step = w.assign_sub(0.25 * tf.gradients(loss, w)[0])
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        losses = [sess.run([loss, step])[0] for _ in range(4)]
        np.testing.assert_allclose(sess.run(w), [2.8125, -0.9375])
    np.testing.assert_allclose(losses, [10.0, 2.5, 0.625, 0.15625])


def test_the_users_line_is_in_the_error_about_a_second_variable():
    tf.get_variable("w", [1])  # first here
    with pytest.raises(ValueError, match="# first here"):
        tf.get_variable("w", [1])


def test_a_variable_is_one_of_two_kinds():
    reference, resource = tf.Variable(1.0), tf.Variable(1.0, use_resource=True)
    assert isinstance(reference, tf.Variable) and isinstance(resource, tf.Variable)
    assert type(reference) is not type(resource)
    assert reference.experimental_ref() == reference.experimental_ref() != resource.experimental_ref()
    assert reference.experimental_ref().deref() is reference


def test_wrong_arguments_are_refused_as_by_any_function():
    with pytest.raises(TypeError, match="multiple values"):
        tf.Variable(1.0, initial_value=2.0)
    with pytest.raises(TypeError, match="unexpected"):
        tf.Variable(1.0, shapes=[1])


def test_arguments_by_position():
    w = tf.Variable(1.0, False, ["mine"], True, None, "w")
    assert (w.name, w.trainable, tf.get_collection("mine"), tf.global_variables()) == ("w:0", False, [w], [])


def test_a_variable_has_no_numbers_until_a_run():
    w = tf.Variable([1.0, 2.0])
    with pytest.raises(NotImplementedError, match="only a run"):
        np.asarray(w)
    with pytest.raises(TypeError, match="not iterable"):
        np.sum(list(w))


def test_initial_values_of_a_deep_graph():
    w = tf.Variable(1.0)
    value = w + 0.0
    for _ in range(1500):
        value = value + 1.0
    deep = tf.Variable(value)
    with tf.Session() as sess:
        sess.run(deep.initializer)
        assert sess.run(deep) == 1501.0


def test_initial_values_that_share_nodes_are_guarded_once():
    w = tf.Variable(2.0, name="w")
    square = w * w
    v = tf.Variable(square + square, name="v")
    names = [op.name for op in tf.get_default_graph().get_operations() if op.name.endswith("_v")]
    assert names == ["w/read_v", "mul_v", "add_v"]
    with tf.Session() as sess:
        sess.run(v.initializer)
        assert sess.run(v) == 8.0


@pytest.mark.skipif(not hasattr(tf, "import_graph_def"), reason="there is no import_graph_def yet")
def test_variables_of_an_imported_graph():
    with tf.name_scope("scope"):
        w = tf.Variable([1.0, 2.0], name="w")
    definition, proto = tf.get_default_graph().as_graph_def(), w.to_proto()
    with tf.Graph().as_default():
        tf.import_graph_def(definition, name="imported")
        again = tf.Variable.from_proto(proto, import_scope="imported")
        with tf.Session() as sess:
            sess.run(again.initializer)
            np.testing.assert_array_equal(sess.run(again.assign_add([1.0, 1.0])), [2.0, 3.0])
        assert again.name == "imported/scope/w:0" and again.initial_value.name.startswith("imported/")


def test_scopes_are_each_threads_own():
    seen = []

    def look():
        with graph.as_default():
            seen.append(tf.get_variable_scope().name)
            with tf.variable_scope("mine"):
                inside.wait()
                seen.append(tf.get_variable("w", []).name)

    graph, inside = tf.get_default_graph(), threading.Barrier(2)
    with tf.variable_scope("outer"):
        other = threading.Thread(target=look)
        other.start()
        inside.wait()
        assert tf.get_variable_scope().name == "outer"
        other.join()
    assert seen == ["", "mine/w:0"]


def test_scopes_are_each_graphs_own():
    with tf.variable_scope("a"):
        tf.get_variable("w", [])
        with tf.Graph().as_default():
            assert tf.get_variable_scope().name == ""
            assert tf.get_variable("w", []).name == "w:0"


def test_a_templates_error_says_where_the_template_is_made():
    def fails():
        raise KeyError("inside")

    template = tf.make_template("t", fails)  # made here
    for _ in range(2):
        with pytest.raises(KeyError, match="inside") as raised:
            template()
        assert "test_variables.py" in raised.value.__notes__[0]
    assert template.variables == []


def test_creators_may_make_something_else():
    with tf.variable_creator_scope(lambda next_creator, **kwargs: "mine"):
        assert tf.Variable(1.0) == "mine"
    assert isinstance(tf.Variable(1.0), tf.Variable)


def test_partition_info_is_checked():
    info = PartitionInfo([4, 6], [0, 3])
    assert (info.single_offset([4, 3]), info.single_slice_dim([4, 3])) == (3, 1)
    assert PartitionInfo([4, 6], [0, 0]).single_slice_dim([4, 6]) is None
    for shape in ([4], [4, 4], [2, 2]):
        with pytest.raises(ValueError, match=r"length|exceeds|more than one"):
            info.single_slice_dim(shape)
    for whole, offset in (([4], [4]), ([4], [-1]), ([4], [0, 0])):
        with pytest.raises(ValueError, match="var_offset"):
            PartitionInfo(whole, offset)


def test_parts_that_are_no_whole_are_refused():
    part = tf.Variable([1.0, 2.0])
    with pytest.raises(ValueError, match="save_slice_info"):
        PartitionedVariable("w", [4], tf.float32, [part], [2])
    part._set_save_slice_info(tf.Variable.SaveSliceInfo("w", [4], [0], [2]))
    with pytest.raises(ValueError, match="full shapes"):
        PartitionedVariable("w", [5], tf.float32, [part], [2])
    with pytest.raises(ValueError, match="positive"):
        PartitionedVariable("w", [4], tf.float32, [part], [0])
    with pytest.raises(TypeError, match="not a list"):
        PartitionedVariable("w", [4], tf.float32, part, [2])


def test_strings_in_parts():
    w = tf.get_variable("w", initializer=tf.constant(["a", "b", "c"]), partitioner=tf.fixed_size_partitioner(2))
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        assert sess.run(tf.convert_to_tensor(w)).tolist() == [b"a", b"b", b"c"]


def test_every_initializer_gives_what_a_variable_asks_for():
    init = tf.initializers
    kinds = [init.zeros, init.ones, init.random_normal, init.glorot_uniform, init.orthogonal, init.he_normal]
    for i, one in enumerate(kinds):
        v = tf.get_variable(f"v{i}", [3, 4], tf.float64, initializer=one())
        assert v.dtype.base_dtype == tf.float64 and v.shape == [3, 4]
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        assert all(np.isfinite(sess.run(v)).all() for v in tf.global_variables())


def test_memory_of_a_variable_is_handed_on():
    w = tf.Variable(np.zeros([256, 256], np.float32))
    step = w.assign_add(tf.ones([256, 256])).op
    with tf.Session() as sess:
        sess.run(w.initializer)
        sess.run(step)
        before = sess._store.values[0]
        sess.run(step)
        assert before.is_deleted()
        assert sess.run(w)[0, 0] == 2.0


def test_all_initializers_in_one_run_come_in_the_order_of_the_variables():
    a = tf.Variable(tf.random_normal([3]), use_resource=True)
    b = tf.Variable(a * 2.0, use_resource=True)
    c = tf.Variable(b + a, use_resource=True)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        first, second, third = sess.run([a, b, c])
        np.testing.assert_allclose(second, 2.0 * first, rtol=1e-6)
        np.testing.assert_allclose(third, 3.0 * first, rtol=1e-6)
