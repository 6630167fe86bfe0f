"""What is special about pictures: when Pillow is imported, what is refused before it is decoded."""

import io
import struct
import subprocess
import sys
import zlib

import numpy as np
import pytest
from PIL import Image

import defrun as tf


def run(tensor):
    with tf.Session() as session:
        return session.run(tensor)


def saved(kind, pixels, **settings):
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, kind, **settings)
    return out.getvalue()


def test_importing_defrun_leaves_pillow_alone():
    code = "import sys, defrun; assert 'PIL' not in sys.modules, [m for m in sys.modules if m.startswith('PIL')]"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_picture_that_claims_to_be_huge_is_refused():
    header = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", len(header)) + b"IHDR" + header + struct.pack(">I", zlib.crc32(b"IHDR" + header))
    with pytest.raises(tf.errors.InvalidArgumentError, match="DecodePng"):
        run(tf.image.decode_png(b"\x89PNG\r\n\x1a\n" + chunk))
    bmp = b"BM" + bytes(8) + struct.pack("<IIiiHH", 54, 40, 1 << 26, 1 << 26, 1, 24) + bytes(24)
    with pytest.raises(tf.errors.InvalidArgumentError, match="too large"):
        run(tf.image.decode_bmp(bmp))


def test_an_error_names_the_op_and_the_data():
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"b'no picture'[\s\S]*my_picture"):
        run(tf.image.decode_png(b"no picture", name="my_picture"))


def test_interlaced_deep_png_keeps_all_bits():
    # Pillow can't write such a file, so the rows of all seven passes are put together here, each without a filter.
    pixels = np.random.RandomState(0).randint(0, 65536, (9, 10, 3)).astype(">u2")
    passes = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]
    rows = [b"\0" + row.tobytes() for y, x, dy, dx in passes for row in pixels[y::dy, x::dx]]
    parts = ((b"IHDR", struct.pack(">IIBBBBB", 10, 9, 16, 2, 0, 0, 1)), (b"IDAT", zlib.compress(b"".join(rows))))
    data = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in (*parts, (b"IEND", b""))
    )
    np.testing.assert_array_equal(run(tf.image.decode_png(data, dtype=tf.uint16)), pixels)


def test_colours_at_half_the_size_can_only_be_interpolated():
    pixels = np.random.RandomState(0).randint(0, 256, (16, 16, 3)).astype(np.uint8)
    halved, full = saved("JPEG", pixels), saved("JPEG", pixels, subsampling=0)
    assert run(tf.image.decode_jpeg(full, fancy_upscaling=False)).shape == (16, 16, 3)
    with pytest.raises(tf.errors.UnimplementedError, match="fancy_upscaling"):
        run(tf.image.decode_jpeg(halved, fancy_upscaling=False))


def test_later_frames_of_a_gif_replace_what_they_cover():
    first, second = np.zeros((6, 7), np.uint8), np.zeros((6, 7), np.uint8)
    second[2:4, 3] = 1
    frames = [Image.fromarray(f) for f in (first, second)]
    for frame in frames:
        frame.putpalette([10, 20, 30, 200, 100, 50])
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    seen = run(tf.image.decode_gif(out.getvalue()))
    palette = np.uint8([[10, 20, 30], [200, 100, 50]])
    np.testing.assert_array_equal(seen, palette[np.stack([first, second])])


def test_a_picture_read_resized_and_written(tmp_path):
    pixels = np.random.RandomState(0).randint(0, 256, (8, 10, 3)).astype(np.uint8)
    (tmp_path / "a.png").write_bytes(saved("PNG", pixels))
    image = tf.image.decode_image(tf.read_file(str(tmp_path / "a.png")))
    half = tf.image.resize_bilinear(image[None], [4, 5])[0]
    write = tf.write_file(str(tmp_path / "new" / "b.png"), tf.image.encode_png(tf.cast(half, tf.uint8)))
    run(write)
    np.testing.assert_array_equal(np.asarray(Image.open(tmp_path / "new" / "b.png")), pixels[::2, ::2])
