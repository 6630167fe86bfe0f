"""Values of losses of sequences, and of what beam search finds."""

import numpy as np

from tests.oracle.values.harness import Cases, R, V

cases = Cases()

# -- losses ------------------------------------------------------------------------------------------------------------

TARGETS, WEIGHTS = V([[0, 4, 2], [1, 1, 3]], "i"), V([[1, 1, 0], [0.5, 2, 1]])
WAYS = {
    "": {},
    "_by_example": {"average_across_batch": False},
    "_by_step": {"average_across_timesteps": False},
    "_each": {"average_across_timesteps": False, "average_across_batch": False},
    "_sum": {
        "average_across_timesteps": False,
        "average_across_batch": False,
        "sum_over_timesteps": True,
        "sum_over_batch": True,
    },
    "_sum_over_steps": {
        "average_across_timesteps": False,
        "average_across_batch": False,
        "sum_over_timesteps": True,
    },
    "_sum_over_batch": {"average_across_timesteps": False, "average_across_batch": False, "sum_over_batch": True},
    "_both_ways": {"sum_over_batch": True},
    "_both_ways_of_time": {"sum_over_timesteps": True},
}
for _label, _way in WAYS.items():

    def _loss(tf, x, t, w, way=_way):
        return tf.contrib.seq2seq.sequence_loss(x, t, w, **way)

    cases("sequence_loss" + _label, _loss, R(2, 3, 5), TARGETS, WEIGHTS)
cases(
    "sequence_loss_nothing", lambda tf, x, t, w: tf.contrib.seq2seq.sequence_loss(x, t, w),
    R(2, 3, 5), TARGETS, V(np.zeros([2, 3])),
)  # fmt: skip
cases(
    "sequence_loss_own",
    lambda tf, x, t, w: tf.contrib.seq2seq.sequence_loss(
        x, t, w, softmax_loss_function=lambda labels, logits: tf.reduce_sum(tf.square(logits), 1)
    ),
    R(2, 3, 5),
    TARGETS,
    WEIGHTS,
)
cases(
    "sequence_loss_flat", lambda tf, x, t, w: tf.contrib.seq2seq.sequence_loss(x, t, w),
    R(6, 5), TARGETS, WEIGHTS,
)  # fmt: skip
cases(
    "sequence_loss_flat_targets", lambda tf, x, t, w: tf.contrib.seq2seq.sequence_loss(x, t, w),
    R(2, 3, 5), V([1, 2, 3, 4, 0, 0], "i"), WEIGHTS,
)  # fmt: skip


def _steps(tf, x, t, w):
    return [tf.unstack(v, 3, axis=1) for v in (x, t, w)]


cases(
    "legacy_sequence_loss",
    lambda tf, x, t, w: [
        tf.contrib.legacy_seq2seq.sequence_loss(*_steps(tf, x, t, w)),
        tf.contrib.legacy_seq2seq.sequence_loss(*_steps(tf, x, t, w), average_across_timesteps=False),
        tf.contrib.legacy_seq2seq.sequence_loss(*_steps(tf, x, t, w), average_across_batch=False),
    ],
    R(2, 3, 5),
    TARGETS,
    WEIGHTS,
)
cases(
    "legacy_sequence_loss_by_example",
    lambda tf, x, t, w: [
        tf.contrib.legacy_seq2seq.sequence_loss_by_example(*_steps(tf, x, t, w)),
        tf.contrib.legacy_seq2seq.sequence_loss_by_example([x[:, 0]], [t[:, 0]], [w[:, 0]], False),
    ],
    R(2, 3, 5),
    TARGETS,
    WEIGHTS,
)
cases(
    "legacy_sequence_loss_own",
    lambda tf, x, t, w: tf.contrib.legacy_seq2seq.sequence_loss(
        *_steps(tf, x, t, w), softmax_loss_function=lambda labels, logits: tf.reduce_sum(tf.square(logits), 1)
    ),
    R(2, 3, 5),
    TARGETS,
    WEIGHTS,
)
cases(
    "legacy_sequence_loss_lengths",
    lambda tf, x, t, w: tf.contrib.legacy_seq2seq.sequence_loss_by_example([x[:, 0]], [], [w[:, 0]]),
    R(2, 3, 5),
    TARGETS,
    WEIGHTS,
)

# -- beams -------------------------------------------------------------------------------------------------------------


def _tree(tf, ids, parents, lengths, end):
    return tf.contrib.seq2seq.gather_tree(ids, parents, lengths, end)


IDS = [[[1, 2, 3], [2, 5, 6]], [[4, 5, 6], [7, 8, 9]], [[7, 8, 9], [1, 0, 3]], [[9, 9, 9], [4, 9, 9]]]
PARENTS = [[[0, 0, 0], [0, 0, 0]], [[0, 1, 1], [2, 0, 2]], [[2, 1, 2], [0, 1, 1]], [[0, 2, 1], [2, 0, 1]]]
cases("gather_tree", _tree, V(IDS, "i"), V(PARENTS, "i"), V([3, 4], "i"), V(10, "i"))
cases("gather_tree_ends", _tree, V(IDS, "i"), V(PARENTS, "i"), V([4, 4], "i"), V(5, "i"))
cases("gather_tree_short", _tree, V(IDS, "i"), V(PARENTS, "i"), V([0, 9], "i"), V(9, "i"))
cases("gather_tree_broken", _tree, V(IDS, "i"), V(np.array(PARENTS) - 1, "i"), V([4, 4], "i"), V(9, "i"))
cases("gather_tree_empty", _tree, V(np.zeros([0, 2, 3]), "i"), V(np.zeros([0, 2, 3]), "i"), V([3, 4], "i"), V(1, "i"))
cases("gather_tree_shapes", _tree, V(IDS, "i"), V(PARENTS[:3], "i"), V([3, 4], "i"), V(10, "i"))
cases("gather_tree_lengths", _tree, V(IDS, "i"), V(PARENTS, "i"), V([3, 4, 2], "i"), V(10, "i"))
cases("gather_tree_rank", _tree, V(IDS[0], "i"), V(PARENTS[0], "i"), V([3, 4], "i"), V(10, "i"))
cases("gather_tree_end_rank", _tree, V(IDS, "i"), V(PARENTS, "i"), V([3, 4], "i"), V([10], "i"))
