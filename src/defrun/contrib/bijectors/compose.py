"""Bijectors made of others, or of plain functions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from defrun.contrib.bijectors.bijector import Bijector
from defrun.distributions.util import known_value
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.ops.array import rank, size
from defrun.ops.array import shape as shape_node
from defrun.ops.cast import cast


class Invert(Bijector):
    """The inverse of a bijector.

    Raises
    ------
    NotImplementedError
        If several values become one.
    """

    def __init__(self, bijector: Bijector, validate_args: bool = False, name: str | None = None) -> None:
        _require_injective(bijector)
        self._bijector = bijector
        super().__init__(
            graph_parents=bijector.graph_parents,
            forward_min_event_ndims=bijector.inverse_min_event_ndims,
            inverse_min_event_ndims=bijector.forward_min_event_ndims,
            is_constant_jacobian=bijector.is_constant_jacobian,
            validate_args=validate_args,
            dtype=bijector.dtype,
            name=name or f"invert_{bijector.name}",
        )

    @property
    def bijector(self) -> Bijector:
        """The bijector that this is the inverse of."""
        return self._bijector

    def _forward(self, x: Tensor, **kwargs: Any) -> Tensor:
        return self.bijector._inverse(x, **kwargs)

    def _inverse(self, y: Tensor, **kwargs: Any) -> Tensor:
        return self.bijector._forward(y, **kwargs)

    def _inverse_log_det_jacobian(self, y: Tensor, **kwargs: Any) -> Tensor:
        return self.bijector._forward_log_det_jacobian(y, **kwargs)

    def _forward_log_det_jacobian(self, x: Tensor, **kwargs: Any) -> Tensor:
        return self.bijector._inverse_log_det_jacobian(x, **kwargs)

    def _forward_event_shape(self, input_shape: Any) -> Any:
        return self.bijector._inverse_event_shape(input_shape)

    def _inverse_event_shape(self, output_shape: Any) -> Any:
        return self.bijector._forward_event_shape(output_shape)

    def _forward_event_shape_tensor(self, input_shape: Tensor) -> Tensor:
        return self.bijector._inverse_event_shape_tensor(input_shape)

    def _inverse_event_shape_tensor(self, output_shape: Tensor) -> Tensor:
        return self.bijector._forward_event_shape_tensor(output_shape)


class Chain(Bijector):
    """Several bijectors after each other, the last one first.

    Raises
    ------
    NotImplementedError
        If several values become one.
    ValueError
        If they are of several types.
    """

    def __init__(
        self, bijectors: Iterable[Bijector] | None = None, validate_args: bool = False, name: str | None = None
    ) -> None:
        self._bijectors = list(bijectors or ())
        for one in self._bijectors:
            _require_injective(one)
        kinds = {one.dtype for one in self._bijectors} - {None}
        if len(kinds) > 1:
            raise ValueError(f"incompatible dtypes: {sorted(kind.name for kind in kinds)}")
        names = ["chain", *(one.name for one in self._bijectors)]
        super().__init__(
            graph_parents=[parent for one in self._bijectors for parent in one.graph_parents],
            forward_min_event_ndims=_least_rank(
                [(b.forward_min_event_ndims, b.inverse_min_event_ndims) for b in reversed(self._bijectors)]
            ),
            inverse_min_event_ndims=_least_rank(
                [(b.inverse_min_event_ndims, b.forward_min_event_ndims) for b in self._bijectors]
            ),
            is_constant_jacobian=all(one.is_constant_jacobian for one in self._bijectors),
            validate_args=validate_args,
            dtype=next(iter(kinds), None),
            name=name or ("_of_".join(names) if self._bijectors else "identity"),
        )

    @property
    def bijectors(self) -> list[Bijector]:
        """The bijectors; the last one comes first."""
        return self._bijectors

    def _forward(self, x: Tensor, **kwargs: Any) -> Tensor:
        for one in reversed(self.bijectors):
            x = one._call_forward(x, "forward", **kwargs.get(one.name, {}))
        return x

    def _inverse(self, y: Tensor, **kwargs: Any) -> Tensor:
        for one in self.bijectors:
            y = one._call_inverse(y, "inverse", **kwargs.get(one.name, {}))
        return y

    def _inverse_log_det_jacobian(self, y: Tensor, **kwargs: Any) -> Tensor:
        return self._walk(y, False, kwargs)

    def _forward_log_det_jacobian(self, x: Tensor, **kwargs: Any) -> Tensor:
        return self._walk(x, True, kwargs)

    def _walk(self, value: Tensor, ahead: bool, kwargs: dict[str, Any]) -> Tensor:
        """Add up the logarithms of the Jacobians; the axes that an event has may become fewer or more on the way."""
        value = convert_to_tensor(value, name="x" if ahead else "y")
        total = cast(0.0, dtype=value.dtype.base_dtype)
        axes: Any = self.forward_min_event_ndims if ahead else self.inverse_min_event_ndims
        known = value.shape.is_fully_defined()
        whole = value.shape.ndims
        event: Any = value.shape[whole - axes :] if known else shape_node(value)[rank(value) - axes :]
        for one in reversed(self.bijectors) if ahead else self.bijectors:
            more = kwargs.get(one.name, {})
            if ahead:
                total += one._call_forward_log_det_jacobian(value, axes, "forward_log_det_jacobian", **more)
                event = one.forward_event_shape(event) if known else one.forward_event_shape_tensor(event)
                value = one._call_forward(value, "forward", **more)
            else:
                total += one._call_inverse_log_det_jacobian(value, axes, "inverse_log_det_jacobian", **more)
                event = one.inverse_event_shape(event) if known else one.inverse_event_shape_tensor(event)
                value = one._call_inverse(value, "inverse", **more)
            count: Any = event.ndims if known else size(event)
            found = known_value(count)
            axes = count if found is None else int(found)
        return total

    def _forward_event_shape(self, input_shape: Any) -> Any:
        for one in reversed(self.bijectors):
            input_shape = one.forward_event_shape(input_shape)
        return input_shape

    def _inverse_event_shape(self, output_shape: Any) -> Any:
        for one in self.bijectors:
            output_shape = one.inverse_event_shape(output_shape)
        return output_shape

    def _forward_event_shape_tensor(self, input_shape: Tensor) -> Tensor:
        for one in reversed(self.bijectors):
            input_shape = one.forward_event_shape_tensor(input_shape)
        return input_shape

    def _inverse_event_shape_tensor(self, output_shape: Tensor) -> Tensor:
        for one in self.bijectors:
            output_shape = one.inverse_event_shape_tensor(output_shape)
        return output_shape


class Inline(Bijector):
    """A bijector of functions; what is not given is not implemented."""

    def __init__(
        self,
        forward_fn: Callable[..., Any] | None = None,
        inverse_fn: Callable[..., Any] | None = None,
        inverse_log_det_jacobian_fn: Callable[..., Any] | None = None,
        forward_log_det_jacobian_fn: Callable[..., Any] | None = None,
        forward_event_shape_fn: Callable[..., Any] | None = None,
        forward_event_shape_tensor_fn: Callable[..., Any] | None = None,
        inverse_event_shape_fn: Callable[..., Any] | None = None,
        inverse_event_shape_tensor_fn: Callable[..., Any] | None = None,
        is_constant_jacobian: bool = False,
        validate_args: bool = False,
        forward_min_event_ndims: int | None = None,
        inverse_min_event_ndims: int | None = None,
        name: str = "inline",
    ) -> None:
        super().__init__(
            forward_min_event_ndims=forward_min_event_ndims,
            inverse_min_event_ndims=inverse_min_event_ndims,
            is_constant_jacobian=is_constant_jacobian,
            validate_args=validate_args,
            name=name,
        )
        given = {
            "_forward": forward_fn,
            "_inverse": inverse_fn,
            "_inverse_log_det_jacobian": inverse_log_det_jacobian_fn,
            "_forward_log_det_jacobian": forward_log_det_jacobian_fn,
            "_forward_event_shape": forward_event_shape_fn,
            "_forward_event_shape_tensor": forward_event_shape_tensor_fn,
            "_inverse_event_shape": inverse_event_shape_fn,
            "_inverse_event_shape_tensor": inverse_event_shape_tensor_fn,
        }
        vars(self).update({method: function for method, function in given.items() if function is not None})


def _require_injective(bijector: Bijector) -> None:
    if not bijector._is_injective:
        raise NotImplementedError(f"{bijector.name} is not injective, and can't be inverted or be a part of a chain")


def _least_rank(ranks: list[tuple[int, int]]) -> int:
    """The axes that a chain needs, of (axes that each takes, axes that it gives)."""
    needed = left = 0
    for takes, gives in ranks:
        needed += max(takes - left, 0)
        left = max(takes, left) - takes + gives
    return needed
