"""Graphs of functions on text."""


def build_text_joining(tf):
    x = tf.placeholder(tf.string, [2, 3], name="x")
    tf.reduce_join(x)
    tf.reduce_join(x, 1, separator=",", name="joined")
    tf.strings.reduce_join(tf.placeholder(tf.string), keepdims=True)
    tf.strings.join(["a", x], name="both")
    tf.strings.unsorted_segment_join(x, [0, 1], 2)


def build_text_parts(tf):
    x = tf.placeholder(tf.string, [None], name="x")
    tf.strings.length(x)
    tf.strings.length(x, unit="UTF8_CHAR", name="characters")
    tf.substr(x, 0, 1)
    tf.strings.substr(x, [0], [1], unit="UTF8_CHAR", name="part")
    tf.string_split(x)
    tf.string_split(x, ",", skip_empty=False)
    tf.strings.split(x)
    tf.strings.split(["a b"], sep=" ", maxsplit=1, name="own")
    tf.strings.strip(x)
    tf.strings.lower(x)
    tf.strings.upper(x, encoding="utf-8")


def build_text_patterns(tf):
    x = tf.placeholder(tf.string, [None], name="x")
    tf.strings.regex_full_match(x, "a+")
    tf.strings.regex_full_match(x, tf.constant("a+"))
    tf.regex_replace(x, "a", "b")
    tf.strings.regex_replace(x, tf.constant("a"), "b", replace_global=False, name="once")


def build_text_numbers(tf):
    x = tf.placeholder(tf.string, [None], name="x")
    tf.as_string(tf.constant([1.5]), precision=2)
    tf.strings.to_number(x, tf.int64)
    tf.string_to_hash_bucket(x, 10)
    tf.strings.to_hash_bucket_fast(x, 10, name="fast")
    tf.strings.to_hash_bucket_strong(x, 10, key=[1, 2])
    tf.fingerprint(x)
    tf.decode_raw(x, tf.uint8)
    tf.io.decode_raw(x, tf.int16, little_endian=False, name="raw")
    tf.encode_base64(x)
    tf.decode_base64(tf.io.encode_base64(x, pad=True))
    tf.decode_compressed(x, "ZLIB")
    tf.parse_tensor(tf.serialize_tensor(x), tf.string)


def build_text_anywhere(tf):
    x = tf.placeholder(tf.string, [2, None], name="x")
    y = tf.where(tf.equal(x, "a"), x, tf.zeros_like(x))
    tf.concat([y, tf.tile(x, [1, 2])], 1)
    tf.stack([y[0], tf.gather(x, 1)])
    tf.add(x, "!")
    x + "?"
    v = tf.get_variable("v", initializer=tf.constant(["a", "b"]))
    tf.assign(v, ["c", "d"])
    tf.nn.embedding_lookup(v, [0, 1])
