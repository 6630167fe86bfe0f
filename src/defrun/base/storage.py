"""Where files are: the machine's own file system, or, for paths like ``memory://a/b``, any store that fsspec drives.

Paths are text. What is local goes straight to the operating system; fsspec is imported with the first path that isn't.
"""

from __future__ import annotations

import functools
import glob
import importlib
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import IO, Any, Protocol

from defrun.base.errors import UnimplementedError
from defrun.base.system import tensorflow_errors

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")


class Storage(Protocol):
    """What is asked of a place for files. `OSError` s tell what went wrong, as the operating system's do."""

    def open(self, path: str, mode: str) -> IO[bytes]: ...
    def exists(self, path: str) -> bool: ...
    def is_folder(self, path: str) -> bool: ...
    def size(self, path: str) -> int: ...
    def modified(self, path: str) -> int: ...
    def names(self, path: str) -> list[str]: ...
    def glob(self, pattern: str) -> list[str]: ...
    def make_folder(self, path: str) -> None: ...
    def make_folders(self, path: str) -> None: ...
    def remove(self, path: str) -> None: ...
    def remove_tree(self, path: str) -> None: ...
    def replace(self, source: str, target: str) -> None: ...
    def copy(self, source: str, target: str) -> None: ...


class _Local:
    def open(self, path: str, mode: str) -> IO[bytes]:
        return open(path, mode)

    def exists(self, path: str) -> bool:
        return os.path.exists(path)

    def is_folder(self, path: str) -> bool:
        return os.path.isdir(path)

    def size(self, path: str) -> int:
        return os.path.getsize(path)

    def modified(self, path: str) -> int:
        return os.stat(path).st_mtime_ns

    def names(self, path: str) -> list[str]:
        return os.listdir(path)

    def glob(self, pattern: str) -> list[str]:
        return glob.glob(pattern, include_hidden=True)

    def make_folder(self, path: str) -> None:
        os.mkdir(path)

    def make_folders(self, path: str) -> None:
        os.makedirs(path, exist_ok=True)

    def remove(self, path: str) -> None:
        os.remove(path)

    def remove_tree(self, path: str) -> None:
        shutil.rmtree(path)

    def replace(self, source: str, target: str) -> None:
        os.replace(source, target)

    def copy(self, source: str, target: str) -> None:
        shutil.copyfile(source, target)


class _Remote:
    """A store behind fsspec; `scheme` begins the paths that users see."""

    def __init__(self, scheme: str, store: Any) -> None:
        self._scheme, self._store = scheme, store

    def open(self, path: str, mode: str) -> IO[bytes]:
        if "x" in mode:
            if self.exists(path):
                raise FileExistsError(path)
            mode = mode.replace("x", "w")
        return self._store.open(path, mode)

    def exists(self, path: str) -> bool:
        return self._store.exists(path)

    def is_folder(self, path: str) -> bool:
        return self._store.isdir(path)

    def size(self, path: str) -> int:
        return self._store.size(path) or 0

    def modified(self, path: str) -> int:
        if self.is_folder(path):
            return 0  # many stores know folders only by what is in them
        when = self._store.modified(path)
        return int(when.timestamp() * 1e9) if isinstance(when, datetime) else int(when * 1e9)

    def names(self, path: str) -> list[str]:
        found = self._store.ls(path, detail=False)
        return [os.path.basename(name.rstrip("/")) for name in found]

    def glob(self, pattern: str) -> list[str]:
        rooted = pattern[len(self._scheme) :].startswith("/")
        return [self._whole(name, rooted) for name in self._store.glob(pattern)]

    def _whole(self, name: str, rooted: bool) -> str:
        if name.startswith(self._scheme):
            return name
        return f"{self._scheme}{'/' if rooted else ''}{name.lstrip('/')}"

    def make_folder(self, path: str) -> None:
        self._store.mkdir(path, create_parents=False)

    def make_folders(self, path: str) -> None:
        self._store.makedirs(path, exist_ok=True)

    def remove(self, path: str) -> None:
        self._store.rm_file(path)

    def remove_tree(self, path: str) -> None:
        self._store.rm(path, recursive=True)

    def replace(self, source: str, target: str) -> None:
        self._store.mv(source, target, recursive=self.is_folder(source))

    def copy(self, source: str, target: str) -> None:
        self._store.cp_file(source, target)


_LOCAL = _Local()


def storage(path: str) -> tuple[Storage, str]:
    """Return the storage of a path, and the path as that knows it.

    Raises
    ------
    UnimplementedError
        If nothing drives such a store.
    """
    found = _SCHEME.match(path)
    if found is None:
        return _LOCAL, path
    if found[1].lower() in ("file", "local"):
        return _LOCAL, path[found.end() :]
    try:
        return _remote(found[0]), path
    except (ImportError, ValueError) as error:
        text = f"File system scheme '{found[1]}' not implemented (file: '{path}'): {error}"
        raise UnimplementedError(None, None, text) from None


@functools.cache
def _remote(scheme: str) -> _Remote:
    fsspec: Any = importlib.import_module("fsspec")
    return _Remote(scheme, fsspec.filesystem(scheme.removesuffix("://")))


def is_local(path: str) -> bool:
    """Whether the operating system itself knows the path."""
    return storage(path)[0] is _LOCAL


def local_path(path: str) -> str:
    """Return a path without ``file://``."""
    place, inside = storage(path)
    return inside if place is _LOCAL else path


def folder_of(path: str) -> str:
    """Return the folder of a path, or an empty text."""
    scheme, mark, rest = path.rpartition("://")
    return scheme + mark + os.path.dirname(rest)


def open_file(path: str, mode: str = "rb") -> IO[bytes]:
    """Open a file of bytes."""
    place, inside = storage(path)
    return place.open(inside, mode)


def read_file(path: str) -> bytes:
    """Return all of a file; TensorFlow's errors tell what went wrong."""
    with tensorflow_errors(path), open_file(path) as file:
        return file.read()


def exists(path: str) -> bool:
    """Whether there is a file or a folder."""
    place, inside = storage(path)
    return place.exists(inside)


def is_folder(path: str) -> bool:
    """Whether there is a folder."""
    place, inside = storage(path)
    return place.is_folder(inside)


def size(path: str) -> int:
    """Return a file's size in bytes."""
    place, inside = storage(path)
    return place.size(inside)


def modified(path: str) -> int:
    """Return when a file was last written, in nanoseconds since 1970."""
    place, inside = storage(path)
    return place.modified(inside)


def names_in(path: str) -> list[str]:
    """Return the names of what is in a folder, sorted."""
    place, inside = storage(path)
    return sorted(place.names(inside))


def matching(pattern: str) -> list[str]:
    """Return the paths that match a shell pattern, sorted; what follows a backslash in it stands for itself.

    Names that a pattern without a folder finds begin with ``./``, as TensorFlow spells them.
    """
    if not os.path.basename(pattern):
        return []
    place, inside = storage(pattern)
    literal = re.sub(r"\\(.)", r"[\1]", inside)
    if place is _LOCAL and not os.path.dirname(re.split(r"[*?[]", literal)[0]):
        literal = os.path.join(".", literal)
    return sorted(place.glob(literal))


def make_folder(path: str) -> None:
    """Make a folder in one that is there."""
    place, inside = storage(path)
    place.make_folder(inside)


def make_folders(path: str) -> None:
    """Make a folder and those above it, where they are not there yet; nothing for an empty path."""
    place, inside = storage(path)
    if inside:
        place.make_folders(inside)


def remove(path: str) -> None:
    """Remove a file."""
    place, inside = storage(path)
    place.remove(inside)


def remove_tree(path: str) -> None:
    """Remove a folder and all that is in it."""
    place, inside = storage(path)
    place.remove_tree(inside)


def replace(source: str, target: str) -> None:
    """Move a file or folder, in place of what was there."""
    (place, a), (other, b) = storage(source), storage(target)
    if place is not other:
        raise UnimplementedError(None, None, f"{source} and {target} are on different file systems")
    place.replace(a, b)


def copy(source: str, target: str) -> None:
    """Copy a file, from one store to another too."""
    (place, a), (other, b) = storage(source), storage(target)
    if place is other:
        place.copy(a, b)
        return
    with place.open(a, "rb") as reading, other.open(b, "wb") as writing:
        shutil.copyfileobj(reading, writing, 1 << 20)


# -- written whole or not at all --------------------------------------------------------------------------------------


@contextmanager
def writing_beside(path: str) -> Iterator[IO[bytes]]:
    """Open a file beside `path` that takes its place when the block ends, and is dropped if that fails.

    Who reads `path` meanwhile, or finds it after a crash, has the old file or the new one, never a part.
    """
    temporary = f"{path}.tmp{os.getpid()}"
    with tensorflow_errors(path):
        try:
            with open_file(temporary, "wb") as file:
                yield file
            replace(temporary, path)
        except BaseException:
            if exists(temporary):
                remove(temporary)
            raise


def write_beside(path: str, data: bytes) -> None:
    """Write a whole file in one go; see `writing_beside`."""
    with writing_beside(path) as file:
        file.write(data)
