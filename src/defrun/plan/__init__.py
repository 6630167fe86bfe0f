"""From fetches and feeds to a frozen `Plan`: what runs, in which order, in which stages."""

from __future__ import annotations

from defrun.graph.graph import Graph
from defrun.graph.operation import Operation, Tensor
from defrun.plan.counts import count_on_host
from defrun.plan.digest import digest_inputs
from defrun.plan.effects import Effects, trace_effects
from defrun.plan.hosted import split_stage, with_stages
from defrun.plan.order import order_effects
from defrun.plan.padding import find_padding
from defrun.plan.prune import prune
from defrun.plan.stages import Plan, Slot, Stage, cut_stages
from defrun.plan.statics import find_statics


def make_plan(
    graph: Graph,
    fetches: tuple[Tensor | Operation, ...],
    feeds: tuple[Tensor, ...],
    done: frozenset[Operation] = frozenset(),
) -> Plan:
    """Plan a run of `graph` that computes `fetches` from `feeds`. Nothing of the graph is changed.

    The operations `done` have run already, in an earlier part of a run in parts.
    """
    needed = prune(fetches, feeds, done)
    order = count_on_host(digest_inputs(order_effects(needed, feeds), feeds), feeds)
    effects = trace_effects(order, feeds)
    statics = find_statics(order, feeds)
    padding = find_padding(order, feeds, fetches)
    return cut_stages(graph, fetches, feeds, order, effects, statics, padding)


__all__ = ["Effects", "Plan", "Slot", "Stage", "make_plan", "split_stage", "with_stages"]
