"""Bijectors that work element by element."""

from __future__ import annotations

from typing import Any

from defrun.contrib.bijectors.bijector import Bijector
from defrun.distributions.helpers import softplus_inverse
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.static import constant_value
from defrun.ops.activation import softplus
from defrun.ops.array import identity
from defrun.ops.asserts import assert_non_negative, assert_none_equal, assert_positive
from defrun.ops.cast import cast
from defrun.ops.constant import constant
from defrun.ops.creation import zeros
from defrun.ops.elementary import abs as absolute
from defrun.ops.elementary import exp, expm1, log, log1p, sigmoid
from defrun.ops.flow import with_dependencies


class Identity(Bijector):
    """Everything stays what it is."""

    def __init__(self, validate_args: bool = False, name: str = "identity") -> None:
        super().__init__(forward_min_event_ndims=0, is_constant_jacobian=True, validate_args=validate_args, name=name)

    def _forward(self, x: Tensor) -> Tensor:
        return x

    def _inverse(self, y: Tensor) -> Tensor:
        return y

    def _inverse_log_det_jacobian(self, y: Tensor) -> Tensor:
        return constant(0.0, dtype=y.dtype)

    def _forward_log_det_jacobian(self, x: Tensor) -> Tensor:
        return constant(0.0, dtype=x.dtype)


class PowerTransform(Bijector):
    """``(1 + x power) ** (1 / power)``; ``exp(x)`` for a power of 0.

    Raises
    ------
    ValueError
        If `power` is negative, or not a constant.
    """

    def __init__(self, power: Any = 0.0, validate_args: bool = False, name: str = "power_transform") -> None:
        super().__init__(forward_min_event_ndims=0, validate_args=validate_args, name=name)
        with self._name_scope("init", [power]):
            known = constant_value(convert_to_tensor(power, name="power"))
        if known is None or known < 0:
            raise ValueError(f"power must be a constant and not negative, got {power}")
        self._power = known

    @property
    def power(self) -> Any:
        """The power, as a NumPy scalar."""
        return self._power

    def _forward(self, x: Tensor) -> Tensor:
        x = self._checked_source(x)
        return exp(x) if self.power == 0 else exp(log1p(x * self.power) / self.power)

    def _inverse(self, y: Tensor) -> Tensor:
        y = self._checked_image(y)
        return log(y) if self.power == 0 else expm1(log(y) * self.power) / self.power

    def _inverse_log_det_jacobian(self, y: Tensor) -> Tensor:
        return (self.power - 1.0) * log(self._checked_image(y))

    def _forward_log_det_jacobian(self, x: Tensor) -> Tensor:
        x = self._checked_source(x)
        return x if self.power == 0 else (1.0 / self.power - 1.0) * log1p(x * self.power)

    def _checked_source(self, x: Tensor) -> Tensor:
        if not self.validate_args or self.power == 0:
            return x
        least = -1.0 / self.power
        fits = assert_non_negative(1.0 + self.power * x, message=f"values must be at least {least}")
        return with_dependencies([fits], x)

    def _checked_image(self, y: Tensor) -> Tensor:
        if not self.validate_args:
            return y
        return with_dependencies([assert_positive(y, message="values must be positive")], y)


class Exp(PowerTransform):
    """``exp(x)``."""

    def __init__(self, validate_args: bool = False, name: str = "exp") -> None:
        super().__init__(validate_args=validate_args, name=name)


class Sigmoid(Bijector):
    """``1 / (1 + exp(-x))``."""

    def __init__(self, validate_args: bool = False, name: str = "sigmoid") -> None:
        super().__init__(forward_min_event_ndims=0, validate_args=validate_args, name=name)

    def _forward(self, x: Tensor) -> Tensor:
        return sigmoid(x)

    def _inverse(self, y: Tensor) -> Tensor:
        return log(y) - log1p(-y)

    def _inverse_log_det_jacobian(self, y: Tensor) -> Tensor:
        return -log(y) - log1p(-y)

    def _forward_log_det_jacobian(self, x: Tensor) -> Tensor:
        return -softplus(-x) - softplus(x)


class Softplus(Bijector):
    """``c log(1 + exp(x / c))`` for a `hinge_softness` c of 1, or what is given, not 0."""

    def __init__(self, hinge_softness: Any = None, validate_args: bool = False, name: str = "softplus") -> None:
        super().__init__(forward_min_event_ndims=0, validate_args=validate_args, name=name)
        self._hinge_softness: Tensor | None = None
        if hinge_softness is not None:
            softness = convert_to_tensor(hinge_softness, name="hinge_softness")
            if validate_args:
                zero = convert_to_tensor(0, dtype=softness.dtype)
                checks = [assert_none_equal(zero, softness, message="hinge_softness must not be 0")]
                softness = with_dependencies(checks, softness)
            self._hinge_softness = softness

    @property
    def hinge_softness(self) -> Tensor | None:
        """How soft the bend is."""
        return self._hinge_softness

    def _forward(self, x: Tensor) -> Tensor:
        if self.hinge_softness is None:
            return softplus(x)
        softness = cast(self.hinge_softness, x.dtype)
        return softness * softplus(x / softness)

    def _inverse(self, y: Tensor) -> Tensor:
        if self.hinge_softness is None:
            return softplus_inverse(y)
        softness = cast(self.hinge_softness, y.dtype)
        return softness * softplus_inverse(y / softness)

    def _inverse_log_det_jacobian(self, y: Tensor) -> Tensor:
        if self.hinge_softness is not None:
            y /= cast(self.hinge_softness, y.dtype)
        return -log(-expm1(-y))

    def _forward_log_det_jacobian(self, x: Tensor) -> Tensor:
        if self.hinge_softness is not None:
            x /= cast(self.hinge_softness, x.dtype)
        return -softplus(-x)


class AffineScalar(Bijector):
    """``x * scale + shift``; each may be left out."""

    def __init__(
        self, shift: Any = None, scale: Any = None, validate_args: bool = False, name: str = "affine_scalar"
    ) -> None:
        super().__init__(forward_min_event_ndims=0, is_constant_jacobian=True, validate_args=validate_args, name=name)
        with self._name_scope("init", [scale, shift]):
            self._shift = None if shift is None else convert_to_tensor(shift, name="shift")
            self._scale = None if scale is None else convert_to_tensor(scale, name="scale")
            if self._scale is not None and validate_args:
                checks = [assert_none_equal(self._scale, zeros([], dtype=self._scale.dtype))]
                self._scale = with_dependencies(checks, self._scale)

    @property
    def shift(self) -> Tensor | None:
        """What is added."""
        return self._shift

    @property
    def scale(self) -> Tensor | None:
        """What is multiplied with first."""
        return self._scale

    def _forward(self, x: Tensor) -> Tensor:
        y = identity(x)
        if self.scale is not None:
            y *= self.scale
        return y if self.shift is None else y + self.shift

    def _inverse(self, y: Tensor) -> Tensor:
        x = identity(y)
        if self.shift is not None:
            x -= self.shift
        return x if self.scale is None else x / self.scale

    def _forward_log_det_jacobian(self, x: Tensor) -> Tensor:
        return constant(0.0, dtype=x.dtype.base_dtype) if self.scale is None else log(absolute(self.scale))
