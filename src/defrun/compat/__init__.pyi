"""`tf.compat`: names, and nothing else. Written by tools/face.py."""

from defrun.base.modes import forward_compatible as forward_compatible
from defrun.base.shapes import dimension_at_index as dimension_at_index, dimension_value as dimension_value
from defrun.base.text import (
    as_bytes as as_bytes, as_text as as_str, as_str_any as as_str_any, as_text as as_text,
    bytes_or_text_types as bytes_or_text_types, complex_types as complex_types, integral_types as integral_types,
    path_to_str as path_to_str, real_types as real_types,
)
from defrun.compat import v1 as v1
