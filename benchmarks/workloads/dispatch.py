"""Next to nothing: one small array in, one addition, one small array out. It measures the way there and back."""

import numpy as np

VALUE = np.arange(3, dtype=np.float32)


def tensorflow(tf):
    tf.reset_default_graph()
    x = tf.placeholder(tf.float32, [3])
    y = x + 1.0
    sess = tf.Session()
    return {"run": lambda: sess.run(y, {x: VALUE})}


def torch(torch):
    return {"run": lambda: (torch.from_numpy(VALUE) + 1.0).numpy()}


def jax(jax):
    add = jax.jit(lambda x: x + 1.0)
    return {"run": lambda: np.asarray(add(VALUE))}
