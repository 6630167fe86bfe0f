"""Plain dims, against `TensorShape` and NumPy; and what a table of answers does not show of shapes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from defrun.base import shapes
from defrun.base.shapes import TensorShape, as_dims, broadcast, compatible, from_dims, merge

sizes = st.one_of(st.none(), st.integers(0, 3))
dims = st.one_of(st.none(), st.lists(sizes, max_size=3).map(tuple))
known = st.lists(st.integers(0, 3), max_size=3).map(tuple)


def fits(whole, part):
    """Whether a shape known in full fits a description."""
    return part is None or (len(whole) == len(part) and all(p in (None, w) for w, p in zip(whole, part)))


def outcome(function, *args):
    try:
        return function(*args)
    except ValueError:
        return ValueError


@given(dims, dims)
def test_merge_and_compatible_agree_with_tensor_shape(a, b):
    merged = outcome(merge, a, b)
    assert (merged is not ValueError) == compatible(a, b) == from_dims(a).is_compatible_with(b)
    theirs = outcome(from_dims(a).merge_with, b)
    assert merged == (theirs if theirs is ValueError else as_dims(theirs))


@given(dims, dims, known)
def test_merge_keeps_exactly_what_fits_both(a, b, whole):
    merged = outcome(merge, a, b)
    assert (fits(whole, a) and fits(whole, b)) == (merged is not ValueError and fits(whole, merged))


@given(known, known)
def test_broadcast_is_numpys(a, b):
    assert outcome(broadcast, a, b) == outcome(np.broadcast_shapes, a, b)


@given(dims, dims, known, known)
def test_broadcast_describes_every_result(a, b, whole_a, whole_b):
    result = outcome(np.broadcast_shapes, whole_a, whole_b)
    if result is not ValueError and fits(whole_a, a) and fits(whole_b, b):
        assert fits(result, broadcast(a, b))
        assert outcome(broadcast, a, b) == outcome(broadcast, b, a)


@given(dims)
def test_there_and_back(a):
    assert as_dims(from_dims(a)) == a
    assert as_dims(from_dims(a).as_proto()) == a
    assert as_dims(TensorShape(a)) == a
    assert as_dims(TensorShape(from_dims(a).dims)) == a
    assert repr(TensorShape(a)) == repr(from_dims(a))


@given(dims)
def test_number_of_elements(a):
    assert shapes.is_known(a) == from_dims(a).is_fully_defined()
    assert shapes.count(a) == (int(np.prod(a, dtype=int)) if shapes.is_known(a) else None)


def test_messages_show_both_shapes():
    with pytest.raises(ValueError, match=r"\[2,\?\].*\[3,4\]"):
        merge((2, None), (3, 4))
    with pytest.raises(ValueError, match=r"\[2\].*\[3\]"):
        broadcast((2,), (3,))
    with pytest.raises(ValueError, match=r"\(2, \?\).*\(3,\)"):
        TensorShape([2, None]).merge_with([3])
    assert shapes.text(None) == "<unknown>"


def test_an_unknown_dimension_equals_only_itself():
    shape = TensorShape([None, 3])
    assert shape == shape
    assert shape == TensorShape(shape) == shape[:]
    assert shape != TensorShape([None, 3])
    assert from_dims((None, 3)) != from_dims((None, 3))


def test_dimensions_in_loops_and_slices():
    shape = TensorShape([2, 3])
    assert list(range(shape[1])) == [0, 1, 2]
    assert "abcdef"[shape[0] : shape[0] * 2] == "cd"
    assert np.zeros(shape).shape == (2, 3)
    with pytest.raises(TypeError, match="unknown dimension"):
        range(shapes.Dimension(None))


def test_shapes_by_name():
    assert shapes.scalar() == TensorShape([])
    assert shapes.vector(3) == TensorShape([3])
    assert shapes.matrix(2, 3) == TensorShape([2, 3])
