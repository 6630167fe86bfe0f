"""Ask TensorFlow 1.15.5 about lookup tables, and write answers.json.

    python3.7 tests/oracle/lookup/ask.py
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

tf.logging.set_verbosity(tf.logging.ERROR)

answers = {}
for question in questions.QUESTIONS:
    os.chdir(tempfile.mkdtemp())
    answers[question.__name__] = question(tf)
with open(os.path.join(HERE, "answers.json"), "w") as out:
    json.dump(answers, out, sort_keys=True)
    out.write("\n")
