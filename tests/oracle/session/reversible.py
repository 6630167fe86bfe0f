"""Reversible blocks and recomputed functions of tf.contrib.layers: values and gradients."""

import numpy as np

X1, X2 = np.float32([[0.1, -0.2, 0.3], [0.5, 0.4, -0.6]]), np.float32([[1.0, 0.2, -0.3], [0.7, -0.4, 0.9]])


def _dense(tf):
    return lambda x: tf.layers.dense(x, 3, activation=tf.tanh)


def _with_gradients(tf, run, outputs, inputs):
    loss = tf.add_n([tf.reduce_sum(y * y) for y in outputs])
    gradients = tf.gradients(loss, [*inputs, *tf.trainable_variables()])
    run(tf.global_variables_initializer())
    return run([list(outputs), gradients]), [v.name for v in tf.global_variables()]


def _block(tf, run, **options):
    tf.set_random_seed(1)
    x1, x2 = tf.constant(X1), tf.constant(X2)
    outputs = tf.contrib.layers.rev_block(x1, x2, _dense(tf), _dense(tf), num_layers=2, **options)
    return _with_gradients(tf, run, outputs, [x1, x2])


def block(tf, run):
    return _block(tf, run)


def block_not_in_training(tf, run):
    return _block(tf, run, is_training=False)


def block_with_side_inputs(tf, run):
    tf.set_random_seed(1)
    x1, x2, f_side, g_side = (tf.constant(v) for v in (X1, X2, X1 * 2.0, X2 - 1.0))

    def joined(x, side):
        return tf.layers.dense(x * side[0], 3, use_bias=False)

    outputs = tf.contrib.layers.rev_block(x1, x2, joined, joined, f_side_input=[f_side], g_side_input=[g_side])
    return _with_gradients(tf, run, outputs, [x1, x2, f_side, g_side])


def recomputed(tf, run):
    tf.set_random_seed(1)
    x1, x2 = tf.constant(X1), tf.constant(X2)

    @tf.contrib.layers.recompute_grad
    def f(x, y):
        return tf.layers.dense(tf.sin(x) * y, 2, name="inner")

    with tf.variable_scope("outer", use_resource=True):
        y = f(x1, x2)
    return _with_gradients(tf, run, [y], [x1, x2])


def recomputed_with_options(tf, run):
    tf.set_random_seed(1)
    x = tf.constant(X1)
    seen = []

    @tf.contrib.layers.recompute_grad(tupleize_grads=True)
    def f(x, is_recomputing=False):
        seen.append(is_recomputing)
        return x * x * x

    return _with_gradients(tf, run, [f(x)], [x]), seen


def recomputed_over_a_tensor(tf, run):
    x = tf.constant(X1)

    @tf.contrib.layers.recompute_grad
    def f(y):
        return x * y

    return f(x)


def recomputed_of_numbers(tf, run):
    @tf.contrib.layers.recompute_grad
    def f(y):
        return y * 2.0

    return f(3.0)
