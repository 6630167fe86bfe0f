"""The example that hears notes: its parts, and, once `make pretrained` has fetched the model, TensorFlow's numbers."""

import pathlib

import numpy as np
import pytest

import defrun as tf
from examples import pretrained
from tests.oracle.pretrained import ask

MODEL = pretrained.OUT / pretrained.MODEL
fetched = pytest.mark.skipif(not MODEL.exists(), reason="the model is not there; `make pretrained` fetches it")


def test_names_and_keys_are_each_others():
    assert [pretrained.name_of(k) for k in (0, 39, 48, 87)] == ["A0", "C4", "A4", "C8"]
    assert all(pretrained.key_of(pretrained.name_of(k)) == k for k in range(88))


def test_a_sound_is_read_as_it_was_written(tmp_path):
    pretrained.write_tune(tmp_path / "a.wav", ["A4"])
    samples = pretrained.read_sound(tmp_path / "a.wav")
    assert len(samples) == int(0.4 * pretrained.RATE)
    assert np.argmax(np.abs(np.fft.rfft(samples))) * pretrained.RATE / len(samples) == pytest.approx(440, abs=2)


def test_windows_overlap_by_their_edges():
    samples = np.arange(1, 100_001, dtype=np.float32)
    cut = pretrained.windows(samples)[:, :, 0]
    inner = cut[:, pretrained.EDGE * pretrained.HOP : -pretrained.EDGE * pretrained.HOP].ravel()
    assert (inner[: len(samples)] == samples).all()
    assert not inner[len(samples) :].any()


def test_notes_begin_where_keys_are_struck():
    held, struck = np.zeros([2, 60, 88])
    held[10:30, 40] = struck[10, 40] = 0.9
    held[20:24, 50] = struck[20, 50] = 0.9  # too short
    ((start, key, length),) = pretrained.notes_in(held, struck)
    assert (start, key, length) == (10 * 256 / 22050, 40, 20 * 256 / 22050)


@fetched
def test_the_model_gives_tensorflows_numbers(tmp_path, monkeypatch):
    monkeypatch.setattr(ask, "OUT", tmp_path)
    pretrained.write_tune(tmp_path / "tune.wav")
    predict = tf.contrib.predictor.from_saved_model(str(MODEL))
    (name,) = predict.feed_tensors
    found = predict({name: ask.window()})
    with np.load(pathlib.Path(ask.__file__).with_name("answers.npz")) as answers:
        for key in ("note", "onset"):
            wanted = answers[key] / 65535
            assert wanted.max() > 0.7
            assert found[key][0, :: ask.EVERY] == pytest.approx(wanted, abs=1e-3)


@fetched
def test_it_hears_what_was_played(tmp_path):
    pretrained.write_tune(tmp_path / "tune.wav")
    heard = pretrained.notes_in(*pretrained.listen(pretrained.read_sound(tmp_path / "tune.wav")))
    assert [pretrained.name_of(key) for _, key, _ in heard] == pretrained.TUNE
