"""Files and folders as `tf.io.gfile` has them: what goes wrong raises TensorFlow's classes of errors.

Paths like ``memory://a/b`` or ``s3://bucket/key`` work where fsspec has a driver.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import IO, Any, NamedTuple

from defrun.base import errors, storage
from defrun.base.system import Path, path_text, tensorflow_errors
from defrun.base.text import as_bytes


class FileStatistics(NamedTuple):
    """What `stat` tells of a file: its size in bytes, when it was last written, and whether it is a folder."""

    length: int
    mtime_nsec: int
    is_directory: bool


class GFile:
    """A file. It is opened when first read or written, so a file that is not there is noticed then.

    Parameters
    ----------
    name : path
    mode : str
        "r", "w", "a", "r+", "w+" or "a+"; with "b" it gives bytes, without, text in UTF-8.

    Raises
    ------
    InvalidArgumentError
        For another mode.
    NotFoundError, PermissionDeniedError, FailedPreconditionError, ...
        From its methods, as the file system answers.
    """

    def __init__(self, name: Path, mode: str = "r"):
        self._name = name
        self._mode = mode
        self._plain_mode = mode.replace("b", "")
        if self._plain_mode not in ("r", "w", "a", "r+", "w+", "a+"):
            raise errors.InvalidArgumentError(None, None, f"a file's mode is r, w, a, r+, w+ or a+, not {mode!r}")
        self._file: IO[bytes] | None = None

    @property
    def name(self) -> Path:
        """The path it was made with."""
        return self._name

    @property
    def mode(self) -> str:
        """The mode it was made with."""
        return self._mode

    def _open(self) -> IO[bytes]:
        if self._file is None:
            with tensorflow_errors(self._name):
                self._file = storage.open_file(path_text(self._name), f"{self._plain_mode}b")
        return self._file

    def _readable(self) -> IO[bytes]:
        if self._plain_mode in ("w", "a"):
            raise errors.PermissionDeniedError(None, None, f"{path_text(self._name)} was opened to write, not to read")
        return self._open()

    def _writable(self) -> IO[bytes]:
        if self._plain_mode == "r":
            raise errors.PermissionDeniedError(None, None, f"{path_text(self._name)} was opened to read, not to write")
        return self._open()

    def _as_asked(self, data: bytes) -> Any:
        return data if "b" in self._mode else data.decode("utf-8")

    def size(self) -> int:
        """Return the file's size in bytes."""
        return stat(self._name).length

    def read(self, n: int = -1) -> Any:
        """Return the next `n` bytes, or all that is left; text unless the mode has "b"."""
        file = self._readable()
        with tensorflow_errors(self._name):
            return self._as_asked(file.read(n))

    def readline(self) -> Any:
        """Return the next line with its end, or an empty one behind the last."""
        file = self._readable()
        with tensorflow_errors(self._name):
            return self._as_asked(file.readline())

    def readlines(self) -> list[Any]:
        """Return all lines that are left."""
        return list(self)

    def write(self, file_content: str | bytes) -> None:
        """Append text or bytes."""
        data = as_bytes(file_content)
        file = self._writable()
        with tensorflow_errors(self._name):
            file.write(data)

    def seek(self, offset: int | None = None, whence: int = 0, position: int | None = None) -> None:
        """Go to `offset` bytes from the start (`whence` 0), from here (1) or from the end (2)."""
        offset = position if offset is None else offset
        if offset is None:
            raise TypeError("seek needs an offset")
        if whence not in (0, 1, 2):
            raise errors.InvalidArgumentError(None, None, f"whence is 0, 1 or 2, not {whence}")
        file = self._readable()
        with tensorflow_errors(self._name):
            file.seek(offset, whence)

    def seekable(self) -> bool:
        """Whether `seek` works: always."""
        return True

    def tell(self) -> int:
        """Return the place in the file, in bytes."""
        return self._open().tell()

    def flush(self) -> None:
        """Hand what was written to the operating system."""
        if self._file is not None and self._plain_mode != "r":
            with tensorflow_errors(self._name):
                self._file.flush()

    def close(self) -> None:
        """Close the file; reading or writing opens it anew."""
        if self._file is not None:
            with tensorflow_errors(self._name):
                self._file.close()
            self._file = None

    def __enter__(self) -> GFile:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        line = self.readline()
        if not line:
            raise StopIteration
        return line

    next = __next__


class FastGFile(GFile):
    """A `GFile` by the name of an older one."""


def exists(path: Path) -> bool:
    """Whether there is a file or a folder at `path`."""
    return storage.exists(path_text(path))


def isdir(path: Path) -> bool:
    """Whether there is a folder at `path`."""
    return storage.is_folder(path_text(path))


def stat(path: Path) -> FileStatistics:
    """Return size, time and kind of a file. NotFoundError if it is not there."""
    with tensorflow_errors(path):
        name = path_text(path)
        return FileStatistics(storage.size(name), storage.modified(name), storage.is_folder(name))


def listdir(path: Path) -> list[str]:
    """Return the names in a folder, sorted. NotFoundError if it is no folder."""
    if not isdir(path):
        raise errors.NotFoundError(None, None, f"{path_text(path)} is not a folder")
    with tensorflow_errors(path):
        return storage.names_in(path_text(path))


def glob(pattern: Path | Sequence[Path]) -> list[str]:
    """Return the files that match a shell pattern (or any of several), sorted for each pattern."""
    if isinstance(pattern, str | bytes | os.PathLike):
        with tensorflow_errors(pattern):
            return storage.matching(path_text(pattern))
    return [path for one in pattern for path in glob(one)]


def mkdir(path: Path) -> None:
    """Make a folder; the one above must be there. NotFoundError if it isn't; a folder that is there is none."""
    if not isdir(path):
        with tensorflow_errors(path):
            storage.make_folder(path_text(path))


def makedirs(path: Path) -> None:
    """Make a folder and those above it where they are not there yet."""
    with tensorflow_errors(path):
        storage.make_folders(path_text(path))


def remove(path: Path) -> None:
    """Remove a file. NotFoundError if it is not there, FailedPreconditionError for a folder."""
    if isdir(path):
        raise errors.FailedPreconditionError(None, None, f"{path_text(path)} is a folder")
    with tensorflow_errors(path):
        storage.remove(path_text(path))


def rmtree(path: Path) -> None:
    """Remove a folder and all that is in it. NotFoundError if it is not there, FailedPreconditionError for a file."""
    if exists(path) and not isdir(path):
        raise errors.FailedPreconditionError(None, None, f"{path_text(path)} is not a folder")
    with tensorflow_errors(path):
        storage.remove_tree(path_text(path))


def _refuse_existing(path: Path, overwrite: bool) -> None:
    if not overwrite and exists(path):
        raise errors.AlreadyExistsError(None, None, f"{path_text(path)} is there already")


def copy(src: Path, dst: Path, overwrite: bool = False) -> None:
    """Copy a file. AlreadyExistsError if `dst` is there and not to be overwritten."""
    _refuse_existing(dst, overwrite)
    if isdir(src):
        raise errors.InvalidArgumentError(None, None, f"{path_text(src)} is a folder")
    with tensorflow_errors(src):
        storage.copy(path_text(src), path_text(dst))


def rename(src: Path, dst: Path, overwrite: bool = False) -> None:
    """Move a file or a folder. AlreadyExistsError if `dst` is there and not to be overwritten."""
    _refuse_existing(dst, overwrite)
    with tensorflow_errors(src):
        storage.replace(path_text(src), path_text(dst))


def walk(
    top: Path, topdown: bool = True, onerror: Callable[[Exception], Any] | None = None
) -> Iterator[tuple[str, list[str], list[str]]]:
    """Yield (folder, names of folders in it, names of files in it) for `top` and every folder below it, sorted."""
    top = path_text(top)
    try:
        inside = listdir(top)
    except errors.OpError as error:
        if onerror is not None:
            onerror(error)
        return
    folders = [name for name in inside if isdir(os.path.join(top, name))]
    here = (top, folders, [name for name in inside if name not in set(folders)])
    if topdown:
        yield here
    for folder in folders:
        yield from walk(os.path.join(top, folder), topdown, onerror)
    if not topdown:
        yield here
