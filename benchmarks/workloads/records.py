"""Files of records, and examples read from them a batch at once."""

import atexit
import os
import tempfile

import numpy as np

RECORDS, BATCH = 20000, 1024


def _examples(tf):
    rng = np.random.RandomState(0)

    def ints(values):
        return tf.train.Feature(int64_list=tf.train.Int64List(value=values))

    def floats(values):
        return tf.train.Feature(float_list=tf.train.FloatList(value=values))

    def texts(values):
        return tf.train.Feature(bytes_list=tf.train.BytesList(value=values))

    for number in range(BATCH):
        feature = {
            "id": ints([number * 1000003]), "label": ints([rng.randint(10)]), "weight": floats([rng.rand()]),
            "vector": floats(rng.rand(64)), "name": texts([b"name %d" % number]), "image": texts([rng.bytes(2000)]),
            "tags": texts([b"tag %d" % tag for tag in range(rng.randint(5))]),
            "ids": ints(rng.randint(0, 1 << 40, rng.randint(12))),
        }  # fmt: skip
        yield tf.train.Example(features=tf.train.Features(feature=feature)).SerializeToString()


def tensorflow(tf):
    tf.reset_default_graph()
    batch = np.array(list(_examples(tf)), object)
    handle, path = tempfile.mkstemp(prefix="records")
    os.close(handle)
    atexit.register(os.unlink, path)
    records = [bytes(bytearray(range(200)))] * RECORDS

    def write():
        with tf.io.TFRecordWriter(path) as writer:
            for record in records:
                writer.write(record)

    def read():
        if not os.path.getsize(path):
            write()
        return sum(1 for _ in tf.python_io.tf_record_iterator(path))

    features = {
        "id": tf.FixedLenFeature([], tf.int64), "label": tf.FixedLenFeature([], tf.int64),
        "weight": tf.FixedLenFeature([], tf.float32), "vector": tf.FixedLenFeature([64], tf.float32),
        "name": tf.FixedLenFeature([], tf.string), "image": tf.FixedLenFeature([], tf.string),
        "tags": tf.VarLenFeature(tf.string), "ids": tf.VarLenFeature(tf.int64),
    }  # fmt: skip
    texts = tf.placeholder(tf.string, [None])
    parsed = tf.parse_example(texts, features)
    sess = tf.Session()
    return {"write": write, "read": read, "parse": lambda: sess.run(parsed, {texts: batch})}
