"""`tf.manip`: names, and nothing else. Written by tools/face.py."""

from defrun.ops.arrange import reverse as reverse, roll as roll, tile as tile
from defrun.ops.array import reshape as reshape
from defrun.ops.blocks import batch_to_space_nd as batch_to_space_nd, space_to_batch_nd as space_to_batch_nd
from defrun.ops.gather import gather_nd as gather_nd, scatter_nd as scatter_nd
