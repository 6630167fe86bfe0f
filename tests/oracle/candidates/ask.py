"""Asks TensorFlow 1.15.5 the questions and writes answers.json.gz beside this file.

Run with a Python that has TensorFlow 1.15.5:  python tests/oracle/candidates/ask.py
"""

import gzip
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, *[".."] * 3))

from tests.oracle.candidates import questions  # noqa: E402


def main():
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import tensorflow as tf

    tf.logging.set_verbosity(tf.logging.ERROR)
    answers = {
        "samplers": [questions.ask_sampler(tf, question) for question in questions.samplers()],
        "hits": [questions.ask_hits(tf, true, sampled) for true, sampled in questions.HITS],
        "pools": [questions.ask_pool(tf, *question) for question in questions.pools()],
    }
    with open(os.path.join(HERE, "answers.json.gz"), "wb") as f, gzip.GzipFile("", "wb", 9, f, 0) as g:
        g.write(json.dumps(answers).encode())
    print({name: len(found) for name, found in answers.items()})


if __name__ == "__main__":
    main()
