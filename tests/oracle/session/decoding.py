"""Decoders of tf.contrib.seq2seq: values, variables, gradients and draws of seeded models."""

import numpy as np


def _numbers(*shape):
    count = int(np.prod(shape))
    return np.float32(np.cos(np.arange(count) * 1.3).reshape(shape))


BATCH, TIME, SIZE, SYMBOLS, UNITS = 3, 4, 2, 5, 6
LENGTHS = [4, 2, 3]


def _cell(tf):
    return tf.nn.rnn_cell.GRUCell(UNITS)


def _training(tf, cell, state=None, helper=None, layer=True, **options):
    """Build a decoder under training; return (outputs, state, lengths)."""
    if helper is None:
        helper = tf.contrib.seq2seq.TrainingHelper(tf.constant(_numbers(BATCH, TIME, SIZE)), LENGTHS)
    if state is None:
        state = cell.zero_state(BATCH, tf.float32)
    layer = tf.layers.Dense(SYMBOLS, use_bias=False) if layer else None
    decoder = tf.contrib.seq2seq.BasicDecoder(cell, helper, state, layer)
    return tf.contrib.seq2seq.dynamic_decode(decoder, **options)


def _flat(tf, structure):
    return tf.contrib.framework.nest.flatten(structure)


def _ran(tf, run, structure, *more):
    """Run all tensors of a structure once, after the variables' initializers; return their values and names."""
    tensors = [t for t in _flat(tf, structure) if isinstance(t, tf.Tensor)]
    run(tf.global_variables_initializer())
    shapes = [t.shape.as_list() if t.shape.ndims is not None else None for t in tensors]
    return [run(tensors), shapes, [v.name for v in tf.global_variables()], *more]


def training(tf, run):
    tf.set_random_seed(1)
    return _ran(tf, run, _training(tf, _cell(tf)))


def training_without_layer(tf, run):
    tf.set_random_seed(1)
    outputs, state, lengths = _training(tf, tf.nn.rnn_cell.LSTMCell(SYMBOLS), layer=False)
    return _ran(tf, run, (outputs, state, lengths), type(outputs).__name__, type(state).__name__)


def training_imputed(tf, run):
    tf.set_random_seed(1)
    return _ran(tf, run, _training(tf, _cell(tf), impute_finished=True))


def training_time_major(tf, run):
    tf.set_random_seed(1)
    helper = tf.contrib.seq2seq.TrainingHelper(tf.constant(_numbers(TIME, BATCH, SIZE)), LENGTHS, time_major=True)
    return _ran(tf, run, _training(tf, _cell(tf), helper=helper, output_time_major=True))


def training_limited(tf, run):
    tf.set_random_seed(1)
    return _ran(tf, run, _training(tf, _cell(tf), maximum_iterations=2))


def training_of_nothing(tf, run):
    tf.set_random_seed(1)
    return _ran(tf, run, _training(tf, _cell(tf), maximum_iterations=0))


def training_gradients(tf, run):
    tf.set_random_seed(1)
    inputs = tf.constant(_numbers(BATCH, TIME, SIZE))
    helper = tf.contrib.seq2seq.TrainingHelper(inputs, LENGTHS)
    outputs, _, _ = _training(tf, _cell(tf), helper=helper, impute_finished=True)
    weights = tf.sequence_mask(LENGTHS, dtype=tf.float32)
    targets = tf.constant(np.arange(BATCH * TIME).reshape(BATCH, TIME) % SYMBOLS)
    loss = tf.contrib.seq2seq.sequence_loss(outputs.rnn_output, targets, weights)
    return _ran(tf, run, [loss, tf.gradients(loss, [inputs, *tf.trainable_variables()])])


def training_of_any_shape(tf, run):
    tf.set_random_seed(1)
    inputs = tf.placeholder(tf.float32, [None, None, SIZE])
    lengths = tf.placeholder(tf.int32, [None])
    helper = tf.contrib.seq2seq.TrainingHelper(inputs, lengths)
    cell = _cell(tf)
    outputs, state, ends = _training(tf, cell, cell.zero_state(tf.shape(inputs)[0], tf.float32), helper)
    gradient = tf.gradients(outputs.rnn_output, inputs)[0]
    run(tf.global_variables_initializer())
    found = []
    for batch, time, given in ((2, 3, [3, 1]), (1, 5, [4]), (3, 2, [0, 1, 2])):
        found.append(run([outputs, state, ends, gradient], {inputs: _numbers(batch, time, SIZE), lengths: given}))
    return found, [t.shape.as_list() for t in _flat(tf, outputs)]


def seeds_after_decoding(tf, run):
    tf.set_random_seed(1)
    _training(tf, _cell(tf))
    return run(tf.random_uniform([3]))


def greedy(tf, run):
    tf.set_random_seed(2)
    embedding = tf.get_variable("embedding", [SYMBOLS, SIZE])
    helper = tf.contrib.seq2seq.GreedyEmbeddingHelper(embedding, [1, 2, 0], 3)
    return _ran(tf, run, _training(tf, _cell(tf), helper=helper, maximum_iterations=6))


def greedy_until_the_end(tf, run):
    tf.set_random_seed(3)
    logits = tf.constant(_numbers(SYMBOLS, SYMBOLS))
    helper = tf.contrib.seq2seq.GreedyEmbeddingHelper(lambda ids: tf.nn.embedding_lookup(logits, ids), [1, 2, 0], 4)
    cell = tf.nn.rnn_cell.BasicRNNCell(SYMBOLS)
    found = _training(tf, cell, helper=helper, layer=False, maximum_iterations=20, impute_finished=True)
    return _ran(tf, run, found)


def sampled(tf, run):
    tf.set_random_seed(2)
    embedding = tf.get_variable("embedding", [SYMBOLS, SIZE])
    helper = tf.contrib.seq2seq.SampleEmbeddingHelper(embedding, [1, 2, 0], 3, softmax_temperature=2.0, seed=5)
    return _ran(tf, run, _training(tf, _cell(tf), helper=helper, maximum_iterations=6))


def sampled_with_default_seed(tf, run):
    tf.set_random_seed(2)
    embedding = tf.get_variable("embedding", [SYMBOLS, SIZE])
    helper = tf.contrib.seq2seq.SampleEmbeddingHelper(embedding, [1, 2, 0], 3)
    return _ran(tf, run, _training(tf, _cell(tf), helper=helper, maximum_iterations=4))


def inferred(tf, run):
    tf.set_random_seed(2)
    helper = tf.contrib.seq2seq.InferenceHelper(
        sample_fn=lambda outputs: outputs[:, :SIZE],
        sample_shape=[SIZE],
        sample_dtype=tf.float32,
        start_inputs=tf.constant(_numbers(BATCH, SIZE)),
        end_fn=lambda samples: tf.reduce_sum(samples, 1) > 1.0,
    )
    return _ran(tf, run, _training(tf, _cell(tf), helper=helper, maximum_iterations=5))


def custom(tf, run):
    tf.set_random_seed(2)
    inputs = tf.constant(_numbers(BATCH, SIZE))
    helper = tf.contrib.seq2seq.CustomHelper(
        initialize_fn=lambda: (tf.tile([False], [BATCH]), inputs),
        sample_fn=lambda time, outputs, state: tf.cast(tf.argmax(outputs, -1), tf.int32),
        next_inputs_fn=lambda time, outputs, state, sample_ids: (tf.equal(sample_ids, 1), inputs * 0.5, state),
    )
    return _ran(tf, run, _training(tf, _cell(tf), helper=helper, maximum_iterations=5))


# Iterations that run in parallel draw their numbers in any order; so these have one at a time.


def scheduled_embeddings(tf, run):
    tf.set_random_seed(2)
    embedding = tf.get_variable("embedding", [SYMBOLS, SIZE])
    helper = tf.contrib.seq2seq.ScheduledEmbeddingTrainingHelper(
        tf.constant(_numbers(BATCH, TIME, SIZE)), LENGTHS, embedding, 0.5, seed=3, scheduling_seed=4
    )
    return _ran(tf, run, _training(tf, _cell(tf), helper=helper, parallel_iterations=1))


def scheduled_outputs(tf, run):
    tf.set_random_seed(2)
    helper = tf.contrib.seq2seq.ScheduledOutputTrainingHelper(
        tf.constant(_numbers(BATCH, TIME, UNITS)), LENGTHS, 0.5, seed=3
    )
    return _ran(tf, run, _training(tf, _cell(tf), helper=helper, layer=False, parallel_iterations=1))


def scheduled_outputs_made_into_inputs(tf, run):
    tf.set_random_seed(2)
    helper = tf.contrib.seq2seq.ScheduledOutputTrainingHelper(
        tf.constant(_numbers(BATCH, TIME, SIZE)), LENGTHS, 0.5, seed=3,
        next_inputs_fn=lambda outputs: outputs[:, :SIZE],
        auxiliary_inputs=tf.constant(_numbers(BATCH, TIME, 1)),
    )  # fmt: skip
    return _ran(tf, run, _training(tf, _cell(tf), helper=helper, layer=False, parallel_iterations=1))


def _memory(tf):
    return tf.constant(_numbers(BATCH, 5, 4))


def _attentive(tf, mechanism, **options):
    cell = tf.contrib.seq2seq.AttentionWrapper(_cell(tf), mechanism, **options)
    return cell, cell.zero_state(BATCH, tf.float32)


def _attention_case(tf, run, name, gradients=True, wrapper=None, **options):
    tf.set_random_seed(1)
    memory = _memory(tf)
    mechanism = getattr(tf.contrib.seq2seq, name)(UNITS, memory, memory_sequence_length=[5, 3, 1], **options)
    cell, state = _attentive(tf, mechanism, **({"attention_layer_size": 3} if wrapper is None else wrapper))
    outputs, last, _ = _training(tf, cell, state)
    found = [outputs.rnn_output, last.attention, last.alignments]
    if gradients:
        found.append(tf.gradients(outputs.rnn_output, [memory, *tf.trainable_variables()]))
    return _ran(tf, run, found)


def luong(tf, run):
    return _attention_case(tf, run, "LuongAttention")


def luong_scaled(tf, run):
    return _attention_case(tf, run, "LuongAttention", scale=True, wrapper={})


def bahdanau(tf, run):
    return _attention_case(tf, run, "BahdanauAttention", wrapper={"output_attention": False})


def bahdanau_normalized(tf, run):
    return _attention_case(tf, run, "BahdanauAttention", normalize=True)


def luong_monotonic(tf, run):
    return _attention_case(tf, run, "LuongMonotonicAttention", score_mask_value=-100.0, sigmoid_noise=0.5,
                           sigmoid_noise_seed=3, score_bias_init=-0.5)  # fmt: skip


def bahdanau_monotonic(tf, run):
    return _attention_case(tf, run, "BahdanauMonotonicAttention", normalize=True, score_mask_value=-100.0)


def bahdanau_monotonic_hard(tf, run):
    return _attention_case(tf, run, "BahdanauMonotonicAttention", mode="hard", gradients=False)


def bahdanau_monotonic_recursive(tf, run):
    return _attention_case(tf, run, "BahdanauMonotonicAttention", mode="recursive", score_mask_value=-100.0)


def attention_history(tf, run):
    tf.set_random_seed(1)
    mechanism = tf.contrib.seq2seq.LuongAttention(UNITS, _memory(tf))
    cell, state = _attentive(tf, mechanism, attention_layer_size=3, alignment_history=True)
    outputs, last, _ = _training(tf, cell, state)
    return _ran(tf, run, [outputs.rnn_output, last.alignment_history.stack(), last.time])


def attention_to_two(tf, run):
    tf.set_random_seed(1)
    memory = _memory(tf)
    mechanisms = [
        tf.contrib.seq2seq.LuongAttention(UNITS, memory),
        tf.contrib.seq2seq.BahdanauAttention(3, memory, [5, 2, 4], probability_fn=tf.contrib.seq2seq.hardmax),
    ]
    cell, state = _attentive(tf, mechanisms, attention_layer_size=[3, 2])
    outputs, last, _ = _training(tf, cell, state)
    return _ran(tf, run, [outputs.rnn_output, last.alignments])


def attention_from_a_state(tf, run):
    tf.set_random_seed(1)
    mechanism = tf.contrib.seq2seq.LuongAttention(UNITS, _memory(tf))
    cell, state = _attentive(tf, mechanism, attention_layer_size=3)
    state = state.clone(cell_state=tf.constant(_numbers(BATCH, UNITS)))
    outputs, last, _ = _training(tf, cell, state)
    return _ran(tf, run, [outputs.rnn_output, last.cell_state])


def attention_initial_cell_state(tf, run):
    tf.set_random_seed(1)
    mechanism = tf.contrib.seq2seq.LuongAttention(UNITS, _memory(tf))
    cell, state = _attentive(tf, mechanism, initial_cell_state=tf.constant(_numbers(BATCH, UNITS)))
    return _ran(tf, run, _training(tf, cell, state)[0].rnn_output)


def attention_greedy(tf, run):
    tf.set_random_seed(1)
    embedding = tf.get_variable("embedding", [SYMBOLS, SIZE])
    mechanism = tf.contrib.seq2seq.BahdanauAttention(UNITS, _memory(tf))
    cell, state = _attentive(tf, mechanism, attention_layer_size=3)
    helper = tf.contrib.seq2seq.GreedyEmbeddingHelper(embedding, [1, 2, 0], 3)
    return _ran(tf, run, _training(tf, cell, state, helper, maximum_iterations=5)[0])


def attention_wrong_batch(tf, run):
    mechanism = tf.contrib.seq2seq.LuongAttention(UNITS, _memory(tf))
    return tf.contrib.seq2seq.AttentionWrapper(_cell(tf), mechanism).zero_state(BATCH + 1, tf.float32)


def attention_wrong_units(tf, run):
    mechanism = tf.contrib.seq2seq.LuongAttention(UNITS + 1, _memory(tf))
    cell, state = _attentive(tf, mechanism)
    return _training(tf, cell, state)


def attention_empty_memory(tf, run):
    mechanism = tf.contrib.seq2seq.LuongAttention(UNITS, _memory(tf), [0, 1, 2])
    cell, state = _attentive(tf, mechanism)
    fetches = _training(tf, cell, state)[0].rnn_output
    run(tf.global_variables_initializer())
    return run(fetches)


def attention_no_mechanism(tf, run):
    return tf.contrib.seq2seq.AttentionWrapper(_cell(tf), _memory(tf))


def attention_both_layers(tf, run):
    mechanism = tf.contrib.seq2seq.LuongAttention(UNITS, _memory(tf))
    layer = tf.layers.Dense(3)
    return tf.contrib.seq2seq.AttentionWrapper(_cell(tf), mechanism, attention_layer_size=3, attention_layer=layer)


def attention_layer_given(tf, run):
    tf.set_random_seed(1)
    mechanism = tf.contrib.seq2seq.LuongAttention(UNITS, _memory(tf))
    cell, state = _attentive(tf, mechanism, attention_layer=tf.layers.Dense(3, activation=tf.tanh))
    return _ran(tf, run, _training(tf, cell, state)[0].rnn_output, cell.output_size)


# -- beams -------------------------------------------------------------------------------------------------------------


def _beams(tf, width=3, cell=None, state=None, layer=True, **options):
    limits = {"maximum_iterations": options.pop("maximum_iterations", 6)}
    embedding = tf.get_variable("embedding", [SYMBOLS, SIZE])
    cell = _cell(tf) if cell is None else cell
    if state is None:
        state = cell.zero_state(BATCH * width, tf.float32)
    layer = tf.layers.Dense(SYMBOLS) if layer else None
    decoder = tf.contrib.seq2seq.BeamSearchDecoder(
        cell, embedding, [1, 2, 0], 3, state, width, output_layer=layer, **options
    )
    return tf.contrib.seq2seq.dynamic_decode(decoder, **limits)


def beam_search(tf, run):
    tf.set_random_seed(4)
    outputs, state, lengths = _beams(tf)
    return _ran(tf, run, [outputs, state, lengths], type(outputs).__name__, type(state).__name__)


def beam_search_of_one(tf, run):
    tf.set_random_seed(4)
    return _ran(tf, run, _beams(tf, width=1))


def beam_search_with_penalty(tf, run):
    tf.set_random_seed(5)
    return _ran(tf, run, _beams(tf, length_penalty_weight=0.7, maximum_iterations=8)[0])


def beam_search_with_attention(tf, run):
    tf.set_random_seed(6)
    memory = tf.contrib.seq2seq.tile_batch(_memory(tf), 2)
    lengths = tf.contrib.seq2seq.tile_batch(tf.constant([5, 3, 2]), 2)
    mechanism = tf.contrib.seq2seq.LuongAttention(UNITS, memory, lengths)
    cell = tf.contrib.seq2seq.AttentionWrapper(
        _cell(tf), mechanism, attention_layer_size=3, alignment_history=True
    )
    outputs, state, _ = _beams(tf, 2, cell, cell.zero_state(BATCH * 2, tf.float32))
    return _ran(tf, run, [outputs, state.log_probs, state.cell_state.alignment_history])


def beam_search_with_coverage(tf, run):
    tf.set_random_seed(6)
    memory = tf.contrib.seq2seq.tile_batch(_memory(tf), 2)
    mechanism = tf.contrib.seq2seq.LuongAttention(UNITS, memory)
    cell = tf.contrib.seq2seq.AttentionWrapper(_cell(tf), mechanism, attention_layer_size=3)
    found = _beams(tf, 2, cell, cell.zero_state(BATCH * 2, tf.float32), coverage_penalty_weight=0.3)
    return _ran(tf, run, found[0])


def beam_search_of_lstm(tf, run):
    tf.set_random_seed(4)
    cell = tf.nn.rnn_cell.MultiRNNCell([tf.nn.rnn_cell.LSTMCell(UNITS), tf.nn.rnn_cell.LSTMCell(3)])
    return _ran(tf, run, _beams(tf, 2, cell)[0])


def beam_search_of_coverage_without_attention(tf, run):
    return _beams(tf, coverage_penalty_weight=0.3)


def beam_search_untiled(tf, run):
    return _beams(tf, state=_cell(tf).zero_state(BATCH, tf.float32))


def tiles(tf, run):
    x = tf.placeholder(tf.float32, [None, 2])
    both = tf.contrib.seq2seq.tile_batch({"x": x, "y": tf.constant([[1], [2]])}, 3)
    return run(both, {x: _numbers(2, 2)}), both["x"].shape.as_list(), both["y"].shape.as_list()


def tiles_of_a_scalar(tf, run):
    return tf.contrib.seq2seq.tile_batch(tf.constant(1.0), 2)


def cumulative_products(tf, run):
    x = tf.constant(np.abs(_numbers(2, 5)))
    y = tf.contrib.seq2seq.safe_cumprod(x, axis=1, exclusive=True)
    return run([y, tf.gradients(y, x)[0]])


def monotonic_modes(tf, run):
    chosen, before = tf.constant(np.abs(_numbers(2, 5))), tf.nn.softmax(tf.constant(_numbers(2, 5)))
    return run([tf.contrib.seq2seq.monotonic_attention(chosen, before, mode) for mode in ("parallel", "recursive")])


def monotonic_unknown_mode(tf, run):
    return tf.contrib.seq2seq.monotonic_attention([[0.5]], [[1.0]], "soft")


def not_a_decoder(tf, run):
    return tf.contrib.seq2seq.dynamic_decode(_cell(tf))


def not_a_helper(tf, run):
    return tf.contrib.seq2seq.BasicDecoder(_cell(tf), None, None)


def lengths_of_wrong_rank(tf, run):
    return tf.contrib.seq2seq.TrainingHelper(tf.zeros([2, 3, 1]), 3)


def tokens_of_wrong_rank(tf, run):
    return tf.contrib.seq2seq.GreedyEmbeddingHelper(tf.zeros([2, 3]), 1, 1)
