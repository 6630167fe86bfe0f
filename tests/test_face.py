"""The face is what tools/face.py makes of TensorFlow's names and our rooms."""

import subprocess
import sys
from pathlib import Path

import defrun as tf

ROOT = Path(__file__).parents[1]


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
