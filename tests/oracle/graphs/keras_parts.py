"""Graphs of tf.keras's initializers, regularizers, activations and constraints, and of layers that name them."""


def build_keras_initializers(tf):
    init = tf.keras.initializers
    for made in (init.RandomNormal(seed=1), init.RandomUniform(seed=2), init.TruncatedNormal(seed=3), init.Ones(),
                 init.glorot_normal(seed=4), init.VarianceScaling(2.0, "fan_out", "uniform", seed=5),
                 init.get("he_uniform"), init.get("lecun_normal"), init.get("uniform"), init.get("Identity"),
                 init.deserialize({"class_name": "Constant", "config": {"value": 3.0}})):  # fmt: skip
        made([3, 4])
    init.Orthogonal(seed=7)([3, 4])
    init.get("orthogonal")([2, 2], dtype=tf.float64)
    facts = [init.serialize(init.RandomNormal(seed=1)), init.serialize(init.get("he_normal"))]
    return [facts, init.serialize(init.Zeros()), init.get(None)]


def build_keras_regularizers(tf):
    reg, w = tf.keras.regularizers, tf.placeholder(tf.float32, [3, 2], "w")
    for made in (reg.l1(), reg.l2(0.5), reg.l1_l2(0.1, 0.2), reg.get("l2"), reg.L1L2(0.0, 0.0), reg.get("l1_l2")):
        made(w)
    return [reg.serialize(reg.l1_l2(0.25, 0.5)), reg.get(None), reg.deserialize("L1L2").get_config()]


def build_keras_activations(tf):
    act, x = tf.keras.activations, tf.placeholder(tf.float32, [None, 3], "x")
    for name in ("elu", "exponential", "hard_sigmoid", "linear", "relu", "selu", "sigmoid", "softmax", "softplus",
                 "softsign", "tanh"):  # fmt: skip
        act.get(name)(x)
    act.elu(x, 0.5)
    act.relu(x, alpha=0.1)
    act.relu(x, alpha=0.1, max_value=4.0, threshold=0.5)
    act.relu(x, max_value=6)
    act.relu(x, max_value=5.0)
    act.softmax(tf.placeholder(tf.float32, [None, 3, 4]), axis=1)
    return [act.serialize(act.relu), act.get(None) is act.linear]


def build_keras_constraints(tf):
    con, w = tf.keras.constraints, tf.placeholder(tf.float32, [3, 2], "w")
    for made in (con.MaxNorm(), con.max_norm(1.5, axis=1), con.NonNeg(), con.UnitNorm(axis=[0, 1]),
                 con.MinMaxNorm(0.5, 2.0, 0.9), con.get("unitnorm"), con.get("non_neg")):  # fmt: skip
        made(w)
    return [con.serialize(con.MaxNorm(3)), con.serialize(con.MinMaxNorm()), con.serialize(con.NonNeg())]


def build_layers_by_name(tf):
    x, u = tf.placeholder(tf.float32, [None, 3], "x"), tf.placeholder(tf.float32, [None, 8, 8, 3], "u")
    tf.layers.dense(x, 4, "relu", kernel_initializer="he_normal", kernel_regularizer="l2")
    tf.layers.dense(x, 4, tf.keras.activations.selu, bias_initializer="ones", activity_regularizer="l1")
    tf.layers.dense(x, 4, "linear", kernel_initializer=tf.zeros_initializer, kernel_constraint="max_norm")
    tf.layers.conv2d(u, 4, 3, activation="selu", kernel_initializer="random_normal", bias_regularizer="l1_l2")
    tf.layers.conv2d_transpose(u, 4, 3, activation="softmax", kernel_initializer="truncated_normal")
    tf.layers.separable_conv2d(u, 4, 3, depthwise_initializer="lecun_uniform", pointwise_regularizer="l1")
    tf.layers.batch_normalization(x, gamma_initializer="uniform", beta_regularizer="l2")
    return [len(tf.losses.get_regularization_losses())]
