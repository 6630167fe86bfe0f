"""Asks TensorFlow 1.15.5 for files of records, and what becomes of damaged ones: writes files/ and answers.json.

Run with a Python that has TensorFlow 1.15.5:  python tests/oracle/records/ask.py
"""

import json
import os
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = os.path.join(HERE, "files")
RECORDS = [b"", b"one", b"two\0" * 5, bytes(bytearray(range(256))) * 40, b"last"]
KINDS = ["", "GZIP", "ZLIB"]


def write(tf, path, kind):
    with tf.python_io.TFRecordWriter(path, kind) as writer:
        for record in RECORDS:
            writer.write(record)


def damaged(data):
    """Return copies of a file, each damaged in one place or cut."""
    made = {"cut %d" % n: data[:n] for n in (0, 1, 5, 12, 16, 20, len(data) // 2, len(data) - 9, len(data) - 1)}
    for place in (0, 3, 8, 13, 17, 40, len(data) // 2, len(data) - 2):
        changed = bytearray(data)
        changed[place] ^= 0x10
        made["flip %d" % place] = bytes(changed)
    made["more behind it"] = data + b"\0\1"
    made["twice"] = data + data
    return made


def read(tf, data, kind):
    """Return how many records are read, and the class of the error that ends it."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        count = 0
        try:
            for _ in tf.python_io.tf_record_iterator(file.name, tf.python_io.TFRecordOptions(kind)):
                count += 1
        except tf.errors.OpError as error:
            return [count, type(error).__name__]
        return [count, None]


def answers(tf):
    found = {}
    for kind in KINDS:
        with open(os.path.join(FOLDER, "records" + kind), "rb") as file:
            data = file.read()
        found[kind] = {name: read(tf, changed, kind) for name, changed in damaged(data).items()}
    return found


def main():
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import tensorflow as tf

    tf.logging.set_verbosity(tf.logging.ERROR)
    if not os.path.isdir(FOLDER):
        os.mkdir(FOLDER)
    for kind in KINDS:
        write(tf, os.path.join(FOLDER, "records" + kind), kind)
    with open(os.path.join(HERE, "answers.json"), "w") as out:
        json.dump(answers(tf), out, indent=0, sort_keys=True)
        out.write("\n")


if __name__ == "__main__":
    main()
