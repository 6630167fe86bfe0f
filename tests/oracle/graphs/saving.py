"""Graphs of savers: what they save, how, and under which names."""


def two_variables(tf):
    return tf.Variable([1.0], name="w"), tf.get_variable("v", [2, 2])


def saver_facts(saver):
    d = saver.as_saver_def()
    return [d.filename_tensor_name, d.save_tensor_name, d.restore_op_name, d.max_to_keep, d.sharded, d.version,
            d.keep_checkpoint_every_n_hours]  # fmt: skip


def build_saver_of_all(tf):
    two_variables(tf)
    return saver_facts(tf.train.Saver())


def build_saver_of_resources(tf):
    two_variables(tf)
    tf.get_variable("r", [3], use_resource=True)
    with tf.variable_scope("s", use_resource=True):
        tf.get_variable("x", [], dtype=tf.float64, trainable=False)
    return saver_facts(tf.train.Saver())


def build_saver_sharded(tf):
    _, v = two_variables(tf)
    return [saver_facts(tf.train.Saver(sharded=True)), saver_facts(tf.train.Saver([v], sharded=True, max_to_keep=3))]


def build_saver_sharded_devices(tf):
    with tf.device("/job:ps/task:0"):
        tf.get_variable("a", [2])
    with tf.device("/job:ps/task:1"):
        tf.get_variable("b", [2])
        tf.get_variable("r", [2], use_resource=True)
    return saver_facts(tf.train.Saver(sharded=True))


def build_saver_partitioned(tf):
    w = tf.get_variable("p", [5, 2], partitioner=tf.fixed_size_partitioner(2))
    tf.get_variable("q", [4, 2], partitioner=tf.fixed_size_partitioner(2, axis=1), use_resource=True)
    saver_facts(tf.train.Saver())
    tf.train.Saver({"other": w})
    return saver_facts(tf.train.Saver([w]))


def build_saver_named(tf):
    w, v = two_variables(tf)
    with tf.name_scope("inside"):
        tf.train.Saver({"b": w, "a": v}, name="named")
        tf.train.Saver(name="named")
    return saver_facts(tf.train.Saver({"x/y": v}, name="deep/er", filename="given"))


def build_saver_reshapes(tf):
    two_variables(tf)
    tf.get_variable("r", [3], use_resource=True)
    tf.train.Saver(reshape=True)
    tf.train.Saver(restore_sequentially=True)


def build_saver_first_version(tf):
    two_variables(tf)
    tf.get_variable("p", [4, 2], partitioner=tf.fixed_size_partitioner(2))
    return saver_facts(tf.train.Saver(write_version=tf.train.SaverDef.V1))


def build_saver_deferred(tf):
    saver = tf.train.Saver(defer_build=True)
    two_variables(tf)
    saver.build()
    tf.train.Saver([], allow_empty=True)
    tf.add_to_collection(tf.GraphKeys.SAVERS, saver)
    return saver_facts(saver)
