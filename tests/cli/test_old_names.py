"""The names of NumPy 1.18 and Python 3.7 that are back under `defrun run` mean what they meant."""

# ruff: noqa: NPY001, NPY003, NPY201 (the old names are what is tested)

import base64
import collections
import fractions
import inspect
import threading
import time
import unittest

import numpy as np
import pytest

from defrun.cli import old_names

PLACES = [np, np.random, collections, time, inspect, fractions, base64, threading.Thread, unittest.TestCase]


@pytest.fixture(autouse=True)
def restored(monkeypatch):
    """Put the old names back, and take them away afterwards."""
    monkeypatch.setattr(np, "fromstring", np.fromstring)
    monkeypatch.setattr(np, "reshape", np.reshape)
    monkeypatch.setattr(np, "array", np.array)
    monkeypatch.setattr(np, "asarray", np.asarray)
    before = [set(vars(place)) for place in PLACES]
    printing = np.get_printoptions()
    old_names.restore()
    old_names.restore()  # a second time changes nothing
    yield
    for place, names in zip(PLACES, before):
        for name in set(vars(place)) - names:
            delattr(place, name)
    np.set_printoptions(**printing)


def test_numbers_print_as_they_did():
    assert str([np.float32(0.5), np.int64(2), np.array([1.0])]) == "[0.5, 2, array([1.])]"


def test_types():
    assert np.float is float
    assert np.int is int
    assert np.object is object
    assert np.str is np.unicode is str
    assert np.zeros(2, np.bool).dtype == np.bool_
    assert np.zeros(2, np.float_).dtype == np.float64
    assert np.zeros(2, np.complex).dtype == np.complex128
    assert np.array(["a"]).astype(np.string_).dtype.kind == "S"
    assert np.long(3) == 3
    assert np.float16 in np.sctypes["float"]


def test_rows_of_different_lengths():
    rows = np.array(list(zip([np.arange(3), np.arange(3)], [np.arange(2), np.arange(2)])))
    assert rows.shape == (2, 2) and rows.dtype == object
    assert np.asarray([[1], [2, 3]]).tolist() == [[1], [2, 3]]
    with pytest.raises(ValueError, match="inhomogeneous"):
        np.array([[1], [2, 3]], np.float32)


def test_values():
    assert np.Inf == np.infty == np.PINF == -np.NINF == float("inf")
    assert np.isnan(np.NaN)
    assert np.isnan(np.NAN)


def test_functions():
    x = np.array([[1.0, 2.0], [4.0, 3.0]])
    assert np.product(x) == 24
    assert np.cumproduct(x).tolist() == [1, 2, 8, 24]
    assert np.alltrue(x > 0)
    assert np.sometrue(x > 3)
    assert np.rank(x) == 2
    assert np.alen(x) == 2
    assert np.alen(5) == 1
    assert np.trapz([0, 2]) == 1
    assert np.msort(x).tolist() == [[1, 2], [4, 3]]
    assert np.round_(2.6) == 3
    assert type(np.asscalar(np.array([3]))) is int
    assert np.asfarray([1]).dtype == np.float64
    assert np.asfarray([1], np.float32).dtype == np.float32
    assert np.asfarray([1], np.int32).dtype == np.float64
    assert np.in1d([[1, 2], [3, 4]], [2, 3]).tolist() == [False, True, True, False]
    assert np.in1d([1, 2], [2], invert=True).tolist() == [True, False]
    assert issubclass(np.VisibleDeprecationWarning, UserWarning)


def test_random_integers_include_both_ends():
    np.random.seed(0)
    assert set(old_names._random_integers(1, 3, 50).tolist()) == {1, 2, 3}
    assert set(old_names._random_integers(2, size=50).tolist()) == {1, 2}


def test_fromstring_copies_raw_bytes_and_still_reads_text():
    read = np.fromstring(b"\x01\x02", dtype=np.uint8)
    read += 1
    assert read.tolist() == [2, 3]
    assert np.fromstring(b"\x01\x02", np.uint8, count=1).tolist() == [1]
    assert np.fromstring("1 2", sep=" ").tolist() == [1.0, 2.0]
    assert np.fromstring("1,2", np.int32, sep=",").tolist() == [1, 2]


def test_reshape_takes_the_old_name_and_the_new():
    assert np.reshape([1, 2], newshape=(2, 1)).shape == (2, 1)
    assert np.reshape([1, 2], shape=(2, 1)).shape == np.reshape([1, 2], (2, 1)).shape == (2, 1)
    assert np.reshape(a=[[1, 2], [3, 4]], newshape=-1, order="F").tolist() == [1, 3, 2, 4]


def test_python():
    assert issubclass(dict, collections.Mapping)
    assert time.clock() >= 0
    assert fractions.gcd(12, 18) == 6
    assert base64.encodestring(b"a") == b"YQ==\n"
    assert not threading.Thread().isAlive()
    assert unittest.TestCase.assertItemsEqual is unittest.TestCase.assertCountEqual


def test_getargspec():
    def function(a, b=1, *c, **d):
        pass

    spec = inspect.getargspec(function)
    assert spec == (["a", "b"], "c", "d", (1,))
    assert (spec.args, spec.keywords) == (["a", "b"], "d")
    with pytest.raises(ValueError, match="keyword-only"):
        inspect.getargspec(lambda *, a: a)
