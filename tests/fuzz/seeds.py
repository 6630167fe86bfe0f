"""What fuzzing starts from: small whole files of every kind. `python -m tests.fuzz.seeds` adds them to the corpus."""

import io
import zlib
from pathlib import Path

import numpy as np
from PIL import Image
from tensorboard.compat.proto import event_pb2

import defrun as tf
from defrun.base.bundle import data_path, index_path
from defrun.base.messages import SavedModel
from defrun.base.records import framed
from defrun.base.table import Table
from defrun.ops.media import png_bytes, wav_bytes
from defrun.ops.strings.protos import serialize_tensor
from tests.fuzz.corpus import add
from tests.fuzz.targets import joined
from tests.oracle.checkpoints import ask as checkpoints
from tests.oracle.values import parsing as wire

FILES = Path(checkpoints.FOLDER)


def _rows(path):
    return [part for row in Table(path.read_bytes(), "seed") for part in row]


def _checkpoints():
    prefix = str(FILES / "v2")
    data = Path(data_path(prefix, 0, 1)).read_bytes()
    yield "tables", Path(index_path(prefix)).read_bytes()
    yield "tables", (FILES / "v1").read_bytes()
    yield "checkpoint_files", joined(data, *_rows(Path(index_path(prefix))))
    yield "checkpoint_files_v1", joined(*_rows(FILES / "v1"))
    yield "checkpoint_state", b'model_checkpoint_path: "m-2"\nall_model_checkpoint_paths: "../m-1"\n'


def _records():
    whole = framed(b"one") + framed(b"") + framed(b"two" * 50)
    yield "record_files", b"\0" + whole
    for number, bits in ((1, zlib.MAX_WBITS + 16), (2, zlib.MAX_WBITS)):
        deflate = zlib.compressobj(wbits=bits)
        packed = deflate.compress(whole) + deflate.flush()
        yield "record_files", bytes([number]) + packed
        yield "compressed", bytes([number]) + packed
    event = event_pb2.Event(wall_time=1.0, step=2)
    event.summary.value.add(tag="loss", simple_value=0.5)
    first = event_pb2.Event(file_version="brain.Event:2").SerializeToString()
    yield "event_files", framed(first) + framed(event.SerializeToString())


def _examples():
    batch = [wire.FULL, wire.OTHER, wire.LOOSE, wire.TWICE, wire.VALUE_FIRST, wire.UNKNOWN_FIELDS]
    yield "example_batches", joined(*batch)
    yield "example_batches", joined(wire.FULL, wire.OTHER, wire.BARE)
    yield "example_damage", joined(*batch)
    yield "sequence_examples", joined(wire.FIRST, wire.SECOND)
    yield "json_examples", wire.JSON.encode()
    yield "csv_lines", b'1.5,2,"a ""b"", c",\n,,,1e3\n'


def _graphs():
    with tf.Graph().as_default() as graph, tf.Session() as session:
        x = tf.placeholder(tf.float32, [None, 2], "x")
        v = tf.get_variable("v", [2, 1])
        y = tf.matmul(x, v, name="y")
        tf.cond(tf.reduce_sum(y) > 0, lambda: y, lambda: -y)
        tf.train.Saver()
        yield "graphs", graph.as_graph_def().SerializeToString()
        meta = tf.train.export_meta_graph()
        yield "meta_graphs", meta.SerializeToString()
        session.run(v.initializer)
    meta.meta_info_def.tags.append("serve")
    yield "saved_models", SavedModel(saved_model_schema_version=1, meta_graphs=[meta]).SerializeToString()
    values = [np.float32([1, 2]), np.int64([[3]]), np.array([b"a", b"bc"], object), np.array(True)]
    for number, value in enumerate(values):
        yield "tensors", bytes([number]) + serialize_tensor.lower(value).item()


def _pictures():
    pixels = (np.arange(5 * 4 * 3) * 4 % 256).astype(np.uint8).reshape(5, 4, 3)
    yield "images", b"\0" + png_bytes(pixels)
    yield "images", b"\1" + png_bytes(pixels[..., :1])
    for number, kind in ((2, "JPEG"), (5, "JPEG"), (3, "GIF"), (4, "BMP")):
        out = io.BytesIO()
        Image.fromarray(pixels).save(out, kind)
        yield "images", bytes([number]) + out.getvalue()
    yield "sounds", wav_bytes(np.linspace(-1, 1, 20).reshape(10, 2).astype(np.float32), 8000)


def main():
    for make in (_checkpoints, _records, _examples, _graphs, _pictures):
        for name, data in make():
            add(name, [data])


if __name__ == "__main__":
    main()
