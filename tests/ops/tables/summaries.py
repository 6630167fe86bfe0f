"""Samples of summaries."""

from tests.ops.sample import Sample, x

SAMPLES = {
    "ScalarSummary": Sample(["a", "b"], x(2)),
    "HistogramSummary": Sample("a", x(2, 3)),
    "ImageSummary": Sample("a", x(2, 3, 3, 1)),
    "AudioSummaryV2": Sample("a", x(1, 5), 8000.0),
    "TensorSummaryV2": Sample("a", x(2, 3), ""),
    "MergeSummary": Sample([""]),
}  # fmt: skip
