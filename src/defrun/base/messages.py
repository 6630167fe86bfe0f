"""TensorFlow's protobuf messages that tensorboard doesn't bring along, made from the table `MESSAGES`.

Names, numbers and types of the fields are those of TensorFlow's files; the messages stand in a package of our own, so
that they get along with a TensorFlow in the same process.
"""

from __future__ import annotations

from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.descriptor_pb2 import FieldDescriptorProto
from tensorboard.compat.proto import meta_graph_pb2, tensor_pb2, tensor_shape_pb2, types_pb2, versions_pb2

PACKAGE = "defrun"

# message: {field: "number [repeated] type [oneof=name]"}, where "map M" maps strings to M; a nested message is called
# Outer.Inner.
MESSAGES = {
    "TensorSliceProto.Extent": {"start": "1 int64", "length": "2 int64 oneof=has_length"},
    "TensorSliceProto": {"extent": "1 repeated TensorSliceProto.Extent"},
    # checkpoints: the index and its entries
    "BundleHeaderProto": {"num_shards": "1 int32", "endianness": "2 int32", "version": "3 VersionDef"},
    "BundleEntryProto": {
        "dtype": "1 DataType",
        "shape": "2 TensorShapeProto",
        "shard_id": "3 int32",
        "offset": "4 int64",
        "size": "5 int64",
        "crc32c": "6 fixed32",
        "slices": "7 repeated TensorSliceProto",
    },
    # checkpoints of version 1
    "SavedSliceMeta": {
        "name": "1 string",
        "shape": "2 TensorShapeProto",
        "type": "3 DataType",
        "slice": "4 repeated TensorSliceProto",
    },
    "SavedTensorSliceMeta": {"tensor": "1 repeated SavedSliceMeta", "versions": "2 VersionDef"},
    "SavedSlice": {"name": "1 string", "slice": "2 TensorSliceProto", "data": "3 TensorProto"},
    "SavedTensorSlices": {"meta": "1 SavedTensorSliceMeta", "data": "2 SavedSlice"},
    # what stands in records
    "BytesList": {"value": "1 repeated bytes"},
    "FloatList": {"value": "1 repeated float"},
    "Int64List": {"value": "1 repeated int64"},
    "Feature": {
        "bytes_list": "1 BytesList oneof=kind",
        "float_list": "2 FloatList oneof=kind",
        "int64_list": "3 Int64List oneof=kind",
    },
    "Features": {"feature": "1 map Feature"},
    "FeatureList": {"feature": "1 repeated Feature"},
    "FeatureLists": {"feature_list": "1 map FeatureList"},
    "Example": {"features": "1 Features"},
    "SequenceExample": {"context": "1 Features", "feature_lists": "2 FeatureLists"},
    # the file `saved_model.pb`
    "SavedModel": {"saved_model_schema_version": "1 int64", "meta_graphs": "2 repeated MetaGraphDef"},
    # in the collection `queue_runners`
    "QueueRunnerDef": {
        "queue_name": "1 string",
        "enqueue_op_name": "2 repeated string",
        "close_op_name": "3 string",
        "cancel_op_name": "4 string",
        "queue_closed_exception_types": "5 repeated int32",
    },
    # the file `checkpoint`
    "CheckpointState": {
        "model_checkpoint_path": "1 string",
        "all_model_checkpoint_paths": "2 repeated string",
        "all_model_checkpoint_timestamps": "3 repeated double",
        "last_preserved_timestamp": "4 double",
    },
}

_FOREIGN = {
    "MetaGraphDef": meta_graph_pb2.MetaGraphDef.DESCRIPTOR,
    "TensorShapeProto": tensor_shape_pb2.TensorShapeProto.DESCRIPTOR,
    "TensorProto": tensor_pb2.TensorProto.DESCRIPTOR,
    "VersionDef": versions_pb2.VersionDef.DESCRIPTOR,
    "DataType": types_pb2.DataType.DESCRIPTOR,
}


def _file() -> Any:
    proto = descriptor_pb2.FileDescriptorProto(name=f"{PACKAGE}/messages.proto", package=PACKAGE, syntax="proto3")
    proto.dependency.extend(sorted({d.file.name for d in _FOREIGN.values()}))
    made: dict[str, Any] = {}
    for name in sorted(MESSAGES, key=lambda n: n.count(".")):
        outer, _, inner = name.rpartition(".")
        message = made[outer].nested_type.add(name=inner) if outer else proto.message_type.add(name=inner)
        made[name] = message
        for field, text in MESSAGES[name].items():
            _add_field(message, field, text.split())
    return proto


def _add_field(message: Any, name: str, words: list[str]) -> None:
    number, *kind = words
    if kind[0] == "map":
        entry = f"{name.title().replace('_', '')}Entry"  # the name that protoc gives it
        _add_entry(message.nested_type.add(name=entry), kind[1])
        label, whole = FieldDescriptorProto.LABEL_REPEATED, f".{PACKAGE}.{message.name}.{entry}"
        message.field.add(name=name, number=int(number), label=label, type=FieldDescriptorProto.TYPE_MESSAGE,
                          type_name=whole)  # fmt: skip
        return
    field = message.field.add(name=name, number=int(number), label=FieldDescriptorProto.LABEL_OPTIONAL)
    if kind[0] == "repeated":
        field.label = FieldDescriptorProto.LABEL_REPEATED
        kind = kind[1:]
    if len(kind) > 1:
        oneof = kind[1].removeprefix("oneof=")
        known = [one.name for one in message.oneof_decl]
        if oneof not in known:
            message.oneof_decl.add(name=oneof)
        field.oneof_index = known.index(oneof) if oneof in known else len(known)
    type_name = kind[0]
    if type_name in _FOREIGN:
        field.type_name = "." + _FOREIGN[type_name].full_name
        field.type = FieldDescriptorProto.TYPE_ENUM if type_name == "DataType" else FieldDescriptorProto.TYPE_MESSAGE
    elif type_name in MESSAGES:
        field.type_name = f".{PACKAGE}.{type_name}"
        field.type = FieldDescriptorProto.TYPE_MESSAGE
    else:
        field.type = FieldDescriptorProto.Type.Value(f"TYPE_{type_name.upper()}")


def _add_entry(entry: Any, kind: str) -> None:
    """Make the message of one pair of a map."""
    entry.options.map_entry = True
    _add_field(entry, "key", ["1", "string"])
    _add_field(entry, "value", ["2", kind])


_POOL = descriptor_pool.Default()
_POOL.AddSerializedFile(_file().SerializeToString())


def _message(name: str) -> Any:
    return message_factory.GetMessageClass(_POOL.FindMessageTypeByName(f"{PACKAGE}.{name}"))


TensorSliceProto = _message("TensorSliceProto")
BundleHeaderProto = _message("BundleHeaderProto")
BundleEntryProto = _message("BundleEntryProto")
SavedTensorSlices = _message("SavedTensorSlices")
CheckpointState = _message("CheckpointState")
BytesList = _message("BytesList")
FloatList = _message("FloatList")
Int64List = _message("Int64List")
Feature = _message("Feature")
Features = _message("Features")
FeatureList = _message("FeatureList")
FeatureLists = _message("FeatureLists")
Example = _message("Example")
SequenceExample = _message("SequenceExample")
SavedModel = _message("SavedModel")
QueueRunnerDef = _message("QueueRunnerDef")
