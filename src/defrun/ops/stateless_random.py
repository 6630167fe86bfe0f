"""Random numbers that depend on nothing but the seed they are given: the same ones in every run."""

from __future__ import annotations

from typing import Any

from defrun.base import dtypes
from defrun.base.dtypes import DType
from defrun.base.errors import InvalidArgumentError
from defrun.graph.check import check
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops import philox
from defrun.ops.declare import op
from defrun.ops.math import add, multiply, subtract
from defrun.ops.random import DRAWN, classes_dims, drawn_dims, drawn_sizes, range_sizes, sample_count, shape_tensor
from defrun.ops.types import FLOAT, INDEX, REAL


def _generator(seed: Any) -> Any:
    check(seed.shape == (2,), InvalidArgumentError, "seed must have shape [2], got shape {}", list(seed.shape))
    return philox.stateless_state(seed)


# -- op types --------------------------------------------------------------------------------------------------------


@op("StatelessRandomUniform", "shape: static T[r], seed: Tseed[2] -> output: dtype", T=(INDEX, dtypes.int32),
    Tseed=(INDEX, dtypes.int64), dtype=FLOAT, shape=drawn_dims, differentiable=False)  # fmt: skip
def uniform(shape, seed, dtype: DType = dtypes.float32):
    """Draw numbers of [0, 1), all as likely.

    Parameters
    ----------
    shape : int32 or int64 Tensor [r]
    seed : int32 or int64 Tensor [2]
    dtype : DType
        float16, bfloat16, float32 or float64.
    """
    return philox.random_uniform(_generator(seed), drawn_sizes(shape), dtype.as_numpy_dtype)[0]


@op("StatelessRandomUniformInt",
    "shape: static T[r], seed: Tseed[2], minval: dtype[], maxval: dtype[] -> output: dtype", T=INDEX,
    Tseed=(INDEX, dtypes.int64), dtype=INDEX, shape=drawn_dims, differentiable=False)  # fmt: skip
def uniform_int(shape, seed, minval, maxval):
    """Draw integers of [minval, maxval), nearly all as likely.

    Parameters
    ----------
    shape : int32 or int64 Tensor [r]
    seed : int32 or int64 Tensor [2]
    minval, maxval : Tensor []
        int32 or int64.

    Raises
    ------
    InvalidArgumentError
        If there is no integer in the range.
    """
    dims = range_sizes(shape, minval, maxval)
    return philox.random_uniform_int(_generator(seed), dims, minval, maxval)[0]


@op("StatelessRandomNormal", "shape: static T[r], seed: Tseed[2] -> output: dtype", T=(INDEX, dtypes.int32),
    Tseed=(INDEX, dtypes.int64), dtype=FLOAT, shape=drawn_dims, differentiable=False)  # fmt: skip
def standard_normal(shape, seed, dtype: DType = dtypes.float32):
    """Draw from the normal distribution of mean 0 and standard deviation 1; see `uniform`."""
    return philox.random_standard_normal(_generator(seed), drawn_sizes(shape), dtype.as_numpy_dtype)[0]


@op("StatelessTruncatedNormal", "shape: static T[r], seed: Tseed[2] -> output: dtype", T=(INDEX, dtypes.int32),
    Tseed=(INDEX, dtypes.int64), dtype=FLOAT, shape=drawn_dims, differentiable=False)  # fmt: skip
def standard_truncated_normal(shape, seed, dtype: DType = dtypes.float32):
    """Draw from the normal distribution of mean 0 and standard deviation 1, again for what is 2 or more off."""
    return philox.truncated_normal(_generator(seed), drawn_sizes(shape), dtype.as_numpy_dtype)[0]


@op("StatelessMultinomial", "logits: T[b,c], num_samples: static int32[], seed: Tseed[2] -> output: output_dtype",
    T=REAL, Tseed=(INDEX, dtypes.int64), output_dtype=INDEX, differentiable=False)  # fmt: skip
def draw_classes(logits, num_samples, seed, output_dtype: DType = dtypes.int64):
    """Draw class numbers of [0, c) for each row of `logits`.

    Parameters
    ----------
    logits : Tensor [b, c]
        Logarithms of the classes' weights. What isn't finite has no weight.
    num_samples : int32 Tensor []
    seed : int32 or int64 Tensor [2]
    output_dtype : DType
        int32 or int64.

    Returns
    -------
    Tensor [b, num_samples]
    """
    count = sample_count(logits, num_samples)
    return philox.multinomial(_generator(seed), logits, count, output_dtype.as_numpy_dtype)[0]


@draw_classes.shape
def _(logits, num_samples):
    return classes_dims(logits, num_samples)


# -- the faces -------------------------------------------------------------------------------------------------------


def stateless_random_uniform(
    shape: Any, seed: Any, minval: Any = 0, maxval: Any = None, dtype: Any = dtypes.float32, name: str | None = None
) -> Tensor:
    """Draw numbers of [minval, maxval), all as likely; the same ones for the same `seed` and `shape`.

    Parameters
    ----------
    shape : list of int, TensorShape or integer Tensor [r]
    seed : two integers or integer Tensor [2]
    minval, maxval : number or Tensor of type `dtype`
        `maxval` is 1 if not given, which integers don't allow.
    dtype : DType
        float16, bfloat16, float32, float64, int32 or int64.
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
    with name_scope(name, "stateless_random_uniform", [shape, seed, minval, maxval]) as scope:
        dims = shape_tensor(shape)
        low = convert_to_tensor(minval, dtype=kind, name="min")
        high = convert_to_tensor(maxval, dtype=kind, name="max")
        if kind.is_integer:
            return uniform_int(dims, seed, low, high, name=scope)
        drawn = uniform(dims, seed, kind)
        return add(multiply(drawn, subtract(high, low, name="sub"), name="mul"), low, name=scope)


def stateless_random_normal(
    shape: Any, seed: Any, mean: Any = 0.0, stddev: Any = 1.0, dtype: Any = dtypes.float32, name: str | None = None
) -> Tensor:
    """Draw from a normal distribution; the same numbers for the same `seed` and `shape`.

    Parameters
    ----------
    shape : list of int, TensorShape or integer Tensor [r]
    seed : two integers or integer Tensor [2]
    mean, stddev : number or Tensor of type `dtype`
    dtype : DType
        float16, bfloat16, float32 or float64.
    name : str, optional
    """
    return _normal(standard_normal, "stateless_random_normal", shape, seed, mean, stddev, dtype, name)


def stateless_truncated_normal(
    shape: Any, seed: Any, mean: Any = 0.0, stddev: Any = 1.0, dtype: Any = dtypes.float32, name: str | None = None
) -> Tensor:
    """Draw as `stateless_random_normal` does, again for what is two standard deviations or more from the mean."""
    return _normal(standard_truncated_normal, "stateless_truncated_normal", shape, seed, mean, stddev, dtype, name)


def _normal(draw: Any, default: str, shape: Any, seed: Any, mean: Any, stddev: Any, dtype: Any, name: Any) -> Tensor:
    with name_scope(name, default, [shape, seed, mean, stddev]) as scope:
        dims = shape_tensor(shape)
        centre = convert_to_tensor(mean, dtype=dtype, name="mean")
        width = convert_to_tensor(stddev, dtype=dtype, name="stddev")
        return add(multiply(draw(dims, seed, dtype), width, name="mul"), centre, name=scope)


def stateless_multinomial(
    logits: Any, num_samples: Any, seed: Any, output_dtype: Any = dtypes.int64, name: str | None = None
) -> Tensor:
    """Draw class numbers for each row of `logits`: `stateless_categorical` in an older form."""
    with name_scope(name, "stateless_multinomial", [logits, seed]):
        return _classes(logits, num_samples, seed, output_dtype)


def stateless_categorical(
    logits: Any, num_samples: Any, seed: Any, dtype: Any = dtypes.int64, name: str | None = None
) -> Tensor:
    """Draw class numbers for each row of `logits`; the same ones for the same `seed`.

    Parameters
    ----------
    logits : Tensor [b, c]
        Logarithms of the classes' weights.
    num_samples : int or int32 Tensor []
        How many for each row.
    seed : two integers or integer Tensor [2]
    dtype : DType
        int32 or int64.
    name : str, optional

    Returns
    -------
    Tensor [b, num_samples]
    """
    with name_scope(name, "stateless_categorical", [logits, seed]):
        return _classes(logits, num_samples, seed, dtype)


def _classes(logits: Any, num_samples: Any, seed: Any, dtype: Any) -> Tensor:
    return draw_classes(convert_to_tensor(logits, name="logits"), num_samples, seed, output_dtype=dtype)
