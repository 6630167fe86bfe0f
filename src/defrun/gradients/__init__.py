"""Gradients: walk the graph backwards from the losses, asking each op's own rule. Adds nodes and runs nothing."""

from __future__ import annotations

from defrun.gradients import branches as branches
from defrun.gradients import calls as calls
from defrun.gradients import loops as loops
from defrun.gradients.custom import custom_gradient
from defrun.gradients.registry import NoGradient, NotDifferentiable, RegisterGradient, get_gradient_function
from defrun.gradients.second import hessians
from defrun.gradients.walk import AggregationMethod, UnconnectedGradients, gradients

__all__ = [
    "AggregationMethod",
    "NoGradient",
    "NotDifferentiable",
    "RegisterGradient",
    "UnconnectedGradients",
    "custom_gradient",
    "get_gradient_function",
    "gradients",
    "hessians",
]
