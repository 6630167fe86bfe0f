"""Random numbers: TensorFlow's own, from generators that each op keeps in each session."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np

from defrun.base import dtypes
from defrun.base.dtypes import DType
from defrun.base.errors import InvalidArgumentError
from defrun.base.shapes import dimension_value
from defrun.graph.check import check
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops import philox
from defrun.ops.array import shape as shape_node
from defrun.ops.axes import dims_of, known, sizes
from defrun.ops.checks import Assert
from defrun.ops.compare import greater_equal
from defrun.ops.declare import op
from defrun.ops.flow import with_dependencies
from defrun.ops.math import add, add_v2, floormod, multiply, subtract
from defrun.ops.reduce import reduce_all
from defrun.ops.seeds import get_seed
from defrun.ops.slicing import slice_
from defrun.ops.types import ANY, FLOAT, INDEX, REAL

DRAWN = FLOAT | INDEX


def generator(attrs: dict[str, Any]) -> np.ndarray[Any, Any]:
    """The state that a random op starts each session with."""
    return philox.initial_state(attrs["seed"], attrs["seed2"])


def drawn_dims(shape: Any) -> Any:
    """The shape rule of an op that fills `shape` with random numbers; -1 is a size that is not known."""
    return dims_of(None if shape is None else [None if size == -1 else size for size in shape])


def drawn_sizes(shape: Any) -> tuple[int, ...]:
    """What `shape` says; the run fails if a size is negative."""
    found = sizes(shape)
    check(min(found, default=0) >= 0, InvalidArgumentError, "sizes must be >= 0, got {}", list(found))
    return found


# -- op types --------------------------------------------------------------------------------------------------------


@op("RandomUniform", "shape: static T[r] -> output: dtype", T=INDEX, dtype=FLOAT, shape=drawn_dims,
    state=generator, differentiable=False)  # fmt: skip
def uniform(shape, dtype: DType, seed: int = 0, seed2: int = 0, *, state):
    """Draw numbers of [0, 1), all as likely.

    Parameters
    ----------
    shape : int32 or int64 Tensor [r]
    dtype : DType
        float16, bfloat16, float32 or float64.
    seed, seed2 : int
        The generator starts from these; both 0: nobody knows where.
    """
    return philox.random_uniform(state, drawn_sizes(shape), dtype.as_numpy_dtype)


@op("RandomUniformInt", "shape: static T[r], minval: Tout[], maxval: Tout[] -> output: Tout", T=INDEX, Tout=INDEX,
    shape=drawn_dims, state=generator, differentiable=False)  # fmt: skip
def uniform_int(shape, minval, maxval, seed: int = 0, seed2: int = 0, *, state):
    """Draw integers of [minval, maxval), nearly all as likely: a range that doesn't divide 2**32 (2**64) favours some.

    Parameters
    ----------
    shape : int32 or int64 Tensor [r]
    minval, maxval : Tensor []
        int32 or int64.

    Raises
    ------
    InvalidArgumentError
        If there is no integer in the range.
    """
    return philox.random_uniform_int(state, range_sizes(shape, minval, maxval), minval, maxval)


@op("RandomStandardNormal", "shape: static T[r] -> output: dtype", T=INDEX, dtype=FLOAT, shape=drawn_dims,
    state=generator, differentiable=False)  # fmt: skip
def standard_normal(shape, dtype: DType, seed: int = 0, seed2: int = 0, *, state):
    """Draw from the normal distribution of mean 0 and standard deviation 1; see `uniform`."""
    return philox.random_standard_normal(state, drawn_sizes(shape), dtype.as_numpy_dtype)


@op("TruncatedNormal", "shape: static T[r] -> output: dtype", T=INDEX, dtype=FLOAT, shape=drawn_dims,
    state=generator, differentiable=False)  # fmt: skip
def standard_truncated_normal(shape, dtype: DType, seed: int = 0, seed2: int = 0, *, state):
    """Draw from the normal distribution of mean 0 and standard deviation 1, again for what is 2 or more off."""
    return philox.truncated_normal(state, drawn_sizes(shape), dtype.as_numpy_dtype)


@op("RandomShuffle", "value: T[...] -> output: T[...]", T=ANY, state=generator, differentiable=False)
def shuffle(value, seed: int = 0, seed2: int = 0, *, state):
    """Put the rows (entries of the first dimension) of `value` in a random order."""
    if not value.shape:
        return value, state
    order, state = philox.random_shuffle(state, value.shape)
    return jnp.asarray(value)[order], state


@op("Multinomial", "logits: T[b,c], num_samples: static int32[] -> output: output_dtype", T=REAL,
    output_dtype=(INDEX, dtypes.int64), state=generator, differentiable=False)  # fmt: skip
def draw_classes(logits, num_samples, seed: int = 0, seed2: int = 0, output_dtype: DType = dtypes.int64, *, state):
    """Draw class numbers of [0, c) for each row of `logits`.

    The numbers are those of TensorFlow with one thread; with several, its own depend on how many.

    Parameters
    ----------
    logits : Tensor [b, c]
        Logarithms of the classes' weights. What isn't finite has no weight.
    num_samples : int32 Tensor []
    output_dtype : DType
        int32 or int64.

    Returns
    -------
    Tensor [b, num_samples]

    Raises
    ------
    InvalidArgumentError
        If `num_samples` is negative or there are no classes.
    """
    return philox.multinomial(state, logits, sample_count(logits, num_samples), output_dtype.as_numpy_dtype)


@draw_classes.shape
def _(logits, num_samples):
    return classes_dims(logits, num_samples)


def range_sizes(shape: Any, minval: Any, maxval: Any) -> tuple[int, ...]:
    """What `shape` says; the run fails if there are integers to draw and none to be had."""
    found = drawn_sizes(shape)
    shapes = np.shape(minval), np.shape(maxval)
    check(shapes == ((), ()), InvalidArgumentError, "minval and maxval must be scalars, got {} and {}", *shapes)
    if 0 not in found:
        check(minval < maxval, InvalidArgumentError, "minval must be less than maxval, got {} and {}", minval, maxval)
    return found


def sample_count(logits: Any, num_samples: Any) -> int:
    """How many classes to draw, if that many can be drawn at all."""
    count = int(num_samples)
    check(count >= 0, InvalidArgumentError, "num_samples must be >= 0, got {}", count)
    check(logits.shape[1] > 0, InvalidArgumentError, "logits have no classes, their shape is {}", logits.shape)
    return count


def classes_dims(logits: Any, num_samples: Any) -> Any:
    """The shape rule of an op that draws classes."""
    count = known(num_samples)
    if count is not None and count < 0:
        raise ValueError(f"num_samples must be >= 0, got {count}")
    return logits[0], count


# -- the faces -------------------------------------------------------------------------------------------------------


def random_uniform(
    shape: Any,
    minval: Any = 0,
    maxval: Any = None,
    dtype: Any = dtypes.float32,
    seed: int | None = None,
    name: str | None = None,
) -> Tensor:
    """Draw numbers of [minval, maxval), all as likely.

    Parameters
    ----------
    shape : list of int, TensorShape or integer Tensor [r]
    minval, maxval : number or Tensor of type `dtype`
        `maxval` is 1 if not given, which integers don't allow. They broadcast, but for integers are scalars.
    dtype : DType
        float16, bfloat16, float32, float64, int32 or int64.
    seed : int, optional
        See `get_seed`.
    name : str, optional

    Raises
    ------
    ValueError
        If `dtype` is another one, or an integer's and `maxval` is not given.
    """
    kind = dtypes.as_dtype(dtype)
    if kind not in DRAWN:
        raise ValueError(f"Invalid dtype {kind!r}")
    if maxval is None:
        if kind.is_integer:
            raise ValueError(f"Must specify maxval for integer dtype {kind!r}")
        maxval = 1
    with name_scope(name, "random_uniform", [shape, minval, maxval]) as scope:
        dims = shape_tensor(shape)
        low = convert_to_tensor(minval, dtype=kind, name="min")
        high = convert_to_tensor(maxval, dtype=kind, name="max")
        seeds = op_seeds(seed)
        if kind.is_integer:
            return uniform_int(dims, low, high, **seeds, name=scope)
        drawn = uniform(dims, kind, **seeds)
        return add(multiply(drawn, subtract(high, low, name="sub"), name="mul"), low, name=scope)


def random_normal(
    shape: Any,
    mean: Any = 0.0,
    stddev: Any = 1.0,
    dtype: Any = dtypes.float32,
    seed: int | None = None,
    name: str | None = None,
) -> Tensor:
    """Draw from a normal distribution.

    Parameters
    ----------
    shape : list of int, TensorShape or integer Tensor [r]
    mean, stddev : number or Tensor of type `dtype`
        They broadcast to `shape`.
    dtype : DType
        float16, bfloat16, float32 or float64.
    seed : int, optional
        See `get_seed`.
    name : str, optional
    """
    return _normal(standard_normal, "random_normal", shape, mean, stddev, dtype, seed, name)


def truncated_normal(
    shape: Any,
    mean: Any = 0.0,
    stddev: Any = 1.0,
    dtype: Any = dtypes.float32,
    seed: int | None = None,
    name: str | None = None,
) -> Tensor:
    """Draw from a normal distribution, again for what is two standard deviations or more from the mean.

    Parameters
    ----------
    shape : list of int, TensorShape or integer Tensor [r]
    mean, stddev : number or Tensor of type `dtype`
        They broadcast to `shape`.
    dtype : DType
        float16, bfloat16, float32 or float64.
    seed : int, optional
        See `get_seed`.
    name : str, optional
    """
    return _normal(standard_truncated_normal, "truncated_normal", shape, mean, stddev, dtype, seed, name)


def _normal(draw: Any, default: str, shape: Any, mean: Any, stddev: Any, dtype: Any, seed: Any, name: Any) -> Tensor:
    with name_scope(name, default, [shape, mean, stddev]) as scope:
        dims = shape_tensor(shape)
        centre = convert_to_tensor(mean, dtype=dtype, name="mean")
        width = convert_to_tensor(stddev, dtype=dtype, name="stddev")
        seeds = op_seeds(seed)
        drawn = draw(dims, dtype, **seeds)
        return add(multiply(drawn, width, name="mul"), centre, name=scope)


def random_shuffle(value: Any, seed: int | None = None, name: str | None = None) -> Tensor:
    """Put the rows (entries of the first dimension) of `value` in a random order.

    Parameters
    ----------
    value : Tensor
    seed : int, optional
        See `get_seed`.
    name : str, optional
    """
    seeds = op_seeds(seed)
    return shuffle(value, **seeds, name=name)


def random_crop(value: Any, size: Any, seed: int | None = None, name: str | None = None) -> Tensor:
    """Cut a block of shape `size` out of `value` at a random place.

    Parameters
    ----------
    value : Tensor [...]
    size : list of int or int32 Tensor [rank of value]
    seed : int, optional
        See `get_seed`.
    name : str, optional

    Raises
    ------
    InvalidArgumentError
        When run, if `size` is larger than `value` along an axis.
    """
    with name_scope(name, "random_crop", [value, size]) as scope:
        whole = convert_to_tensor(value, name="value")
        block = convert_to_tensor(size, dtype=dtypes.int32, name="size")
        dims = shape_node(whole)
        data = ["Need value.shape >= size, got ", dims, block]
        fits = Assert(reduce_all(greater_equal(dims, block)), data, summarize=1000)
        room = add_v2(subtract(with_dependencies([fits], dims), block, name="sub"), 1, name="add")
        drawn = random_uniform(shape_node(room), dtype=block.dtype, maxval=block.dtype.max, seed=seed)
        return slice_(whole, floormod(drawn, room, name="mod"), block, name=scope)


def multinomial(
    logits: Any, num_samples: Any, seed: int | None = None, name: str | None = None, output_dtype: Any = None
) -> Tensor:
    """Draw class numbers for each row of `logits`: `categorical` in an older form."""
    with name_scope(name, "multinomial", [logits]):
        return _classes(logits, num_samples, output_dtype, seed)


def categorical(
    logits: Any, num_samples: Any, dtype: Any = None, seed: int | None = None, name: str | None = None
) -> Tensor:
    """Draw class numbers for each row of `logits`.

    Parameters
    ----------
    logits : Tensor [b, c]
        Logarithms of the classes' weights.
    num_samples : int or int32 Tensor []
        How many for each row.
    dtype : DType, optional
        int32 or int64 (the default).
    seed : int, optional
        See `get_seed`.
    name : str, optional

    Returns
    -------
    Tensor [b, num_samples]
    """
    with name_scope(name, "categorical", [logits]):
        return _classes(logits, num_samples, dtype, seed)


def _classes(logits: Any, num_samples: Any, dtype: Any, seed: int | None) -> Tensor:
    weights = convert_to_tensor(logits, name="logits")
    seeds = op_seeds(seed)
    return draw_classes(weights, num_samples, **seeds, output_dtype=dtype)


def shape_tensor(shape: Any, dtype: DType | None = None) -> Tensor:
    """Make the tensor ``shape`` that random ops take."""
    if isinstance(shape, (list, tuple)):
        shape = [dimension_value(size) for size in shape]
        dtype = dtypes.int32 if not shape else dtype
    return convert_to_tensor(shape, dtype=dtype, name="shape")


def op_seeds(op_seed: Any) -> dict[str, int]:
    """The seed attrs of the random op to be made next."""
    first, second = get_seed(op_seed)
    return {} if first is None or second is None else {"seed": int(first), "seed2": int(second)}
