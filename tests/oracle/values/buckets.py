"""Values of Bucketize, which has no face but that of the op."""

import numpy as np

from tests.oracle.values.harness import Cases, V

cases = Cases()
EDGES = [-1.5, 0.0, 0.1, 2.0]
VALUES = [-2.0, -1.5, -0.2, 0.0, 0.1, 1.9, 2.0, 1e9]


def _buckets(boundaries):
    return lambda tf, x: tf.raw_ops.Bucketize(input=x, boundaries=boundaries)


cases("bucketize", _buckets(EDGES), V(VALUES))
cases("bucketize_doubles", _buckets(EDGES), V(np.float64(VALUES), "d"))
cases("bucketize_integers", _buckets(EDGES), V([[-2, -1, 0], [1, 2, 3]], "i"))
cases("bucketize_long_integers", _buckets(EDGES), V([-2, 2, 16777217], "l"))
cases("bucketize_at_large_edges", _buckets([16777216.0, 16777218.0]), V([16777215, 16777216, 16777217, 16777219], "l"))
cases("bucketize_nothing", _buckets(EDGES), V(np.zeros([0, 2], np.float32)))
cases("bucketize_one_edge", _buckets([1.0]), V(1.0))
cases("bucketize_nan", _buckets(EDGES), V([np.nan, np.inf, -np.inf]))
cases("bucketize_no_edges", _buckets([]), V([1.0, 2.0]))
cases("bucketize_falling_edges", _buckets([1.0, 0.0]), V([1.0]))
