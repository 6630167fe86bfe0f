"""Where the two seeds of a random op come from: the graph's and the op's."""

from __future__ import annotations

from defrun.graph.graph import get_default_graph

DEFAULT_GRAPH_SEED = 87654321
"""The graph's seed where an op has one and the graph has none."""

_LARGEST = 2**31 - 1


def get_seed(op_seed: int | None) -> tuple[int | None, int | None]:
    """Return the two seeds that an op made next in the default graph would use.

    Without an op seed a seeded graph gives each op the number of nodes made before it, so that every op has numbers of
    its own, and the same ones whenever the graph is built again.

    Parameters
    ----------
    op_seed : int, optional

    Returns
    -------
    tuple of int, or (None, None)
        The latter if neither the graph nor the op has a seed: then no two sessions draw the same numbers.
    """
    graph = get_default_graph()
    if graph.seed is None and op_seed is None:
        return None, None
    first = DEFAULT_GRAPH_SEED if graph.seed is None else graph.seed % _LARGEST
    second = (graph._last_id if op_seed is None else op_seed) % _LARGEST
    # Two zeros would mean: no seed.
    return (first, second) if (first, second) != (0, 0) else (0, _LARGEST)


def set_random_seed(seed: int | None) -> None:
    """Set the seed of the default graph, which all of its random ops made from now on share; None takes it away."""
    get_default_graph().seed = seed
