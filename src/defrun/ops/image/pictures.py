"""Reading and writing pictures with Pillow, such that pixels are what TensorFlow's decoders give.

Pillow is imported when the first picture is; it is not needed before, and takes a while.
"""

from __future__ import annotations

import importlib
import io
import struct
from typing import Any, NamedTuple

import numpy as np

from defrun.base.errors import InvalidArgumentError, UnimplementedError
from defrun.graph.check import check

Array = np.ndarray[Any, Any]

_MAGIC = {b"\xff\xd8\xff": "JPEG", b"\x89PN": "PNG", b"GIF": "GIF"}
_LARGEST = 1 << 29  # bytes of a picture; what claims to be larger is refused before anything is decoded
_START_OF_SCAN, _END = b"\xff\xda", b"\xff\xd9"
_GIF_EXTENSION, _GIF_FRAME, _GIF_END = b"!,;"
_MOST_PIXELS = 4 * 4096  # of a byte in a GIF: codes have two bits at least, and stand for so many pixels at most


def kind_of(data: bytes) -> str | None:
    """Which format the data says it is of."""
    return _MAGIC.get(data[:3])


def _pillow(name: str = "Image") -> Any:
    return importlib.import_module(f"PIL.{name}")


def _opened(data: bytes, kind: str) -> Any:
    """Open a picture, without decoding it yet."""
    try:
        image = _pillow().open(io.BytesIO(data), formats=[kind])
    except Exception as error:
        raise _invalid(data, kind, error) from None
    _check_size(image.width, image.height, 4)
    return image


def _check_size(width: int, height: int, channels: int) -> None:
    ok = 0 < width < 1 << 27 and 0 < height < 1 << 27 and width * height * channels < _LARGEST
    check(ok, InvalidArgumentError, "image is too large (or empty): {} x {} pixels", width, height)


def _invalid(data: bytes, kind: str, error: Exception | str) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, f"Invalid {kind} data, size {len(data)}: {error}")


def _pixels(image: Any, data: bytes, kind: str) -> Array:
    try:
        return np.asarray(image)
    except Exception as error:
        raise _invalid(data, kind, error) from None


# -- PNG -------------------------------------------------------------------------------------------------------------


def read_png(data: bytes, channels: int, dtype: Any) -> Array:
    """Decode a PNG: [height, width, channels], of type uint8 or uint16."""
    image = _opened(data, "PNG")
    pixels = _deep_png(image, data) if _bit_depth(data) == 16 else _shallow_png(image, data)
    pixels = _with_channels(pixels, channels or pixels.shape[2])
    if pixels.dtype == dtype:
        return pixels
    return (pixels >> 8).astype(np.uint8) if dtype == np.uint8 else pixels.astype(np.uint16) * np.uint16(257)


def _bit_depth(data: bytes) -> int:
    return data[24]


def _shallow_png(image: Any, data: bytes) -> Array:
    """Up to 8 bits a channel."""
    if image.mode in ("1", "P"):
        mode = "L" if image.mode == "1" else "RGBA" if "transparency" in image.info else "RGB"
        try:
            image = image.convert(mode)
        except Exception as error:
            raise _invalid(data, "PNG", error) from None
    pixels = _pixels(image, data, "PNG").astype(np.uint8, copy=False)
    return pixels.reshape(image.height, image.width, -1)


def _deep_png(image: Any, data: bytes) -> Array:
    """16 bits a channel. Pillow keeps 8 of them in colours: let it decode the upper ones, and again the lower ones."""
    if data[25] == 0:  # grey
        return _pixels(image, data, "PNG").astype(np.uint16)[..., None]
    colours = {4: "RGBA", 2: "RGB", 6: "RGBA"}[data[25]]
    halves = []
    # The two bytes of grey and those of its alpha look like 4 channels of one byte.
    for raw in ("RGBA",) if data[25] == 4 else (f"{colours};16B", f"{colours};16L"):
        image = _opened(data, "PNG")
        image._mode = colours
        image.tile = [tile._replace(args=raw) for tile in image.tile]
        halves.append(_pixels(image, data, "PNG").astype(np.uint16))
    if len(halves) == 1:
        return (halves[0][..., 0::2] << 8) | halves[0][..., 1::2]
    return (halves[0] << 8) | halves[1]


def _with_channels(pixels: Array, wanted: int) -> Array:
    given = pixels.shape[2]
    if given == wanted:
        return pixels
    colour = pixels[..., : given - (given + 1) % 2]
    alpha = pixels[..., -1:] if given % 2 == 0 else np.full_like(pixels[..., :1], np.iinfo(pixels.dtype).max)
    if colour.shape[2] == 3 and wanted < 3:
        colour = _luma(colour)
    elif wanted >= 3:
        colour = np.broadcast_to(colour, (*colour.shape[:2], 3))
    return colour if wanted % 2 else np.concatenate([colour, alpha], -1)


def _luma(colour: Array) -> Array:
    """Grey of RGB, in whole numbers as libpng reckons."""
    weights = np.array([9797, 19234, 3737], np.int64)
    half = 16384 if colour.dtype == np.uint16 else 0
    return ((colour.astype(np.int64) @ weights + half) >> 15).astype(colour.dtype)[..., None]


# -- JPEG ------------------------------------------------------------------------------------------------------------


def read_jpeg(data: bytes, channels: int, ratio: int = 1, fancy: bool = True, recover: bool = False) -> Array:
    """Decode a JPEG: uint8 [height, width, channels]."""
    if recover:
        data += _END
    complete = data.rfind(_END) > data.rfind(_START_OF_SCAN) >= 0
    check(complete, InvalidArgumentError, "Invalid JPEG data, size {}: it ends too early", len(data))
    image = _opened(data, "JPEG")
    coloured = image.mode != "L"
    check(channels != 1 or image.mode != "CMYK", InvalidArgumentError, "a JPEG in CMYK can't be decoded to grey")
    if not fancy and coloured and len({layer[1:3] for layer in image.layer}) > 1:
        raise UnimplementedError(None, None, "fancy_upscaling=False for a JPEG that stores colours at half the size")
    whole = image.size
    image.draft("L" if channels == 1 and coloured else None, [max(1, n // ratio) for n in whole] if ratio > 1 else None)
    wanted = tuple(-(-n // ratio) for n in whole)
    if image.size != wanted:  # a picture of less than `ratio` pixels
        image = image.resize(wanted)
    pixels = _pixels(image, data, "JPEG")
    if image.mode == "CMYK":
        return _from_cmyk(pixels)
    return _with_channels(pixels.reshape(*pixels.shape[:2], -1), channels or (3 if coloured else 1))


def _from_cmyk(pixels: Array) -> Array:
    inks = 255 - pixels.astype(np.int32)
    return (inks[..., :3] * inks[..., 3:] // 255).astype(np.uint8)


def jpeg_shape(data: bytes) -> tuple[int, int, int]:
    """Height, width and channels of a JPEG."""
    if kind_of(data) != "JPEG":
        raise InvalidArgumentError(None, None, f"Invalid JPEG data, size {len(data)}")
    image = _opened(data, "JPEG")
    return image.height, image.width, len(image.getbands())


def write_jpeg(
    pixels: Array,
    quality: int = 95,
    progressive: bool = False,
    optimize: bool = False,
    downsample: bool = True,
    density: tuple[str, int, int] = ("in", 300, 300),
    xmp: bytes = b"",
) -> bytes:
    """Write a JPEG; `density` is the unit and the pixels in one of it, to the right and down."""
    out = io.BytesIO()
    image = _pillow().fromarray(pixels[..., 0] if pixels.shape[2] == 1 else np.ascontiguousarray(pixels))
    subsampling = "4:2:0" if downsample else "4:4:4"
    image.save(out, "JPEG", quality=quality, progressive=progressive, optimize=optimize, subsampling=subsampling)
    data = out.getvalue()
    # The head is always the same: start, then "JFIF", two bytes of version, unit and densities, no thumbnail.
    unit, x, y = density
    head = data[:13] + struct.pack(">BHH", {"in": 1, "cm": 2}[unit], x, y) + data[18:20]
    if xmp:
        body = b"http://ns.adobe.com/xap/1.0/\0" + xmp
        head += b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
    return head + data[20:]


# -- GIF and BMP -----------------------------------------------------------------------------------------------------


class _Frame(NamedTuple):
    """A frame of a GIF: where it stands, its colours (3 bytes each), and what stores the pixels' places in these."""

    left: int
    top: int
    width: int
    height: int
    interlaced: int
    colours: bytes
    raster: bytes


def read_gif(data: bytes) -> Array:
    """Decode a GIF: uint8 [frames, height, width, 3], each frame on top of those before it.

    As in TensorFlow the first frame is as large as the picture, whatever the header says, and frames are opaque.
    """
    try:
        frames = _gif_frames(data)
    except (IndexError, struct.error):
        raise _invalid(data, "GIF", "it ends too early") from None
    first = frames[0]
    width, height = max(f.width for f in frames), max(f.height for f in frames)
    if first[:4] != (0, 0, width, height):
        raise _invalid(data, "GIF", f"the first frame does not fill the {width} x {height} pixels")
    _check_size(width, height * len(frames), 3)
    pixels = np.empty((len(frames), height, width, 3), np.uint8)
    for number, frame in enumerate(frames):
        if number:
            pixels[number] = pixels[number - 1]
        part = pixels[number, frame.top : frame.top + frame.height, frame.left : frame.left + frame.width]
        part[...] = _gif_pixels(frame, number, data)[: part.shape[0], : part.shape[1]]
    return pixels


def _gif_frames(data: bytes) -> list[_Frame]:
    """Find the frames of a GIF; IndexError or struct.error if it ends too early."""
    if data[:4] != b"GIF8":
        raise _invalid(data, "GIF", "it starts otherwise")
    frames = []
    common, at = _gif_colours(data, data[10], 13)
    while (kind := data[at]) != _GIF_END:
        if kind == _GIF_EXTENSION:
            at = _after_blocks(data, at + 2)
        elif kind == _GIF_FRAME:
            left, top, width, height, flags = struct.unpack_from("<4HB", data, at + 1)
            own, start = _gif_colours(data, flags, at + 10)
            at = _after_blocks(data, start + 1)
            frames.append(_Frame(left, top, width, height, flags & 64, own or common, data[start:at]))
        else:
            raise _invalid(data, "GIF", f"a part of the unknown kind {kind} begins at byte {at}")
    if not frames:
        raise _invalid(data, "GIF", "it has no frame")
    return frames


def _gif_colours(data: bytes, flags: int, at: int) -> tuple[bytes, int]:
    """Return the colours that begin at `at`, if there are any, and where they end."""
    end = at + 3 * (2 << (flags & 7)) if flags & 128 else at
    return data[at:end], end


def _after_blocks(data: bytes, at: int) -> int:
    """Return where a row of blocks, each behind its length, ends: after an empty one."""
    while data[at]:
        at += 1 + data[at]
    return at + 1


def _gif_pixels(frame: _Frame, number: int, data: bytes) -> Array:
    width, height, colours = frame.width, frame.height, len(frame.colours) // 3
    if not colours:
        raise _invalid(data, "GIF", f"frame {number} has no colours")
    if not frame.raster[0] or not 0 < width * height <= len(frame.raster) * _MOST_PIXELS:
        raise _invalid(data, "GIF", f"frame {number} can't have {width} x {height} pixels")
    # A picture of its own, without colours, so that Pillow gives the places.
    screen = struct.pack("<6s2H3B", b"GIF89a", width, height, 0, 0, 0)
    header = struct.pack("<B4HB", _GIF_FRAME, 0, 0, width, height, frame.interlaced)
    image = _opened(screen + header + frame.raster + bytes([_GIF_END]), "GIF")
    try:
        last = image.getextrema()[1]
        image.putpalette(frame.colours)
        pixels = np.asarray(image.convert("RGB"))
    except Exception as error:
        raise _invalid(data, "GIF", error) from None
    if last >= colours:
        raise _invalid(data, "GIF", f"frame {number} has a pixel of colour {last}, but only {colours} colours")
    return pixels


def read_bmp(data: bytes, channels: int) -> Array:
    """Decode a BMP: uint8 [height, width, channels]."""
    check(len(data) >= 32, InvalidArgumentError, "BMP data of {} bytes lacks a header", len(data))
    start, width, height = struct.unpack("<I", data[10:14]) + struct.unpack("<ii", data[18:26])
    bits = struct.unpack("<H", data[28:30])[0]
    ok = data[:2] == b"BM" and bits in (8, 24, 32)
    check(ok, InvalidArgumentError, "Expected a BMP image with 8, 24 or 32 bits a pixel, got {} bits", bits)
    given = bits // 8
    check(channels in (0, given), InvalidArgumentError, "channels is {}, but the BMP image has {}", channels, given)
    rows = abs(height)
    _check_size(width, rows, given)
    stride = -(-width * given // 4) * 4
    ok = len(data) >= start + stride * (rows - 1) + width * given
    check(ok, InvalidArgumentError, "BMP data of {} bytes is too short for {} x {} pixels", len(data), width, rows)
    padded = data[start : start + stride * rows].ljust(stride * rows, b"\0")
    pixels = np.frombuffer(padded, np.uint8).reshape(rows, stride)[:, : width * given].reshape(rows, width, given)
    if height > 0:  # the lowest row comes first
        pixels = pixels[::-1]
    return pixels[..., [2, 1, 0, 3][:given]] if given > 1 else pixels
