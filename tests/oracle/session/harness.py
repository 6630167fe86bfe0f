"""Runs one session case under any `tf` and says what came of it in JSON's terms."""

import functools
import inspect
import math

import numpy as np

from tests.oracle.session import (
    chains,
    decoding,
    definitions,
    errors,
    fetches,
    functions,
    loops,
    optimizers,
    optimizers_contrib,
    partial,
    reversible,
    training,
    unrolled,
    variables,
)

MODULES = (
    variables,
    fetches,
    functions,
    loops,
    chains,
    decoding,
    partial,
    reversible,
    errors,
    definitions,
    training,
    unrolled,
    optimizers,
    optimizers_contrib,
)


def all_cases():
    """Yield (name, function of (tf, run)) for every case, in file order."""
    for module in MODULES:
        group = module.__name__.split(".")[-1]
        for name, function in vars(module).items():
            if name.startswith("_") or not inspect.isfunction(function) or function.__module__ != module.__name__:
                continue
            if "var" not in inspect.signature(function).parameters:
                yield f"{group}.{name}", function
                continue
            for kind in ("ref", "resource"):
                yield f"{group}.{name}[{kind}]", functools.partial(_with_variables, function, kind == "resource")


def _with_variables(function, use_resource, tf, run):
    def var(initial):
        w = tf.Variable(initial, use_resource=use_resource)
        run(w.initializer)
        return w

    return function(tf, run, var)


class Run:
    """`run(fetches, feeds)`, which marks the errors that the session raised."""

    def __init__(self, session):
        self.session = session

    def __call__(self, fetches, feeds=None):
        try:
            return self.session.run(fetches, feeds)
        except Exception as error:
            error.raised_by_run = True
            raise


def outcome(tf, case):
    """Return ({"value": ...} or {"error": class, "at": "run" | "definition"}, the error's message or None)."""
    with tf.Graph().as_default():
        session = tf.Session()
        try:
            return {"value": describe(case(tf, Run(session)))}, None
        except Exception as error:
            at = "run" if hasattr(error, "raised_by_run") else "definition"
            return {"error": _public_class(tf, error), "at": at}, str(error)
        finally:
            session.close()


def _public_class(tf, error):
    """The name that users catch: the nearest class that is Python's own or stands in tf.errors."""
    for kind in type(error).__mro__:
        if kind.__module__ == "builtins" or hasattr(tf.errors, kind.__name__):
            return kind.__name__
    return type(error).__name__


def describe(value):
    """Say a fetched value in JSON: what Python type, dtype and shape it has, and its numbers."""
    if isinstance(value, np.ndarray):
        return {"array": value.dtype.name, "shape": list(value.shape), "values": _plain(value.tolist())}
    if isinstance(value, np.generic):
        return {"scalar": value.dtype.name, "values": _plain(value.item())}
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return {type(value).__name__: {k: describe(v) for k, v in zip(value._fields, value)}}
    if isinstance(value, dict):
        return {type(value).__name__: [[describe(k), describe(v)] for k, v in value.items()]}
    if isinstance(value, (list, tuple)):
        return {type(value).__name__: [describe(v) for v in value]}
    if value is None or isinstance(value, (bool, int, float, str, bytes, complex)):
        return _plain(value)
    return {"object": type(value).__name__}


def _plain(value):
    if isinstance(value, list):
        return [_plain(v) for v in value]
    if isinstance(value, bytes):
        return {"bytes": value.decode("latin1")}
    if isinstance(value, complex):
        return {"complex": [value.real, value.imag]}
    if isinstance(value, float):
        return float(f"{value:.7g}") if math.isfinite(value) else str(value)
    return value


def alike(got, wanted):
    """Say whether two outcomes are the same, to float rounding."""
    if isinstance(wanted, dict):
        return isinstance(got, dict) and got.keys() == wanted.keys() and all(alike(got[k], wanted[k]) for k in wanted)
    if isinstance(wanted, list):
        return isinstance(got, list) and len(got) == len(wanted) and all(map(alike, got, wanted))
    if isinstance(wanted, float) and isinstance(got, float):
        return math.isclose(got, wanted, rel_tol=1e-4, abs_tol=1e-6)
    return got == wanted and type(got) is type(wanted)
