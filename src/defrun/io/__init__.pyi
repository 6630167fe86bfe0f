"""`tf.io`: names, and nothing else. Written by tools/face.py."""

from defrun.base.record_options import (
    TFRecordCompressionType as TFRecordCompressionType, TFRecordOptions as TFRecordOptions,
)
from defrun.files.graphs import write_graph as write_graph
from defrun.files.tf_record import TFRecordWriter as TFRecordWriter, tf_record_iterator as tf_record_iterator
from defrun.image.codecs import decode_image as decode_image, is_jpeg as is_jpeg
from defrun.io import gfile as gfile
from defrun.ops.csv import decode_csv as decode_csv
from defrun.ops.files import matching_files as matching_files, read_file as read_file, write_file as write_file
from defrun.ops.image.codecs import (
    decode_and_crop_jpeg as decode_and_crop_jpeg, decode_bmp as decode_bmp, decode_gif as decode_gif,
    decode_jpeg as decode_jpeg, decode_png as decode_png, encode_jpeg as encode_jpeg,
    extract_jpeg_shape as extract_jpeg_shape,
)
from defrun.ops.parsing.example import (
    decode_json_example as decode_json_example, parse_example as parse_example,
    parse_single_example as parse_single_example,
)
from defrun.ops.parsing.features import (
    FixedLenFeature as FixedLenFeature, FixedLenSequenceFeature as FixedLenSequenceFeature,
    SparseFeature as SparseFeature, VarLenFeature as VarLenFeature,
)
from defrun.ops.parsing.sequence import (
    parse_sequence_example as parse_sequence_example, parse_single_sequence_example as parse_single_sequence_example,
)
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
from defrun.train.match_filenames import match_filenames_once as match_filenames_once
