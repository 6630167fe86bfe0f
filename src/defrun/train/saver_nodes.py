"""The nodes of a saver: TensorFlow's, one by one, so that its meta graphs and ours name the same ones."""

from __future__ import annotations

import uuid
from typing import Any

from tensorboard.compat.proto import saver_pb2

from defrun.base import dtypes
from defrun.base.device import DeviceSpec
from defrun.graph.operation import Operation, Tensor
from defrun.graph.scopes import control_dependencies, device, name_scope
from defrun.ops import checkpoint
from defrun.ops.array import identity
from defrun.ops.constant import constant, placeholder_with_default
from defrun.ops.flow import group, with_dependencies
from defrun.ops.strings.joining import string_join
from defrun.train.saveable import SaveableObject, all_saveables

_CPU = "/device:CPU:0"


def _on_cpu(name: str) -> str:
    """Return a device with its kind and number replaced by those of the first CPU."""
    spec = DeviceSpec.from_string(name)
    spec.merge_from(DeviceSpec.from_string(_CPU))
    return spec.to_string()


class Nodes:
    """Adds the nodes that save and restore variables.

    Parameters
    ----------
    version : int
        The version of the files that are written: `SaverDef.V1` or `V2`.
    """

    def __init__(self, version: int = saver_pb2.SaverDef.V2) -> None:
        self.version = version

    def build(
        self,
        names: dict[str, Any],
        reshape: bool = False,
        sharded: bool = False,
        max_to_keep: int = 5,
        keep_checkpoint_every_n_hours: float = 10000.0,
        name: str | None = None,
        filename: str = "model",
    ) -> Any:
        """Add all nodes and return the SaverDef that names them."""
        saveables = all_saveables(names)
        with name_scope(name, "save", [s.op for s in saveables]):
            given = placeholder_with_default(filename or "model", shape=(), name="filename")
            path = placeholder_with_default(given, shape=(), name="Const")
            if sharded:
                shards = by_device(saveables)
                saved = self.save_shards(path, shards)
                restored = self._restore_shards(path, shards, reshape)
            else:
                saved = self._save(path, saveables)
                restored = group(*_restore(path, saveables, reshape, _CPU), name="restore_all")
        return saver_pb2.SaverDef(
            filename_tensor_name=path.name,
            save_tensor_name=saved.name,
            restore_op_name=restored.name,
            max_to_keep=max_to_keep,
            sharded=sharded,
            keep_checkpoint_every_n_hours=keep_checkpoint_every_n_hours,
            version=self.version,
        )

    def _save(self, path: Tensor, saveables: list[SaveableObject]) -> Tensor:
        return with_dependencies([self._save_op(path, saveables)], path)

    def _save_op(self, path: Tensor, saveables: list[SaveableObject]) -> Operation:
        specs = [spec for saveable in saveables for spec in saveable.specs]
        names, parts = [spec.name for spec in specs], [spec.slice_spec for spec in specs]
        tensors = [spec.tensor for spec in specs]
        if self.version == saver_pb2.SaverDef.V2:
            return checkpoint.save_v2(path, names, parts, tensors)
        return _save_first_version(path, names, parts, tensors)

    def save_shards(self, path: Tensor, shards: list[tuple[str, list[SaveableObject]]]) -> Tensor:
        """Add nodes that save each device's part by itself, and make one checkpoint of all; return the path then."""
        if self.version != saver_pb2.SaverDef.V2:
            return self._save_shards_v1(path, shards)
        suffix = f"_temp_{uuid.uuid4().hex}/part"
        base = string_join([path, suffix])
        count = constant(len(shards), name="num_shards")
        prefixes, saved = [], []
        for number, (place, saveables) in enumerate(shards):
            with device(_on_cpu(place)):
                prefixes.append(checkpoint.sharded_filename(base, number, count))
                saved.append(self._save(prefixes[-1], saveables))
        with control_dependencies([s.op for s in saved]), device(_on_cpu(shards[-1][0])):
            merged = checkpoint.merge_v2_checkpoints(prefixes, path, delete_old_dirs=True)
            with control_dependencies([merged]):
                return identity(path)

    def _save_shards_v1(self, path: Tensor, shards: list[tuple[str, list[SaveableObject]]]) -> Tensor:
        count = constant(len(shards), name="num_shards")
        saved = []
        for number, (place, saveables) in enumerate(shards):
            with device(place):
                saved.append(self._save(checkpoint.sharded_filename(path, number, count), saveables))
        with control_dependencies([s.op for s in saved]):
            return checkpoint.sharded_filespec(path, count)

    def _restore_shards(self, path: Tensor, shards: list[Any], reshape: bool) -> Operation:
        restored = []
        for place, saveables in shards:
            with device(place):
                restored.append(group(*_restore(path, saveables, reshape, "cpu:0"), name="restore_shard"))
        return group(*restored, name="restore_all")


def _save_first_version(path: Tensor, names: list[str], parts: list[str], tensors: list[Any]) -> Operation:
    if any(parts):
        return checkpoint.save_slices(path, names, parts, tensors, name="save")
    return checkpoint.save(path, names, tensors, name="save")


def _restore(path: Tensor, saveables: list[SaveableObject], reshape: bool, place: str) -> list[Operation]:
    specs = [spec for saveable in saveables for spec in saveable.specs]
    if not specs:
        return []
    with device(place):
        kinds = [spec.dtype.base_dtype for spec in specs]
        values = checkpoint.restore_v2(path, [s.name for s in specs], [s.slice_spec for s in specs], dtypes=kinds)
    made, at = [], 0
    for saveable in saveables:
        own = values[at : at + len(saveable.specs)]
        at += len(saveable.specs)
        shapes = [_shape_to_restore(spec) for spec in saveable.specs] if reshape else None
        made.append(saveable.restore(own, shapes))
    return made


def _shape_to_restore(spec: Any) -> Any:
    shape = spec.tensor.shape
    return constant(shape.as_list(), dtypes.int32) if not shape.is_fully_defined() else shape.as_list()


def by_device(saveables: list[SaveableObject]) -> list[tuple[str, list[SaveableObject]]]:
    """Return the saveables of each device, in the order of the devices' names."""
    groups: dict[str, list[SaveableObject]] = {}
    for saveable in saveables:
        groups.setdefault(saveable.device, []).append(saveable)
    return sorted(groups.items(), key=lambda pair: pair[0])
