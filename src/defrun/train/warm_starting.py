"""`warm_start`: variables that begin where an earlier model's ended, also where its vocabulary was another."""

from __future__ import annotations

from typing import Any, NamedTuple

from defrun.base import logging
from defrun.base.system import Path, path_text
from defrun.graph.collections import GraphKeys
from defrun.graph.convert import convert_to_tensor
from defrun.graph.scopes import get_collection
from defrun.ops import state
from defrun.train.checkpoint_utils import checkpoint_prefix, init_from_checkpoint, is_variable
from defrun.train.object_names import keys_of_variables
from defrun.train.remapped import load_and_remap_matrix_initializer
from defrun.train.saveable import by_name
from defrun.variables.initializers import PartitionInfo


class _Vocabulary(NamedTuple):
    new_vocab: Any
    new_vocab_size: int
    num_oov_buckets: int
    old_vocab: Any
    old_vocab_size: int
    backup_initializer: Any
    axis: int


class VocabInfo(_Vocabulary):
    """What the rows or columns of a variable stand for, now and in an earlier model.

    Parameters
    ----------
    new_vocab, old_vocab : str
        Files with a word a line.
    new_vocab_size : int
        How many words of the new file count.
    num_oov_buckets : int
        How many rows follow for words that are not in it.
    old_vocab_size : int
        How many words of the old file count; -1: all.
    backup_initializer : callable, optional
        What new words begin with: zeros by default.
    axis : int
        0: rows stand for words; 1: columns do.

    Raises
    ------
    ValueError
        For another axis.
    """

    __slots__ = ()

    def __new__(
        cls,
        new_vocab: Any,
        new_vocab_size: int,
        num_oov_buckets: int,
        old_vocab: Any,
        old_vocab_size: int = -1,
        backup_initializer: Any = None,
        axis: int = 0,
    ) -> VocabInfo:
        if axis not in (0, 1):
            text = f"The only supported values for the axis argument are 0 and 1.  Provided axis: {axis}"
            raise ValueError(text)
        values = (new_vocab, new_vocab_size, num_oov_buckets, old_vocab, old_vocab_size, backup_initializer, axis)
        return super().__new__(cls, *values)


def warm_start(
    ckpt_to_initialize_from: Path,
    vars_to_warm_start: Any = ".*",
    var_name_to_vocab_info: dict[str, VocabInfo] | None = None,
    var_name_to_prev_var_name: dict[str, str] | None = None,
) -> None:
    """Let variables start with the values of a checkpoint.

    Parameters
    ----------
    ckpt_to_initialize_from : path
        A checkpoint, or a folder: its newest one.
    vars_to_warm_start : str or list, optional
        A regular expression of the names of trainable variables; a list of them, of all variables; or the variables
        themselves. None: only those with a vocabulary.
    var_name_to_vocab_info : dict of str to VocabInfo, optional
        The vocabularies of variables whose rows or columns stand for words.
    var_name_to_prev_var_name : dict of str to str, optional
        Names in the checkpoint, where they are others.

    Raises
    ------
    ValueError
        If something in these dicts isn't used, or a variable is not in the checkpoint.
    """
    logging.info("Warm-starting from: %s", ckpt_to_initialize_from)
    groups = _groups(vars_to_warm_start)
    vocabularies = var_name_to_vocab_info or {}
    names = var_name_to_prev_var_name or _renamed(ckpt_to_initialize_from, groups)
    plain: dict[str, Any] = {}
    for name, parts in groups.items():
        vocabulary = vocabularies.get(name)
        if vocabulary:
            _start_with_words(parts, vocabulary, str(checkpoint_prefix(ckpt_to_initialize_from)), names.get(name, name))
        elif vars_to_warm_start:
            plain[names.get(name) or name] = parts[0] if len(parts) == 1 else parts
    init_from_checkpoint(ckpt_to_initialize_from, plain)
    for what, given in (("var_name_to_prev_var_name", names), ("var_name_to_vocab_info", vocabularies)):
        unused = given.keys() - groups.keys()
        if unused:
            text = f"You provided the following variables in {what} that were not used: {sorted(unused)}"
            raise ValueError(f"{text}. Perhaps you misspelled them? There are: {sorted(groups)}")


def _groups(wanted: Any) -> dict[str, list[Any]]:
    """Return variables by name; the parts of one together."""
    if wanted is None or isinstance(wanted, str):
        found = get_collection(GraphKeys.TRAINABLE_VARIABLES, wanted)
    elif not isinstance(wanted, list):
        raise ValueError(f"`vars_to_warm_start must be a `list` or `str`.  Given type is {type(wanted)}")
    elif all(isinstance(v, str) for v in wanted):
        found = [v for scope in wanted for v in get_collection(GraphKeys.GLOBAL_VARIABLES, scope)]
    elif all(is_variable(v) for v in wanted):
        found = wanted
    else:
        kinds = [type(v) for v in wanted]
        raise ValueError(f"`vars_to_warm_start` must be all `Variable` or all `str`, not {kinds}")
    groups: dict[str, list[Any]] = {}
    for variable in found:
        groups.setdefault(next(iter(by_name([variable]))), []).append(variable)
    return groups


def _renamed(checkpoint: Path, groups: dict[str, list[Any]]) -> dict[str, str]:
    """Return the keys of variables in a checkpoint that `tf.train.Checkpoint` wrote; nothing for another."""
    keys = keys_of_variables(str(checkpoint_prefix(checkpoint)))
    if keys is None:
        return {}
    missing = groups.keys() - keys.keys()
    if missing:
        raise ValueError(f"The checkpoint {path_text(checkpoint)} of objects lacks the variables {sorted(missing)}")
    return {name: keys[name] for name in groups}


def _start_with_words(parts: list[Any], vocabulary: VocabInfo, prefix: str, tensor: str) -> None:
    """Let a variable, or the parts of one, start with rows or columns of a matrix, found by their words."""
    height = sum(part.get_shape().as_list()[0] for part in parts)
    for part in parts:
        shape = part.get_shape().as_list()
        info = part._get_save_slice_info()
        place = PartitionInfo(info.full_shape, info.var_offset) if info else None
        files = {"old_{}_vocab_file": vocabulary.old_vocab, "new_{}_vocab_file": vocabulary.new_vocab}
        axis = "col" if vocabulary.axis else "row"
        options: dict[str, Any] = {name.format(axis): path for name, path in files.items()}
        options[f"num_{axis}_oov_buckets"] = vocabulary.num_oov_buckets
        if not vocabulary.axis:
            options["old_row_vocab_size"] = vocabulary.old_vocab_size
        words = vocabulary.new_vocab_size
        options["initializer"] = vocabulary.backup_initializer
        rows, columns = (height, words) if vocabulary.axis else (words, shape[1])
        load = load_and_remap_matrix_initializer(prefix, tensor, rows, columns, **options)
        part._set_initializer(state.assign(part, convert_to_tensor(load(shape=shape, partition_info=place))))
