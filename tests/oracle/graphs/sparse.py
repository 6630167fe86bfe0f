"""Graphs of sparse tensors, sets, CTC and lookups of sparse ids. Each: build(tf) adds nodes, may return facts."""

A = [[0, 1], [1, 0], [1, 2], [2, 2]]


def _sparse(tf, name=None):
    values = tf.placeholder(tf.float32, [4], name)
    return tf.SparseTensor(A, values, [3, 4])


def _facts(*tensors):
    return [[str(t.shape) for t in (s.indices, s.values, s.dense_shape)] for s in tensors]


def build_sparse_arithmetic(tf):
    s, d = _sparse(tf), tf.placeholder(tf.float32, [3, 4])
    p = tf.sparse_placeholder(tf.float32, name="p")
    found = [s * d, d * s, s / d, tf.sparse_add(s, s), tf.sparse.add(s, p, threshold=1.0), tf.sparse.maximum(s, s)]
    found += [
        tf.sparse.minimum(s, p, name="least"),
        tf.sparse.softmax(s),
        tf.abs(s),
        tf.negative(s, name="n"),
        tf.square(s),
    ]
    tf.sparse_add(s, d)
    tf.sparse.add(d, p)
    tf.sparse_tensor_dense_matmul(s, tf.ones([4, 2]))
    tf.sparse.matmul(p, d, adjoint_a=True, name="product")
    tf.cast(s, tf.int32)
    return _facts(*found)


def build_sparse_to_and_from_dense(tf):
    s, p = _sparse(tf), tf.sparse_placeholder(tf.int64, [None, 4], name="p")
    tf.sparse_tensor_to_dense(s)
    tf.sparse.to_dense(p, default_value=-1, validate_indices=False, name="d")
    tf.sparse_to_dense([1, 2], [4], [1.0, 2.0])
    tf.sparse_to_indicator(p, 9)
    tf.sparse.to_indicator(p, 9, name="i")
    found = [tf.sparse.from_dense(tf.ones([2, 3])), tf.sparse.from_dense(tf.placeholder(tf.int32, [None]), name="f")]
    found += [tf.sparse.eye(3), tf.sparse.eye(2, 5, tf.int32, name="e"), tf.sparse.eye(tf.constant(2))]
    return _facts(*found, p)


def build_sparse_reductions(tf):
    s, p = _sparse(tf), tf.sparse_placeholder(tf.float32)
    tf.sparse.reduce_sum(s)
    tf.sparse_reduce_sum(p, keepdims=True)
    tf.sparse.reduce_sum(s, 1)
    tf.sparse_reduce_max(s, [0, 1])
    tf.sparse.reduce_max(p, -1, keep_dims=True)
    found = [tf.sparse.reduce_sum_sparse(s, 0), tf.sparse_reduce_max_sparse(p)]
    return _facts(*found)


def build_sparse_moves(tf):
    s, p = _sparse(tf), tf.sparse_placeholder(tf.float32, name="p")
    found = [
        tf.sparse_reorder(s),
        tf.sparse.reorder(p, name="o"),
        tf.sparse_reshape(s, [12]),
        tf.sparse.reshape(s, [-1, 6]),
    ]
    found += [tf.sparse.reshape(p, [2, -1], name="r"), tf.sparse_transpose(s, [1, 0])]
    tf.sparse.transpose(s, name="t")
    found += [tf.sparse_concat(0, [s, s]), tf.sparse.concat(1, [s, p, s], name="c"), tf.sparse.concat(-1, [s])]
    found += [tf.sparse.concat(1, [s, p], expand_nonconcat_dim=True), tf.sparse_slice(s, [0, 1], [2, 2])]
    found += [
        *tf.sparse_split(sp_input=s, num_split=2, axis=1),
        *tf.sparse.split(sp_input=p, num_split=3, axis=0, name="s"),
    ]
    found += [
        tf.sparse_retain(s, [True, False, True, False]),
        tf.sparse_reset_shape(s),
        tf.sparse.reset_shape(s, [5, 5]),
    ]
    found += [tf.sparse.reset_shape(p, [5, 5]), tf.sparse.expand_dims(s, 1), tf.sparse.expand_dims(s, name="x")]
    return _facts(*found)


def build_sparse_rows(tf):
    s, ids = _sparse(tf), tf.sparse_placeholder(tf.int32, name="ids")
    filled, empty = tf.sparse_fill_empty_rows(s, 0.0)
    also, _ = tf.sparse.fill_empty_rows(ids, 7, name="fill")
    found = [
        filled,
        also,
        tf.sparse_merge(ids, s, 10),
        tf.sparse.merge([ids, ids], s, [3, 4], name="m", already_sorted=True),
    ]
    tf.serialize_sparse(s)
    tf.io.serialize_many_sparse(s, name="many")
    found.append(tf.deserialize_many_sparse(tf.placeholder(tf.string, [None, 3]), tf.float32, rank=2))
    tf.sparse.mask(tf.IndexedSlices(tf.ones([3, 2]), tf.constant([1, 2, 3])), [2], name="masked")
    texts = tf.sparse_placeholder(tf.string, name="texts")
    found += [
        tf.sparse.cross([texts, tf.constant([["a"]]), ids]),
        tf.sparse.cross_hashed([texts, texts], 7, 3, name="c"),
    ]
    return [*_facts(*found), str(empty.shape)]


def build_sets(tf):
    a, b = tf.placeholder(tf.int32, [2, 3]), tf.constant([[1], [2]])
    s = tf.sparse_placeholder(tf.int32, [2, 4], name="s")
    found = [tf.sets.difference(a, b), tf.sets.difference(s, a), tf.sets.union(a, s, validate_indices=False)]
    found += [tf.sets.intersection(s, s), tf.sets.set_union([[1, 2]], [[3]])]
    tf.sets.size(s)
    return _facts(*found)


def build_ctc(tf):
    x, n = tf.placeholder(tf.float32, [None, 2, 5], "x"), tf.placeholder(tf.int32, [2], "n")
    labels = tf.sparse_placeholder(tf.int32, name="labels")
    tf.nn.ctc_loss(labels, x, n)
    tf.nn.ctc_loss(labels, tf.ones([2, 6, 5]), n, ctc_merge_repeated=False, time_major=False)
    tf.nn.ctc_loss_v2(labels, x, None, n, blank_index=1)
    tf.nn.ctc_loss_v2(labels, x, None, n, blank_index=-1, logits_time_major=False)
    greedy, best = tf.nn.ctc_greedy_decoder(x, n)
    beams, scores = tf.nn.ctc_beam_search_decoder(x, n, top_paths=2)
    more, _ = tf.nn.ctc_beam_search_decoder_v2(x, n, 7)
    tf.nn.collapse_repeated(tf.placeholder(tf.int32, [None, 4]), n)
    return [*_facts(*greedy, *beams, *more), str(best.shape), str(scores.shape)]


def build_embeddings_of_sparse_ids(tf):
    w = tf.Variable(tf.ones([6, 2]), name="w")
    ids, weights = tf.sparse_placeholder(tf.int64, name="ids"), tf.sparse_placeholder(tf.float32, name="weights")
    nn = tf.nn
    nn.embedding_lookup_sparse(w, ids, weights, combiner="sum", name="weighted")
    nn.embedding_lookup_sparse([w, w], ids, None, "div", combiner="sqrtn", max_norm=1.0)
    nn.safe_embedding_lookup_sparse(w, ids)
    nn.safe_embedding_lookup_sparse([w, w], ids, weights, combiner="sqrtn", name="safe")
    nn.safe_embedding_lookup_sparse(w, ids, weights, combiner="sum", default_id=3, max_norm=2.0)
    cube = tf.SparseTensor([[0, 0, 1]], tf.constant([1], tf.int64), [2, 2, 2])
    resource = tf.get_variable("r", [6, 2], use_resource=True)
    return [str(nn.safe_embedding_lookup_sparse(resource, cube).shape)]


def build_encoders(tf):
    layers = tf.contrib.layers
    ids, sparse = tf.placeholder(tf.int32, [None, 4], "ids"), tf.sparse_placeholder(tf.int64, name="sparse")
    found = [
        layers.bow_encoder(ids, 9, 3),
        layers.bow_encoder(sparse, 9, 3, scope="s", regularizer=layers.l2_regularizer(0.1)),
    ]
    found += [layers.bow_encoder(ids, 9, 3, sparse_lookup=False, trainable=False, scope="dense")]
    found += [layers.embed_sequence(ids, 9, 3), layers.embed_sequence(ids, 9, 3, unique=True, scope="u")]
    found += [
        layers.embed_sequence(ids, 9, 3, scope="u", reuse=True),
        layers.embed_sequence(ids, scope="u", reuse=True),
    ]
    w = tf.get_variable("w", [9, 3], use_resource=True)
    found += [layers.embedding_lookup_unique(w, [[1, 2]], name="n"), layers.embedding_lookup_unique([w, w], ids)]
    found += [
        layers.safe_embedding_lookup_sparse(w, sparse),
        layers.safe_embedding_lookup_sparse([w], sparse, combiner="sum"),
    ]
    return [str(t.shape) for t in found]
