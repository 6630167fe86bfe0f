"""Teach a small convolutional network to read handwritten digits.

The 1797 images are real: 8 by 8 pixels each, written by thirteen people (examples/data/README.md says whence they
come). A fifth of them is held out; soon the network reads at least 98% of those it has never seen.

Run it with `python examples/digits.py`. It writes examples/out/digits.png, the loss curve and some predictions, and
examples/out/logs, which TensorBoard shows: `defrun board examples/out/logs`.
"""

import shutil
from pathlib import Path

import matplotlib
import numpy as np
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

import defrun as tf

matplotlib.use("Agg")  # draw to a file; no window needed
import matplotlib.pyplot as plt

HERE = Path(__file__).resolve().parent
EPOCHS, BATCH = 30, 64


def load_digits():
    """Return images (n, 8, 8, 1) between 0 and 1 and labels (n,), for training and for testing."""
    table = np.loadtxt(str(HERE / "data" / "digits.csv.gz"), delimiter=",", dtype=np.float32)
    np.random.RandomState(0).shuffle(table)  # the file is ordered by writer
    images = table[:, :64].reshape(-1, 8, 8, 1) / 16
    labels = table[:, 64].astype(np.int32)
    held_out = len(table) // 5
    return (images[held_out:], labels[held_out:]), (images[:held_out], labels[:held_out])


def build_network(images, training):
    """Return the scores (n, 10) of the ten digits for every image.

    Batch normalization keeps running means aside for testing. Their updates are operations like any others: nothing
    runs them unless somebody asks, so they are collected under UPDATE_OPS for the training step to depend on.
    """
    h = images
    for filters in (32, 64):
        h = tf.layers.conv2d(h, filters, kernel_size=3, padding="same", use_bias=False)
        h = tf.nn.relu(tf.layers.batch_normalization(h, momentum=0.9, training=training))
        h = tf.layers.max_pooling2d(h, pool_size=2, strides=2)
    h = tf.layers.flatten(h)
    h = tf.layers.dropout(h, rate=0.3, training=training)
    h = tf.layers.dense(h, 128, activation=tf.nn.relu)
    h = tf.layers.dropout(h, rate=0.5, training=training)
    return tf.layers.dense(h, 10)


def summarize(scores, labels, images, loss):
    """Return the accuracy, and two summaries for TensorBoard: of every step, and of every epoch."""
    with tf.name_scope("evaluation"):
        hits = tf.equal(tf.argmax(scores, axis=1), tf.cast(labels, tf.int64))
        accuracy = tf.reduce_mean(tf.cast(hits, tf.float32))
    with tf.name_scope("progress"):  # TensorBoard shows together what is in one name scope
        curves = [tf.summary.scalar("loss", loss), tf.summary.scalar("accuracy", accuracy)]
    every_step = tf.summary.merge(curves)
    with tf.name_scope("weights"):  # only counts leave the device for these
        for variable in tf.trainable_variables():
            tf.summary.histogram(variable.op.name, variable)
    tf.summary.image("digits", images, max_outputs=6)
    every_epoch = tf.summary.merge([every_step, *tf.get_collection(tf.GraphKeys.SUMMARIES, scope="weights|digits")])
    return accuracy, every_step, every_epoch


def draw(losses, images, labels, predictions):
    """Write the loss curve and forty test images with what the network reads in them, its mistakes first."""
    figure = plt.figure(figsize=(11, 4.2))
    curve, samples = figure.add_gridspec(1, 2, width_ratios=[1, 1.6])
    axes = figure.add_subplot(curve)
    axes.semilogy(losses, linewidth=0.7)
    axes.set_title("loss")
    axes.set_xlabel("step")
    grid = samples.subgridspec(4, 10)
    mistakes_first = np.argsort(predictions == labels, kind="stable")
    for place, i in enumerate(mistakes_first[:40]):
        axes = figure.add_subplot(grid[place // 10, place % 10])
        axes.imshow(images[i, :, :, 0], cmap="gray_r")
        axes.set_title(str(predictions[i]), color="tab:green" if predictions[i] == labels[i] else "tab:red")
        axes.axis("off")
    figure.tight_layout()
    out = HERE / "out"
    out.mkdir(exist_ok=True)
    figure.savefig(str(out / "digits.png"), dpi=130)
    print("wrote", out / "digits.png")


def main():
    """Define the network, train it, test it, and say what a training step is made of."""
    train, test = load_digits()
    tf.set_random_seed(0)
    images = tf.placeholder(tf.float32, [None, 8, 8, 1], name="images")
    labels = tf.placeholder(tf.int32, [None], name="labels")
    training = tf.placeholder_with_default(False, [], name="training")  # what no feed says is testing
    learning_rate = tf.placeholder(tf.float32, [], name="learning_rate")

    scores = build_network(images, training)
    loss = tf.losses.sparse_softmax_cross_entropy(labels, scores)
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
        train_op = tf.train.AdamOptimizer(learning_rate).minimize(loss)
    prediction = tf.argmax(scores, axis=1)
    accuracy, every_step, every_epoch = summarize(scores, labels, images, loss)

    order = np.random.RandomState(1)
    batches = len(train[0]) // BATCH
    columns = [TextColumn("training"), BarColumn(), TextColumn("{task.description}"), TimeRemainingColumn()]
    losses = []
    logs = HERE / "out" / "logs"
    shutil.rmtree(logs, ignore_errors=True)
    everything = {images: test[0], labels: test[1]}
    with tf.Session() as sess, tf.summary.FileWriter(str(logs / "test")) as test_log:
        train_log = tf.summary.FileWriter(str(logs / "train"), sess.graph)
        sess.run(tf.global_variables_initializer())
        with Progress(*columns) as progress:
            task = progress.add_task("", total=EPOCHS * batches)
            for epoch in range(EPOCHS):
                rate = 3e-3 * (1 - epoch / EPOCHS)
                shuffled = order.permutation(len(train[0]))
                for rows in np.array_split(shuffled[: batches * BATCH], batches):
                    feed = {images: train[0][rows], labels: train[1][rows], training: True, learning_rate: rate}
                    loss_value, summary, _ = sess.run([loss, every_step, train_op], feed_dict=feed)
                    train_log.add_summary(summary, len(losses))
                    losses.append(loss_value)
                    progress.update(task, advance=1, description=f"epoch {epoch + 1}  loss {loss_value:.4f}")
                test_log.add_summary(sess.run(every_epoch, feed_dict=everything), len(losses))
        metadata = tf.RunMetadata()  # what one more step spends its time on
        full = tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE)
        sess.run([loss, every_step, train_op], feed, options=full, run_metadata=metadata)
        train_log.add_run_metadata(metadata, f"step {len(losses)}", len(losses))
        train_log.close()

        test_accuracy, predictions = sess.run([accuracy, prediction], feed_dict=everything)
        print(f"test accuracy {test_accuracy:.2%} on {len(test[0])} images never trained on")
        draw(losses, *test, predictions)
        print(sess.explain([loss, train_op], feed_dict=feed))
    print("wrote", logs, "for TensorBoard")
    return test_accuracy


if __name__ == "__main__":
    main()
