"""Asks TensorFlow 1.15.5 how its sessions behave and writes answers.json.

Run with a Python that has TensorFlow 1.15.5:  python tests/oracle/session/ask.py [--notes FILE]

Every case runs several times in fresh graphs and sessions; `answers` holds each distinct outcome and how often it came,
so one entry means that TensorFlow is deterministic there, as far as asked.
"""

import argparse
import collections
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), *[".."] * 3))

from tests.oracle.session import harness

REPEATS = {"variables": 25}  # where the order of reads and writes may vary


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--notes", help="also write each error's own words here")
    args = parser.parse_args()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import tensorflow as tf

    tf.logging.set_verbosity(tf.logging.ERROR)
    answers, words = {}, []
    for name, case in harness.all_cases():
        outcomes = collections.Counter()
        for _ in range(REPEATS.get(name.split(".")[0], 2)):
            outcome, message = harness.outcome(tf, case)
            outcomes[json.dumps(outcome, sort_keys=True)] += 1
        answers[name] = [dict(json.loads(text), times=count) for text, count in outcomes.most_common()]
        if message:
            words.append(f"{name}: {outcome['error']} at {outcome['at']}: {message[:400]!r}")
    here = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(here, "answers.json"), "w") as f:
        f.write("{\n" + ",\n".join(f'"{k}": {json.dumps(v)}' for k, v in answers.items()) + "\n}\n")
    if args.notes:
        with open(args.notes, "w") as f:
            f.write("\n".join(words) + "\n")


if __name__ == "__main__":
    main()
