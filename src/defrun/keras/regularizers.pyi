"""`tf.keras.regularizers`: names, and nothing else. Written by tools/face.py."""

from defrun.keras.regularizer import (
    L1L2 as L1L2, Regularizer as Regularizer, deserialize as deserialize, get as get, l1 as l1, l1_l2 as l1_l2,
    l2 as l2, serialize as serialize,
)
