"""What the operating system refuses, as TensorFlow's classes of errors."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager

from defrun.base import errors
from defrun.base.text import as_str_any

Path = str | bytes | os.PathLike[str]

_CLASSES = {
    errno.ENOENT: errors.NotFoundError,
    errno.EEXIST: errors.AlreadyExistsError,
    errno.EACCES: errors.PermissionDeniedError,
    errno.EPERM: errors.PermissionDeniedError,
    errno.EROFS: errors.PermissionDeniedError,
    errno.EISDIR: errors.FailedPreconditionError,
    errno.ENOTDIR: errors.FailedPreconditionError,
    errno.ENOTEMPTY: errors.FailedPreconditionError,
    errno.ENOSPC: errors.ResourceExhaustedError,
    errno.EMFILE: errors.ResourceExhaustedError,
    errno.EINVAL: errors.InvalidArgumentError,
}

# What others than the operating system raise has a class but no number.
_CODES = {
    FileNotFoundError: errno.ENOENT,
    FileExistsError: errno.EEXIST,
    PermissionError: errno.EACCES,
    IsADirectoryError: errno.EISDIR,
    NotADirectoryError: errno.ENOTDIR,
}


def path_text(path: Path) -> str:
    """Return a path as text."""
    return as_str_any(os.fspath(path))


def translated(error: OSError, path: Path) -> errors.OpError:
    """Return an error of the operating system about `path` as TensorFlow's."""
    code = error.errno or next((code for kind, code in _CODES.items() if isinstance(error, kind)), 0)
    make = _CLASSES.get(code, errors.UnknownError)
    return make(None, None, f"{path_text(path)}; {os.strerror(code) if code else error}")


@contextmanager
def tensorflow_errors(path: Path) -> Iterator[None]:
    """Turn the operating system's errors about `path` into TensorFlow's."""
    try:
        yield
    except OSError as error:
        raise translated(error, path) from None
