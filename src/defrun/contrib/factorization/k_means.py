"""k-means clustering as a graph: an op that chooses the first centers, and one that moves them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from defrun.base import dtypes
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Operation, Tensor
from defrun.graph.scopes import control_dependencies
from defrun.ops.arrange import transpose
from defrun.ops.array import identity, reshape, shape, size, squeeze
from defrun.ops.asserts import assert_equal, assert_positive
from defrun.ops.cast import cast
from defrun.ops.clustering import nearest_neighbors
from defrun.ops.compare import equal
from defrun.ops.constant import constant
from defrun.ops.control import cond
from defrun.ops.creation import ones, ones_like, zeros, zeros_like
from defrun.ops.elementary import reciprocal
from defrun.ops.embedding import embedding_lookup
from defrun.ops.flow import group, no_op
from defrun.ops.gather import gather
from defrun.ops.join import concat
from defrun.ops.math import add_n, square
from defrun.ops.matrix import matmul
from defrun.ops.moments import l2_normalize
from defrun.ops.random import random_uniform
from defrun.ops.reduce import reduce_sum
from defrun.ops.scatter_variable import scatter_add
from defrun.ops.segment import unsorted_segment_sum
from defrun.ops.select import unique
from defrun.ops.state import assign, assign_sub
from defrun.variables.variable import Variable

SQUARED_EUCLIDEAN_DISTANCE = "squared_euclidean"
COSINE_DISTANCE = "cosine"
RANDOM_INIT = "random"
KMEANS_PLUS_PLUS_INIT = "kmeans_plus_plus"
KMC2_INIT = "kmc2"


class KMeans:
    """k-means (Lloyd), over all points in each step or in mini-batches (Sculley, 2010).

    Parameters
    ----------
    inputs : float32 Tensor [n, d], or list of them
        The points.
    num_clusters : int or int32 Tensor []
        Not heeded if `initial_clusters` are given.
    initial_clusters : "random", Tensor [k, d] or function
        Where the centers are first: at points chosen by chance, there, or what ``function(inputs, k)`` returns: at most
        k centers, then the op that initializes is to run again.
    distance_metric : {"squared_euclidean", "cosine"}
    use_mini_batch : bool
        Move each center by the points of a step, the less the more points it has had.
    mini_batch_steps_per_iteration : int
        After how many of those steps points are assigned to the centers as they have moved.
    random_seed : int
    kmeans_plus_plus_num_retries, kmc2_chain_length : int
        Of other ways to begin.

    Raises
    ------
    ValueError
        If there is no such metric or way to begin.
    NotImplementedError
        For "kmeans_plus_plus" and "kmc2".
    """

    def __init__(
        self,
        inputs: Any,
        num_clusters: Any,
        initial_clusters: Any = RANDOM_INIT,
        distance_metric: str = SQUARED_EUCLIDEAN_DISTANCE,
        use_mini_batch: bool = False,
        mini_batch_steps_per_iteration: int = 1,
        random_seed: int = 0,
        kmeans_plus_plus_num_retries: int = 2,
        kmc2_chain_length: int = 200,
    ) -> None:
        if isinstance(initial_clusters, str) and initial_clusters != RANDOM_INIT:
            if initial_clusters in (KMEANS_PLUS_PLUS_INIT, KMC2_INIT):
                raise NotImplementedError(f"KMeans: initial_clusters={initial_clusters!r} is not there yet")
            raise ValueError(f"initial_clusters can't be {initial_clusters!r}")
        if distance_metric not in (SQUARED_EUCLIDEAN_DISTANCE, COSINE_DISTANCE):
            raise ValueError(f"distance_metric must be 'squared_euclidean' or 'cosine', not {distance_metric!r}")
        self._inputs = inputs if isinstance(inputs, list) else [inputs]
        self._num_clusters = num_clusters
        self._first = initial_clusters
        self._cosine = distance_metric == COSINE_DISTANCE
        self._mini_batch = use_mini_batch
        self._steps = int(mini_batch_steps_per_iteration)
        self._seed = random_seed

    @property
    def _keeps_unit_centers(self) -> bool:
        """Whether the centers are kept at length 1, and need no scaling before each use."""
        return self._cosine and (not self._mini_batch or self._steps > 1)

    def training_graph(self) -> tuple[Any, ...]:
        """Build the graph.

        Returns
        -------
        all_scores : tuple of Tensors [n, k]
            For each of the inputs, the distance of each point from each center.
        cluster_index : tuple of int64 Tensors [n]
            The nearest center of each point.
        scores : tuple of Tensors [n]
            The distance from that.
        cluster_centers_initialized : bool Variable []
        init_op : Operation
            Chooses centers; to be run until `cluster_centers_initialized`.
        training_op : Operation
            Moves the centers.
        """
        given = not isinstance(self._first, str) and not callable(self._first)
        first = convert_to_tensor(self._first) if given else self._first
        count = shape(first)[0] if given else convert_to_tensor(self._num_clusters)
        nothing = constant([], dtype=dtypes.float32)
        centers = Variable(nothing, name="clusters", validate_shape=False)
        initialized = Variable(False, dtype=dtypes.bool, name="initialized")
        moving, steps_left, counts = centers, None, None
        if self._mini_batch and self._steps > 1:
            moving = Variable(nothing, name="clusters_updated", validate_shape=False)
            steps_left = Variable(self._steps, dtype=dtypes.int64, name="update_in_steps")
            counts = Variable(zeros([count], dtype=dtypes.int64))
        elif self._mini_batch:
            counts = Variable(ones([count], dtype=dtypes.int64))
        begin = _Begin(self._inputs, count, first, self._cosine, self._seed, centers, moving, initialized).op()

        points = [l2_normalize(part, axis=1) for part in self._inputs] if self._cosine else self._inputs
        fixed = l2_normalize(centers, axis=1) if self._cosine and not self._keeps_unit_centers else centers
        all_scores, scores, nearest = zip(*(self._assigned(part, fixed) for part in points))
        results = all_scores, nearest, scores, initialized, begin
        if self._mini_batch:
            with control_dependencies([self._synchronized(steps_left, centers, moving, counts)]):
                return *results, _move_a_little(points, nearest, moving, counts)
        return *results, self._move(points, count, nearest, centers)

    def _assigned(self, points: Tensor, centers: Any) -> tuple[Tensor, Tensor, Tensor]:
        """Return the distances from all centers, that from the nearest, and which that is."""
        products = matmul(points, centers, transpose_b=True)
        if self._cosine:
            distances = 1 - products
        else:
            lengths = reduce_sum(square(points), 1, keepdims=True)
            distances = lengths - 2 * products + transpose(reduce_sum(square(centers), 1, keepdims=True))
        indices, squares = nearest_neighbors(points, centers, 1)
        if self._cosine:
            squares *= 0.5  # of unit vectors
        return distances, squeeze(squares, [-1]), squeeze(indices, [-1])

    def _synchronized(self, steps_left: Any, centers: Any, moving: Any, counts: Any) -> Operation | Tensor:
        """Take the moved centers over, once in so many steps."""
        if steps_left is None:
            return no_op()

        def take_over() -> Tensor:
            with control_dependencies([assign(steps_left, self._steps - 1)]):
                taken = assign(centers, l2_normalize(moving, axis=1) if self._cosine else moving)
            with control_dependencies([taken]):
                cleared = assign(counts, zeros_like(counts))
            with control_dependencies([cleared]):
                return identity(steps_left)

        return cond(steps_left <= 0, take_over, lambda: assign_sub(steps_left, 1))

    def _move(self, inputs: list[Tensor], count: Tensor, nearest: Any, centers: Any) -> Tensor:
        """Move each center to the mean of its points."""
        sums, sizes = [], []
        for part, index in zip(inputs, nearest):
            sums.append(unsorted_segment_sum(part, index, count))
            one_each = reshape(ones(reshape(shape(part)[0], [-1])), [-1, 1])
            sizes.append(unsorted_segment_sum(one_each, index, count))
        moved = add_n(sums) / (cast(add_n(sizes), sums[0].dtype) + constant(1e-6, dtype=inputs[0].dtype))
        return assign(centers, l2_normalize(moved, axis=1) if self._keeps_unit_centers else moved)


def _move_a_little(inputs: list[Tensor], nearest: Any, centers: Any, counts: Any) -> Operation:
    """Move each center towards its points: to the mean of all points that it ever had."""
    updates = []
    for part, index in zip(inputs, nearest):
        ids, places = unique(reshape(index, [-1]))
        number = size(ids)
        had, was = gather(counts, ids), gather(centers, ids)
        more = unsorted_segment_sum(ones_like(places, dtype=dtypes.int64), places, number)
        column = [-1] + [1] * (len(part.shape) - 1)
        towards = unsorted_segment_sum(part, places, number) - cast(reshape(more, column), part.dtype) * was
        towards *= reshape(reciprocal(cast(had + more, part.dtype)), column)
        updates += [scatter_add(counts, ids, more), scatter_add(centers, ids, towards)]
    return group(*updates)


class _Begin:
    """The op that chooses first centers: all that are missing, or as many as the points give."""

    def __init__(
        self,
        inputs: list[Tensor],
        count: Tensor,
        first: str | Tensor | Callable[..., Any],
        cosine: bool,
        seed: int,
        centers: Any,
        moving: Any,
        initialized: Any,
    ) -> None:
        self.inputs, self.count, self.first, self.cosine, self.seed = inputs, count, first, cosine, seed
        self.centers, self.moving, self.initialized = centers, moving, initialized
        self.chosen = shape(centers)[0]
        self.missing = count - self.chosen
        self.points = add_n([shape(part)[0] for part in inputs])

    def op(self) -> Any:
        return cond(_is_zero(self.missing), self._check_done, self._choose)

    def _check_done(self) -> Any:
        return assert_equal(self.initialized, True)

    def _choose(self) -> Any:
        with control_dependencies([assert_positive(self.missing)]):
            new = self._new_centers()
            if self.cosine:
                new = l2_normalize(new, axis=1)
            whole = cond(_is_zero(self.chosen), lambda: new, lambda: concat([self.centers, new], 0))
            now = assign(self.centers, whole, validate_shape=False)
            if self.moving is not self.centers:
                now = assign(self.moving, now, validate_shape=False)
            still_missing = self.count - shape(now)[0]
            return cond(_is_zero(still_missing), lambda: assign(self.initialized, True), no_op)

    def _new_centers(self) -> Any:
        if isinstance(self.first, str):
            few = self.points <= self.missing
            return cond(few, lambda: concat(self.inputs, 0), self._by_chance)
        if callable(self.first):
            return self.first(self.inputs, self.missing)
        with control_dependencies([assert_equal(self.missing, shape(self.first)[0])]):
            return identity(self.first)

    def _by_chance(self) -> Tensor:
        rows = random_uniform(
            reshape(self.missing, [-1]), minval=0, maxval=cast(self.points, dtypes.int64), seed=self.seed,
            dtype=dtypes.int64,
        )  # fmt: skip
        return embedding_lookup(self.inputs, rows, partition_strategy="div")


def _is_zero(number: Tensor) -> Tensor:
    return equal(number, 0)
