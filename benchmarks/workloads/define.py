"""Define a graph of 10,000 nodes and run none of them: what a deep network costs before its first step."""

import numpy as np


def tensorflow(tf):
    kernel, bias = np.eye(8, dtype=np.float32), np.zeros(8, np.float32)

    def define():
        with tf.Graph().as_default() as graph:
            h = tf.placeholder(tf.float32, (None, 8))
            while len(graph.get_operations()) < 10000:
                with tf.name_scope("layer"):
                    for _ in range(10):
                        h = tf.nn.relu(tf.matmul(h, tf.constant(kernel)) + bias)
        return graph

    return {"graph": define}
