"""Graphs of tf.contrib.seq2seq, legacy_seq2seq and crf. Each: build(tf) adds nodes."""


def build_sequence_losses(tf):
    logits, targets = tf.placeholder(tf.float32, [2, 3, 5]), tf.placeholder(tf.int32, [2, 3])
    weights = tf.placeholder(tf.float32, [2, 3])
    loss = tf.contrib.seq2seq.sequence_loss
    loss(logits, targets, weights)
    loss(logits, targets, weights, average_across_timesteps=False, name="by_step")
    loss(logits, targets, weights, False, False, True, True)
    loss(logits, targets, weights, False, False, sum_over_batch=True)
    steps = [tf.unstack(v, axis=1) for v in (logits, targets, weights)]
    tf.contrib.legacy_seq2seq.sequence_loss(*steps)
    tf.contrib.legacy_seq2seq.sequence_loss_by_example(*steps, average_across_timesteps=False)


def build_tiles(tf):
    x = tf.placeholder(tf.float32, [None, 2])
    tf.contrib.seq2seq.tile_batch([x, tf.placeholder(tf.int32, [4])], 3)
    tf.contrib.seq2seq.gather_tree(*[tf.placeholder(tf.int32, [3, 2, 4])] * 2, tf.placeholder(tf.int32, [2]), 1)


def build_attention_mechanisms(tf):
    memory = tf.placeholder(tf.float32, [3, 5, 4])
    lengths, query = tf.placeholder(tf.int32, [3]), tf.placeholder(tf.float32, [3, 6])
    state = tf.placeholder(tf.float32, [3, 5])
    seq2seq = tf.contrib.seq2seq
    seq2seq.LuongAttention(6, memory, scale=True)(query, state)
    seq2seq.BahdanauAttention(6, memory, lengths, normalize=True)(query, state)
    seq2seq.LuongMonotonicAttention(6, memory, lengths, sigmoid_noise=0.5)(query, state)
    seq2seq.BahdanauMonotonicAttention(6, memory, mode="hard")(query, state)


def build_attention_step(tf):
    memory = tf.placeholder(tf.float32, [3, 5, 4])
    mechanism = tf.contrib.seq2seq.LuongAttention(6, memory)
    cell = tf.contrib.seq2seq.AttentionWrapper(tf.nn.rnn_cell.GRUCell(6), mechanism, attention_layer_size=2)
    state = cell.zero_state(3, tf.float32)
    output, _ = cell(tf.placeholder(tf.float32, [3, 2]), state)
    return output.name


def build_attention_step_of_any_length(tf):
    memory = tf.placeholder(tf.float32, [3, None, 4])
    mechanism = tf.contrib.seq2seq.BahdanauAttention(6, memory, tf.placeholder(tf.int32, [3]))
    cell = tf.contrib.seq2seq.AttentionWrapper(tf.nn.rnn_cell.LSTMCell(6), mechanism, output_attention=False)
    state = cell.zero_state(3, tf.float32)
    cell(tf.placeholder(tf.float32, [3, 2]), state)


def build_helpers(tf):
    seq2seq = tf.contrib.seq2seq
    seq2seq.GreedyEmbeddingHelper(tf.placeholder(tf.float32, [5, 2]), tf.placeholder(tf.int32, [None]), 1).initialize()
    sampler = seq2seq.SampleEmbeddingHelper(tf.placeholder(tf.float32, [5, 2]), [1, 2], 1, softmax_temperature=0.5)
    sampler.sample(0, tf.placeholder(tf.float32, [2, 5]), ())


def build_embedding_attention(tf):
    ids = [tf.placeholder(tf.int32, [2]) for _ in range(2)]
    cell = tf.nn.rnn_cell.BasicLSTMCell(4)
    tf.contrib.legacy_seq2seq.embedding_attention_seq2seq(ids, ids, cell, 5, 6, 3, feed_previous=True)


def build_chain_scores(tf):
    scores, tags = tf.placeholder(tf.float32, [2, 4, 3]), tf.placeholder(tf.int32, [2, 4])
    lengths = tf.placeholder(tf.int32, [2])
    moves = tf.placeholder(tf.float32, [3, 3])
    tf.contrib.crf.crf_sequence_score(scores, tags, lengths, moves)
    tf.contrib.crf.crf_log_norm(scores[:, :1], lengths, moves)
    tf.contrib.crf.crf_decode(scores[:, :1], moves, lengths)


def build_cudnn_layers(tf):
    inputs = tf.placeholder(tf.float32, [None, None, 3])
    tf.contrib.cudnn_rnn.CudnnLSTM(2, 4, direction="bidirectional")(inputs)
    tf.contrib.cudnn_rnn.CudnnGRU(1, 4, dropout=0.5, seed=3)(inputs, sequence_lengths=tf.placeholder(tf.int32, [None]))
    tf.contrib.cudnn_rnn.CudnnRNNTanh(1, 2)(inputs, training=False)
