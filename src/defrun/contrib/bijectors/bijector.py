"""`Bijector`: a differentiable function with an inverse, and how both stretch space."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from typing import Any

from defrun.base import dtypes
from defrun.base.shapes import TensorShape
from defrun.distributions.util import known_value
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import control_dependencies, name_scope
from defrun.graph.static import constant_value
from defrun.ops.array import rank
from defrun.ops.array import shape as shape_node
from defrun.ops.asserts import assert_greater_equal
from defrun.ops.broadcast_shapes import broadcast_static_shape
from defrun.ops.creation import ones, range_
from defrun.ops.reduce import reduce_sum


class Bijector:
    """The base of all bijectors.

    A subclass gives ``_forward(x)`` and ``_inverse(y)``, of ``_forward_log_det_jacobian(x)`` and
    ``_inverse_log_det_jacobian(y)`` at least one, and ``_forward_event_shape(shape)`` and its kin if shapes change.
    What went through once comes back as the same tensor.

    Parameters
    ----------
    graph_parents : list of Tensor, optional
    is_constant_jacobian : bool
        Whether the Jacobian does not depend on the value.
    validate_args : bool
        Check values when run.
    dtype : DType, optional
        What values must be of.
    forward_min_event_ndims, inverse_min_event_ndims : int
        How many axes, the last ones, go together; one says both.
    name : str, optional
        By default the class's.

    Raises
    ------
    ValueError
        If no number of axes is given, or a negative one.
    TypeError
        If one is no int.
    """

    _is_injective = True

    def __init__(
        self,
        graph_parents: list[Any] | None = None,
        is_constant_jacobian: bool = False,
        validate_args: bool = False,
        dtype: Any = None,
        forward_min_event_ndims: int | None = None,
        inverse_min_event_ndims: int | None = None,
        name: str | None = None,
    ) -> None:
        ranks = [r for r in (forward_min_event_ndims, inverse_min_event_ndims) if r is not None]
        if not ranks:
            raise ValueError("Must specify at least one of forward_min_event_ndims and inverse_min_event_ndims.")
        for one in ranks:
            if not isinstance(one, int):
                raise TypeError(f"min_event_ndims must be an int, got {one!r}")
            if one < 0:
                raise ValueError(f"min_event_ndims must not be negative, got {one}")
        self._graph_parents = graph_parents or []
        for place, parent in enumerate(self._graph_parents):
            if not isinstance(parent, Tensor):
                raise ValueError(f"graph_parents[{place}] is no Tensor: {parent!r}")
        self._forward_min_event_ndims, self._inverse_min_event_ndims = ranks[0], ranks[-1]
        self._is_constant_jacobian = is_constant_jacobian
        self._validate_args = validate_args
        self._dtype = dtype
        self._name = name or _snake_case(type(self).__name__)
        self._images: dict[Any, Tensor] = {}
        self._sources: dict[Any, Tensor] = {}
        self._log_dets: dict[Any, Any] = {}  # of the inverse, by value (None if it is constant) and axes

    @property
    def graph_parents(self) -> list[Any]:
        """The tensors that it is made of."""
        return self._graph_parents

    @property
    def forward_min_event_ndims(self) -> int:
        """How many of the last axes of what comes in go together."""
        return self._forward_min_event_ndims

    @property
    def inverse_min_event_ndims(self) -> int:
        """How many of the last axes of what comes out go together."""
        return self._inverse_min_event_ndims

    @property
    def is_constant_jacobian(self) -> bool:
        """Whether the Jacobian does not depend on the value."""
        return self._is_constant_jacobian

    @property
    def validate_args(self) -> bool:
        """Whether runs check values."""
        return self._validate_args

    @property
    def dtype(self) -> Any:
        """What values must be of, or None."""
        return self._dtype

    @property
    def name(self) -> str:
        """The name scope of its nodes."""
        return self._name

    # -- values ------------------------------------------------------------------------------------------------------

    def forward(self, x: Any, name: str = "forward") -> Tensor:
        """Return what `x` becomes."""
        return self._call_forward(x, name)

    def inverse(self, y: Any, name: str = "inverse") -> Tensor:
        """Return what becomes `y`."""
        return self._call_inverse(y, name)

    def _call_forward(self, x: Any, name: str, **kwargs: Any) -> Tensor:
        with self._name_scope(name, [x]):
            x = self._checked(x, "x")
            key = _key(x, kwargs)
            if key not in self._images:
                self._note(x, self._forward(x, **kwargs), kwargs)
            return self._images[key]

    def _call_inverse(self, y: Any, name: str, **kwargs: Any) -> Tensor:
        with self._name_scope(name, [y]):
            y = self._checked(y, "y")
            key = _key(y, kwargs)
            if key not in self._sources:
                self._note(self._inverse(y, **kwargs), y, kwargs)
            return self._sources[key]

    def _note(self, x: Tensor, y: Tensor, kwargs: dict[str, Any]) -> None:
        self._images[_key(x, kwargs)] = y
        self._sources[_key(y, kwargs)] = x

    def _forward(self, x: Tensor) -> Tensor:
        raise NotImplementedError("forward not implemented.")

    def _inverse(self, y: Tensor) -> Tensor:
        raise NotImplementedError("inverse not implemented.")

    # -- Jacobians ---------------------------------------------------------------------------------------------------

    def inverse_log_det_jacobian(self, y: Any, event_ndims: Any, name: str = "inverse_log_det_jacobian") -> Tensor:
        """Return the logarithm of how the inverse stretches space at `y`, for `event_ndims` axes, the last ones."""
        return self._call_inverse_log_det_jacobian(y, event_ndims, name)

    def forward_log_det_jacobian(self, x: Any, event_ndims: Any, name: str = "forward_log_det_jacobian") -> Tensor:
        """Return the logarithm of how the function stretches space at `x`, for `event_ndims` axes, the last ones."""
        return self._call_forward_log_det_jacobian(x, event_ndims, name)

    def _call_inverse_log_det_jacobian(self, y: Any, event_ndims: Any, name: str, **kwargs: Any) -> Tensor:
        with self._name_scope(name, [y]):
            y = self._checked(y, "y")
            axes = known_value(event_ndims)
            key = self._log_det_key(y, axes, kwargs)
            if key not in self._log_dets:
                checks = self._check_event_ndims(self.inverse_min_event_ndims, event_ndims)
                with control_dependencies(checks):
                    self._log_dets[key] = self._inverse_log_det(y, event_ndims, kwargs)
            return self._log_dets[key]

    def _call_forward_log_det_jacobian(self, x: Any, event_ndims: Any, name: str, **kwargs: Any) -> Tensor:
        with self._name_scope(name, [x]):
            x = self._checked(x, "x")
            with control_dependencies(self._check_event_ndims(self.forward_min_event_ndims, event_ndims)):
                try:
                    found = self._forward_log_det_jacobian(x, **kwargs)
                    return self._over_event(x, found, self.forward_min_event_ndims, event_ndims)
                except NotImplementedError as error:
                    try:
                        y = self._images.get(_key(x, kwargs))
                        y = self._forward(x, **kwargs) if y is None else y
                        found = -self._inverse_log_det_jacobian(y, **kwargs)
                    except NotImplementedError:
                        raise error from None
                    return self._over_event(y, found, self.inverse_min_event_ndims, event_ndims)

    def _inverse_log_det(self, y: Tensor, event_ndims: Any, kwargs: dict[str, Any]) -> Tensor:
        try:
            found = self._inverse_log_det_jacobian(y, **kwargs)
            return self._over_event(y, found, self.inverse_min_event_ndims, event_ndims)
        except NotImplementedError as error:
            try:
                x = self._sources.get(_key(y, kwargs))
                x = self._inverse(y, **kwargs) if x is None else x
                found = -self._forward_log_det_jacobian(x, **kwargs)
            except NotImplementedError:
                raise error from None
            return self._over_event(x, found, self.forward_min_event_ndims, event_ndims)

    def _inverse_log_det_jacobian(self, y: Tensor) -> Tensor:
        raise NotImplementedError("inverse_log_det_jacobian not implemented.")

    def _forward_log_det_jacobian(self, x: Tensor) -> Tensor:
        raise NotImplementedError("forward_log_det_jacobian not implemented.")

    def _log_det_key(self, y: Tensor, axes: Any, kwargs: dict[str, Any]) -> Any:
        if axes is None:
            return object()  # asked anew each time
        return (None if self.is_constant_jacobian else _key(y, kwargs), int(axes))

    def _over_event(self, value: Tensor, log_det: Tensor, least: int, event_ndims: Any) -> Tensor:
        """Add up the logarithms of `least` axes over all the axes of an event."""
        value_rank = rank(value)
        inner = shape_node(value)[value_rank - event_ndims : value_rank - least]
        known = known_value(event_ndims)
        if known is None:
            axes: Any = range_(-(event_ndims - least), 0)
        else:
            axes = [-index for index in range(1, int(known) - least + 1)]
        total = reduce_sum(ones(inner, log_det.dtype) * log_det, axis=axes)
        if known is not None and value.shape.ndims is not None and log_det.shape.ndims is not None:
            count = int(known)
            dims = value.shape[value.shape.ndims - count : value.shape.ndims - least]
            both = broadcast_static_shape(log_det.shape, dims)
            total.set_shape(both[: (both.ndims or 0) - (count - least)])
        return total

    def _check_event_ndims(self, least: int, event_ndims: Any) -> list[Any]:
        ndims = convert_to_tensor(event_ndims, name="event_ndims")
        if not ndims.dtype.is_integer:
            raise ValueError(f"event_ndims must be an integer, got {ndims}")
        if ndims.shape.ndims not in (0, None):
            raise ValueError(f"event_ndims must be a scalar, got {ndims}")
        known = constant_value(ndims)
        if known is not None and known < least:
            raise ValueError(f"event_ndims ({known}) must be at least min_event_ndims ({least}) of {self.name}")
        return [assert_greater_equal(ndims, least)] if known is None and self.validate_args else []

    # -- shapes ------------------------------------------------------------------------------------------------------

    def forward_event_shape(self, input_shape: Any) -> TensorShape:
        """Return the shape that an event of `input_shape` becomes, as far as it is known."""
        return TensorShape(self._forward_event_shape(TensorShape(input_shape)))

    def inverse_event_shape(self, output_shape: Any) -> TensorShape:
        """Return the shape that becomes `output_shape`, as far as it is known."""
        return TensorShape(self._inverse_event_shape(TensorShape(output_shape)))

    def forward_event_shape_tensor(self, input_shape: Any, name: str = "forward_event_shape_tensor") -> Tensor:
        """Return the shape that an event of `input_shape` becomes."""
        with self._name_scope(name, [input_shape]):
            return self._forward_event_shape_tensor(
                convert_to_tensor(input_shape, dtype=dtypes.int32, name="input_shape")
            )

    def inverse_event_shape_tensor(self, output_shape: Any, name: str = "inverse_event_shape_tensor") -> Tensor:
        """Return the shape that becomes `output_shape`."""
        with self._name_scope(name, [output_shape]):
            return self._inverse_event_shape_tensor(
                convert_to_tensor(output_shape, dtype=dtypes.int32, name="output_shape")
            )

    def _forward_event_shape(self, input_shape: Any) -> Any:
        return input_shape

    def _inverse_event_shape(self, output_shape: Any) -> Any:
        return output_shape

    def _forward_event_shape_tensor(self, input_shape: Tensor) -> Tensor:
        return input_shape

    def _inverse_event_shape_tensor(self, output_shape: Tensor) -> Tensor:
        return output_shape

    # ----------------------------------------------------------------------------------------------------------------

    def _checked(self, value: Any, name: str) -> Tensor:
        value = convert_to_tensor(value, name=name)
        if self.dtype is not None and dtypes.as_dtype(self.dtype).base_dtype != value.dtype.base_dtype:
            raise TypeError(f"{self.name} is for {dtypes.as_dtype(self.dtype).name}, got {value}")
        return value

    @contextlib.contextmanager
    def _name_scope(self, name: str, values: list[Any] | None = None) -> Iterator[str]:
        with name_scope(self.name), name_scope(name, values=[*(values or []), *self.graph_parents]) as scope:
            yield scope


def _key(tensor: Tensor, kwargs: dict[str, Any]) -> Any:
    # Tensors are compared by identity; what else is handed on may not be hashable.
    return tensor, tuple((name, id(value)) for name, value in sorted(kwargs.items()))


def _snake_case(name: str) -> str:
    words = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name.lstrip("_"))
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", words).lower()
