"""Networks in one op are what cells in loops are, with the same weights; checkpoints carry these to and fro."""

import numpy as np
import pytest

import defrun as tf
from defrun.contrib.cudnn_rnn import networks

TIME, BATCH, INPUTS, UNITS = 4, 3, 2, 5
KINDS = {
    "LSTM": (tf.contrib.cudnn_rnn.CudnnLSTM, tf.contrib.cudnn_rnn.CudnnCompatibleLSTMCell),
    "GRU": (tf.contrib.cudnn_rnn.CudnnGRU, tf.contrib.cudnn_rnn.CudnnCompatibleGRUCell),
    "Tanh": (tf.contrib.cudnn_rnn.CudnnRNNTanh, tf.nn.rnn_cell.BasicRNNCell),
    "Relu": (tf.contrib.cudnn_rnn.CudnnRNNRelu, lambda units: tf.nn.rnn_cell.BasicRNNCell(units, tf.nn.relu)),
}
X = np.cos(np.arange(TIME * BATCH * INPUTS) * 1.7).reshape(TIME, BATCH, INPUTS).astype(np.float32)


def in_loops(cell, layers, both_ways, inputs, lengths):
    """Build the same network of cells; return its outputs."""
    if both_ways:
        ways = [[cell(UNITS) for _ in range(layers)] for _ in range(2)]
        return tf.contrib.rnn.stack_bidirectional_dynamic_rnn(
            *ways, inputs, dtype=tf.float32, sequence_length=lengths, time_major=True
        )[0]
    cells = tf.nn.rnn_cell.MultiRNNCell([cell(UNITS) for _ in range(layers)])
    return tf.nn.dynamic_rnn(cells, inputs, lengths, dtype=tf.float32, time_major=True)[0]


def saved_as_cells(kind, direction, folder):
    """Save a network of two layers; return its outputs, whole and by lengths, gradients, and the checkpoint."""
    with tf.Graph().as_default(), tf.Session() as session:
        tf.set_random_seed(1)
        x = tf.constant(X)
        bias = tf.random_uniform_initializer(-0.5, 0.5)
        layer = KINDS[kind][0](2, UNITS, direction=direction, bias_initializer=bias)
        outputs, _ = layer(x)
        by_length, _ = layer(x, sequence_lengths=tf.constant([4, 1, 3]))
        gradients = [tf.gradients(y * y, x)[0] for y in (outputs, by_length)]
        session.run(tf.global_variables_initializer())
        values = session.run([outputs, by_length, gradients])
        saver = tf.train.Saver([layer.saveable])
        return values, saver.save(session, str(folder / "model"))


@pytest.mark.parametrize(
    ("kind", "direction"),
    [("LSTM", "bidirectional"), ("GRU", "bidirectional"), ("Tanh", "unidirectional"), ("Relu", "unidirectional")],
)
def test_a_network_is_its_cells(kind, direction, tmp_path):
    both_ways = direction == "bidirectional"
    (outputs, by_length, gradients), path = saved_as_cells(kind, direction, tmp_path)
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.constant(X)
        found = []
        for lengths in (None, tf.constant([4, 1, 3])):
            with tf.variable_scope(tf.get_variable_scope(), reuse=tf.AUTO_REUSE):
                found.append(in_loops(KINDS[kind][1], 2, both_ways, x, lengths))
        wanted = [tf.gradients(y * y, x)[0] for y in found]
        names = {name for name, _ in tf.train.list_variables(path)}
        own = {v.op.name: v for v in tf.global_variables()}
        above = next(iter(names)).split("/")[0]
        assert names == {f"{above}/{name}" for name in own}
        tf.train.Saver({f"{above}/{name}": v for name, v in own.items()}).restore(session, path)
        values = session.run([*found, wanted])
    np.testing.assert_allclose(outputs, values[0], rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(by_length, values[1], rtol=1e-4, atol=1e-6)
    for got, want in zip(gradients, values[2], strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-4, atol=1e-5)


def test_a_checkpoint_of_cells_fills_the_buffer(tmp_path):
    (outputs, _, _), path = saved_as_cells("LSTM", "unidirectional", tmp_path)
    with tf.Graph().as_default(), tf.Session() as session:
        layer = tf.contrib.cudnn_rnn.CudnnLSTM(2, UNITS)
        again, _ = layer(tf.constant(X))
        session.run(tf.global_variables_initializer())
        tf.train.Saver([layer.saveable]).restore(session, path)
        np.testing.assert_allclose(session.run(again), outputs, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("kind", ["LSTM", "GRU"])
def test_gradient_of_the_weights_is_that_of_differences(kind):
    with tf.Graph().as_default(), tf.Session() as session:
        tf.set_random_seed(2)
        layer = KINDS[kind][0](2, 3, direction="bidirectional", dtype=tf.float64)
        x, h = tf.constant(X, tf.float64), tf.placeholder(tf.float64, [4, BATCH, 3])
        states = (h, h * 0.5) if kind == "LSTM" else (h,)
        outputs, last = layer(x, initial_state=states)
        loss = tf.reduce_sum(tf.sin(outputs)) + sum(tf.reduce_sum(t * t) for t in last)
        gradients = tf.gradients(loss, [layer.kernel, h])
        session.run(tf.global_variables_initializer())
        start = np.cos(np.arange(4.0 * BATCH * 3)).reshape(4, BATCH, 3)
        of_weights, of_state = session.run(gradients, {h: start})
        weights = session.run(layer.kernel)
        place = tf.placeholder(tf.float64, weights.shape)
        put = layer.kernel.assign(place, use_locking=False)

        def value(w, state):
            session.run(put, {place: w})
            return session.run(loss, {h: state})

        for at in range(0, weights.size, weights.size // 5):
            step = np.zeros_like(weights)
            step[at] = 1e-5
            slope = (value(weights + step, start) - value(weights - step, start)) / 2e-5
            assert of_weights[at] == pytest.approx(slope, rel=1e-5, abs=1e-7)
        step = np.zeros_like(start)
        step[3, 1, 2] = 1e-5
        slope = (value(weights, start + step) - value(weights, start - step)) / 2e-5
        assert of_state[3, 1, 2] == pytest.approx(slope, rel=1e-5)


def test_dropout_between_layers_while_training():
    with tf.Graph().as_default(), tf.Session() as session:
        layer = tf.contrib.cudnn_rnn.CudnnGRU(2, UNITS, dropout=0.5, seed=3)
        x = tf.constant(X)
        trained, _ = layer(x, training=True)
        plain, _ = layer(x, training=False)
        gradient = tf.gradients(trained, x)[0]
        session.run(tf.global_variables_initializer())
        first, second = session.run(trained), session.run(trained)
        assert not np.allclose(first, second)
        np.testing.assert_allclose(*[session.run(plain) for _ in range(2)])
        assert np.isfinite(session.run(gradient)).all()


def test_batch_major_is_the_same_turned():
    with tf.Graph().as_default(), tf.Session() as session:
        layer = tf.contrib.cudnn_rnn.CudnnRNNTanh(1, UNITS)
        x = tf.constant(X[:, :1])  # the size of the batch is taken from axis 1, as TensorFlow does
        outputs, _ = layer(x)
        turned, _ = layer(tf.transpose(x, [1, 0, 2]), (tf.zeros([1, 1, UNITS]),), time_major=False)
        session.run(tf.global_variables_initializer())
        a, b = session.run([outputs, turned])
        np.testing.assert_allclose(a, np.swapaxes(b, 0, 1), rtol=1e-5, atol=1e-6)


def test_size_and_parts_of_the_buffer():
    with tf.Graph().as_default(), tf.Session() as session:
        size = tf.raw_ops.CudnnRNNParamsSize(num_layers=2, num_units=3, input_size=4, T=tf.float32, S=tf.int32)
        layer = tf.contrib.cudnn_rnn.CudnnLSTM(2, 3)
        layer(tf.zeros([1, 1, 4]))
        assert session.run(size).tolist() == [4 * (4 * 3 + 3 * 3 + 3 * 3 + 3 * 3 + 4 * 3)]
        assert layer.canonical_weight_shapes[0] == (3, 4)
        assert len(layer.canonical_weight_shapes) == len(layer.canonical_bias_shapes) == 16


@pytest.mark.parametrize("kind", ["LSTM", "GRU"])
def test_networks_that_are_given_their_buffer(kind):
    with tf.Graph().as_default(), tf.Session() as session:
        tf.set_random_seed(1)
        layer = KINDS[kind][0](2, UNITS)
        x, h = tf.constant(X), tf.constant(np.cos(np.arange(2.0 * BATCH * UNITS)).reshape(2, BATCH, UNITS), tf.float32)
        states = (h, h) if kind == "LSTM" else (h,)
        wanted, _ = layer(x, initial_state=states)
        network = getattr(networks, f"Cudnn{kind}")(2, UNITS, INPUTS)
        weights, biases = network.params_to_canonical(layer.kernel)
        outputs, *_ = network(x, *states, network.canonical_to_params(weights, biases))
        session.run(tf.global_variables_initializer())
        a, b, size, kernel = session.run([wanted, outputs, network.params_size(), layer.kernel])
        np.testing.assert_array_equal(a, b)
        assert size == kernel.size


@pytest.mark.parametrize(
    ("options", "error"),
    [({"direction": "sideways"}, ValueError), ({"dtype": tf.int32}, ValueError), ({"input_mode": "no"}, ValueError)],
)
def test_wrong_arguments(options, error):
    with pytest.raises(error):
        tf.contrib.cudnn_rnn.CudnnLSTM(1, 2, **options)


def test_wrong_inputs():
    layer = tf.contrib.cudnn_rnn.CudnnLSTM(1, 2)
    with pytest.raises(ValueError, match="3 dims"):
        layer(tf.zeros([2, 3]))
    with pytest.raises(TypeError, match="tuple"):
        tf.contrib.cudnn_rnn.CudnnGRU(1, 2)(tf.zeros([2, 3, 4]), initial_state=tf.zeros([1, 3, 2]))
