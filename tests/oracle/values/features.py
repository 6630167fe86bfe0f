"""Values of what features are made of: crosses, sparse tensors as text, embeddings of sparse ids."""

from tests.oracle.values.harness import Cases, R, V

cases = Cases()

A = [[0, 1], [1, 0], [1, 2], [2, 2]]
B = [[0, 0], [1, 0], [2, 2]]


def a(tf, values, shape=(3, 4)):
    return tf.SparseTensor(A, values, shape)


# -- crosses, and as text ----------------------------------------------------------------------------------------------


def letters(tf, values):
    return tf.SparseTensor([[0, 0], [0, 1], [2, 0]], values, [3, 2])


def numbers(tf, values):
    return tf.SparseTensor([[0, 0], [1, 0], [2, 0], [2, 1]], values, [3, 2])


LETTERS, COLUMN = (
    V(["a", "bc", "much longer than the others, and longer than 64 bytes: 0123456789"], "S"),
    V([["x"], ["y"], ["z"]], "S"),
)
cases(
    "sparse_cross",
    lambda tf, v, n, d: tf.sparse.cross([letters(tf, v), d, numbers(tf, n)]),
    LETTERS,
    V([5, -6, 7, 8], "i"),
    COLUMN,
)
cases("sparse_cross_texts", lambda tf, v, d: tf.sparse.cross([letters(tf, v), letters(tf, v), d]), LETTERS, COLUMN)
cases("sparse_cross_dense", lambda tf, n: tf.sparse.cross([n, n]), V([[1, 2], [3, 4]], "l"))
cases("sparse_cross_one", lambda tf, v: tf.sparse.cross([letters(tf, v)]), LETTERS)
cases("sparse_cross_none", lambda tf: tf.sparse.cross([]))
cases("sparse_cross_no_list", lambda tf, v: tf.sparse.cross(v), LETTERS)
cases("sparse_cross_arrays", lambda tf, v: tf.sparse.cross([letters(tf, v), [["x"]] * 3]), LETTERS)
for _label, _kw in (("", {}), ("_buckets", {"num_buckets": 100}), ("_key", {"num_buckets": 1000, "hash_key": 17})):
    cases(
        "sparse_cross_hashed" + _label,
        lambda tf, v, n, d, kw=_kw: tf.sparse.cross_hashed([letters(tf, v), d, numbers(tf, n)], **kw),
        LETTERS,
        V([5, -6, 7, 8], "l"),
        COLUMN,
    )
    cases(
        "sparse_cross_hashed_texts" + _label,
        lambda tf, v, d, kw=_kw: tf.sparse.cross_hashed([letters(tf, v), d], **kw),
        LETTERS,
        COLUMN,
    )
cases(
    "serialize_sparse",
    lambda tf, v: [tf.serialize_sparse(a(tf, v)), tf.serialize_many_sparse(a(tf, v, [5, 4]))],
    R(4),
    dtypes="fil",
)
cases(
    "serialize_sparse_text",
    lambda tf, v: [tf.io.serialize_sparse(letters(tf, v)), tf.io.serialize_many_sparse(letters(tf, v))],
    LETTERS,
)
cases("serialize_vector", lambda tf, v: tf.serialize_many_sparse(tf.SparseTensor([[1]], v, [3])), R(1))
cases(
    "deserialize_sparse",
    lambda tf, v: tf.deserialize_many_sparse(tf.serialize_many_sparse(a(tf, v)), v.dtype, rank=2),
    R(4),
    dtypes="fi",
)
cases(
    "deserialize_sparse_text",
    lambda tf, v: tf.io.deserialize_many_sparse(tf.serialize_many_sparse(letters(tf, v)), tf.string),
    LETTERS,
)
cases(
    "deserialize_sparse_two",
    lambda tf, v, w: tf.deserialize_many_sparse(
        [tf.serialize_sparse(a(tf, v)), tf.serialize_sparse(tf.SparseTensor(B, w, [3, 9]))], tf.float32
    ),
    R(4),
    R(3),
    gradient=False,
)
cases(
    "deserialize_sparse_type",
    lambda tf, v: tf.deserialize_many_sparse(tf.serialize_many_sparse(a(tf, v)), tf.int32),
    R(4),
)
cases(
    "deserialize_sparse_ranks",
    lambda tf, v: tf.deserialize_many_sparse(
        [tf.serialize_sparse(a(tf, v)), tf.serialize_sparse(tf.SparseTensor([[1]], [2.0], [3]))], tf.float32
    ),
    R(4),
)
cases("deserialize_sparse_nonsense", lambda tf, v: tf.deserialize_many_sparse(v, tf.int32), V([["x", "y", "z"]], "S"))
cases("deserialize_sparse_columns", lambda tf, v: tf.deserialize_many_sparse(v, tf.int32), V([["x", "y"]], "S"))
cases(
    "deserialize_sparse_back",
    lambda tf, v: [*tf.raw_ops.DeserializeSparse(serialized_sparse=tf.serialize_sparse(a(tf, v)), dtype=tf.float32)],
    R(4),
    gradient=False,
)

# -- embeddings --------------------------------------------------------------------------------------------------------

IDS = V([1, 0, 3, 1], "l")
WEIGHTS = V([0.5, 2.0, 1.0, 3.0])
GAPS = [[0, 0], [0, 2], [3, 1], [4, 0]]


def gaps(tf, values):
    return tf.SparseTensor(GAPS, values, [5, 3])


for _combiner in ("sum", "mean", "sqrtn"):
    cases(
        "embedding_sparse_" + _combiner,
        lambda tf, w, i, v, c=_combiner: [
            tf.nn.embedding_lookup_sparse(w, a(tf, i), None, combiner=c),
            tf.nn.embedding_lookup_sparse(w, a(tf, i), a(tf, v), combiner=c),
            tf.nn.embedding_lookup_sparse(w, a(tf, i), a(tf, v), combiner=c, max_norm=1.5),
        ],
        R(4, 2),
        IDS,
        WEIGHTS,
        tolerance=1e-4,
    )
    for _strategy in ("mod", "div"):
        cases(
            "embedding_sparse_parts_%s_%s" % (_combiner, _strategy),
            lambda tf, w, u, i, v, c=_combiner, s=_strategy: [
                tf.nn.embedding_lookup_sparse([w, u], a(tf, i), None, s, combiner=c),
                tf.nn.embedding_lookup_sparse([w, u], a(tf, i), a(tf, v), s, combiner=c),
            ],
            R(2, 3),
            R(2, 3),
            IDS,
            WEIGHTS,
            tolerance=1e-4,
        )
    cases(
        "safe_embedding_" + _combiner,
        lambda tf, w, i, v, c=_combiner: [
            tf.nn.safe_embedding_lookup_sparse(w, gaps(tf, i), combiner=c),
            tf.nn.safe_embedding_lookup_sparse(w, gaps(tf, i), gaps(tf, v), combiner=c),
            tf.nn.safe_embedding_lookup_sparse(w, gaps(tf, i), combiner=c, default_id=2),
        ],
        R(4, 2),
        V([1, -1, 3, 0], "l"),
        V([0.5, 2.0, -1.0, 3.0]),
        tolerance=1e-4,
    )
cases(
    "safe_embedding_3d",
    lambda tf, w, u, i: tf.nn.safe_embedding_lookup_sparse(
        [w, u], tf.SparseTensor([[0, 0, 1], [0, 1, 0], [1, 0, 0]], i, [2, 2, 2])
    ),
    R(2, 2),
    R(2, 2),
    V([3, 1, 0], "l"),
    tolerance=1e-4,
)
cases("safe_embedding_no_weights", lambda tf, i: tf.nn.safe_embedding_lookup_sparse(None, gaps(tf, i)), IDS)
cases("safe_embedding_empty_list", lambda tf, i: tf.nn.safe_embedding_lookup_sparse([], gaps(tf, i)), IDS)
cases(
    "safe_embedding_combiner",
    lambda tf, w, i: tf.nn.safe_embedding_lookup_sparse(w, gaps(tf, i), combiner="max"),
    R(4, 2),
    IDS,
)
cases("safe_embedding_outside", lambda tf, w, i: tf.nn.safe_embedding_lookup_sparse(w, gaps(tf, i)), R(3, 2), IDS)
cases("embedding_sparse_ids_type", lambda tf, w, i: tf.nn.embedding_lookup_sparse(w, i, None), R(3, 2), IDS)
cases(
    "embedding_sparse_weights_type",
    lambda tf, w, i, v: tf.nn.embedding_lookup_sparse(w, a(tf, i), v),
    R(4, 2),
    IDS,
    WEIGHTS,
)
cases(
    "embedding_sparse_combiner",
    lambda tf, w, i: tf.nn.embedding_lookup_sparse(w, a(tf, i), None, combiner="max"),
    R(4, 2),
    IDS,
)
cases(
    "embedding_sparse_outside",
    lambda tf, w, i: tf.nn.embedding_lookup_sparse(w, a(tf, i), None, combiner="sum"),
    R(3, 2),
    IDS,
)
