"""The normal distribution's function, its logarithm and its inverse, exact far out too."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from defrun.base import dtypes
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.array import shape
from defrun.ops.compare import greater, less
from defrun.ops.constant import constant
from defrun.ops.creation import fill, zeros_like
from defrun.ops.elementary import abs as absolute
from defrun.ops.elementary import exp, log, log1p, sqrt
from defrun.ops.limits import maximum, minimum
from defrun.ops.math import square
from defrun.ops.select import where_v2
from defrun.ops.special import erf, erfc

# Up to where the asymptotic series takes over, and from where on the function is 1 but for its complement.
_ENDS = {dtypes.float32: (np.float32(-10), np.float32(5)), dtypes.float64: (np.float64(-20), np.float64(8))}

# Coefficients, lowest power first, of the rational approximations of Cephes' `ndtri`: near 1/2, and of 1 / z below and
# above z = 8 with z = sqrt(-2 log p).
_MIDDLE = (
    [-1.23916583867381258016e0, 1.39312609387279679503e1, -5.66762857469070293439e1, 9.80010754185999661536e1,
     -5.99633501014107895267e1],
    [-1.18331621121330003142e0, 1.59056225126211695515e1, -8.20372256168333339912e1, 2.00260212380060660359e2,
     -2.25462687854119370527e2, 8.63602421390890590575e1, 4.67627912898881538453e0, 1.95448858338141759834e0, 1.0],
)  # fmt: skip
_NEAR = (
    [-8.57456785154685413611e-4, -3.50424626827848203418e-2, -1.40256079171354495875e-1, 2.18663306850790267539e0,
     1.46849561928858024014e1, 4.40805073893200834700e1, 5.71628192246421288162e1, 3.15251094599893866154e1,
     4.05544892305962419923e0],
    [-9.33259480895457427372e-4, -3.80806407691578277194e-2, -1.42182922854787788574e-1, 2.50464946208309415979e0,
     1.50425385692907503408e1, 4.13172038254672030440e1, 4.53907635128879210584e1, 1.57799883256466749731e1, 1.0],
)  # fmt: skip
_FAR = (
    [6.23974539184983293730e-9, 2.65806974686737550832e-6, 3.01581553508235416007e-4, 1.23716634817820021358e-2,
     2.01485389549179081538e-1, 1.33303460815807542389e0, 3.93881025292474443415e0, 6.91522889068984211695e0,
     3.23774891776946035970e0],
    [6.79019408009981274425e-9, 2.89247864745380683936e-6, 3.28014464682127739104e-4, 1.34204006088543189037e-2,
     2.16236993594496635890e-1, 1.37702099489081330271e0, 3.67983563856160859403e0, 6.02427039364742014255e0, 1.0],
)  # fmt: skip


def ndtr(x: Any, name: str = "ndtr") -> Tensor:
    """Return the probability that a standard normal number is below `x` (float32 or float64)."""
    with name_scope(name, values=[x]):
        return _ndtr(_floating(x, "x"))


def _ndtr(x: Tensor) -> Tensor:
    half_sqrt_2 = constant(0.5 * math.sqrt(2.0), dtype=x.dtype, name="half_sqrt_2")
    w = x * half_sqrt_2
    z = absolute(w)
    middle = less(z, half_sqrt_2)
    inner = 1.0 + erf(w)
    positive = greater(w, 0.0)
    above = 2.0 - erfc(z)
    return 0.5 * where_v2(middle, inner, where_v2(positive, above, erfc(z)))


def log_ndtr(x: Any, series_order: int = 3, name: str = "log_ndtr") -> Tensor:
    """Return the logarithm of `ndtr`, by an asymptotic series of `series_order` terms where `ndtr` would be 0.

    Raises
    ------
    TypeError
        If `x` is not float32 or float64, or `series_order` no int.
    ValueError
        If `series_order` is not from 0 to 30.
    """
    if not isinstance(series_order, int):
        raise TypeError(f"series_order must be a Python integer, got {series_order!r}")
    if not 0 <= series_order <= 30:
        raise ValueError(f"series_order must be from 0 to 30, got {series_order}")
    with name_scope(name, values=[x]):
        x = _floating(x, "x")
        lower, upper = _ENDS[x.dtype.base_dtype]
        is_high = greater(x, upper)
        high = -_ndtr(-x)
        is_middle = greater(x, lower)
        middle = log(_ndtr(maximum(x, lower)))
        return where_v2(is_high, high, where_v2(is_middle, middle, _log_ndtr_lower(minimum(x, lower), series_order)))


def _log_ndtr_lower(x: Tensor, series_order: int) -> Tensor:
    log_scale = -0.5 * square(x) - log(-x) - 0.5 * math.log(2.0 * math.pi)
    return log_scale + log(_asymptotic_series(x, series_order))


def _asymptotic_series(x: Tensor, series_order: int) -> Any:
    """Sum of (-1)^n (2n - 1)!! / x^2n."""
    kind = x.dtype.as_numpy_dtype
    if series_order == 0:
        return np.array(1, kind)
    x_2 = square(x)
    sums = [zeros_like(x), zeros_like(x)]
    power = x_2
    for n in range(1, series_order + 1):
        sums[n % 2] += np.array(math.prod(range(2 * n - 1, 1, -2)), kind) / power
        power *= x_2
    even, odd = sums
    return 1.0 + even - odd


def ndtri(p: Any, name: str = "ndtri") -> Tensor:
    """Return the number below which a standard normal number is with probability `p` (float32 or float64)."""
    with name_scope(name, values=[p]):
        return _ndtri(_floating(p, "p"))


def _ndtri(p: Tensor) -> Tensor:
    kind = p.dtype.as_numpy_dtype
    smaller = where_v2(p > -np.expm1(-2.0), 1.0 - p, p)
    inside = where_v2(smaller <= 0.0, fill(shape(p), np.array(0.5, kind)), smaller)
    w = inside - 0.5
    ww = w**2
    big = w + w * ww * (_polynomial(ww, _MIDDLE[0]) / _polynomial(ww, _MIDDLE[1]))
    big *= -math.sqrt(2.0 * math.pi)
    z = sqrt(-2.0 * log(inside))
    first = z - log(z) / z
    far = _polynomial(1.0 / z, _FAR[0]) / _polynomial(1.0 / z, _FAR[1]) / z
    near = _polynomial(1.0 / z, _NEAR[0]) / _polynomial(1.0 / z, _NEAR[1]) / z
    small, otherwise = first - far, first - near
    x = where_v2(inside > math.exp(-2.0), big, where_v2(z >= 8.0, small, otherwise))
    x = where_v2(p > 1.0 - math.exp(-2.0), x, -x)
    one_infinity = constant(math.inf, dtype=p.dtype)
    infinity = fill(shape(p), one_infinity)
    below = p <= 0.0
    return where_v2(below, -infinity, where_v2(p >= 1.0, infinity, x))


def _polynomial(x: Tensor, coefficients: list[float]) -> Any:
    *lower, total = np.array(coefficients, x.dtype.as_numpy_dtype)
    inner = zeros_like(x)
    total = total + inner * x
    for coefficient in reversed(lower):
        total = coefficient + total * x
    return total


def erfinv(x: Any, name: str = "erfinv") -> Tensor:
    """Return the number whose error function is `x` (float32 or float64)."""
    with name_scope(name, values=[x]):
        return ndtri((_floating(x, "x") + 1.0) / 2.0) / math.sqrt(2)


def log_cdf_laplace(x: Any, name: str = "log_cdf_laplace") -> Tensor:
    """Return the logarithm of the probability that a standard Laplace number is below `x`."""
    with name_scope(name, values=[x]):
        x = convert_to_tensor(x, name="x")
        lower = -math.log(2.0) + x
        upper = log1p(-0.5 * exp(-absolute(x)))
        return where_v2(x < 0.0, lower, upper)


def _floating(x: Any, name: str) -> Tensor:
    x = convert_to_tensor(x, name=name)
    if x.dtype.base_dtype not in _ENDS:
        raise TypeError(f"{name} must be float32 or float64, got {x.dtype.name}")
    return x
