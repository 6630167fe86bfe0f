"""Every graph case by name: `build_xxx(tf)` adds nodes to the default graph and may return plain facts to compare."""

import inspect

from tests.oracle.graphs import arrays, arrays_rare, basics, inputs, models, nn, nn_rare, scopes, training, variables


def all_cases():
    """Return {name: build function}, in file order."""
    return {
        name[len("build_") :]: function
        for module in (basics, arrays, arrays_rare, scopes, variables, nn, nn_rare, training, models, inputs)
        for name, function in vars(module).items()
        if name.startswith("build_") and inspect.isfunction(function)
    }
