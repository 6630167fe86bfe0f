"""Windows of images, which may reach beyond them."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np
from jax import lax

from defrun.base.errors import InvalidArgumentError
from defrun.graph.check import check
from defrun.graph.operation import Tensor
from defrun.ops import philox
from defrun.ops.axes import dims_of, sizes
from defrun.ops.declare import op


def _generator(attrs: dict[str, Any]) -> Any:
    return philox.initial_state(0, 0)


@op("ExtractGlimpse", "input: float32, size: static int32[2], offsets: float32 -> glimpse: float32", state=_generator,
    differentiable=False)  # fmt: skip
def extract_glimpse_by(
    input, size, offsets, centered: bool = True, normalized: bool = True, uniform_noise: bool = True,
    noise: str = "uniform", *, state
):  # fmt: skip
    """Cut a window out of each image; see `extract_glimpse`."""
    height, width = sizes(size)
    check(min(height, width) >= 0, InvalidArgumentError, "size must not be negative, got {} x {}", height, width)
    ok = input.ndim == 4 and offsets.ndim == 2 and offsets.shape == (input.shape[0], 2)
    check(ok, InvalidArgumentError, "input must be of rank 4 and offsets [batch,2], not {} and {}", input.shape,
          offsets.shape)  # fmt: skip
    kind = "uniform" if uniform_noise else noise
    ok = kind in ("uniform", "gaussian", "zero")
    check(ok, InvalidArgumentError, "noise must be uniform, gaussian or zero, not {}", noise)
    old = np.array(input.shape[1:3], np.float32)
    new = np.array([height, width], np.float32)
    start = offsets * old if normalized else offsets
    if centered:
        start = (start + old) / 2
    start = (start - new / 2).astype(np.int32)
    rows, columns = (start[:, axis, None] + np.arange(n, dtype=np.int32) for axis, n in enumerate((height, width)))
    inside = (rows >= 0) & (rows < input.shape[1]), (columns >= 0) & (columns < input.shape[2])
    row, column = (jnp.clip(p, 0, n - 1) for p, n in zip((rows, columns), input.shape[1:3]))
    batch = np.arange(input.shape[0])[:, None, None]
    seen = jnp.asarray(input)[batch, row[:, :, None], column[:, None, :]]
    whole = (inside[0][:, :, None] & inside[1][:, None, :])[..., None]
    around, state = _around(kind, input, seen.shape, state)
    return jnp.where(whole, seen, around), state


def _around(kind: str, images: Any, shape: tuple[int, ...], state: Any) -> tuple[Any, Any]:
    """What is beyond the images."""
    if kind == "zero":
        return np.float32(0), state
    if kind == "uniform":
        return philox.random_uniform(state, shape, np.dtype(np.float32))
    drawn, state = philox.random_standard_normal(state, shape, np.dtype(np.float32))
    mean = images.mean((1, 2), keepdims=True)
    deviation = jnp.sqrt(((images - mean) ** 2).mean((1, 2), keepdims=True))
    return lax.max(drawn * deviation + mean, np.float32(-np.inf)), state


@extract_glimpse_by.shape
def _(input, size, offsets):
    if input is not None and len(input) != 4:
        raise ValueError(f"input must be of rank 4, not {len(input)}")
    if offsets is not None and (len(offsets) != 2 or offsets[1] not in (2, None)):
        raise ValueError(f"offsets must be of shape [batch,2], not {offsets}")
    height, width = dims_of(size) or (None, None)
    batch = next((dims[0] for dims in (input, offsets) if dims is not None and dims[0] is not None), None)
    return batch, height, width, None if input is None else input[3]


def extract_glimpse(
    input: object,
    size: object,
    offsets: object,
    centered: bool = True,
    normalized: bool = True,
    uniform_noise: bool = True,
    name: str | None = None,
) -> Tensor:
    """Cut a window out of each image.

    Parameters
    ----------
    input : float32 Tensor [batch, height, width, channels]
    size : int32 Tensor [2]
        Height and width of the window.
    offsets : float32 Tensor [batch, 2]
        Where its centre is: y and x.
    centered : bool
        Whether (0, 0) is the centre of the image, rather than the upper left corner.
    normalized : bool
        Whether 1 is the lower right corner, rather than a pixel.
    uniform_noise : bool
        Whether random numbers of [0, 1) are beyond the image, rather than of a normal distribution.
    name : str, optional

    Returns
    -------
    float32 Tensor [batch, window height, window width, channels]

    Raises
    ------
    InvalidArgumentError
        When run, if a size is negative.
    """
    return extract_glimpse_by(input, size, offsets, centered, normalized, uniform_noise, name=name)
