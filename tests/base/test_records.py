"""Files of records."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tensorboard.compat.tensorflow_stub.pywrap_tensorflow import masked_crc32c

from defrun.base import errors
from defrun.base.checksum import crc32c, masked_crc
from defrun.base.records import read_records, write_record


def test_checksum_of_the_standard():
    assert crc32c(b"123456789") == 0xE3069283
    assert crc32c(b"") == 0


@given(st.integers(0, 5000), st.binary(min_size=1, max_size=7))
def test_checksum_of_any_length_is_tensorboards(length, pattern):
    data = (pattern * length)[:length]
    assert masked_crc(data) == masked_crc32c(data)


def written(*records):
    file = io.BytesIO()
    for record in records:
        write_record(file, record)
    return file.getvalue()


def test_what_was_written_is_read():
    records = [b"", b"one", b"x" * 1000]
    assert list(read_records(io.BytesIO(written(*records)))) == records


@pytest.mark.parametrize("cut", [1, 5, 11, 12, 13, 16])
def test_a_file_that_ends_within_a_record(cut):
    whole = written(b"first", b"second")
    reader = read_records(io.BytesIO(whole[: len(written(b"first")) + cut]))
    assert next(reader) == b"first"
    with pytest.raises(errors.DataLossError):
        next(reader)


@pytest.mark.parametrize("place", [0, 9, 13, 18])
def test_a_damaged_record(place):
    damaged = bytearray(written(b"first"))
    damaged[place] ^= 1
    with pytest.raises(errors.DataLossError):
        list(read_records(io.BytesIO(bytes(damaged))))
