"""Columns of plain numbers are read at once, others field by field: with the same result."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import defrun as tf
from defrun.base.errors import InvalidArgumentError
from defrun.ops import csv

FIELDS = st.one_of(
    st.integers(-(2**34), 2**34).map(str), st.floats(width=32).map(str), st.text("0123456789-+.e _xna", max_size=6)
)


@settings(deadline=None, max_examples=200)
@given(st.lists(FIELDS, min_size=1, max_size=4), st.sampled_from([np.float32, np.float64, np.int32, np.int64]))
def test_quick_columns(fields, kind):
    column = tuple(field.encode() for field in fields)
    default = np.array([], kind)
    quick = csv._quickly(column, default, b"")
    if quick is not None:
        read = csv._reader(default, 0, b"")
        slow = [read(field, number) for number, field in enumerate(column)]
        assert np.array(quick).astype(kind).tolist() == np.array(slow).astype(kind).tolist()


def test_lines_of_every_kind():
    lines = [b"1,a b,0.5", b'2,"c, ""d""",1e3', b"3,,-7", b"4,x,", b"5,NA,.5"]
    with tf.Graph().as_default(), tf.Session() as session:
        found = session.run(tf.decode_csv(np.array(lines, object), [[0], ["?"], [9.0]], na_value="NA"))
        assert [part.tolist() for part in found] == [
            [1, 2, 3, 4, 5], [b"a b", b'c, "d"', b"?", b"x", b"?"], [0.5, 1000.0, -7.0, 9.0, 0.5],
        ]  # fmt: skip
        with pytest.raises(InvalidArgumentError, match="Expect 3 fields but have 2 in record 1"):
            session.run(tf.decode_csv([b"1,2,3", b"4,5"], [[0], [0], [0]]))
        with pytest.raises(InvalidArgumentError, match="Field 0 is not a valid int32: 3000000000 in record 0"):
            session.run(tf.decode_csv([b"3000000000"], [[0]]))
