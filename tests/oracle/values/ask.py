"""Asks TensorFlow 1.15.5 for the values of the cases and writes answers/FAMILY.npz.

Run with a Python that has TensorFlow 1.15.5:  python tests/oracle/values/ask.py [--errors] [family ...]

In a file, `index` is JSON: per case {"outputs", "gradients", "shapes", "error", ...}, where an array is
[dtype, shape, offset] into the flat array of its dtype; text is ["object", shape, [strings as Latin-1]].
"""

import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), *[".."] * 3))

import numpy as np

from tests.oracle.values import cases, harness


class Store:
    """Keeps arrays of one dtype end to end."""

    def __init__(self):
        self.flat, self.sizes = {}, {}

    def add(self, value):
        if value is None:
            return None
        value = np.asarray(value, object if isinstance(value, bytes) else None)
        if value.dtype == object:
            return ["object", list(value.shape), [text.decode("latin1") for text in value.ravel()]]
        name = value.dtype.name
        offset = self.sizes.get(name, 0)
        self.sizes[name] = offset + value.size
        self.flat.setdefault(name, []).append(value.ravel())
        return [name, list(value.shape), offset]

    def save(self, path, index):
        arrays = {name: np.concatenate(parts) for name, parts in self.flat.items()}
        np.savez_compressed(path, index=np.frombuffer(json.dumps(index).encode(), np.uint8), **arrays)


def ask(tf, case, store):
    """Return the index entry of one case."""
    entry = {}
    for known in (True, False):
        with tf.Graph().as_default(), tf.Session() as session:
            prefix = "" if known else "unknown_"
            try:
                built = harness.Built(tf, case, known)
            except Exception as error:
                entry[prefix + "error"] = [harness.public_class(tf, error), "definition"]
                continue
            entry[prefix + "shapes"] = built.shapes()
            try:
                values = session.run(built.outputs, built.feeds)
            except tf.errors.OpError as error:
                entry[prefix + "error"] = [harness.public_class(tf, error), "run"]
                continue
            if known:
                entry["outputs"] = [store.add(v) for v in values]
                entry["gradients"] = gradients(tf, session, built, values, store) if case.gradient else []
    if entry["shapes"] == entry.get("unknown_shapes") if "shapes" in entry else False:
        del entry["unknown_shapes"]
    return entry


def gradients(tf, session, built, values, store):
    try:
        tensors = built.add_gradients(tf, values)
    except LookupError:
        return "LookupError"
    fetched = iter(session.run([t for t in tensors if t is not None], built.feeds))
    return [None if t is None else store.add(harness.dense(next(fetched))) for t in tensors]


def main():
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import tensorflow as tf

    tf.logging.set_verbosity(tf.logging.ERROR)
    wanted = [argument for argument in sys.argv[1:] if not argument.startswith("-")] or list(cases.FAMILIES)
    for family in wanted:
        store = Store()
        index = {name: ask(tf, case, store) for name, case in cases.FAMILIES[family].items()}
        store.save(os.path.join(os.path.dirname(os.path.abspath(__file__)), "answers", family + ".npz"), index)
        print(family, len(index), "cases,", sum("error" in e for e in index.values()), "that raise")
        if "--errors" in sys.argv:
            for name, entry in index.items():
                said = {k: v for k, v in entry.items() if k in ("error", "unknown_error")}
                if said:
                    print(name, said)


if __name__ == "__main__":
    main()
