"""`tf.keras.initializers`: names, and nothing else. Written by tools/face.py."""

from defrun.keras.initializer import (
    RandomNormal as RandomNormal, RandomUniform as RandomUniform, TruncatedNormal as TruncatedNormal,
    deserialize as deserialize, get as get, RandomNormal as normal, RandomNormal as random_normal,
    RandomUniform as random_uniform, serialize as serialize, TruncatedNormal as truncated_normal,
    RandomUniform as uniform,
)
from defrun.variables.initializers import (
    Constant as Constant, Identity as Identity, Initializer as Initializer, Ones as Ones, Orthogonal as Orthogonal,
    VarianceScaling as VarianceScaling, Zeros as Zeros, Constant as constant, GlorotNormal as glorot_normal,
    GlorotUniform as glorot_uniform, he_normal as he_normal, he_uniform as he_uniform, Identity as identity,
    lecun_normal as lecun_normal, lecun_uniform as lecun_uniform, Ones as ones, Orthogonal as orthogonal,
    Zeros as zeros,
)
