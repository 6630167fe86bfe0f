"""Graphs of metrics: variables, updates, values, collections. Each: build(tf) adds nodes, may return facts."""


def _pair(tf, shape=(None,), dtype=None):
    dtype = dtype or tf.float32
    return tf.placeholder(dtype, shape, "labels"), tf.placeholder(dtype, shape, "predictions")


def _yes_no(tf, shape=(None,)):
    labels = tf.placeholder(tf.bool, shape, "labels")
    return labels, tf.placeholder(tf.float32, shape, "predictions"), tf.placeholder(tf.float32, shape, "weights")


def _names(made):
    return [x.name for x in made]


def build_metrics_mean(tf):
    values = tf.placeholder(tf.float32, [None, 3], "values")
    facts = [_names(tf.metrics.mean(values))]
    tf.metrics.mean(values, tf.placeholder(tf.float32, [None, 1]))
    tf.metrics.mean(values, tf.placeholder(tf.float32, [None]))
    tf.metrics.mean(values, 0.5, metrics_collections=["m", "both"], updates_collections="both", name="named")
    tf.metrics.mean([1, 2, 3], [1, 0, 1])
    tf.metrics.mean(tf.ones([2, 2]), tf.ones([2, 2, 1]))
    tf.local_variables_initializer()
    return [facts, _names(tf.local_variables()), [v.name for v in tf.get_collection("metric_variables")]]


def build_metrics_mean_tensor(tf):
    values = tf.placeholder(tf.float64, [2, 3], "values")
    facts = _names(tf.metrics.mean_tensor(values))
    tf.metrics.mean_tensor(values, [[1.0], [0.0]], ["m"], ["u"], "named")
    tf.metrics.mean_tensor(values, tf.placeholder(tf.int32, [2]))
    return facts


def build_metrics_accuracy(tf):
    labels, predictions = _pair(tf, dtype=tf.int64)
    facts = _names(tf.metrics.accuracy(labels, predictions))
    tf.metrics.accuracy(labels, tf.placeholder(tf.float32, [None, 1]))
    tf.metrics.accuracy(tf.placeholder(tf.int32, [None, 1]), predictions, predictions, name="weighted")
    with tf.variable_scope("eval"):
        tf.metrics.accuracy(labels, predictions, metrics_collections="m", updates_collections="u")
    with tf.name_scope("inner"), tf.control_dependencies([predictions]):
        tf.metrics.accuracy(["a", "b"], tf.placeholder(tf.string, [2]))
    return facts


def build_metrics_errors(tf):
    labels, predictions = _pair(tf, (None, 2))
    tf.metrics.mean_absolute_error(labels, predictions, metrics_collections=["m"])
    tf.metrics.mean_squared_error(labels, predictions, 2.0, updates_collections=["u"])
    tf.metrics.root_mean_squared_error(labels, predictions, metrics_collections="m", updates_collections="u")
    tf.metrics.mean_relative_error(labels, predictions, tf.placeholder(tf.float32, [None, 2]))
    tf.metrics.mean_relative_error(tf.ones([3]), tf.ones([3]), [1.0, 0.0, 2.0], name="rel")
    tf.metrics.mean_cosine_distance(labels, predictions, 1, metrics_collections="m", updates_collections="u")
    tf.metrics.mean_cosine_distance(labels, predictions, -1, weights=[[1.0]], name="cos")
    tf.metrics.percentage_below(predictions, 0.5)
    tf.metrics.percentage_below(predictions, tf.constant(0.5), 1.0, "m", "u", "below")


def build_metrics_counts(tf):
    labels, predictions, weights = _yes_no(tf)
    for name in ("true_positives", "true_negatives", "false_positives", "false_negatives"):
        measure = getattr(tf.metrics, name)
        measure(labels, predictions)
        measure(labels, predictions, weights, ["m"], ["u"], "named_" + name)
        measure([1, 0], tf.constant([[0], [1]]), 2.0)


def build_metrics_precision_recall(tf):
    labels, predictions, weights = _yes_no(tf)
    facts = _names(tf.metrics.precision(labels, predictions)) + _names(tf.metrics.recall(labels, predictions))
    tf.metrics.precision(labels, predictions, weights, ["m"], ["u"], "p")
    tf.metrics.recall(labels, predictions, weights, ["m"], ["u"], "r")
    return facts


def build_metrics_at_thresholds(tf):
    labels, predictions, weights = _yes_no(tf)
    for name in (
        "true_positives", "true_negatives", "false_positives", "false_negatives", "precision", "recall",
    ):  # fmt: skip
        measure = getattr(tf.metrics, name + "_at_thresholds")
        measure(labels, predictions, [0.1, 0.5])
        measure(labels, predictions, [0.1, 0.5, 0.9], weights, ["m"], ["u"], "n_" + name)
    tf.metrics.recall_at_thresholds(tf.constant([0, 1]), tf.constant([[0.5], [0.6]]), [0.5], name="r")
    tf.metrics.precision_at_thresholds(tf.constant([0, 1]), tf.constant([[0.5], [0.6]]), [0.5], [1.0, 2.0])


def build_metrics_auc(tf):
    labels, predictions, weights = _yes_no(tf)
    facts = _names(tf.metrics.auc(labels, predictions, num_thresholds=5))
    tf.metrics.auc(labels, predictions, weights, 4, ["m"], ["u"], "ROC", "named", "minoring")
    tf.metrics.auc(labels, predictions, num_thresholds=4, curve="PR", summation_method="careful_interpolation")
    tf.metrics.auc(labels, predictions, num_thresholds=4, curve="PR", summation_method="majoring")
    tf.metrics.auc(labels, predictions, curve="PR", thresholds=[0.7, 0.3])
    tf.metrics.auc(labels, predictions, num_thresholds=4, summation_method="careful_interpolation")
    return facts


def build_metrics_sensitivity_specificity(tf):
    labels, predictions, weights = _yes_no(tf, (None, 2))
    tf.metrics.sensitivity_at_specificity(labels, predictions, 0.7, num_thresholds=5)
    tf.metrics.sensitivity_at_specificity(labels, predictions, 0.7, weights, 4, ["m"], ["u"], "named")
    tf.metrics.specificity_at_sensitivity(labels, predictions, 0.7, num_thresholds=5)
    tf.metrics.specificity_at_sensitivity(labels, predictions, 0.7, weights, 4, ["m"], ["u"], "other")


def build_metrics_unknown_ranks(tf):
    labels, predictions = _pair(tf, None)
    tf.metrics.accuracy(labels, predictions)
    tf.metrics.accuracy(tf.placeholder(tf.float32, [None, 2]), predictions)
    tf.metrics.true_positives(labels, predictions)
    tf.losses.sparse_softmax_cross_entropy(
        tf.placeholder(tf.int32), tf.placeholder(tf.float32, [None, None]), tf.placeholder(tf.float32, [])
    )


def build_metrics_weights_unknown_ranks(tf):
    tf.metrics.mean(tf.placeholder(tf.float32), tf.placeholder(tf.float32, [None, 2]))
    tf.metrics.mean(tf.placeholder(tf.float32, [None]), tf.placeholder(tf.float32))


def build_metrics_per_class(tf):
    labels, predictions = _pair(tf, dtype=tf.int32)
    facts = _names(tf.metrics.mean_per_class_accuracy(labels, predictions, 3))
    square, guesses = _pair(tf, (2, 2), tf.int64)
    weights = tf.placeholder(tf.float32, [2, 2])
    tf.metrics.mean_per_class_accuracy(square, guesses, 3, weights, ["m"], ["u"], "named")
    return facts


def build_metrics_mean_iou(tf):
    labels, predictions = _pair(tf, dtype=tf.int32)
    facts = _names(tf.metrics.mean_iou(labels, predictions, 3))
    square, guesses = _pair(tf, (2, 2), tf.int64)
    tf.metrics.mean_iou(square, guesses, 3, tf.placeholder(tf.float32, [2, 2]), ["m"], ["u"], "named")
    return facts


def build_metrics_confusion_matrix(tf):
    labels, predictions = _pair(tf, dtype=tf.int32)
    facts = [tf.confusion_matrix(labels, predictions).name]
    tf.math.confusion_matrix([1, 2], [1, 1], 3, tf.float32, "named", [0.5, 2.0])
    tf.confusion_matrix(tf.placeholder(tf.int64, [None, 1]), predictions, tf.placeholder(tf.int32, []))
    return facts


def build_metrics_at_k(tf):
    labels = tf.placeholder(tf.int64, [None, 2], "labels")
    predictions = tf.placeholder(tf.float32, [None, 4], "predictions")
    facts = _names(tf.metrics.precision_at_k(labels, predictions, 2))
    facts += _names(tf.metrics.recall_at_k(labels, predictions, 2))
    facts += _names(tf.metrics.average_precision_at_k(labels, predictions, 2))
    tf.metrics.precision_at_k(labels, predictions, 2, 1, tf.placeholder(tf.float32, [None]), ["m"], ["u"], "p")
    tf.metrics.recall_at_k(labels, predictions, 3, 1, 2.0, ["m"], ["u"], "r")
    tf.metrics.average_precision_at_k(labels, predictions, 3, tf.placeholder(tf.float32, [None]), ["m"], ["u"], "a")
    top = tf.placeholder(tf.int32, [None, 2], "top")
    tf.metrics.precision_at_top_k(labels, top)
    tf.metrics.recall_at_top_k(tf.placeholder(tf.int64, [None]), top, 2)
    tf.metrics.sparse_precision_at_k(labels, predictions, 1)
    tf.metrics.sparse_average_precision_at_k(labels, predictions, 1)
    return facts


def build_metrics_at_k_sparse(tf):
    labels = tf.sparse_placeholder(tf.int64, name="labels")
    predictions = tf.placeholder(tf.float32, [None, 4], "predictions")
    tf.metrics.precision_at_k(labels, predictions, 2)
    tf.metrics.recall_at_k(labels, predictions, 2, class_id=1)
    tf.metrics.average_precision_at_k(labels, predictions, 2)


def build_metrics_of_contrib(tf):
    labels, predictions, weights = _yes_no(tf)
    metrics = tf.contrib.metrics
    metrics.streaming_accuracy(labels, labels, weights)
    metrics.streaming_false_positive_rate(labels, labels)
    metrics.streaming_false_negative_rate(labels, labels, weights, "m", "u")
    metrics.streaming_true_positives_at_thresholds(predictions, labels, [0.5], weights)
    metrics.streaming_false_positive_rate_at_thresholds(predictions, labels, [0.2, 0.5])
    metrics.streaming_false_negative_rate_at_thresholds(predictions, labels, [0.2, 0.5], weights, "m", "u")
    metrics.streaming_covariance(predictions, predictions)
    metrics.streaming_covariance(predictions, predictions, weights, "m", "u", "c")
    metrics.streaming_pearson_correlation(predictions, predictions, weights)
    metrics.streaming_recall_at_k(tf.placeholder(tf.float32, [None, 4]), tf.placeholder(tf.int32, [None]), 2)
    metrics.f1_score(labels, predictions, weights, 4, "m", "u")
    metrics.accuracy(labels, labels)
    metrics.accuracy(labels, labels, weights, "acc")
    metrics.count(predictions)
    metrics.count(predictions, weights, "m", "u")
