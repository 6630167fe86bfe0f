"""How images look: standardized, their edges, and how much two of them differ."""

from __future__ import annotations

from typing import Any

import numpy as np

from defrun.base import dtypes
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Operation, Tensor
from defrun.graph.scopes import control_dependencies, name_scope
from defrun.image.checks import checked_image
from defrun.image.colour import convert_image_dtype
from defrun.ops.activation import relu
from defrun.ops.arrange import pad, tile
from defrun.ops.array import expand_dims, identity, reshape, shape, shape_n, size
from defrun.ops.cast import cast
from defrun.ops.checks import Assert
from defrun.ops.compare import equal, greater_equal, not_equal
from defrun.ops.constant import constant
from defrun.ops.control import cond
from defrun.ops.creation import range_, zeros
from defrun.ops.depthwise import depthwise_conv2d
from defrun.ops.elementary import abs as absolute
from defrun.ops.elementary import log, rsqrt, square
from defrun.ops.elementary import pow as power
from defrun.ops.join import concat, stack, unstack
from defrun.ops.limits import maximum
from defrun.ops.math import div, squared_difference, subtract
from defrun.ops.pooling import avg_pool
from defrun.ops.reduce import reduce_all, reduce_any, reduce_mean, reduce_prod, reduce_std, reduce_sum
from defrun.ops.softmax import softmax


def per_image_standardization(image: Any) -> Tensor:
    """Bring each image to a mean of 0 and a standard deviation of 1.

    Parameters
    ----------
    image : Tensor [..., height, width, channels]

    Returns
    -------
    Tensor
        Of the type of `image`. A deviation below 1 over the root of the number of pixels counts as that.

    Raises
    ------
    ValueError
        If the rank is less than 3.
    """
    with name_scope(None, "per_image_standardization", [image]) as scope:
        image = checked_image(convert_to_tensor(image, name="image"))
        given = image.dtype
        if given not in (dtypes.float16, dtypes.float32):
            image = convert_image_dtype(image, dtypes.float32)
        pixels = reduce_prod(shape(image)[-3:])
        mean = reduce_mean(image, axis=[-1, -2, -3], keepdims=True)
        deviation = reduce_std(image, axis=[-1, -2, -3], keepdims=True)
        deviation = maximum(deviation, rsqrt(cast(pixels, image.dtype)))
        image -= mean
        return convert_image_dtype(div(image, deviation, name=scope), given, saturate=True)


# -- edges -----------------------------------------------------------------------------------------------------------


def total_variation(images: Tensor, name: str | None = None) -> Tensor:
    """Sum up how much neighbouring pixels differ.

    Parameters
    ----------
    images : Tensor [height, width, channels] or [batch, height, width, channels]
    name : str, optional

    Returns
    -------
    Tensor [] or [batch]

    Raises
    ------
    ValueError
        If the rank is another.
    """
    with name_scope(name, "total_variation"):
        dims = images.get_shape().ndims
        if dims == 3:
            down, along = images[1:, :, :] - images[:-1, :, :], images[:, 1:, :] - images[:, :-1, :]
            axis = None
        elif dims == 4:
            down, along = images[:, 1:, :, :] - images[:, :-1, :, :], images[:, :, 1:, :] - images[:, :, :-1, :]
            axis = [1, 2, 3]
        else:
            raise ValueError(f"'images' must be either 3 or 4-dimensional, got the shape {images.get_shape()}")
        return reduce_sum(absolute(down), axis=axis) + reduce_sum(absolute(along), axis=axis)


def image_gradients(image: Tensor) -> tuple[Tensor, Tensor]:
    """Return by how much the pixel below, and that to the right, differs from each.

    Parameters
    ----------
    image : Tensor [batch, height, width, channels]

    Returns
    -------
    dy, dx : Tensor [batch, height, width, channels]
        0 in the last row or column.

    Raises
    ------
    ValueError
        If the rank is another.
    """
    if image.get_shape().ndims != 4:
        raise ValueError(f"image_gradients expects a tensor [batch_size, h, w, d], not {image.get_shape()}")
    dims = shape(image)
    batch, height, width, channels = unstack(dims)
    dy = image[:, 1:, :, :] - image[:, :-1, :, :]
    dx = image[:, :, 1:, :] - image[:, :, :-1, :]
    last_row = stack([batch, 1, width, channels])
    dy = reshape(concat([dy, zeros(last_row, image.dtype)], 1), dims)
    last_column = stack([batch, height, 1, channels])
    dx = reshape(concat([dx, zeros(last_column, image.dtype)], 2), dims)
    return dy, dx


_SOBEL = [[[-1, -2, -1], [0, 0, 0], [1, 2, 1]], [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]]


def sobel_edges(image: Tensor) -> Tensor:
    """Return how steep an image is at each pixel, downwards and to the right, by Sobel's filters.

    Parameters
    ----------
    image : Tensor [batch, height, width, channels]

    Returns
    -------
    Tensor [batch, height, width, channels, 2]
    """
    known = image.get_shape()
    dims = shape(image)
    kernels = constant(np.transpose(np.asarray(_SOBEL), (1, 2, 0))[:, :, None], dtype=image.dtype)
    kernels = tile(kernels, [1, 1, dims[-1], 1], name="sobel_filters")
    padded = pad(image, [[0, 0], [1, 1], [1, 1], [0, 0]], mode="REFLECT")
    output = depthwise_conv2d(padded, kernels, [1, 1, 1, 1], "VALID")
    output = reshape(output, concat([dims, [len(_SOBEL)]], 0))
    output.set_shape(known.concatenate([len(_SOBEL)]))
    return output


# -- two images ------------------------------------------------------------------------------------------------------


def _compatible(img1: Tensor, img2: Tensor) -> tuple[Tensor, Tensor, list[Operation]]:
    """Return the shapes of both, and assertions that they go together."""
    known1, known2 = (image.get_shape().with_rank_at_least(3) for image in (img1, img2))
    known1[-3:].assert_is_compatible_with(known2[-3:])
    if known1.dims is not None and known2.dims is not None:
        for one, other in zip(reversed(known1.dims[:-3]), reversed(known2.dims[:-3])):
            if not (one == 1 or other == 1 or one.is_compatible_with(other)):
                raise ValueError(f"Two images are not compatible: {known1} and {known2}")
    dims1, dims2 = shape_n([img1, img2])
    checks = [
        Assert(greater_equal(size(dims1), 3), [dims1, dims2], summarize=10),
        Assert(reduce_all(equal(dims1[-3:], dims2[-3:])), [dims1, dims2], summarize=10),
    ]
    return dims1, dims2, checks


def psnr(a: Any, b: Any, max_val: Any, name: str | None = None) -> Tensor:
    """Return the peak signal-to-noise ratio of two images, in decibels.

    Parameters
    ----------
    a, b : Tensor [..., height, width, channels]
    max_val : number
        How much the smallest and the largest possible pixel differ.
    name : str, optional

    Returns
    -------
    float32 Tensor [...]

    Raises
    ------
    ValueError
        If the shapes don't go together.
    InvalidArgumentError
        When run, if that is known only then.
    """
    with name_scope(name, "PSNR", [a, b]):
        largest = convert_image_dtype(cast(max_val, a.dtype), dtypes.float32)
        a = convert_image_dtype(a, dtypes.float32)
        b = convert_image_dtype(b, dtypes.float32)
        error = reduce_mean(squared_difference(a, b), [-3, -2, -1])
        signal = 20 * log(largest) / log(10.0)
        ratio = subtract(signal, np.float32(10 / np.log(10)) * log(error), name="psnr")
        _, _, checks = _compatible(a, b)
        with control_dependencies(checks):
            return identity(ratio)


def _gauss(width: Any, sigma: Any) -> Tensor:
    """A bell of weights [width, width, 1, 1]."""
    width = convert_to_tensor(width, dtypes.int32)
    sigma = convert_to_tensor(sigma)
    place = cast(range_(width), sigma.dtype)
    place -= cast(width - 1, sigma.dtype) / 2.0
    bell = square(place)
    bell *= -0.5 / square(sigma)
    bell = reshape(bell, shape=[1, -1]) + reshape(bell, shape=[-1, 1])
    bell = softmax(reshape(bell, shape=[1, -1]))
    return reshape(bell, shape=[width, width, 1, 1])


def _ssim_per_channel(
    img1: Tensor, img2: Tensor, max_val: Any, filter_size: Any, filter_sigma: Any, k1: float, k2: float
) -> tuple[Tensor, Tensor]:
    """The index of each channel, and its part that compares contrast and structure."""
    width = constant(filter_size, dtype=dtypes.int32)
    sigma = constant(filter_sigma, dtype=img1.dtype)
    dims1, dims2 = shape_n([img1, img2])
    checks = [
        Assert(reduce_all(greater_equal(dims[-3:-1], width)), [dims, width], summarize=8) for dims in (dims1, dims2)
    ]
    with control_dependencies(checks):
        img1 = identity(img1)
    kernel = tile(_gauss(width, sigma), multiples=[1, 1, dims1[-1], 1])

    def mean(x: Tensor) -> Tensor:
        dims = shape(x)
        x = reshape(x, shape=concat([[-1], dims[-3:]], 0))
        y = depthwise_conv2d(x, kernel, strides=[1, 1, 1, 1], padding="VALID")
        return reshape(y, concat([dims[:-3], shape(y)[1:]], 0))

    luminance, structure = _compare(img1, img2, mean, max_val, k1, k2)
    axes = constant([-3, -2], dtype=dtypes.int32)
    return reduce_mean(luminance * structure, axes), reduce_mean(structure, axes)


def _compare(x: Tensor, y: Tensor, mean: Any, max_val: Any, k1: float, k2: float) -> tuple[Tensor, Tensor]:
    c1, c2 = (k1 * max_val) ** 2, (k2 * max_val) ** 2
    mean_x, mean_y = mean(x), mean(y)
    both = mean_x * mean_y * 2.0
    squares = square(mean_x) + square(mean_y)
    luminance = (both + c1) / (squares + c1)
    covariance = mean(x * y) * 2.0
    variance = mean(square(x) + square(y))
    c2 *= 1.0
    return luminance, (covariance - both + c2) / (variance - squares + c2)


def ssim(
    img1: Any,
    img2: Any,
    max_val: Any,
    filter_size: int = 11,
    filter_sigma: float = 1.5,
    k1: float = 0.01,
    k2: float = 0.03,
) -> Tensor:
    """Return the structural similarity of two images, up to 1 (Wang et al., 2004).

    Parameters
    ----------
    img1, img2 : Tensor [..., height, width, channels]
    max_val : number
        How much the smallest and the largest possible pixel differ.
    filter_size : int
        Height and width of the windows that are compared.
    filter_sigma : float
        The width of the bell by which pixels in them count.
    k1, k2 : float
        What keeps quotients of small numbers small.

    Returns
    -------
    float32 Tensor [...]

    Raises
    ------
    ValueError
        If the shapes don't go together.
    InvalidArgumentError
        When run, if that is known only then, or an image is smaller than a window.
    """
    _, _, checks = _compatible(img1, img2)
    with control_dependencies(checks):
        img1 = identity(img1)
    max_val = convert_image_dtype(cast(max_val, img1.dtype), dtypes.float32)
    img1 = convert_image_dtype(img1, dtypes.float32)
    img2 = convert_image_dtype(img2, dtypes.float32)
    per_channel, _ = _ssim_per_channel(img1, img2, max_val, filter_size, filter_sigma, k1, k2)
    return reduce_mean(per_channel, [-1])


_POWERS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)


def ssim_multiscale(
    img1: Any,
    img2: Any,
    max_val: Any,
    power_factors: Any = _POWERS,
    filter_size: int = 11,
    filter_sigma: float = 1.5,
    k1: float = 0.01,
    k2: float = 0.03,
) -> Tensor:
    """Return the structural similarity of two images at several scales, each half the one before (Wang et al., 2003).

    Parameters
    ----------
    img1, img2 : Tensor [..., height, width, channels]
    max_val : number
    power_factors : list of float
        How much each scale counts.
    filter_size, filter_sigma, k1, k2
        See `ssim`.

    Returns
    -------
    float32 Tensor [...]
    """
    with name_scope(None, "MS-SSIM", [img1, img2]):
        img1, img2 = convert_to_tensor(img1, name="img1"), convert_to_tensor(img2, name="img2")
        dims1, dims2, checks = _compatible(img1, img2)
        with control_dependencies(checks):
            img1 = identity(img1)
        max_val = convert_image_dtype(cast(max_val, img1.dtype), dtypes.float32)
        images = [convert_image_dtype(image, dtypes.float32) for image in (img1, img2)]
        heads, tails = [d[:-3] for d in (dims1, dims2)], [d[-3:] for d in (dims1, dims2)]
        half = constant([2, 2, 1], dtype=dtypes.int32)
        parts: list[Tensor] = []
        for scale in range(len(power_factors)):
            with name_scope(None, f"Scale{scale}", images):
                if scale > 0:
                    images, tails = _halved(images, heads, tails, half)
                per_channel, structure = _ssim_per_channel(
                    images[0], images[1], max_val, filter_size, filter_sigma, k1, k2
                )
                parts.append(relu(structure))
        everything = stack([*parts[:-1], relu(per_channel)], axis=-1)
        return reduce_mean(reduce_prod(power(everything, power_factors), [-1]), [-1])


def _halved(
    images: list[Tensor], heads: list[Tensor], tails: list[Tensor], half: Tensor
) -> tuple[list[Tensor], list[Tensor]]:
    """The images at half their size, odd ones repeated by a row or column first."""
    flat = [reshape(x, concat([[-1], tail], 0)) for x, tail in zip(images, tails)]
    odd = tails[0] % half

    def padded() -> list[Tensor]:
        paddings = pad(expand_dims(odd, -1), [[1, 0], [1, 0]])
        return [pad(x, paddings, mode="SYMMETRIC") for x in flat]

    even = cond(reduce_any(not_equal(odd, 0)), padded, lambda: flat)
    smaller = [avg_pool(x, ksize=[1, 2, 2, 1], strides=[1, 2, 2, 1], padding="VALID") for x in even]
    tails = [dims[1:] for dims in shape_n(smaller)]
    return [reshape(x, concat([head, tail], 0)) for x, head, tail in zip(smaller, heads, tails)], tails
