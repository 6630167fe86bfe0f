"""Asks TensorFlow 1.15.5 for a graph whose nodes call functions, with its own gradients, and for what it computes.

Run with a Python that has TensorFlow 1.15.5:  python tests/oracle/functions/ask.py
"""

import json
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import tensorflow as tf
from tensorflow.python.framework import function

FOLDER = os.path.dirname(os.path.abspath(__file__))


@function.Defun(tf.float32)
def waves(x):
    return x * tf.sin(x)


@tf.function
def both(x):
    return tf.exp(x) + waves(x)


def main():
    x = tf.placeholder(tf.float32, [2], name="x")
    y = tf.multiply(both(x), waves(x), name="y")
    slope = tf.identity(tf.gradients(y, x)[0], name="slope")
    with tf.Session() as session:
        values = session.run([y, slope], {x: [1.0, 2.0]})
    with open(os.path.join(FOLDER, "calls.pb"), "wb") as f:
        f.write(tf.get_default_graph().as_graph_def().SerializeToString(deterministic=True))
    with open(os.path.join(FOLDER, "answers.json"), "w") as f:
        json.dump({name: v.tolist() for name, v in zip(("y", "slope"), values)}, f)
        f.write("\n")


if __name__ == "__main__":
    main()
