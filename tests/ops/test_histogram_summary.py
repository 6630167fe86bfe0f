"""Buckets of histograms: each value is where a search among all limits would put it."""

from __future__ import annotations

import jax
import numpy as np
import pytest

from defrun.ops import histogram_summary
from defrun.ops.histogram_summary import LIMITS

_EDGES = np.concatenate([LIMITS, np.nextafter(LIMITS[1:-1], np.inf), np.nextafter(LIMITS[1:-1], -np.inf)])
_EXTREMES = [0.0, -0.0, 5e-324, -5e-324, 1e300, -1e300, 9.09e-13, 1.5e20]


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16, np.int64, np.int32, np.uint8])
def test_the_bucket_of_every_limit_and_its_neighbours(dtype):
    with np.errstate(all="ignore"):
        values = np.concatenate([_EDGES, _EXTREMES]).astype(dtype)
    values = values[np.isfinite(values)]
    floats = values.astype(np.float64)
    want = np.searchsorted(LIMITS, floats, side="right").clip(max=len(LIMITS) - 1)
    counts = np.bincount(want, minlength=len(LIMITS))
    counted = histogram_summary._counted(values)
    np.testing.assert_array_equal(counted[: len(LIMITS)], counts)
    assert counted[len(LIMITS)] == floats.min() and counted[len(LIMITS) + 1] == floats.max()
    digest = histogram_summary.summarize_histogram.definition.digest
    with jax.enable_x64(True):
        on_device = np.asarray(jax.jit(digest.part.body)(values))
    if dtype != np.float64:  # XLA takes what is smaller than 1e-308 for zero
        np.testing.assert_array_equal(on_device[: len(LIMITS)], counts)
    np.testing.assert_allclose(on_device[len(LIMITS) :], counted[len(LIMITS) :], rtol=1e-12)
