"""A loop of 10,000 iterations that do next to nothing."""

import numpy as np

COUNT, START = 10000, np.zeros(4, np.float32)


def tensorflow(tf):
    tf.reset_default_graph()
    x = tf.placeholder(tf.float32, [4])
    _, y = tf.while_loop(lambda i, x: i < COUNT, lambda i, x: (i + 1, x * 0.5 + 1.0), [tf.constant(0), x])
    sess = tf.Session()
    return {"run": lambda: sess.run(y, {x: START})}


def torch(torch):
    def run():
        x = torch.from_numpy(START)
        for _ in range(COUNT):
            x = x * 0.5 + 1.0
        return x.numpy()

    return {"run": run}


def jax(jax):
    def loop(x):
        return jax.lax.while_loop(lambda s: s[0] < COUNT, lambda s: (s[0] + 1, s[1] * 0.5 + 1.0), (0, x))[1]

    loop = jax.jit(loop)
    return {"run": lambda: np.asarray(loop(START))}
