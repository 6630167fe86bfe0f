"""Modules that Python 3.12 dropped, as far as programs of TensorFlow 1's age use them: `distutils.version`, `imp`."""

from __future__ import annotations

import functools
import importlib
import importlib.util
import re
import sys
from types import ModuleType
from typing import Any


@functools.total_ordering
class LooseVersion:
    """A version that compares by its parts: numbers as numbers, the rest as text.

    Parameters
    ----------
    vstring : str
        Such as "1.15.0rc1", whose parts are 1, 15, 0, "rc" and 1.
    """

    def __init__(self, vstring: str = ""):
        self.vstring = vstring
        parts = [part for part in re.split(r"(\d+|[a-z]+|\.)", vstring) if part not in ("", ".")]
        self.version: list[Any] = [int(part) if part.isdigit() else part for part in parts]

    def __str__(self) -> str:
        return self.vstring

    def __repr__(self) -> str:
        return f"{type(self).__name__} ('{self}')"

    def __hash__(self) -> int:
        return hash(tuple(self.version))

    def __eq__(self, other: object) -> bool:
        return self.version == _version(other).version

    def __lt__(self, other: object) -> bool:
        return self.version < _version(other).version


class StrictVersion(LooseVersion):
    """A version of two or three numbers and perhaps `aN` or `bN`; 1.2 is 1.2.0, and 1.2a1 comes before it.

    Raises
    ------
    ValueError
        For any other text.
    """

    def __init__(self, vstring: str = ""):
        self.vstring = vstring
        found = re.fullmatch(r"(\d+)\.(\d+)(?:\.(\d+))?(?:([ab])(\d+))?", vstring)
        if vstring and not found:
            raise ValueError(f"invalid version number {vstring!r}")
        major, minor, patch, stage, count = found.groups() if found else ("0", "0", None, None, None)
        self.version = [int(major), int(minor), int(patch or 0), stage or "final", int(count or 0)]


def _version(value: object) -> LooseVersion:
    return value if isinstance(value, LooseVersion) else LooseVersion(str(value))


def _strtobool(val: str) -> int:
    if val.lower() in ("y", "yes", "t", "true", "on", "1"):
        return 1
    if val.lower() in ("n", "no", "f", "false", "off", "0"):
        return 0
    raise ValueError(f"invalid truth value {val!r}")


def _load_source(name: str, pathname: str) -> ModuleType:
    spec: Any = importlib.util.spec_from_file_location(name, pathname)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


_MODULES: dict[str, dict[str, Any]] = {
    "distutils": {"__path__": []},
    "distutils.version": {"LooseVersion": LooseVersion, "StrictVersion": StrictVersion},
    "distutils.util": {"strtobool": _strtobool},
    "imp": {"reload": importlib.reload, "load_source": _load_source, "new_module": ModuleType},
}


def restore() -> None:
    """Put the modules back that this Python does not have, nor any package."""
    for top in ("distutils", "imp"):
        if top in sys.modules or importlib.util.find_spec(top) is not None:
            continue
        for name, contents in _MODULES.items():
            if name.partition(".")[0] == top:
                module = sys.modules[name] = ModuleType(name, "A part of what Python 3.11 had under this name.")
                vars(module).update(contents)
                parent, _, last = name.rpartition(".")
                if parent:
                    setattr(sys.modules[parent], last, module)
