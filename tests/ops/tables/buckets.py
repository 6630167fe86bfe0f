"""Samples of searching."""

from tests.ops.sample import Sample, x

SAMPLES = {"Bucketize": Sample(x(2, 3), boundaries=[-0.5, 0.0, 0.5])}
