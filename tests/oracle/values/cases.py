"""Every value case by family: each module beside this one that has `cases` is a family."""

import importlib
import pathlib

FAMILIES = {}
for _path in sorted(pathlib.Path(__file__).parent.glob("*.py")):
    if _path.stem not in ("ask", "cases", "harness", "__init__"):
        FAMILIES[_path.stem] = importlib.import_module("tests.oracle.values." + _path.stem).cases
