"""The face is what tools/face.py makes of TensorFlow's names and our rooms."""

import ast
import enum
import inspect
import math
import subprocess
import sys
from pathlib import Path

import pytest

import defrun as tf
from defrun.base import names

ROOT = Path(__file__).parents[1]

SIGNATURES = [
    line.split(" ", 1)
    for line in (ROOT / "tests" / "oracle" / "names" / "signatures.txt").read_text().splitlines()[1:]
    if not line.endswith(" (*args, **kwargs)")  # messages, named tuples and constants: nobody makes them by position
]

# What is called otherwise than TensorFlow calls it, and why.
OTHERWISE = {
    "Operation": "only a graph makes them",
    "Variable": "its metaclass takes the parameters",
    "errors.UnknownError": "None stands for UNKNOWN",
    "ensure_shape": "the op's name of its input",
    "nest.assert_same_structure": "composites are always expanded or never",
    "nest.flatten": "composites are always expanded or never",
    "nest.is_nested": "one name for the parameter of all of them",
    "nest.map_structure": "composites are always expanded or never",
    "nest.pack_sequence_as": "composites are always expanded or never",
}


def test_the_face_is_up_to_date():
    done = subprocess.run([sys.executable, "tools/face.py", "--check"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, f"{done.stdout}{done.stderr}\nmake face writes it"


def test_one_object_has_all_its_names():
    assert tf.add is tf.math.add is tf.compat.v1.add is tf.compat.v1.math.add
    assert tf.gfile.Open is tf.gfile.GFile is tf.io.gfile.GFile
    assert tf.float32 is tf.dtypes.float32
    assert tf.half is tf.float16
    assert tf.OpError is tf.errors.OpError
    assert tf.app.flags is tf.flags
    assert tf.contrib.framework.nest.flatten is tf.nest.flatten


def test_versions_are_those_of_the_interface():
    assert tf.__version__ == tf.VERSION == tf.version.VERSION == "1.15.5"


def here(name):
    try:
        found = names.find(name)
    except AttributeError:
        return None
    return None if isinstance(found, type) and issubclass(found, enum.Enum) else found


def parameters_of(text):
    """Return ([parameter], {parameter: default}) of a signature as tests/oracle/names wrote it; ... for objects."""
    arguments = ast.parse(f"def f{text.replace('=?', '=...')}: pass").body[0].args
    found = [argument.arg for argument in arguments.args]
    defaults = dict(zip(found[::-1], arguments.defaults[::-1]))
    defaults.update({a.arg: d for a, d in zip(arguments.kwonlyargs, arguments.kw_defaults) if d is not None})
    return found, {name: value_of(default) for name, default in defaults.items()}


def value_of(node):
    """Return the value of a literal, or of -inf, inf and nan, which are none."""
    return eval(compile(ast.Expression(node), "signatures.txt", "eval"), {"inf": math.inf, "nan": math.nan})


def difference(name, signature):
    """Say how a function's parameters differ from TensorFlow's; "" if they don't."""
    theirs, their_defaults = parameters_of(signature)
    ours = inspect.signature(here(name)).parameters
    positional = [p.name for p in ours.values() if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    if any(p.kind is p.VAR_POSITIONAL for p in ours.values()):  # hands the rest on
        theirs = theirs[: len(positional)]
        their_defaults = {name: default for name, default in their_defaults.items() if name in positional}
    if positional[: len(theirs)] != theirs:
        return f"takes {positional}, not {theirs}"
    for parameter, default in their_defaults.items():
        mine = ours[parameter].default if parameter in ours else inspect.Parameter.empty
        same = default is ... or (mine == default and isinstance(mine, bool) == isinstance(default, bool))
        if mine is inspect.Parameter.empty or not same:
            return f"{parameter}={default!r} is {mine!r} here"
    return ""


@pytest.mark.parametrize(("name", "signature"), [pair for pair in SIGNATURES if here(pair[0])], ids=lambda text: text)
def test_parameters_and_defaults_are_tensorflows(name, signature):
    if name in OTHERWISE:
        pytest.skip(OTHERWISE[name])
    assert not difference(name, signature)


def imported_by(statements):
    """Return the modules that a new interpreter has after these statements."""
    code = f"{statements}\nimport sys\nprint(*sys.modules, sep='\\n')"
    return set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())


def test_importing_defrun_loads_little():
    loaded = imported_by("import defrun")
    ours = {name for name in loaded if name.startswith("defrun")}
    assert len(ours) < 120, sorted(ours)
    rarely = ("PIL", "rich", "re2", "unittest", "google_crc32c", "jax.extend", "tensorboard.compat.tensorflow_stub")
    faces = ("contrib", "image", "io", "keras", "layers", "losses", "metrics", "nn", "raw_ops", "strings", "train")
    assert not loaded & {*rarely, *(f"defrun.{face}" for face in faces)}


def test_an_op_type_is_found_without_its_module():
    code = "from defrun.graph.opdef import find\nassert find('NonMaxSuppressionV3').inputs and find('Nothing') is None"
    loaded = imported_by(code)
    assert "defrun.ops.image.suppress" in loaded and "defrun.ops.strings.regex" not in loaded


def test_a_face_lists_what_was_not_asked_for_yet():
    code = "import defrun as tf\nassert {'cholesky', 'nn'} <= set(dir(tf))\nfrom defrun.nn import *\nassert relu"
    assert "defrun.ops.activation" in imported_by(code)
