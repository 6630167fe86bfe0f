"""Ask TensorFlow 1.15.5 how its files behave and write answers.json.

    python3.7 tests/oracle/files/ask.py
"""

import json
import os
import sys
import tempfile

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import questions  # noqa: E402
import tensorflow as tf  # noqa: E402
from tensorflow.examples.tutorials.mnist import input_data  # noqa: E402

tf.logging.set_verbosity(tf.logging.ERROR)


def in_empty_folder(question, *args):
    os.chdir(tempfile.mkdtemp())
    return question(*args)


answers = {question.__name__: in_empty_folder(question, tf) for question in questions.QUESTIONS}
answers["mnist"] = in_empty_folder(questions.mnist, tf, input_data.read_data_sets)
with open(os.path.join(HERE, "answers.json"), "w") as out:
    json.dump(answers, out, indent=None, sort_keys=True)
    out.write("\n")
