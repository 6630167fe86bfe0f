"""`defrun run`: a program of TensorFlow 1, started as `python` starts it.

`sys.argv`, `__main__`, `sys.path[0]`, tracebacks and exit codes are the program's own.
"""

from __future__ import annotations

import builtins
import importlib.util
import io
import os
import pkgutil
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.machinery import ModuleSpec, SourceFileLoader
from types import CodeType, ModuleType, TracebackType
from typing import Any

from defrun.base.names import FACE, MissingSymbolError
from defrun.cli import alias

HERE = os.path.dirname(os.path.abspath(__file__))
CHILDREN = os.path.join(HERE, "children")  # holds a `tensorflow` for the processes that the program starts


class CannotStart(Exception):
    """The program is not there, or is none. `args`: what to say, the exit code."""


def run_script(path: str, args: list[str]) -> None:
    """Run a file, a folder or zip archive with a `__main__.py` in it, or `-`, standard input."""
    with _like_python():
        sys.argv = [path, *args]
        archive = pkgutil.get_importer(path) if path != "-" else None
        if archive is not None:
            _set_first_path(os.path.abspath(path))
            spec: Any = archive.find_spec("__main__")
            if spec is None:
                raise CannotStart(f"can't find '__main__' module in {path!r}", 1)
            _execute_spec(spec)
        elif path == "-":
            _set_first_path("")
            _execute(_compile(sys.stdin.buffer.read(), "<stdin>"), {})
        else:
            path = os.path.abspath(path)
            source = _read(path)
            _set_first_path(os.path.dirname(os.path.realpath(path)))
            loader = SourceFileLoader("__main__", path)
            _execute(_compile(source, path), {"__file__": path, "__cached__": None, "__loader__": loader})


def run_module(name: str, args: list[str]) -> None:
    """Run a module, or the `__main__` of a package, by its dotted name."""
    with _like_python():
        sys.argv = ["-m", *args]
        _set_first_path(os.getcwd())
        spec = _find_main(name)
        sys.argv[0] = spec.origin or name
        _execute_spec(spec)


def _find_main(name: str) -> ModuleSpec:
    """Return how to load what `-m name` runs. The packages around it are imported."""
    try:
        spec = importlib.util.find_spec(name)
    except ModuleNotFoundError as error:
        if not error.name or not f"{name}.".startswith(f"{error.name}."):
            raise
        raise CannotStart(f"Error while finding module specification for {name!r} ({error})", 1) from None
    if spec is None:
        raise CannotStart(f"No module named {name}", 1)
    if spec.submodule_search_locations is None:
        return spec
    if name.endswith(".__main__"):
        raise CannotStart(f"Cannot use package as __main__ module: {name}", 1)
    try:
        return _find_main(f"{name}.__main__")
    except CannotStart as error:
        raise CannotStart(f"{error.args[0]}; {name!r} is a package and cannot be directly executed", 1) from None


def _read(path: str) -> bytes:
    try:
        with io.open_code(path) as file:
            return file.read()
    except OSError as error:
        raise CannotStart(f"can't open file {path!r}: [Errno {error.errno}] {error.strerror}", 2) from None


def _compile(source: bytes, path: str) -> CodeType:
    return compile(source, path, "exec", dont_inherit=True)


def _set_first_path(path: str) -> None:
    if not sys.flags.safe_path:
        sys.path[0] = path


def _execute_spec(spec: ModuleSpec) -> None:
    code = spec.loader.get_code(spec.name) if spec.loader else None  # type: ignore[attr-defined]
    if code is None:
        raise CannotStart(f"No code object available for {spec.name}", 1)
    own = {"__file__": spec.origin, "__cached__": spec.cached, "__loader__": spec.loader}
    _execute(code, {**own, "__package__": spec.parent, "__spec__": spec})


def _execute(code: CodeType, names: dict[str, Any]) -> None:
    """Run code as a fresh `__main__`, a true module: pickled classes are found there."""
    main = ModuleType("__main__")
    vars(main).update(names, __builtins__=builtins, __annotations__={})
    sys.modules["__main__"] = main
    exec(code, vars(main))


def prepare() -> None:
    """Let this process, and those it will start, find defrun as `tensorflow`."""
    alias.install_as_tensorflow()
    paths = list(filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep)))
    if CHILDREN not in paths:
        os.environ["PYTHONPATH"] = os.pathsep.join([*paths, CHILDREN])
    if CHILDREN not in sys.path:  # multiprocessing hands this on
        sys.path.append(CHILDREN)


@contextmanager
def _like_python() -> Iterator[None]:
    """Show what the program did not catch as `python` does: without our frames."""
    try:
        prepare()
        yield
    except SystemExit:
        raise
    except CannotStart as error:
        text, code = error.args
        print(f"{FACE} run: {text}", file=sys.stderr)
        raise SystemExit(code) from None
    except BaseException as error:
        _explain_import(error)
        error.__traceback__ = _without_our_frames(error.__traceback__)
        sys.excepthook(type(error), error, error.__traceback__)
        _say_nothing_more_of(error)
        raise  # to the interpreter, for its exit code: 1, or death by SIGINT after Ctrl-C


def _without_our_frames(trace: TracebackType | None) -> TracebackType | None:
    while trace is not None and trace.tb_frame.f_code.co_filename.startswith(HERE):
        trace = trace.tb_next
    return trace


def _explain_import(error: BaseException) -> None:
    """Add what is known of a name that `from tensorflow... import name` did not find; Python's message is bare."""
    if isinstance(error, ImportError) and (error.name or "").split(".")[0] in (*alias.ROOTS, FACE):
        found = re.match(r"cannot import name '(\w+)'", str(error))
        if found:
            module = (error.name or "").partition(".")[2]
            error.add_note(str(MissingSymbolError(f"{module}.{found[1]}" if module else found[1])))


def _say_nothing_more_of(error: BaseException) -> None:
    hook = sys.excepthook

    def show_others(kind: Any, value: Any, trace: Any) -> None:
        if value is not error:
            hook(kind, value, trace)

    sys.excepthook = show_others
