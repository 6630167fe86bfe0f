"""Values of pictures decoded and encoded; pictures/ holds them, and the script that made them."""

import os

import numpy as np

from tests.oracle.values.harness import Cases, Spec, V

cases = Cases()
_FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "pictures")
_PICTURES = {}
for _name in sorted(os.listdir(_FOLDER)):
    if not _name.endswith((".py", ".pyc", "__")):
        with open(os.path.join(_FOLDER, _name), "rb") as _file:
            _PICTURES[_name] = _file.read()
_EXACT = {"dct_method": "INTEGER_ACCURATE"}


def _picture(name):
    return V(_PICTURES[name] if isinstance(name, str) else name, "S")


def C(*shape):
    """Colours: whole numbers up to 255."""
    return Spec(lambda rng, s, kind: rng.randint(0, 256, s), shape, "u")


def _roughly(tf, image):
    """Pixels up to 6 levels off count as the same: for JPEGs TensorFlow takes a less accurate transform."""
    return tf.cast(image, tf.float32) / 255 + 1


for _name in _PICTURES:
    _kind = _name.rpartition(".")[2]
    for _channels in (0, 1, 3, 4):
        _label = "%s_%d" % (_name, _channels)
        # To less than 8 bits a channel TensorFlow adds an alpha of 1 in as many bits: all but transparent.
        if _kind == "png" and not (_channels == 4 and _name in ("bits.png", "palette.png")):
            cases("decode_png_" + _label, lambda tf, c, n=_channels: tf.image.decode_png(c, n), _picture(_name))
            cases("decode_png_deep_" + _label, lambda tf, c, n=_channels: tf.image.decode_png(c, n, tf.uint16),
                  _picture(_name))  # fmt: skip
        if _kind == "jpg":
            cases(
                "decode_jpeg_" + _label, lambda tf, c, n=_channels: tf.io.decode_jpeg(c, n, **_EXACT), _picture(_name)
            )
        if _kind == "bmp":
            cases("decode_bmp_" + _label, lambda tf, c, n=_channels: tf.image.decode_bmp(c, n), _picture(_name))
    cases("decode_gif_" + _name, lambda tf, c: _roughly(tf, tf.image.decode_gif(c)), _picture(_name), tolerance=0.02)
    for _op in ("decode_png", "decode_jpeg", "decode_bmp", "extract_jpeg_shape", "is_jpeg"):
        if _kind not in _op:
            cases(_op + "_of_" + _name, lambda tf, c, o=_op: _roughly(tf, getattr(tf.image, o)(c)), _picture(_name),
                  tolerance=0.02)  # fmt: skip

for _name in ("rgb.jpg", "full.jpg", "progressive.jpg", "grey.jpg"):
    for _ratio in (2, 4, 8):
        cases("decode_jpeg_smaller_%s_%d" % (_name, _ratio),
              lambda tf, c, r=_ratio: tf.image.decode_jpeg(c, ratio=r, **_EXACT), _picture(_name))  # fmt: skip
    cases("decode_jpeg_roughly_" + _name, lambda tf, c: _roughly(tf, tf.image.decode_jpeg(c)), _picture(_name),
          tolerance=0.02)  # fmt: skip
    cases("decode_and_crop_jpeg_" + _name, lambda tf, c: tf.image.decode_and_crop_jpeg(c, [3, 2, 6, 7], **_EXACT),
          _picture(_name))  # fmt: skip
cases("decode_and_crop_jpeg_fed", lambda tf, c, w: tf.image.decode_and_crop_jpeg(c, w, 1, **_EXACT),
      _picture("rgb.jpg"), V([3, 2, 6, 7], "i"))  # fmt: skip
cases("decode_and_crop_jpeg_outside", lambda tf, c: tf.image.decode_and_crop_jpeg(c, [3, 2, 60, 7]),
      _picture("rgb.jpg"))  # fmt: skip
cases("decode_jpeg_ratio_3", lambda tf, c: tf.image.decode_jpeg(c, ratio=3), _picture("rgb.jpg"))
cases("decode_jpeg_no_method", lambda tf, c: tf.image.decode_jpeg(c, dct_method="FLOAT"), _picture("rgb.jpg"))
cases("decode_jpeg_not_fancy", lambda tf, c: tf.image.decode_jpeg(c, fancy_upscaling=False, **_EXACT),
      _picture("full.jpg"))  # fmt: skip
cases("decode_png_two_channels", lambda tf, c: tf.image.decode_png(c, 2), _picture("rgb.png"))
cases("decode_png_vector", lambda tf, c: tf.image.decode_png(c), _picture([_PICTURES["rgb.png"]]))
cases("decode_jpeg_recovered", lambda tf, c: tf.image.decode_jpeg(c, try_recover_truncated=True, **_EXACT)[:8],
      _picture(_PICTURES["full.jpg"][:900]))  # fmt: skip

for _channels in (None, 1, 3, 4):
    for _name in ("rgb.png", "rgb.jpg", "still.gif", "moving.gif", "rgb.bmp"):
        cases("decode_image_%s_%s" % (_name, _channels),
              lambda tf, c, n=_channels: _roughly(tf, tf.image.decode_image(c, n)), _picture(_name),
              tolerance=0.02)  # fmt: skip
for _dtype in ("uint16", "float32"):
    for _name in ("rgb16.png", "rgb.png", "still.gif"):
        cases("decode_image_%s_%s" % (_name, _dtype),
              lambda tf, c, d=_dtype: tf.image.decode_image(c, dtype=tf.as_dtype(d)), _picture(_name))  # fmt: skip
for _name in ("still.gif", "moving.gif", "rgb.png"):
    cases("decode_image_first_" + _name, lambda tf, c: tf.image.decode_image(c, expand_animations=False),
          _picture(_name))  # fmt: skip
cases("decode_image_two_channels", lambda tf, c: tf.image.decode_image(c, 2), _picture("rgb.png"))

# What is no picture, or not all of one.
for _number, _bytes in enumerate(
    (b"", b"x", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"BM", b"hello, world" * 9)
):
    for _op in (
        "decode_png",
        "decode_jpeg",
        "decode_gif",
        "decode_bmp",
        "decode_image",
        "extract_jpeg_shape",
        "is_jpeg",
    ):
        cases("%s_bad_%d" % (_op, _number), lambda tf, c, o=_op: getattr(tf.image, o)(c), _picture(_bytes))
for _name in ("rgb.png", "rgb16.png", "rgb.jpg", "progressive.jpg", "still.gif", "rgb.bmp"):
    _op = "decode_" + _name.rpartition(".")[2].replace("jpg", "jpeg")
    for _part in (3, 6, 9):
        cases("%s_cut_%s_%d" % (_op, _name, _part), lambda tf, c, o=_op: getattr(tf.image, o)(c),
              _picture(_PICTURES[_name][: len(_PICTURES[_name]) * _part // 10]))  # fmt: skip
cases("decode_jpeg_without_end", lambda tf, c: tf.image.decode_jpeg(c), _picture(_PICTURES["rgb.jpg"][:-2]))
cases("decode_jpeg_with_more", lambda tf, c: tf.image.decode_jpeg(c, **_EXACT), _picture(_PICTURES["rgb.jpg"] + b"xyz"))

# There and back.
for _channels in (1, 2, 3, 4):
    cases("encode_png_%d" % _channels, lambda tf, x, n=_channels: tf.raw_ops.DecodePng(
        contents=tf.image.encode_png(x, 5)), C(4, 5, _channels))  # fmt: skip
    cases("encode_png_deep_%d" % _channels, lambda tf, x: tf.image.decode_png(
        tf.image.encode_png(tf.cast(x, tf.uint16) * 200), dtype=tf.uint16), C(4, 5, _channels))  # fmt: skip
_SLOPE = np.add.outer(np.arange(16) * 5, np.arange(17) * 7)
for _label, _shape, _settings in (
    ("", (16, 17, 3), {}),
    ("_grey", (16, 17, 1), {"format": "grayscale"}),
    ("_full", (16, 17, 3), {"chroma_downsampling": False, "quality": 100}),
    ("_progressive", (16, 17, 3), {"progressive": True, "optimize_size": True}),
):
    cases(
        "encode_jpeg" + _label,
        lambda tf, x, s=_settings: _roughly(tf, tf.image.decode_jpeg(tf.image.encode_jpeg(x, **s), **_EXACT)),
        V(np.add.outer(_SLOPE, np.arange(_shape[2]) * 20).astype(np.uint8), "u"),
        tolerance=0.03,
    )  # fmt: skip
cases("encode_jpeg_density", lambda tf, x: tf.substr(tf.image.encode_jpeg(
    x, density_unit="cm", x_density=77, y_density=300), 0, 20), C(4, 5, 3))  # fmt: skip
cases("encode_jpeg_xmp", lambda tf, x: tf.substr(tf.image.encode_jpeg(x, xmp_metadata="some text"), 0, 60), C(4, 5, 3))
cases("encode_jpeg_four", lambda tf, x: tf.image.encode_jpeg(x), C(4, 5, 4))
cases("encode_jpeg_not_rgb", lambda tf, x: tf.image.encode_jpeg(x, format="rgb"), C(4, 5, 1))
cases("encode_jpeg_quality", lambda tf, x: tf.image.encode_jpeg(x, quality=101), C(4, 5, 1))
cases("encode_jpeg_batch", lambda tf, x: tf.image.encode_jpeg(x), C(2, 4, 5, 3))
cases("encode_jpeg_float", lambda tf, x: tf.image.encode_jpeg(tf.cast(x, tf.float32)), C(4, 5, 3))
cases("encode_png_five", lambda tf, x: tf.image.encode_png(x), C(4, 5, 5))
cases("encode_png_compression", lambda tf, x: tf.image.encode_png(x, 10), C(4, 5, 3))
cases("encode_png_empty", lambda tf, x: tf.image.encode_png(x), C(0, 5, 3))
cases("encode_png_batch", lambda tf, x: tf.image.encode_png(x), C(2, 4, 5, 3))
cases("adjust_jpeg_quality_90", lambda tf, x: _roughly(tf, tf.image.adjust_jpeg_quality(x, 90)), C(1, 1, 3),
      tolerance=0.03)  # fmt: skip
cases("random_jpeg_quality_wrong", lambda tf, x: tf.image.random_jpeg_quality(x, 90, 80), C(4, 5, 3))
cases("random_jpeg_quality_beyond", lambda tf, x: tf.image.random_jpeg_quality(x, 90, 180), C(4, 5, 3))

# GIFs that say one thing and hold another, part by part.


def _part(width, height, left=0, top=0, colours=b"", pixels=None, flags=0):
    """A frame; its pixels are stored uncompressed: codes of 8 bits, as long as there are few."""
    pixels = [i % 7 for i in range(width * height)] if pixels is None else pixels
    head = np.array([left, top, width, height], "<u2").tobytes()
    return b"," + head + bytes([flags]) + colours + _block([128] + list(pixels) + [129], b"\7")


def _block(content, before=b""):
    return before + bytes([len(content)] + list(content) + [0])


def _gif(width, height, *parts, **options):
    flags, colours = options.get("colours", (0x82, range(24)))
    head = b"GIF89a" + np.array([width, height], "<u2").tobytes() + bytes([flags, 0, 0] + list(colours))
    return head + b"".join(parts) + options.get("end", b";")


def _shown(disposal, transparent):
    return b"!\xf9" + _block([disposal << 2 | 1, 0, 0, transparent])


_WHOLE, _CORNER = _part(4, 5), _part(2, 2, 1, 1, pixels=[6, 5, 4, 3])
_COMMENT = b"!\xfe" + _block([97, 98, 99])
for _name, _bytes in (
    ("small_in_large", _gif(8, 9, _WHOLE)),
    ("small_in_huge", _gif(6148, 8220, _WHOLE)),
    ("larger_than_said", _gif(2, 0, _WHOLE)),
    ("commented", _gif(4, 5, _COMMENT, _WHOLE, _COMMENT)),
    ("corner", _gif(4, 5, _WHOLE, _CORNER)),
    ("disposed", _gif(4, 5, _shown(2, 0), _WHOLE, _shown(2, 5), _CORNER, _shown(3, 5), _part(1, 1))),
    ("outside_in_part", _gif(4, 5, _WHOLE, _part(2, 2, 3, 3))),
    ("outside", _gif(4, 5, _WHOLE, _part(2, 2, 9, 9))),
    ("growing", _gif(4, 5, _WHOLE, _part(6, 6))),
    ("higher", _gif(4, 5, _WHOLE, _part(2, 6))),
    ("not_in_place", _gif(4, 5, _part(4, 5, 1, 1))),
    ("own_colours", _gif(4, 5, _part(4, 5, colours=bytes(range(9, 33)), flags=0x82), _WHOLE)),
    ("colours_once", _gif(4, 5, _part(4, 5, colours=bytes(range(24)), flags=0x82), _WHOLE, colours=(0, []))),
    ("no_colours", _gif(4, 5, _WHOLE, colours=(0, []))),
    ("few_colours", _gif(4, 5, _WHOLE, colours=(0x81, range(12)))),
    ("interlaced", _gif(4, 5, _part(4, 5, flags=0x40))),
    ("junk", _gif(4, 5, b"\0", _WHOLE)),
    ("junk_between", _gif(4, 5, _WHOLE, b"\0", _WHOLE)),
    ("junk_behind", _gif(4, 5, _WHOLE, end=b";abc")),
    ("unended", _gif(4, 5, _WHOLE, _WHOLE, end=b"")),
    ("cut", _gif(4, 5, _WHOLE, _WHOLE[:-4], end=b"")),
    ("cut_head", _gif(4, 5, _WHOLE, _WHOLE[:5], end=b"")),
    ("cut_comment", _gif(4, 5, _WHOLE, _COMMENT[:4], end=b"")),
    ("no_frame", _gif(4, 5, _COMMENT)),
    ("empty_frame", _gif(4, 5, _WHOLE, _part(0, 0))),
    ("few_pixels", _gif(4, 5, _part(4, 5, pixels=range(7)))),
    ("more_pixels", _gif(4, 5, _part(4, 5, pixels=[1, 2] * 15))),
    ("no_pixels", _gif(4, 5, _part(4, 5, pixels=[]))),
    ("huge_frame", _gif(4, 5, _part(60000, 60000, pixels=[1, 2] * 15))),
    ("other_version", _gif(4, 5, _WHOLE).replace(b"GIF89a", b"GIF88a")),
    ("other_kind", _gif(4, 5, _WHOLE).replace(b"GIF89a", b"GIFxyz")),
):
    cases("decode_gif_of_parts_" + _name, lambda tf, c: tf.image.decode_gif(c), _picture(_bytes))
