"""A multilayer perceptron, 784-256-256-10, batches of 128, trained by Adam."""

import numpy as np

SIZES, BATCH = (784, 256, 256, 10), 128


def arrays():
    """Return images, labels and [(kernel, bias), ...]."""
    random = np.random.RandomState(0)
    layers = [
        ((random.randn(a, b) * np.sqrt(2 / a)).astype(np.float32), np.zeros(b, np.float32))
        for a, b in zip(SIZES, SIZES[1:])
    ]
    return random.rand(BATCH, SIZES[0]).astype(np.float32), random.randint(0, 10, BATCH).astype(np.int32), layers


def tensorflow(tf):
    tf.reset_default_graph()
    x_value, y_value, layers = arrays()
    x = tf.placeholder(tf.float32, (None, SIZES[0]))
    y = tf.placeholder(tf.int32, (None,))
    h = x
    for i, (kernel, bias) in enumerate(layers):
        h = tf.matmul(h, tf.Variable(kernel)) + tf.Variable(bias)
        h = tf.nn.relu(h) if i < len(layers) - 1 else h
    loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=h))
    train_op = tf.train.AdamOptimizer(1e-3).minimize(loss)
    sess = tf.Session()
    sess.run(tf.global_variables_initializer())
    return {"train": lambda: sess.run([loss, train_op], {x: x_value, y: y_value})[0]}


def torch(torch):
    nn = torch.nn
    x_value, y_value, layers = arrays()
    model = nn.Sequential()
    for i, (kernel, bias) in enumerate(layers):
        linear = nn.Linear(*kernel.shape)
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(kernel.T))
            linear.bias.copy_(torch.from_numpy(bias))
        model.append(linear)
        if i < len(layers) - 1:
            model.append(nn.ReLU())
    adam = torch.optim.Adam(model.parameters(), 1e-3, fused=True)

    def step():
        loss = nn.functional.cross_entropy(model(torch.from_numpy(x_value)), torch.from_numpy(y_value).long())
        adam.zero_grad()
        loss.backward()
        adam.step()
        return loss.detach().numpy()

    return {"train": step}


def jax(jax):
    from workloads import adam

    x_value, y_value, layers = arrays()
    state = [adam.start(jax, layers)]

    def loss_of(layers, x, y):
        for i, (kernel, bias) in enumerate(layers):
            x = x @ kernel + bias
            x = jax.nn.relu(x) if i < len(layers) - 1 else x
        return adam.cross_entropy(jax, x, y)

    def train(state, x, y):
        loss, grads = jax.value_and_grad(loss_of)(state[0], x, y)
        return loss, adam.update(jax, state, grads)

    train = jax.jit(train, donate_argnums=0)

    def step():
        loss, state[0] = train(state[0], x_value, y_value)
        return np.asarray(loss)

    return {"train": step}
