"""How a program is started, speaks and looks around: flags, logging, sessions, collections, errors, small helpers."""

import logging
import sys

import numpy as np
import tensorflow as tf

tf.disable_eager_execution()
flags = tf.flags
FLAGS = tf.flags.FLAGS
tf.flags.DEFINE_integer("steps", 3, "how many")
tf.flags.DEFINE_string("name", "net", "what")
tf.flags.DEFINE_float("rate", 0.5, "how fast")
tf.flags.DEFINE_bool("verbose", False, "more")
tf.flags.DEFINE_boolean("quiet", True, "less")
tf.app.flags.DEFINE_string("out", None, "where to")
tf.app.flags.DEFINE_boolean("again", False, "once more")
tf.flags.mark_flag_as_required("name")


def say_flags():
    print(FLAGS.steps, FLAGS.name, FLAGS.rate, FLAGS.verbose, FLAGS.quiet, tf.app.flags.FLAGS.out, FLAGS.again)
    FLAGS.steps = 8
    print(FLAGS.steps)


def say_logs():
    log = logging.getLogger("tensorflow")
    log.propagate = False
    for handler in list(log.handlers):
        log.removeHandler(handler)
    stream = logging.StreamHandler(sys.stdout)
    stream.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s"))
    stream.addFilter(lambda record: "deprecated" not in record.getMessage())
    log.addHandler(stream)
    for level in (tf.logging.DEBUG, tf.logging.INFO, tf.logging.WARN, tf.logging.ERROR, tf.logging.FATAL):
        tf.logging.set_verbosity(level)
        print(level, tf.logging.get_verbosity())
        tf.logging.debug("debug %d", 1)
        tf.logging.info("info %s", "x")
        tf.logging.warning("warning")
        tf.logging.warn("warn")
        tf.logging.error("error")
    tf.logging.set_verbosity(tf.logging.INFO)
    for i in range(4):
        tf.logging.log_first_n(tf.logging.INFO, "first %d", 2, i)
    tf.logging.set_verbosity(tf.logging.ERROR)


def say_sessions():
    config = tf.ConfigProto(allow_soft_placement=True, gpu_options=tf.GPUOptions(allow_growth=True))
    session = tf.InteractiveSession(config=config)
    x = tf.constant([1.0, 2.0])
    print(tf.get_default_session() is session, x.eval().tolist(), isinstance(x, tf.Tensor))
    print(tf.Session.run(session, x * 2).tolist(), isinstance(x.op, tf.Operation))
    metadata = tf.RunMetadata()
    options = tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE)
    print(session.run(x, options=options, run_metadata=metadata).tolist())
    session.close()
    with tf.Graph().as_default() as graph, tf.Session(graph=graph, config=config) as inner:
        made = graph.as_graph_def()
        print(tf.get_default_session() is inner, inner.graph is graph, made == tf.GraphDef(versions=made.versions))
    print(tf.NodeDef(name="n", op="NoOp").op)


def say_collections():
    keys = tf.GraphKeys
    print(keys.ACTIVATIONS, keys.GLOBAL_STEP, keys.MODEL_VARIABLES, keys.TRAIN_OP, keys.WEIGHTS, keys.BIASES,
          keys.MOVING_AVERAGE_VARIABLES, keys.VARIABLES, keys.QUEUE_RUNNERS)  # fmt: skip
    tf.get_collection_ref("mine").extend([1, 2])
    tf.add_to_collection("mine", 3)
    print(tf.get_collection("mine"))
    with tf.Graph().as_default():
        step = tf.train.create_global_step()
        tf.train.assert_global_step(step)
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            session.run(step.assign_add(4))
            print(tf.train.global_step(session, step), tf.train.get_global_step() is step)
        with tf.variable_scope("a") as scope:
            print(isinstance(scope, tf.VariableScope), scope.name)
        with tf.control_dependencies([tf.no_op()]), tf.init_scope():
            print(tf.constant(1).op.control_inputs)
        v = tf.get_variable(
            "v",
            [4],
            partitioner=tf.fixed_size_partitioner(2),
            synchronization=tf.VariableSynchronization.AUTO,
            aggregation=tf.VariableAggregation.NONE,
        )
        from tensorflow.python.ops import variables

        print(isinstance(v, variables.PartitionedVariable), [p.name for p in v])


def say_errors():
    for kind in (
        tf.errors.OutOfRangeError, tf.errors.FailedPreconditionError, tf.errors.NotFoundError,
        tf.errors.UnimplementedError, tf.errors.AbortedError, tf.errors.CancelledError,
        tf.errors.DeadlineExceededError, tf.errors.InvalidArgumentError,
    ):  # fmt: skip
        error = kind(None, None, "text")
        print(kind.__name__, error.error_code, error.message, issubclass(kind, tf.errors.OpError))


def say_helpers():
    print(tf.compat.as_bytes("a"), tf.dimension_value(tf.Dimension(3)))
    print(tf.get_static_value(tf.constant([1, 2])).tolist())
    print(tf.contrib.framework.nest.flatten({"b": [1, (2, 3)], "a": 0}))
    print(tf.contrib.framework.nest.map_structure(lambda a, b: a + b, [1, (2,)], [10, (20,)]))
    print(tf.contrib.framework.nest.pack_sequence_as([0, (0, 0)], [1, 2, 3]))
    print(tf.contrib.framework.nest.is_sequence([1]), tf.contrib.framework.nest.is_sequence("a"))
    print(tf.contrib.framework.nest.flatten_up_to([0, 0], [[1], (2, 3)]))
    print(tf.contrib.framework.nest.map_structure_up_to([0, 0], lambda x: len(x), [[1], (2, 3)]))
    print(sorted(tf.contrib.framework.nest.flatten_dict_items({(4, 5): (6, 7)}).items()))
    tf.contrib.framework.nest.assert_same_structure([1, (2,)], [3, (4,)])
    tf.contrib.framework.nest.assert_shallow_structure([0], [[1]])
    print(tf.nest.flatten([1, (2, 3)]), tf.nest.pack_sequence_as([0, (0, 0)], [1, 2, 3]))
    print(tf.nest.map_structure(lambda a: a + 1, {"a": 1}))
    print(tf.uint32.name, tf.uint64.as_numpy_dtype(7), tf.uint32.max)
    with tf.Session() as session:
        print(session.run(tf.arg_min([3.0, 1.0, 2.0], 0)))
        print(session.run(tf.unsorted_segment_max([1.0, 5.0, 2.0], [0, 1, 0], 2)).tolist())
        print(session.run(tf.contrib.framework.smart_cond(True, lambda: tf.constant(1), lambda: tf.constant(2))))


def say_contrib():
    @tf.contrib.framework.add_arg_scope
    def add(x, y=1, z=0):
        return x + y + z

    with tf.contrib.framework.arg_scope([add], y=10):
        print(add(1), add(1, z=5), add(1, y=2))
    with tf.Graph().as_default(), tf.Session() as session:
        normal, other = tf.contrib.distributions.Normal(0.0, 1.0), tf.contrib.distributions.Normal(1.0, 2.0)
        parts = [normal.log_prob(0.5), tf.contrib.distributions.kl_divergence(normal, other)]
        parts += [tf.contrib.distributions.Bernoulli(probs=0.25).prob(1)]
        print([round(float(v), 5) for v in session.run(parts)])


def say_optimizers():
    with tf.Graph().as_default():
        w = tf.Variable([1.0, 2.0])
        loss = tf.reduce_sum(w * w)

        class Half(tf.train.Optimizer):
            def _apply_dense(self, grad, var):
                return var.assign_sub(0.5 * grad)

        class Named(tf.train.AdamOptimizer):
            def __init__(self, rate):
                tf.train.AdamOptimizer.__init__(self, rate)

            def compute_gradients(self, *args, **kwargs):
                print("asked")
                return tf.train.AdamOptimizer.compute_gradients(self, *args, **kwargs)

        half = Half(False, "Half").minimize(loss, gate_gradients=tf.train.Optimizer.GATE_OP)
        adam = Named(0.1).minimize(loss)
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            session.run(half)
            print(session.run(w).tolist())
            session.run(adam)
            print(session.run(w).round(5).tolist())


def say_summaries():
    folder = tf.test.get_temp_dir()
    with tf.Graph().as_default() as graph:
        writer = tf.summary.FileWriter(folder, graph)
        tf.summary.scalar("loss", tf.constant(0.5))
        merged = tf.summary.merge_all()
        with tf.Session() as session:
            for step in range(3):
                writer.add_summary(session.run(merged), step)
        writer.close()
        again = tf.summary.FileWriterCache.get(folder + "/more")
        print(again is tf.summary.FileWriterCache.get(folder + "/more"))
        tf.summary.FileWriterCache.clear()
    for event in tf.train.summary_iterator(sorted(tf.gfile.Glob(folder + "/events*"))[0]):
        print(event.WhichOneof("what"), event.step, [(v.tag, v.simple_value) for v in event.summary.value])


def say_layers():
    with tf.Graph().as_default():
        x = tf.ones([1, 4, 4, 4, 2])
        for layer in (tf.layers.Conv3D(3, 2), tf.layers.AveragePooling3D(2, 2), tf.layers.MaxPooling3D(2, 2)):
            print(layer.name, layer(x).shape.as_list() if callable(layer) else "")
        print(tf.layers.Conv1D(3, 2)(x[:, 0, 0]).shape.as_list())
        print(tf.layers.AveragePooling2D(2, 2)(x[:, 0]).shape.as_list())


def main(arguments):
    print(arguments[1:])
    for say in (
        say_flags, say_logs, say_sessions, say_collections, say_errors, say_helpers, say_contrib, say_optimizers,
        say_summaries, say_layers,
    ):  # fmt: skip
        print("--", say.__name__)
        say()


if __name__ == "__main__":
    sys.argv[1:] = ["--steps=5", "--name", "deep", "--noquiet", "rest"]
    np.random.seed(0)
    tf.app.run(main)
