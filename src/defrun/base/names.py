"""What TensorFlow 1.15.5 calls things, and the error for a name that is not here.

`tensorflow_symbols.txt` and `tensorflow_modules.txt` beside this file hold TensorFlow's answers (tests/oracle/names
asked); they are read when a name is first found missing. Names are written as a user writes them, without `tf.`:
`nn.relu`, `python.ops.math_ops`.
"""

from __future__ import annotations

import difflib
import importlib
import re
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

FACE = __name__.split(".")[0]  # our package: its modules bear the names of TensorFlow's


class PublicObject(NamedTuple):
    """One object of TensorFlow's face."""

    names: tuple[str, ...]  # all its public names, the shortest first
    home: str  # the module that defines it; "-" for plain values
    private: str  # its name there


class Names(NamedTuple):
    """What one reading of the two lists gives."""

    objects: tuple[PublicObject, ...]
    aliases: dict[str, tuple[str, ...]]  # a public name -> all public names of the same object, the shortest first
    homes: dict[tuple[str, str], str]  # (private module, name there) -> public name
    modules: frozenset[str]  # every module, public and private
    public_modules: frozenset[str]
    members: dict[
        str, dict[str, str | None]
    ]  # contrib.* and raw_ops: name -> the public name of the same object, or None


def _sections(file: str) -> Iterator[tuple[str, list[str]]]:
    """Yield (title, lines) of a list's `[title]` sections."""
    text = Path(__file__).with_name(file).read_text(encoding="utf-8")
    for section in text.split("\n[")[1:]:
        title, _, body = section.partition("]\n")
        yield title, body.split("\n")


@cache
def names() -> Names:
    """Return TensorFlow's names."""
    objects = []
    for home, lines in _sections("tensorflow_symbols.txt"):
        for line in filter(None, lines):
            public, _, private = line.partition(" = ")
            same = tuple(public.split())
            objects.append(PublicObject(same, home, private or same[0].rpartition(".")[2]))
    aliases = {name: one.names for one in objects for name in one.names}
    homes = {(one.home, one.private): one.names[0] for one in objects if one.home != "-"}
    modules, public_modules, members = set(), set(), {}
    for title, lines in _sections("tensorflow_modules.txt"):
        kind, _, module = title.partition(" in ")
        words = " ".join(lines).split()
        if kind == "public modules":
            public_modules.update(words)
        elif kind == "modules":
            modules.add(module)
            modules.update(f"{module}.{word}" for word in words)
        else:
            pairs = (word.partition("=") for word in words)
            members[module] = {name: public or None for name, _, public in pairs}
            public_modules.add(module)
    modules |= public_modules | {"contrib", "compat.v1", "compat.v2"}
    return Names(tuple(objects), aliases, homes, frozenset(modules), frozenset(public_modules), members)


def known(name: str) -> bool:
    """Whether TensorFlow 1.15.5 has a public symbol or a module of this name."""
    module, _, last = name.rpartition(".")
    has = names()
    return name in has.aliases or name in has.modules or last in has.members.get(module, {})


def public_name(module: str, name: str) -> str | None:
    """Return the public name of what a module of TensorFlow's defines as `name`, None if it has none."""
    return names().members.get(module, {}).get(name) or names().homes.get((module, name))


@cache
def homes_of_names() -> dict[str, str]:
    """Return the module of TensorFlow's that defines each public name."""
    return {name: one.home for one in names().objects for name in one.names}


_LINE = re.compile(r"^from (\S+) import (?:\(([^)]*)\)|(.*))$", re.MULTILINE)


@cache
def offered(module: str) -> dict[str, tuple[str, str]]:
    """Return what the stub of a module of the face lists: {name: (module, name there)}."""
    stub = Path(str(sys.modules[module].__file__)).with_suffix(".pyi")
    found = {}
    for home, many, one in _LINE.findall(stub.read_text(encoding="utf-8") if stub.exists() else ""):
        for words in filter(None, map(str.split, (many or one).split(","))):
            found[words[-1]] = (home, words[0])
    return found


def names_in(module: ModuleType) -> set[str]:
    """Return the public names of a module, those that were not asked for yet with them."""
    return {name for name in vars(module) if not name.startswith("_")} | set(offered(module.__name__))


def holds(module: ModuleType, name: str) -> bool:
    """Whether a module has a name, or would have if it were asked for it."""
    return name in vars(module) or name in offered(module.__name__)


def module_of_face(name: str) -> ModuleType | None:
    """Return a module of our face, None if there is none of this name."""
    whole = f"{FACE}.{name}" if name else FACE
    if whole not in sys.modules:
        try:
            return importlib.import_module(whole)
        except ModuleNotFoundError:
            return None
    return sys.modules[whole]


def find(name: str) -> Any:
    """Return what our own face has under `name` or under one of its aliases. AttributeError if there is nothing."""
    for alias in (name, *names().aliases.get(name, ())):
        module, _, last = alias.rpartition(".")
        holder = module_of_face(module)
        if holder is not None and holds(holder, last):
            return getattr(holder, last)
    raise AttributeError(name)


class MissingSymbolError(AttributeError, NotImplementedError):
    """A name was asked for that is not here: one that TensorFlow has and we do not yet, or one that neither has.

    It is an AttributeError, so that `hasattr` and `from ... import ...` behave, and a NotImplementedError by meaning.

    Parameters
    ----------
    symbol : str
        The whole name, without `tf.`.
    """

    def __init__(self, symbol: str):
        super().__init__(symbol, name=f"tf.{symbol}")
        self.symbol = symbol

    def __str__(self) -> str:  # at the last moment: many ask only whether a name is there
        if known(self.symbol) or {"python", "core"} & set(self.symbol.split(".")[:-1]):  # of private modules who knows
            text = f"tf.{self.symbol} is part of TensorFlow 1.15.5 but not of {FACE} yet"
        else:
            text = f"TensorFlow 1.15.5 has no tf.{self.symbol}, and neither has {FACE}"
        nearest = nearest_name(self.symbol)
        return f"{text}; the nearest name here is tf.{nearest}" if nearest else text

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.symbol,)


def face_names() -> dict[str, ModuleType]:
    """Return every public name that our face has, each with the module that holds it."""
    found = {}
    for module in sorted(names().public_modules | {""}):
        holder = module_of_face(module)
        if holder is not None:
            prefix = f"{module}." if module else ""
            found.update({prefix + name: holder for name in names_in(holder)})
    return found


def nearest_name(symbol: str) -> str | None:
    """Return the public name of ours that a reader of `symbol` most likely wants, None if nothing is near."""
    here = face_names()
    module, _, last = symbol.rpartition(".")
    values = [name for name, holder in here.items() if not _is_module(holder, name.rpartition(".")[2])]
    elsewhere = [name for name in values if name.rpartition(".")[2] == last]
    if elsewhere:
        return min(elsewhere, key=lambda name: (name.count("."), name))
    in_module = [name for name in values if name.rpartition(".")[0] == module]
    for candidates in (in_module, values):
        near = difflib.get_close_matches(symbol, candidates, n=1, cutoff=0.75)
        if near:
            return near[0]
    return None


def _is_module(holder: ModuleType, name: str) -> bool:
    if name in vars(holder):
        return isinstance(vars(holder)[name], ModuleType)
    return offered(holder.__name__)[name][0] == holder.__name__


def offer(module: str) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Return `__getattr__` and `__dir__` of a module of the face: it imports what its stub lists when asked for it.

    Of any other name the error says that it is missing, here or in TensorFlow, too.

    Parameters
    ----------
    module : str
        The module's `__name__`.
    """
    lacks = missing(module)

    def __getattr__(name: str) -> Any:
        here = sys.modules[module]
        if name == "__all__":
            return sorted(names_in(here))
        if name not in offered(module):
            return lacks(name)
        home, original = offered(module)[name]
        value = importlib.import_module(f"{home}.{name}") if home == module else _get(home, original)
        setattr(here, name, value)
        return value

    def __dir__() -> list[str]:
        return sorted(names_in(sys.modules[module]))

    return __getattr__, __dir__


def missing(module: str) -> Callable[[str], Any]:
    """Return the `__getattr__` of a module that has no more than it defines: the error says what is missing."""
    prefix = module[len(FACE) + 1 :]

    def __getattr__(name: str) -> Any:
        if name.startswith("__"):  # what Python itself looks for
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        symbol = f"{prefix}.{name}" if prefix else name
        for offer_module in _offers:
            found = offer_module(symbol)
            if found is not None:
                return found
        raise MissingSymbolError(symbol)

    return __getattr__


def _get(home: str, name: str) -> Any:
    """Return what a module defines, or a module below it."""
    module = importlib.import_module(home)
    return getattr(module, name) if hasattr(module, name) else importlib.import_module(f"{home}.{name}")


_offers: list[Callable[[str], ModuleType | None]] = []


def offer_modules(offer: Callable[[str], ModuleType | None]) -> None:
    """Let `offer` give a module for a name that is missing on the face; None if it has none."""
    _offers.append(offer)


def forward(to: str) -> Callable[[str], Any]:
    """Return the `__getattr__` of a module that is another one under a second name, as `tf.compat.v1` is `tf`."""

    def __getattr__(name: str) -> Any:
        target = sys.modules[to]
        if name == "__all__":
            return sorted(names_in(target))
        if name.startswith("__") and not holds(target, name):
            raise AttributeError(name)
        return getattr(target, name)

    return __getattr__
