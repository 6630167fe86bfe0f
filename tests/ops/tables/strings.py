"""Samples of ops that work on text; tests/oracle/values/strings.py asks more of them."""

from tests.ops.sample import Sample

_WORDS = ["ab", "c d"]

SAMPLES = {
    "AsString": Sample([1.5, 2.0]),
    "DecodeBase64": Sample(["YQ", "YWI="]),
    "DecodeCompressed": Sample(_WORDS),
    "DecodePaddedRaw": Sample(_WORDS, 8),
    "DecodeRaw": Sample(["abcdefgh"]),
    "EditDistance": Sample([[0, 0], [1, 0]], [1, 2], [2, 1], [[0, 0], [0, 1]], [1, 3], [2, 2]),
    "EncodeBase64": Sample(_WORDS),
    "Fingerprint": Sample([[1.0, 2.0]], "farmhash64"),
    "ParseTensor": Sample("\x08\x02\x12\x002\x08\0\0\0\0\0\0\0@"),  # a TensorProto: float64, [], 2.0
    "ReduceJoin": Sample([_WORDS], [0]),
    "RegexFullMatch": Sample(_WORDS, "a."),
    "RegexReplace": Sample(_WORDS, "a", "b"),
    "SerializeTensor": Sample([1.0, 2.0]),
    "StaticRegexFullMatch": Sample(_WORDS, pattern="a."),
    "StaticRegexReplace": Sample(_WORDS, pattern="a", rewrite="b"),
    "StringJoin": Sample([_WORDS, _WORDS]),
    "StringLength": Sample(_WORDS),
    "StringLower": Sample(_WORDS),
    "StringNGrams": Sample(
        ["a", "b", "c"], [0, 2, 3],
        separator=" ", ngram_widths=[2], left_pad="", right_pad="", pad_width=0, preserve_short_sequences=True,
    ),
    "StringSplit": Sample(_WORDS, " "),
    "StringSplitV2": Sample(_WORDS, " "),
    "StringStrip": Sample(_WORDS),
    "StringToHashBucket": Sample(_WORDS, num_buckets=7),
    "StringToHashBucketFast": Sample(_WORDS, num_buckets=7),
    "StringToHashBucketStrong": Sample(_WORDS, num_buckets=7, key=[1, 2]),
    "StringToNumber": Sample(["1.5", "2"]),
    "StringUpper": Sample(_WORDS),
    "Substr": Sample(_WORDS, 1, 1),
    "UnicodeDecode": Sample(_WORDS, input_encoding="UTF-8"),
    "UnicodeDecodeWithOffsets": Sample(_WORDS, input_encoding="UTF-8"),
    "UnicodeEncode": Sample([97, 98, 99], [0, 2, 3], output_encoding="UTF-8"),
    "UnicodeTranscode": Sample(_WORDS, input_encoding="UTF-8", output_encoding="UTF-16-BE"),
    "UnsortedSegmentJoin": Sample(_WORDS, [1, 0], 3),
}  # fmt: skip
