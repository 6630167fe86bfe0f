"""`defrun board` serves TensorBoard, which finds what a FileWriter wrote."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
import urllib.request

import pytest

import defrun as tf
from defrun.cli import main


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(SystemExit, match="is no folder"):
        main(["board", str(tmp_path / "nothing")])


@pytest.mark.slow
def test_tensorboard_answers_with_what_was_written(tmp_path):
    with tf.Graph().as_default() as graph:
        tf.constant(1.0, name="scope/one")
    with tf.summary.FileWriter(str(tmp_path), graph) as writer:
        writer.add_summary(tf.Summary(value=[tf.Summary.Value(tag="loss", simple_value=0.5)]), 3)
    command = [sys.executable, "-m", "defrun", "board", str(tmp_path), "--port", "0", "--load_fast", "false"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        address = re.search(r"http://\S+?(?=/? )", server.stdout.readline())[0]

        def ask(path):
            with urllib.request.urlopen(f"{address}/data/plugin/{path}") as answer:
                return answer.read().decode()

        end = time.monotonic() + 60
        while "loss" not in ask("scalars/tags") and time.monotonic() < end:
            time.sleep(0.2)
        ((_, step, value),) = json.loads(ask("scalars/scalars?run=.&tag=loss"))
        assert (step, value) == (3, 0.5)
        assert "scope/one" in ask("graphs/graph?run=.")
    finally:
        server.terminate()
        server.wait()
