"""Values of everything that works on text: cutting, joining, numbers, hashes, regular expressions, encodings."""

import numpy as np

from tests.oracle.values.harness import DTYPES, Cases, R, V

cases = Cases()

WORDS = V([["ab", "", "héllo wörld"], ["x y  z", "日本語", "Q"]], "S")
BYTES = V([b"\x00\x01\x02\x03", b"\xff\xfe\xfd\xfc"], "S")


def _of(function, **keywords):
    """Return a case's function: that of `tf.strings` (or of `tf`, or the raw op) with keywords."""

    def call(tf, *inputs):
        where = tf.strings if hasattr(tf.strings, function) else tf if hasattr(tf, function) else tf.raw_ops
        return getattr(where, function)(*inputs, **keywords)

    return call


# -- numbers to text ---------------------------------------------------------------------------------------------------

FLOATS = V([0.0, -0.0, 1.5, -2.25, 1e10, 1e-7, 123456.789, np.inf, -np.inf, np.nan])
cases("as_string", _of("as_string"), FLOATS, dtypes="fd")
cases("as_string_whole", _of("as_string"), V([-3, 0, 7, 120]), dtypes="ils")
cases("as_string_bool", _of("as_string"), V([[True], [False]], "b"))
cases("as_string_bool_width", _of("as_string", width=8), V([[True], [False]], "b"))
cases("as_string_complex", _of("as_string"), V([1.5 - 2j, 0j]), dtypes="cz")
cases("as_string_complex_shortest", _of("as_string", shortest=True), V([1.5 - 2j, 0j], "c"))
cases("as_string_complex_width", _of("as_string", width=9, precision=2), V([1.5 - 2j, 0j], "c"))
cases("as_string_precision", _of("as_string", precision=2), FLOATS)
cases("as_string_precision_0", _of("as_string", precision=0), FLOATS)
cases("as_string_scientific", _of("as_string", scientific=True), FLOATS)
cases("as_string_scientific_precision", _of("as_string", scientific=True, precision=1), FLOATS)
cases("as_string_shortest", _of("as_string", shortest=True), FLOATS)
cases("as_string_width", _of("as_string", width=12), FLOATS)
for _name, _fill in (("zero", "0"), ("space", " "), ("plus", "+"), ("minus", "-"), ("hash", "#")):
    cases("as_string_fill_" + _name, _of("as_string", width=12, fill=_fill, precision=1), FLOATS)
    cases("as_string_fill_whole_" + _name, _of("as_string", width=5, fill=_fill), V([-3, 0, 7, 1200000], "i"))
cases("as_string_fill_no_width", _of("as_string", fill="0"), FLOATS)
cases("as_string_fill_letter", _of("as_string", width=5, fill="x"), FLOATS)
cases("as_string_fill_long", _of("as_string", width=5, fill="00"), FLOATS)
cases("as_string_both_forms", _of("as_string", scientific=True, shortest=True), FLOATS)
cases("as_string_whole_scientific", _of("as_string", scientific=True), V([1], "i"))
cases("as_string_whole_shortest", _of("as_string", shortest=True), V([1], "i"))
cases("as_string_whole_precision", _of("as_string", precision=2), V([1], "i"))
cases("as_string_int8", lambda tf, x: tf.as_string(tf.cast(x, tf.int8)), V([1, -1], "i"))
cases("as_string_bool_precision", _of("as_string", precision=2), V([True], "b"))
cases("as_string_uint8", _of("as_string"), V([1], "u"))
cases("as_string_empty", _of("as_string"), R(0, 3))
cases("as_string_text", _of("as_string"), V(["a"], "S"))

# -- text to numbers ---------------------------------------------------------------------------------------------------

for _label, _texts in {
    "plain": ["1", "-2", "0", "+3"],
    "fraction": ["1.5", "-.25", "2."],
    "exponent": ["1e3", "-2.5E-3", "1e400", "1e-400", "3.4028236e38"],
    "special": ["inf", "-inf", "nan", "INF", "NaN"],
    "infinity": ["Infinity"],
    "spaces": [" 7 ", "\t8\n"],
    "hexadecimal": ["0x1F"],
    "empty": [""],
    "only_space": [" "],
    "word": ["abc"],
    "rest": ["1.5x"],
    "two": ["1 2"],
    "large": ["99999999999"],
    "larger": ["99999999999999999999"],
    "grouped": ["1_000"],
    "lowest": ["-2147483648", "2147483647"],
    "minus": ["-"],
    "plus": ["+1"],
    "double_sign": ["--1"],
    "dot": ["."],
    "half_exponent": ["1e"],
    "f_suffix": ["1.0f"],
    "other_digits": ["\u0661"],
    "nul": ["1\0"],
}.items():
    for _type in ("float32", "float64", "int32", "int64"):
        cases(
            "string_to_number_%s_%s" % (_label, _type),
            lambda tf, x, t=_type: tf.string_to_number(x, getattr(tf, t)),
            V(_texts, "S"),
        )
cases("string_to_number_shape", lambda tf, x: tf.strings.to_number(x), V([["1", "2"], ["3", "4"]], "S"))
cases("string_to_number_none", lambda tf, x: tf.strings.to_number(x, tf.int64), V(np.zeros([0, 2]), "S"))
cases("string_to_number_bad_type", lambda tf, x: tf.strings.to_number(x, tf.int8), V(["1"], "S"))
cases("string_to_number_of_numbers", lambda tf, x: tf.strings.to_number(x), R(2))

# -- joining -----------------------------------------------------------------------------------------------------------

cases("string_join", lambda tf, a, b: tf.string_join([a, b]), V(["a", "b"], "S"), V(["c", "é"], "S"))
cases("string_join_separator", lambda tf, a: tf.strings.join([a, "b", a], "--"), V(["a", "b"], "S"))
cases("string_join_scalar", lambda tf, a, b: tf.string_join([a, b, "!"], " "), V([["a"], ["b"]], "S"), V("x", "S"))
cases("string_join_one", lambda tf, a: tf.string_join([a], ","), WORDS)
cases("string_join_scalars", lambda tf, a: tf.string_join([a, a]), V("x", "S"))
cases("string_join_clash", lambda tf, a, b: tf.string_join([a, b]), V(["a", "b"], "S"), V(["c"], "S"))
cases("string_join_ranks", lambda tf, a, b: tf.string_join([a, b]), V(["a", "b"], "S"), V([["c", "d"]], "S"))
cases("string_join_none", lambda tf: tf.string_join([]))
cases("string_join_empty", lambda tf, a: tf.string_join([a, "x"]), V(np.zeros([0, 2]), "S"))
cases("string_join_numbers", lambda tf, a: tf.string_join([a, a]), R(2))

CUBE = V(np.array(list("abcdefghijkl")).reshape(2, 3, 2).tolist(), "S")
for _label, _keywords in {
    "all": {},
    "0": {"axis": 0},
    "last": {"axis": -1},
    "two": {"axis": [0, 2]},
    "two_turned": {"axis": [2, 0]},
    "two_negative": {"axis": [-1, -2]},
    "none": {"axis": []},
    "three": {"axis": [1, 0, 2]},
    "keep": {"axis": [1], "keep_dims": True},
    "keepdims": {"axis": [2, 1], "keepdims": True, "separator": "-"},
    "keep_none": {"axis": [], "keepdims": True},
    "separator": {"axis": 1, "separator": ", "},
    "old_name": {"reduction_indices": 1},
    "out_of_range": {"axis": 3},
    "too_negative": {"axis": -4},
    "twice": {"axis": [1, 1]},
    "twice_negative": {"axis": [1, -2]},
    "keepdims_all": {"keepdims": True},
}.items():
    cases("reduce_join_" + _label, lambda tf, x, k=_keywords: tf.reduce_join(x, **k), CUBE)
cases("reduce_join_scalar", lambda tf, x: tf.reduce_join(x), V("a", "S"))
cases("reduce_join_empty", lambda tf, x: tf.reduce_join(x, 0), V(np.zeros([0, 2]), "S"))
cases("reduce_join_empty_rows", lambda tf, x: tf.reduce_join(x, 1), V(np.zeros([0, 2]), "S"))
cases("reduce_join_axis_tensor", lambda tf, x, a: tf.reduce_join(x, a), CUBE, V([0, 1], "i"))
cases("reduce_join_axis_scalar_tensor", lambda tf, x, a: tf.reduce_join(x, a), CUBE, V(1, "i"))
cases(
    "unsorted_segment_join",
    lambda tf, x, i: tf.strings.unsorted_segment_join(x, i, 4, separator=","),
    V(["a", "b", "c", "d"], "S"),
    V([2, 0, 2, 0], "i"),
)
cases(
    "unsorted_segment_join_matrix",
    lambda tf, x, i: tf.strings.unsorted_segment_join(x, i, 3),
    V([["a", "b"], ["c", "d"], ["e", "f"]], "S"),
    V([1, 0, 1], "l"),
)
cases(
    "unsorted_segment_join_pairs",
    lambda tf, x, i: tf.strings.unsorted_segment_join(x, i, 2, ":"),
    V([["a", "b"], ["c", "d"]], "S"),
    V([[1, 0], [1, 1]], "l"),
)
cases("unsorted_segment_join_empty", lambda tf, x, i: tf.strings.unsorted_segment_join(x, i, 2), V([], "S"), V([], "i"))
for _label, _ids in (("negative", [0, -1]), ("too_large", [0, 2]), ("short", [0])):
    cases(
        "unsorted_segment_join_" + _label,
        lambda tf, x, i: tf.strings.unsorted_segment_join(x, i, 2),
        V(["a", "b"], "S"),
        V(_ids, "i"),
    )

# -- parts -------------------------------------------------------------------------------------------------------------

cases("string_length", lambda tf, x: [tf.strings.length(x), tf.strings.length(x, unit="UTF8_CHAR")], WORDS)
cases("string_length_bytes", lambda tf, x: tf.strings.length(x, unit="UTF8_CHAR"), V([b"\xff\x80a", b"\xe3\x81"], "S"))
cases("string_length_unit", lambda tf, x: tf.strings.length(x, unit="WORD"), WORDS)
cases("string_length_scalar", lambda tf, x: tf.strings.length(x), V("abc", "S"))
cases("string_length_numbers", lambda tf, x: tf.strings.length(x), R(2))
cases("string_strip", _of("string_strip"), V([" a ", "\t\n\v\f\rb c\n", "", "  ", "\u00a0x"], "S"))
cases("string_lower", _of("lower"), V(["ABC é É ß", "İ"], "S"))
cases("string_lower_utf8", _of("lower", encoding="utf-8"), V(["ABC é É ß", "İI ΣΑΣ", "Ǆ"], "S"))
cases("string_upper", _of("upper"), V(["abc é É ß", "ı"], "S"))
cases("string_upper_utf8", _of("upper", encoding="utf-8"), V(["abc é É ß", "ıi ŉ ﬁ"], "S"))
cases("string_upper_encoding", _of("upper", encoding="latin1"), V(["abc"], "S"))
cases("string_lower_encoding", _of("lower", encoding="UTF-8"), V(["ABC"], "S"))
cases("string_lower_malformed", _of("lower", encoding="utf-8"), V([b"AB\xffC", b"\xe3\x81D"], "S"))

# Where TensorFlow gives another shape than it says (a text spread over rows of places) or reads beyond the end of `len`
# (which is shorter than `pos`), it is not asked.
for _unit in ("BYTE", "UTF8_CHAR"):
    for _label, _texts, _pos, _len in (
        ("scalars", ["hello", "wörld", "日本語x"], 1, 2),
        ("whole", ["hello", "wörld"], 0, 100),
        ("each", ["hello", "wörld"], [1, 2], [2, 3]),
        ("negative", ["hello", "wörld"], -3, 2),
        ("negative_each", ["hello", "wörld"], [-1, -5], [5, 1]),
        ("at_end", ["hello"], 5, 1),
        ("before_begin", ["hello"], -5, 9),
        ("beyond", ["hello"], 6, 1),
        ("too_negative", ["hello"], -6, 1),
        ("no_length", ["hello"], 2, 0),
        ("negative_length", ["hello"], 2, -1),
        ("empty_text", ["", ""], 0, 1),
        ("rows", [["hello", "world"], ["abcde", "fghij"]], [0, 1], [1, 2]),
        ("columns", [["hello", "world"], ["abcde", "fghij"]], [[0], [1]], [[1], [2]]),
        ("scalar_spread", "hello", [0, 1, 2], [1, 2, 3]),
        ("scalar", "hello", 1, 3),
        ("three_axes", [[["hello"], ["world"]]], [[[0], [1]]], [[[1], [2]]]),
        ("clash", ["hello", "world"], [0, 1, 2], [0, 1, 2]),
        ("malformed", [b"\xffab\x80c"], 1, 2),
    ):
        for _type in "il" if _label == "each" else "i":
            cases(
                "substr_%s_%s%s" % (_label, _unit, "" if _type == "i" else "_int64"),
                lambda tf, x, p, n, u=_unit: tf.substr(x, p, n, unit=u),
                V(_texts, "S"),
                V(_pos, _type),
                V(_len, _type),
            )
cases("substr_constant", lambda tf, x: tf.strings.substr(x, 1, 2), WORDS)
cases("substr_float", lambda tf, x: tf.strings.substr(x, 1.0, 2.0), V(["abc"], "S"))

for _label, _texts, _keywords in (
    ("default", ["hello world", " a  b c ", "", "one"], {}),
    ("keep", ["hello world", " a  b c ", "", "one"], {"skip_empty": False}),
    ("set", ["a,b;c", ";;", "x"], {"delimiter": ",;"}),
    ("set_keep", ["a,b;c", ";;", "x"], {"sep": ",;", "skip_empty": False}),
    ("bytes", ["ab", "é", ""], {"delimiter": ""}),
    ("bytes_keep", ["ab", "é", ""], {"delimiter": "", "skip_empty": False}),
    ("none", np.zeros([0]), {}),
    ("matrix", [["a b"]], {}),
    ("scalar", "a b", {}),
    ("both", ["a"], {"sep": " ", "delimiter": " "}),
    ("type", ["a"], {"result_type": "Tensor"}),
):
    cases("string_split_" + _label, lambda tf, x, k=_keywords: tf.string_split(x, **k), V(_texts, "S"))
for _label, _texts, _keywords in (
    ("spaces", ["hello world", " a \t b\nc ", "", "one", "  "], {}),
    ("empty_sep", ["hello world", " a  b c "], {"sep": ""}),
    ("sep", ["a,b,,c", ",", "", "x"], {"sep": ","}),
    ("long_sep", ["1<>2<><>3", "<", "<>"], {"sep": "<>"}),
    ("maxsplit", ["a,b,c,d", "a,", ",,,"], {"sep": ",", "maxsplit": 2}),
    ("maxsplit_0", ["a,b,c,d"], {"sep": ",", "maxsplit": 0}),
    ("maxsplit_spaces", [" a  b  c  ", "x y", "  x ", "a b  "], {"maxsplit": 1}),
    ("maxsplit_spaces_0", [" a  b  c  "], {"maxsplit": 0}),
    ("none", np.zeros([0]), {"sep": ","}),
):
    cases(
        "strings_split_" + _label,
        lambda tf, x, k=_keywords: list(tf.raw_ops.StringSplitV2(input=x, **dict({"sep": ""}, **k))),
        V(_texts, "S"),
    )
cases("strings_split", lambda tf: tf.strings.split(["a,b", "", "c,,d"], ","))
cases("strings_split_old_name", lambda tf: tf.strings.split(source=["a b", " c "], maxsplit=1))
cases("strings_split_both_names", lambda tf: tf.strings.split(["a"], source=["a"]))
cases("strings_split_matrix", lambda tf, x: tf.raw_ops.StringSplitV2(input=x, sep=","), V([["a"]], "S"))
cases("strings_split_sep_vector", lambda tf, x: tf.raw_ops.StringSplitV2(input=x, sep=[","]), V(["a"], "S"))
for _label, _keywords in (
    ("plain", {"pad_width": 0, "left_pad": "", "right_pad": ""}),
    ("padded", {"pad_width": 1, "left_pad": "L", "right_pad": "R"}),
    ("padded_full", {"pad_width": -1, "left_pad": "L", "right_pad": "R"}),
    ("preserve", {"pad_width": 0, "left_pad": "", "right_pad": "", "preserve_short_sequences": True}),
):
    for _widths in ([2], [3, 1], [5]):
        cases(
            "string_ngrams_%s_%s" % (_label, "_".join(map(str, _widths))),
            lambda tf, x, s, k=_keywords, w=_widths: list(
                tf.raw_ops.StringNGrams(
                    data=x, data_splits=s, separator="|", ngram_widths=w,
                    **dict({"preserve_short_sequences": False}, **k)
                )
            ),
            V(["a", "b", "c", "d", "e", "f"], "S"),
            V([0, 4, 4, 6] if "padded" not in _label else [0, 4, 6], "l"),  # padding empty rows, it reads beyond them
        )  # fmt: skip

# -- hashing -----------------------------------------------------------------------------------------------------------

_SIZES = list(range(40)) + [47, 48, 63, 64, 65, 66, 100, 127, 128, 129, 200, 333]
LENGTHS = V([("abcdefghij" * 40)[:n] for n in _SIZES], "S")
MANY = 2**62 + 12345
cases("hash_bucket", lambda tf, x: tf.string_to_hash_bucket(x, MANY), LENGTHS)
cases("hash_bucket_fast", lambda tf, x: tf.strings.to_hash_bucket_fast(x, MANY), LENGTHS)
cases("hash_bucket_strong", lambda tf, x: tf.strings.to_hash_bucket_strong(x, MANY, [1231, 2**62 + 99]), LENGTHS)
for _few in (1, 10, 1000):
    cases(
        "hash_buckets_%d" % _few,
        lambda tf, x, n=_few: [
            tf.string_to_hash_bucket(x, n),
            tf.string_to_hash_bucket_fast(x, n),
            tf.string_to_hash_bucket_strong(x, n, key=[1, 2]),
        ],
        WORDS,
    )
cases("hash_bucket_bytes", lambda tf, x: [
    tf.string_to_hash_bucket(x, MANY), tf.string_to_hash_bucket_fast(x, MANY),
    tf.string_to_hash_bucket_strong(x, MANY, key=[1, 2]),
], V([b"\xff\x80\x00", b"\0", b"\xfe" * 70], "S"))  # fmt: skip
cases("hash_bucket_scalar", lambda tf, x: tf.string_to_hash_bucket_fast(x, 10), V("a", "S"))
cases("hash_bucket_none", lambda tf, x: tf.string_to_hash_bucket_fast(x, 0), V(["a"], "S"))
cases("hash_bucket_negative", lambda tf, x: tf.string_to_hash_bucket(x, -1), V(["a"], "S"))
cases("hash_bucket_empty", lambda tf, x: tf.string_to_hash_bucket_fast(x, 3), V(np.zeros([2, 0]), "S"))
cases("hash_bucket_key_short", lambda tf, x: tf.string_to_hash_bucket_strong(x, 3, [1]), V(["a"], "S"))
cases("hash_bucket_key_long", lambda tf, x: tf.string_to_hash_bucket_strong(x, 3, [1, 2, 3]), V(["a"], "S"))
cases("hash_bucket_key_negative", lambda tf, x: tf.string_to_hash_bucket_strong(x, MANY, [-1, -2]), V(["a"], "S"))
cases("hash_bucket_numbers", lambda tf, x: tf.string_to_hash_bucket_fast(x, 3), R(2))
cases("fingerprint", lambda tf, x: tf.fingerprint(x), V(["a", "b" * 50, ""], "S"))
cases("fingerprint_matrix", lambda tf, x: tf.fingerprint(x), WORDS)
cases("fingerprint_numbers", lambda tf, x: tf.fingerprint(x), V([[1.0, 2.0], [3.0, -4.5], [0.0, 0.0]]), dtypes="fdils")
cases("fingerprint_cube", lambda tf, x: tf.fingerprint(x), V(np.arange(24).reshape(2, 3, 4), "i"))
cases("fingerprint_scalar", lambda tf, x: tf.fingerprint(x), V("a", "S"))
cases("fingerprint_method", lambda tf, x: tf.fingerprint(x, "md5"), V(["a"], "S"))
cases("fingerprint_method_tensor", lambda tf, x, m: tf.fingerprint(x, m), V(["a"], "S"), V("farmhash64", "S"))
cases("fingerprint_empty_rows", lambda tf, x: tf.fingerprint(x), V(np.zeros([2, 0])))

# -- regular expressions -----------------------------------------------------------------------------------------------

for _label, _pattern, _rewrite in (
    ("plain", "l+", "L"),
    ("class", "[a-z]+", "<\\0>"),
    ("groups", "(h)(é)", "\\2\\1"),
    ("word", "\\b(\\w)", "_\\1"),
    ("empty_matches", "x*", "-"),
    ("empty_pattern", "", "."),
    ("begin", "^", ">"),
    ("end", "$", "<"),
    ("any", ".", "#"),
    ("unicode", "\\pL", "L"),
    ("delete", "[aeiou]", ""),
    ("backslash", "o", "\\\\"),
    ("alternatives", "a|ab", "X"),
    ("folded", "(?i)HÉ", "X"),
    ("bad_group", "l", "\\1"),
    ("bad_escape", "l", "\\q"),
    ("trailing_backslash", "l", "\\"),
    ("ahead", "(?=l)", "X"),
    ("unclosed", "(", "X"),
    ("unclosed_class", "[a", "X"),
    ("star", "*", "X"),
    ("back_reference", "(l)\\1", "X"),
    ("any_byte", "\\C", "X"),
    ("missing_group", "(x)|l", "[\\1]"),
):
    cases(
        "regex_replace_" + _label,
        lambda tf, x, p=_pattern, r=_rewrite: [
            tf.regex_replace(x, p, r),
            tf.regex_replace(x, p, r, replace_global=False),
        ],
        V([["héllo wörld", "abab", ""], ["x\nyxx", "日本語", "HÉ"]], "S"),
    )
    cases(
        "regex_replace_tensors_" + _label,
        lambda tf, x, p, r: tf.strings.regex_replace(x, p, r),
        V(["héllo wörld", "abab"], "S"),
        V(_pattern, "S"),
        V(_rewrite, "S"),
    )
    cases(
        "regex_full_match_" + _label,
        lambda tf, x, p=_pattern: tf.strings.regex_full_match(x, p),
        V([["héllo", "l", "ab"], ["", "ll", "x"]], "S"),
    )
cases("regex_full_match_tensor", _of("regex_full_match"), WORDS, V("\\w+", "S"))
cases("regex_full_match_vector", _of("regex_full_match"), WORDS, V(["a"], "S"))
cases("regex_replace_malformed", _of("regex_replace", pattern=".", rewrite="x"), V([b"\xff\xfea", b"\xe3\x81"], "S"))
cases("regex_replace_vector", lambda tf, x, p: tf.regex_replace(x, p, "a"), WORDS, V(["a", "b"], "S"))
cases("regex_replace_nul", _of("regex_replace", pattern="\\x00", rewrite="0"), V([b"a\0b"], "S"))

# -- base 64, bytes, files ---------------------------------------------------------------------------------------------

cases(
    "base64",
    lambda tf, x: [tf.encode_base64(x), tf.encode_base64(x, pad=True)],
    V([b"", b"a", b"ab", b"abc", b"\xfb\xff\xfe"], "S"),
)
cases("base64_both_ways", lambda tf, x: tf.decode_base64(tf.encode_base64(x)), WORDS)
for _label, _texts in {
    "plain": ["YQ", "YWI", "YWJj", ""],
    "padded": ["YQ==", "YWI=", "YWJj"],
    "web": ["-_-_"],
    "old_letters": ["+/+/"],
    "length": ["YWJjY"],
    "half_padded": ["YQ="],
    "too_padded": ["YQ==="],
    "only_padding": ["===="],
    "padding_inside": ["YQ==YQ=="],
    "space": ["YW Jj"],
    "line": ["YWJj\n"],
    "loose_bits": ["YR"],
    "other": ["YW*j"],
}.items():
    cases("decode_base64_" + _label, lambda tf, x: tf.io.decode_base64(x), V(_texts, "S"))

RAW = V([[bytes(range(16)), bytes(range(100, 116))]], "S")
_WHOLE = ("int32", "uint16", "uint8", "int16", "int8", "int64")
_TYPES = (*_WHOLE, "float16", "float32", "float64", "complex64", "complex128")
for _type in _TYPES:
    cases("decode_raw_" + _type, lambda tf, x, t=_type: tf.decode_raw(x, getattr(tf, t)), RAW)
    if "complex" not in _type:
        cases(
            "decode_raw_big_" + _type,
            lambda tf, x, t=_type: tf.decode_raw(x, getattr(tf, t), little_endian=False),
            RAW,
        )
        for _length in (4, 8, 24) if _type.endswith("t8") else ():  # TensorFlow writes larger ones to the wrong places
            cases(
                "decode_padded_raw_%s_%d" % (_type, _length),
                lambda tf, x, t=_type, n=_length: tf.raw_ops.DecodePaddedRaw(
                    input_bytes=x, fixed_length=n, out_type=getattr(tf, t), little_endian=True
                ),
                RAW,
            )
cases("decode_raw_complex_big", lambda tf, x: tf.decode_raw(x, tf.complex64, little_endian=False), RAW)
cases("decode_raw_bool", lambda tf, x: tf.decode_raw(x, tf.bool), V([b"\x00\x01"], "S"))
cases("decode_raw_scalar", lambda tf, x: tf.io.decode_raw(x, tf.uint8), V("abc", "S"))
cases("decode_raw_old_name", lambda tf, x: tf.decode_raw(bytes=x, out_type=tf.uint8), V("abc", "S"))
cases("decode_raw_lengths", lambda tf, x: tf.decode_raw(x, tf.uint8), V(["a", "ab"], "S"))
cases("decode_raw_uneven", lambda tf, x: tf.decode_raw(x, tf.int16), V(["abc"], "S"))
cases("decode_raw_none", lambda tf, x: tf.decode_raw(x, tf.uint8), V(np.zeros([0]), "S"))
cases("decode_raw_empty", lambda tf, x: tf.decode_raw(x, tf.int32), V(["", ""], "S"))
cases("decode_raw_no_type", lambda tf, x: tf.decode_raw(x), V(["abc"], "S"))
cases("decode_raw_text", lambda tf, x: tf.decode_raw(x, tf.string), V(["abc"], "S"))
cases("decode_padded_raw_lengths", lambda tf, x: tf.raw_ops.DecodePaddedRaw(
    input_bytes=x, fixed_length=4, out_type=tf.uint8), V(["a", "abcdef", ""], "S"))  # fmt: skip
cases("decode_padded_raw_uneven", lambda tf, x: tf.raw_ops.DecodePaddedRaw(
    input_bytes=x, fixed_length=3, out_type=tf.int16), V(["abcd"], "S"))  # fmt: skip
cases("decode_padded_raw_0", lambda tf, x: tf.raw_ops.DecodePaddedRaw(
    input_bytes=x, fixed_length=0, out_type=tf.uint8), V(["abcd"], "S"))  # fmt: skip
ZLIB = b"x\x9c\xcbH\xcd\xc9\xc9W\xc8@\x90\x00:.\x06}"
GZIP = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcbH\xcd\xc9\xc9W\xc8@\x90\x00\x80\x88\xf9\xe5\x11\x00\x00\x00"
cases("decode_compressed_zlib", lambda tf, x: tf.decode_compressed(x, "ZLIB"), V([ZLIB, ZLIB], "S"))
cases("decode_compressed_gzip", lambda tf, x: tf.io.decode_compressed(x, compression_type="GZIP"), V([GZIP], "S"))
cases("decode_compressed_plain", lambda tf, x: tf.decode_compressed(x), WORDS)
cases("decode_compressed_kind", lambda tf, x: tf.decode_compressed(x, "LZMA"), WORDS)
cases("decode_compressed_damaged", lambda tf, x: tf.decode_compressed(x, "ZLIB"), V([b"x\x9cnot it"], "S"))

for _letter in "fdilusczbS":
    cases(
        "serialize_tensor_" + np.dtype(DTYPES[_letter]).name,
        lambda tf, x: [tf.serialize_tensor(x), tf.parse_tensor(tf.io.serialize_tensor(x), x.dtype)],
        V([["1", "", "é"]], "S") if _letter == "S" else V([[1, 0, 1]], _letter),
    )
cases("serialize_tensor_same", lambda tf, x: tf.serialize_tensor(x), V(np.zeros([3, 2])))
cases("serialize_tensor_scalar", lambda tf, x: tf.serialize_tensor(x), V(2.5))
cases("serialize_tensor_empty", lambda tf, x: tf.serialize_tensor(x), V(np.zeros([0, 2])))
cases("parse_tensor_type", lambda tf, x: tf.parse_tensor(tf.serialize_tensor(x), tf.int32), R(2))
cases("parse_tensor_damaged", lambda tf, x: tf.parse_tensor(x, tf.int32), V("\xff\xff\xff", "S"))
cases("parse_tensor_vector", lambda tf, x: tf.parse_tensor(x, tf.int32), V([""], "S"))

# -- encodings ---------------------------------------------------------------------------------------------------------

TEXTS = V(["héllo", "日本\U0001F600", "a\x00\x07b", ""], "S")
MALFORMED = V([b"a\xffb", b"\xe3\x81", b"\xed\xa0\x80x", b"\xf0\x9f\x98"], "S")
for _errors in ("strict", "replace", "ignore"):
    for _label, _texts in (("good", TEXTS), ("malformed", MALFORMED)):
        for _out in ("UTF-8", "UTF-16-BE", "UTF-32-BE"):
            cases(
                "unicode_transcode_%s_%s_%s" % (_errors, _label, _out),
                _of("unicode_transcode", input_encoding="UTF-8", output_encoding=_out, errors=_errors),
                _texts,
            )
        cases(
            "unicode_decode_%s_%s" % (_errors, _label),
            lambda tf, x, e=_errors: list(
                tf.raw_ops.UnicodeDecodeWithOffsets(input=x, input_encoding="UTF-8", errors=e)
            ) + list(tf.raw_ops.UnicodeDecode(input=x, input_encoding="UTF-8", errors=e, Tsplits=tf.int32)),
            _texts,
        )  # fmt: skip
cases("unicode_transcode_char", _of(
    "unicode_transcode", input_encoding="UTF-8", output_encoding="UTF-8", replacement_char=63), MALFORMED)  # fmt: skip
cases("unicode_transcode_control", _of(
    "unicode_transcode", input_encoding="UTF-8", output_encoding="UTF-8", replace_control_characters=True,
    replacement_char=32), TEXTS)  # fmt: skip
cases("unicode_transcode_control_ignored", _of(
    "unicode_transcode", input_encoding="UTF-8", output_encoding="UTF-8", replace_control_characters=True,
    errors="ignore"), V(["a\tb\n\x7f\x85c"], "S"))  # fmt: skip
for _encoding, _text in (
    ("UTF-16-BE", "hé😀".encode("utf-16-be")),
    ("UTF-16-LE", "hé😀".encode("utf-16-le")),
    ("UTF-16", "hé".encode("utf-16")),
    ("UTF-32-BE", "hé😀".encode("utf-32-be")),
    ("latin1", b"h\xe9\x80"),
    ("ISO-8859-1", b"h\xe9"),
    ("windows-1252", b"h\xe9\x80"),
    ("US-ASCII", b"h\xe9"),
    ("SHIFT_JIS", "日本".encode("shift_jis")),
    ("KOI8-R", "мир".encode("koi8-r")),
    ("nonsense", b"a"),
):
    cases(
        "unicode_transcode_from_" + _encoding,
        _of("unicode_transcode", input_encoding=_encoding, output_encoding="UTF-8"),
        V([_text, b""], "S"),
    )
    cases(
        "unicode_decode_from_" + _encoding,
        lambda tf, x, e=_encoding: list(tf.raw_ops.UnicodeDecodeWithOffsets(input=x, input_encoding=e)),
        V([_text, b""], "S"),
    )
cases(
    "unicode_transcode_from_half",
    _of("unicode_transcode", input_encoding="UTF-16-BE", output_encoding="UTF-8"),
    V([b"\0a\0", b"\xd8\0\0a"], "S"),
)
for _out in ("UTF-8", "UTF-16-BE", "UTF-32-BE"):
    for _errors in ("strict", "replace", "ignore"):
        for _label, _points in (("good", [104, 233, 0x1F600, 97]), ("bad", [104, 0xD800, 0x110000, -1])):
            cases(
                "unicode_encode_%s_%s_%s" % (_out, _errors, _label),
                lambda tf, x, s, o=_out, e=_errors: tf.raw_ops.UnicodeEncode(
                    input_values=x, input_splits=s, output_encoding=o, errors=e
                ),
                V(_points, "i"),
                V([0, 2, 2, 4], "l"),
            )
cases("unicode_script", _of("unicode_script"), V([[0x41, 0x416, 0x65E5], [0x1F600, 0x20, 0x5D0]], "i"))
cases("unicode_script_bad", _of("unicode_script"), V([-1, 0x110000, 0xD800, 0x10FFFF], "i"))
