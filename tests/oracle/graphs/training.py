"""Graphs of gradients, optimizers, summaries and whole models. Each: build(tf) adds nodes, may return facts."""


def _small_loss(tf, resource=False):
    w = tf.Variable([[1.0, 2.0], [3.0, 4.0]], name="w", use_resource=resource)
    b = tf.Variable([0.5, -0.5], name="b", use_resource=resource)
    x = tf.placeholder(tf.float32, [None, 2], "x")
    return tf.reduce_mean(tf.square(tf.matmul(x, w) + b), name="loss"), w, b


def build_gradient_descent(tf):
    loss, _, _ = _small_loss(tf)
    step = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
    tf.global_variables_initializer()
    return [step.name, step.type]


def build_gradient_descent_global_step(tf):
    loss, _, _ = _small_loss(tf)
    count = tf.Variable(0, trainable=False, name="count")
    tf.train.GradientDescentOptimizer(tf.placeholder(tf.float32, [])).minimize(loss, global_step=count)
    tf.train.GradientDescentOptimizer(0.1, name="Second").minimize(
        loss, tf.train.get_or_create_global_step(), name="train"
    )


def build_gradient_descent_decayed(tf):
    loss, _, _ = _small_loss(tf)
    count = tf.Variable(0, trainable=False, name="count")
    rate = tf.train.exponential_decay(0.1, count, 100, 0.96, staircase=True)
    tf.train.GradientDescentOptimizer(rate).minimize(loss, global_step=count)


def build_gradient_descent_resource(tf):
    loss, _, _ = _small_loss(tf, True)
    count = tf.train.get_or_create_global_step()
    tf.train.GradientDescentOptimizer(0.1).minimize(loss, count)


def build_momentum(tf):
    loss, w, _ = _small_loss(tf)
    optimizer = tf.train.MomentumOptimizer(0.1, 0.9)
    optimizer.minimize(loss)
    tf.train.MomentumOptimizer(0.1, 0.9, use_nesterov=True, name="Nesterov").minimize(loss, var_list=[w])
    return [optimizer.get_slot_names(), optimizer.get_slot(w, "momentum").name, [v.name for v in optimizer.variables()]]


def build_adam(tf):
    loss, w, _ = _small_loss(tf)
    optimizer = tf.train.AdamOptimizer(0.01)
    optimizer.minimize(loss)
    tf.train.AdamOptimizer(learning_rate=tf.placeholder(tf.float32, []), beta1=0.8, epsilon=1e-4, name="A").minimize(
        loss, var_list=[w]
    )
    tf.global_variables_initializer()
    return [optimizer.get_slot_names(), optimizer.get_slot(w, "m").name, [v.name for v in optimizer.variables()]]


def build_adam_resource(tf):
    loss, _, _ = _small_loss(tf, True)
    tf.train.AdamOptimizer().minimize(loss)
    tf.train.MomentumOptimizer(0.1, 0.9).minimize(loss)


def build_other_optimizers(tf):
    loss, _, _ = _small_loss(tf)
    train = tf.train
    for optimizer in (
        train.RMSPropOptimizer(0.1),
        train.RMSPropOptimizer(0.1, centered=True, name="C"),
        train.AdagradOptimizer(0.1),
        train.AdadeltaOptimizer(0.1),
        train.FtrlOptimizer(0.1),
        train.ProximalGradientDescentOptimizer(0.1),
        train.ProximalAdagradOptimizer(0.1),
    ):
        optimizer.minimize(loss)


def build_compute_apply(tf):
    loss, w, b = _small_loss(tf)
    optimizer = tf.train.GradientDescentOptimizer(0.1)
    pairs = optimizer.compute_gradients(loss)
    clipped = [(tf.clip_by_value(g, -1.0, 1.0), v) for g, v in pairs]
    optimizer.apply_gradients(clipped, name="applied")
    grads, _ = tf.clip_by_global_norm(tf.gradients(loss, [w, b]), 5.0)
    step = optimizer.apply_gradients(zip(grads, [w, b]), tf.train.get_or_create_global_step())
    optimizer.apply_gradients([(None, w), (tf.ones([2]), b)])
    return [step.name, [v.name for _, v in pairs]]


def build_gate_gradients(tf):
    loss, _, _ = _small_loss(tf)
    optimizer = tf.train.GradientDescentOptimizer(0.1)
    optimizer.minimize(loss, gate_gradients=optimizer.GATE_NONE)
    optimizer.minimize(loss, gate_gradients=optimizer.GATE_GRAPH, colocate_gradients_with_ops=True)
    optimizer.minimize(loss, grad_loss=tf.constant(2.0), name="scaled")


def build_minimize_in_scopes(tf):
    loss, w, _ = _small_loss(tf)
    with tf.name_scope("train"):
        tf.train.AdamOptimizer(0.1).minimize(loss)
    with tf.variable_scope("opt"):
        tf.train.MomentumOptimizer(0.1, 0.9).minimize(loss)
    with tf.device("/cpu:0"):
        tf.train.GradientDescentOptimizer(0.1).minimize(loss, var_list=w)
    with tf.control_dependencies([tf.constant(1.0, name="before")]):
        tf.train.GradientDescentOptimizer(0.1).minimize(loss)


def build_sparse_updates(tf):
    for resource in (False, True):
        w = tf.Variable(tf.ones([5, 2]), use_resource=resource)
        loss = tf.reduce_sum(tf.nn.embedding_lookup(w, tf.placeholder(tf.int32, [None])))
        tf.train.GradientDescentOptimizer(0.1).minimize(loss)
        tf.train.MomentumOptimizer(0.1, 0.9).minimize(loss)
        tf.train.AdamOptimizer(0.1).minimize(loss)


def build_sparse_updates_rare(tf):
    for resource in (False, True):
        w = tf.Variable(tf.ones([5, 2]), use_resource=resource)
        loss = tf.reduce_sum(tf.nn.embedding_lookup(w, tf.placeholder(tf.int32, [None])))
        tf.train.AdagradOptimizer(0.1).minimize(loss)


def build_manual_updates(tf):
    loss, w, b = _small_loss(tf)
    grad_w, grad_b = tf.gradients(loss, [w, b])
    new_w = w.assign(w - 1e-2 * grad_w)
    new_b = b.assign(b - 1e-2 * grad_b)
    tf.group(new_w, new_b)
    tf.gradients(loss, [w])
    tf.gradients(tf.gradients(loss, w)[0], w)
    with tf.name_scope("scope"):
        tf.gradients(loss, w)


def build_gradients_to_collection(tf):
    loss, w, b = _small_loss(tf)
    for grad, var in zip(tf.gradients(loss, [w, b]), [w, b]):
        tf.add_to_collection("grads", tf.identity(grad, name="grad_" + var.op.name))
    tf.get_collection("grads")
    return [g.name for g in tf.get_collection("grads")]


def build_custom_gradient(tf):
    @tf.custom_gradient
    def clipped(x):
        return tf.exp(x), lambda dy: dy * 2.0

    x = tf.placeholder(tf.float32, [2], "x")
    y = clipped(x) + tf.stop_gradient(x)
    tf.gradients(y, x)


def build_learning_rates(tf):
    step = tf.train.get_or_create_global_step()
    tf.train.exponential_decay(0.1, step, 100, 0.9)
    tf.train.piecewise_constant(step, [100, 200], [1.0, 0.5, 0.1])
    tf.train.polynomial_decay(0.1, step, 100)
    tf.train.inverse_time_decay(0.1, step, 100, 0.5)
    tf.train.natural_exp_decay(0.1, step, 100, 0.5)
    tf.train.cosine_decay(0.1, step, 100)


def build_global_steps(tf):
    with tf.name_scope("n"), tf.variable_scope("v"):
        step = tf.train.get_or_create_global_step()
    tf.train.get_global_step()
    tf.assign_add(step, 1)
    return [step.name, step.dtype.name, tf.train.get_or_create_global_step() is step]


def build_summaries(tf):
    x = tf.placeholder(tf.float32, [None, 3], "x")
    tf.summary.scalar("loss", tf.reduce_mean(x))
    tf.summary.scalar("a b", 1.0)
    tf.summary.histogram("hist", x)
    tf.summary.scalar("loss", 2.0)
    with tf.name_scope("scope"):
        tf.summary.scalar("inside", tf.reduce_max(x))
        tf.summary.histogram("w/h", tf.Variable([1.0]))
    tf.summary.scalar("fam", 1.0, family="f")
    tf.summary.scalar("elsewhere", 1.0, collections=["mine"])
    merged = tf.summary.merge_all()
    tf.summary.merge(tf.get_collection(tf.GraphKeys.SUMMARIES)[:2], name="two")
    return [merged.name, [s.name for s in tf.get_collection(tf.GraphKeys.SUMMARIES)], tf.summary.merge_all("nothing")]


def build_summaries_rare(tf):
    tf.summary.image("img", tf.ones([2, 4, 4, 1]), max_outputs=1)
    tf.summary.text("t", tf.constant("text"))
    tf.summary.audio("sound", tf.ones([1, 100]), 100.0)


def build_saver(tf):
    w = tf.Variable([1.0], name="w")
    tf.get_variable("v", [2, 2])
    tf.train.Saver()
    tf.train.Saver([w], name="just_w")
    tf.train.Saver({"renamed": w}, max_to_keep=2)


def build_accuracy_metrics(tf):
    tf.metrics.accuracy(tf.placeholder(tf.int32, [None], "labels"), tf.placeholder(tf.int32, [None], "predictions"))
    tf.metrics.mean(tf.placeholder(tf.float32, [None], "values"))
    return [v.name for v in tf.local_variables()]
