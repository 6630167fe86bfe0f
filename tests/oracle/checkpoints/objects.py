"""Asks TensorFlow 1.15.5 for checkpoints of objects: writes files/objects-1.* and files/objects.json.

Run with a Python that has TensorFlow 1.15.5:  python tests/oracle/checkpoints/objects.py
"""

import json
import os
import sys

import numpy as np

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "files")


def build(tf):
    """Return the objects of a small model, by name, after variables and slots are made."""
    with tf.variable_scope("model"):
        a = tf.get_variable("a", [2], initializer=tf.constant_initializer([1.0, 2.0]), use_resource=True)
        b = tf.get_variable("b", [], initializer=tf.constant_initializer(3.0), use_resource=True)
    step = tf.train.get_or_create_global_step()
    adam, momentum = tf.train.AdamOptimizer(0.5), tf.train.MomentumOptimizer(0.1, 0.9, name="Mom")
    net = tf.contrib.checkpoint.Checkpointable()
    net.first = a
    net.rest = [b, {"again/and.again": a}, []]
    train = tf.group(
        adam.minimize(tf.reduce_sum(a * a) * b, var_list=[a, b], global_step=step),
        momentum.minimize(b * b, var_list=[b]),
    )
    return {"net": net, "step": step, "opt": adam, "alone": b, "momentum": momentum}, train


def values(tf, session):
    return {v.op.name: np.round(session.run(v).astype(np.float64), 5).tolist() for v in tf.global_variables()}


def describe(graph):
    """Return a TrackableObjectGraph as lists."""
    return [
        [
            [[child.local_name, child.node_id] for child in node.children],
            [[one.name, one.full_name, one.checkpoint_key] for one in node.attributes],
            [[s.original_variable_node_id, s.slot_name, s.slot_variable_node_id] for s in node.slot_variables],
        ]
        for node in graph.nodes
    ]


def main():
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import tensorflow as tf
    from tensorflow.core.protobuf import trackable_object_graph_pb2

    tf.logging.set_verbosity(tf.logging.ERROR)
    objects, train = build(tf)
    checkpoint = tf.train.Checkpoint(**objects)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(train)
        path = checkpoint.save(os.path.join(FOLDER, "objects"), session=session)
        found = values(tf, session)
    os.unlink(os.path.join(FOLDER, "checkpoint"))
    reader = tf.train.NewCheckpointReader(path)
    graph = trackable_object_graph_pb2.TrackableObjectGraph()
    graph.ParseFromString(reader.get_tensor("_CHECKPOINTABLE_OBJECT_GRAPH"))
    with open(os.path.join(FOLDER, "objects.json"), "w") as out:
        json.dump({"values": found, "nodes": describe(graph)}, out, sort_keys=True)
        out.write("\n")
    sys.stdout.write(reader.debug_string().decode() + str(graph))


if __name__ == "__main__":
    main()
