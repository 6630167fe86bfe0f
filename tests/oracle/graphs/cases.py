"""Every graph case: `build_xxx(tf)` in any module here adds nodes to the default graph and may return plain facts."""

import importlib
import inspect
import pathlib


def families():
    """Return {module: {case: build function}}."""
    found = {}
    for path in sorted(pathlib.Path(__file__).parent.glob("*.py")):
        module = importlib.import_module("tests.oracle.graphs." + path.stem)
        members = {n[len("build_") :]: f for n, f in vars(module).items() if n.startswith("build_")}
        members = {n: f for n, f in members.items() if inspect.isfunction(f) and f.__module__ == module.__name__}
        if members:
            found[path.stem] = members
    return found


def all_cases():
    """Return {name: build function}; no two modules may use the same name."""
    together = {}
    for module, members in families().items():
        twice = sorted(set(members) & set(together))
        if twice:
            raise ValueError("%s repeats the names %s" % (module, twice))
        together.update(members)
    return together
