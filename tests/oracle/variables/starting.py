"""Initializers: their settings, their values. Each: (tf, run)."""

import numpy as np


def _all(tf):
    init = tf.initializers
    return [
        init.zeros(), init.zeros(tf.int32), init.ones(), init.constant(2), init.constant([1, 2], tf.int64),
        init.random_uniform(), init.random_uniform(-1, 1, 3, tf.float64), init.random_normal(1.0, 2.0, 3),
        init.truncated_normal(stddev=0.5), init.uniform_unit_scaling(2.0), init.variance_scaling(),
        init.variance_scaling(2.0, "fan_avg", "uniform", 3), init.orthogonal(2.0, 3), init.identity(3.0),
        init.glorot_uniform(3), init.glorot_normal(), init.he_normal(), init.he_uniform(3), init.lecun_normal(),
        init.lecun_uniform(3),
    ]  # fmt: skip


def configs(tf, run):
    return [[type(i).__name__, sorted(i.get_config().items())] for i in _all(tf)]


def configs_make_the_same(tf, run):
    again = [type(i).from_config(i.get_config()) for i in _all(tf)]
    return [a.get_config() == i.get_config() for a, i in zip(again, _all(tf))]


def fixed_values(tf, run):
    init = tf.initializers
    made = [init.zeros()([2]), init.ones()([2], tf.int32), init.constant(5)([2, 2]), init.constant([1, 2])([4])]
    made += [init.constant(np.eye(2))([2, 2], tf.float64), init.identity(2.0)([2, 3]), init.zeros()([2], tf.string)]
    return run([*made, init.zeros()([2], tf.bool), init.ones()([2], tf.bool)])


def constant_too_long(tf, run):
    tf.constant_initializer([1, 2, 3])([2])


def constant_verified(tf, run):
    tf.constant_initializer([1, 2], verify_shape=True)([4])


def constant_of_a_tensor(tf, run):
    tf.constant_initializer(tf.constant(1.0))


def type_of_ints(tf, run):
    tf.random_normal_initializer(dtype=tf.int32)


def uniform_ints_without_limit(tf, run):
    tf.random_uniform_initializer()([2], tf.int32)


def scale_not_positive(tf, run):
    tf.variance_scaling_initializer(0.0)


def mode_of_nonsense(tf, run):
    tf.variance_scaling_initializer(mode="fan")


def distribution_of_nonsense(tf, run):
    tf.variance_scaling_initializer(distribution="flat")


def identity_of_a_vector(tf, run):
    tf.initializers.identity()([3])


def orthogonal_of_a_vector(tf, run):
    tf.orthogonal_initializer()([3])


def _seeded(tf):
    init = tf.initializers
    return [
        init.random_uniform(-2.0, 3.0, seed=5), init.random_normal(1.0, 0.5, seed=5), init.truncated_normal(seed=5),
        init.uniform_unit_scaling(1.5, seed=5), init.variance_scaling(seed=5), init.glorot_uniform(seed=5),
        init.variance_scaling(2.0, "fan_out", "untruncated_normal", seed=5), init.glorot_normal(seed=5),
        init.he_normal(seed=5), init.he_uniform(seed=5), init.lecun_normal(seed=5), init.lecun_uniform(seed=5),
        tf.contrib.layers.xavier_initializer(seed=5), tf.contrib.layers.xavier_initializer(uniform=False, seed=5),
        tf.contrib.layers.variance_scaling_initializer(seed=5), tf.contrib.layers.xavier_initializer_conv2d(seed=5),
        tf.contrib.layers.variance_scaling_initializer(1.0, "FAN_OUT", True, seed=5),
    ]  # fmt: skip


def random_matrices(tf, run):
    return run([i([3, 2]) for i in _seeded(tf)])


def random_kernels(tf, run):
    return run([i([2, 2, 3, 2]) for i in _seeded(tf)[7:9]])


def random_integers(tf, run):
    return run(tf.random_uniform_initializer(0, 100, seed=5)([4], tf.int32))


def contrib_of_ints(tf, run):
    tf.contrib.layers.xavier_initializer(dtype=tf.int32)


def contrib_mode_of_nonsense(tf, run):
    tf.contrib.layers.variance_scaling_initializer(mode="fan_in")


def orthogonal_matrices(tf, run):
    made = [tf.orthogonal_initializer(seed=5)(shape) for shape in ([3, 3], [4, 2], [2, 4], [2, 2, 3])]
    return run([*made, tf.orthogonal_initializer(2.0, 5)([2, 2], tf.float64)])


def delta_kernels(tf, run):
    delta = tf.contrib.framework.convolutional_delta_orthogonal
    return run([delta(seed=5)([3, 2, 2]), delta(2.0, seed=5)([3, 3, 1, 2]), delta(seed=5)([1, 1, 1, 2, 2])])


def delta_of_too_many_inputs(tf, run):
    tf.contrib.framework.convolutional_delta_orthogonal()([3, 4, 2])


def parts_see_the_whole(tf, run):
    seen = []

    def noted(shape, dtype, partition_info):
        seen.append([list(shape), partition_info.full_shape, partition_info.var_offset])
        seen.append([partition_info.single_offset(shape), partition_info.single_slice_dim(shape)])
        return tf.zeros(shape, dtype)

    tf.get_variable("w", [5, 2], initializer=noted, partitioner=tf.fixed_size_partitioner(2))
    tf.get_variable("v", [2, 3], initializer=noted, partitioner=tf.fixed_size_partitioner(1))
    return seen


def identity_in_parts(tf, run):
    w = tf.get_variable("w", [3, 3], initializer=tf.initializers.identity(), partitioner=tf.fixed_size_partitioner(2))
    run(tf.global_variables_initializer())
    return run(list(w))
