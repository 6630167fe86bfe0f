"""`tf.contrib.stateless`: names, and nothing else. Written by tools/face.py."""

from defrun.ops.stateless_random import (
    stateless_multinomial as stateless_multinomial, stateless_random_normal as stateless_random_normal,
    stateless_random_uniform as stateless_random_uniform, stateless_truncated_normal as stateless_truncated_normal,
)
