"""How the tables in tests/ops/tables write a sample of an op's inputs and attrs."""

import zlib

import numpy as np


class Sample:
    """One entry per input of the signature (a list for ``N * T``, arrays or what NumPy makes one of) and the attrs."""

    def __init__(self, *inputs, **attrs):
        self.inputs, self.attrs = inputs, attrs


def x(*shape):
    """Draw floats between 0.2 and 0.9, the same for the same shape."""
    return np.random.RandomState(zlib.crc32(repr(shape).encode())).uniform(0.2, 0.9, shape)


def z(*shape):
    """Draw complex numbers."""
    return x(*shape) + 1j * x(*shape, 1)[..., 0]


def same(names, *values):
    """Give several ops the same entry (a list, if there is more than one value)."""
    return {name: list(values) if len(values) > 1 else values[0] for name in names.split()}
