"""`Saver`: saves variables in checkpoints and restores them."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
from tensorboard.compat.proto import saver_pb2

from defrun.base import errors, logging, storage
from defrun.base.system import path_text
from defrun.base.text import as_str
from defrun.graph.graph import get_default_graph
from defrun.graph.scopes import prepend_name_scope, strip_name_scope
from defrun.session.session import BaseSession
from defrun.train import checkpoint_management as management
from defrun.train.fitting import check_fits
from defrun.train.global_step import global_step as read_global_step
from defrun.train.meta_graph import export_meta_graph
from defrun.train.object_names import keys_of_variables
from defrun.train.saveable import by_name
from defrun.train.saver_nodes import Nodes
from defrun.variables.lists import all_saveable_objects

_NAMES = ("filename_tensor_name", "save_tensor_name", "restore_op_name")  # the nodes that a SaverDef names


class Saver:
    """Saves variables in checkpoints and restores them.

    Parameters
    ----------
    var_list : list of variables, or dict of names and variables, optional
        What to save, and under which names if not their own. By default all variables that there are.
    reshape : bool
        Restore values of another shape if they have as many elements.
    sharded : bool
        Write a shard for each device.
    max_to_keep : int, optional
        How many checkpoints to keep; older ones are deleted. None or 0 keeps them all.
    keep_checkpoint_every_n_hours : float
        Beside those, keep one of every so many hours.
    name : str, optional
        Name scope of the nodes.
    restore_sequentially : bool
        Has no effect: a restore is one step.
    saver_def : SaverDef, optional
        Names nodes that are there already.
    builder : object, optional
        Its `build` adds the nodes instead of ours.
    defer_build : bool
        Add the nodes at `build`, not now.
    allow_empty : bool
        Allow that there is nothing to save.
    write_version : int
        `SaverDef.V2`, or V1 for TensorFlow's old format.
    pad_step_number : bool
        Write the step with eight digits in names of files.
    save_relative_paths : bool
        Write relative paths to the file `checkpoint`.
    filename : str, optional
        Where the nodes save by default; what is fed by `save` and `restore` counts.

    Raises
    ------
    TypeError
        If something to save is no variable.
    ValueError
        If there is nothing to save, or two things have the same name.
    """

    def __init__(
        self,
        var_list: Any = None,
        reshape: bool = False,
        sharded: bool = False,
        max_to_keep: int | None = 5,
        keep_checkpoint_every_n_hours: float = 10000.0,
        name: str | None = None,
        restore_sequentially: bool = False,
        saver_def: Any = None,
        builder: Any = None,
        defer_build: bool = False,
        allow_empty: bool = False,
        write_version: int = saver_pb2.SaverDef.V2,
        pad_step_number: bool = False,
        save_relative_paths: bool = False,
        filename: str | None = None,
    ) -> None:
        if defer_build and var_list:
            raise ValueError("With defer_build the variables are those that are there at build: give no var_list")
        if saver_def is not None and not isinstance(saver_def, saver_pb2.SaverDef):
            raise ValueError(f"saver_def must be a SaverDef: {saver_def!r}")
        self._var_list = var_list
        self._reshape = reshape
        self._sharded = sharded
        self._max_to_keep = max_to_keep or 0
        self._hours = keep_checkpoint_every_n_hours
        self._name = name
        self._builder = builder
        self._allow_empty = allow_empty
        self._write_version = write_version
        self._pad_step_number = pad_step_number
        self._save_relative_paths = save_relative_paths
        self._filename = filename
        self._is_empty = False
        self._variables: Any = None  # what the nodes save, if they are not those of a saver_def
        self._for_objects: dict[str, Saver] = {}
        self.saver_def: Any = saver_def
        self._is_built = False
        if not defer_build:
            self.build()

    def build(self) -> None:
        """Add the nodes, unless they are there.

        Raises
        ------
        ValueError
            If there is nothing to save.
        """
        if self._is_built:
            return
        self._is_built = True
        if self.saver_def is None or self._builder:
            self._add_nodes()
        elif self._name:
            for field in _NAMES:
                setattr(self.saver_def, field, prepend_name_scope(getattr(self.saver_def, field), self._name))
        if self.saver_def is not None:
            for field in _NAMES:
                if not getattr(self.saver_def, field):
                    raise ValueError(f"saver_def must specify the {field}: {self.saver_def!s}")
            self._max_to_keep = self.saver_def.max_to_keep
            self._hours = self.saver_def.keep_checkpoint_every_n_hours or 10000.0
        self._history = management.History(self._max_to_keep, self._hours)

    def _add_nodes(self) -> None:
        variables = all_saveable_objects() if self._var_list is None else self._var_list
        if not variables:
            if not self._allow_empty:
                raise ValueError("No variables to save")
            self._is_empty = True
            return
        self._variables = variables
        names = by_name(variables)
        options: dict[str, Any] = {
            "reshape": self._reshape,
            "sharded": self._sharded,
            "max_to_keep": self._max_to_keep,
            "keep_checkpoint_every_n_hours": self._hours,
            "name": self._name,
            "filename": self._filename,
        }
        build = self._builder.build if self._builder else Nodes(self._write_version).build
        self.saver_def = build(names, **options)

    # -- saving --------------------------------------------------------------------------------------------------

    def save(
        self,
        sess: Any,
        save_path: Any,
        global_step: Any = None,
        latest_filename: str | None = None,
        meta_graph_suffix: str = "meta",
        write_meta_graph: bool = True,
        write_state: bool = True,
        strip_default_attrs: bool = False,
        save_debug_info: bool = False,
    ) -> str | None:
        """Save the variables as they are in a session.

        A process that is killed meanwhile leaves the checkpoints that were there.

        Parameters
        ----------
        sess : Session
        save_path : str
            Prefix of the files.
        global_step : int, Tensor or str, optional
            A step that is appended to the prefix.
        latest_filename : str, optional
            The file that names the newest checkpoint; ``checkpoint`` by default.
        meta_graph_suffix : str
            Ends the name of the file with the graph.
        write_meta_graph, write_state : bool
            Whether to write that file, and the one that names the newest.
        strip_default_attrs : bool
            Leave attrs that have their defaults out of the graph.

        Returns
        -------
        str or None
            The prefix that `restore` takes; None if there is nothing to save.

        Raises
        ------
        TypeError
            If `sess` is no session.
        ValueError
            If the path's folder doesn't exist, or the path is that of the file that names the newest.
        RuntimeError
            If the nodes have not been built.
        """
        if not self._is_built:
            raise RuntimeError("`build()` should be called before save if defer_build==True")
        latest_filename = latest_filename or "checkpoint"
        if os.path.dirname(latest_filename):
            raise ValueError(f"'latest_filename' must not contain path components: {latest_filename}")
        if not isinstance(sess, BaseSession):
            raise TypeError(f"'sess' must be a Session; {sess}")
        prefix = path_text(save_path)
        folder = storage.folder_of(prefix)
        if global_step is not None:
            step = global_step if isinstance(global_step, (int, np.integer)) else read_global_step(sess, global_step)
            prefix += f"-{step:08d}" if self._pad_step_number else f"-{step}"
        elif os.path.basename(prefix) == latest_filename and not self._sharded:
            raise ValueError(f"'latest_filename' collides with 'save_path': '{latest_filename}' and '{prefix}'")
        path = None if self._is_empty else self._write(sess, prefix, folder, latest_filename, write_state)
        if write_meta_graph:
            meta = management.meta_graph_filename(prefix, meta_graph_suffix)
            with sess.graph.as_default():
                self.export_meta_graph(meta, strip_default_attrs=strip_default_attrs, save_debug_info=save_debug_info)
        if path is not None and write_state:
            self._history.delete_old(self.saver_def.version, meta_graph_suffix)
        return path

    def _write(self, sess: Any, prefix: str, folder: str, latest_filename: str, write_state: bool) -> str:
        names = self.saver_def
        try:
            path = as_str(sess.run(names.save_tensor_name, {names.filename_tensor_name: prefix}))
            if write_state:
                self._history.record(path)
                management.update_state(
                    folder, path, self.last_checkpoints, latest_filename, self._save_relative_paths, None, None
                )
        except (errors.FailedPreconditionError, errors.NotFoundError):
            if folder and not storage.is_folder(folder):
                raise ValueError(f"Parent directory of {prefix} doesn't exist, can't save.") from None
            raise
        return path

    # -- restoring -----------------------------------------------------------------------------------------------

    def restore(self, sess: Any, save_path: Any) -> None:
        """Give the variables of a session the values of a checkpoint; they need not be initialized.

        Parameters
        ----------
        sess : Session
        save_path : str
            What `save` or `latest_checkpoint` returned.

        Raises
        ------
        ValueError
            If there is no such checkpoint.
        NotFoundError
            If a variable is not in it.
        InvalidArgumentError
            If a variable's shape or dtype is not that of the checkpoint. No variable has changed then.
        """
        if self._is_empty:
            return
        if save_path is None:
            raise ValueError("Can't load save_path when it is None.")
        prefix = path_text(save_path)
        if not management.checkpoint_exists(prefix):
            raise ValueError(f"The passed save_path is not a valid checkpoint: {prefix}")
        logging.info("Restoring parameters from %s", prefix)
        names = self.saver_def
        try:
            check_fits(sess.graph.get_operation_by_name(names.restore_op_name), prefix)
            sess.run(names.restore_op_name, {names.filename_tensor_name: prefix})
        except errors.NotFoundError as error:
            if self._restore_objects(sess, prefix):
                return
            raise _explained(error, prefix, "a variable of the graph is not in the checkpoint") from None
        except errors.InvalidArgumentError as error:
            raise _explained(error, prefix, "a variable of the graph is not as the checkpoint has it") from None

    def _restore_objects(self, sess: Any, prefix: str) -> bool:
        """Restore from a checkpoint of objects, where variables have other keys; return whether it is one."""
        keys = keys_of_variables(prefix)
        if keys is None:
            return False
        if prefix not in self._for_objects:
            with sess.graph.as_default():
                variables = by_name(all_saveable_objects() if self._variables is None else self._variables)
                missing = sorted(variables.keys() - keys.keys())
                if missing:
                    text = f"The checkpoint {prefix} of objects has no values for the variables {missing}"
                    raise errors.NotFoundError(None, None, text)
                self._for_objects[prefix] = Saver({keys[name]: variable for name, variable in variables.items()})
        self._for_objects[prefix].restore(sess, prefix)
        return True

    # -- which there are -----------------------------------------------------------------------------------------

    @property
    def last_checkpoints(self) -> list[str]:
        """The checkpoints that have been written and not deleted, oldest first."""
        return [path for path, _ in self._history.paths]

    def set_last_checkpoints(self, last_checkpoints: list[str]) -> None:
        """Say which checkpoints there are; deprecated, as their times are not known."""
        assert isinstance(last_checkpoints, list)
        self._history.paths = [(path, np.inf) for path in last_checkpoints]

    def set_last_checkpoints_with_time(self, last_checkpoints_with_time: list[tuple[str, float]]) -> None:
        """Say which checkpoints there are and when they were written."""
        assert isinstance(last_checkpoints_with_time, list)
        self._history.paths = list(last_checkpoints_with_time)

    def recover_last_checkpoints(self, checkpoint_paths: list[str]) -> None:
        """Go on with the checkpoints of an earlier process: those that are there still."""
        there = [path for path in checkpoint_paths if management.checkpoint_exists(path)]
        self._history.paths = list(zip(there, management.get_checkpoint_mtimes(there), strict=True))

    # -- as a protobuf -------------------------------------------------------------------------------------------

    def as_saver_def(self) -> Any:
        """Return the SaverDef that names the nodes."""
        return self.saver_def

    def to_proto(self, export_scope: str | None = None) -> Any:
        """Return the SaverDef, or None if it is not inside `export_scope`."""
        if export_scope is None:
            return self.saver_def
        if not all(getattr(self.saver_def, field).startswith(export_scope) for field in _NAMES):
            return None
        proto = saver_pb2.SaverDef()
        proto.CopyFrom(self.saver_def)
        for field in _NAMES:
            setattr(proto, field, strip_name_scope(getattr(proto, field), export_scope))
        return proto

    @staticmethod
    def from_proto(saver_def: Any, import_scope: str | None = None) -> Saver:
        """Return the saver of nodes that are there."""
        return Saver(saver_def=saver_def, name=import_scope)

    def export_meta_graph(
        self,
        filename: Any = None,
        collection_list: Any = None,
        as_text: bool = False,
        export_scope: str | None = None,
        clear_devices: bool = False,
        clear_extraneous_savers: bool = False,
        strip_default_attrs: bool = False,
        save_debug_info: bool = False,
    ) -> Any:
        """Return the default graph with its collections and this saver as a MetaGraphDef, and write it if asked."""
        return export_meta_graph(
            filename=filename,
            graph_def=get_default_graph().as_graph_def(add_shapes=True),
            saver_def=self.saver_def,
            collection_list=collection_list,
            as_text=as_text,
            export_scope=export_scope,
            clear_devices=clear_devices,
            clear_extraneous_savers=clear_extraneous_savers,
            strip_default_attrs=strip_default_attrs,
            save_debug_info=save_debug_info,
        )


def variable_at_fault(error: Any) -> str:
    """Return the name of the variable that could not be set, or an empty text."""
    inputs = getattr(error.op, "inputs", None)
    return inputs[0].op.name if inputs and error.op.type.startswith("Assign") else ""


def _explained(error: Any, prefix: str, likely: str) -> Any:
    name = variable_at_fault(error)
    likely = likely.replace("a variable of the graph", f"the variable {name} of the graph") if name else likely
    text = f"Restoring from {prefix} failed, most likely because {likely}. Original error:\n\n{error.message}"
    return type(error)(error.node_def, error.op, text)
