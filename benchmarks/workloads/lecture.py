"""The lecture's step: a two-layer network (64 samples, 1000 -> 100 -> 1000), its updates by hand and grouped."""

import numpy as np

N, D, H = 64, 1000, 100
RATE = 1e-5


def arrays():
    random = np.random.RandomState(0)
    return [random.randn(*shape).astype(np.float32) for shape in ((N, D), (N, D), (D, H), (H, D))]


def tensorflow(tf):
    tf.reset_default_graph()
    x_value, y_value, w1_value, w2_value = arrays()
    x = tf.placeholder(tf.float32, (N, D))
    y = tf.placeholder(tf.float32, (N, D))
    w1, w2 = tf.Variable(w1_value), tf.Variable(w2_value)
    h = tf.maximum(tf.matmul(x, w1), 0)
    loss = tf.reduce_mean(tf.reduce_sum((tf.matmul(h, w2) - y) ** 2, axis=1))
    grad_w1, grad_w2 = tf.gradients(loss, [w1, w2])
    updates = tf.group(w1.assign(w1 - RATE * grad_w1), w2.assign(w2 - RATE * grad_w2))
    sess = tf.Session()
    sess.run(tf.global_variables_initializer())
    return {"step": lambda: sess.run([loss, updates], {x: x_value, y: y_value})[0]}


def torch(torch):
    x_value, y_value, w1_value, w2_value = arrays()
    weights = [torch.from_numpy(w).requires_grad_() for w in (w1_value, w2_value)]

    def step():
        x, y = torch.from_numpy(x_value), torch.from_numpy(y_value)
        h = torch.clamp(x @ weights[0], min=0)
        loss = ((h @ weights[1] - y) ** 2).sum(dim=1).mean()
        grads = torch.autograd.grad(loss, weights)
        with torch.no_grad():
            for w, grad in zip(weights, grads):
                w -= RATE * grad
        return loss.detach().numpy()

    return {"step": step}


def jax(jax):
    jnp = jax.numpy
    x_value, y_value, w1_value, w2_value = arrays()
    weights = [(jnp.asarray(w1_value), jnp.asarray(w2_value))]

    def loss_of(weights, x, y):
        h = jnp.maximum(x @ weights[0], 0)
        return jnp.mean(jnp.sum((h @ weights[1] - y) ** 2, axis=1))

    def update(weights, x, y):
        loss, grads = jax.value_and_grad(loss_of)(weights, x, y)
        return loss, tuple(w - RATE * grad for w, grad in zip(weights, grads))

    update = jax.jit(update, donate_argnums=0)

    def step():
        loss, weights[0] = update(weights[0], x_value, y_value)
        return np.asarray(loss)

    return {"step": step}
