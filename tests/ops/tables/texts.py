"""Samples of ops on text."""

from tests.ops.sample import Sample, x

SAMPLES = {
    "Assert": Sample(True, [x(2, 3)]),
    "DecodeCSV": Sample("1.5,2", [[0.0], [1.0]]),
    "PrintV2": Sample("a"),
    "StringFormat": Sample([x(2, 3)]),
}
