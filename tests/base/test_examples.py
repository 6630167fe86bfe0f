"""Examples read all at once and one by one: both give the same, and rubbish is an error."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import defrun as tf
from defrun.base import dtypes
from defrun.base import examples as reader
from defrun.base.errors import InvalidArgumentError
from tests.oracle.values import parsing as wire

WANTED = [("i", dtypes.int64), ("f", dtypes.float32), ("s", dtypes.string), ("a longer key", dtypes.int64)]
NUMBERS = st.one_of(st.integers(0, 200), st.integers(-(1 << 63), (1 << 63) - 1))
VALUES = {
    "i": st.lists(NUMBERS, max_size=5),
    "a longer key": st.lists(NUMBERS, max_size=2),
    "f": st.lists(st.floats(width=32, allow_nan=False), max_size=40),
    "s": st.lists(st.binary(max_size=300), max_size=4),
    "a longer kex": st.just([1]),
}
KINDS = {"i": wire.ints, "a longer key": wire.ints, "f": wire.floats, "s": wire.texts, "a longer kex": wire.ints}
EXAMPLES = st.lists(st.fixed_dictionaries({}, optional=VALUES), min_size=1, max_size=6)


def one_by_one(texts):
    return reader.few((tf.train.Example.FromString(t).features.feature for t in texts), WANTED)


def same(ours, theirs):
    for a, b in zip(ours, theirs, strict=True):
        assert a.counts.tolist() == b.counts.tolist()
        assert a.values.dtype == b.values.dtype
        assert a.values.tolist() == b.values.tolist()


@settings(deadline=None, max_examples=60)
@given(EXAMPLES)
def test_both_ways_give_the_same(batch):
    texts = [wire.example(*((key, KINDS[key](*values)) for key, values in one.items())) for one in batch]
    same(reader.many(texts, WANTED), one_by_one(texts))


@settings(deadline=None, max_examples=60)
@given(EXAMPLES, st.randoms(use_true_random=False))
def test_damage_never_gives_other_values(batch, random):
    texts = [wire.example(*((key, KINDS[key](*values)) for key, values in one.items())) for one in batch]
    damaged = bytearray(texts[-1] + b"\0")
    damaged[random.randrange(len(damaged))] = random.randrange(256)
    texts[-1] = bytes(damaged)
    try:
        ours = reader.many(texts, WANTED)
    except (reader._Unusual, InvalidArgumentError):
        return
    try:
        theirs = one_by_one(texts)
    except Exception:
        return  # damage in what isn't wanted
    same(ours, theirs)


@pytest.mark.parametrize("copies", [1, 100])
@pytest.mark.parametrize(
    ("odd", "values"),
    [(wire.VALUE_FIRST, [3]), (wire.TWO_PACKED, [1, 2]), (wire.LOOSE, [1 << 40]), (wire.TWICE, [2])],
)
def test_odd_layouts(odd, values, copies):
    (column,) = reader.columns([wire.FULL] * copies + [odd], WANTED[:1])
    assert column.values.tolist() == [7] * copies + values


@pytest.mark.parametrize("copies", [0, 100])
@pytest.mark.parametrize(
    "rubbish", [b"\xff" * 12, b"\x0a" + b"\xff" * 11, b"\x0a\xff\xff\xff\xff\x0f", wire.FULL[:-1], b"\x0a"]
)
def test_rubbish_is_refused(rubbish, copies):
    with pytest.raises(InvalidArgumentError, match=f"example {copies}: could not parse"):
        reader.columns([wire.FULL] * copies + [rubbish], WANTED)


def test_parse_example_of_many():
    texts = np.array([wire.FULL, wire.BARE] * 50, object)
    features = {
        "i": tf.FixedLenFeature([], tf.int64),
        "f": tf.FixedLenFeature([2], tf.float32),
        "s": tf.VarLenFeature(tf.string),
        "long feature name": tf.FixedLenFeature([], tf.int64, -1),
    }
    with tf.Graph().as_default(), tf.Session() as session:
        found = session.run(tf.parse_example(texts, features))
    assert found["i"].tolist() == [7, 9] * 50
    assert found["f"].tolist() == [[0.5, -1.5], [1.0, 4.0]] * 50
    assert found["long feature name"].tolist() == [1, -1] * 50
    assert found["s"].dense_shape.tolist() == [100, 3]
    assert found["s"].indices[:4].tolist() == [[0, 0], [0, 1], [0, 2], [2, 0]]
    assert found["s"].values.tolist() == [b"ab", b"", b"c"] * 50
