"""The house rules that imports can show: which room may lean on which, and who may touch JAX."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

PACKAGE = "defrun"
SOURCE = Path(__file__).parents[1] / "src" / PACKAGE

# Import order, top first. FACES are the rooms that users know by name (layers, losses, train, ...): whatever is not
# named here. They may import one another, but never in a circle. A mere list of names (tf.strings, tf.gfile) has no
# logic to keep apart and counts as a part of __init__.
ORDER = ["base", "graph", "ops", "gradients", "plan", "compile", "session", "variables"]
ORDER += ["FACES", "files", "cli", "__init__", "__main__"]
JAX_ROOMS = {"ops", "compile", "session"}
BLIND_ROOMS = {"plan", "compile", "session"}  # they read OpDef fields and know no operation by name


class Import(NamedTuple):
    """One import of a module: where it stands, what it asks for, whether inside a function."""

    path: Path
    line: int
    module: str
    in_function: bool

    def __str__(self) -> str:
        return f"{self.path.relative_to(SOURCE.parent)}:{self.line} imports {self.module}"


def room_of(module: str) -> str:
    """Return the room of a dotted name: the part after the package."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def module_of(path: Path) -> str:
    return ".".join((PACKAGE, *path.relative_to(SOURCE).with_suffix("").parts))


def rank(room: str) -> int:
    return ORDER.index(room if room in ORDER else "FACES")


def is_list_of_names(path: Path) -> bool:
    """Tell whether a module holds nothing but imports and names set at once."""
    plain = ast.Import | ast.ImportFrom | ast.Assign | ast.Expr
    return all(isinstance(node, plain) for node in ast.parse(path.read_text(encoding="utf-8")).body)


def modules() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


def resolve(node: ast.ImportFrom, path: Path) -> list[str]:
    """Return the absolute modules that a `from ... import ...` reaches."""
    base = node.module or ""
    if node.level:
        above = module_of(path).split(".")[: -node.level]
        base = ".".join([*above, base] if base else above)
    if base == PACKAGE:  # `from defrun import graph` asks for a room; any other name, for the face
        rooms = {room_of(module_of(path)) for path in modules()}
        return [f"{PACKAGE}.{alias.name}" if alias.name in rooms else PACKAGE for alias in node.names]
    return [base]


def imports(path: Path) -> Iterator[Import]:
    def walk(node: ast.AST, in_function: bool) -> Iterator[Import]:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(path, node.lineno, alias.name, in_function)
        elif isinstance(node, ast.ImportFrom):
            for module in resolve(node, path):
                yield Import(path, node.lineno, module, in_function)
        inside = in_function or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for child in ast.iter_child_nodes(node):
            yield from walk(child, inside)

    return walk(ast.parse(path.read_text(encoding="utf-8"), str(path)), False)


def all_imports(ours: bool) -> list[Import]:
    found = (item for path in modules() for item in imports(path))
    return [item for item in found if (item.module.split(".")[0] == PACKAGE) == ours]


def report(broken: list[Import]) -> None:
    if broken:
        pytest.fail("\n".join(map(str, broken)), pytrace=False)


def test_a_room_imports_only_rooms_above_it():
    def looks_down(item: Import) -> bool:
        here = room_of(module_of(item.path))
        if here not in ORDER and is_list_of_names(item.path):
            here = "__init__"
        return rank(room_of(item.module)) > rank(here)

    report([item for item in all_imports(ours=True) if looks_down(item)])


def test_rooms_import_in_no_circle():
    edges: dict[str, set[str]] = {}
    for item in all_imports(ours=True):
        edges.setdefault(room_of(module_of(item.path)), set()).add(room_of(item.module))

    def visit(room: str, trail: tuple[str, ...]) -> None:
        assert room not in trail, " -> ".join((*trail, room))
        for there in edges.get(room, set()) - {room}:
            visit(there, (*trail, room))

    for room in edges:
        visit(room, ())


def test_no_import_of_ours_hides_in_a_function():
    report([item for item in all_imports(ours=True) if item.in_function])


def test_jax_stays_in_its_rooms():
    outside = [item for item in all_imports(ours=False) if item.module.split(".")[0] in {"jax", "jaxlib"}]
    report([item for item in outside if room_of(module_of(item.path)) not in JAX_ROOMS])


def test_plan_compile_and_session_import_no_ops():
    blind = [item for item in all_imports(ours=True) if room_of(module_of(item.path)) in BLIND_ROOMS]
    report([item for item in blind if room_of(item.module) == "ops"])


def declared_op_types() -> set[str]:
    """Return the first argument of every `@op("Type", ...)` in ops/."""
    found = set()
    for path in (SOURCE / "ops").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "op" and node.args:
                name = node.args[0]
                if isinstance(name, ast.Constant) and isinstance(name.value, str):
                    found.add(name.value)
    return found


def test_plan_compile_and_session_know_no_op_by_name():
    types = declared_op_types()
    known = [
        f"{path.relative_to(SOURCE.parent)}:{node.lineno} names {node.value}"
        for room in sorted(BLIND_ROOMS)
        for path in sorted((SOURCE / room).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value in types
    ]
    assert not known, "\n".join(known)
