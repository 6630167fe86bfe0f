"""`tf.io`: names, and nothing else. Written by tools/face.py."""

# ruff: noqa: F401, I001

from defrun.base.names import missing
from defrun.io import gfile as gfile
from defrun.ops.csv import decode_csv as decode_csv
from defrun.ops.queues import (
    PaddingFIFOQueue as PaddingFIFOQueue, QueueBase as QueueBase, RandomShuffleQueue as RandomShuffleQueue,
)
from defrun.ops.sparse.serialize import (
    deserialize_many_sparse as deserialize_many_sparse, serialize_many_sparse as serialize_many_sparse,
    serialize_sparse as serialize_sparse,
)
from defrun.ops.strings.protos import parse_tensor as parse_tensor, serialize_tensor as serialize_tensor
from defrun.ops.strings.raw import (
    decode_base64 as decode_base64, decode_compressed as decode_compressed, decode_raw_v1 as decode_raw,
    encode_base64 as encode_base64,
)

__getattr__ = missing(__name__)
