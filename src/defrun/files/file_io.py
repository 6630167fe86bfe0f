"""`gfile` under the names and parameters of TensorFlow 1: `tf.gfile` and `tensorflow.python.lib.io.file_io`."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from defrun.base.system import Path
from defrun.base.text import as_str_any
from defrun.files import gfile
from defrun.files.gfile import FileStatistics
from defrun.files.gfile import GFile as FileIO


def file_exists(filename: Path) -> bool:
    """Whether there is a file or a folder of this name."""
    return gfile.exists(filename)


def is_directory(dirname: Path) -> bool:
    """Whether there is a folder of this name."""
    return gfile.isdir(dirname)


def stat(filename: Path) -> FileStatistics:
    """Return size, time and kind of a file. NotFoundError if it is not there."""
    return gfile.stat(filename)


def list_directory(dirname: Path) -> list[str]:
    """Return the names in a folder, sorted. NotFoundError if it is no folder."""
    return gfile.listdir(dirname)


def get_matching_files(filename: Path | Sequence[Path]) -> list[str]:
    """Return the files that match a shell pattern, or any of several."""
    return gfile.glob(filename)


def create_dir(dirname: Path) -> None:
    """Make a folder. NotFoundError if the one above it is not there."""
    gfile.mkdir(dirname)


def recursive_create_dir(dirname: Path) -> None:
    """Make a folder and those above it where they are not there yet."""
    gfile.makedirs(dirname)


def delete_file(filename: Path) -> None:
    """Remove a file. NotFoundError if it is not there, FailedPreconditionError for a folder."""
    gfile.remove(filename)


def delete_recursively(dirname: Path) -> None:
    """Remove a folder and all that is in it. NotFoundError if it is not there, FailedPreconditionError for a file."""
    gfile.rmtree(dirname)


def copy(oldpath: Path, newpath: Path, overwrite: bool = False) -> None:
    """Copy a file. AlreadyExistsError if `newpath` is there and not to be overwritten."""
    gfile.copy(oldpath, newpath, overwrite)


def rename(oldname: Path, newname: Path, overwrite: bool = False) -> None:
    """Move a file or a folder. AlreadyExistsError if `newname` is there and not to be overwritten."""
    gfile.rename(oldname, newname, overwrite)


def walk(top: Path, in_order: bool = True) -> Iterator[tuple[str, list[str], list[str]]]:
    """Yield (folder, folders in it, files in it) for `top` and all below it: a folder before those in it, or after."""
    return gfile.walk(top, in_order)


def read_file_to_string(filename: Path, binary_mode: bool = False) -> Any:
    """Return all of a file, as text unless `binary_mode`."""
    with FileIO(filename, "rb" if binary_mode else "r") as file:
        return file.read()


def write_string_to_file(filename: Path, file_content: str | bytes) -> None:
    """Write text or bytes into a file, in place of what it held."""
    with FileIO(filename, "w") as file:
        file.write(file_content)


def atomic_write_string_to_file(filename: Path, contents: str | bytes, overwrite: bool = True) -> None:
    """Write into a file such that a reader finds the old or the new text, never a part of it."""
    passing = f"{as_str_any(os.fspath(filename))}.{uuid.uuid4().hex}.tmp"
    write_string_to_file(passing, contents)
    try:
        gfile.rename(passing, filename, overwrite)
    except BaseException:
        gfile.remove(passing)
        raise
