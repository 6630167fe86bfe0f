"""What is in a checkpoint, and variables that start from it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from defrun.base import logging
from defrun.base.storage import is_folder
from defrun.base.system import Path, path_text
from defrun.graph.scopes import device
from defrun.ops.checkpoint import restore_v2
from defrun.train.checkpoint_management import latest_checkpoint
from defrun.train.checkpoint_reader import CheckpointReader
from defrun.train.saveable import by_name, saveables_of
from defrun.variables.partitioned import PartitionedVariable
from defrun.variables.store import variable_store
from defrun.variables.variable import Variable


def checkpoint_prefix(ckpt_dir_or_file: Path) -> str | None:
    """Return the newest checkpoint of a folder (None: it has none), or the prefix itself."""
    path = path_text(ckpt_dir_or_file)
    return latest_checkpoint(path) if is_folder(path) else path


def load_checkpoint(ckpt_dir_or_file: Path) -> CheckpointReader:
    """Return a reader of a checkpoint, or of the newest one in a folder.

    Raises
    ------
    ValueError
        If the folder has none.
    NotFoundError
        If there is no such checkpoint.
    """
    prefix = checkpoint_prefix(ckpt_dir_or_file)
    if prefix is None:
        text = f"Couldn't find 'checkpoint' file or checkpoints in given directory {path_text(ckpt_dir_or_file)}"
        raise ValueError(text)
    return CheckpointReader(prefix)


def load_variable(ckpt_dir_or_file: Path, name: str) -> Any:
    """Return a tensor of a checkpoint as an array; NotFoundError if there is none of this name."""
    return load_checkpoint(ckpt_dir_or_file).get_tensor(name.removesuffix(":0"))


def list_variables(ckpt_dir_or_file: Path) -> list[tuple[str, list[int]]]:
    """Return the names and shapes of what a checkpoint holds, by name."""
    return sorted(load_checkpoint(ckpt_dir_or_file).get_variable_to_shape_map().items())


# -- waiting for the next one ----------------------------------------------------------------------------------------


def wait_for_new_checkpoint(
    checkpoint_dir: Path, last_checkpoint: str | None = None, seconds_to_sleep: float = 1, timeout: float | None = None
) -> str | None:
    """Return the newest checkpoint of a folder as soon as it is another than the last one; None if the time is up."""
    logging.info("Waiting for new checkpoint at %s", checkpoint_dir)
    end = None if timeout is None else time.time() + timeout
    while True:
        found = latest_checkpoint(checkpoint_dir)
        if found is not None and found != last_checkpoint:
            logging.info("Found new checkpoint at %s", found)
            return found
        if end is not None and time.time() + seconds_to_sleep > end:
            return None
        time.sleep(seconds_to_sleep)


def checkpoints_iterator(
    checkpoint_dir: Path,
    min_interval_secs: float = 0,
    timeout: float | None = None,
    timeout_fn: Callable[[], bool] | None = None,
) -> Iterator[str]:
    """Yield the checkpoints of a folder as they come; of several that came meanwhile, the newest.

    Parameters
    ----------
    checkpoint_dir : path
    min_interval_secs : float
        From one to the next.
    timeout : float, optional
        How long to wait for the next one, in seconds.
    timeout_fn : callable, optional
        Asked when the time is up: whether that was the last one. It was, if this isn't given.
    """
    last = None
    while True:
        found = wait_for_new_checkpoint(checkpoint_dir, last, timeout=timeout)
        if found is None:
            if not timeout_fn:
                logging.info("Timed-out waiting for a checkpoint.")
                return
            if timeout_fn():
                return
            continue
        start = time.time()
        last = found
        yield found
        left = start + min_interval_secs - time.time()
        if left > 0:
            time.sleep(left)


# -- variables that start from one -----------------------------------------------------------------------------------


def init_from_checkpoint(ckpt_dir_or_file: Path, assignment_map: Any) -> None:
    """Let variables start with values of a checkpoint: their initializers read it.

    Parameters
    ----------
    ckpt_dir_or_file : path
    assignment_map : dict or list of pairs
        For names in the checkpoint, the variable: itself, its name, or the list of its parts. ``"a/": "b/"`` stands for
        all variables below ``b/``; ``"/"`` for all that there are.

    Raises
    ------
    ValueError
        If a variable is not in the checkpoint, or has another shape there.

    Examples
    --------
    >>> tf.train.init_from_checkpoint("bert_model.ckpt", {"bert/": "encoder/bert/"})
    """
    prefix = checkpoint_prefix(ckpt_dir_or_file)
    known = load_checkpoint(ckpt_dir_or_file).get_variable_to_shape_map()
    here = path_text(ckpt_dir_or_file)
    for name, current in sorted(dict(assignment_map).items(), key=lambda pair: pair[0]):
        variable = _variable_of(current)
        if variable is not None:
            pairs = [(name, variable)]
        else:
            pairs = list(_below(name, current, known, here))
        for tensor, one in pairs:
            _check(tensor, one, known, here)
            start_from(one, str(prefix), tensor)


def is_variable(value: Any) -> bool:
    """Whether it is a variable, and not one in parts."""
    return isinstance(value, Variable)


def _variable_of(current: Any) -> Any:
    """Return the variable that is meant, or the parts of one; None if there is none of this name."""
    if is_variable(current):
        return current
    if isinstance(current, PartitionedVariable):
        return list(current)
    if isinstance(current, list) and all(is_variable(v) for v in current):
        return current
    known = variable_store()._vars
    return known.get(current) or _parts(current, known) or None


def _parts(name: str, known: dict[str, Any]) -> list[Any]:
    found: list[Any] = []
    while (part := known.get(f"{name}/part_{len(found)}")) is not None:
        found.append(part)
    return found


def _below(name: str, scope: str, known: Any, here: str) -> Iterator[tuple[str, Any]]:
    """Yield names in the checkpoint and variables, for all variables of a scope."""
    inside = scope.rpartition("/")[0]
    if not name.endswith("/"):
        text = f"Assignment map with scope only name {inside} should map to scope only {name}"
        raise ValueError(f"{text}. Should be 'scope/': 'other_scope/'.")
    variables = variable_store()._vars
    wholes = {var.partition("/part_")[0] for var in variables if not inside or var.startswith(f"{inside}/")}
    for whole in sorted(wholes):
        rest = whole[len(inside) :]
        rest = rest if scope == "/" else rest[1:]
        tensor = (rest if name == "/" else name + rest).removesuffix("/")
        if tensor not in known:
            raise ValueError(f"Tensor {tensor} ({whole} of the graph) is not found in the checkpoint {here}")
        yield tensor, variables.get(whole) or _parts(whole, variables)


def _check(tensor: str, variable: Any, known: dict[str, list[int]], here: str) -> None:
    if tensor not in known:
        raise ValueError(f"Tensor {tensor} is not found in the checkpoint {here}, which has {sorted(known)}")
    if is_variable(variable) and not variable.get_shape().is_compatible_with(known[tensor]):
        text = f"Shape of variable {variable.name} ({variable.get_shape()}) doesn't match with shape of tensor {tensor}"
        raise ValueError(f"{text} ({known[tensor]}) from the checkpoint {here}")


def start_from(variable: Any, prefix: str, tensor: str) -> None:
    """Let a variable, or the parts of one, start with a tensor of a checkpoint."""
    if is_variable(variable):
        _start(variable, prefix, tensor, "")
        return
    infos = [part._get_save_slice_info() for part in variable]
    wholes = {info.full_name for info in infos}
    if len(wholes) > 1:
        raise ValueError(f"Slices must all be from the same tensor, not from {sorted(wholes)}")
    for part, info in zip(variable, infos, strict=True):
        _start(part, prefix, tensor, info.spec)


def _start(variable: Any, prefix: str, tensor: str, part: str) -> None:
    kind = variable.dtype.base_dtype
    with device(variable.device), device("/cpu:0"):
        value = restore_v2(prefix, [tensor], [part], dtypes=[kind], name="checkpoint_initializer")[0]
        saveables = [s for key, op in by_name([variable]).items() for s in saveables_of(op, key)]
    start = saveables[0].restore([value], None)
    value.set_shape(variable.shape)
    variable._set_initializer(start)
    variable._initial_value = value
