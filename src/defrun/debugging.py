"""`tf.debugging`: names, and nothing else. Written by tools/face.py."""

# ruff: noqa: F401, I001

from defrun.base.names import missing
from defrun.ops.checks import (
    Assert as Assert, verify_tensor_all_finite as assert_all_finite, check_numerics as check_numerics,
)
from defrun.ops.compare import is_finite as is_finite, is_inf as is_inf, is_nan as is_nan

__getattr__ = missing(__name__)
