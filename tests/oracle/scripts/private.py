"""What scripts take from TensorFlow's private modules."""

import gzip
import os
import struct
import sys

import numpy as np
import tensorflow as tf
from tensorflow.contrib.learn.python.learn.datasets.mnist import read_data_sets
from tensorflow.core.framework import summary_pb2
from tensorflow.core.protobuf import config_pb2, saver_pb2
from tensorflow.examples.tutorials.mnist import input_data
from tensorflow.python import tf2
from tensorflow.python.client import device_lib
from tensorflow.python.framework import ops, tensor_shape
from tensorflow.python.layers import utils
from tensorflow.python.lib.io import file_io
from tensorflow.python.ops import (
    array_ops,
    confusion_matrix,
    control_flow_ops,
    control_flow_util,
    gradients_impl,
    metrics_impl,
    resources,
    variable_scope,
    weights_broadcast_ops,
)
from tensorflow.python.platform import flags
from tensorflow.python.training import moving_averages
from tensorflow.python.util import all_util, compat, tf_contextlib

deprecated = tf.pywrap_tensorflow.deprecation.deprecated
make_decorator = tf.app.flags.tf_decorator.make_decorator


def framework():
    x, v = tf.constant([1.0, 2.0], name="x"), tf.Variable(3.0, name="v")
    rows = tf.IndexedSlices(tf.ones([1, 2]), tf.constant([0]))
    print([isinstance(t, ops._TensorLike) for t in (x, rows, 1.0)])
    print([ops.is_dense_tensor_like(t) for t in (x, v, rows, 1.0)])
    print(ops._as_graph_element(v).op.name, ops._as_graph_element("x"), ops._get_graph_from_inputs([x]) is x.graph)
    print(ops.prepend_name_scope("a/b", "c"), ops.strip_name_scope("c/a/b", "c"))
    print(tensor_shape.scalar().ndims, tf2.enabled(), isinstance(np.int32(3), compat.integral_types))
    print(tf.pywrap_tensorflow.IsSequence([1]), tf.pywrap_tensorflow.IsSequence("a"))
    print(device_lib.list_local_devices()[0].device_type)
    print(summary_pb2.Summary(value=[summary_pb2.Summary.Value(tag="a", simple_value=2.0)]).value[0].tag)
    print(config_pb2.RunOptions.FULL_TRACE, config_pb2.RunOptions(trace_level=3).trace_level, saver_pb2.SaverDef.V1)
    print(config_pb2.ConfigProto(log_device_placement=True).log_device_placement)
    print(len(config_pb2.RunMetadata().step_stats.dev_stats), config_pb2.CallableOptions(feed=["x:0"]).feed[0])
    print(flags.FLAGS is tf.flags.FLAGS)


def nodes(session):
    x = tf.placeholder(tf.float32, [2, None], name="p")
    y = control_flow_ops.with_dependencies([tf.no_op()], x)
    print(y.op.name, array_ops.shape_internal(tf.ones([2, 3]), optimize=False).op.type, y.op.type)
    print(utils.smart_cond(True, lambda: "yes", lambda: "no"), utils.constant_value(tf.constant(False)))
    print(utils.constant_value(tf.placeholder(tf.bool, [])), control_flow_util.GraphOrParentsInXlaContext(x.graph))
    grads = gradients_impl.gradients_v2(tf.reduce_sum(x * x), [x])
    print(session.run(grads[0], {x: [[1.0], [2.0]]}).tolist())
    with variable_scope._pure_variable_scope("pure"):
        print(tf.get_variable("w", []).name, tf.constant(1).name)
    v = tf.Variable([0.0, 0.0])
    update = moving_averages.assign_moving_average(v, tf.constant([1.0, 2.0]), 0.75, zero_debias=False)
    session.run(v.initializer)
    session.run(update)
    print(session.run(v).tolist())
    print(resources.initialize_resources(resources.shared_resources()).type)


def metrics(session):
    labels, scores = tf.constant([[1], [0], [1]]), tf.constant([0.9, 0.6, 0.2])
    weights = tf.constant([[1.0], [2.0], [3.0]])
    scores, labels, weights = metrics_impl._remove_squeezable_dimensions(scores, labels, weights)
    print(scores.shape.as_list(), labels.shape.as_list(), weights.shape.as_list())
    labels2, scores2 = confusion_matrix.remove_squeezable_dimensions(tf.ones([3, 1]), tf.ones([3, 2]), 1)
    print(labels2.shape.as_list(), scores2.shape.as_list())
    spread = weights_broadcast_ops.broadcast_weights([[2.0], [3.0]], tf.ones([2, 3]))
    total = metrics_impl.metric_variable([2], tf.float32, name="total")
    value = metrics_impl._aggregate_variable(total, ["mine"])
    counts, updates = metrics_impl._confusion_matrix_at_thresholds(
        labels, scores, [0.5], weights, includes=("tp", "fp")
    )
    quotient = metrics_impl._safe_scalar_div(tf.constant(1.0), tf.constant(0.0), "q")
    best = metrics_impl._streaming_sparse_average_precision_at_top_k(
        tf.constant([[0], [1]], tf.int64), tf.constant([[0, 2], [2, 1]])
    )
    session.run(tf.local_variables_initializer())
    print([np.asarray(v).tolist() for v in session.run([spread, value, quotient, best[1]])])
    print(sorted((k, v.tolist()) for k, v in session.run(updates).items()), sorted(counts))
    print([t is value for t in tf.get_collection("mine")])


def util():
    @tf.pywrap_tensorflow.deprecation.deprecated_args(None, "Use b.", "a")
    def f(a=None, b=None):
        return tf.pywrap_tensorflow.deprecation.deprecated_argument_lookup("b", b, "a", a)

    @deprecated("2030-01-01", "Use f.")
    def g(x, y=2):
        return x + y

    @tf.pywrap_tensorflow.deprecation.tf_contextlib.contextmanager
    def around():
        yield 5

    with around() as five:
        print(f(a=1), f(b=2), g(1), five, tf_contextlib.contextmanager(around).__name__)
    print(tf.pywrap_tensorflow.deprecation.tf_inspect.getargspec(g).args, g.__name__)
    h = make_decorator(g, lambda *args: g(*args) * 10)
    print(h(1), h.__name__)
    try:
        f(a=1, b=2)
    except ValueError as error:
        print(type(error).__name__)
    module = sys.modules[__name__]
    module.__doc__ += "\n@@util\n"
    print(all_util.make_all(__name__))
    kept = type(sys)("kept", "@@one")
    kept.one, kept.two, kept.three = 1, 2, 3
    sys.modules["kept"] = kept
    all_util.remove_undocumented("kept", ["two"])
    print([name for name in ("one", "two", "three") if hasattr(kept, name)])


def digits():
    folder = tf.test.get_temp_dir()
    rng = np.random.RandomState(3)
    for name, count in (("train", 40), ("t10k", 10)):
        images = rng.randint(0, 256, size=(count, 28, 28)).astype(np.uint8)
        labels = rng.randint(0, 10, size=count).astype(np.uint8)
        with gzip.open(os.path.join(folder, name + "-images-idx3-ubyte.gz"), "wb") as file:
            file.write(struct.pack(">IIII", 2051, count, 28, 28) + images.tobytes())
        with gzip.open(os.path.join(folder, name + "-labels-idx1-ubyte.gz"), "wb") as file:
            file.write(struct.pack(">II", 2049, count) + labels.tobytes())
    file_io.write_string_to_file(os.path.join(folder, "note"), "hello")
    with open(os.path.join(folder, "note")) as file:
        print(file.read())
    for read in (input_data.read_data_sets, read_data_sets):
        data = read(folder, one_hot=True, validation_size=10)
        print(data.train.num_examples, data.validation.images.shape, data.test.labels.sum(axis=0).tolist())
        np.random.seed(5)
        images, labels = data.train.next_batch(7)
        print(images.dtype, round(float(images.sum()), 2), labels.argmax(1).tolist())
        images, labels = data.train.next_batch(30, shuffle=False)
        print(images.shape, data.train.epochs_completed)


tf.logging.set_verbosity(tf.logging.ERROR)
framework()
with tf.Session() as one_session:
    nodes(one_session)
    metrics(one_session)
util()
digits()
