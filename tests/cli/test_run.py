"""`defrun run` starts a program as `python` does; each test compares the two."""

import subprocess
import sys

import pytest

from defrun.cli import main

REPORT = """
import pickle, sys

class Thing:
    pass

print(sys.argv, __name__, __file__, sys.path[0], __package__, __doc__)
print(sorted(name for name in globals() if name.startswith("_")))
print(sys.modules["__main__"].Thing is Thing, type(pickle.loads(pickle.dumps(Thing()))) is Thing)
print((lambda x: x).__annotations__, 1 if __spec__ is None else __spec__.name)
sys.exit(int(sys.argv[1]))
"""

RAISES = """
import sys, atexit

def fail():
    raise KeyError("inner")

atexit.register(print, "goodbye")
try:
    fail()
except KeyError as error:
    raise ValueError("outer") from error
"""

INTERRUPTED = """
import os, signal
os.kill(os.getpid(), signal.SIGINT)
"""

OWN_HOOK = """
import sys
sys.excepthook = lambda kind, value, trace: print(kind, trace.tb_frame.f_code.co_filename, trace.tb_next)
1 / 0
"""


def both(folder, *args, stdin=None):
    """Run a program with `python` and with `defrun run`; return (exit code, output, errors) of each."""
    results = []
    for start in [[sys.executable], [sys.executable, "-m", "defrun", "run"]]:
        done = subprocess.run([*start, *args], cwd=folder, capture_output=True, text=True, input=stdin, timeout=120)
        results.append((done.returncode, done.stdout, done.stderr))
    return results


def test_a_script_sees_itself_as_main(tmp_path):
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "report.py").write_text(REPORT)
    python, ours = both(tmp_path, "inner/report.py", "3", "-m", "--flag=x", "--")
    assert ours == python
    assert ours[0] == 3


def test_a_module_sees_itself_as_main(tmp_path):
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "__init__.py").write_text("")
    (tmp_path / "package" / "__main__.py").write_text(REPORT)
    python, ours = both(tmp_path, "-m", "package", "0", "--help")
    assert ours == python
    assert ours[0] == 0


@pytest.mark.parametrize("text", [RAISES, INTERRUPTED, OWN_HOOK, "def broken(:\n"])
def test_what_a_script_does_not_catch_is_shown_as_python_shows_it(tmp_path, text):
    (tmp_path / "script.py").write_text(text)
    python, ours = both(tmp_path, "script.py")
    assert ours == python
    assert ours[0] == (-2 if text == INTERRUPTED else 1)  # died by SIGINT: a shell says 130


def test_a_folder_and_standard_input_run_too(tmp_path):
    (tmp_path / "__main__.py").write_text("import sys; print(sys.argv, sys.path[0])")
    python, ours = both(tmp_path, str(tmp_path), "x")
    assert ours == python
    python, ours = both(tmp_path, "-", "x", stdin="import sys; print(sys.argv, __name__)")
    assert ours == python


PROGRAM = """
import numpy as np
import tensorflow as tf
from six.moves import xrange  # which came with TensorFlow

flags = tf.app.flags
flags.DEFINE_string("name", "nobody", "who")
flags.DEFINE_integer("count", 2, "how many")
flags.DEFINE_string("log_dir", "logs", "absl has one too")
flags.DEFINE_boolean("loud", default_value=False, docstring="in the old words")
FLAGS = flags.FLAGS

def main(argv):
    print(argv[1:], FLAGS.name, np.int(FLAGS.count) * len(xrange(1)), FLAGS.loud, tf.__version__)
    return 5

if __name__ == "__main__":
    tf.app.run()
"""


def test_a_program_with_flags_starts(tmp_path):
    (tmp_path / "program.py").write_text(PROGRAM)
    command = [sys.executable, "-m", "defrun", "run", "program.py", "--name=me", "rest", "--unknown", "--loud"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.stdout == "['rest', '--unknown'] me 2 True 1.15.5\n"
    assert done.returncode == 5


SUITE = """
import subprocess, sys
import tensorflow as tf
from tensorflow.python.framework import dtypes

def test_here():
    assert tf.float32 is dtypes.float32

def test_in_a_child():
    code = "import tensorflow as tf; import numpy as np; print(tf.__name__, np.float)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "defrun <class 'float'>\\n"
"""


def test_a_test_suite_runs_and_its_children_find_tensorflow(tmp_path):
    (tmp_path / "test_suite.py").write_text(SUITE)
    command = [sys.executable, "-m", "defrun", "run", "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_suite.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert "2 passed" in done.stdout
    assert done.returncode == 0


def test_a_missing_import_says_what_is_known_of_the_name(tmp_path):
    (tmp_path / "script.py").write_text("from tensorflow.contrib.framework import next")
    command = [sys.executable, "-m", "defrun", "run", "script.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert "ImportError: cannot import name 'next'" in done.stderr
    assert "TensorFlow 1.15.5 has no tf.contrib.framework.next" in done.stderr
    assert done.stderr.count("File") == 1  # the script's own line


@pytest.mark.parametrize(
    ("args", "text"),
    [
        ([], "COMMAND"),
        (["jump"], "invalid choice: 'jump'"),
        (["run"], "one of the arguments SCRIPT -m is required"),
        (["run", "-m"], "expected one argument"),
        (["run", "--fast", "x.py"], "unrecognized arguments: --fast"),
    ],
)
def test_wrong_usage(args, text, capsys):
    with pytest.raises(SystemExit) as stop:
        main(args)
    assert stop.value.code == 2
    error = capsys.readouterr().err
    assert text in error
    assert "usage: defrun" in error


def test_help_and_version(capsys):
    for args, text in [(["--help"], "run a TensorFlow 1 program"), (["run", "-h"], "defrun run -m MODULE [ARGS...]")]:
        with pytest.raises(SystemExit) as stop:
            main(args)
        assert stop.value.code == 0
        assert text in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["--version"])
    assert "TensorFlow 1.15.5" in capsys.readouterr().out


PRIVATE_NAMES = """
import tensorflow as tf
from tensorflow.python.framework import ops, tensor_shape, tensor_util
from tensorflow.python.layers import utils
from tensorflow.python.ops import array_ops, math_ops, metrics_impl
from tensorflow.python.util import deprecation
from tensorflow.core.protobuf import config_pb2
import tensorflow.python.training.moving_averages as averages

class Layer:
    @deprecation.deprecated_args(None, "Use units.", "size")
    def __init__(self, units=None, size=None):
        self.units = deprecation.deprecated_argument_lookup("units", units, "size", size)

    def __call__(self, x):
        x = ops.convert_to_tensor(x)
        with ops.name_scope("layer", values=[x]):
            scale = utils.smart_cond(True, lambda: 2.0, lambda: 1.0)
            return array_ops.tile(math_ops.multiply(x, scale), [1, self.units])

y = Layer(size=2)([[1.0, 2.0]])
total = metrics_impl.metric_variable([], tf.float32, name="total")
average = averages.assign_moving_average(tf.Variable(1.0, name="mean"), 3.0, 0.5, zero_debias=False)
with tf.Session(config=config_pb2.ConfigProto()) as session:
    session.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
    print(y.op.name, session.run([y, total, average])[0].tolist())
print(tensor_shape.scalar().ndims, tensor_util.constant_value(ops.convert_to_tensor(3)))
print(tf.python.ops.math_ops is math_ops)
"""


def test_a_script_may_use_private_modules(tmp_path):
    (tmp_path / "private.py").write_text(PRIVATE_NAMES)
    done = subprocess.run(
        [sys.executable, "-m", "defrun", "run", "private.py"], cwd=tmp_path, capture_output=True, text=True, timeout=120
    )
    assert done.stdout == "layer/Tile [[2.0, 4.0, 2.0, 4.0]]\n0 3\nTrue\n", done.stderr
    assert "with size is deprecated" in done.stderr
