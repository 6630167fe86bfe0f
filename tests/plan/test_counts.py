"""Segments whose number only their ids tell are summed on the device, once the host has counted them."""

import numpy as np
import pytest

import defrun as tf

REDUCE = {
    "sum": (tf.segment_sum, np.sum, 0),
    "mean": (tf.segment_mean, np.mean, 0),
    "prod": (tf.segment_prod, np.prod, 1),
    "max": (tf.segment_max, np.max, 0),
    "min": (tf.segment_min, np.min, 0),
}
ROWS = np.random.RandomState(0).randint(-9, 9, [7, 3])


@pytest.fixture(autouse=True)
def session():
    with tf.Graph().as_default(), tf.Session() as session:
        yield session


@pytest.mark.parametrize("kind", [tf.float32, tf.int32])
@pytest.mark.parametrize("name", REDUCE)
def test_the_device_finds_what_the_host_finds(session, name, kind):
    reduce, with_numpy, empty = REDUCE[name]
    rows, ids = tf.placeholder(kind, [None, 3]), tf.placeholder(tf.int32, [None])
    kept = reduce(-rows, ids)
    out = tf.abs(kept)
    given = {rows: ROWS, ids: [0, 0, 2, 2, 2, 5, 5]}
    assert [s.device for s in session.explain(kept, given).stages] == [True, False]
    assert [s.device for s in session.explain(out, given).stages] == [False, True]
    wanted = np.full([6, 3], empty, np.float64)
    for i in (0, 2, 5):
        wanted[i] = with_numpy(-ROWS[np.array(given[ids]) == i], axis=0)
    if kind is tf.int32:
        wanted = np.trunc(wanted) if name != "mean" else np.floor(wanted)
    np.testing.assert_allclose(session.run(kept, given), wanted, rtol=1e-6)
    np.testing.assert_allclose(session.run(out, given), np.abs(wanted), rtol=1e-6)
    assert session.run(out, {rows: np.zeros([0, 3]), ids: []}).shape == (0, 3)


@pytest.mark.parametrize("ids", [[1, 0, 2], [-1, 0, 1], [-2, -1, -1], [0, 1], [0, 1, 1, 2]], ids=str)
def test_wrong_ids_are_errors_there_too(session, ids):
    rows, numbers = tf.placeholder(tf.float32, [None, 1]), tf.placeholder(tf.int32, [None])
    out = tf.abs(tf.segment_sum(rows + 1.0, numbers))
    with pytest.raises(tf.errors.InvalidArgumentError):
        session.run(out, {rows: np.zeros([3, 1]), numbers: ids})
