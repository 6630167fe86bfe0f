"""The graphs we build are TensorFlow 1.15.5's, node for node; tests/oracle/graphs holds what it built."""

import difflib
import gzip
import json
import pathlib
import re

import pytest

import defrun as tf
from tests.oracle.graphs import cases, record

CASES = cases.all_cases()
ANSWERS = {
    name: answer
    for path in (pathlib.Path(cases.__file__).parent / "answers").glob("*.json.gz")
    for name, answer in json.loads(gzip.decompress(path.read_bytes())).items()
}
FIELDS = ("name", "op", "inputs", "device", "attrs", "outputs")

# Graphs that differ on purpose, and why. A case that agrees must leave the list.
WANTED = {
    "contrib_optimizers_of_tasks": "zeros in the place of a gradient keep its shape, so that both branches compile",
    "image_warp": "what an assertion says is in our own words",
    "image_quality": "more is known of the filters' shapes: Const instead of Shape nodes",
}
# Cases whose symbols belong to later work: {case: the first symbol that is missing}.
NOT_YET = {
}


@pytest.mark.parametrize("name", CASES)
def test_graph_is_tensorflows(name):
    if name in NOT_YET:
        missing = re.escape(NOT_YET[name]) + r"\b"
        with tf.Graph().as_default(), pytest.raises((AttributeError, TypeError), match=missing):
            CASES[name](tf)
        pytest.xfail(f"{NOT_YET[name]} belongs to later work")
    with tf.Graph().as_default():
        ours = record.graph_record(tf, CASES[name](tf))
    theirs = ANSWERS[name]
    difference = first_difference(theirs["nodes"], ours["nodes"])
    if name in WANTED:
        assert difference, f"{name} agrees with TensorFlow: take it off WANTED"
        return
    assert not difference, difference
    for key in theirs["collections"]:
        assert ours["collections"].get(key) == theirs["collections"][key], f"collection {key}"
    assert ours["collections"].keys() == theirs["collections"].keys()
    assert ours["facts"] == theirs["facts"]


def test_every_answer_has_its_case():
    assert set(ANSWERS) == set(CASES)
    assert {*WANTED, *NOT_YET} <= set(CASES)


def first_difference(theirs, ours):
    """Return a text about the first node that differs, field by field, or an empty one."""
    for index, (their, our) in enumerate(zip(theirs, ours)):
        different = [f for f, a, b in zip(FIELDS, their, our) if not same(f, a, b)]
        if different:
            return "\n".join([
                "", f"node {index} of {len(theirs)} differs in: {', '.join(different)}",
                *[f"  {f:8}TensorFlow  {a!r}\n  {'':8}defrun      {b!r}" for f, a, b in zip(FIELDS, their, our)
                  if f in different or f == "name"],
                f"  nodes before: {[n[0] for n in theirs[max(0, index - 3):index]]}", only_in_one(theirs, ours),
            ])  # fmt: skip
    if len(theirs) != len(ours):
        return f"\nthe first {min(len(theirs), len(ours))} nodes agree\n{only_in_one(theirs, ours)}"
    return ""


def same(field, their, our):
    """Whether a field is TensorFlow's; we may know more of a shape than TensorFlow does."""
    if field == "outputs" and len(their) == len(our):
        return all(a == b or refines(b, a) for a, b in zip(their, our))
    if field == "inputs" and len(their) == len(our):  # a gradient of ours may take a short cut
        our = [b if not record.inside_gradients(a) else a for a, b in zip(their, our)]
    return comparable(field, their) == comparable(field, our)


def refines(ours, theirs):
    """Whether ``float32[?,7]`` says the same as ``float32[?,?]``, or more."""
    (our_type, _, our_dims), (their_type, _, their_dims) = ours.partition("["), theirs.partition("[")
    if our_type != their_type:
        return False
    if their_dims == "...]":
        return True
    mine, yours = our_dims.rstrip("]").split(","), their_dims.rstrip("]").split(",")
    return len(mine) == len(yours) and all(b in (a, "?") for a, b in zip(mine, yours))


def only_in_one(theirs, ours):
    """Say which nodes (as "name = op") only one of the two has, the first few of each."""
    lines = list(difflib.ndiff([f"{n[0]} = {n[1]}" for n in theirs], [f"{n[0]} = {n[1]}" for n in ours]))
    missing, extra = ([line[2:] for line in lines if line[0] == sign] for sign in "-+")
    return "\n".join(
        f"  {len(nodes)} {what}: {'; '.join(nodes[:8])}{' ...' if len(nodes) > 8 else ''}"
        for what, nodes in (("only in TensorFlow", missing), ("only in defrun", extra))
        if nodes
    )


def comparable(field, value):
    """Blur what may differ: what stands in a gradients scope, and what custom gradients are called."""
    if field == "inputs":
        blurred = ["in gradients" if record.inside_gradients(i.lstrip("^")) else i for i in value]
        data = [b for b, i in zip(blurred, value) if i[0] != "^"]
        control = [b for b, i in zip(blurred, value) if i[0] == "^"]
        return data, [c for c in control if c != "in gradients"], "in gradients" in control
    if field == "attrs" and str(value.get("_gradient_op_type", "")).startswith("CustomGradient"):
        return {k: v for k, v in value.items() if k != "_gradient_op_type"}
    if field == "attrs" and str(value.get("token", "")).startswith("pyfunc_"):  # counted over the whole process
        return {**value, "token": "pyfunc"}
    if field == "attrs" and "['_temp_" in str(value.get("value", "")):  # a saver's own random folder
        return {**value, "value": "a random folder"}
    if field == "attrs" and any(record.inside_gradients(c[len("loc:@") :]) for c in value.get("_class", ())):
        return {**value, "_class": "in gradients"}
    return value
