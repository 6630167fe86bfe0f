"""`import tensorflow` without TensorFlow: an import hook that finds our own face under its name.

`tensorflow` is defrun itself, `tensorflow.nn` is `defrun.nn`, and so on for every module of TensorFlow's public face.
Private ones, such as `tensorflow.python.ops.math_ops`, do not exist here; each becomes a module that looks every name
up: at the public name of the same object, then anywhere on the face, then in our rooms. What is in none of them raises
`MissingSymbolError` when it is asked for, not when its module is imported: scripts import more than they use.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import pkgutil
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from defrun.base.names import (
    FACE,
    MissingSymbolError,
    find,
    holds,
    homes_of_names,
    names,
    names_in,
    offer_modules,
    public_name,
)
from defrun.cli import old_modules, old_names
from defrun.cli.private import ATTRIBUTES, COUNTERPARTS, NAMES, ONLY_IN

ROOTS = ("tensorflow", "tensorflow_core")
PROTOS = "tensorboard.compat.proto"

# Areas whose names others bear, too, with another meaning: a layer, a metric, a map.
ALONE = ("python.data", "python.estimator", "python.keras")

# Rooms with what the private modules of an area offer beyond the public names, the likeliest first.
ROOMS = {
    "python.client": ("session",),
    "python.eager": ("functions", "gradients", "base", "graph"),
    "python.framework": ("graph", "base", "ops", "gradients", "functions"),
    "python.layers": ("layers", "ops", "graph"),
    "python.ops": ("ops", "gradients", "graph", "variables", "losses", "metrics", "rnn"),
    "python.training": ("train", "variables", "files"),
    "python.util": ("base", "graph"),
    "contrib": ("contrib", "layers", "variables", "ops", "graph", "base"),
}


def _exists(module: str) -> bool:
    """Whether we have a module of this dotted name."""
    try:
        return importlib.util.find_spec(f"{FACE}.{module}") is not None
    except ModuleNotFoundError:
        return False


def _plain(name: str) -> str:
    """Return a name below `tensorflow` without the detours over `compat.v1` and `_api.v1`."""
    for detour in ("compat.v1.", "_api.v1."):
        name = name.removeprefix(detour)
    return name


def _ours(name: str) -> str | None:
    """Return the module that stands for `tensorflow.<name>`, None if there is none."""
    counterpart = COUNTERPARTS.get(name)
    if counterpart is not None and _exists(counterpart):
        return f"{FACE}.{counterpart}"
    if name.startswith("core.") and name.endswith("_pb2"):
        proto = f"{PROTOS}.{name.rpartition('.')[2]}"
        return proto if importlib.util.find_spec(proto) else None
    public = name in names().public_modules or name in ("contrib", "compat.v1", "raw_ops")
    return f"{FACE}.{name}" if public and _exists(name) else None


class AliasFinder(MetaPathFinder):
    """Answers every import below `tensorflow`."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return how to load `tensorflow...`; None for other names.

        Raises
        ------
        ModuleNotFoundError
            TensorFlow 1.15.5 has no such module. Nobody else may answer, or our own rooms would be found a second
            time below `tensorflow`.
        """
        root, _, name = fullname.partition(".")
        if root not in ROOTS:
            return None
        name = _plain(name)
        ours = _ours(name) if name else FACE
        if ours:
            return ModuleSpec(fullname, _Alias(ours), is_package=True)
        if name in names().modules or name in ("_api", "_api.v1"):
            return ModuleSpec(fullname, _Synthesis(name), is_package=True)
        raise ModuleNotFoundError(f"TensorFlow 1.15.5 has no module {fullname}, and neither has {FACE}", name=fullname)


class _Alias(Loader):
    """Gives an import the module that is there already, and leaves that as it is."""

    def __init__(self, ours: str):
        self.ours = ours

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        self.module = importlib.import_module(self.ours)
        self.own_spec = self.module.__spec__
        return self.module

    def exec_module(self, module: ModuleType) -> None:
        module.__spec__ = self.own_spec  # the import has put that of the alias there


class _Synthesis(Loader):
    """Makes a module that looks names up."""

    def __init__(self, name: str):
        self.name = name

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return TensorFlowModule(spec.name, self.name)

    def exec_module(self, module: ModuleType) -> None:
        pass


class TensorFlowModule(ModuleType):
    """A module of TensorFlow's that has no counterpart here; its names are found one by one, when asked for."""

    def __init__(self, fullname: str, name: str):
        super().__init__(fullname, f"Stands for tensorflow.{name}; every name is looked up when it is asked for.")
        self.__dict__["_tensorflow_name"] = name

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        inner = _module_inside(self._tensorflow_name, name)
        value = module_of(inner) if inner else look_up(self._tensorflow_name, name)
        self.__dict__[name] = value
        return value

    def __dir__(self) -> list[str]:
        here = self._tensorflow_name
        defined = {name for home, name in names().homes if home == here}
        inside = {module.rpartition(".")[2] for module in names().modules if module.rpartition(".")[0] == here}
        return sorted(defined | inside | set(names().members.get(here, ())) | set(self.__dict__))


def look_up(module: str, name: str) -> Any:
    """Return what `tensorflow.<module>.<name>` is here.

    Raises
    ------
    MissingSymbolError
        We do not have it, or several different things of that name and no way to tell which is meant.
    """
    for candidate in _candidates(module, name):
        return candidate
    raise MissingSymbolError(f"{module}.{name}")


def module_of(name: str) -> ModuleType:
    """Return the module that stands for `tensorflow.<name>`, one that TensorFlow has."""
    loaded = sys.modules.get(f"tensorflow.{name}")  # what a script imports and what it reaches by attributes is one
    if loaded is not None:
        return loaded
    ours = _ours(name)
    return importlib.import_module(ours) if ours else TensorFlowModule(f"tensorflow.{name}", name)


def attribute_module(symbol: str) -> ModuleType | None:
    """Return the module that TensorFlow has as this attribute of a module of its face, beside the public modules."""
    holder, _, last = symbol.rpartition(".")
    name = _module_inside(holder, last) if symbol.startswith("contrib.") else ATTRIBUTES.get(symbol)
    return module_of(name) if name else None


def _module_inside(holder: str, name: str) -> str | None:
    """Return the module of TensorFlow's that another has as its attribute `name`; contrib's is further down."""
    inside = (f"{holder}.{name}", f"{holder}.python.{holder.rpartition('.')[2]}.{name}")
    return next((module for module in inside if module in names().modules), None)


def _candidates(module: str, name: str) -> Iterator[Any]:
    public = public_name(module, name)
    if f"{module}.{name}" in NAMES:
        yield NAMES[f"{module}.{name}"]
    elif public is not None:  # then it is this object or none: another of the same name may mean something else
        yield from _public(public)
    elif module in ONLY_IN:
        for word in dict.fromkeys((name, name.lstrip("_"))):
            for ours in ONLY_IN[module]:
                yield from _in_module(ours, word)
    elif module.startswith("contrib."):
        yield from _in_contrib(module, name)
    else:
        if ".gen_" in module:
            yield from _raw_op(name)
        area = ".".join(module.split(".")[:2])
        yield from _public(f"{module.removeprefix('python.')}.{name}")
        yield from _on_the_face(name, area)
        yield from _in_rooms(name, area)
        if module.startswith("python.ops."):  # its modules pass on what the generated ones have
            yield from _raw_op(name)
    if module.startswith("python."):
        yield from _passed_on(name)


def _passed_on(name: str) -> Iterator[Any]:
    """Yield the private module of this name, as those that import it have it as an attribute."""
    modules = [m for m in names().modules if m.startswith("python.") and m.rpartition(".")[2] == name]
    if len(modules) == 1:
        yield module_of(modules[0])


def _public(public: str) -> Iterator[Any]:
    with contextlib.suppress(AttributeError):
        yield find(public)


def _in_module(ours: str, name: str) -> Iterator[Any]:
    """Yield what one of our modules has as `name`; nothing if there is no such module."""
    if _exists(ours):
        module = importlib.import_module(f"{FACE}.{ours}")
        if holds(module, name):
            yield getattr(module, name)


def _raw_op(name: str) -> Iterator[Any]:
    """Yield the op of this name as TensorFlow's generated modules spell it: `mat_mul`, `conv2d`."""
    squeezed = name.replace("_", "").lower()
    raw_ops = importlib.import_module(f"{FACE}.raw_ops")
    yield from (getattr(raw_ops, op_type) for op_type in names_in(raw_ops) if op_type.lower() == squeezed)


def _in_contrib(module: str, name: str) -> Iterator[Any]:
    """Yield what `tensorflow.contrib` means: its `layers.dropout` is not that of `tf.layers`."""
    face, private, _ = module.partition(".python")
    yield from _in_module(face, name)
    if private:
        public = public_name(face, name)
        if public is not None:
            yield from _public(public)
        elif name not in names().members.get(face, {}):
            yield from _in_rooms(name, "contrib")


def _on_the_face(name: str, area: str) -> Iterator[Any]:
    """Yield what a module passes on under its public name: one at the top, or one that the same area defines."""
    if area not in ALONE:
        yield from _public(name)
    for public, home in homes_of_names().items():
        if public.endswith(f".{name}") and f"{home}.".startswith(f"{area}."):
            yield from _public(public)


def _in_rooms(name: str, area: str) -> Iterator[Any]:
    """Yield what one of our rooms defines as `name`; our names for inner things are mostly TensorFlow's."""
    for room in ROOMS.get(area, ()):
        for module in _modules_of(f"{FACE}.{room}"):
            value = vars(importlib.import_module(module)).get(name)
            if value is not None and getattr(value, "__module__", module) == module:
                yield value


@cache
def _modules_of(room: str) -> list[str]:
    """Return the names of a room's modules."""
    place = importlib.import_module(room).__path__ if _exists(room.removeprefix(f"{FACE}.")) else []
    return sorted([room, *(module.name for module in pkgutil.walk_packages(place, f"{room}."))] if place else [])


_finder = AliasFinder()
offer_modules(attribute_module)


def install_as_tensorflow() -> None:
    """Make `import tensorflow` mean defrun, for every module of TensorFlow's, as `defrun run` does.

    Names that NumPy and Python had in TensorFlow 1's time and have lost since are put back, too.

    Raises
    ------
    RuntimeError
        If the real TensorFlow is imported already: the two cannot take turns under one name.
    """
    for root in ROOTS:
        loaded = sys.modules.get(root)
        if loaded is not None and loaded is not sys.modules[FACE]:
            raise RuntimeError(
                f"{root} is imported already, from {getattr(loaded, '__file__', 'an unknown place')}; "
                f"call {FACE}.install_as_tensorflow() before anything imports it"
            )
    if _finder not in sys.meta_path:
        sys.meta_path.insert(0, _finder)
    importlib.import_module("tensorflow")
    old_names.restore()
    old_modules.restore()
