"""The small language model of PTB: LSTM of 200 units, 35 steps, batches of 32, 5,000 words; clipped gradient descent.

"dynamic" has it in a loop, "static" unrolled in the graph.
"""

import numpy as np

BATCH, STEPS, HIDDEN, WORDS = 32, 35, 200, 5000


def arrays():
    """Return words, the words that follow, and {name: weights}."""
    random = np.random.RandomState(0)

    def weights(*shape):
        return random.uniform(-0.1, 0.1, shape).astype(np.float32)

    words = random.randint(0, WORDS, (2, BATCH, STEPS)).astype(np.int32)
    return words[0], words[1], {
        "embedding": weights(WORDS, HIDDEN), "kernel": weights(2 * HIDDEN, 4 * HIDDEN), "bias": weights(4 * HIDDEN),
        "w": weights(HIDDEN, WORDS), "b": weights(WORDS),
    }  # fmt: skip


def own_cell(tf, kernel, bias):
    """Return an LSTM cell; the newest TensorFlow has none for its old functions."""

    class Cell:
        state_size, output_size = (HIDDEN, HIDDEN), HIDDEN

        def zero_state(self, batch_size, dtype):
            return (tf.zeros([batch_size, HIDDEN], dtype),) * 2

        def __call__(self, inputs, state, scope=None):
            c, h = state
            i, j, f, o = tf.split(tf.matmul(tf.concat([inputs, h], 1), kernel) + bias, 4, axis=1)
            c = c * tf.sigmoid(f + 1.0) + tf.sigmoid(i) * tf.tanh(j)
            h = tf.tanh(c) * tf.sigmoid(o)
            return h, (c, h)

    return Cell()


def tensorflow(tf):
    words, following, weights = arrays()

    def task(unrolled):
        ready = []  # when first asked for: each has a graph of its own

        def build():
            tf.reset_default_graph()
            x, y = tf.placeholder(tf.int32, [BATCH, STEPS]), tf.placeholder(tf.int32, [BATCH, STEPS])
            v = {name: tf.Variable(value) for name, value in weights.items()}
            inputs = tf.nn.embedding_lookup(v["embedding"], x)
            cell = own_cell(tf, v["kernel"], v["bias"])
            if unrolled:
                outputs, _ = tf.nn.static_rnn(cell, tf.unstack(inputs, axis=1), dtype=tf.float32)
                outputs = tf.stack(outputs, axis=1)
            else:
                outputs, _ = tf.nn.dynamic_rnn(cell, inputs, dtype=tf.float32)
            logits = tf.matmul(tf.reshape(outputs, [-1, HIDDEN]), v["w"]) + v["b"]
            loss = tf.reduce_mean(
                tf.nn.sparse_softmax_cross_entropy_with_logits(labels=tf.reshape(y, [-1]), logits=logits)
            )
            grads, _ = tf.clip_by_global_norm(tf.gradients(loss, list(v.values())), 5.0)
            train = tf.train.GradientDescentOptimizer(1.0).apply_gradients(list(zip(grads, v.values())))
            sess = tf.Session()
            sess.run(tf.global_variables_initializer())
            return lambda: sess.run([loss, train], {x: words, y: following})[0]

        def step():
            if not ready:
                ready.append(build())
            return ready[0]()

        return step

    return {"dynamic": task(False), "static": task(True)}


def torch(torch):
    nn = torch.nn
    words, following, _ = arrays()

    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.embedding = nn.Embedding(WORDS, HIDDEN)
            self.lstm = nn.LSTM(HIDDEN, HIDDEN, batch_first=True)
            self.out = nn.Linear(HIDDEN, WORDS)

        def forward(self, x):
            return self.out(self.lstm(self.embedding(x))[0])

    model = Model()
    sgd = torch.optim.SGD(model.parameters(), 1.0)
    x, y = torch.from_numpy(words).long(), torch.from_numpy(following).long().reshape(-1)

    def step():
        loss = nn.functional.cross_entropy(model(x).reshape(-1, WORDS), y)
        sgd.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        sgd.step()
        return loss.detach().numpy()

    return {"dynamic": step}


def jax(jax):
    jnp = jax.numpy
    words, following, weights = arrays()

    def cell(v, state, x):
        c, h = state
        i, j, f, o = jnp.split(jnp.concatenate([x, h], 1) @ v["kernel"] + v["bias"], 4, 1)
        c = c * jax.nn.sigmoid(f + 1.0) + jax.nn.sigmoid(i) * jnp.tanh(j)
        h = jnp.tanh(c) * jax.nn.sigmoid(o)
        return (c, h), h

    def loss_of(v, x, y, unrolled):
        state = (jnp.zeros((BATCH, HIDDEN)),) * 2
        inputs = jnp.swapaxes(v["embedding"][x], 0, 1)
        if unrolled:
            outputs = []
            for step in range(STEPS):
                state, output = cell(v, state, inputs[step])
                outputs.append(output)
            outputs = jnp.stack(outputs, 1)
        else:
            _, outputs = jax.lax.scan(lambda state, x: cell(v, state, x), state, inputs)
            outputs = jnp.swapaxes(outputs, 0, 1)
        logits = outputs.reshape(-1, HIDDEN) @ v["w"] + v["b"]
        chosen = jnp.take_along_axis(logits, y.reshape(-1, 1), 1)[:, 0]
        return jnp.mean(jax.nn.logsumexp(logits, 1) - chosen)

    def task(unrolled):
        def train(v, x, y):
            loss, grads = jax.value_and_grad(loss_of)(v, x, y, unrolled)
            norm = jnp.sqrt(sum(jnp.sum(g * g) for g in grads.values()))
            return loss, {name: v[name] - grads[name] * jnp.minimum(1.0, 5.0 / norm) for name in v}

        train = jax.jit(train, donate_argnums=0)
        state = []

        def step():
            if not state:
                state.append({name: jnp.asarray(value) for name, value in weights.items()})
            loss, state[0] = train(state[0], words, following)
            return np.asarray(loss)

        return step

    return {"dynamic": task(False), "static": task(True)}
