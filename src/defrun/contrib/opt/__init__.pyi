"""`tf.contrib.opt`: names, and nothing else. Written by tools/face.py."""

from defrun.contrib.opt.adam import (
    AdaMaxOptimizer as AdaMaxOptimizer, AdamGSOptimizer as AdamGSOptimizer, LazyAdamGSOptimizer as LazyAdamGSOptimizer,
    LazyAdamOptimizer as LazyAdamOptimizer, NadamOptimizer as NadamOptimizer,
)
from defrun.contrib.opt.layerwise import LARSOptimizer as LARSOptimizer, RegAdagradOptimizer as RegAdagradOptimizer
from defrun.contrib.opt.sign import AddSignOptimizer as AddSignOptimizer, PowerSignOptimizer as PowerSignOptimizer
from defrun.contrib.opt.weight_decay import (
    AdamWOptimizer as AdamWOptimizer, DecoupledWeightDecayExtension as DecoupledWeightDecayExtension,
    MomentumWOptimizer as MomentumWOptimizer, extend_with_decoupled_weight_decay as extend_with_decoupled_weight_decay,
)
from defrun.contrib.opt.wrappers import (
    MovingAverageOptimizer as MovingAverageOptimizer, MultitaskOptimizerWrapper as MultitaskOptimizerWrapper,
    VariableClippingOptimizer as VariableClippingOptimizer,
    clip_gradients_by_global_norm as clip_gradients_by_global_norm,
)
