"""All cases about variables by name. Those that take `var` run with reference and with resource variables."""

import functools
import inspect

from tests.oracle.variables import making, scopes, starting, state


def all_cases():
    """Return {name: function of (tf, run)}."""
    found = {}
    for module in (state, making, scopes, starting):
        group = module.__name__.split(".")[-1]
        for name, function in vars(module).items():
            if name.startswith("_") or not inspect.isfunction(function):
                continue
            if "var" not in inspect.signature(function).parameters:
                found["%s.%s" % (group, name)] = function
                continue
            for kind in ("ref", "resource"):
                found["%s.%s[%s]" % (group, name, kind)] = functools.partial(_of_kind, function, kind == "resource")
    return found


def _of_kind(function, use_resource, tf, run):
    return function(tf, run, functools.partial(tf.Variable, use_resource=use_resource))
