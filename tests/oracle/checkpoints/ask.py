"""Asks TensorFlow 1.15.5 for checkpoints of all kinds: writes files/.

Run with a Python that has TensorFlow 1.15.5:  python tests/oracle/checkpoints/ask.py
"""

import os

import numpy as np

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "files")


def build(tf):
    """Make variables of several types, shapes and kinds."""
    tf.Variable(np.arange(6, dtype=np.float32).reshape(2, 3), name="w")
    tf.Variable(["ab", "", "cde"], name="text")
    tf.Variable([True, False], name="flags")
    tf.Variable(np.float64(3.5), name="scalar")
    tf.Variable(np.zeros([0, 3], np.int64), name="empty")
    tf.Variable(np.array([1.5, -2.25], np.float16), name="half")
    tf.Variable(np.array([1 + 2j, 3 - 1j], np.complex64), name="complex")
    tf.get_variable("resource", [3], initializer=tf.constant_initializer([7, 8, 9]), use_resource=True)

    def rows(shape, dtype, partition_info):
        first = 2 * partition_info.var_offset[0]
        return tf.reshape(tf.cast(tf.range(first, first + 2 * shape[0]), dtype), shape)

    tf.get_variable("parts", [140, 2], initializer=rows, partitioner=tf.fixed_size_partitioner(2))


def main():
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import tensorflow as tf

    tf.logging.set_verbosity(tf.logging.ERROR)
    build(tf)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        first = {"write_version": tf.train.SaverDef.V1}
        for name, options in (("v2", {}), ("sharded", {"sharded": True}), ("v1", first)):
            saver = tf.train.Saver(**options)
            saver.save(session, os.path.join(FOLDER, name), write_meta_graph=False, write_state=False)


if __name__ == "__main__":
    main()
