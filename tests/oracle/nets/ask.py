"""Asks TensorFlow 1.15.5 what its large networks are made of and writes answers.json beside this file.

Run with a Python that has TensorFlow 1.15.5:  python tests/oracle/nets/ask.py
"""

import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, *[".."] * 3))

from tests.oracle.graphs import nets  # noqa: E402

NETS = ["vgg_16", "inception_v2", "inception_v3"]
NETS += ["resnet_v%d_%d" % (version, layers) for version in (1, 2) for layers in (50, 101, 152, 200)]


def main():
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import tensorflow as tf

    tf.logging.set_verbosity(tf.logging.ERROR)
    answers = {}
    for name in NETS:
        with tf.Graph().as_default():
            answers[name] = nets.large_nets(tf, name)
    with open(os.path.join(HERE, "answers.json"), "w") as file:
        json.dump(answers, file, indent=0, sort_keys=True)


if __name__ == "__main__":
    main()
