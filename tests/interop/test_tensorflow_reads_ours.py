"""TensorFlow 1.15.5 and the newest one read what defrun writes: `make interop`, which makes their environments."""

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest

from benchmarks import envs
from tests.interop import write

pytestmark = pytest.mark.interop

READER = Path(write.__file__).with_name("read.py")


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("written")
    return folder, write.everything(str(folder))


@pytest.fixture(scope="module", params=["tf1", "tf2"])
def found(request, written):
    folder, expected = written
    python = envs.environment(next(peer for peer in envs.PEERS if peer.name == request.param))
    done = subprocess.run([python, str(READER), str(folder)], capture_output=True, text=True)
    assert not done.returncode, done.stderr[-3000:]
    return json.loads((folder / "found.json").read_text()), expected


def check(found, kind):
    assert "error" not in found[kind], found[kind]["error"]
    return found[kind]


@pytest.mark.parametrize("kind", ["meta_graph", "old_checkpoint", "frozen", "frozen_text", "saved_model"])
def test_models_give_our_numbers(found, kind):
    answers, expected = found
    got = check(answers, kind)
    for name, value in got.items():
        assert np.asarray(value) == pytest.approx(np.asarray(expected["model"][name]), abs=1e-5), name
    assert "y" in got


def test_training_goes_on_in_tensorflow(found):
    answers, expected = found
    trained = np.asarray(check(answers, "meta_graph")["trained"])
    assert trained == pytest.approx(expected["model"]["trained"], abs=1e-5)
    assert trained != pytest.approx(expected["model"]["y"], abs=1e-5)


def test_conditions_and_loops_run(found):
    answers, expected = found
    for got, wanted in zip(check(answers, "functional"), expected["functional"], strict=True):
        assert np.asarray(got) == pytest.approx(wanted, rel=1e-5)


def test_checkpoints_hold_every_kind_of_element(found):
    answers, expected = found
    assert check(answers, "values") == expected["values"]
    raw = check(answers, "value_bytes")
    for name, value in write.VALUES.items():
        wanted = [v.hex() for v in value.ravel()] if value.dtype == object else value.tobytes().hex()
        assert raw[name] == wanted, name


def test_checkpoints_of_objects(found):
    answers, expected = found
    for got, wanted in zip(check(answers, "objects"), expected["objects"], strict=True):
        assert np.asarray(got) == pytest.approx(wanted)


def test_events(found):
    answers, expected = found
    assert check(answers, "events") == expected["events"]


def test_records(found):
    answers, expected = found
    assert check(answers, "records") == expected["records"]
