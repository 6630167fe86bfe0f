"""Builds a case on any `tf`, runs it, and tells what came out, as arrays that can be kept."""

import importlib
import inspect

import numpy as np

MODULES = ("networks", "cells")


def cases():
    """Return {name: function} of all modules of cases."""
    found = {}
    for module in MODULES:
        members = vars(importlib.import_module("tests.oracle.recurrent." + module)).items()
        for name, member in members:
            if name.startswith("case_") and inspect.isfunction(member):
                assert name not in found
                found[name[len("case_") :]] = member
    return found


def array(shape, salt=0, scale=1.0, dtype="float32"):
    """Return numbers that are the same everywhere."""
    count = int(np.prod(shape))
    values = np.sin(np.arange(1, count + 1) * (1.7 + salt)) * scale
    return values.reshape(shape).astype(dtype)


def answer(tf, case):
    """Return {what: array}: results, names of variables, nodes counted, seeds; or where it was refused, and how."""
    try:
        with tf.Graph().as_default() as graph:
            tf.set_random_seed(1234)
            built = case(tf)
            fetches, feeds = built if isinstance(built, tuple) else (built, {})
            found = {"nodes": np.array(graph._last_id)}
            variables = tf.global_variables()
            found["variables"] = np.array([v.name for v in variables] or [""])
            with tf.Session() as session:
                session.run(tf.global_variables_initializer())
                for variable, value in zip(variables, session.run(variables)):
                    found["start " + variable.name] = np.array(summary(value))
                flat = tf.contrib.framework.nest.flatten(fetches)
                for number, value in enumerate(session.run(flat, feeds)):
                    found["result %d" % number] = np.asarray(value)
        return found
    except Exception as error:
        return {"error": np.array(type(error).__name__), "message": np.array(str(error))}


def summary(value):
    """Return a few numbers that tell a variable's first value."""
    flat = np.asarray(value, np.float64).reshape(-1)
    return [flat.size, flat.sum(), np.abs(flat).sum(), flat[0], flat[-1]] if flat.size else [0]
