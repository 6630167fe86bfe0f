"""Assertions on whole graphs, and decorators that TensorFlow's own tests wear."""

from __future__ import annotations

from collections.abc import Callable
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


def _as_it_is(*args: Any, **kwargs: Any) -> Any:
    """Return what is decorated, used as `@decorator` or as `@decorator(...)`."""
    if len(args) == 1 and not kwargs and callable(args[0]):
        return args[0]
    return lambda decorated: decorated


# Here every test runs in graph mode, with functional control flow, in version 1; so these have nothing to change.
run_in_graph_and_eager_modes: Callable[..., Any] = _as_it_is
run_all_in_graph_and_eager_modes: Callable[..., Any] = _as_it_is
run_test_in_graph_and_eager_modes: Callable[..., Any] = _as_it_is
run_all_tests_in_graph_and_eager_modes: Callable[..., Any] = _as_it_is
run_deprecated_v1: Callable[..., Any] = _as_it_is
deprecated_graph_mode_only: Callable[..., Any] = _as_it_is
run_v1_only: Callable[..., Any] = _as_it_is
enable_control_flow_v2: Callable[..., Any] = _as_it_is
with_control_flow_v2: Callable[..., Any] = _as_it_is
disable_control_flow_v2: Callable[..., Any] = _as_it_is
