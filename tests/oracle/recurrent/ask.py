"""Asks TensorFlow 1.15.5, with its loops of version 1, for what recurrent networks give; writes answers.npz.

Run with a Python that has TensorFlow 1.15.5:  python tests/oracle/recurrent/ask.py [case ...]
"""

import os
import sys

import numpy as np

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), *[".."] * 3))

from tests.oracle.recurrent import harness

PATH = os.path.join(os.path.dirname(os.path.abspath(__file__)), "answers.npz")


def main():
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import tensorflow as tf

    tf.logging.set_verbosity(tf.logging.ERROR)
    answers = dict(np.load(PATH)) if sys.argv[1:] and os.path.exists(PATH) else {}
    for name, case in harness.cases().items():
        if sys.argv[1:] and name not in sys.argv[1:]:
            continue
        answers = {key: value for key, value in answers.items() if key.split("|")[0] != name}
        answer = harness.answer(tf, case)
        if ("error" in answer) != name.startswith("refused"):
            print(name, "is refused:" if "error" in answer else "is not refused", answer.get("message", ""))
        answer.pop("message", None)
        for key, value in answer.items():
            answers[name + "|" + key] = value
    np.savez_compressed(PATH, **answers)
    print(len({key.split("|")[0] for key in answers}), "cases,", os.path.getsize(PATH), "bytes")


if __name__ == "__main__":
    main()
