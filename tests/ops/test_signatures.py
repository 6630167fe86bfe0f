"""Each op type that TensorFlow 1.15.5 has too takes the inputs and attrs that TensorFlow's takes, by the same names."""

import gzip
import json
from pathlib import Path

import pytest

import defrun  # noqa: F401  (declares every op)
from defrun.base.dtypes import DType
from defrun.graph.attrs import TensorValue
from defrun.graph.opdef import REQUIRED, UNKNOWN_SHAPE, registered
from tests.oracle.opdefs import ask

THEIRS = json.loads(gzip.decompress(Path(ask.__file__).with_name("signatures.json.gz").read_bytes()))
OURS = registered()
SHARED = sorted(OURS.keys() & THEIRS.keys())

# Where we differ, and why: {op type: differences}.
WANTED = {}


def test_most_op_types_are_tensorflows():
    assert len(SHARED) > len(OURS) / 2


@pytest.mark.parametrize("op_type", SHARED)
def test_signature_is_tensorflows(op_type):
    problems = [p for p in differences(OURS[op_type], THEIRS[op_type]) if p not in WANTED.get(op_type, ())]
    assert not problems, "\n".join(["", *problems])


def differences(ours, theirs):
    for side in ("inputs", "outputs"):
        got = [argument(arg) for arg in getattr(ours, side)]
        wanted = [tuple(arg) for arg in theirs[side]]
        if got != wanted:
            yield f"{side} are {got}, TensorFlow: {wanted}"
    attrs = {name: attr for name, attr in ours.attrs.items() if not name.startswith("_")}
    if attrs.keys() != theirs["attrs"].keys():
        yield f"attrs are {sorted(attrs)}, TensorFlow: {sorted(theirs['attrs'])}"
    for name in attrs.keys() & theirs["attrs"].keys():
        yield from attr_differences(attrs[name], theirs["attrs"][name])


def argument(arg):
    kind = arg.type.name if isinstance(arg.type, DType) else arg.type
    return arg.name, kind, "ref" if arg.ref else "", arg.many or ""


def attr_differences(ours, theirs):
    if ours.kind != theirs["kind"]:
        yield f"{ours.name} is of kind {ours.kind}, TensorFlow: {theirs['kind']}"
    if (ours.default is REQUIRED) != ("default" not in theirs):
        yield f"the default of {ours.name} is {plain(ours.default)}, TensorFlow: {theirs.get('default', 'REQUIRED')}"
    elif ours.default is not REQUIRED and not same(plain(ours.default), theirs["default"]):
        yield f"the default of {ours.name} is {plain(ours.default)}, TensorFlow: {theirs['default']}"
    allowed = {plain(v) for v in ours.allowed or ()}
    if "allowed" in theirs and not (allowed and allowed <= set(theirs["allowed"])):
        more = sorted(allowed - set(theirs["allowed"])) if allowed else "anything"
        yield f"{ours.name} allows {more}, TensorFlow doesn't"


def plain(value):
    if isinstance(value, DType):
        return value.name
    if value is UNKNOWN_SHAPE or value is REQUIRED or isinstance(value, TensorValue):  # the answers keep no tensors
        return None
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    return value.decode("latin-1") if isinstance(value, bytes) else value


def same(ours, theirs):
    if isinstance(theirs, list) and isinstance(ours, list) and len(ours) == len(theirs):
        return all(map(same, ours, theirs))
    if isinstance(theirs, float):
        return abs(ours - theirs) <= 1e-6 * abs(theirs)
    return ours == theirs or (not ours and theirs == [])
