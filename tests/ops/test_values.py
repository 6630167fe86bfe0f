"""Our values, gradients, static shapes and errors are TensorFlow 1.15.5's; tests/oracle/values holds what it answered.

Cases run many at a time in one graph and one `Session.run`, with and without known static shapes; where that run fails,
each of its cases runs alone, so that only the culprit's test fails.
"""

import functools
import itertools
import json
import pathlib

import numpy as np
import pytest

import defrun as tf
from tests.oracle.values import cases, harness

TOGETHER = 40
STORES = {path.stem: np.load(path) for path in (pathlib.Path(cases.__file__).parent / "answers").glob("*.npz")}
ANSWERS = {family: json.loads(store["index"].tobytes()) for family, store in STORES.items()}
# Where we differ on purpose, and why. A case that agrees must leave the list.
WANTED = {
    "sqrt_special": "the root of infinity is infinity; TensorFlow's vectorized path gives NaN",
    "rsqrt_special": "1 over the root of infinity is 0; TensorFlow's vectorized path gives NaN",
    "maximum_nan": "NaN wins from either side; TensorFlow's NaN wins only as the first of the two",
}
# Cases whose symbols belong to later work: {case: the first symbol that is missing}.
NOT_YET: dict[str, str] = {}
NAMES = [(family, name) for family, members in cases.FAMILIES.items() for name in members]


@pytest.mark.parametrize(("family", "name"), NAMES, ids=[name for _, name in NAMES])
def test_values_are_tensorflows(family, name):
    problems = [p for known in (True, False) for p in differences(family, name, known)]
    if name in NOT_YET:
        missing = f"{NOT_YET[name]} is part of TensorFlow"
        assert any(missing in p for p in problems), f"take {name} off NOT_YET\n{problems}"
        pytest.xfail(f"{NOT_YET[name]} belongs to later work")
    elif name in WANTED:
        assert problems, f"{name} agrees with TensorFlow: take it off WANTED"
        assert all("differs at 1 of" in p for p in problems), "\n".join(["", *problems])
    else:
        assert not problems, "\n".join(["", *problems])


def test_every_answer_has_its_case():
    assert {f: set(m) for f, m in ANSWERS.items()} == {f: set(m) for f, m in cases.FAMILIES.items()}
    assert not {*WANTED, *NOT_YET} - {name for _, name in NAMES}


def differences(family, name, known):
    """Yield a line for everything in which a case differs, built with or without known static shapes."""
    answer, label = ANSWERS[family][name], "" if known else "with unknown static shapes: "
    wanted_error = answer.get("error" if known else "unknown_error")
    got = results(family, name)[known]
    if wanted_error or got.error:
        if not wanted_error:
            yield f"{label}{got.at} raised {got.error[0]}: {got.error[2]}"
        elif not got.error:
            yield f"{label}wanted {wanted_error[0]} at {wanted_error[1]}, got {got.outputs}"
        elif [*got.error[:2]] != wanted_error:
            yield f"{label}wanted {wanted_error[0]} at {wanted_error[1]}, got {got.error}"
        return
    shapes = answer["shapes"] if known or "unknown_shapes" not in answer else answer["unknown_shapes"]
    if got.shapes != shapes:
        yield f"{label}static shapes {got.shapes}, wanted {shapes}"
    if "outputs" not in answer:
        return
    tolerance = cases.FAMILIES[family][name].tolerance
    for index, (value, place) in enumerate(zip(got.outputs, answer["outputs"], strict=True)):
        yield from different(f"{label}output {index}", value, stored(family, place), tolerance)
    if isinstance(answer["gradients"], list):
        for index, (value, place) in enumerate(zip(got.gradients, answer["gradients"], strict=True)):
            yield from different(f"{label}gradient {index}", value, stored(family, place), 4 * tolerance)


def different(label, got, wanted, tolerance):
    """Yield what is different between two arrays, at most one line."""
    if wanted is None or got is None:
        if wanted is not got:
            yield f"{label} is {got}, wanted {wanted}"
        return
    got = np.asarray(got, object if isinstance(got, bytes) else None)
    if (got.dtype.name, got.shape) != (wanted.dtype.name, wanted.shape):
        yield f"{label} is {got.dtype}{list(got.shape)}, wanted {wanted.dtype}{list(wanted.shape)}"
        return
    if wanted.dtype.kind in "fc":
        finite = wanted[np.isfinite(wanted)]
        scale = max(np.abs(finite).max(initial=0.0), 0.01)
        near = tolerance * float(scale) * (1.0 if wanted.dtype.itemsize == 2 else 0.1)
        same = np.isclose(got, wanted, rtol=tolerance, atol=near, equal_nan=True)
    else:
        same = np.asarray(got == wanted, bool)
    if not np.all(same):
        where = tuple(int(i) for i in np.argwhere(~same)[0])
        count = f"{np.sum(~same)} of {same.size} places"
        yield f"{label} differs at {count}; at {list(where)} {got[where]!r}, not {wanted[where]!r}"


@functools.cache
def flat(family, dtype):
    return STORES[family][dtype]


def stored(family, place):
    """Return the array that a family's answers keep at a place, see tests/oracle/values/ask.py."""
    if place is None:
        return None
    name, shape, where = place
    if name == "object":
        return harness.as_bytes([text.encode("latin1") for text in where]).reshape(shape)
    return flat(family, name)[where : where + int(np.prod(shape))].reshape(shape)


class Result:
    """What came of one case: its values, or the error as (class, "definition" or "run", message)."""

    error = None
    outputs = gradients = shapes = ()

    def fail(self, error, at):
        self.error, self.at = (harness.public_class(tf, error), at, str(error)[:400]), f"at {at} it"

    def take(self, fetched):
        self.outputs, gradients = fetched
        self.gradients = [None if g is None else harness.dense(g) for g in gradients]


def results(family, name):
    """Return {known static shapes?: Result} of one case."""
    names = list(cases.FAMILIES[family])
    return chunk_results(family, names.index(name) // TOGETHER)[name]


@functools.cache
def chunk_results(family, number):
    """Run `TOGETHER` cases of a family at once and return {name: {known: Result}}."""
    names = list(itertools.islice(cases.FAMILIES[family], number * TOGETHER, (number + 1) * TOGETHER))
    jobs = [(n, known) for n in names for known in (True, False)]
    out = {name: {True: Result(), False: Result()} for name in names}
    calm = [(n, k) for n, k in jobs if not ANSWERS[family][n].get("error" if k else "unknown_error")]
    if not run_together(family, calm, out):
        for job in calm:
            run_together(family, [job], out, alone=True)
    for job in jobs:
        if job not in calm:
            run_together(family, [job], out, alone=True)
    return out


def run_together(family, jobs, out, alone=False):
    """Build and run cases in one graph; return whether the run succeeded."""
    with tf.Graph().as_default(), tf.Session() as session:
        built = []
        for name, known in jobs:
            result = out[name][known] = Result()
            try:
                nodes = harness.Built(tf, cases.FAMILIES[family][name], known)
                result.shapes = nodes.shapes()
                built.append((result, nodes, gradients(family, name, nodes)))
            except Exception as error:
                result.fail(error, "definition")
        feeds = {x: value for _, nodes, _ in built for x, value in nodes.feeds.items()}
        fetches = [(nodes.outputs, [g for g in grads if g is not None]) for _, nodes, grads in built]
        try:
            fetched = session.run(fetches, feeds) if fetches else []
        except Exception as error:
            if alone:
                built[0][0].fail(error, "run")
            return False
        for (result, _, grads), (values, present) in zip(built, fetched):
            present = iter(present)
            result.take((values, [None if g is None else next(present) for g in grads]))
        return True


def gradients(family, name, nodes):
    """Add the gradients that TensorFlow was asked for."""
    answer = ANSWERS[family][name]
    if not isinstance(answer.get("gradients"), list) or not answer["gradients"]:
        return []
    return nodes.add_gradients(tf, [stored(family, place) for place in answer["outputs"]])
