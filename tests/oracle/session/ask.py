"""Asks TensorFlow 1.15.5 how its sessions behave and writes answers.json.

Run with a Python that has TensorFlow 1.15.5:  python tests/oracle/session/ask.py [group ...] [--again] [--notes FILE]

Every case runs several times in fresh graphs and sessions; `answers` holds each distinct outcome and how often it came,
so one entry means that TensorFlow is deterministic there, as far as asked. --again adds to the answers that are there.
With groups (training, ...) only theirs are asked anew.
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
    parser.add_argument("groups", nargs="*", help="modules of cases, by default all")
    parser.add_argument("--notes", help="also write each error's own words here")
    parser.add_argument("--again", action="store_true", help="keep the answers of earlier askings, and count on")
    args = parser.parse_args()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import tensorflow as tf

    tf.logging.set_verbosity(tf.logging.ERROR)
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "answers.json")
    earlier = {}
    if args.again or args.groups:
        with open(path) as f:
            earlier = json.load(f)
    answers, words = {}, []
    for name, case in harness.all_cases():
        if args.groups and name.split(".")[0] not in args.groups:
            answers[name] = earlier[name]
            continue
        outcomes = collections.Counter()
        for answer in earlier.get(name, []) if args.again else []:
            times = answer.pop("times")
            outcomes[json.dumps(answer, sort_keys=True)] = times
        for _ in range(REPEATS.get(name.split(".")[0], 2)):
            outcome, message = harness.outcome(tf, case)
            outcomes[json.dumps(outcome, sort_keys=True)] += 1
        answers[name] = [dict(json.loads(text), times=count) for text, count in outcomes.most_common()]
        if message:
            words.append(f"{name}: {outcome['error']} at {outcome['at']}: {message[:400]!r}")
    with open(path, "w") as f:
        f.write("{\n" + ",\n".join(f'"{k}": {json.dumps(v)}' for k, v in answers.items()) + "\n}\n")
    if args.notes:
        with open(args.notes, "w") as f:
            f.write("\n".join(words) + "\n")


if __name__ == "__main__":
    main()
