"""Asks TensorFlow 1.15.5 what the metrics of questions.py come to and writes answers.json.

Run with a Python that has TensorFlow 1.15.5:  python tests/oracle/metrics/ask.py
"""

import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), *[".."] * 3))

from tests.oracle.metrics import questions
from tests.oracle.session import harness


def main():
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import tensorflow as tf

    tf.logging.set_verbosity(tf.logging.ERROR)
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "answers.json")
    lines = []
    for name, case in questions.CASES.items():
        outcome, message = harness.outcome(tf, case)
        lines.append("%s: %s" % (json.dumps(name), json.dumps(outcome)))
        if message:
            print(name, outcome, message[:200].replace("\n", " "))
    with open(path, "w") as f:
        f.write("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
