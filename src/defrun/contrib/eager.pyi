"""`tf.contrib.eager`: names, and nothing else. Written by tools/face.py."""

from defrun.base.modes import (
    enable_eager_execution as enable_eager_execution, executing_eagerly as executing_eagerly,
    executing_eagerly as in_eager_mode,
)
from defrun.functions.defun import defun as defun, function as function
from defrun.gradients.custom import custom_gradient as custom_gradient
from defrun.graph.specs import TensorSpec as TensorSpec
from defrun.testing.decorators import (
    run_all_tests_in_graph_and_eager_modes as run_all_tests_in_graph_and_eager_modes,
    run_test_in_graph_and_eager_modes as run_test_in_graph_and_eager_modes,
)
from defrun.train.checkpoint import Checkpoint as Checkpoint
from defrun.train.trackable import Checkpointable as Checkpointable
