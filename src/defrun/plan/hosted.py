"""Functions that run on the host, cut into stages of their own; and stages that must be cut once more for these.

That a loop or a choice doesn't fit into a compiled program is known at once where something in it runs on the host.
That shapes change from one iteration to the next, or differ between branches, is found when the program is traced: the
node is then marked (`Operation.host_reason`), and its stage cut again.
"""

from __future__ import annotations

from dataclasses import replace

from defrun.graph.function import FuncGraph
from defrun.graph.operation import Tensor
from defrun.plan.effects import Slot, effects_inside
from defrun.plan.functions import function_order
from defrun.plan.padding import find_padding
from defrun.plan.stages import Plan, Stage, cut_stages
from defrun.plan.statics import find_statics


def plan_function(graph: FuncGraph, refers: dict[Tensor, Slot]) -> Plan:
    """Plan a run of a function, some of whose arguments stand for variables."""
    order = list(function_order(graph))
    feeds = tuple(graph.arguments)
    fetches = tuple(dict.fromkeys(t for t in (*graph.outputs, *graph.stacked) if t is not None))
    effects = effects_inside(graph, refers)
    padding = find_padding(order, feeds, fetches)
    statics = find_statics(order, feeds)
    return cut_stages(
        graph, fetches, feeds, order, effects, statics, padding, lambda slot: not slot.made_inside(graph)
    )


def split_stage(plan: Plan, stage: Stage) -> tuple[Stage, ...]:
    """Cut a stage again, some node of which has been found to run on the host."""
    order, feeds = list(stage.ops), (*stage.inputs, *stage.known, *(t for t, _ in stage.refers))
    padding = find_padding(order, feeds, stage.outputs)
    statics = find_statics(order, feeds)
    kept = {*stage.reads, *stage.writes}
    made = cut_stages(
        plan.graph, stage.outputs, feeds, order, plan.effects, statics, padding, lambda slot: slot in kept
    )
    return tuple(replace(s, last=s.last and stage.last) for s in made.stages)


def with_stages(plan: Plan, stages: list[Stage]) -> Plan:
    """Return the plan with its stages replaced."""
    return replace(plan, stages=tuple(stages))
