"""Graphs of recurrent cells and unrolled networks."""


def steps(tf, count=3, depth=3, rows=None, kind="float32"):
    return [tf.placeholder(kind, [rows, depth], "x%d" % i) for i in range(count)]


def described(cell):
    return [[v.name for v in cell.trainable_weights], [v.name for v in cell.non_trainable_weights], cell.name]


def build_rnn_basic_cells(tf):
    x = steps(tf)[0]
    cells = tf.nn.rnn_cell
    tf.set_random_seed(5)
    found = []
    for cell in (
        cells.BasicRNNCell(4),
        cells.BasicRNNCell(4, activation=tf.nn.relu, name="named"),
        cells.GRUCell(4),
        cells.GRUCell(4, "sigmoid", kernel_initializer=tf.ones_initializer(), bias_initializer=tf.ones_initializer()),
        cells.BasicLSTMCell(4),
        cells.BasicLSTMCell(4, 0.5, state_is_tuple=False, activation="relu"),
    ):
        state = cell.zero_state(tf.shape(x)[0], tf.float32)
        _output, state = cell(x, state)
        cell(x, state)
        found.append(described(cell))
        found.append([str(cell.output_size), str(cell.state_size), cell.scope_name])
    return found


def build_rnn_lstm_cells(tf):
    x = steps(tf, rows=2)[0]
    LSTMCell = tf.nn.rnn_cell.LSTMCell
    found = []
    for cell in (
        LSTMCell(4),
        LSTMCell(4, use_peepholes=True, cell_clip=1.0, initializer=tf.random_uniform_initializer(-1, 1, seed=3)),
        LSTMCell(4, True, num_proj=2, proj_clip=0.5, forget_bias=0.0, name="projected"),
        LSTMCell(4, num_proj=2, state_is_tuple=False, activation="elu"),
    ):
        _output, _state = cell(x, cell.zero_state(2, tf.float32))
        found.append([described(cell), str(cell.output_size), str(cell.state_size)])
    cell = LSTMCell(4, num_unit_shards=2, num_proj_shards=2, num_proj=2)
    cell(x, cell.zero_state(2, tf.float32))
    return found


def build_rnn_wrappers(tf):
    x = steps(tf, depth=4)[0]
    cells = tf.nn.rnn_cell
    keep = tf.placeholder(tf.float32, [], "keep")
    tf.set_random_seed(7)
    found = []
    for number, cell in enumerate((
        cells.DropoutWrapper(cells.BasicRNNCell(4), 0.5, keep, 0.25),
        cells.DropoutWrapper(cells.LSTMCell(4), 1.0, 0.5, 0.5, seed=11),
        cells.DropoutWrapper(
            cells.LSTMCell(4), 0.5, keep, 0.5, variational_recurrent=True, input_size=4, dtype=tf.float32, seed=3
        ),
        cells.ResidualWrapper(cells.GRUCell(4)),
        cells.ResidualWrapper(cells.GRUCell(4), lambda i, o: i * o),
        cells.DeviceWrapper(cells.BasicLSTMCell(4), "/cpu:0"),
        cells.MultiRNNCell([cells.BasicLSTMCell(4), cells.DropoutWrapper(cells.GRUCell(3), output_keep_prob=keep)]),
        cells.MultiRNNCell([cells.GRUCell(4), cells.BasicLSTMCell(3, state_is_tuple=False)], state_is_tuple=False),
    )):
        with tf.variable_scope("number%d" % number):
            _output, _state = cell(x, cell.zero_state(tf.shape(x)[0], tf.float32))
        found.append([described(cell), str(cell.output_size), str(cell.state_size)])
    return found


def build_rnn_own_cell(tf):
    class Own(tf.nn.rnn_cell.RNNCell):
        def __init__(self, units, **kwargs):
            super(Own, self).__init__(**kwargs)
            self.units = units

        @property
        def state_size(self):
            return (self.units, tf.TensorShape([2, self.units]))

        @property
        def output_size(self):
            return self.units

        def call(self, inputs, state):
            w = tf.get_variable("w", [3, self.units], initializer=tf.zeros_initializer())
            tf.get_variable("count", [], trainable=False)
            first, second = state
            first = tf.matmul(inputs, w) + first
            return first, (first, second * 2.0)

    cell = Own(4)
    outputs, state = tf.nn.static_rnn(cell, steps(tf), dtype=tf.float32)
    with tf.variable_scope("again", reuse=tf.AUTO_REUSE):
        Own(4, name="x")(steps(tf)[0], state)
        Own(4, name="x")(steps(tf)[0], state)
    return [described(cell), [o.shape.as_list() for o in outputs], str(state[1].shape)]


def build_rnn_old_style_cell(tf):
    """As libraries wrote cells before layers: with a `__call__` and a scope of their own."""

    class Old(tf.nn.rnn_cell.RNNCell):
        state_size = output_size = 4

        def __call__(self, inputs, state, scope=None):
            with tf.variable_scope(scope or type(self).__name__):
                with tf.variable_scope("gates"):
                    w = tf.get_variable("w", [7, 4])
                state = tf.sigmoid(tf.matmul(tf.concat([inputs, state], 1), w))
            return state, state

    tf.set_random_seed(1)
    tf.nn.static_rnn(Old(), steps(tf), dtype=tf.float32)
    tf.contrib.rnn.static_rnn(tf.nn.rnn_cell.MultiRNNCell([Old()]), steps(tf, rows=2), dtype=tf.float32, scope="two")


def build_rnn_static(tf):
    x = steps(tf)
    cells = tf.nn.rnn_cell
    tf.set_random_seed(9)
    tf.nn.static_rnn(cells.BasicLSTMCell(4), x, dtype=tf.float32)
    with tf.variable_scope("model", initializer=tf.ones_initializer()):
        tf.nn.static_rnn(cells.GRUCell(4), x, cells.GRUCell(4).zero_state(5, tf.float32))
    outputs, _state = tf.nn.static_rnn(
        cells.MultiRNNCell([cells.BasicLSTMCell(4), cells.BasicRNNCell(2)]), x, dtype=tf.float32, scope="deep"
    )
    after = tf.get_variable("after", [2, 2])
    gradients = tf.gradients(tf.reduce_sum(tf.matmul(outputs[-1], after)), tf.trainable_variables("deep"))
    tf.random_normal([2])
    return [len(gradients), [v.name for v in tf.global_variables()]]


def build_rnn_static_float64(tf):
    x = [tf.ones([2, 3], tf.float64)] * 2
    cells = tf.nn.rnn_cell
    tf.nn.static_rnn(cells.LSTMCell(4, use_peepholes=True, num_proj=3), x, dtype=tf.float64)
    tf.nn.static_rnn(cells.GRUCell(4, dtype=tf.float64), x, dtype=tf.float64, scope="g")


def build_rnn_static_lengths(tf):
    x = steps(tf)
    cells = tf.nn.rnn_cell
    lengths = tf.placeholder(tf.int64, [None], "lengths")
    with tf.variable_scope("lengths", use_resource=True):  # as TensorFlow's own functional branches want it
        outputs, state = tf.nn.static_rnn(cells.BasicLSTMCell(4), x, dtype=tf.float32, sequence_length=lengths)
    return [[o.shape.as_list() for o in outputs], [s.shape.as_list() for s in state]]


def build_rnn_static_bidirectional(tf):
    x = steps(tf)
    cells = tf.nn.rnn_cell
    outputs, _fw, _bw = tf.nn.static_bidirectional_rnn(
        cells.BasicLSTMCell(4), cells.BasicLSTMCell(2), x, dtype=tf.float32
    )
    tf.nn.static_bidirectional_rnn(
        cells.GRUCell(4), cells.GRUCell(2), steps(tf, rows=2), cells.GRUCell(4).zero_state(2, tf.float32),
        tf.zeros([2, 2]), scope="second",
    )  # fmt: skip
    return [[o.shape.as_list() for o in outputs], [v.name for v in tf.trainable_variables()]]


def build_rnn_static_state_saving(tf):
    class Saver:
        def __init__(self):
            self.parts = {}

        def state(self, name):
            self.parts[name] = tf.get_variable("saved_" + name, [2, 4], trainable=False)
            return self.parts[name].read_value()

        def save_state(self, name, value):
            return self.parts[name].assign(value)

    cells = tf.nn.rnn_cell
    tf.nn.static_state_saving_rnn(cells.GRUCell(4), steps(tf, rows=2), Saver(), "h", scope="one")
    tf.nn.static_state_saving_rnn(cells.BasicLSTMCell(4), steps(tf, rows=2), Saver(), ("c", "m"), scope="two")


def build_rnn_partitioned(tf):
    with tf.variable_scope("parts", partitioner=tf.fixed_size_partitioner(2)):
        tf.nn.static_rnn(tf.nn.rnn_cell.BasicLSTMCell(4), steps(tf, rows=2, count=2), dtype=tf.float32)
    with tf.variable_scope("kept", caching_device="/cpu:0", regularizer=tf.contrib.layers.l2_regularizer(0.1)):
        tf.nn.static_rnn(tf.nn.rnn_cell.LSTMCell(4), steps(tf, rows=2, count=2), dtype=tf.float32)
    with tf.variable_scope("resources", use_resource=True):
        tf.nn.static_rnn(tf.nn.rnn_cell.GRUCell(4), steps(tf, rows=2, count=2), dtype=tf.float32)


def build_rnn_embedding_language_model(tf):
    """The unrolled language model of TensorFlow's tutorial."""
    cells = tf.nn.rnn_cell
    tf.set_random_seed(3)
    with tf.variable_scope("Model", initializer=tf.random_uniform_initializer(-0.1, 0.1)):
        words = tf.placeholder(tf.int32, [2, 3], "words")
        embedding = tf.get_variable("embedding", [7, 4])
        inputs = tf.nn.dropout(tf.nn.embedding_lookup(embedding, words), 0.5)
        inputs = tf.unstack(inputs, num=3, axis=1)
        cell = cells.MultiRNNCell([
            cells.DropoutWrapper(cells.BasicLSTMCell(4, forget_bias=0.0, state_is_tuple=True), output_keep_prob=0.5)
            for _ in range(2)
        ])
        outputs, _state = tf.nn.static_rnn(cell, inputs, initial_state=cell.zero_state(2, tf.float32))
        output = tf.reshape(tf.concat(outputs, 1), [-1, 4])
        logits = tf.nn.xw_plus_b(output, tf.get_variable("softmax_w", [4, 7]), tf.get_variable("softmax_b", [7]))
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(
            labels=tf.reshape(words, [-1]), logits=logits))
        grads, _ = tf.clip_by_global_norm(tf.gradients(loss, tf.trainable_variables()), 5)
        tf.train.GradientDescentOptimizer(1.0).apply_gradients(zip(grads, tf.trainable_variables()))
