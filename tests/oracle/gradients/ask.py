"""Ask TensorFlow 1.15.5 how many nodes its graphs have after gradients, as far as its default seeds count.

    python3.7 tests/oracle/gradients/ask.py        # rewrites counts.json beside this file

"ops" are the cases of counting.py; "graphs" those of some modules of tests/oracle/graphs that have gradients.
"""

import json
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), *[".."] * 3))

from tests.oracle.gradients import counting
from tests.oracle.graphs import cases

MODULES = ("layers", "models", "nn", "nn_rare", "optimizers", "training")


def main():
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import tensorflow as tf

    tf.logging.set_verbosity(tf.logging.ERROR)
    graphs = {name: build for module in MODULES for name, build in cases.families()[module].items()}
    answers = {"ops": counts(tf, counting.cases(), False), "graphs": counts(tf, graphs, True)}
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "counts.json"), "w") as file:
        json.dump(answers, file, indent=0, sort_keys=True)
        file.write("\n")
    print({key: len(found) for key, found in answers.items()})


def counts(tf, builders, only_with_gradients):
    found = {}
    for name, build in builders.items():
        with tf.Graph().as_default() as graph:
            build(tf)
            scopes = {part for op in graph.get_operations() for part in op.name.split("/")[:-1]}
            if not only_with_gradients or any(re.match(r"gradients(_\d+)?$", scope) for scope in scopes):
                found[name] = graph._last_id
    return found


if __name__ == "__main__":
    main()
