"""Asks TensorFlow 1.15.5 for the graphs of the cases and writes answers/MODULE.json.gz.

Run with a Python that has TensorFlow 1.15.5:  python tests/oracle/graphs/ask.py [module ...]
"""

import gzip
import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), *[".."] * 3))

from tests.oracle.graphs import cases, record


def main():
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import tensorflow as tf

    tf.logging.set_verbosity(tf.logging.ERROR)
    tf.enable_control_flow_v2()  # conditions and loops as functional If and While, which is the form that we build
    families = cases.families()
    for family in sys.argv[1:] or families:
        ask(tf, family, families[family])


def ask(tf, family, members):
    """Write what TensorFlow builds for the cases of one module."""
    answers, refused = {}, []
    for name, build in members.items():
        with tf.Graph().as_default():
            try:
                answers[name] = record.graph_record(tf, build(tf))
            except Exception as error:
                refused.append("%s: %s" % (name, error))
    if refused:
        raise SystemExit("cases that TensorFlow itself refuses:\n" + "\n".join(refused))
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "answers", family + ".json.gz")
    with open(path, "wb") as f, gzip.GzipFile(filename="", fileobj=f, mode="wb", mtime=0) as g:
        g.write(json.dumps(answers, indent=0, sort_keys=True).encode())
    print(family, len(answers), "graphs,", sum(len(a["nodes"]) for a in answers.values()), "nodes")


if __name__ == "__main__":
    main()
