"""Asks TensorFlow 1.15.5 about variables and writes answers.json.

Run with a Python that has TensorFlow 1.15.5:  python tests/oracle/variables/ask.py [--words]
"""

import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), *[".."] * 3))

from tests.oracle.session import harness
from tests.oracle.variables import cases


def main():
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import tensorflow as tf

    tf.logging.set_verbosity(tf.logging.ERROR)
    answers = {}
    for name, case in cases.all_cases().items():
        answers[name], message = harness.outcome(tf, case)
        if message and "--words" in sys.argv:
            print("%s: %s at %s: %r" % (name, answers[name]["error"], answers[name]["at"], message[:300]))
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "answers.json"), "w") as f:
        f.write("{\n" + ",\n".join('"%s": %s' % (k, json.dumps(v)) for k, v in answers.items()) + "\n}\n")
    print(len(answers), "cases")


if __name__ == "__main__":
    main()
