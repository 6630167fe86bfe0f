"""Graphs of tf.contrib.losses, the old losses and those of embeddings. Each: build(tf) adds nodes."""


def _pair(tf, shape=(4, 3)):
    return tf.placeholder(tf.float32, shape), tf.placeholder(tf.float32, shape)


def build_old_losses(tf):
    losses = tf.contrib.losses
    x, y = _pair(tf)
    weights = tf.placeholder(tf.float32, [4])
    for loss in (losses.absolute_difference, losses.mean_squared_error, losses.log_loss):
        loss(x, y)
        loss(x, y, weights=weights, scope="weighted")
        loss(x, y, 0.5)
    losses.mean_pairwise_squared_error(x, y)
    losses.mean_pairwise_squared_error(x, y, weights)
    losses.hinge_loss(x, y)
    losses.cosine_distance(x, y, 1)
    losses.get_total_loss()
    return [loss.name for loss in losses.get_losses()]


def build_old_losses_unknown(tf):
    losses = tf.contrib.losses
    x, y = _pair(tf, (None, 3))
    losses.mean_squared_error(x, y, tf.placeholder(tf.float32, [None, 1]))
    losses.absolute_difference(x, y, tf.placeholder(tf.float32, [None, 3]))
    losses.mean_pairwise_squared_error(x, y)


def build_old_cross_entropies(tf):
    losses = tf.contrib.losses
    x, y = _pair(tf)
    losses.softmax_cross_entropy(x, y)
    losses.softmax_cross_entropy(x, y, label_smoothing=0.1)
    losses.sigmoid_cross_entropy(x, y, label_smoothing=0.1)
    losses.sparse_softmax_cross_entropy(x, tf.placeholder(tf.int64, [4]), weights=tf.placeholder(tf.float32, [4]))
    tf.add_to_collection(tf.GraphKeys.REGULARIZATION_LOSSES, tf.constant(1.0))
    losses.get_total_loss(name="all")
    losses.get_total_loss(add_regularization_losses=False)
    losses.compute_weighted_loss(x, tf.constant(2))


def build_embedding_losses(tf):
    losses = tf.contrib.losses.metric_learning
    x, y = _pair(tf)
    labels = tf.placeholder(tf.int32, [4])
    losses.contrastive_loss(labels, x, y)
    losses.npairs_loss(labels, x, y)
    losses.triplet_semihard_loss(labels, x)
    losses.lifted_struct_loss(labels, x, margin=2.0)


def build_embedding_losses_unknown(tf):
    losses = tf.contrib.losses.metric_learning
    x, labels = tf.placeholder(tf.float32, [None, 3]), tf.placeholder(tf.int32, [None])
    losses.triplet_semihard_loss(labels, x)
    losses.lifted_struct_loss(labels, x)
    losses.npairs_loss(labels, x, x, print_losses=True)
