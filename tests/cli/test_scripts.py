"""Whole scripts say under `defrun run` what they say with TensorFlow 1.15.5: tests/oracle/scripts holds both."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parents[1] / "oracle" / "scripts"
ANSWERS = json.loads((SCRIPTS / "answers.json").read_text())


def plain(line):
    """Return a line without the folders in it."""
    return re.sub(r"/\S+/", "", line)


@pytest.mark.parametrize("name", ANSWERS)
def test_a_script_says_what_it_says_with_tensorflow(name):
    done = subprocess.run(
        [sys.executable, "-m", "defrun", "run", SCRIPTS / f"{name}.py"], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    assert list(map(plain, done.stdout.splitlines())) == list(map(plain, ANSWERS[name]))
