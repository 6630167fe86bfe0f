"""Adam by hand, for the bare-JAX side of the workloads: TensorFlow's formula (epsilon outside the correction)."""


def start(jax, weights):
    """Return (weights, first moments, second moments, step count), all on the device."""
    weights = jax.tree.map(jax.numpy.asarray, weights)
    zeros = jax.tree.map(jax.numpy.zeros_like, weights)
    return weights, zeros, jax.tree.map(jax.numpy.copy, zeros), jax.numpy.zeros((), "float32")


def update(jax, state, grads, rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """Return the state after one step along `grads`."""
    jnp, each = jax.numpy, jax.tree.map
    weights, m, v, count = state
    count = count + 1
    rate = rate * jnp.sqrt(1 - beta2**count) / (1 - beta1**count)
    m = each(lambda m, g: beta1 * m + (1 - beta1) * g, m, grads)
    v = each(lambda v, g: beta2 * v + (1 - beta2) * g * g, v, grads)
    weights = each(lambda w, m, v: w - rate * m / (jnp.sqrt(v) + epsilon), weights, m, v)
    return weights, m, v, count


def cross_entropy(jax, scores, labels):
    """Return the mean cross entropy of integer labels (n,) under scores (n, classes)."""
    picked = jax.numpy.take_along_axis(jax.nn.log_softmax(scores), labels[:, None], axis=1)
    return -picked.mean()
