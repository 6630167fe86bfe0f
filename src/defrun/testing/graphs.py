"""Assertions on whole graphs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def assert_equal_graph_def(
    actual: Any, expected: Any, checkpoint_v2: bool = False, hash_table_shared_name: bool = False
) -> None:
    """Fail unless two GraphDefs hold the same nodes, in whatever order, and the same functions and versions.

    Raises
    ------
    AssertionError
        They differ; the text names the nodes.
    """
    if checkpoint_v2 or hash_table_shared_name:
        raise NotImplementedError("assert_equal_graph_def: checkpoint_v2 and hash_table_shared_name")
    nodes, others = ({node.name: node for node in graph.node} for graph in (actual, expected))
    only = sorted(nodes.keys() ^ others.keys())
    if only:
        raise AssertionError(f"only one of the graphs has {only}")
    for name, node in nodes.items():
        if node != others[name]:
            raise AssertionError(f"node {name!r} differs:\n{node}\nexpected:\n{others[name]}")
    rest = [type(graph)() for graph in (actual, expected)]
    for copy, graph in zip(rest, (actual, expected)):
        copy.CopyFrom(graph)
        del copy.node[:]
    if rest[0] != rest[1]:
        raise AssertionError(f"versions or functions differ:\n{rest[0]}\nexpected:\n{rest[1]}")


def assert_ops_in_graph(expected_ops: Mapping[str, str], graph: Any) -> dict[str, Any]:
    """Return the NodeDefs of a graph that are named; ValueError unless all are there, of the op types given.

    Parameters
    ----------
    expected_ops : dict
        Op types by node names.
    graph : Graph
    """
    found = {node.name: node for node in graph.as_graph_def().node if node.name in expected_ops}
    for name, kind in expected_ops.items():
        if name not in found:
            raise ValueError(f"Not all expected ops are present: no {name!r} among {sorted(found)}")
        if found[name].op != kind:
            raise ValueError(f"Expected op for node {name} is different. {kind} vs {found[name].op}")
    return found


def get_node_def_from_graph(node_name: str, graph_def: Any) -> Any:
    """Return the node of that name in a GraphDef, None if there is none."""
    return next((node for node in graph_def.node if node.name == node_name), None)
