"""Batch normalization of the first graphs is today's."""

import numpy as np
import pytest

import defrun as tf

raw = tf.raw_ops


@pytest.fixture
def session():
    with tf.Graph().as_default(), tf.Session() as session:
        yield session


@pytest.mark.parametrize("scaled", [True, False])
def test_old_batch_normalization(session, scaled):
    chance = np.random.RandomState(0)
    t = tf.constant(chance.randn(2, 3, 3, 4).astype(np.float32))
    m, v, beta, gamma = (tf.constant(np.abs(chance.randn(4)).astype(np.float32)) for _ in range(4))
    old = raw.BatchNormWithGlobalNormalization(
        t=t, m=m, v=v, beta=beta, gamma=gamma, variance_epsilon=0.01, scale_after_normalization=scaled
    )
    new = tf.nn.batch_normalization(t, m, v, beta, gamma if scaled else None, 0.01)
    inputs = [t, m, v, beta, gamma] if scaled else [t, m, v, beta]
    found, wanted = session.run([[y, *tf.gradients(y * y, inputs)] for y in (old, new)])
    for ours, theirs in zip(found, wanted, strict=True):
        assert ours == pytest.approx(theirs, rel=1e-4, abs=1e-4)
