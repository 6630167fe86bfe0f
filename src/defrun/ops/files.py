"""Whole files: read, written, listed."""

from __future__ import annotations

from typing import Any

import numpy as np

from defrun.base import errors, storage
from defrun.base.system import tensorflow_errors
from defrun.base.text import as_bytes, as_text
from defrun.graph.check import check
from defrun.ops.declare import op


def _name(filename: Any) -> str:
    one = filename.ndim == 0
    check(one, errors.InvalidArgumentError, "filename must be a scalar, not of shape {}", filename.shape)
    return as_text(filename[()])


def _scalar(filename):
    if filename not in (None, ()):
        raise ValueError(f"filename must be a scalar, not of shape {filename}")
    return ()


@op("ReadFile", "filename: string -> contents: string", shape=_scalar, host=True, differentiable=False)
def read_file(filename):
    """Read a file.

    Parameters
    ----------
    filename : string Tensor []

    Returns
    -------
    string Tensor []

    Raises
    ------
    NotFoundError
        When run, if there is no such file.
    """
    return np.array(storage.read_file(_name(filename)), object)


@op("WriteFile", "filename: string, contents: string ->", stateful=True, host=True, differentiable=False)
def write_file(filename, contents):
    """Write a file, and the directories that it is in if there are none.

    Parameters
    ----------
    filename : string Tensor []
    contents : string Tensor []

    Returns
    -------
    Operation
    """
    path = _name(filename)
    check(contents.ndim == 0, errors.InvalidArgumentError, "contents must be a scalar, not {}", contents.shape)
    with tensorflow_errors(path):
        folder = storage.folder_of(path)
        if not storage.exists(folder):
            storage.make_folders(folder)
        with storage.open_file(path, "wb") as file:
            file.write(as_bytes(contents[()]))


@write_file.shape
def _(filename, contents):
    _scalar(filename)
    if contents not in (None, ()):
        raise ValueError(f"contents must be a scalar, not of shape {contents}")
    return []


@op("MatchingFiles", "pattern: string -> filenames: string", host=True, differentiable=False)
def matching_files(pattern):
    """List the files that match patterns with ``*``, ``?`` and ``[...]``, none of which matches a ``/``.

    Parameters
    ----------
    pattern : string Tensor [] or [n]

    Returns
    -------
    string Tensor [m]
        In order.
    """
    check(pattern.ndim <= 1, errors.InvalidArgumentError, "pattern must be a scalar or vector, not {}", pattern.shape)
    found = sorted(path.encode() for one in pattern.ravel() for path in storage.matching(as_text(one)))
    return np.array([*found, None], object)[:-1]


@matching_files.shape
def _(pattern):
    if pattern is not None and len(pattern) > 1:
        raise ValueError(f"pattern must be a scalar or a vector, not of shape {pattern}")
    return (None,)
