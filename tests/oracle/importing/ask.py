"""Asks TensorFlow 1.15.5 what comes of importing the graphs of the cases and writes answers.json.

Run with a Python that has TensorFlow 1.15.5:  python tests/oracle/importing/ask.py [--notes]
"""

import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), *[".."] * 3))

from tests.oracle.importing import cases


def main():
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import tensorflow as tf

    tf.logging.set_verbosity(tf.logging.ERROR)
    answers = {}
    for name, case in cases.all_cases().items():
        answers[name], words = cases.outcome(tf, case)
        if "--notes" in sys.argv:
            print(name, answers[name].get("error", "-"), words)
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "answers.json")
    with open(path, "w") as f:
        f.write("{\n%s\n}\n" % ",\n".join("%s: %s" % (json.dumps(k), json.dumps(v)) for k, v in answers.items()))
    print(len(answers), "cases")


if __name__ == "__main__":
    main()
