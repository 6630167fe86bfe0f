"""Samples of random numbers: the shape comes first."""

from defrun.base import dtypes
from tests.ops.sample import Sample, same, x

SAMPLES = {
    **same("RandomStandardNormal RandomUniform TruncatedNormal", Sample([2, 3], dtype=dtypes.float32)),
    "RandomUniformInt": Sample([2, 3], 0, 5),
    "RandomGamma": Sample([4], x(2, 3)),
    "RandomPoisson": Sample([4], x(2, 3)),
    "RandomPoissonV2": Sample([4], x(2, 3)),
    **same("StatelessRandomNormal StatelessRandomUniform StatelessTruncatedNormal", Sample([2, 3], [1, 2])),
    "StatelessRandomUniformInt": Sample([2, 3], [1, 2], 0, 5),
}  # fmt: skip

NO_GRADIENT_CHECK = {
    "RandomGamma": "the derivative of a sampler is implicit: how a sample moves with alpha along its quantile",
}
