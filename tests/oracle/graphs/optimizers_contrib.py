"""Graphs of tf.contrib.opt, optimize_loss and create_train_op. Each: build(tf) adds nodes, may return facts."""

from tests.oracle.graphs.optimizers import _loss


def _optimizers(tf):
    opt = tf.contrib.opt
    step = tf.train.get_or_create_global_step()
    sgd_w = opt.extend_with_decoupled_weight_decay(tf.train.GradientDescentOptimizer)
    return [
        opt.AdaMaxOptimizer(),
        opt.NadamOptimizer(0.1, beta1=0.8),
        opt.LazyAdamOptimizer(0.1),
        opt.AdamGSOptimizer(step),
        opt.LazyAdamGSOptimizer(step, 0.1, name="LazyGS"),
        opt.AdamWOptimizer(0.01),
        opt.MomentumWOptimizer(0.01, 0.1, 0.9),
        sgd_w(0.01, learning_rate=0.1),
        opt.RegAdagradOptimizer(0.1),
        opt.LARSOptimizer(0.1),
    ]


def _minimize(tf, loss, optimizers):
    facts = []
    for optimizer in optimizers:
        step = optimizer.minimize(loss)
        facts.append([step.name, optimizer.get_slot_names(), [v.name for v in optimizer.variables()]])
    return facts


def build_contrib_optimizers(tf):
    return _minimize(tf, _loss(tf, False), _optimizers(tf))


def build_contrib_optimizers_resource(tf):
    return _minimize(tf, _loss(tf, True), _optimizers(tf))


def build_contrib_optimizers_of_signs(tf):
    opt, step = tf.contrib.opt, tf.train.get_or_create_global_step()
    for resource in (False, True):
        loss = _loss(tf, resource)
        opt.AddSignOptimizer().minimize(loss)
        opt.AddSignOptimizer(0.2, sign_decay_fn=lambda s: 1.0 / tf.cast(s, tf.float32)).minimize(loss, step)
        opt.PowerSignOptimizer(base=2.0).minimize(loss)


def _row_loss(tf, resource):
    w = tf.Variable(tf.ones([5, 2]), use_resource=resource)
    return w, tf.reduce_sum(tf.nn.embedding_lookup(w, tf.placeholder(tf.int32, [None])))


def build_contrib_optimizers_rows(tf):
    _minimize(tf, _row_loss(tf, False)[1], _optimizers(tf))


def build_contrib_optimizers_rows_resource(tf):
    _minimize(tf, _row_loss(tf, True)[1], _optimizers(tf))


def build_contrib_optimizers_wrapped(tf):
    opt = tf.contrib.opt
    for resource in (False, True):
        loss = _loss(tf, resource)
        names = opt.MovingAverageOptimizer(tf.train.GradientDescentOptimizer(0.1), 0.9).minimize(loss).name
        opt.MovingAverageOptimizer(tf.train.GradientDescentOptimizer(0.1), sequential_update=False).minimize(loss)
        w = tf.trainable_variables()[-2]
        opt.VariableClippingOptimizer(tf.train.GradientDescentOptimizer(0.1), {w: [0]}, 1.0).minimize(loss)
        w, loss = _row_loss(tf, resource)
        opt.VariableClippingOptimizer(
            tf.train.GradientDescentOptimizer(0.1), {w: [1]}, 1.0, colocate_clip_ops_with_vars=True, name="Clip"
        ).minimize(loss, var_list=[w])
    return names


def build_contrib_optimizers_of_tasks(tf):
    loss = _loss(tf, True)
    wrapped = tf.contrib.opt.MultitaskOptimizerWrapper(tf.train.MomentumOptimizer(0.1, 0.9))
    pairs = wrapped.compute_gradients(loss)
    clipped, norm = tf.contrib.opt.clip_gradients_by_global_norm(pairs, 5.0)
    wrapped.apply_gradients(clipped)
    return norm.name


def build_weight_decay_of_some(tf):
    loss = _loss(tf, False)
    tf.contrib.opt.AdamWOptimizer(0.01).minimize(loss, decay_var_list=[tf.trainable_variables()[0]])


def build_skipped_layers(tf):
    tf.contrib.opt.LARSOptimizer(0.1, skip_list=["b"], use_nesterov=True).minimize(_loss(tf, False))


def build_optimize_loss(tf):
    layers = tf.contrib.layers
    step = tf.train.get_or_create_global_step()
    for optimizer in ("SGD", "Momentum", "RMSProp", "Adagrad", "Adam", "Ftrl"):
        train = layers.optimize_loss(_loss(tf, False), step, 0.1, optimizer)
    return [train.name, sorted(layers.OPTIMIZER_CLS_NAMES), layers.OPTIMIZER_SUMMARIES]


def build_optimize_loss_in_all_ways(tf):
    layers = tf.contrib.layers
    step = tf.train.get_or_create_global_step()
    loss = _loss(tf, False)
    w, b = tf.trainable_variables()
    tf.add_to_collection(tf.GraphKeys.UPDATE_OPS, tf.no_op(name="before"))
    layers.optimize_loss(
        loss, step, tf.constant(0.1), tf.train.AdamOptimizer, clip_gradients=5.0, summaries=layers.OPTIMIZER_SUMMARIES,
        gradient_noise_scale=0.1, gradient_multipliers={w: 2.0, "b:0": 0.5}, name="all",
        learning_rate_decay_fn=lambda rate, s: tf.train.exponential_decay(rate, s, 10, 0.5),
    )  # fmt: skip
    layers.optimize_loss(
        loss, None, None, tf.train.GradientDescentOptimizer(0.1), update_ops=[], variables=[b], summaries=[],
        increment_global_step=False,
    )  # fmt: skip
    layers.optimize_loss(
        loss, step, 0.1, lambda rate: tf.train.MomentumOptimizer(rate, 0.5),
        clip_gradients=tf.contrib.slim.adaptive_clipping_fn(static_max_norm=9.0, global_step=step, report_summary=True),
        colocate_gradients_with_ops=True,
    )  # fmt: skip


def build_create_train_op(tf):
    tf.add_to_collection(tf.GraphKeys.UPDATE_OPS, tf.no_op(name="before"))
    loss = _loss(tf, False)
    w, b = tf.trainable_variables()
    training, slim = tf.contrib.training, tf.contrib.slim
    sgd = tf.train.GradientDescentOptimizer(0.1)
    made = [
        training.create_train_op(loss, sgd),
        training.create_train_op(
            loss, sgd, global_step=None, variables_to_train=[w],
            transform_grads_fn=training.clip_gradient_norms_fn(2.0),
            summarize_gradients=True, check_numerics=False,
        ),
        slim.learning.create_train_op(
            loss, sgd, clip_gradient_norm=4.0, gradient_multipliers={"w": 2.0, b: tf.constant(0.5)},
            summarize_gradients=True,
        ),
    ]  # fmt: skip
    training.clip_gradient_norms([(tf.ones([2]), b), (None, w)], 1.0)
    training.multiply_gradients([(tf.ones([2]), b), (None, w)], {b: 2.0})
    training.add_gradients_summaries([(tf.ones([2]), b), (None, w)])
    slim.learning.add_gradients_summaries([(tf.ones([2]), b)])
    return [t.name for t in made]
