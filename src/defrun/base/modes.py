"""The switches between TensorFlow 1 and 2 that scripts throw when they start.

Here everything is a graph, control flow is functional and a tensor equals itself alone. A switch to what is so anyway
does nothing; one to what is not here says so.
"""

from __future__ import annotations

from typing import Any, NoReturn


def executing_eagerly() -> bool:
    """Whether operations run at once instead of joining a graph: never."""
    return False


def disable_eager_execution() -> None:
    """Build graphs, as always."""


def enable_eager_execution(config: Any = None, device_policy: Any = None, execution_mode: Any = None) -> NoReturn:
    """Refuse to run operations as they are called. NotImplementedError."""
    raise NotImplementedError("enable_eager_execution: defrun builds graphs and runs them in sessions")


def enabled() -> bool:
    """Whether this is version 2's way of working (`tensorflow.python.tf2.enabled`): never."""
    return False


def disable_v2_behavior() -> None:
    """Behave like TensorFlow 1, as always."""


def enable_v2_behavior() -> NoReturn:
    """Refuse to behave like TensorFlow 2. NotImplementedError."""
    raise NotImplementedError("enable_v2_behavior: defrun is TensorFlow 1's way of working, graphs and sessions")


def control_flow_v2_enabled() -> bool:
    """Whether `cond` and `while_loop` make functional nodes, `If` and `While`: always."""
    return True


def enable_control_flow_v2() -> None:
    """Make functional control flow, as always."""


def disable_control_flow_v2() -> None:
    """Leave control flow as it is: functional. What it computes is the same."""


def disable_tensor_equality() -> None:
    """Compare tensors by identity, as always."""


def enable_tensor_equality() -> NoReturn:
    """Refuse to let `==` build a node. NotImplementedError."""
    raise NotImplementedError("enable_tensor_equality: == compares tensors by identity here; tf.equal compares values")


def disable_v2_tensorshape() -> None:
    """Let the sizes in a shape be `Dimension` objects, as always."""


def enable_v2_tensorshape() -> NoReturn:
    """Refuse to give sizes in a shape as plain numbers. NotImplementedError."""
    raise NotImplementedError("enable_v2_tensorshape: shape[0] is a Dimension; tf.compat.dimension_value unpacks it")


def forward_compatible(year: int, month: int, day: int) -> bool:
    """Whether graphs made now may be read only by a TensorFlow newer than the given day: no, by every 1.15."""
    return False
