"""Networks over sequences: results, gradients, seeds, and what is refused."""

import numpy as np

from tests.oracle.recurrent.harness import array


def with_gradients(tf, values, inputs=()):
    """Return values, and gradients of a sum of their squares by all variables and `inputs`."""
    flat = tf.contrib.framework.nest.flatten(values)
    loss = tf.add_n([tf.reduce_sum(tf.square(v) * (1.0 + i)) for i, v in enumerate(flat)])
    by = tf.trainable_variables() + list(inputs)
    return [values, [tf.convert_to_tensor(g) for g in tf.gradients(loss, by) if g is not None]]


def sequences(tf, rows=2, steps=4, depth=3, known=True):
    """Return inputs [batch, time, depth] as a constant or a placeholder, and feeds."""
    value = array((rows, steps, depth))
    if known:
        return tf.constant(value), {}
    x = tf.placeholder(tf.float32, [None, None, depth])
    return x, {x: value}


def case_dynamic_basic(tf):
    x, feeds = sequences(tf)
    return with_gradients(tf, tf.nn.dynamic_rnn(tf.nn.rnn_cell.BasicRNNCell(4), x, dtype=tf.float32), [x]), feeds


def case_dynamic_lstm_unknown_sizes(tf):
    x, feeds = sequences(tf, known=False)
    return with_gradients(tf, tf.nn.dynamic_rnn(tf.nn.rnn_cell.BasicLSTMCell(4), x, dtype=tf.float32), [x]), feeds


def case_dynamic_gru_time_major(tf):
    x, feeds = sequences(tf)
    x = tf.transpose(x, [1, 0, 2])
    out = tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(4), x, dtype=tf.float32, time_major=True, swap_memory=True)
    return with_gradients(tf, out, [x]), feeds


def case_dynamic_lengths(tf):
    x, feeds = sequences(tf, rows=3, steps=5)
    out = tf.nn.dynamic_rnn(tf.nn.rnn_cell.LSTMCell(4, True), x, sequence_length=[2, 5, 0], dtype=tf.float32)
    return with_gradients(tf, out, [x]), feeds


def case_dynamic_lengths_fed(tf):
    x, feeds = sequences(tf, rows=3, steps=5, known=False)
    lengths = tf.placeholder(tf.int64, [None])
    out = tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(4), x, lengths, dtype=tf.float32)
    feeds[lengths] = np.array([3, 1, 2])
    return with_gradients(tf, out, [x]), feeds


def case_dynamic_initial_state(tf):
    x, feeds = sequences(tf)
    cell = tf.nn.rnn_cell.MultiRNNCell([tf.nn.rnn_cell.BasicLSTMCell(4), tf.nn.rnn_cell.GRUCell(2)])
    start = tf.contrib.framework.nest.map_structure(lambda z: z + 0.5, cell.zero_state(2, tf.float32))
    return with_gradients(tf, tf.nn.dynamic_rnn(cell, x, initial_state=start), [x]), feeds


def case_dynamic_one_step_and_none(tf):
    x = tf.placeholder(tf.float32, [None, None, 3])
    out, state = tf.nn.dynamic_rnn(tf.nn.rnn_cell.BasicRNNCell(4), x, dtype=tf.float32)
    return [out, state], {x: array((2, 1, 3))}


def case_dynamic_dropout(tf):
    x, feeds = sequences(tf)
    cells = tf.nn.rnn_cell
    cell = cells.DropoutWrapper(cells.BasicLSTMCell(4), input_keep_prob=0.5, output_keep_prob=0.5, state_keep_prob=0.5)
    return with_gradients(tf, tf.nn.dynamic_rnn(cell, x, dtype=tf.float32), [x]), feeds


def case_dynamic_dropout_variational(tf):
    x, feeds = sequences(tf)
    cells = tf.nn.rnn_cell
    cell = cells.DropoutWrapper(
        cells.GRUCell(4), 0.5, 0.5, 0.5, variational_recurrent=True, input_size=3, dtype=tf.float32
    )
    return with_gradients(tf, tf.nn.dynamic_rnn(cell, x, dtype=tf.float32), [x]), feeds


def case_dynamic_two_in_one_graph(tf):
    x, feeds = sequences(tf)
    cells = tf.nn.rnn_cell
    with tf.variable_scope("first"):
        out, _ = tf.nn.dynamic_rnn(cells.BasicLSTMCell(4), x, dtype=tf.float32)
    with tf.variable_scope("second"):
        out, state = tf.nn.dynamic_rnn(cells.LSTMCell(2, num_proj=3), out, dtype=tf.float32, sequence_length=[3, 4])
    after = tf.get_variable("after", [3, 2])
    return with_gradients(tf, [tf.tensordot(out, after, 1), state]), feeds


def case_dynamic_classifier(tf):
    """As hunkim's and aymericdamien's labs build it, with what follows."""
    x = tf.placeholder(tf.float32, [None, 6, 5])
    y = tf.placeholder(tf.int32, [None, 6])
    cell = tf.contrib.rnn.BasicLSTMCell(num_units=5, state_is_tuple=True)
    outputs, _ = tf.nn.dynamic_rnn(cell, x, initial_state=cell.zero_state(1, tf.float32), dtype=tf.float32)
    outputs = tf.contrib.layers.fully_connected(tf.reshape(outputs, [-1, 5]), 5, activation_fn=None)
    loss = tf.reduce_mean(
        tf.contrib.seq2seq.sequence_loss(logits=tf.reshape(outputs, [1, 6, 5]), targets=y, weights=tf.ones([1, 6]))
    )
    train = tf.train.AdamOptimizer(learning_rate=0.1).minimize(loss)
    with tf.control_dependencies([train]):
        kept = [tf.identity(v.read_value()) for v in tf.trainable_variables()]
    return [loss, kept], {x: np.eye(5)[[0, 1, 0, 2, 3, 2]][None], y: [[1, 0, 2, 3, 3, 4]]}


def case_dynamic_nested_inputs(tf):
    class Pair(tf.nn.rnn_cell.RNNCell):
        state_size = (2, tf.TensorShape([2, 2]))
        output_size = (2, tf.TensorShape([3]))

        def call(self, inputs, state):
            a, b = inputs
            w = tf.get_variable("w", [3, 2])
            first = tf.tanh(tf.matmul(a, w) + state[0])
            second = state[1] * 0.5 + tf.reduce_sum(b)
            return (first, a + b), (first + second[:, 0], second)

    a, b = tf.constant(array((2, 4, 3))), tf.constant(array((2, 4, 3), 1))
    out = tf.nn.dynamic_rnn(Pair(), (a, b), dtype=tf.float32)
    return with_gradients(tf, out, [a, b]), {}


def case_dynamic_own_initializers(tf):
    x, feeds = sequences(tf)
    with tf.variable_scope("m", initializer=tf.random_normal_initializer(0, 0.3)):
        out = tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(4), x, dtype=tf.float32, scope="named")
    with tf.variable_scope("k"):
        more = tf.nn.dynamic_rnn(
            tf.nn.rnn_cell.LSTMCell(3, initializer=tf.orthogonal_initializer()), out[0], dtype=tf.float32
        )
    return [out, more, tf.random_normal([3])], feeds


def case_dynamic_second_order(tf):
    x, feeds = sequences(tf, steps=3)
    out, _ = tf.nn.dynamic_rnn(tf.nn.rnn_cell.BasicRNNCell(2), x, dtype=tf.float32)
    grad = tf.gradients(tf.reduce_sum(tf.square(out)), x)[0]
    return [out, grad], feeds


def case_dynamic_in_two_places(tf):
    x, feeds = sequences(tf)
    cell = tf.nn.rnn_cell.BasicLSTMCell(4)
    with tf.variable_scope("rnn") as scope:
        a, _ = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32, scope=scope)
        scope.reuse_variables()
        b, _ = tf.nn.dynamic_rnn(cell, x + 1.0, dtype=tf.float32, scope=scope)
    return with_gradients(tf, [a, b], [x]), feeds


def case_bidirectional_dynamic(tf):
    x, feeds = sequences(tf)
    cells = tf.nn.rnn_cell
    out = tf.nn.bidirectional_dynamic_rnn(cells.BasicLSTMCell(4), cells.GRUCell(2), x, dtype=tf.float32)
    return with_gradients(tf, out, [x]), feeds


def case_bidirectional_dynamic_lengths(tf):
    x, feeds = sequences(tf, rows=3, steps=5)
    cells = tf.nn.rnn_cell
    x = tf.transpose(x, [1, 0, 2])
    out = tf.nn.bidirectional_dynamic_rnn(
        cells.GRUCell(4), cells.GRUCell(4), x, [4, 1, 5], dtype=tf.float32, time_major=True
    )
    return with_gradients(tf, out, [x]), feeds


def case_stack_bidirectional_dynamic(tf):
    x, feeds = sequences(tf)
    cells = tf.nn.rnn_cell
    fw, bw = [cells.BasicRNNCell(3), cells.GRUCell(2)], [cells.BasicRNNCell(3), cells.GRUCell(2)]
    out = tf.contrib.rnn.stack_bidirectional_dynamic_rnn(fw, bw, x, dtype=tf.float32, sequence_length=[3, 4])
    return with_gradients(tf, out, [x]), feeds


def case_stack_bidirectional(tf):
    x, feeds = sequences(tf)
    cells = tf.nn.rnn_cell
    fw, bw = [cells.BasicRNNCell(3), cells.GRUCell(2)], [cells.BasicRNNCell(3), cells.GRUCell(2)]
    out = tf.contrib.rnn.stack_bidirectional_rnn(fw, bw, tf.unstack(x, axis=1), dtype=tf.float32)
    return with_gradients(tf, out, [x]), feeds


def case_static_lstm(tf):
    x, feeds = sequences(tf)
    out = tf.nn.static_rnn(tf.nn.rnn_cell.BasicLSTMCell(4), tf.unstack(x, axis=1), dtype=tf.float32)
    return with_gradients(tf, out, [x]), feeds


def case_static_lengths(tf):
    x, feeds = sequences(tf, rows=3)
    cell = tf.nn.rnn_cell.BasicLSTMCell(4)
    out = tf.nn.static_rnn(cell, tf.unstack(x, axis=1), dtype=tf.float32, sequence_length=[2, 3, 0])
    return [out, tf.random_uniform([2])], feeds


def case_static_lengths_gradients(tf):
    x, feeds = sequences(tf, rows=3)
    lengths = tf.placeholder(tf.int32, [3])
    feeds[lengths] = [2, 3, 1]
    cell = tf.nn.rnn_cell.GRUCell(4)
    out = tf.nn.static_rnn(cell, tf.unstack(x, axis=1), dtype=tf.float32, sequence_length=lengths)
    return with_gradients(tf, out, [x]), feeds


def case_static_bidirectional_lengths(tf):
    x, feeds = sequences(tf, rows=3)
    cells = tf.nn.rnn_cell
    lengths = tf.constant([2, 4, 1], tf.int64)
    out = tf.nn.static_bidirectional_rnn(
        cells.GRUCell(4), cells.BasicRNNCell(2), tf.unstack(x, axis=1), dtype=tf.float32, sequence_length=lengths
    )
    return [out, tf.random_uniform([2])], feeds


def case_static_state_saving(tf):
    class Saver:
        def __init__(self):
            self.parts = {}

        def state(self, name):
            self.parts[name] = tf.get_variable("saved_" + name, [2, 4], trainable=False)
            return self.parts[name].read_value()

        def save_state(self, name, value):
            return self.parts[name].assign(value)

    x, feeds = sequences(tf)
    saver = Saver()
    outputs, state = tf.nn.static_state_saving_rnn(
        tf.nn.rnn_cell.BasicLSTMCell(4), tf.unstack(x, axis=1), saver, ("c", "m")
    )
    with tf.control_dependencies([outputs[-1], state[0]]):
        saved = [v.read_value() for v in saver.parts.values()]
    return [outputs, state, saved], feeds


def raw_loop(tf, x, lengths, emits=False, counts=False):
    """Return a `loop_fn` that does what `dynamic_rnn` does, or emits something of its own and counts the steps."""
    steps, rows, _ = x.shape.as_list()
    inputs = tf.TensorArray(tf.float32, size=steps).unstack(x)
    cell = tf.nn.rnn_cell.LSTMCell(4)

    def loop_fn(time, output, state, loop_state):
        emit = output
        if output is None:
            next_state = cell.zero_state(rows, tf.float32)
            if emits:
                emit = (tf.zeros([4]), tf.constant(0, tf.int32))
        else:
            next_state = state
            if emits:
                emit = (output * 2.0, tf.fill([rows], time))
        finished = time >= lengths
        done = tf.reduce_all(finished)
        next_input = tf.cond(done, lambda: tf.zeros([rows, 3]), lambda: inputs.read(time))
        counter = None
        if counts:
            counter = tf.constant([0]) if loop_state is None else loop_state + 1
        return finished, next_input, next_state, emit, counter

    return cell, loop_fn


def case_raw_rnn(tf):
    x = tf.constant(array((5, 3, 3)))
    cell, loop_fn = raw_loop(tf, x, tf.constant([2, 5, 3]))
    emitted, state, loop_state = tf.nn.raw_rnn(cell, loop_fn)
    assert loop_state is None
    return with_gradients(tf, [emitted.stack(), state]), {}


def case_raw_rnn_emits_and_counts(tf):
    x = tf.constant(array((5, 3, 3)))
    cell, loop_fn = raw_loop(tf, x, tf.constant([4, 1, 3]), True, True)
    (values, times), state, count = tf.nn.raw_rnn(cell, loop_fn, scope="raw")
    return [values.stack(), times.stack(), state, count, tf.random_uniform([2])], {}


def case_refused_no_dtype(tf):
    return tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(4), tf.zeros([2, 3, 4]))


def case_refused_static_no_dtype(tf):
    return tf.nn.static_rnn(tf.nn.rnn_cell.GRUCell(4), [tf.zeros([2, 4])])


def case_refused_no_cell(tf):
    return tf.nn.dynamic_rnn(lambda x, s: (x, s), tf.zeros([2, 3, 4]), dtype=tf.float32)


def case_refused_unknown_depth(tf):
    return tf.nn.dynamic_rnn(
        tf.nn.rnn_cell.GRUCell(4), tf.placeholder(tf.float32, [None, None, None]), dtype=tf.float32
    )


def case_refused_matrix_of_inputs(tf):
    return tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(4), tf.zeros([2, 3]), dtype=tf.float32)


def case_refused_lengths_of_two_axes(tf):
    return tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(4), tf.zeros([2, 3, 4]), [[1, 2]], dtype=tf.float32)


def case_refused_wrong_count_of_lengths(tf):
    lengths = tf.placeholder(tf.int32, [None])
    out = tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(4), tf.zeros([2, 3, 4]), lengths, dtype=tf.float32)
    return out, {lengths: [1, 2, 3]}


def case_refused_static_no_list(tf):
    return tf.nn.static_rnn(tf.nn.rnn_cell.GRUCell(4), tf.zeros([2, 4]), dtype=tf.float32)


def case_refused_static_empty(tf):
    return tf.nn.static_rnn(tf.nn.rnn_cell.GRUCell(4), [], dtype=tf.float32)


def case_refused_cell_of_other_depth(tf):
    cell = tf.nn.rnn_cell.BasicLSTMCell(4)
    tf.nn.dynamic_rnn(cell, tf.zeros([2, 3, 4]), dtype=tf.float32)
    return tf.nn.dynamic_rnn(cell, tf.zeros([2, 3, 5]), dtype=tf.float32)


def case_refused_same_scope_again(tf):
    tf.nn.dynamic_rnn(tf.nn.rnn_cell.BasicLSTMCell(4), tf.zeros([2, 3, 4]), dtype=tf.float32)
    return tf.nn.dynamic_rnn(tf.nn.rnn_cell.BasicLSTMCell(4), tf.zeros([2, 3, 4]), dtype=tf.float32)


def case_same_cell_object_shares(tf):
    cell = tf.nn.rnn_cell.BasicLSTMCell(4)
    a = tf.nn.dynamic_rnn(cell, tf.ones([2, 3, 4]), dtype=tf.float32)
    return [a, tf.nn.dynamic_rnn(cell, tf.ones([2, 3, 4]), dtype=tf.float32)]


def case_refused_state_structure(tf):
    cell = tf.nn.rnn_cell.MultiRNNCell([tf.nn.rnn_cell.GRUCell(4), tf.nn.rnn_cell.GRUCell(4)])
    return tf.nn.dynamic_rnn(cell, tf.zeros([2, 3, 4]), initial_state=tf.zeros([2, 4]))


def case_refused_state_of_lstm(tf):
    return tf.nn.dynamic_rnn(tf.nn.rnn_cell.LSTMCell(4), tf.zeros([2, 3, 4]), initial_state=tf.zeros([2, 8]))


def case_refused_state_size(tf):
    return tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(4), tf.zeros([2, 3, 4]), initial_state=tf.zeros([2, 5]))


def case_refused_integer_inputs(tf):
    return tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(4), tf.zeros([2, 3, 4], tf.int32), dtype=tf.int32)


def case_refused_cells(tf):
    return tf.nn.rnn_cell.MultiRNNCell([])


def case_refused_cells_no_list(tf):
    return tf.nn.rnn_cell.MultiRNNCell(tf.nn.rnn_cell.GRUCell(4))


def case_refused_keep_prob(tf):
    return tf.nn.rnn_cell.DropoutWrapper(tf.nn.rnn_cell.GRUCell(4), 1.5)


def case_refused_variational_without_dtype(tf):
    return tf.nn.rnn_cell.DropoutWrapper(tf.nn.rnn_cell.GRUCell(4), 0.5, variational_recurrent=True)


def case_refused_raw_no_function(tf):
    return tf.nn.raw_rnn(tf.nn.rnn_cell.GRUCell(4), None)


def case_refused_residual_shapes(tf):
    return tf.nn.static_rnn(
        tf.nn.rnn_cell.ResidualWrapper(tf.nn.rnn_cell.GRUCell(4)), [tf.zeros([2, 3])], dtype=tf.float32
    )
