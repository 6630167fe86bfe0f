"""What tests/oracle/lookup asks about lookup tables, of whoever answers as `tf`.

Each question gets `tf` and an empty folder, and returns a dict of what cases gave: values, or the class of an error.
"""

import numpy as np

FILES = {
    "words": "emerson\nlake\npalmer\n",
    "empty_line": "emerson\n\nlake\n",
    "columns": "a\t1\nb\t2\n",
    "twice": "a\nb\na\n",
    "crlf": "a\r\nb",
    "short": "a\t1\nb\n",
    "no_number": "a\t1\nb\tx\n",
    "nothing": "",
    "numbers": "5\n7\n",
}


def _plain(value):
    if isinstance(value, dict):
        return {str(_plain(key)): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, (np.ndarray, np.generic)) and not isinstance(value, bytes):
        return [value.dtype.name, _plain(value.tolist())]
    if isinstance(value, bytes):
        return value.decode("latin1")
    return value if isinstance(value, (int, float, bool, str)) or value is None else str(value)


def _public_class(tf, error):
    kinds = [k for k in type(error).__mro__ if k.__module__ == "builtins" or hasattr(tf.errors, k.__name__)]
    return kinds[0].__name__


def _answers(tf, cases):
    """Run each case(run) in a graph and a session of its own."""
    found = {}
    for name, case in cases.items():
        with tf.Graph().as_default(), tf.Session() as session:
            try:
                found[name] = _plain(case(session.run))
            except Exception as error:
                found[name] = _public_class(tf, error)
    return found


def _write_files():
    for name, text in FILES.items():
        with open(name + ".txt", "w", newline="") as file:
            file.write(text)


def _items(run, table):
    """Return all that a table holds, in order."""
    keys, values = run(table.export())
    return sorted(zip(_plain(keys)[1], _plain(values)[1]), key=str)


def filled_once(tf):
    lookup = tf.contrib.lookup

    def table(keys=("a", "b"), values=(1, 2), default=-1, **keywords):
        pairs = lookup.KeyValueTensorInitializer(
            list(keys) if isinstance(keys, tuple) else keys, tf.constant(values, tf.int64)
        )
        return lookup.HashTable(pairs, default, **keywords)

    def find(run):
        made = table()
        run(made.init)
        words = tf.constant([["a", "z"]])
        return run([made.lookup(words), made.size()]), _items(run, made), made.lookup(words).shape

    def twice(run):
        keys = tf.placeholder(tf.string)
        made = table(keys)
        run(made.init, {keys: ["a", "b"]})
        run(made.init, {keys: ["c", "d"]})
        return _items(run, made)

    def raw(run, make):
        made = table()
        run(made.init)
        return run(make(made.resource_handle))

    def shared(run):
        run(table(shared_name="q").init)
        return _items(run, table(("c", "d"), shared_name="q"))

    def shared_with_other_types(run):
        run(table(shared_name="q").init)
        return run(lookup.HashTable(lookup.KeyValueTensorInitializer(["a"], ["b"]), "", shared_name="q").size())

    def sparse(run):
        made = table()
        run(tf.tables_initializer())
        return list(run(made.lookup(tf.SparseTensor([[0, 0], [1, 2]], ["a", "q"], [2, 3]))))

    def initialize_table(run):
        made = table()
        fill = tf.raw_ops.InitializeTableV2(
            table_handle=made.resource_handle, keys=["q"], values=tf.constant([7], tf.int64)
        )
        run(fill)
        run([fill, made.init])
        return _items(run, made)

    def filled(run, *arguments):
        made = table(*arguments)
        run(made.init)
        return _items(run, made)

    seven = np.int64(7)
    return _answers(tf, {
        "find": find,
        "twice": twice,
        "shared": shared,
        "shared_with_other_types": shared_with_other_types,
        "sparse": sparse,
        "initialize_table": initialize_table,
        "not_filled": lambda run: run(table().lookup(tf.constant(["a"]))),
        "not_filled_size": lambda run: run(table().size()),
        "not_filled_export": lambda run: run(table().export()),
        "same_key_twice": lambda run: filled(run, ("a", "a")),
        "same_pair_twice": lambda run: filled(run, ("a", "a"), (1, 1)),
        "more_values": lambda run: filled(run, ("a",)),
        "insert": lambda run: raw(run, lambda t: tf.raw_ops.LookupTableInsertV2(
            table_handle=t, keys=["q"], values=np.array([7]))),
        "remove": lambda run: raw(run, lambda t: tf.raw_ops.LookupTableRemoveV2(table_handle=t, keys=["a"])),
        "keys_of_other_type": lambda run: raw(run, lambda t: tf.raw_ops.LookupTableFindV2(
            table_handle=t, keys=[1], default_value=seven)),
        "default_of_other_shape": lambda run: raw(run, lambda t: tf.raw_ops.LookupTableFindV2(
            table_handle=t, keys=["a"], default_value=[seven, seven])),
        "lookup_of_other_type": lambda run: table().lookup(tf.constant([1])),
        "default_is_vector": lambda run: table(default=[1, 2]),
        "default_of_other_type": lambda run: table(default="x"),
        "unknown_shapes": lambda run: [table().lookup(tf.placeholder(tf.string)).shape,
                                       table().lookup(tf.placeholder(tf.string, [None, 2])).shape],
        "names": lambda run: [table().name, table(name="own").name],
        "collection": lambda run: [table(), [o.name for o in tf.get_collection("table_initializer")]][1],
        "no_tables": lambda run: tf.tables_initializer().type,
        "old_name": lambda run: [table(), run(tf.initialize_all_tables())][1],
    })  # fmt: skip


def files(tf):
    lookup = tf.contrib.lookup
    _write_files()

    def of(make):
        def case(run):
            table = make()
            run(tf.tables_initializer())
            return _items(run, table)

        return case

    def columns(file, kind=tf.int64, **keywords):
        default = "x" if kind == tf.string else -1
        arguments = (file + ".txt", tf.string, 0, kind, 1)
        return of(lambda: lookup.HashTable(lookup.TextFileInitializer(*arguments, **keywords), default))

    def whole(*arguments):
        return of(lambda: lookup.HashTable(lookup.TextFileInitializer("columns.txt", *arguments), -1))

    def from_fed_name(run):
        name = tf.placeholder(tf.string, [])
        table = lookup.index_table_from_file(name)
        run(tf.tables_initializer(), {name: "words.txt"})
        return _items(run, table), len(tf.get_collection("asset_filepaths"))

    def buckets(run):
        table = lookup.index_table_from_file("words.txt", num_oov_buckets=3)
        run(tf.tables_initializer())
        assets = [run(t) for t in tf.get_collection("asset_filepaths")]
        return run([table.lookup(tf.constant(["lake", "x", "y"])), table.size()]), assets

    return _answers(tf, {
        "words": of(lambda: lookup.index_table_from_file("words.txt")),
        "words_back": of(lambda: lookup.index_to_string_table_from_file("words.txt")),
        "old_name": of(lambda: lookup.string_to_index_table_from_file("words.txt")),
        "numbers": of(lambda: lookup.index_table_from_file("numbers.txt", key_dtype=tf.int64)),
        "first_two": of(lambda: lookup.index_table_from_file("words.txt", vocab_size=2)),
        "too_few": of(lambda: lookup.index_table_from_file("words.txt", vocab_size=9)),
        "crlf": of(lambda: lookup.index_table_from_file("crlf.txt")),
        "twice": of(lambda: lookup.index_table_from_file("twice.txt")),
        "empty_line": of(lambda: lookup.index_table_from_file("empty_line.txt")),
        "nothing": of(lambda: lookup.index_table_from_file("nothing.txt")),
        "missing": of(lambda: lookup.index_table_from_file("missing.txt")),
        "no_name": of(lambda: lookup.index_table_from_file("")),
        "no_size": of(lambda: lookup.index_table_from_file("words.txt", vocab_size=0)),
        "columns": columns("columns"),
        "columns_float": columns("columns", tf.float32),
        "columns_text": columns("columns", tf.string),
        "columns_short": columns("short"),
        "columns_no_number": columns("no_number"),
        "columns_other_delimiter": columns("columns", delimiter=","),
        "columns_long_delimiter": columns("columns", delimiter="::"),
        "whole_line": whole(tf.string, -2, tf.int64, -1),
        "line_numbers": whole(tf.int64, -1, tf.int64, -1),
        "number_keys": whole(tf.int64, 1, tf.int64, 1),
        "bad_index": whole(tf.string, -3, tf.int64, 1),
        "line_number_as_text": whole(tf.string, -1, tf.int64, 1),
        "whole_line_as_number": whole(tf.string, 0, tf.int64, -2),
        "from_fed_name": from_fed_name,
        "buckets": buckets,
    })  # fmt: skip


def changing(tf):
    lookup = tf.contrib.lookup

    def insert_and_remove(run):
        table = lookup.MutableHashTable(tf.string, tf.int64, -1)
        run(table.insert(tf.constant(["a", "b", "a"]), tf.constant([1, 2, 3], tf.int64)))
        first = run([table.size(), table.lookup(tf.constant(["a", "z"]))])
        run(table.remove(tf.constant(["a", "zz"])))
        return first, _items(run, table), run(table.size()), table.lookup(tf.constant(["a"])).shape

    def vectors(run):
        table = lookup.MutableHashTable(tf.string, tf.float32, [0.0, 1.0])
        run(table.insert(tf.constant(["a", "b"]), tf.constant([[1.0, 2.0], [3.0, 4.0]])))
        shapes = [t.shape for t in table.export()] + [table.lookup(tf.constant([["a"], ["z"]])).shape]
        return run(table.lookup(tf.constant([["a"], ["z"]]))), _items(run, table), shapes

    def inserted(run, table, keys, values):
        run(table.insert(keys, values))
        return run(table.size())

    def replaced(run):
        table = lookup.MutableHashTable(tf.int64, tf.string, "")
        run(table.insert(tf.constant([1, 2], tf.int64), tf.constant(["a", "b"])))
        run(tf.raw_ops.LookupTableImportV2(
            table_handle=table.resource_handle, keys=tf.constant([9], tf.int64), values=["z"]))
        return _items(run, table)  # fmt: skip

    def dense(**keywords):
        options = {"key_dtype": tf.int64, "value_dtype": tf.int64, "default_value": -1, "empty_key": 0}
        return lookup.MutableDenseHashTable(**dict(options, **dict({"deleted_key": -1}, **keywords)))

    def numbers(*values):
        return tf.constant(values, tf.int64)

    def dense_insert_and_remove(run):
        table = dense()
        run(table.insert(numbers(11, 12, 11), numbers(1, 2, 3)))
        first = run([table.size(), table.lookup(numbers(11, 5))])
        run(table.remove(numbers(11, 99)))
        return first, run([table.size(), table.lookup(numbers(11, 12))])

    def dense_vectors(run):
        table = dense(empty_key=[0, 0], deleted_key=[-1, -1], default_value=[0.0, 0.5], value_dtype=tf.float32)
        run(table.insert(tf.constant([[1, 2], [3, 4]], tf.int64), tf.constant([[5.0, 6.0], [7.0, 8.0]])))
        found = table.lookup(tf.constant([[3, 4], [9, 9]], tf.int64))
        return run([found, table.size()]), found.shape

    def dense_texts(run):
        table = dense(key_dtype=tf.string, empty_key="", deleted_key="$")
        run(table.insert(tf.constant(["a"]), numbers(5)))
        return run(table.lookup(tf.constant(["a", "b"])))

    def sessions(run):
        table = lookup.MutableHashTable(tf.string, tf.int64, -1)
        run(table.insert(tf.constant(["a"]), numbers(1)))
        with tf.Session() as other:
            return run(table.size()), other.run(table.size())

    def saved(run):
        lookup.MutableHashTable(tf.string, tf.int64, -1, name="kept")
        lookup.MutableHashTable(tf.string, tf.int64, -1, checkpoint=False)
        return [[s.name, [spec.name for spec in s.specs]] for s in tf.get_collection("saveable_objects")]

    def mutable():
        return lookup.MutableHashTable(tf.string, tf.int64, -1)

    return _answers(tf, {
        "insert_and_remove": insert_and_remove,
        "vectors": vectors,
        "replaced": replaced,
        "sessions": sessions,
        "saved": saved,
        "fewer_values": lambda run: inserted(run, mutable(), tf.constant(["a", "b"]), numbers(1)),
        "values_of_other_type": lambda run: inserted(run, mutable(), tf.constant(["a"]), tf.constant([1.5])),
        "keys_of_other_type": lambda run: inserted(run, mutable(), numbers(1), numbers(1)),
        "remove_other_type": lambda run: mutable().remove(numbers(1)),
        "dense_insert_and_remove": dense_insert_and_remove,
        "dense_vectors": dense_vectors,
        "dense_texts": dense_texts,
        "dense_insert_empty_key": lambda run: inserted(run, dense(), numbers(0), numbers(1)),
        "dense_insert_deleted_key": lambda run: inserted(run, dense(), numbers(-1), numbers(1)),
        "dense_find_empty_key": lambda run: run(dense().lookup(numbers(0))),
        "dense_same_keys": lambda run: run(dense(deleted_key=0).size()),
        "dense_three_buckets": lambda run: run(dense(initial_num_buckets=3).size()),
    })  # fmt: skip


def vocabularies(tf):
    lookup = tf.contrib.lookup

    def numbers(*values):
        return tf.constant(values, tf.int64)

    def filled(run, make):
        fetches = make()
        run(tf.tables_initializer())
        return run(fetches)

    def words():
        table = lookup.index_table_from_tensor(["a", "b", "c"], num_oov_buckets=2)
        return [table.lookup(tf.constant(["c", "zz", "yy"])), table.size()]

    def integers():
        strong = lookup.StrongHashSpec([1, 2])
        table = lookup.index_table_from_tensor([5, 6, 7], dtype=tf.int64, num_oov_buckets=4, hasher_spec=strong)
        return table.lookup(numbers(6, 9, 10, 11))

    def back():
        table = lookup.index_to_string_table_from_tensor(["p", "q"])
        return [table.lookup(numbers(1, 5)), table.size()]

    def buckets_only():
        table = lookup.IdTableWithHashBuckets(None, 5)
        return [table.lookup(tf.constant(["c"])), table.size()]

    def legacy():
        return lookup.IdTableWithHashBuckets(None, 50, hasher_spec=lookup.HasherSpec("legacy", None)).lookup(
            tf.constant(["c", "d"])
        )

    def static():
        pairs = tf.lookup.KeyValueTensorInitializer(["a"], numbers(0))
        table = tf.lookup.StaticVocabularyTable(pairs, 3)
        return [table.lookup(tf.constant(["a", "b"])), table.size()]

    def hashed():
        table = tf.lookup.StaticHashTable(tf.lookup.KeyValueTensorInitializer(numbers(3, 4), ["x", "y"]), "?")
        return [table.lookup(numbers(4, 5)), table.size()]

    def old():
        return [
            lookup.string_to_index(tf.constant(["b", "x"]), mapping=tf.constant(["a", "b"])),
            lookup.index_to_string(numbers(1, 3), mapping=["x", "y"]),
            lookup.string_to_index_table_from_tensor(["k", "l"]).lookup(tf.constant(["l"])),
        ]

    def dense():
        table = tf.lookup.experimental.DenseHashTable(tf.int64, tf.int64, -1, 0, -1)
        return table.lookup(numbers(4))

    cases = dict(
        {
            make.__name__: (lambda run, m=make: filled(run, m))
            for make in (words, integers, back, buckets_only, legacy, static, hashed, old, dense)
        },
        numbers_for_words=lambda run: lookup.index_table_from_tensor([1, 2]),
        words_for_numbers=lambda run: lookup.index_table_from_tensor(["a"], dtype=tf.int64),
        float_keys=lambda run: lookup.index_table_from_tensor([1.0], dtype=tf.float32),
        negative_buckets=lambda run: lookup.index_table_from_tensor(["a"], num_oov_buckets=-1),
        no_list=lambda run: lookup.index_table_from_tensor(None),
        word_twice=lambda run: filled(run, lambda: lookup.index_table_from_tensor(["a", "a"]).size()),
        bad_spec=lambda run: lookup.IdTableWithHashBuckets(None, 5, hasher_spec="x"),
        no_buckets=lambda run: lookup.IdTableWithHashBuckets(None, 0),
        short_key=lambda run: lookup.StrongHashSpec([1]),
        float_key=lambda run: lookup.StrongHashSpec([1.0, 2]),
        unknown_hasher=lambda run: lookup.IdTableWithHashBuckets(
            None, 5, hasher_spec=lookup.HasherSpec("none", None)
        ).lookup(tf.constant(["a"])),
    )
    return _answers(tf, cases)


QUESTIONS = [filled_once, files, changing, vocabularies]
