"""The cells of tf.contrib.rnn, each run over a short sequence, with gradients."""

from tests.oracle.recurrent.harness import array
from tests.oracle.recurrent.networks import sequences, with_gradients


def outputs(tf, cell, unrolled=False, **kwargs):
    """Run a cell and return outputs and state."""
    x = tf.constant(array((2, 4, 3)))
    if unrolled:
        return tf.nn.static_rnn(cell, tf.unstack(x, axis=1), dtype=tf.float32, **kwargs)
    return tf.nn.dynamic_rnn(cell, x, dtype=tf.float32, **kwargs)


def run(tf, cell, unrolled=False, **kwargs):
    """Run a cell and return outputs, state and gradients."""
    return with_gradients(tf, outputs(tf, cell, unrolled, **kwargs))


def case_cell_layer_norm(tf):
    return run(tf, tf.contrib.rnn.LayerNormBasicLSTMCell(4, norm_gain=0.9, norm_shift=0.1, dropout_keep_prob=0.5))


def case_cell_layer_norm_off(tf):
    return run(tf, tf.contrib.rnn.LayerNormBasicLSTMCell(4, layer_norm=False, activation=tf.nn.relu), unrolled=True)


def case_cell_update_gate(tf):
    return run(tf, tf.contrib.rnn.UGRNNCell(4, tf.random_normal_initializer(0, 0.5)))


def case_cell_intersection(tf):
    return run(tf, tf.contrib.rnn.IntersectionRNNCell(4, num_in_proj=4))


def case_cell_search(tf):
    return run(tf, tf.contrib.rnn.NASCell(4, num_proj=2, use_bias=True))


def case_cell_highway(tf):
    cells = tf.contrib.rnn
    a = outputs(tf, cells.HighwayWrapper(cells.GRUCell(3)), unrolled=True)
    with tf.variable_scope("uncoupled"):
        b = outputs(tf, cells.HighwayWrapper(cells.BasicLSTMCell(3), False, 0.5))
    return with_gradients(tf, [a, b])


def case_cell_convolution(tf):
    cells, found = tf.contrib.rnn, []
    for number, cell in enumerate(
        (
            cells.Conv1DLSTMCell(input_shape=[5, 3], output_channels=2, kernel_shape=[3]),
            cells.Conv2DLSTMCell(input_shape=[3, 2, 3], output_channels=2, kernel_shape=[2, 3], use_bias=False),
            cells.ConvLSTMCell(3, [2, 2, 2, 1], 2, [2, 2, 2], forget_bias=0.5),
        )
    ):
        shape = [2, 3] + cell.state_size.c.as_list()[:-1] + [1 if number == 2 else 3]
        with tf.variable_scope("c%d" % number):
            found.append(tf.nn.dynamic_rnn(cell, tf.constant(array(shape)), dtype=tf.float32))
    return found


def case_cell_simple(tf):
    return run(tf, tf.contrib.rnn.SRUCell(4))


def case_cell_independent(tf):
    cells = tf.contrib.rnn
    found = [outputs(tf, cells.IndRNNCell(4, tf.nn.relu))]
    with tf.variable_scope("gru"):
        found.append(outputs(tf, cells.IndyGRUCell(4, kernel_initializer=tf.random_normal_initializer(0, 0.4))))
    with tf.variable_scope("lstm"):
        found.append(outputs(tf, cells.IndyLSTMCell(4, 0.5, bias_initializer=tf.ones_initializer())))
    return with_gradients(tf, found)


def case_cell_attention(tf):
    cells = tf.contrib.rnn
    found = [outputs(tf, cells.AttentionCellWrapper(cells.BasicLSTMCell(4), 3))]
    with tf.variable_scope("sizes"):
        cell = cells.AttentionCellWrapper(cells.GRUCell(4), 2, 3, 5, 2, state_is_tuple=False)
        found.append(outputs(tf, cell, unrolled=True))
    return with_gradients(tf, found)


def case_cell_phased(tf):
    cell = tf.contrib.rnn.PhasedLSTMCell(4, use_peepholes=True, period_init_max=8.0, ratio_on=0.4)
    times = tf.constant(array((2, 4, 1)) * 3 + 5.0)
    out = tf.nn.dynamic_rnn(cell, (times, tf.constant(array((2, 4, 3)))), dtype=tf.float32)
    return with_gradients(tf, out)


def case_cell_coupled(tf):
    cells = tf.contrib.rnn
    cell = cells.CoupledInputForgetGateLSTMCell(4, True, num_proj=3, proj_clip=0.3, num_unit_shards=2)
    found = [outputs(tf, cell, unrolled=True)]
    with tf.variable_scope("normalized"):
        cell = cells.CoupledInputForgetGateLSTMCell(4, layer_norm=True, state_is_tuple=False)
        found.append(outputs(tf, cell))
    return with_gradients(tf, found)


def case_cell_projections(tf):
    cells = tf.contrib.rnn
    cell = cells.OutputProjectionWrapper(cells.InputProjectionWrapper(cells.GRUCell(4), 5, tf.tanh), 2)
    words = tf.constant([[[1], [2], [0]], [[3], [3], [1]]])
    with tf.variable_scope("words"):
        embedded = tf.nn.dynamic_rnn(cells.EmbeddingWrapper(cells.GRUCell(4), 5, 3), words, dtype=tf.float32)
    return [run(tf, cell), embedded]


def case_block_lstm_cell(tf):
    cells = tf.contrib.rnn
    found = [outputs(tf, cells.LSTMBlockCell(4, forget_bias=0.5))]
    with tf.variable_scope("peepholes"):
        found.append(outputs(tf, cells.LSTMBlockCell(4, cell_clip=0.2, use_peephole=True), unrolled=True))
    return with_gradients(tf, found)


def case_block_gru_cell(tf):
    cells = tf.contrib.rnn
    found = [outputs(tf, cells.GRUBlockCell(4))]
    with tf.variable_scope("second"):
        found.append(outputs(tf, cells.GRUBlockCellV2(4), sequence_length=[2, 3]))
    return with_gradients(tf, found)


def case_block_lstm_fused(tf):
    x, _ = sequences(tf)
    x = tf.transpose(x, [1, 0, 2])
    cells = tf.contrib.rnn
    found = [cells.LSTMBlockFusedCell(4)(x, dtype=tf.float32)]
    with tf.variable_scope("lengths"):
        cell = cells.LSTMBlockFusedCell(4, cell_clip=0.3, use_peephole=True)
        start = (tf.constant(array((2, 4))), tf.constant(array((2, 4), 1)))
        found.append(cell(x, initial_state=start, sequence_length=[3, 1]))
    return with_gradients(tf, found, [x, *start])


def case_fused_adaptors(tf):
    x, _ = sequences(tf)
    x = tf.transpose(x, [1, 0, 2])
    cells = tf.contrib.rnn
    a = cells.FusedRNNCellAdaptor(cells.GRUCell(4))(x, dtype=tf.float32, scope="a")
    b = cells.FusedRNNCellAdaptor(cells.GRUCell(4), True)(tf.unstack(x), dtype=tf.float32, scope="b")
    backwards = cells.TimeReversedFusedRNN(cells.FusedRNNCellAdaptor(cells.BasicRNNCell(4), True))
    c = backwards(x, dtype=tf.float32, sequence_length=[2, 4], scope="c")
    d = cells.TimeReversedFusedRNN(cells.LSTMBlockFusedCell(4))(x, dtype=tf.float32, scope="d")
    return with_gradients(tf, [a, b, c, d], [x])


def case_refused_block_gru_names(tf):
    return tf.contrib.rnn.GRUBlockCell()


def case_refused_block_fused_without_state(tf):
    return tf.contrib.rnn.LSTMBlockFusedCell(4)(tf.zeros([2, 3, 4]))


def case_refused_attention_length(tf):
    return tf.contrib.rnn.AttentionCellWrapper(tf.contrib.rnn.GRUCell(4), 0)


def case_refused_attention_state(tf):
    return tf.contrib.rnn.AttentionCellWrapper(tf.contrib.rnn.BasicLSTMCell(4), 2, state_is_tuple=False)


def case_refused_intersection_width(tf):
    return run(tf, tf.contrib.rnn.IntersectionRNNCell(4))


def case_refused_convolution_shape(tf):
    return tf.contrib.rnn.ConvLSTMCell(2, [3, 3], 2, [2, 2])


def case_refused_projection_size(tf):
    return tf.contrib.rnn.OutputProjectionWrapper(tf.contrib.rnn.GRUCell(4), 0)
