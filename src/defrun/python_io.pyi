"""`tf.python_io`: names, and nothing else. Written by tools/face.py."""

from defrun.base.record_options import (
    TFRecordCompressionType as TFRecordCompressionType, TFRecordOptions as TFRecordOptions,
)
from defrun.files.tf_record import TFRecordWriter as TFRecordWriter, tf_record_iterator as tf_record_iterator
