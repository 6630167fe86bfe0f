"""`tf.contrib`: names, and nothing else. Written by tools/face.py."""

# ruff: noqa: I001

from defrun.base.names import missing
from defrun.contrib import eager as eager, framework as framework, nn as nn, stateless as stateless, util as util

__getattr__ = missing(__name__)
