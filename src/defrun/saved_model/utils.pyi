"""`tf.saved_model.utils`: names, and nothing else. Written by tools/face.py."""

from defrun.saved_model.signatures import (
    build_tensor_info as build_tensor_info, get_tensor_from_tensor_info as get_tensor_from_tensor_info,
)
