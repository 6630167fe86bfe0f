"""Values of sets, and of CTC losses and decoders."""

import numpy as np

from tests.oracle.values.harness import Cases, R, V

cases = Cases()

# -- sets --------------------------------------------------------------------------------------------------------------

OPERATIONS = ("difference", "intersection", "union")
LEFT, RIGHT = [[1, 2, 3, 3], [4, 5, 4, 6]], [[2, 3, 9], [4, 4, 4]]
AT = [[0, 0], [0, 3], [1, 1]]


def sparse(tf, values, shape=(2, 4)):
    return tf.SparseTensor(AT, values, shape)


for _name in OPERATIONS:

    def _of(tf, x, y, name=_name, **kwargs):
        return getattr(tf.sets, name)(x, y, **kwargs)

    cases("sets_" + _name, _of, V(LEFT), V(RIGHT), dtypes="ilsu")
    cases("sets_%s_text" % _name, _of, V([["a", "b", "a"]], "S"), V([["c", "a"]], "S"))
    cases("sets_%s_3d" % _name, _of, V([LEFT], "i"), V([RIGHT], "i"))
    cases("sets_%s_none" % _name, _of, V(np.zeros([2, 0]), "i"), V(np.zeros([2, 3]), "i"))
    cases(
        "sets_%s_sparse" % _name,
        lambda tf, x, y, of=_of: of(tf, sparse(tf, x), sparse(tf, y, [2, 9])),
        V([5, 6, 7], "i"),
        V([6, 6, 9], "i"),
    )
    cases(
        "sets_%s_dense_sparse" % _name,
        lambda tf, x, y, of=_of: [of(tf, x, sparse(tf, y)), of(tf, sparse(tf, y), x)],
        V(LEFT, "i"),
        V([3, 8, 6], "i"),
    )
    cases(
        "sets_%s_empty_sparse" % _name,
        lambda tf, i, v, of=_of: of(tf, tf.SparseTensor(i, v, [2, 3]), sparse(tf, tf.constant([1, 2, 3]))),
        V(np.zeros([0, 2]), "l"),
        V([], "i"),
    )
cases(
    "sets_difference_other_way", lambda tf, x, y: tf.sets.difference(x, y, aminusb=False), V(LEFT, "i"), V(RIGHT, "i")
)
cases(
    "sets_difference_other_way_sparse",
    lambda tf, x, y: [tf.sets.difference(x, sparse(tf, y), False), tf.sets.difference(sparse(tf, y), x, False)],
    V(LEFT, "i"),
    V([3, 8, 6], "i"),
)
cases("sets_old_names", lambda tf, x, y: tf.sets.set_union(x, y), V(LEFT, "i"), V(RIGHT, "i"))
cases("sets_vectors", lambda tf, x, y: tf.sets.union(x, y), V([1, 2], "i"), V([3], "i"))
cases("sets_counts_differ", lambda tf, x, y: tf.sets.union(x, y), V(LEFT, "i"), V([[3]], "i"))
cases(
    "sets_counts_differ_sparse",
    lambda tf, x, y: tf.sets.union(x, sparse(tf, y, [3, 4])),
    V(LEFT, "i"),
    V([3, 8, 6], "i"),
)
cases("sets_ranks_differ", lambda tf, x, y: tf.sets.union(x, tf.SparseTensor([[0]], y, [3])), V(LEFT, "i"), V([3], "i"))
cases("sets_types_differ", lambda tf, x, y: tf.sets.union(x, y), V(LEFT, "i"), V(RIGHT, "l"))
cases("sets_floats", lambda tf, x: tf.sets.union(x, x), R(2, 3))
cases(
    "sets_unordered",
    lambda tf, i, v: tf.sets.union(tf.SparseTensor(i, v, [3, 4]), tf.SparseTensor(i, v, [3, 4])),
    V([[0, 3], [0, 0]], "l"),
    V([1, 2], "i"),
)
cases("sets_size", lambda tf, v: tf.sets.size(sparse(tf, v, [3, 4])), V([5, 5, 7]), dtypes="il")
cases("sets_size_text", lambda tf, v: tf.sets.size(sparse(tf, v, [3, 4])), V(["a", "b", "a"], "S"))
cases("sets_size_dense", lambda tf, x: tf.sets.size(x), V(LEFT, "i"))
cases("sets_size_floats", lambda tf, v: tf.sets.size(sparse(tf, v)), R(3))
for _label, _at in (("unordered", [[0, 3], [0, 0], [1, 1]]), ("outside", [[0, 3], [0, 9], [1, 1]])):
    cases(
        "sets_size_" + _label,
        lambda tf, i, v: tf.sets.size(tf.SparseTensor(i, v, [3, 4])),
        V(_at, "l"),
        V([1, 2, 3], "i"),
    )

# -- CTC loss ----------------------------------------------------------------------------------------------------------

FRAMES, BATCH, CLASSES = 7, 3, 5
LABELS = [[0, 1, 1], [2], [3, 3, 3, 0]]


def labels_of(sequences):
    """Specs of the indices and values of sparse labels."""
    at = [[b, i] for b, labels in enumerate(sequences) for i in range(len(labels))]
    return V(np.array(at).reshape(-1, 2), "l"), V([label for labels in sequences for label in labels], "i")


def loss(tf, x, i, v, n, **kwargs):
    return tf.nn.ctc_loss(tf.SparseTensor(i, v, [BATCH, 9]), x, n, **kwargs)


def ctc(name, sequences=LABELS, lengths=(7, 5, 7), x=None, dtypes="f", **kwargs):
    x = R(FRAMES, BATCH, CLASSES) if x is None else x
    cases(
        "ctc_" + name,
        lambda tf, x, i, v, n: loss(tf, x, i, v, n, **kwargs),
        x,
        *labels_of(sequences),
        V(lengths, "i"),
        dtypes=dtypes,
        tolerance=1e-4,
    )


ctc("loss", dtypes="fd")
ctc("loss_all_frames", lengths=(7, 7, 7))
ctc("loss_batch_major", x=R(BATCH, FRAMES, CLASSES), time_major=False)
ctc("loss_collapsed", preprocess_collapse_repeated=True)
ctc("loss_unmerged", ctc_merge_repeated=False)
ctc("loss_unmerged_collapsed", preprocess_collapse_repeated=True, ctc_merge_repeated=False)
ctc("loss_as_long_as_frames", [[0, 1, 2, 3, 0, 1, 2], [2], [3]])
ctc("loss_ends_in_blanks", [[0, 4], [2, 4], [3, 4, 9]])
ctc("loss_no_path", [[1, 1, 1, 1, 1], [2], [3]])
ctc("loss_more_labels", [[0, 1, 2, 3, 0, 1, 2, 3], [2], [3]])
ctc("loss_more_labels_ignored", [[0, 1, 2, 3, 0, 1, 2, 3], [2], [3]], ignore_longer_outputs_than_inputs=True)
ctc("loss_no_frames_ignored", lengths=(7, 0, 7), ignore_longer_outputs_than_inputs=True)
ctc("loss_no_labels", [[0], [], [3]])
ctc("loss_label_after_blank", [[0, 4, 1], [2], [3]])
ctc("loss_negative_label", [[0, -1], [2], [3]])
ctc("loss_too_many_frames", lengths=(7, 5, 8))
ctc("loss_negative_length", lengths=(7, -5, 7))
ctc("loss_lengths", lengths=(7, 5))
ctc("loss_rank", x=R(FRAMES, CLASSES))
ctc("loss_far_out", x=V(np.where(np.arange(CLASSES) == 1, -np.inf, np.zeros([FRAMES, BATCH, CLASSES]))))
cases("ctc_loss_dense_labels", lambda tf, x, n: tf.nn.ctc_loss(x, x, n), R(7, 3, 5), V([7, 7, 7], "i"))
cases(
    "ctc_loss_unordered",
    lambda tf, x, i, v: loss(tf, x, i, v, [7, 7, 7]),
    R(7, 3, 5),
    V([[1, 0], [0, 0], [2, 0]], "l"),
    V([1, 2, 3], "i"),
)
cases(
    "ctc_loss_outside",
    lambda tf, x, i, v: loss(tf, x, i, v, [7, 7, 7]),
    R(7, 3, 5),
    V([[0, 0], [1, 0], [3, 0]], "l"),
    V([1, 2, 3], "i"),
)
cases(
    "ctc_loss_two_losses",
    lambda tf, x, i, v, w: tf.reduce_mean(loss(tf, x, i, v, [7, 5, 7]) * w),
    R(7, 3, 5),
    *labels_of(LABELS),
    R(3),
    tolerance=1e-4,
)

for _label, _blank, _y in (("first", 0, 4), ("second", 1, 4), ("last", -1, 3), ("fourth", 3, 4)):
    cases(
        "ctc_v2_sparse_%s_blank" % _label,
        lambda tf, x, i, v, n, blank=_blank: tf.nn.ctc_loss_v2(
            tf.SparseTensor(i, v, [3, 4]), x, None, n, blank_index=blank
        ),
        R(7, 3, 5),
        *labels_of([[_y, 2], [2], [_y, 2, _y]]),
        V([7, 5, 7], "i"),
        tolerance=1e-4,
    )
    cases(
        "ctc_v2_dense_%s_blank" % _label,
        lambda tf, x, y, m, n, blank=_blank: tf.nn.ctc_loss_v2(y, x, m, n, blank_index=blank),
        R(7, 3, 5),
        V([[_y, 2, 0], [2, 0, 0], [_y, 2, _y]], "i"),
        V([2, 1, 3], "i"),
        V([7, 7, 7], "i"),
        tolerance=1e-4,
    )
cases(
    "ctc_v2_sparse_no_blank",
    lambda tf, x, i, v, n: tf.nn.ctc_loss_v2(tf.SparseTensor(i, v, [3, 4]), x, None, n),
    R(7, 3, 5),
    *labels_of(LABELS),
    V([7, 5, 7], "i"),
)
cases(
    "ctc_v2_dense_lengths",
    lambda tf, x, y, m, n: tf.nn.ctc_loss_v2(y, x, m, n, logits_time_major=False),
    R(3, 7, 5),
    V([[4, 2, 0], [2, 0, 0], [4, 4, 1]], "i"),
    V([2, 1, 3], "i"),
    V([7, 4, 6], "i"),
    gradient=False,  # TensorFlow's has softmax where a sequence has no frames any more; ours has 0
    tolerance=1e-4,
)
cases("ctc_unique_labels", lambda tf, y: tf.nn.ctc_unique_labels(y), V([[3, 4, 4, 3, 0], [1, 2, 2, 0, 0]], "i"))
cases(
    "ctc_collapse_repeated",
    lambda tf, y, n: [*tf.nn.collapse_repeated(y, n)],
    V([[3, 4, 4, 3, 0], [1, 2, 2, 2, 5], [2, 2, 2, 2, 2]], "i"),
    V([5, 4, 0], "i"),
)

# -- decoders ----------------------------------------------------------------------------------------------------------


def parts(decoded):
    sequences, scores = decoded
    return [*sequences, scores]


for _label, _lengths in (("", (7, 5, 0)), ("_too_long", (7, 8, 7)), ("_negative", (7, -3, 2)), ("_count", (7, 7))):
    cases(
        "ctc_greedy" + _label,
        lambda tf, x, n: parts(tf.nn.ctc_greedy_decoder(x, n)),
        R(7, 3, 5),
        V(_lengths, "i"),
        dtypes="f" if _label else "fd",
    )
    cases(
        "ctc_beam" + _label,
        lambda tf, x, n: parts(tf.nn.ctc_beam_search_decoder(x, n, beam_width=8)),
        R(7, 3, 5),
        V(_lengths, "i"),
        dtypes="f" if _label else "fd",
        tolerance=1e-4,
    )
cases(
    "ctc_greedy_unmerged", lambda tf, x, n: parts(tf.nn.ctc_greedy_decoder(x, n, False)), R(7, 3, 3), V([7, 7, 7], "i")
)
for _width, _paths in ((1, 1), (3, 3), (100, 10), (2, 3), (0, 1), (1, 0)):
    cases(
        "ctc_beam_%d_of_%d" % (_paths, _width),
        lambda tf, x, n, width=_width, paths=_paths: parts(
            tf.nn.ctc_beam_search_decoder(x, n, width, paths, merge_repeated=False)
        ),
        R(6, 3, 4),
        V([6, 5, 4], "i"),
        tolerance=1e-4,
    )
cases(
    "ctc_beam_too_few",
    lambda tf, x, n: parts(tf.nn.ctc_beam_search_decoder(x, n, 100, 10)),
    R(6, 3, 4),
    V([6, 0, 4], "i"),
)
cases(
    "ctc_beam_v2",
    lambda tf, x, n: parts(tf.nn.ctc_beam_search_decoder_v2(x, n, 20, 5)),
    R(20, 2, 6),
    V([20, 13], "i"),
    tolerance=1e-4,
)
cases(
    "ctc_beam_sharp",
    lambda tf, x, n: parts(tf.nn.ctc_beam_search_decoder(8.0 * x, n, 10, 3)),
    R(20, 2, 6),
    V([20, 13], "i"),
    tolerance=1e-4,
)
