"""Samples of what decodes and calls functions."""

from tests.ops.sample import Sample, same

SAMPLES = {
    "GatherTree": Sample([[[1, 2], [3, 4]], [[5, 6], [7, 8]]], [[[0, 0], [0, 0]], [[1, 0], [1, 1]]], [2, 1], 9),
}

NOT_CHECKED = same("PartitionedCall StatefulPartitionedCall", "its body runs graphs of the user's")
