"""What tests/oracle/summary asks of `tf.summary`, of whoever answers as `tf`.

Each question gets `tf` and an empty graph, and returns something that JSON can hold.
"""

import struct
import zlib

import numpy as np


def _said(tf, make, feeds=None):
    """Build and run a summary; return its bytes in hex, or the class of its error and where it came from."""
    at = "definition"
    try:
        tensor = make()
        at = "run"
        with tf.Session() as sess:
            value = sess.run(tensor, feeds)
        return value.hex()
    except Exception as error:
        return "%s at %s" % (type(error).__name__, at)


def scalars(tf):
    cases = [
        lambda: tf.summary.scalar("a", 1.5),
        lambda: tf.summary.scalar("b", 0.1),
        lambda: tf.summary.scalar("c", tf.constant(0.1, tf.float64)),
        lambda: tf.summary.scalar("d", 3),
        lambda: tf.summary.scalar("e", tf.constant(-5, tf.int64)),
        lambda: tf.summary.scalar("f", tf.constant(7, tf.uint8)),
        lambda: tf.summary.scalar("g", tf.constant(0.1, tf.float16)),
        lambda: tf.summary.scalar("h", np.float32("nan")),
        lambda: tf.summary.scalar("i", np.float32("-inf")),
        lambda: tf.summary.scalar("zero", 0.0),
        lambda: tf.summary.scalar("j", [1.0]),
        lambda: tf.summary.scalar("k", [1.0, 2.0]),
        lambda: tf.summary.scalar("l", True),
        lambda: tf.summary.scalar("m", "text"),
        lambda: tf.summary.scalar("n", tf.Variable(1.0)),
        lambda: tf.summary.scalar("sp ace/x:y", 1.0),
        lambda: tf.summary.scalar("fam", 1.0, family="f/g h"),
        lambda: tf.raw_ops.ScalarSummary(tags=["x", "y"], values=[1.0, 2.0]),
        lambda: tf.raw_ops.ScalarSummary(tags=["x", "y"], values=[1.0, 2.0, 3.0]),
        lambda: tf.raw_ops.ScalarSummary(tags=[["x"], ["y"]], values=[[1], [2]]),
    ]
    return [_said(tf, case) for case in cases]


def _spread():
    """Numbers in every bucket, from both sides of zero."""
    grid = 1e-13 * 1.1 ** np.arange(0, 900)
    return np.concatenate([grid, -grid[::3], [0.0, 1e30, -1e300, 1e-12, -1e-12]])


def histograms(tf):
    random = np.random.RandomState(0)
    values = {
        "one": [1.0],
        "few": [0.0, 0.5, -0.5, 0.5],
        "normal": random.randn(37, 11).astype(np.float32),
        "tenth": np.full(1000, 0.1, np.float32),
        "halves": random.randn(50).astype(np.float16),
        "doubles": random.rand(100) * 1e-3,
        "spread": tf.constant(_spread(), tf.float64),
        "integers": np.arange(-3, 40, dtype=np.int32),
        "long": np.array([2**62, -(2**62), 0]),
        "bytes": np.arange(256).astype(np.uint8),
        "scalar": 3.0,
        "empty": np.zeros([0, 3], np.float32),
        "zeros": np.zeros(5, np.float32),
        "nan": [1.0, np.nan],
        "inf": [1.0, np.inf],
        "big": np.array([3e38, -3e38], np.float32),
        "edges": np.array([1.0e-12, 1.1e-12, -1.1e-12, 1e20, -1e20]),
        "exact": tf.constant([1.0e-12, 1.1e-12, -1.1e-12, 1e20, -1e20, 1.1e-12 * 1.1], tf.float64),
        "bool": [True],
        "text": ["a"],
    }
    return {name: _said(tf, lambda name=name: tf.summary.histogram(name, values[name])) for name in values}


def _pixels(png):
    """Decode a PNG of 8 bits a channel without interlacing: [[height, width, colour type], hex of the pixels]."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    at, data = 8, b""
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        kind, body = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        assert struct.unpack(">I", png[at + 8 + length : at + 12 + length])[0] == zlib.crc32(kind + body)
        if kind == b"IHDR":
            width, height, depth, colour, _, _, interlace = struct.unpack(">IIBBBBB", body)
            assert depth == 8 and not interlace
        elif kind == b"IDAT":
            data += body
        at += 12 + length
    channels = {0: 1, 2: 3, 4: 2, 6: 4}[colour]
    raw, stride = zlib.decompress(data), width * channels
    assert len(raw) == height * (stride + 1)
    rows, above = [], bytes(stride)
    for i in range(height):
        filtered = raw[i * (stride + 1)]
        row = bytearray(raw[i * (stride + 1) + 1 : (i + 1) * (stride + 1)])
        for j in range(stride):
            left, up = row[j - channels] if j >= channels else 0, above[j]
            corner = above[j - channels] if j >= channels else 0
            row[j] = (row[j] + (0, left, up, (left + up) // 2, _paeth(left, up, corner))[filtered]) % 256
        rows.append(bytes(row))
        above = rows[-1]
    return [height, width, colour], b"".join(rows).hex()


def _paeth(left, up, corner):
    guess = left + up - corner
    return min((abs(guess - left), 0, left), (abs(guess - up), 1, up), (abs(guess - corner), 2, corner))[2]


def _shown(tf, hexed):
    """Say an image summary with its PNGs decoded: two encoders may write the same picture differently."""
    if " at " in hexed:
        return hexed
    shown = []
    for value in tf.Summary.FromString(bytes.fromhex(hexed)).value:
        image = value.image
        shown.append([value.tag, image.height, image.width, image.colorspace, *_pixels(image.encoded_image_string)])
    return shown


def images(tf):
    random = np.random.RandomState(1)
    wide = random.randn(2, 5, 4, 3).astype(np.float32)
    holes = wide.copy()
    holes[0, 1, 2, 0], holes[1, 0, 0, 1], holes[1, 2, 3, 2] = np.nan, np.inf, -np.inf
    dark = tf.AttrValue().tensor
    dark.dtype = tf.uint8.as_datatype_enum
    dark.tensor_shape.dim.add().size = 1
    dark.int_val.append(9)
    cases = [
        lambda: tf.summary.image("bytes", random.randint(0, 256, [4, 3, 5, 3]).astype(np.uint8)),
        lambda: tf.summary.image("grey", random.randint(0, 256, [1, 3, 5, 1]).astype(np.uint8)),
        lambda: tf.summary.image("clear", random.randint(0, 256, [1, 3, 5, 4]).astype(np.uint8), max_outputs=1),
        lambda: tf.summary.image("positive", random.rand(2, 4, 4, 1).astype(np.float32), 2),
        lambda: tf.summary.image("both", wide),
        lambda: tf.summary.image("holes", holes),
        lambda: tf.summary.image("grey holes", holes[..., :1]),
        lambda: tf.summary.image("clear holes", np.concatenate([holes, holes[..., :1]], -1)),
        lambda: tf.summary.image("half", wide.astype(np.float16)),
        lambda: tf.summary.image("double", wide.astype(np.float64)),
        lambda: tf.summary.image("dark", np.zeros([1, 2, 2, 1], np.float32)),
        lambda: tf.summary.image("faint", np.full([1, 2, 2, 1], 1e-7, np.float32)),
        lambda: tf.summary.image("nothing", np.full([1, 2, 2, 1], np.nan, np.float32)),
        lambda: tf.summary.image("negative", -random.rand(1, 3, 3, 1).astype(np.float32)),
        lambda: tf.summary.image("two", np.zeros([1, 2, 2, 2], np.uint8)),
        lambda: tf.summary.image("flat", np.zeros([2, 2, 2], np.uint8)),
        lambda: tf.summary.image("whole", np.zeros([1, 2, 2, 1], np.int32)),
        lambda: tf.summary.image("none", np.zeros([0, 2, 2, 1], np.uint8)),
        lambda: tf.summary.image("zero outputs", np.zeros([1, 2, 2, 1], np.uint8), max_outputs=0),
        lambda: tf.raw_ops.ImageSummary(tag="t", tensor=holes[..., :1], max_images=1, bad_color=dark),
    ]
    return [_shown(tf, _said(tf, case)) for case in cases]


def sounds(tf):
    wave = np.sin(np.arange(20, dtype=np.float32)).reshape(2, 10)
    steep = np.array([[0.0, 1.0, -1.0, 2.0, -2.0, 0.5, 1.5 / 32768, 2.5 / 32768, -1.5 / 32768]], np.float32)
    cases = [
        lambda: tf.summary.audio("mono", wave, 44100),
        lambda: tf.summary.audio("one", wave, 8000.5, max_outputs=1),
        lambda: tf.summary.audio("stereo", wave.reshape(1, 10, 2), 100.0),
        lambda: tf.summary.audio("loud", steep, 100.0),
        lambda: tf.summary.audio("family", wave, 100.0, family="f"),
        lambda: tf.summary.audio("scalar", np.float32(1), 100.0),
        lambda: tf.summary.audio("slow", wave, 0.0),
    ]
    return [_said(tf, case) for case in cases]


def tensors(tf):
    metadata = tf.Summary().value.add().metadata
    metadata.plugin_data.plugin_name = "mine"
    cases = [
        lambda: tf.summary.text("t", tf.constant("hello")),
        lambda: tf.summary.text("t", tf.constant([["a", "b"], ["", "\xe4"]])),
        lambda: tf.summary.text("t", tf.constant(1.0)),
        lambda: tf.summary.tensor_summary("n", tf.constant([[1.0, 2.0], [3.0, 4.0]])),
        lambda: tf.summary.tensor_summary("n", tf.constant(7)),
        lambda: tf.summary.tensor_summary("n", [True, False]),
        lambda: tf.summary.tensor_summary("n", tf.zeros([0, 2])),
        lambda: tf.summary.tensor_summary("n", 1.0, summary_description="long", display_name="short"),
        lambda: tf.summary.tensor_summary("n", 1.0, summary_metadata=metadata, family="fam"),
        lambda: tf.raw_ops.TensorSummaryV2(tag="t", tensor=[1, 2], serialized_summary_metadata=b"\xff\xff"),
    ]
    return [_said(tf, case) for case in cases]


def merging(tf):
    def two():
        return [tf.summary.scalar("a", 1.0), tf.summary.histogram("b", [1.0])]

    def under_a_scope():
        with tf.name_scope("outer"):
            tf.summary.scalar("in", 1.0)
        tf.summary.scalar("out", 2.0)
        return tf.summary.merge_all(scope="outer")

    def in_collections():
        tf.summary.scalar("x", 1.0, collections=["mine", "yours"])
        merged = tf.summary.merge(tf.get_collection("mine"), collections=["merged"], name="m m")
        assert tf.get_collection("merged") == [merged]
        return merged

    cases = [
        lambda: tf.summary.merge(two()),
        lambda: tf.summary.merge([tf.summary.merge(two()), tf.summary.scalar("c", 1.0)]),
        lambda: tf.summary.merge([tf.constant("\n\x05\n\x03abc")]),
        lambda: tf.summary.merge([tf.constant("no summary at all")]),
        lambda: tf.summary.merge([]),
        lambda: tf.raw_ops.MergeSummary(
            inputs=[tf.raw_ops.ScalarSummary(tags="t", values=1.0), tf.raw_ops.ScalarSummary(tags="t", values=2.0)]
        ),
        under_a_scope,
        in_collections,
    ]
    return [_said(tf, case) for case in cases]


QUESTIONS = [scalars, histograms, images, sounds, tensors, merging]
