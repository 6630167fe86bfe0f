"""One two-layer network in six forms, each a step from arithmetic by hand to the library's own layers.

The network is always the same: x (N, D) -> ReLU hidden layer (N, H) -> prediction (N, D), trained for fifty steps to
turn random x into random y. What changes from form to form is where the weights live and who updates them. The whole
lesson of define-and-run is in that: building the graph computes nothing; a run computes what is fetched, and only that.

Run it with `python examples/lecture.py`.
"""

import numpy as np

import defrun as tf

N, D, H = 64, 1000, 100  # samples, input and output size, hidden size
STEPS = 50


def random_data():
    """Return inputs and targets, each (N, D), the same in every form."""
    random = np.random.RandomState(0)
    return random.randn(N, D).astype(np.float32), random.randn(N, D).astype(np.float32)


def empty_graph():
    """Forget all nodes made so far, and seed what the new graph will draw."""
    tf.reset_default_graph()
    tf.set_random_seed(1)


def l2_loss(prediction, target):
    """Return the squared distance to the target, averaged over the samples."""
    return tf.reduce_mean(tf.reduce_sum((prediction - target) ** 2, axis=1))


def weights_fed():
    """Weights are placeholders; NumPy keeps and updates them.

    The graph is a pure function: four arrays in, a loss and two gradients out. `tf.gradients` adds the nodes of the
    backward pass and computes nothing itself. It works, but every step carries the weights into the graph and their
    gradients out of it.
    """
    empty_graph()
    x = tf.placeholder(tf.float32, shape=(N, D))
    y = tf.placeholder(tf.float32, shape=(N, D))
    w1 = tf.placeholder(tf.float32, shape=(D, H))
    w2 = tf.placeholder(tf.float32, shape=(H, D))

    h = tf.maximum(tf.matmul(x, w1), 0)
    loss = l2_loss(tf.matmul(h, w2), y)
    grad_w1, grad_w2 = tf.gradients(loss, [w1, w2])

    x_values, y_values = random_data()
    random = np.random.RandomState(1)
    w1_values = random.randn(D, H).astype(np.float32)
    w2_values = random.randn(H, D).astype(np.float32)
    learning_rate = 1e-5
    losses = []
    with tf.Session() as sess:
        for _ in range(STEPS):
            values = {x: x_values, y: y_values, w1: w1_values, w2: w2_values}
            loss_value, grad_w1_value, grad_w2_value = sess.run([loss, grad_w1, grad_w2], feed_dict=values)
            w1_values -= learning_rate * grad_w1_value
            w2_values -= learning_rate * grad_w2_value
            losses.append(loss_value)
    return losses


def variables_with_updates():
    """Build the network with its weights as Variables, and the two assignments that would improve them.

    A Variable is state that lives in the session, beside the graph's computation, from one run to the next.
    """
    empty_graph()
    x = tf.placeholder(tf.float32, shape=(N, D))
    y = tf.placeholder(tf.float32, shape=(N, D))
    w1 = tf.Variable(tf.random_normal((D, H)))
    w2 = tf.Variable(tf.random_normal((H, D)))

    h = tf.maximum(tf.matmul(x, w1), 0)
    loss = l2_loss(tf.matmul(h, w2), y)
    grad_w1, grad_w2 = tf.gradients(loss, [w1, w2])

    learning_rate = 1e-5
    new_w1 = w1.assign(w1 - learning_rate * grad_w1)
    new_w2 = w2.assign(w2 - learning_rate * grad_w2)
    return x, y, loss, new_w1, new_w2


def updates_forgotten():
    """The beginner's trap: the assignments are defined, but no run ever fetches them.

    `loss` does not depend on them, so nothing executes them, and the loss never moves. defrun says so, once.
    """
    x, y, loss, _, _ = variables_with_updates()
    x_values, y_values = random_data()
    losses = []
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for _ in range(STEPS):
            losses.append(sess.run(loss, feed_dict={x: x_values, y: y_values}))
    return losses


def updates_fetched():
    """Fetch the assignments: now they run, and the network learns.

    The price: an assignment's value is the new weight, so each step copies both weights out to NumPy for nothing.
    """
    x, y, loss, new_w1, new_w2 = variables_with_updates()
    x_values, y_values = random_data()
    losses = []
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for _ in range(STEPS):
            loss_value, _, _ = sess.run([loss, new_w1, new_w2], feed_dict={x: x_values, y: y_values})
            losses.append(loss_value)
    return losses


def updates_grouped():
    """Group the assignments under one node that has no value: fetching it runs them and copies nothing."""
    x, y, loss, new_w1, new_w2 = variables_with_updates()
    updates = tf.group(new_w1, new_w2)
    x_values, y_values = random_data()
    losses = []
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for _ in range(STEPS):
            loss_value, _ = sess.run([loss, updates], feed_dict={x: x_values, y: y_values})
            losses.append(loss_value)
    return losses


def optimizer():
    """Let the library write the loss and the updates.

    `minimize` does what was done by hand above: gradients of the loss by every trainable Variable, one assignment for
    each, all of them in a group. (This loss also averages over the D outputs, hence the larger learning rate.)
    """
    empty_graph()
    x = tf.placeholder(tf.float32, shape=(N, D))
    y = tf.placeholder(tf.float32, shape=(N, D))
    w1 = tf.Variable(tf.random_normal((D, H)))
    w2 = tf.Variable(tf.random_normal((H, D)))

    h = tf.maximum(tf.matmul(x, w1), 0)
    loss = tf.losses.mean_squared_error(labels=y, predictions=tf.matmul(h, w2))
    updates = tf.train.GradientDescentOptimizer(learning_rate=1e-2).minimize(loss)

    x_values, y_values = random_data()
    losses = []
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for _ in range(STEPS):
            loss_value, _ = sess.run([loss, updates], feed_dict={x: x_values, y: y_values})
            losses.append(loss_value)
    return losses


def layers():
    """Let the library make the Variables too.

    A dense layer holds its weights and biases. Xavier initialization keeps the size of the values from layer to
    layer, so the loss starts near one instead of many thousands, and Adam sets each weight's pace.
    """
    empty_graph()
    x = tf.placeholder(tf.float32, shape=(N, D))
    y = tf.placeholder(tf.float32, shape=(N, D))

    init = tf.contrib.layers.xavier_initializer()
    h = tf.layers.dense(inputs=x, units=H, activation=tf.nn.relu, kernel_initializer=init)
    prediction = tf.layers.dense(inputs=h, units=D, kernel_initializer=init)
    loss = tf.losses.mean_squared_error(labels=y, predictions=prediction)
    updates = tf.train.AdamOptimizer(learning_rate=1e-3).minimize(loss)

    x_values, y_values = random_data()
    losses = []
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for _ in range(STEPS):
            loss_value, _ = sess.run([loss, updates], feed_dict={x: x_values, y: y_values})
            losses.append(loss_value)
    return losses


FORMS = [weights_fed, updates_forgotten, updates_fetched, updates_grouped, optimizer, layers]


def main():
    """Train every form and print every tenth loss."""
    shown = [*range(0, STEPS, 10), STEPS - 1]
    print("loss at step".ljust(20) + "".join(f"{step:>14}" for step in shown))
    for form in FORMS:
        losses = form()
        print(form.__name__.ljust(20) + "".join(f"{losses[step]:>14.7g}" for step in shown), flush=True)


if __name__ == "__main__":
    main()
