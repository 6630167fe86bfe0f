"""`match_filenames_once`: the names of files, found once."""

from __future__ import annotations

from typing import Any

from defrun.graph.collections import GraphKeys
from defrun.graph.scopes import name_scope
from defrun.ops.files import matching_files
from defrun.variables.variable import Variable


def match_filenames_once(pattern: Any, name: str | None = None) -> Any:
    """Make a local variable with the files that match a pattern when it is initialized.

    Parameters
    ----------
    pattern : str, list of str or string Tensor
    name : str, optional

    Returns
    -------
    Variable
        Strings [files]; `tf.local_variables_initializer` initializes it.
    """
    with name_scope(name, "matching_filenames", [pattern]) as scope:
        return Variable(
            name=scope,
            initial_value=matching_files(pattern),
            trainable=False,
            validate_shape=False,
            collections=[GraphKeys.LOCAL_VARIABLES],
        )
