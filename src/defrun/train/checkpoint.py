"""`tf.train.Checkpoint`: checkpoints of objects, whose variables are found by the attributes that lead to them."""

from __future__ import annotations

from typing import Any

from defrun.base import dtypes, storage
from defrun.base.system import Path, path_text
from defrun.graph.graph import get_default_graph
from defrun.graph.operation import Operation
from defrun.graph.scopes import device
from defrun.ops.checkpoint import open_checkpoint, restore_v2
from defrun.ops.constant import placeholder
from defrun.ops.flow import group
from defrun.session.session import get_default_session
from defrun.train import checkpoint_management as management
from defrun.train.fitting import check_fits
from defrun.train.object_names import GRAPH_KEY, object_graph_of
from defrun.train.saveable import SaveableObject, SaveSpec, by_name, saveables_of
from defrun.train.saver import Saver
from defrun.train.saver_nodes import Nodes, by_device
from defrun.train.trackable import AutoTrackable, Match, Objects, is_trackable
from defrun.variables.variable import Variable


def session_of(session: Any) -> Any:
    """Return a session: the given one, or that of the open ``with`` block."""
    found = session or get_default_session()
    if found is None:
        raise ValueError("There is no session: pass one, or open a block with one")
    return found


class Checkpoint(AutoTrackable):
    """A group of objects whose variables are saved and restored together.

    Variables are found again by the attributes that lead to them, not by their names.

    Parameters
    ----------
    **kwargs : object
        Variables, optimizers, layers, or objects that have such in their attributes.

    Raises
    ------
    ValueError
        If something can't hold variables.

    Examples
    --------
    >>> checkpoint = tf.train.Checkpoint(optimizer=optimizer, model=model)
    >>> path = checkpoint.save("folder/ckpt", session)
    >>> checkpoint.restore(path).assert_consumed().run_restore_ops(session)
    """

    _untracked = ("_nodes",)

    def __init__(self, **kwargs: Any) -> None:
        for name, value in sorted(kwargs.items()):
            if not is_trackable(value):
                text = f"`Checkpoint` was expecting a trackable object, one that can hold variables, got {value}"
                raise ValueError(f"{text} as {name}.")
            setattr(self, name, value)
        self._nodes: dict[Any, Any] = {}

    @property
    def save_counter(self) -> Any:
        """The variable that counts what was saved; it starts at 0."""
        if "save_counter" not in vars(self):
            with device("/cpu:0"):
                counter = Variable(0, name="save_counter", dtype=dtypes.int64, trainable=False, use_resource=True)
            vars(self)["save_counter"] = counter
        return vars(self)["save_counter"]

    @save_counter.setter
    def save_counter(self, value: Any) -> None:
        vars(self)["save_counter"] = value

    def write(self, file_prefix: Path, session: Any = None) -> str:
        """Save the variables of all objects under a prefix, and no more; return the prefix."""
        session, prefix = session_of(session), path_text(file_prefix)
        with session.graph.as_default():
            objects = Objects(self)
            values = {objects.key(number): variable for number, variable in objects.variables()}
            path, graph, saved = self._cached("save", values, _save_nodes)
            session.run(saved, {path: prefix, graph: objects.proto().SerializeToString(deterministic=True)})
        return prefix

    def save(self, file_prefix: Path, session: Any = None) -> str:
        """Save the variables of all objects under ``prefix-N``, where N counts; return that.

        `tf.train.latest_checkpoint` finds it.
        """
        session, prefix = session_of(session), path_text(file_prefix)
        path = self.write(f"{prefix}-{self.next_number(session)}", session)
        management.update_state(storage.folder_of(prefix), path, [path], None, True, None, None)
        return path

    def next_number(self, session: Any) -> int:
        """Add one to `save_counter` and return it."""
        with session.graph.as_default():
            fresh = "save_counter" not in vars(self)
            counter = self.save_counter
            if fresh:
                session.run(counter.initializer)
            (add,) = self._cached("count", {"": counter}, lambda _: (counter.assign_add(1, read_value=True),))
        return int(session.run(add))

    def restore(self, save_path: Any) -> Any:
        """Return an object that restores the variables of all objects from a checkpoint.

        Parameters
        ----------
        save_path : path, optional
            A checkpoint of this kind, or one of a `Saver`, in which variables are found by their names. With None
            variables can only be initialized.

        Returns
        -------
        object
            `assert_consumed()` and `assert_existing_objects_matched()` check that all fits, `run_restore_ops(session)`
            restores, `initialize_or_restore(session)` initializes the rest, too.

        Raises
        ------
        NotFoundError
            If there is no such checkpoint.
        """
        if save_path is None:
            return InitializationOnlyStatus(self)
        prefix = path_text(save_path)
        reader = open_checkpoint(prefix)
        graph = object_graph_of(reader)
        self.save_counter  # noqa: B018 (what is there can be restored)
        return NameBasedSaverStatus(self, prefix) if graph is None else CheckpointLoadStatus(self, prefix, graph)

    def _cached(self, kind: str, values: dict[str, Any], make: Any) -> Any:
        """Return nodes, made once for the same variables in the same graph."""
        key = (kind, get_default_graph(), *((name, id(variable)) for name, variable in values.items()))
        if key not in self._nodes:
            self._nodes[key] = make(values)
        return self._nodes[key]


def _specs(values: dict[str, Any]) -> list[tuple[str, Any]]:
    """Return names and saveables of variables."""
    return [(name, s) for name, v in values.items() for op in by_name([v]).values() for s in saveables_of(op, name)]


def _save_nodes(values: dict[str, Any]) -> tuple[Any, Any, Operation]:
    path = placeholder(dtypes.string, [], "file_prefix")
    with device("/device:CPU:0"):
        graph = placeholder(dtypes.string, [], "object_graph")
    saveables = [saveable for _, saveable in _specs(values)]
    saveables.append(SaveableObject(graph, [SaveSpec(graph, "", GRAPH_KEY)], GRAPH_KEY))
    return path, graph, Nodes().save_shards(path, by_device(saveables)).op


def _restore_nodes(values: dict[str, Any]) -> tuple[Any, Operation]:
    path = placeholder(dtypes.string, [], "file_prefix")
    pairs = _specs(values)
    specs = [spec for _, saveable in pairs for spec in saveable.specs]
    kinds = [spec.dtype.base_dtype for spec in specs]
    with device("/cpu:0"):
        found = restore_v2(path, [s.name for s in specs], [s.slice_spec for s in specs], dtypes=kinds)
    return path, group(*(s.restore([value], None) for (_, s), value in zip(pairs, found, strict=True)))


class _Status:
    """What can be done with a checkpoint."""

    def __init__(self, root: Checkpoint) -> None:
        self._root = root

    def _own(self) -> list[Any]:
        """Return the variables of all objects."""
        return [variable for _, variable in Objects(self._root).variables()]

    def expect_partial(self) -> Any:
        """Say that what isn't used needs no warning; there is none anyway."""
        return self


class CheckpointLoadStatus(_Status):
    """Restores objects from a checkpoint of objects. What is added to them later is looked for, too."""

    def __init__(self, root: Checkpoint, prefix: str, graph: Any) -> None:
        super().__init__(root)
        self._prefix, self._graph = prefix, graph

    def _match(self) -> Match:
        return Match(self._root, self._graph)

    def assert_consumed(self) -> CheckpointLoadStatus:
        """Raise AssertionError unless every value has its variable, and every variable its value; return itself."""
        lacking = self._match().unmatched()
        if lacking:
            raise AssertionError(f"{self._prefix} has values that no object takes: {lacking}")
        return self.assert_existing_objects_matched()

    def assert_existing_objects_matched(self) -> CheckpointLoadStatus:
        """Raise AssertionError unless every variable has its value; return itself."""
        taken = {id(variable) for variable in self._match().values().values()}
        lacking = [v.name for v in self._own() if id(v) not in taken]
        if lacking:
            raise AssertionError(f"{self._prefix} has no values for {lacking}")
        return self

    def assert_nontrivial_match(self) -> CheckpointLoadStatus:
        """Raise AssertionError if no variable has a value; return itself."""
        if not self._match().values():
            raise AssertionError(f"Nothing in {self._prefix} matches an object")
        return self

    def run_restore_ops(self, session: Any = None) -> None:
        """Restore the variables that have values. If one doesn't fit, none has changed."""
        session = session_of(session)
        with session.graph.as_default():
            values = self._match().values()
            if values:
                path, restored = self._root._cached("restore", values, _restore_nodes)
                check_fits(restored, self._prefix)
                session.run(restored, {path: self._prefix})

    def initialize_or_restore(self, session: Any = None) -> None:
        """Restore the variables that have values, and initialize the others."""
        session = session_of(session)
        with session.graph.as_default():
            taken = {id(variable) for variable in self._match().values().values()}
            session.run([v.initializer for v in self._own() if id(v) not in taken])
        self.run_restore_ops(session)


class InitializationOnlyStatus(_Status):
    """There is no checkpoint; variables can be initialized."""

    def _refuse(self) -> Any:
        raise AssertionError("No checkpoint specified (save_path=None); nothing is being restored.")

    assert_consumed = assert_existing_objects_matched = assert_nontrivial_match = _refuse

    def run_restore_ops(self, session: Any = None) -> None:
        """Raise AssertionError."""
        self._refuse()

    def initialize_or_restore(self, session: Any = None) -> None:
        """Initialize the variables of all objects."""
        session = session_of(session)
        with session.graph.as_default():
            session.run([v.initializer for v in self._own()])


class NameBasedSaverStatus(_Status):
    """Restores objects from a checkpoint of a `Saver`: variables by their names."""

    def __init__(self, root: Checkpoint, prefix: str) -> None:
        super().__init__(root)
        self._prefix = prefix

    def _values(self) -> dict[str, Any]:
        counter = vars(self._root).get("save_counter")
        return {v.op.name: v for v in self._own() if v is not counter}

    def assert_consumed(self) -> NameBasedSaverStatus:
        """Raise AssertionError unless every tensor has its variable, and every variable its tensor; return itself."""
        unused = set(open_checkpoint(self._prefix).names()) - self._values().keys()
        if unused:
            raise AssertionError(f"{self._prefix} has tensors that no object takes: {sorted(unused)}")
        return self.assert_existing_objects_matched()

    def assert_existing_objects_matched(self) -> NameBasedSaverStatus:
        """Raise AssertionError unless every variable has its tensor; return itself."""
        lacking = self._values().keys() - set(open_checkpoint(self._prefix).names())
        if lacking:
            raise AssertionError(f"{self._prefix} has no values for {sorted(lacking)}")
        return self

    def assert_nontrivial_match(self) -> NameBasedSaverStatus:
        """Raise AssertionError if no variable has a tensor; return itself."""
        if not self._values().keys() & set(open_checkpoint(self._prefix).names()):
            raise AssertionError(f"Nothing in {self._prefix} matches an object")
        return self

    def run_restore_ops(self, session: Any = None) -> None:
        """Restore all variables; NotFoundError if one is not in the checkpoint."""
        session = session_of(session)
        with session.graph.as_default():
            (saver,) = self._root._cached("by name", self._values(), lambda values: (Saver(values),))
            saver.restore(session, self._prefix)

    def initialize_or_restore(self, session: Any = None) -> None:
        """Initialize what counts how often was saved, and restore the rest."""
        session = session_of(session)
        with session.graph.as_default():
            session.run(self._root.save_counter.initializer)
        self.run_restore_ops(session)
