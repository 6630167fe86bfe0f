"""Pictures out of bytes and into bytes: PNG, JPEG, GIF and BMP. On the host; Pillow does the work.

JPEGs are always decoded by the accurate transform. TensorFlow takes a faster one unless ``dct_method`` says
``INTEGER_ACCURATE``, and is some grey levels off; with that, pixels are the same.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from defrun.base import dtypes
from defrun.base.dtypes import DType
from defrun.base.errors import InternalError, InvalidArgumentError
from defrun.base.text import as_bytes
from defrun.graph.check import check
from defrun.ops.declare import op
from defrun.ops.image import pictures
from defrun.ops.media import png_bytes
from defrun.ops.types import INDEX

_DEPTHS = frozenset((dtypes.uint8, dtypes.uint16))
_METHODS = ("", "INTEGER_FAST", "INTEGER_ACCURATE")


def _one(contents: Any) -> bytes:
    check(contents.ndim == 0, InvalidArgumentError, "contents must be a scalar, not of shape {}", contents.shape)
    return as_bytes(contents[()])


def _scalar(dims: Any, name: str = "contents") -> None:
    if dims not in (None, ()):
        raise ValueError(f"{name} must be a scalar, not of shape {dims}")


def _picture_dims(contents: Any, channels: int) -> Any:
    _scalar(contents)
    if channels < 0:
        raise ValueError(f"channels must not be negative, got {channels}")
    return None, None, channels or None


def _any(data: bytes, channels: int, dtype: Any = np.uint8, **jpeg: Any) -> Any:
    """Decode a PNG, a JPEG or a GIF, whichever it is: [height, width, channels] or, if a GIF, with frames first."""
    ok = channels in (0, 1, 3, 4)
    check(ok, InvalidArgumentError, "channels must be 0, 1, 3, or 4, got {}", channels)
    kind = pictures.kind_of(data)
    if kind == "PNG":
        return pictures.read_png(data, channels, dtype)
    ok = kind is not None
    check(ok, InvalidArgumentError, "Expected a JPEG, PNG or GIF image, got {}", _described(data))
    check(dtype == np.uint8, InvalidArgumentError, "only PNG images can be decoded to uint16, not {}", kind)
    if kind == "GIF":
        check(channels in (0, 3), InvalidArgumentError, "channels must be 0 or 3 for GIF, got {}", channels)
        return pictures.read_gif(data)
    check(channels != 4, InvalidArgumentError, "channels must be 0, 1, or 3 for JPEG, got {}", channels)
    return pictures.read_jpeg(data, channels, **jpeg)


def _described(data: bytes) -> str:
    return f"an unknown format that begins with {data[:16]!r}" if data else "nothing"


def _still(image: Any) -> Any:
    """The only frame of what may be a GIF."""
    if image.ndim == 4:
        frames = len(image)
        check(frames == 1, InvalidArgumentError, "a GIF of {} frames needs decode_gif or decode_image", frames)
        return image[0]
    return image


@op("DecodePng", "contents: string -> image: dtype", dtype=(_DEPTHS, dtypes.uint8), host=True, differentiable=False)
def decode_png(contents, channels: int = 0, dtype: DType = dtypes.uint8):
    """Decode a picture in PNG format (a JPEG or a GIF of one frame will do, too).

    Parameters
    ----------
    contents : string Tensor []
    channels : int
        1 grey, 3 RGB, 4 RGB and alpha, 0 what it has.
    dtype : DType
        uint8 or uint16.

    Returns
    -------
    Tensor [height, width, channels]

    Raises
    ------
    InvalidArgumentError
        When run, if it is no such picture, or too large.
    """
    return _still(_any(_one(contents), channels, dtype.as_numpy_dtype))


@decode_png.shape
def _(contents, channels):
    return _picture_dims(contents, channels)


@op("DecodeJpeg", "contents: string -> image: uint8", host=True, differentiable=False)
def decode_jpeg(
    contents, channels: int = 0, ratio: int = 1, fancy_upscaling: bool = True, try_recover_truncated: bool = False,
    acceptable_fraction: float = 1, dct_method: str = "",
):  # fmt: skip
    """Decode a picture in JPEG format (a PNG or a GIF of one frame will do, too).

    Parameters
    ----------
    contents : string Tensor []
    channels : int
        1 grey, 3 RGB, 0 what it has.
    ratio : int
        1, 2, 4 or 8: how many times smaller the picture gets.
    fancy_upscaling : bool
        Whether to interpolate colours that are stored at half the size. There is no other way here.
    try_recover_truncated : bool
        Whether to take what there is of a file that ends too early.
    acceptable_fraction : float
        Not used.
    dct_method : str
        A hint, not used: the transform is always the accurate one.

    Returns
    -------
    uint8 Tensor [height, width, channels]

    Raises
    ------
    InvalidArgumentError
        When run, if it is no such picture, or too large.
    """
    _check_jpeg(ratio, dct_method)
    settings = {"ratio": ratio, "fancy": fancy_upscaling, "recover": try_recover_truncated}
    return _still(_any(_one(contents), channels, **settings))


@decode_jpeg.shape
def _(contents, channels):
    return _picture_dims(contents, channels)


def _check_jpeg(ratio: int, dct_method: str) -> None:
    check(ratio in (1, 2, 4, 8), InvalidArgumentError, "ratio must be 1, 2, 4, or 8, got {}", ratio)
    check(dct_method in _METHODS, InvalidArgumentError, "dct_method must be one of {}, not {!r}", _METHODS, dct_method)


@op("DecodeAndCropJpeg", "contents: string, crop_window: static int32 -> image: uint8", host=True,
    differentiable=False)  # fmt: skip
def decode_and_crop_jpeg(
    contents, crop_window, channels: int = 0, ratio: int = 1, fancy_upscaling: bool = True,
    try_recover_truncated: bool = False, acceptable_fraction: float = 1, dct_method: str = "",
):  # fmt: skip
    """Decode a part of a picture in JPEG format.

    Parameters
    ----------
    contents : string Tensor []
    crop_window : int32 Tensor [4]
        The part: y, x, height and width.
    channels, ratio, fancy_upscaling, try_recover_truncated, acceptable_fraction, dct_method
        See `decode_jpeg`.

    Returns
    -------
    uint8 Tensor [height, width, channels]

    Raises
    ------
    InvalidArgumentError
        When run, if it is no such picture or the part not in it.
    """
    _check_jpeg(ratio, dct_method)
    data = _one(contents)
    ok = pictures.kind_of(data) == "JPEG"
    check(ok, InvalidArgumentError, "Expected a JPEG image, got {}", _described(data))
    check(channels in (0, 1, 3), InvalidArgumentError, "channels must be 0, 1, or 3 for JPEG, got {}", channels)
    image = pictures.read_jpeg(data, channels, ratio, fancy_upscaling, try_recover_truncated)
    check(np.shape(crop_window) == (4,), InvalidArgumentError, "crop_window must be y, x, height and width")
    y, x, height, width = (int(v) for v in crop_window)
    inside = min(y, x) >= 0 and min(height, width) > 0 and y + height <= len(image) and x + width <= image.shape[1]
    check(inside, InvalidArgumentError, "the window {} is not in an image of {} x {}", [y, x, height, width],
          *image.shape[:2])  # fmt: skip
    return image[y : y + height, x : x + width]


@decode_and_crop_jpeg.shape
def _(contents, crop_window, channels):
    _picture_dims(contents, channels)
    if crop_window is not None and len(crop_window) != 4:
        raise ValueError(f"crop_window must be y, x, height and width, got {crop_window}")
    height, width = (None, None) if crop_window is None else (None if v is None else int(v) for v in crop_window[2:])
    return height, width, channels or None


@op("DecodeGif", "contents: string -> image: uint8", host=True, differentiable=False)
def decode_gif(contents):
    """Decode a picture in GIF format (a PNG or a JPEG will do, too), each frame as it is seen.

    Parameters
    ----------
    contents : string Tensor []

    Returns
    -------
    uint8 Tensor [frames, height, width, 3]

    Raises
    ------
    InvalidArgumentError
        When run, if it is no such picture, or too large.
    """
    image = _any(_one(contents), 3)
    return image if image.ndim == 4 else image[None]


@decode_gif.shape
def _(contents):
    _scalar(contents)
    return None, None, None, 3


@op("DecodeBmp", "contents: string -> image: uint8", host=True, differentiable=False)
def decode_bmp(contents, channels: int = 0):
    """Decode a picture in BMP format, not compressed, with 1, 3 or 4 bytes a pixel; what it holds, not its palette.

    Parameters
    ----------
    contents : string Tensor []
    channels : int
        What it must have; 0 takes anything.

    Returns
    -------
    uint8 Tensor [height, width, channels]

    Raises
    ------
    InvalidArgumentError
        When run, if it is no such picture.
    """
    check(channels in (0, 1, 3, 4), InvalidArgumentError, "channels must be 0, 1, 3 or 4, got {}", channels)
    return pictures.read_bmp(_one(contents), channels)


@decode_bmp.shape
def _(contents, channels):
    return _picture_dims(contents, channels)


@op("ExtractJpegShape", "contents: string -> image_shape: output_type", output_type=(INDEX, dtypes.int32), host=True,
    differentiable=False)  # fmt: skip
def extract_jpeg_shape(contents, output_type: DType = dtypes.int32):
    """Return height, width and channels of a picture in JPEG format without decoding it."""
    return np.array(pictures.jpeg_shape(_one(contents)), output_type.as_numpy_dtype)


@extract_jpeg_shape.shape
def _(contents):
    _scalar(contents)
    return (3,)


# -- into bytes ------------------------------------------------------------------------------------------------------


def _check_image(image: Any, channels: tuple[int, ...]) -> None:
    ok = image.ndim == 3 and image.shape[2] in channels
    check(ok, InvalidArgumentError, "image must be [height,width,channels] with channels of {}, not of shape {}",
          channels, image.shape)  # fmt: skip
    check(image.size > 0, InternalError, "image must not be empty, got the shape {}", image.shape)


def _encoded(image):
    if image is not None and len(image) != 3:
        raise ValueError(f"image must be of rank 3, not {len(image)}")
    return ()


@op("EncodePng", "image: T -> contents: string", T=(_DEPTHS, dtypes.uint8), shape=_encoded, host=True,
    differentiable=False)  # fmt: skip
def encode_png(image, compression: int = -1):
    """Write a picture in PNG format.

    Parameters
    ----------
    image : uint8 or uint16 Tensor [height, width, channels]
        With up to 4 channels: grey, grey and alpha, RGB, RGB and alpha.
    compression : int
        0 (fast) to 9 (small), or -1 for what is usual.

    Returns
    -------
    string Tensor []

    Raises
    ------
    InvalidArgumentError
        When run, if there are more channels.
    InternalError
        When run, if there are no pixels.
    """
    _check_image(image, (1, 2, 3, 4))
    ok = -1 <= compression <= 9
    check(ok, InvalidArgumentError, "compression should be in [-1,9], but got {}", compression)
    return np.array(png_bytes(image, compression), object)


@op("EncodeJpeg", "image: uint8 -> contents: string", format=("", "grayscale", "rgb"), density_unit=("in", "cm"),
    shape=_encoded, host=True, differentiable=False)  # fmt: skip
def encode_jpeg(
    image, format: str = "", quality: int = 95, progressive: bool = False, optimize_size: bool = False,
    chroma_downsampling: bool = True, density_unit: str = "in", x_density: int = 300, y_density: int = 300,
    xmp_metadata: str = "",
):  # fmt: skip
    """Write a picture in JPEG format.

    Parameters
    ----------
    image : uint8 Tensor [height, width, channels]
        With 1 or 3 channels.
    format : {"", "grayscale", "rgb"}
        What it must be; "" takes both.
    quality : int
        0 to 100.
    progressive : bool
        Whether it gets sharper while it is loaded.
    optimize_size : bool
        Whether to take some time to save some bytes.
    chroma_downsampling : bool
        Whether colours are stored at half the size.
    density_unit : {"in", "cm"}
    x_density, y_density : int
        Pixels per unit.
    xmp_metadata : str
        Is put into the file.

    Returns
    -------
    string Tensor []

    Raises
    ------
    InvalidArgumentError
        When run, if there are other numbers of channels, or quality is not in [0, 100].
    """
    channels = {"": (1, 3), "grayscale": (1,), "rgb": (3,)}[format]
    _check_image(image, channels)
    check(0 <= quality <= 100, InvalidArgumentError, "quality must be in [0,100], got {}", quality)
    data = pictures.write_jpeg(
        image, quality, progressive, optimize_size, chroma_downsampling, (density_unit, x_density, y_density),
        as_bytes(xmp_metadata)
    )  # fmt: skip
    return np.array(data, object)


@op("EncodeJpegVariableQuality", "images: uint8, quality: int32[] -> contents: string", host=True,
    differentiable=False)  # fmt: skip
def encode_jpeg_variable_quality(images, quality):
    """`encode_jpeg` with a quality that is a tensor."""
    _check_image(images, (1, 3))
    check(0 <= quality <= 100, InvalidArgumentError, "quality must be in [0,100], got {}", quality)
    return np.array(pictures.write_jpeg(images, int(quality)), object)


@encode_jpeg_variable_quality.shape
def _(images):
    return _encoded(images)
