"""`tf.contrib.framework`: variables set from checkpoints."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tensorboard.compat.proto import saver_pb2

from defrun.base import logging
from defrun.base.system import Path
from defrun.contrib.framework.variables import get_variable_full_name
from defrun.graph.operation import Operation
from defrun.ops.constant import placeholder
from defrun.ops.flow import group
from defrun.train.checkpoint_reader import CheckpointReader
from defrun.train.saver import Saver

_PARTS = (list, tuple)


def assign_from_checkpoint(
    model_path: Path, var_list: Any, ignore_missing_vars: bool = False
) -> tuple[Operation, dict[Any, Any]]:
    """Return an operation that sets variables to values of a checkpoint, and what to feed it.

    Parameters
    ----------
    model_path : path
    var_list : list of variables, or dict of names and variables or their parts
    ignore_missing_vars : bool
        Leave out what is not in the checkpoint, with a warning.

    Raises
    ------
    ValueError
        If a variable is not in the checkpoint, or has another shape there.
    """
    reader, assigns, feeds = CheckpointReader(model_path), [], {}
    for name, parts in _by_name(var_list).items():
        if not reader.has_tensor(name):
            text = f"Checkpoint is missing variable [{name}]"
            if not ignore_missing_vars:
                raise ValueError(text)
            logging.warning(text)
            continue
        value = reader.get_tensor(name)
        for variable in parts:
            kind, shape = variable.dtype.base_dtype, variable.get_shape()
            given = placeholder(kind, shape=shape, name=f"placeholder/{variable.op.name}")
            assigns.append(variable.assign(given))
            feeds[given] = _part(variable, name, value)
    return group(*assigns), feeds


def _by_name(var_list: Any) -> dict[str, list[Any]]:
    if not isinstance(var_list, _PARTS):
        return {name: list(v) if isinstance(v, _PARTS) else [v] for name, v in var_list.items()}
    found: dict[str, list[Any]] = {}
    for variable in var_list:
        found.setdefault(get_variable_full_name(variable), []).append(variable)
    return found


def _part(variable: Any, name: str, value: Any) -> Any:
    info = variable._save_slice_info
    if info:
        sizes = zip(info.var_offset, info.var_shape, strict=True)
        return value[tuple(slice(start, start + size) for start, size in sizes)]
    if not variable.get_shape().is_compatible_with(value.shape):
        text = f"{name} has the shape {value.shape} in the checkpoint, but {variable.get_shape()} here"
        raise ValueError(text)
    return value


def assign_from_checkpoint_fn(
    model_path: Path, var_list: Any, ignore_missing_vars: bool = False, reshape_variables: bool = False
) -> Callable[[Any], None] | None:
    """Return a function of a session that sets variables to values of a checkpoint; None if it has none of them.

    Parameters
    ----------
    model_path : path
    var_list : list of variables, or dict of names and variables
    ignore_missing_vars : bool
        Leave out what is not in the checkpoint, with a warning.
    reshape_variables : bool
        Take values of another shape if they have as many elements.

    Raises
    ------
    ValueError
        If `var_list` is empty.
    """
    if not var_list:
        raise ValueError("var_list cannot be empty")
    if ignore_missing_vars:
        reader = CheckpointReader(model_path)
        wanted = var_list if isinstance(var_list, dict) else {v.op.name: v for v in var_list}
        for name in wanted:
            if not reader.has_tensor(name):
                logging.warning("Variable %s missing in checkpoint %s", name, model_path)
        var_list = {name: variable for name, variable in wanted.items() if reader.has_tensor(name)}
    if not var_list:
        logging.warning("No Variables to restore")
        return None
    saver = Saver(var_list, reshape=reshape_variables, write_version=saver_pb2.SaverDef.V1)
    return lambda session: saver.restore(session, model_path)
