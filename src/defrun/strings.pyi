"""`tf.strings`: names, and nothing else. Written by tools/face.py."""

from defrun.ops.printing import string_format as format
from defrun.ops.strings.hashing import (
    string_to_hash_bucket as to_hash_bucket, string_to_hash_bucket_fast as to_hash_bucket_fast,
    string_to_hash_bucket_strong as to_hash_bucket_strong,
)
from defrun.ops.strings.joining import (
    string_join as join, reduce_join as reduce_join, unsorted_segment_join as unsorted_segment_join,
)
from defrun.ops.strings.numbers import as_string as as_string, string_to_number as to_number
from defrun.ops.strings.parts import (
    string_length as length, string_lower as lower, string_strip as strip, substr as substr, string_upper as upper,
)
from defrun.ops.strings.regex import regex_full_match as regex_full_match, regex_replace as regex_replace
from defrun.ops.strings.split import strings_split_v1 as split
from defrun.ops.strings.unicode import unicode_script as unicode_script, unicode_transcode as unicode_transcode
