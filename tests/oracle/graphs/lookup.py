"""Graphs of lookup tables."""


def build_lookup_tables(tf):
    lookup = tf.contrib.lookup
    keys = tf.placeholder(tf.string, [None], "keys")
    pairs = lookup.KeyValueTensorInitializer(["a", "b"], tf.constant([1, 2], tf.int64))
    table = lookup.HashTable(pairs, -1, shared_name="shared")
    table.lookup(keys)
    table.lookup(tf.SparseTensor([[0, 0]], ["a"], [1, 1]), name="own")
    table.size()
    table.export()
    buckets = lookup.IdTableWithHashBuckets(table, 3)
    buckets.lookup(keys)
    buckets.size()
    tf.tables_initializer()


def build_lookup_files(tf):
    lookup = tf.contrib.lookup
    table = lookup.index_table_from_file("words.txt", num_oov_buckets=2)
    table.lookup(tf.constant(["a"]))
    lookup.index_to_string_table_from_file("words.txt", vocab_size=3).lookup(tf.constant([1], tf.int64))
    filling = lookup.TextFileInitializer("columns.txt", tf.string, 0, tf.int64, 1, delimiter=",")
    lookup.HashTable(filling, -1, name="own").lookup(tf.constant("a"))
    tf.initialize_all_tables()


def build_lookup_changing(tf):
    lookup = tf.contrib.lookup
    table = lookup.MutableHashTable(tf.string, tf.int64, -1)
    table.insert(tf.constant(["a"]), tf.constant([1], tf.int64))
    table.lookup(["a", "b"])
    table.remove(tf.constant(["a"]))
    table.size()
    lookup.MutableHashTable(tf.int64, tf.float32, [0.0, 1.0], name="vectors", checkpoint=False).export(name="all")
    dense = lookup.MutableDenseHashTable(tf.int64, tf.float32, [0.5], 0, -1, initial_num_buckets=8)
    dense.insert([1], [[2.0]])
    dense.lookup([1])
    dense.remove(tf.constant([1], tf.int64))
    dense.size()
