"""Ask TensorFlow 1.15.5 the questions of `questions.py` and write its answers down.

Run `python ask.py` where `import tensorflow` gives it.
"""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import questions
import tensorflow as tf
from tensorflow.python.framework import common_shapes, device, dtypes, errors_impl, tensor_shape
from tensorflow.python.util import nest


def merged(outer, inner):
    """The device that a node gets in two nested device scopes."""
    with tf.Graph().as_default(), tf.device(outer), tf.device(inner):
        return tf.no_op().device


NAMES = {
    "tf": tf,
    "D": tf.Dimension,
    "S": tf.TensorShape,
    "nest": nest,
    "device": device,
    "common_shapes": common_shapes,
    "tensor_shape": tensor_shape,
    "dtypes": dtypes,
    "errors": errors_impl,
    "logging": tf.logging,
    "merged": merged,
}

if __name__ == "__main__":
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "answers.json")
    with open(path, "w") as file:
        file.write(questions.pack(questions.answers(NAMES)) + "\n")
