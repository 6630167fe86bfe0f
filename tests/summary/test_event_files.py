"""Event files: those of TensorFlow are read, ours hold the same events, and a killed process loses nothing flushed."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tensorboard.backend.event_processing.plugin_event_accumulator import EventAccumulator

import defrun as tf
from defrun.base import storage
from defrun.base.records import framed
from tests.oracle.summary import event_files

FILES = Path(event_files.FILES)


def events_of(path):
    return list(tf.train.summary_iterator(str(path)))


def comparable(event):
    """Return an event without the time, with graphs as messages and pictures as pixels."""
    kind = event.WhichOneof("what")
    if kind == "graph_def":
        return kind, event.step, [(n.name, n.op, list(n.input)) for n in tf.GraphDef.FromString(event.graph_def).node]
    if kind == "meta_graph_def":
        meta = tf.MetaGraphDef.FromString(event.meta_graph_def)
        return kind, event.step, meta.meta_info_def.tensorflow_version, len(meta.graph_def.node)
    event.wall_time = 0
    pixels = []
    for value in event.summary.value:
        if value.HasField("image"):
            pixels.append(np.asarray(Image.open(io.BytesIO(value.image.encoded_image_string))).tolist())
            value.image.encoded_image_string = b""
    return event, pixels


@pytest.mark.parametrize("write", event_files.FILES_WRITTEN, ids=lambda f: f.__name__)
def test_a_file_holds_the_events_that_tensorflows_holds(write, tmp_path):
    with tf.Graph().as_default():
        write(tf, str(tmp_path))
    (path,) = tmp_path.iterdir()
    ours, theirs = (list(map(comparable, events_of(p))) for p in (path, FILES / f"{write.__name__}.tfevents"))
    assert ours == theirs


def test_tensorboard_reads_both_alike(tmp_path):
    with tf.Graph().as_default():
        event_files.everything(tf, str(tmp_path))
    (path,) = tmp_path.iterdir()
    read = [EventAccumulator(str(p)) for p in (path, FILES / "everything.tfevents")]
    for one in read:
        one.Reload()
    ours, theirs = read
    assert ours.Tags() == theirs.Tags()
    for tag in ("loss", "layer/weights", "rates/rates/rate", "note", "sound/audio/0"):
        assert [e.tensor_proto for e in ours.Tensors(tag)] == [e.tensor_proto for e in theirs.Tensors(tag)]


# -- damage ------------------------------------------------------------------------------------------------------------


def test_a_damaged_file_is_told_of_with_its_name_and_the_place(tmp_path):
    whole = (FILES / "by_hand.tfevents").read_bytes()
    first = 12 + int.from_bytes(whole[:8], "little") + 4
    second = first + 12 + int.from_bytes(whole[first : first + 8], "little") + 4
    cases = {
        "cut": (whole[: second + 20], 2, f"byte {second}"),
        "flipped": (whole[: first + 14] + b"\xff" + whole[first + 15 :], 1, f"byte {first}"),
        "length": (whole[:second] + b"\xff" * 8 + whole[second + 8 :], 2, f"byte {second}"),
        "endless": (whole[:first] + _claims(2**60), 1, f"byte {first}"),
        "other": (whole[:first] + framed(b"\xff\xff no event"), 1, "holds no Event"),
    }
    for name, (data, good, place) in cases.items():
        (tmp_path / name).write_bytes(data)
        found = []
        with pytest.raises(tf.errors.DataLossError, match=f"{name}.*{place}"):
            found.extend(tf.train.summary_iterator(str(tmp_path / name)))
        for i, event in enumerate(tf.train.summary_iterator(str(tmp_path / name))):
            assert event == tf.Event.FromString(event.SerializeToString())
            if i + 1 == good:
                break
        assert i + 1 == good


def _claims(length):
    """A record that claims to be this long, and rightly so by its checksum."""
    return framed(b"")[:0] + length.to_bytes(8, "little") + _masked(length.to_bytes(8, "little")) + b"little"


def _masked(data):
    return framed(data)[-4:]


# -- crashes and full disks --------------------------------------------------------------------------------------------

_KILLED = """
import sys, time
import defrun as tf

writer = tf.summary.FileWriter(sys.argv[1], flush_secs=600)
step = 0
while True:
    for _ in range(7):
        step += 1
        writer.add_summary(tf.Summary(value=[tf.Summary.Value(tag="step", simple_value=step)]), step)
    writer.flush()
    print(step, flush=True)
"""


def test_a_killed_process_has_written_what_it_flushed(tmp_path):
    process = subprocess.Popen([sys.executable, "-c", _KILLED, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    for line in process.stdout:
        if int(line) > 300:
            break
    process.send_signal(signal.SIGKILL)
    flushed = max(map(int, [line, *process.communicate()[0].split()]))
    (path,) = tmp_path.iterdir()
    steps = []
    try:
        steps.extend(event.step for event in tf.train.summary_iterator(str(path)))
    except tf.errors.DataLossError:  # it was about to write more
        for event in tf.train.summary_iterator(str(path)):
            steps.append(event.step)
            if event.step == flushed:
                break
    assert steps[: flushed + 1] == list(range(flushed + 1))


def test_events_are_written_without_being_asked_for(tmp_path):
    with tf.summary.FileWriter(str(tmp_path), max_queue=5, flush_secs=600) as writer:
        summary = tf.Summary(value=[tf.Summary.Value(tag="a", simple_value=1.0)])
        writer.add_summary(summary, 0)
        assert _eventually(lambda: len(_steps(tmp_path)) == 2)  # the first is there at once
        for step in range(1, 6):
            writer.add_summary(summary, step)
        assert _eventually(lambda: len(_steps(tmp_path)) == 7)  # five are waiting: that is many enough
    with tf.summary.FileWriter(str(tmp_path), flush_secs=0.1, filename_suffix=".timed") as writer:
        writer.add_summary(summary, 0)
        assert _eventually(lambda: len(_steps(tmp_path, ".timed")) == 2)
        writer.add_summary(summary, 1)
        assert _eventually(lambda: len(_steps(tmp_path, ".timed")) == 3)


def _steps(folder, suffix=""):
    paths = [p for p in folder.iterdir() if p.name.endswith(".timed") == bool(suffix)]
    try:
        return [event.step for path in paths for event in tf.train.summary_iterator(str(path))]
    except tf.errors.DataLossError:
        return []


def _eventually(holds):
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.01)
    return False


def test_many_threads_may_write(tmp_path):
    with tf.summary.FileWriter(str(tmp_path)) as writer:

        def write(start):
            for step in range(start, start + 200):
                writer.add_summary(tf.Summary(value=[tf.Summary.Value(tag="a", simple_value=step)]), step)
                if step % 50 == 0:
                    writer.flush()

        threads = [threading.Thread(target=write, args=(start,)) for start in (0, 1000, 2000)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    (path,) = tmp_path.iterdir()
    steps = [event.step for event in tf.train.summary_iterator(str(path))][1:]
    assert sorted(steps) == [start + i for start in (0, 1000, 2000) for i in range(200)]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a disk that is always full")
def test_a_full_disk_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(storage, "open_file", lambda path, mode="rb": Path("/dev/full").open("wb"))  # noqa: SIM115
    writer = tf.summary.FileWriter(str(tmp_path))
    writer.add_graph(tf.Graph(), 0)
    for act in (writer.flush, writer.close):
        with pytest.raises(tf.errors.ResourceExhaustedError, match="No space left"):
            act()


@pytest.mark.skipif(os.getuid() == 0, reason="root may write anywhere")
def test_a_folder_that_must_not_be_written(tmp_path):
    (tmp_path / "closed").mkdir(mode=0o500)
    with pytest.raises(tf.errors.PermissionDeniedError):
        tf.summary.FileWriter(str(tmp_path / "closed" / "in it"))


def test_a_step_that_is_too_large(tmp_path):
    with tf.summary.FileWriter(str(tmp_path)) as writer, pytest.raises(ValueError, match="64 bits"):
        writer.add_summary(tf.Summary(), 2**63)


def test_summaries_of_others_go_to_any_store():
    with tf.summary.FileWriter("memory://logs/run") as writer:
        writer.add_summary(tf.Summary(value=[tf.Summary.Value(tag="a", simple_value=1.0)]), 3)
    (path,) = tf.gfile.Glob("memory://logs/run/*")
    assert [event.step for event in tf.train.summary_iterator(path)] == [0, 3]
