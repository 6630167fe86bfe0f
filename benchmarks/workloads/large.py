"""A step whose weights are large: 128 MiB in two kernels, plain gradient descent. For its memory, not its time."""

import numpy as np

SIZE, BATCH, RATE = 4096, 16, 1e-3
BYTES = 2 * SIZE * SIZE * 4
X = np.ones((BATCH, SIZE), np.float32)


def tensorflow(tf):
    tf.reset_default_graph()
    x = tf.placeholder(tf.float32, (BATCH, SIZE))
    w1, w2 = (tf.Variable(tf.fill((SIZE, SIZE), 1 / SIZE)) for _ in range(2))
    loss = tf.reduce_mean(tf.square(tf.matmul(tf.nn.relu(tf.matmul(x, w1)), w2)))
    train_op = tf.train.GradientDescentOptimizer(RATE).minimize(loss)
    sess = tf.Session()
    sess.run(tf.global_variables_initializer())
    return {"step": lambda: sess.run([loss, train_op], {x: X})[0]}


def jax(jax):
    jnp = jax.numpy
    weights = [tuple(jnp.full((SIZE, SIZE), 1 / SIZE, jnp.float32) for _ in range(2))]

    def update(weights, x):
        loss, grads = jax.value_and_grad(lambda w: jnp.mean((jax.nn.relu(x @ w[0]) @ w[1]) ** 2))(weights)
        return loss, tuple(w - RATE * grad for w, grad in zip(weights, grads))

    update = jax.jit(update, donate_argnums=0)

    def step():
        loss, weights[0] = update(weights[0], X)
        return np.asarray(loss)

    return {"step": step}
