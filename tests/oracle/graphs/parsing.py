"""Graphs of reading examples."""


def build_parse_example(tf):
    texts = tf.placeholder(tf.string, [None], "texts")
    features = {
        "label": tf.FixedLenFeature([], tf.int64),
        "box": tf.FixedLenFeature([2, 2], tf.float32, [[0.0, 0.0], [1.0, 1.0]]),
        "odd key/2": tf.FixedLenFeature([1], tf.string, "x"),
        "words": tf.VarLenFeature(tf.string),
        "spots": tf.SparseFeature("at", "value", tf.float32, 5),
        "items": tf.FixedLenSequenceFeature([3], tf.int64, allow_missing=True),
        "padded": tf.FixedLenSequenceFeature([], tf.string, allow_missing=True, default_value="?"),
    }
    tf.parse_example(texts, features)
    tf.io.parse_example(tf.placeholder(tf.string, [4]), {"label": features["label"]}, name="mine")
    tf.parse_example(texts, {"words": features["words"]}, example_names=["a", "b"])


def build_parse_single_example(tf):
    text = tf.placeholder(tf.string, [], "text")
    features = {
        "label": tf.FixedLenFeature([], tf.int64, 3),
        "words": tf.VarLenFeature(tf.string),
        "items": tf.FixedLenSequenceFeature([3], tf.int64, allow_missing=True),
    }
    tf.parse_single_example(text, features)
    tf.parse_single_example(text, features, name="mine")
    tf.parse_single_example(text, features, example_names="who")
    tf.parse_single_example(tf.placeholder(tf.string), {"label": features["label"]}, "here", tf.placeholder(tf.string))
    tf.parse_single_example(b"literal", {"label": features["label"]})


def build_parse_sequence_example(tf):
    context = {"n": tf.FixedLenFeature([1], tf.int64, [2]), "name": tf.VarLenFeature(tf.string)}
    lists = {
        "x": tf.FixedLenSequenceFeature([2], tf.float32),
        "y": tf.FixedLenSequenceFeature([], tf.int64, allow_missing=True),
        "w": tf.VarLenFeature(tf.string),
    }
    texts = tf.placeholder(tf.string, [None], "texts")
    tf.io.parse_sequence_example(texts, context, lists)
    tf.io.parse_sequence_example(texts, sequence_features=lists, example_names=["a"], name="mine")
    text = tf.placeholder(tf.string, [], "text")
    tf.parse_single_sequence_example(text, context, lists)
    tf.parse_single_sequence_example(text, context, name="mine", example_name="who")
    tf.parse_single_sequence_example(text, sequence_features={"x": lists["x"]})


def build_record_readers(tf):
    names = tf.train.string_input_producer(["a", "b"], shuffle=False)
    options = tf.python_io.TFRecordOptions(tf.python_io.TFRecordCompressionType.GZIP)
    tf.TFRecordReader().read(names)
    tf.TFRecordReader(name="packed", options=options).read_up_to(names, 3)
    tf.FixedLengthRecordReader(4).read(names)
    tf.FixedLengthRecordReader(4, header_bytes=1, footer_bytes=2, hop_bytes=3, name="f", encoding="ZLIB").read(names)
    tf.decode_json_example(tf.placeholder(tf.string, [2]))


def build_matching_filenames(tf):
    tf.train.match_filenames_once("*.txt")
    tf.train.string_input_producer(tf.train.match_filenames_once(["a*", "b*"], name="mine"))


def build_starting_from_checkpoints(tf):
    path = "tests/oracle/checkpoints/files/v2"
    with tf.variable_scope("m"):
        w = tf.get_variable("w", [2, 3])
        tf.get_variable("resource", [3], use_resource=True)
        p = tf.get_variable("parts", [140, 2], partitioner=tf.fixed_size_partitioner(2))
    tf.train.init_from_checkpoint(path, {"/": "m/"})
    tf.train.warm_start(path, [w], var_name_to_prev_var_name={"m/w": "w"})
    tf.contrib.framework.assign_from_checkpoint(path, {"parts": list(p)})
