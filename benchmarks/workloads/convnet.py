"""A small convolutional network on 28 x 28 images, batches of 64: a training step by Adam, and inference.

3x3x32, pool, 3x3x64, pool, dense 128, dense 10.
"""

import numpy as np

BATCH = 64
SHAPES = [(3, 3, 1, 32), (3, 3, 32, 64), (7 * 7 * 64, 128), (128, 10)]


def arrays():
    """Return images (NHWC), labels and [(kernel, bias), ...]."""
    random = np.random.RandomState(0)
    layers = [
        ((random.randn(*shape) * np.sqrt(2 / np.prod(shape[:-1]))).astype(np.float32), np.zeros(shape[-1], np.float32))
        for shape in SHAPES
    ]
    images = random.rand(BATCH, 28, 28, 1).astype(np.float32)
    return images, random.randint(0, 10, BATCH).astype(np.int32), layers


def tensorflow(tf):
    tf.reset_default_graph()
    x_value, y_value, layers = arrays()
    x = tf.placeholder(tf.float32, (None, 28, 28, 1))
    y = tf.placeholder(tf.int32, (None,))
    conv1, conv2, dense1, dense2 = [(tf.Variable(kernel), tf.Variable(bias)) for kernel, bias in layers]
    h = x
    for kernel, bias in (conv1, conv2):
        h = tf.nn.relu(tf.nn.bias_add(tf.nn.conv2d(h, kernel, [1, 1, 1, 1], "SAME"), bias))
        h = tf.nn.max_pool(h, [1, 2, 2, 1], [1, 2, 2, 1], "SAME")
    h = tf.nn.relu(tf.matmul(tf.reshape(h, (-1, 7 * 7 * 64)), dense1[0]) + dense1[1])
    scores = tf.matmul(h, dense2[0]) + dense2[1]
    loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=scores))
    train_op = tf.train.AdamOptimizer(1e-3).minimize(loss)
    sess = tf.Session()
    sess.run(tf.global_variables_initializer())
    return {
        "train": lambda: sess.run([loss, train_op], {x: x_value, y: y_value})[0],
        "infer": lambda: sess.run(scores, {x: x_value}),
    }


def torch(torch):
    nn = torch.nn
    x_value, y_value, _ = arrays()
    model = nn.Sequential(
        nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(7 * 7 * 64, 128), nn.ReLU(), nn.Linear(128, 10),
    )  # fmt: skip
    adam = torch.optim.Adam(model.parameters(), 1e-3, fused=True)

    def scores():
        return model(torch.from_numpy(x_value).view(-1, 1, 28, 28))  # one channel: NHWC is NCHW

    def step():
        loss = nn.functional.cross_entropy(scores(), torch.from_numpy(y_value).long())
        adam.zero_grad()
        loss.backward()
        adam.step()
        return loss.detach().numpy()

    def infer():
        with torch.inference_mode():
            return scores().numpy()

    return {"train": step, "infer": infer}


def jax(jax):
    from workloads import adam

    lax, jnp = jax.lax, jax.numpy
    x_value, y_value, layers = arrays()
    state = [adam.start(jax, layers)]

    def scores_of(layers, h):
        conv1, conv2, dense1, dense2 = layers
        for kernel, bias in (conv1, conv2):
            h = lax.conv_general_dilated(h, kernel, (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC"))
            h = lax.reduce_window(jax.nn.relu(h + bias), -jnp.inf, lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "SAME")
        h = jax.nn.relu(h.reshape(-1, 7 * 7 * 64) @ dense1[0] + dense1[1])
        return h @ dense2[0] + dense2[1]

    def train(state, x, y):
        loss, grads = jax.value_and_grad(lambda w: adam.cross_entropy(jax, scores_of(w, x), y))(state[0])
        return loss, adam.update(jax, state, grads)

    train, scores = jax.jit(train, donate_argnums=0), jax.jit(scores_of)

    def step():
        loss, state[0] = train(state[0], x_value, y_value)
        return np.asarray(loss)

    return {"train": step, "infer": lambda: np.asarray(scores(state[0][0], x_value))}
