"""A checkpoint of 1 GB, in variables of many sizes, saved and restored; both ways check checksums."""

import atexit
import os
import shutil
import tempfile

import numpy as np

SIZES = [64 << 20] * 3 + [8 << 20] * 7 + [1 << 10] * 200  # float32: 1.0 GB


def tensorflow(tf):
    tf.reset_default_graph()
    total = [tf.Variable(tf.fill([size], np.float32(number)), name="v%d" % number) for number, size in enumerate(SIZES)]
    saver = tf.train.Saver(total, max_to_keep=1)
    folder = tempfile.mkdtemp(prefix="checkpoint")
    atexit.register(shutil.rmtree, folder, True)
    sess = tf.Session()
    sess.run([v.initializer for v in total])
    path = os.path.join(folder, "model")

    def save():
        saver.save(sess, path, write_meta_graph=False)

    def restore():
        if not os.path.exists(path + ".index"):
            save()
        saver.restore(sess, path)

    return {"save": save, "restore": restore}
