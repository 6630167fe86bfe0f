"""What a table of answers does not show of types: that each is one object, and that nobody can change it."""

import copy
import pickle

import ml_dtypes
import numpy as np
import pytest

from defrun.base import dtypes

ALL = [value for value in vars(dtypes).values() if isinstance(value, dtypes.DType)]


@pytest.mark.parametrize("dtype", ALL, ids=str)
def test_each_type_is_one_object(dtype):
    assert dtypes.DType(dtype.as_datatype_enum) is dtype
    assert dtypes.as_dtype(dtype.name) is dtype
    assert copy.deepcopy(dtype) is dtype
    assert pickle.loads(pickle.dumps(dtype)) is dtype
    assert int(dtype) == hash(dtype) == dtype.as_datatype_enum


@pytest.mark.parametrize("dtype", ALL, ids=str)
def test_numpy_types_lead_back(dtype):
    if dtype.is_numpy_compatible:
        assert dtypes.as_dtype(dtype.as_numpy_dtype) is dtype.base_dtype
        assert dtypes.as_dtype(np.dtype(dtype.as_numpy_dtype)) is dtype.base_dtype
        assert np.dtype(dtype.as_numpy_dtype).itemsize == dtype.size


def test_a_type_cannot_be_changed():
    with pytest.raises(AttributeError):
        dtypes.float32.name = "float64"


def test_types_of_numpy_2_and_ml_dtypes():
    assert dtypes.as_dtype(ml_dtypes.bfloat16) is dtypes.bfloat16
    assert dtypes.as_dtype(np.dtype(ml_dtypes.bfloat16)) is dtypes.bfloat16
    assert dtypes.as_dtype(np.dtypes.StringDType()) is dtypes.string
    assert dtypes.bool.as_numpy_dtype is np.bool_
    assert dtypes.string.as_numpy_dtype is np.object_
    assert dtypes.bfloat16.max == ml_dtypes.finfo(ml_dtypes.bfloat16).max
    with pytest.raises(TypeError):
        dtypes.as_dtype(ml_dtypes.float8_e5m2)
    with pytest.raises(TypeError):
        dtypes.as_dtype(ml_dtypes.int4)


def test_messages_name_what_was_given():
    with pytest.raises(TypeError, match="'flaot32'"):
        dtypes.as_dtype("flaot32")
    with pytest.raises(TypeError, match=r"tf\.string has no max"):
        _ = dtypes.string.max
    with pytest.raises(KeyError, match=r"tf\.resource"):
        _ = dtypes.resource.as_numpy_dtype
