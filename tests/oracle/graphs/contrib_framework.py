"""Graphs of tf.contrib.framework's variables and checks of shapes, and of tf.contrib.nn."""

import numpy as np


def build_framework_variables(tf):
    framework = tf.contrib.framework
    with tf.variable_scope("a"):
        framework.model_variable("w", [2, 3], regularizer=tf.contrib.layers.l2_regularizer(0.1))
        framework.variable("v", [2], device="/cpu:0", collections=["mine", tf.GraphKeys.GLOBAL_VARIABLES])
        framework.local_variable(3.0, name="local")
    with tf.variable_scope("b"):
        framework.global_variable([1, 2])
        w = tf.get_variable("w", [3])
        framework.add_model_variable(w)
        framework.add_model_variable(w)
    framework.create_global_step()
    operation, feeds = framework.assign_from_values({"a/w": np.ones([2, 3]), "b/w": np.zeros(3)})

    def names(found):
        return [v.op.name for v in found]

    return [
        names(framework.get_variables("a")), names(framework.get_variables(suffix="w")),
        names(framework.get_model_variables()), names(framework.get_local_variables()),
        names(framework.get_trainable_variables("b")), names(framework.get_variables_by_name("w", "a")),
        names(framework.get_variables_by_suffix("v")), framework.get_unique_variable("b/w").name,
        names(framework.get_variables_to_restore(exclude=["a"])), framework.get_variable_full_name(w),
        names(framework.filter_variables(framework.get_variables(), ["w"], ["^b"])),
        names(framework.get_variables_to_restore(["b", "a"])), operation.name, sorted(t.name for t in feeds),
        [framework.VariableDeviceChooser(2)(None), framework.VariableDeviceChooser(device_type="GPU")(None)],
    ]  # fmt: skip


def build_framework_shapes(tf):
    framework = tf.contrib.framework
    x, u = tf.placeholder(tf.float32, [2, 3], "x"), tf.placeholder(tf.float32, name="u")
    framework.with_shape([2, 3], x)
    framework.with_shape([2, 3], u)
    framework.with_shape([], u)
    framework.with_shape([], tf.constant([1.0]))
    framework.with_shape(tf.placeholder(tf.int32, [2]), x)
    framework.with_same_shape(x, u)
    framework.with_same_shape(u, x)
    framework.assert_scalar_int(tf.constant(3))
    framework.reduce_sum_n([x, u])
    framework.reduce_sum_n([x], name="one")
    with tf.name_scope("outer"):
        scope = framework.get_name_scope()
    return [scope, [t.name for t in framework.get_placeholders(tf.get_default_graph())]]


def build_contrib_nn(tf):
    nn, x = tf.contrib.nn, tf.placeholder(tf.float32, [None, 4], "x")
    i = tf.placeholder(tf.int64, [None, 1], "i")
    nn.deprecated_flipped_softmax_cross_entropy_with_logits(x, x)
    nn.deprecated_flipped_sparse_softmax_cross_entropy_with_logits(x, i[:, 0], name="s")
    nn.deprecated_flipped_sigmoid_cross_entropy_with_logits(x, x)
    nn.alpha_dropout(x, 0.8, seed=1)
    nn.alpha_dropout(x, 0.5, noise_shape=[1, 4], name="a")
    nn.alpha_dropout(x, 1.0)
    w, b = tf.Variable(tf.ones([9, 4])), tf.Variable(tf.zeros([9]))
    nn.sampled_sparse_softmax_loss(w, b, i, x, 3, 9)
    nn.rank_sampled_softmax_loss(w, b, i, x, 5, 2, 9, 1, None, 2.0, False, "mod")
