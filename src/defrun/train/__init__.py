"""`tf.train`: names, and nothing else. Written by tools/face.py."""

# ruff: noqa: I001

from defrun.base.names import missing
from defrun.train.adam import AdamOptimizer as AdamOptimizer
from defrun.train.gradient_descent import GradientDescentOptimizer as GradientDescentOptimizer
from defrun.train.momentum import MomentumOptimizer as MomentumOptimizer
from defrun.train.optimizer import Optimizer as Optimizer
from tensorboard.compat.proto.cluster_pb2 import ClusterDef as ClusterDef, JobDef as JobDef
from tensorboard.compat.proto.saver_pb2 import SaverDef as SaverDef

__getattr__ = missing(__name__)
