"""`import tensorflow` finds defrun, all that is below it, and says what it does not find."""

import importlib
import subprocess
import sys
from types import ModuleType

import pytest

import defrun as tf
from defrun.base.names import MissingSymbolError
from defrun.cli import alias


def ours():
    """Return every module of defrun's with its names as they are now."""
    return {name: (module, dict(vars(module))) for name, module in sys.modules.items() if name.startswith("defrun")}


@pytest.fixture(autouse=True)
def as_tensorflow(monkeypatch):
    """Install the hook, and take away afterwards all that it left."""
    monkeypatch.setattr(alias.old_names, "restore", lambda: None)
    monkeypatch.setattr(alias.old_modules, "restore", lambda: None)
    before = ours()
    alias.install_as_tensorflow()
    yield
    sys.meta_path.remove(alias._finder)
    for name in [name for name in sys.modules if name.partition(".")[0] in alias.ROOTS]:
        del sys.modules[name]
    for module, names in before.values():
        for name in set(vars(module)) - set(names):
            delattr(module, name)


def module(name):
    return importlib.import_module(name)


def test_tensorflow_is_defrun():
    import tensorflow

    assert tensorflow is tf
    assert tensorflow.__version__ == tensorflow.VERSION == "1.15.5"
    assert module("tensorflow_core") is tf
    assert tf.__spec__.name == "defrun"


def test_public_modules_are_ours():
    assert module("tensorflow.nn") is tf.nn
    assert module("tensorflow.io.gfile") is tf.io.gfile
    assert module("tensorflow.contrib.framework") is tf.contrib.framework
    assert module("tensorflow.compat.v1.nn") is tf.nn
    assert module("tensorflow._api.v1.math") is tf.math
    assert tf.nn.__spec__.name == "defrun.nn"
    from tensorflow.compat.v1 import nn

    assert nn is tf.nn


def test_lookup_tables_in_their_private_module():
    lookup_ops = module("tensorflow.python.ops.lookup_ops")
    with tf.Graph().as_default():
        table = lookup_ops.index_table_from_tensor(vocabulary_list=["a", "b"])
    assert isinstance(table, lookup_ops.StaticHashTableV1)


def test_compat_v1_is_everything():
    v1 = module("tensorflow.compat.v1")
    assert v1.float32 is tf.float32
    assert v1.compat.v1 is v1
    assert v1.__version__ == "1.15.5"
    names = {}
    exec("from tensorflow.compat.v1 import *", names)
    assert names["add"] is tf.add
    with pytest.raises(MissingSymbolError, match=r"tf\.no_such_thing"):
        _ = v1.no_such_thing


@pytest.mark.parametrize(
    ("private", "public"),
    [
        ("python.ops.math_ops:add", "add"),
        ("python.ops.gen_math_ops:floor_mod", "floormod"),
        ("python.ops.gen_math_ops:mat_mul", "raw_ops.MatMul"),
        ("python.framework.ops:Tensor", "Tensor"),
        ("python.framework.dtypes:float32", "float32"),
        ("python.framework.tensor_shape:TensorShape", "TensorShape"),
        ("python.framework.errors:NotFoundError", "errors.NotFoundError"),
        ("python.framework.errors_impl:OpError", "OpError"),
        ("python.util.nest:flatten", "nest.flatten"),
        ("python.util.compat:as_bytes", "compat.as_bytes"),
        ("python.platform.gfile:GFile", "gfile.GFile"),
        ("python.lib.io.file_io:recursive_create_dir", "gfile.MakeDirs"),
        ("python.platform.flags:FLAGS", "flags.FLAGS"),
        ("python.platform.tf_logging:info", "logging.info"),
        ("contrib.framework.python.framework.tensor_util:smart_cond", "contrib.framework.smart_cond"),
        ("core.framework.graph_pb2:GraphDef", "GraphDef"),
        ("core.protobuf.config_pb2:RunOptions", "RunOptions"),
        ("python.layers.utils:smart_cond", "contrib.framework.smart_cond"),
        ("python.ops.control_flow_ops:no_op", "no_op"),
        ("python.ops.math_ops:mat_mul", "raw_ops.MatMul"),
        ("python.ops.variable_scope:get_variable", "get_variable"),
    ],
)
def test_private_modules_give_the_public_objects(private, public):
    where, _, name = private.partition(":")
    expected = tf
    for part in public.split("."):
        expected = getattr(expected, part)
    assert getattr(module(f"tensorflow.{where}"), name) is expected
    names = {}
    exec(f"from tensorflow.{where} import {name} as found", names)
    assert names["found"] is expected


def test_private_packages_give_their_modules():
    from tensorflow.python.framework import ops, tensor_util
    from tensorflow.python.ops import array_ops, variable_scope

    assert isinstance(variable_scope, ModuleType)  # not the class tf.variable_scope
    assert array_ops.__name__ == "tensorflow.python.ops.array_ops"
    assert ops.convert_to_tensor is tf.convert_to_tensor
    assert tensor_util.constant_value.__name__ == "constant_value"
    assert "array_ops" in dir(module("tensorflow.python.ops"))


def test_inner_names_are_found_in_our_rooms():
    from tensorflow.python.framework import ops, tensor_shape

    from defrun.base.shapes import as_shape
    from defrun.graph.convert import convert_n_to_tensor

    assert ops.convert_n_to_tensor is convert_n_to_tensor
    assert tensor_shape.as_shape is as_shape


@pytest.mark.parametrize(
    "name",
    [
        "python.framework.ops._TensorLike",
        "python.framework.ops._as_graph_element",
        "python.framework.ops._get_graph_from_inputs",
        "python.framework.ops.is_dense_tensor_like",
        "python.framework.tensor_shape.scalar",
        "python.layers.utils.constant_value",
        "python.client.device_lib.list_local_devices",
        "python.ops.array_ops.shape_internal",
        "python.ops.confusion_matrix.remove_squeezable_dimensions",
        "python.ops.control_flow_ops.with_dependencies",
        "python.ops.control_flow_util.GraphOrParentsInXlaContext",
        "python.ops.gradients_impl.gradients_v2",
        "python.ops.metrics_impl._aggregate_variable",
        "python.ops.metrics_impl._confusion_matrix_at_thresholds",
        "python.ops.metrics_impl._remove_squeezable_dimensions",
        "python.ops.metrics_impl._safe_scalar_div",
        "python.ops.metrics_impl.metric_variable",
        "python.ops.resources.initialize_resources",
        "python.ops.resources.shared_resources",
        "python.ops.variable_scope._pure_variable_scope",
        "python.ops.variables.PartitionedVariable",
        "python.ops.weights_broadcast_ops.broadcast_weights",
        "python.training.moving_averages.assign_moving_average",
        "python.util.all_util.make_all",
        "python.util.deprecation.deprecated_argument_lookup",
        "python.util.tf_contextlib.contextmanager",
        "python.util.tf_decorator.make_decorator",
        "python.util.tf_inspect.getargspec",
        "python.pywrap_tensorflow.IsSequence",
        "python.pywrap_tensorflow.deprecation.deprecated_args",
        "app.flags.tf_decorator.make_decorator",
    ],
)
def test_private_names_are_there_by_attributes_and_imports(name):
    found = tf
    for part in name.split("."):
        found = getattr(found, part)
    assert callable(found)
    holder, _, last = name.rpartition(".")
    if not holder.startswith(("python.pywrap_tensorflow.", "app.")):
        again = getattr(module(f"tensorflow.{holder}"), last)
        assert again is found or again.__qualname__ == found.__qualname__


def test_private_modules_of_metrics_mean_their_own():
    from tensorflow.python.ops import confusion_matrix, metrics_impl

    shared, own = confusion_matrix.remove_squeezable_dimensions, metrics_impl._remove_squeezable_dimensions
    assert shared.__module__ == "defrun.ops.confusion"
    assert own.__module__ == "defrun.metrics.ranks"


def test_tensor_like():
    from tensorflow.python.framework import ops

    with tf.Graph().as_default() as graph:
        x, v = tf.constant(1.0), tf.Variable(1.0)
        rows = tf.IndexedSlices(tf.ones([1, 2]), tf.constant([0]))
        assert [isinstance(t, ops._TensorLike) for t in (x, v, rows, 1.0)] == [True, True, True, False]
        assert [ops.is_dense_tensor_like(t) for t in (x, v, rows, 1.0)] == [True, True, False, False]
        assert ops._as_graph_element(v).op is v.op
        assert ops._as_graph_element("x") is None
        assert ops._get_graph_from_inputs([x]) is graph


def test_modules_of_contrib_that_are_not_here_hold_what_is():
    assert tf.contrib.learn.datasets.mnist.read_data_sets is module("defrun.files.mnist").read_data_sets
    assert not hasattr(tf.contrib, "nowhere")
    assert not hasattr(tf, "examples")


def test_names_of_other_areas_do_not_stand_in():
    with pytest.raises(MissingSymbolError):
        _ = module("tensorflow.python.data.util.nest").flatten
    with pytest.raises(MissingSymbolError):  # tf.summary.histogram is no shape
        _ = module("tensorflow.python.framework.tensor_shape").histogram
    with pytest.raises(MissingSymbolError):
        _ = module("tensorflow.contrib.layers").conv3d_in_plane


def test_the_tutorials_reader_is_there():
    from tensorflow.contrib.learn.python.learn.datasets.mnist import DataSet
    from tensorflow.examples.tutorials.mnist import input_data

    from defrun.files import mnist

    assert input_data is mnist
    assert DataSet is mnist.DataSet


def test_what_is_not_there():
    slim = module("tensorflow.contrib.slim")  # not here yet, but a script may import it and never use it
    assert not hasattr(slim, "nowhere")
    with pytest.raises(MissingSymbolError, match=r"tf\.contrib\.slim\.nowhere"):
        _ = slim.nowhere
    with pytest.raises(ImportError, match="nowhere"):
        exec("from tensorflow.contrib.slim import nowhere")
    with pytest.raises(ImportError, match="nowhere"):
        exec("from tensorflow import nowhere")
    for name in ["tensorflow.nowhere", "tensorflow.graph", "tensorflow.python.ops.nowhere"]:
        with pytest.raises(ModuleNotFoundError, match=r"TensorFlow 1\.15\.5 has no module") as error:
            module(name)
        assert error.value.name == name


def test_installing_twice_changes_nothing():
    hooks = list(sys.meta_path)
    tf.install_as_tensorflow()
    assert sys.meta_path == hooks


def test_installing_puts_old_names_back():
    code = "import defrun, numpy as np; defrun.install_as_tensorflow(); print(np.float, np.Inf)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "<class 'float'> inf\n"


def test_it_refuses_beside_another_tensorflow():
    code = """
import sys, types
sys.modules["tensorflow"] = types.ModuleType("tensorflow")
import defrun
try:
    defrun.install_as_tensorflow()
except RuntimeError as error:
    print(error)
"""
    said = subprocess.check_output([sys.executable, "-c", code], text=True)
    assert said.startswith("tensorflow is imported already, from an unknown place")
