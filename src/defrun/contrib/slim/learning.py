"""`tf.contrib.slim.learning`: training operations. The loop that runs them needs a Supervisor and is not there yet."""

from __future__ import annotations

from typing import Any

from defrun.base.names import missing
from defrun.contrib.training import training
from defrun.contrib.training.training import Pairs, clip_gradient_norms, multiplied, summarized
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.constant import constant
from defrun.train.optimizer import Optimizer

_USE_GLOBAL_STEP = 0


def multiply_gradients(grads_and_vars: Pairs, gradient_multipliers: dict[Any, Any]) -> Pairs:
    """Multiply gradients by numbers; see `tf.contrib.training.multiply_gradients`."""

    def convert(value: Any, kind: Any) -> Tensor:
        return value if isinstance(value, Tensor) else constant(value, dtype=kind)

    return multiplied(grads_and_vars, gradient_multipliers, convert)


def add_gradients_summaries(grads_and_vars: Pairs) -> list[Tensor]:
    """Add a histogram and the norm of each gradient; return the summaries."""
    return summarized(grads_and_vars, "{}/gradient")


def create_train_op(
    total_loss: Tensor,
    optimizer: Optimizer,
    global_step: Any = _USE_GLOBAL_STEP,
    update_ops: Any = None,
    variables_to_train: Any = None,
    clip_gradient_norm: float = 0,
    summarize_gradients: bool = False,
    gate_gradients: int = Optimizer.GATE_OP,
    aggregation_method: int | None = None,
    colocate_gradients_with_ops: bool = False,
    gradient_multipliers: dict[Any, Any] | None = None,
    check_numerics: bool = True,
) -> Tensor:
    """Return the loss as a tensor for which a training step is made; see `tf.contrib.training.create_train_op`.

    Parameters
    ----------
    clip_gradient_norm : float
        Largest norm of each gradient; 0 for none.
    gradient_multipliers : dict of Variable, or its op's name, to float or Tensor [], optional
    """

    def transform(pairs: Pairs) -> Pairs:
        if gradient_multipliers:
            with name_scope("multiply_grads"):
                pairs = multiply_gradients(pairs, gradient_multipliers)
        if clip_gradient_norm > 0:
            with name_scope("clip_grads"):
                pairs = clip_gradient_norms(pairs, clip_gradient_norm)
        return pairs

    return training.create_train_op(
        total_loss=total_loss,
        optimizer=optimizer,
        global_step=global_step,
        update_ops=update_ops,
        variables_to_train=variables_to_train,
        transform_grads_fn=transform,
        summarize_gradients=summarize_gradients,
        gate_gradients=gate_gradients,
        aggregation_method=aggregation_method,
        colocate_gradients_with_ops=colocate_gradients_with_ops,
        check_numerics=check_numerics,
    )


__getattr__ = missing("defrun.contrib.slim.python.slim.learning")  # where TensorFlow has the rest
