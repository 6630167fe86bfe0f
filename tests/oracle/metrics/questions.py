"""What metrics come to over a few updates. Each case: function of (tf, run), its answer in JSON's terms."""

import contextlib
import functools

import numpy as np

LABELS = np.array([[1, 0, 1], [1, 1, 0], [0, 0, 1]])
SCORES = np.array([[0.9, 0.2, 0.4], [0.55, 0.5, 0.7], [0.0, 1.0, 0.3]], np.float32)
WEIGHTS = np.array([[1.0, 0.5, 0.0], [2.0, 1.0, 1.0], [0.25, 3.0, 1.0]], np.float32)
CLASSES = np.array([[0, 1, 2], [2, 1, 1], [0, 0, 2]])
NAMED = np.array([[0, 2, 2], [1, 1, 1], [2, 0, 2]])
LOGITS = np.array([[0.1, 0.9, 0.3, 0.2], [0.8, 0.1, 0.0, 0.5], [0.2, 0.2, 0.7, 0.6]], np.float32)
SEVERAL = np.array([[1, 3], [0, 1], [3, -1]])
CASES = {}


def case(function):
    CASES[function.__name__] = function
    return function


def _stepped(tf, run, made, feeds):
    """Return the value before, each update and the value after."""
    value, update = made
    run(tf.local_variables_initializer())
    return run(value), [run(update, feed) for feed in feeds], run(value)


def _fed(tf, run, name, columns, dtypes, args, settings, weighted, shape):
    """Feed the rows of the columns one by one to `tf.metrics.<name>`."""
    places = [tf.placeholder(dtype, shape) for dtype in dtypes]
    columns = list(columns)
    if weighted:
        places.append(tf.placeholder(tf.float32, shape))
        columns.append(WEIGHTS)
        settings = dict(settings, weights=places[-1])
    made = getattr(tf.metrics, name)(*(places[: len(dtypes)] + list(args)), **settings)
    return _stepped(tf, run, made, [dict(zip(places, parts)) for parts in zip(*columns)])


def _add(metric, columns, dtypes, *args, **settings):
    shape = settings.pop("shape", (None,))
    for weighted in (False, True):
        words = [metric] + [str(v) for v in list(args) + list(settings.values())] + ["weighted"] * weighted
        CASES["_".join(words)] = functools.partial(
            _fed,
            name=metric,
            columns=columns,
            dtypes=dtypes,
            args=args,
            settings=settings,
            weighted=weighted,
            shape=shape,
        )


for _name in ("accuracy", "mean_absolute_error", "mean_squared_error", "root_mean_squared_error"):
    _add(_name, (LABELS, SCORES), ("float32", "float32"))
_add("accuracy", (CLASSES, NAMED), ("int64", "int32"), name="of_classes")
_add("mean", (SCORES,), ("float32",))
_add("mean", (LABELS,), ("int64",), name="of_integers")
_add("mean_tensor", (SCORES,), ("float32",), shape=(3,))
_add("mean_relative_error", (LABELS, SCORES, CLASSES), ("float32",) * 3)
_add("percentage_below", (SCORES,), ("float32",), 0.5)
for _name in ("true_positives", "true_negatives", "false_positives", "false_negatives", "precision", "recall"):
    _add(_name, (LABELS, NAMED), ("bool", "int32"))
    _add(_name + "_at_thresholds", (LABELS, SCORES), ("bool", "float32"), [0.3, 0.5, 0.95])
for _method in ("trapezoidal", "careful_interpolation", "minoring", "majoring"):
    for _curve in ("ROC", "PR"):
        _add("auc", (LABELS, SCORES), ("bool", "float32"), curve=_curve, summation_method=_method)
_add("auc", (LABELS, SCORES), ("bool", "float32"), num_thresholds=7)
_add("auc", (LABELS, SCORES), ("bool", "float64"), thresholds=[0.6, 0.2])
_add("sensitivity_at_specificity", (LABELS, SCORES), ("bool", "float32"), 0.6)
_add("specificity_at_sensitivity", (LABELS, SCORES), ("bool", "float32"), 0.6)
_add("mean_per_class_accuracy", (CLASSES, NAMED), ("int64", "int64"), 3)
_add("mean_per_class_accuracy", (CLASSES, NAMED), ("int32", "int32"), 4)
_add("mean_iou", (CLASSES, NAMED), ("int64", "int64"), 3)
_add("mean_iou", (CLASSES, NAMED), ("int32", "int32"), 5)


@case
def mean_cosine_distance(tf, run):
    x, y, w = tf.placeholder(tf.float32, [None, 3]), tf.placeholder(tf.float32, [None, 3]), tf.constant([[1.0], [0.5]])
    made = tf.metrics.mean_cosine_distance(x, y, 1, w)
    return _stepped(tf, run, made, [{x: SCORES[:2], y: WEIGHTS[:2]}, {x: SCORES[1:], y: WEIGHTS[1:]}])


@case
def unknown_ranks(tf, run):
    x, y, w = [tf.placeholder(tf.float32) for _ in range(3)]
    made = tf.metrics.mean_squared_error(x, y, w)
    feeds = [
        {x: SCORES, y: WEIGHTS, w: 0.5},
        {x: SCORES[0], y: WEIGHTS[0][:, None], w: WEIGHTS[1]},
        {x: SCORES[..., None], y: WEIGHTS, w: WEIGHTS[:, :1]},
    ]
    return _stepped(tf, run, made, feeds)


@case
def weights_of_one_row(tf, run):
    x, w = tf.placeholder(tf.float32, [None, 3]), tf.placeholder(tf.float32, [None, None])
    feeds = [{x: SCORES, w: WEIGHTS[:1]}, {x: SCORES, w: WEIGHTS[:, :1]}, {x: SCORES[:0], w: WEIGHTS[:0]}]
    return _stepped(tf, run, tf.metrics.mean(x, w), feeds)


@case
def weights_that_do_not_fit(tf, run):
    x, w = tf.placeholder(tf.float32, [None, 3]), tf.placeholder(tf.float32, [None, None])
    return _stepped(tf, run, tf.metrics.mean(x, w), [{x: SCORES, w: WEIGHTS[:2]}])


@case
def weights_of_another_rank(tf, run):
    return tf.metrics.mean(tf.ones([2, 3, 4]), tf.ones([2]))


@case
def labels_of_another_shape(tf, run):
    return tf.metrics.accuracy(tf.ones([2]), tf.ones([3]))


@case
def a_prediction_over_1(tf, run):
    x = tf.placeholder(tf.float32, [None])
    return _stepped(tf, run, tf.metrics.auc([True, False], x), [{x: [0.1, 1.5]}])


@case
def a_prediction_over_1_known(tf, run):
    return tf.metrics.auc([True, False], tf.constant([0.1, 1.5]))[0].name


@case
def no_such_curve(tf, run):
    return tf.metrics.auc([True, False], tf.constant([0.1, 0.5]), curve="PRC")


@case
def no_such_method(tf, run):
    return tf.metrics.auc([True, False], tf.constant([0.1, 0.5]), summation_method="sum")


@case
def specificity_over_1(tf, run):
    return tf.metrics.sensitivity_at_specificity([True], tf.constant([0.5]), 1.5)


@case
def sensitivity_below_0(tf, run):
    return tf.metrics.specificity_at_sensitivity([True], tf.constant([0.5]), -0.5)


@case
def nothing_counted(tf, run):
    x = tf.placeholder(tf.float32, [None])
    y = tf.placeholder(tf.bool, [None])
    made = [
        tf.metrics.mean(x),
        tf.metrics.precision(y, y),
        tf.metrics.recall(y, y),
        tf.metrics.auc(y, x),
        tf.metrics.mean_per_class_accuracy(tf.cast(y, tf.int32), tf.cast(y, tf.int32), 2),
    ]
    run(tf.local_variables_initializer())
    feeds = {x: [], y: []}
    return [[run(value, feeds), run(update, feeds)] for value, update in made]


@case
def a_class_out_of_range(tf, run):
    x = tf.placeholder(tf.int32, [None])
    return _stepped(tf, run, tf.metrics.mean_iou(x, x, 2), [{x: [0, 2]}])


@case
def a_negative_class(tf, run):
    x = tf.placeholder(tf.int32, [None])
    return _stepped(tf, run, tf.metrics.mean_iou(x, x, 2), [{x: [0, -1]}])


@case
def confusion_matrices(tf, run):
    x, y = tf.placeholder(tf.int32, [None]), tf.placeholder(tf.int64, [None, 1])
    made = [
        tf.confusion_matrix(x, y),
        tf.confusion_matrix(x, y, 4),
        tf.confusion_matrix(x, y, tf.constant(5), tf.float32),
        tf.confusion_matrix(x, y, 3, tf.float64, weights=[0.5, 1.0, 2.0]),
    ]
    return run(made, {x: CLASSES[1], y: NAMED[0][:, None]})


@case
def a_failed_update_counts_nothing(tf, run):
    x = tf.placeholder(tf.int32, [None])
    value, update = tf.metrics.mean_iou(x, x, 2)
    run(tf.local_variables_initializer())
    run(update, {x: [0, 1, 1]})
    with contextlib.suppress(tf.errors.InvalidArgumentError):
        run(update, {x: [0, 2]})
    return run(value)


@case
def reset_by_initializer(tf, run):
    x = tf.placeholder(tf.float32, [None])
    value, update = tf.metrics.mean(x)
    run(tf.local_variables_initializer())
    run(update, {x: [1.0, 2.0]})
    run(tf.variables_initializer(tf.get_collection(tf.GraphKeys.METRIC_VARIABLES)))
    return run(value), run(update, {x: [5.0]})


def _at_k(tf, run, name, labels, weights=None, **settings):
    y, x = tf.placeholder(tf.int64, [None] * labels.ndim), tf.placeholder(tf.float32, [None, 4])
    w = tf.placeholder(tf.float32, [None]) if weights is not None else None
    made = getattr(tf.metrics, name)(y, x, weights=w, **settings)
    feeds = [{y: labels[part], x: LOGITS[part]} for part in (slice(2), slice(2, 3))]
    if w is not None:
        feeds[0][w], feeds[1][w] = weights[:2], weights[2:]
    return _stepped(tf, run, made, feeds)


for _name in ("precision_at_k", "recall_at_k", "average_precision_at_k"):
    for _k in (1, 2, 3):
        CASES["%s_%d" % (_name, _k)] = functools.partial(_at_k, name=_name, labels=SEVERAL, k=_k)
    CASES[_name + "_weighted"] = functools.partial(_at_k, name=_name, labels=SEVERAL, k=2, weights=WEIGHTS[1])
    CASES[_name + "_one_label"] = functools.partial(_at_k, name=_name, labels=SEVERAL[:, 0], k=2)
for _name in ("precision_at_k", "recall_at_k"):
    for _class in (1, 3):
        CASES["%s_class_%d" % (_name, _class)] = functools.partial(
            _at_k, name=_name, labels=SEVERAL, k=2, class_id=_class
        )


def _sparse(tf, rows):
    indices = [[i, j] for i, row in enumerate(rows) for j in range(len(row))]
    values = [label for row in rows for label in row]
    return tf.SparseTensor(indices, tf.constant(values, tf.int64), [len(rows), max(map(len, rows))])


@case
def at_k_of_sparse_labels(tf, run):
    labels = _sparse(tf, [[1, 3, 7], [0], [3, 2]])
    made = [
        tf.metrics.precision_at_k(labels, LOGITS, 2),
        tf.metrics.recall_at_k(labels, LOGITS, 2, class_id=3),
        tf.metrics.average_precision_at_k(labels, LOGITS, 2),
        tf.metrics.sparse_precision_at_k(labels, LOGITS, 2, weights=WEIGHTS[1]),
        tf.metrics.sparse_average_precision_at_k(labels, LOGITS, 3),
    ]
    run(tf.local_variables_initializer())
    return [[run(update) for _, update in made] for _ in range(2)]


@case
def at_top_k(tf, run):
    y, top = tf.placeholder(tf.int64, [None, 2]), tf.placeholder(tf.int32, [None, 2])
    made = [tf.metrics.precision_at_top_k(y, top), tf.metrics.recall_at_top_k(y, top, 2, 1)]
    run(tf.local_variables_initializer())
    feeds = {y: SEVERAL, top: [[1, 2], [1, 0], [2, 3]]}
    return [[run(update, feeds) for _, update in made] for _ in range(2)]


@case
def at_k_below_1(tf, run):
    return tf.metrics.average_precision_at_k(SEVERAL, tf.constant(LOGITS), 0)


@case
def default_seeds(tf, run):
    """They count nodes, also those inside of conditions."""
    tf.set_random_seed(1)
    tf.metrics.mean(tf.placeholder(tf.float32, [None, 3]), tf.placeholder(tf.float32, [None, 1]))
    draws = [tf.random_shuffle([1, 2])]
    tf.metrics.accuracy(tf.placeholder(tf.float32), tf.placeholder(tf.float32))
    draws.append(tf.random_shuffle([1, 2]))
    x = tf.placeholder(tf.float32, [None, 4])
    tf.losses.sparse_softmax_cross_entropy(tf.placeholder(tf.int32), x)
    draws.append(tf.random_shuffle([1, 2]))
    tf.losses.mean_squared_error(x, x, weights=tf.placeholder(tf.float32, [None, 1]))
    draws.append(tf.random_shuffle([1, 2]))
    tf.metrics.auc(tf.placeholder(tf.bool, [None]), tf.placeholder(tf.float32, [None]), num_thresholds=3)
    draws.append(tf.random_shuffle([1, 2]))
    return [draw.op.get_attr("seed2") for draw in draws]


@case
def contrib_metrics(tf, run):
    metrics = tf.contrib.metrics
    labels, scores, weights = (tf.placeholder(kind, [None]) for kind in (tf.bool, tf.float32, tf.float32))
    numbers = tf.cast(labels, tf.float32)
    made = {
        "accuracy": metrics.streaming_accuracy(labels, scores > 0.5),
        "mean": metrics.streaming_mean(values=scores, weights=weights),
        "error": metrics.streaming_mean_absolute_error(predictions=scores, labels=numbers),
        "false alarms": metrics.streaming_false_positive_rate(scores > 0.3, labels, weights),
        "misses": metrics.streaming_false_negative_rate(scores > 0.3, labels),
        "hits": metrics.streaming_true_positives_at_thresholds(scores, labels, [0.3, 0.6]),
        "rates": metrics.streaming_false_positive_rate_at_thresholds(scores, labels, [0.3, 0.6], weights),
        "lost": metrics.streaming_false_negative_rate_at_thresholds(scores, labels, [0.3, 0.6]),
        "auc": metrics.streaming_auc(scores, labels, num_thresholds=9),
        "covariance": metrics.streaming_covariance(scores, numbers),
        "weighted covariance": metrics.streaming_covariance(scores, numbers, weights),
        "correlation": metrics.streaming_pearson_correlation(scores, numbers, weights),
        "f1": metrics.f1_score(labels, scores, num_thresholds=9),
        "count": metrics.count(scores),
        "weights": metrics.count(scores, weights),
        "recall": metrics.streaming_recall_at_k(tf.stack([scores, 1 - scores], 1), tf.cast(labels, tf.int32), 1),
    }
    values, updates = metrics.aggregate_metric_map(made)
    lists = metrics.aggregate_metrics(*made.values())
    run(tf.local_variables_initializer())
    feeds = [dict(zip((labels, scores, weights), parts)) for parts in zip(LABELS, SCORES, WEIGHTS)]
    told = [[run(updates[key], feed) for key in sorted(updates)] for feed in feeds]
    now = run(metrics.accuracy(tf.cast(scores > 0.5, tf.int32), tf.cast(labels, tf.int32), weights), feeds[0])
    return told, [run(values[key]) for key in sorted(values)], [len(part) for part in lists], now


@case
def contrib_accuracy_of_floats(tf, run):
    return tf.contrib.metrics.accuracy(tf.ones([2]), tf.ones([2]))


@case
def contrib_sets(tf, run):
    metrics = tf.contrib.metrics
    a, b = tf.constant([[1, 2, 3], [4, 4, 5]]), tf.constant([[2, 3], [5, 6]])
    made = [metrics.set_difference(a, b), metrics.set_intersection(a, b), metrics.set_union(a, b)]
    sizes = [metrics.set_size(one) for one in made]
    return run(sizes), [run(one.values) for one in made], run(metrics.confusion_matrix([0, 1, 1], [1, 1, 0]))
