"""Models of tf.contrib.legacy_seq2seq: values, variables, gradients and seeds."""

import numpy as np

BATCH, SYMBOLS, SIZE, UNITS = 2, 5, 3, 4


def _numbers(*shape):
    return np.float32(np.cos(np.arange(int(np.prod(shape))) * 1.3).reshape(shape))


def _vectors(tf, steps, start=0):
    return [tf.constant(_numbers(BATCH, SIZE) + start + i) for i in range(steps)]


def _ids(tf, steps, start=0):
    return [tf.constant([(start + i) % SYMBOLS, (start + 2 * i) % SYMBOLS]) for i in range(steps)]


def _lstm(tf):
    return tf.nn.rnn_cell.BasicLSTMCell(UNITS)


def _ran(tf, run, outputs, state, gradients=True):
    flat = list(tf.contrib.framework.nest.flatten([outputs, state]))
    sums = tf.add_n([tf.reduce_sum(t) for t in tf.contrib.framework.nest.flatten(outputs)])
    more = []
    if gradients:
        more = [t for t in tf.gradients(sums, tf.trainable_variables()) if t is not None]
        more = [tf.convert_to_tensor(t) for t in more]
    after = tf.random_uniform([2])
    run(tf.global_variables_initializer())
    values = run([flat, more, after] if not gradients else [flat, more])
    return values, [v.name for v in tf.global_variables()], [t.shape.as_list() for t in flat], len(outputs)


def rnn_decoder(tf, run):
    tf.set_random_seed(1)
    cell = tf.nn.rnn_cell.GRUCell(UNITS)
    state = tf.constant(_numbers(BATCH, UNITS))
    return _ran(tf, run, *tf.contrib.legacy_seq2seq.rnn_decoder(_vectors(tf, 3), state, cell))


def rnn_decoder_of_outputs(tf, run):
    tf.set_random_seed(1)
    cell = tf.nn.rnn_cell.GRUCell(SIZE)
    state = tf.constant(_numbers(BATCH, SIZE))
    found = tf.contrib.legacy_seq2seq.rnn_decoder(_vectors(tf, 3), state, cell, loop_function=lambda prev, i: prev * i)
    return _ran(tf, run, *found)


def basic(tf, run):
    tf.set_random_seed(1)
    found = tf.contrib.legacy_seq2seq.basic_rnn_seq2seq(_vectors(tf, 2), _vectors(tf, 3, 1), _lstm(tf))
    return _ran(tf, run, *found)


def basic_then_seeds(tf, run):
    tf.set_random_seed(1)
    found = tf.contrib.legacy_seq2seq.basic_rnn_seq2seq(_vectors(tf, 2), _vectors(tf, 3, 1), _lstm(tf))
    return _ran(tf, run, *found, gradients=False)


def tied(tf, run):
    tf.set_random_seed(1)
    found = tf.contrib.legacy_seq2seq.tied_rnn_seq2seq(_vectors(tf, 2), _vectors(tf, 3, 1), _lstm(tf))
    return _ran(tf, run, *found)


def embedding_decoder(tf, run):
    tf.set_random_seed(1)
    cell = tf.nn.rnn_cell.GRUCell(SYMBOLS)
    state = tf.constant(_numbers(BATCH, SYMBOLS))
    found = tf.contrib.legacy_seq2seq.embedding_rnn_decoder(_ids(tf, 3), state, cell, SYMBOLS, SIZE, feed_previous=True)
    return _ran(tf, run, *found)


def _embedding(tf, run, name="embedding_rnn_seq2seq", tied=False, **options):
    tf.set_random_seed(1)
    build = getattr(tf.contrib.legacy_seq2seq, name)
    sizes = (SYMBOLS, SIZE) if tied else (SYMBOLS, SYMBOLS + 1, SIZE)
    return _ran(tf, run, *build(_ids(tf, 2), _ids(tf, 3, 1), _lstm(tf), *sizes, **options))


def embedding(tf, run):
    return _embedding(tf, run)


def embedding_fed(tf, run):
    return _embedding(tf, run, feed_previous=True)


def embedding_chosen(tf, run):
    feeds = tf.placeholder_with_default(True, [])
    return _embedding(tf, run, feed_previous=feeds)


def embedding_tied(tf, run):
    return _embedding(tf, run, "embedding_tied_rnn_seq2seq", tied=True)


def embedding_tied_decoder_symbols(tf, run):
    return _embedding(tf, run, "embedding_tied_rnn_seq2seq", tied=True, num_decoder_symbols=7)


def embedding_attention(tf, run):
    return _embedding(tf, run, "embedding_attention_seq2seq")


def embedding_attention_fed(tf, run):
    return _embedding(tf, run, "embedding_attention_seq2seq", num_heads=2, feed_previous=True)


def embedding_attention_chosen(tf, run):
    return _embedding(tf, run, "embedding_attention_seq2seq", feed_previous=tf.constant(True),
                      initial_state_attention=True)  # fmt: skip


def attention_decoder(tf, run):
    tf.set_random_seed(1)
    cell = tf.nn.rnn_cell.GRUCell(UNITS)
    states = tf.constant(_numbers(BATCH, 5, 3))
    found = tf.contrib.legacy_seq2seq.attention_decoder(
        _vectors(tf, 3), tf.constant(_numbers(BATCH, UNITS)), states, cell, output_size=2, num_heads=2
    )
    return _ran(tf, run, *found)


def one_to_many(tf, run):
    tf.set_random_seed(1)
    outputs, states = tf.contrib.legacy_seq2seq.one2many_rnn_seq2seq(
        _ids(tf, 2),
        {"a": _ids(tf, 2), "b": _ids(tf, 3)},
        _lstm(tf),
        {"a": _lstm(tf), "b": _lstm(tf)},
        SYMBOLS,
        {"a": 4, "b": 6},
        SIZE,
    )
    return _ran(tf, run, outputs["a"] + outputs["b"], [states["a"], states["b"]])


def buckets(tf, run):
    tf.set_random_seed(1)

    def model(x, y):
        cell = tf.nn.rnn_cell.GRUCell(UNITS)
        return tf.contrib.legacy_seq2seq.embedding_attention_seq2seq(x, y, cell, SYMBOLS, SYMBOLS, SIZE)

    targets, weights = _ids(tf, 4, 2), [tf.ones([BATCH]) for _ in range(4)]
    outputs, losses = tf.contrib.legacy_seq2seq.model_with_buckets(
        _ids(tf, 3), _ids(tf, 4), targets, weights, [(1, 2), (3, 4)], model
    )
    return _ran(tf, run, losses, [o[-1] for o in outputs])


def buckets_by_example(tf, run):
    tf.set_random_seed(1)

    def model(x, y):
        return tf.contrib.legacy_seq2seq.basic_rnn_seq2seq(x, y, tf.nn.rnn_cell.GRUCell(SIZE))

    targets, weights = [tf.constant([1, 2])] * 2, [tf.ones([BATCH])] * 2
    _, losses = tf.contrib.legacy_seq2seq.model_with_buckets(
        _vectors(tf, 2), _vectors(tf, 2), targets, weights, [(1, 1), (2, 2)], model, per_example_loss=True
    )
    return _ran(tf, run, losses, [])


def too_short_for_the_bucket(tf, run):
    return tf.contrib.legacy_seq2seq.model_with_buckets([], [], [], [], [(1, 1)], None)


def no_inputs(tf, run):
    cell = tf.nn.rnn_cell.GRUCell(UNITS)
    return tf.contrib.legacy_seq2seq.attention_decoder([], None, tf.zeros([2, 3, 4]), cell)


def no_heads(tf, run):
    cell = tf.nn.rnn_cell.GRUCell(UNITS)
    return tf.contrib.legacy_seq2seq.attention_decoder(_vectors(tf, 1), None, tf.zeros([2, 3, 4]), cell, num_heads=0)


def wrong_projection(tf, run):
    w, b = tf.zeros([UNITS, 3]), tf.zeros([3])
    return _embedding(tf, run, feed_previous=True, output_projection=(w, b))


def other_names(tf, run):
    return tf.contrib.legacy_seq2seq.one2many_rnn_seq2seq(_ids(tf, 2), {"a": _ids(tf, 2)}, _lstm(tf), {}, 2, {}, 3)


def wrappers(tf, run):
    tf.set_random_seed(1)
    rnn = tf.contrib.rnn
    cell = rnn.OutputProjectionWrapper(rnn.InputProjectionWrapper(_lstm(tf), 3, activation=tf.tanh), 2)
    output, state = cell(tf.constant(_numbers(BATCH, 5)), cell.zero_state(BATCH, tf.float32))
    return _ran(tf, run, [output], state)


def wrapper_of_no_classes(tf, run):
    return tf.contrib.rnn.EmbeddingWrapper(_lstm(tf), 0, 3)


def _compatible(tf, run, kind):
    tf.set_random_seed(1)
    cell = getattr(tf.contrib.cudnn_rnn, kind)(UNITS)
    steps = [tf.constant(_numbers(BATCH, SIZE)), tf.constant(_numbers(BATCH, SIZE) * 0.5)]
    return _ran(tf, run, *tf.nn.static_rnn(cell, steps, dtype=tf.float32))


def cudnn_compatible_lstm(tf, run):
    return _compatible(tf, run, "CudnnCompatibleLSTMCell")


def cudnn_compatible_gru(tf, run):
    return _compatible(tf, run, "CudnnCompatibleGRUCell")
