"""Distributions that are moved by `loc` and stretched by `scale`."""

from __future__ import annotations

from typing import Any

from defrun.distributions.distribution import FULLY_REPARAMETERIZED, ScalarDistribution
from defrun.graph.operation import Tensor
from defrun.graph.scopes import control_dependencies, name_scope
from defrun.ops.array import identity
from defrun.ops.asserts import assert_positive, assert_same_float_dtype


class LocScale(ScalarDistribution):
    """A distribution with the parameters `loc` and `scale`, of one floating type, that broadcast.

    Parameters
    ----------
    loc, scale : Tensor
    validate_args : bool
        Check that `scale` is above 0 when run.
    allow_nan_stats : bool
    name : str
    parameters : dict
        What the subclass was called with.

    Raises
    ------
    ValueError
        If `loc` and `scale` are of two types, or not floating.
    """

    _broadcast = ("loc", "scale")

    def __init__(
        self, loc: Any, scale: Any, validate_args: bool, allow_nan_stats: bool, name: str, parameters: dict[str, Any]
    ) -> None:
        scope = name_scope(name, values=[loc, scale])
        with scope as name, control_dependencies([assert_positive(scale)] if validate_args else []):
            self._loc = identity(loc, name="loc")
            self._scale = identity(scale, name="scale")
            assert_same_float_dtype([self._loc, self._scale])
        super().__init__(
            dtype=self._scale.dtype,
            reparameterization_type=FULLY_REPARAMETERIZED,
            validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
            parameters=parameters,
            graph_parents=[self._loc, self._scale],
            name=name,
        )

    @property
    def loc(self) -> Tensor:
        """Where it is."""
        return self._loc

    @property
    def scale(self) -> Tensor:
        """How wide it is."""
        return self._scale

    def _standardized(self, x: Tensor) -> Tensor:
        with name_scope("standardize", values=[x]):
            return (x - self.loc) / self.scale
