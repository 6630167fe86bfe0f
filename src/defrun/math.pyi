"""`tf.math`: names, and nothing else. Written by tools/face.py."""

from defrun.ops.activation import log_sigmoid as log_sigmoid, softplus as softplus, softsign as softsign
from defrun.ops.arrange import invert_permutation as invert_permutation
from defrun.ops.asserts import is_non_decreasing as is_non_decreasing, is_strictly_increasing as is_strictly_increasing
from defrun.ops.compare import (
    equal as equal, greater as greater, greater_equal as greater_equal, is_finite as is_finite, is_inf as is_inf,
    is_nan as is_nan, less as less, less_equal as less_equal, logical_and as logical_and, logical_not as logical_not,
    logical_or as logical_or, logical_xor as logical_xor, not_equal as not_equal,
)
from defrun.ops.complex import angle as angle, conj as conj, imag as imag, real as real
from defrun.ops.confusion import confusion_matrix as confusion_matrix
from defrun.ops.cumulate import cumprod as cumprod, cumsum as cumsum, cumulative_logsumexp as cumulative_logsumexp
from defrun.ops.elementary import (
    abs as abs, acos as acos, acosh as acosh, asin as asin, asinh as asinh, atan as atan, atan2 as atan2,
    atanh as atanh, cos as cos, cosh as cosh, exp as exp, expm1 as expm1, log as log, log1p as log1p, pow as pow,
    reciprocal as reciprocal, rsqrt as rsqrt, sigmoid as sigmoid, sign as sign, sin as sin, sinh as sinh, sqrt as sqrt,
    tan as tan, tanh as tanh, xdivy as xdivy, xlogy as xlogy,
)
from defrun.ops.limits import (
    ceil as ceil, floor as floor, maximum as maximum, minimum as minimum, nextafter as nextafter, rint as rint,
    round as round,
)
from defrun.ops.math import (
    accumulate_n as accumulate_n, add as add, add_n as add_n, divide as divide, div_no_nan as divide_no_nan,
    floordiv as floordiv, floormod as floormod, floormod as mod, multiply as multiply,
    multiply_no_nan as multiply_no_nan, negative as negative, polyval as polyval,
    reciprocal_no_nan as reciprocal_no_nan, scalar_mul as scalar_mul, square as square,
    squared_difference as squared_difference, subtract as subtract, truediv as truediv,
)
from defrun.ops.moments import l2_normalize as l2_normalize
from defrun.ops.nn import in_top_k as in_top_k, top_k as top_k, zero_fraction as zero_fraction
from defrun.ops.reduce import (
    argmax as argmax, argmin as argmin, count_nonzero as count_nonzero, reduce_all as reduce_all,
    reduce_any as reduce_any, reduce_euclidean_norm as reduce_euclidean_norm, reduce_logsumexp as reduce_logsumexp,
    reduce_max as reduce_max, reduce_mean as reduce_mean, reduce_min as reduce_min, reduce_prod as reduce_prod,
    reduce_std as reduce_std, reduce_sum as reduce_sum, reduce_variance as reduce_variance,
)
from defrun.ops.segment import (
    bincount as bincount, segment_max as segment_max, segment_mean as segment_mean, segment_min as segment_min,
    segment_prod as segment_prod, segment_sum as segment_sum, unsorted_segment_max as unsorted_segment_max,
    unsorted_segment_mean as unsorted_segment_mean, unsorted_segment_min as unsorted_segment_min,
    unsorted_segment_prod as unsorted_segment_prod, unsorted_segment_sqrt_n as unsorted_segment_sqrt_n,
    unsorted_segment_sum as unsorted_segment_sum,
)
from defrun.ops.softmax import log_softmax as log_softmax, softmax as softmax
from defrun.ops.special import (
    bessel_i0 as bessel_i0, bessel_i0e as bessel_i0e, bessel_i1 as bessel_i1, bessel_i1e as bessel_i1e,
    betainc as betainc, digamma as digamma, erf as erf, erfc as erfc, igamma as igamma, igammac as igammac,
    lbeta as lbeta, lgamma as lgamma, polygamma as polygamma, zeta as zeta,
)
