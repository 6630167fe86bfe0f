"""Types, shapes, nested structures, device names and errors answer as TensorFlow 1.15.5 does."""

import re
import types
from pathlib import Path

import pytest

from defrun.base import device, dtypes, errors, logging, nest, shapes
from tests.oracle.base import questions

RECORD = Path(questions.__file__).with_name("answers.json")

tf = types.SimpleNamespace(
    **{name: value for name, value in vars(dtypes).items() if isinstance(value, dtypes.DType)},
    as_dtype=dtypes.as_dtype,
    DType=dtypes.DType,
    QUANTIZED_DTYPES=dtypes.QUANTIZED_DTYPES,
    dimension_value=shapes.dimension_value,
    dimension_at_index=shapes.dimension_at_index,
    DeviceSpec=device.DeviceSpec,
)
NAMES = {
    "tf": tf,
    "D": shapes.Dimension,
    "S": shapes.TensorShape,
    "nest": nest,
    "device": device,
    "common_shapes": shapes,
    "tensor_shape": shapes,
    "dtypes": dtypes,
    "errors": errors,
    "logging": logging,
    "merged": device.merge,
}

# Questions that we answer otherwise, and why.
WANTED = {
    r"dtypes\.(resource|variant)_ref\.size": "TensorFlow forgot the reference types",
    r"(1\.5|'a') (-|//) D\(.*|D\(.*\) % (-1|1\.5|'a')|1\.5 % D\(.*": "Python's TypeError, as for the other operators",
    r"D\(.*\)\.merge_with\((-1|1\.5|'a'|\[2\]|tf\.float32)\)": "ValueError; TensorFlow hands out NotImplemented",
    r"D\(.*\)\.(assert_)?is_compatible_with\((-1|1\.5|'a'|\[2\]|tf\.float32)\)": "no; TensorFlow's is NotImplemented",
    r"float\(D\(\d\)\)|2 in S\(None\), .*": "newer Python",
    r"D\(np\.array\(\[4\]\)\)": "newer NumPy",
    r"tf\.dimension_at_index\(\[1\],0\)": "a list will do",
    r"nest\.pack_sequence_as\(\[1, 2\], (\{.*:.*\}|\{\}|OrderedDict.*|collections\.defaultdict.*)\)": "a TypeError",
    r"errors\.error_code_from_exception_type\((errors\.OpError|ValueError)\)": "TensorFlow hands out an error",
}


@pytest.fixture(scope="module")
def recorded():
    return questions.unpack(RECORD.read_text())


@pytest.mark.parametrize("subject", questions.SUBJECTS)
def test_answers(subject, recorded):
    names = {**questions.HELPERS, **NAMES}
    wrong = []
    for question, theirs in recorded[subject].items():
        ours = questions.answer(question, names)
        if ours != theirs and not any(re.fullmatch(pattern, question) for pattern in WANTED):
            wrong.append(f"{question}: {ours}, TensorFlow: {theirs}")
    assert not wrong, "\n".join([f"{len(wrong)} of {len(recorded[subject])}", *wrong])


def test_wanted_differences_are_differences(recorded):
    differing = {
        question
        for rows in recorded.values()
        for question, theirs in rows.items()
        if questions.answer(question, {**questions.HELPERS, **NAMES}) != theirs
    }
    for pattern, why in WANTED.items():
        assert any(re.fullmatch(pattern, question) for question in differing), (pattern, why)
