"""Op types that TensorFlow 1.15 doesn't have, and that TensorFlow 2's saved models hold."""

from __future__ import annotations

from defrun.ops.declare import op


@op("DisableCopyOnRead", "resource: resource -> ", reads=False, stateful=True, differentiable=False)
def disable_copy_on_read(resource):
    """Do nothing: values are never copied when they are read."""
