"""`tf.contrib.distributions.bijectors`: names, and nothing else. Written by tools/face.py."""

from defrun.contrib.bijectors.bijector import Bijector as Bijector
from defrun.contrib.bijectors.compose import Chain as Chain, Inline as Inline, Invert as Invert
from defrun.contrib.bijectors.elementwise import (
    AffineScalar as AffineScalar, Exp as Exp, Identity as Identity, PowerTransform as PowerTransform,
    Sigmoid as Sigmoid, Softplus as Softplus,
)
