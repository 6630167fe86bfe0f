"""Functions of one tensor that take a sparse tensor too, and work on its values."""

from __future__ import annotations

from typing import Any

from defrun.graph.composite import SparseTensor
from defrun.graph.scopes import name_scope
from defrun.ops.declare import OpFunction
from defrun.ops.elementary import sign, sqrt, tanh
from defrun.ops.math import negative, square
from defrun.ops.special import bessel_i0e, bessel_i1e, erf


class ValuesFunction(OpFunction):
    """An op that also takes a sparse tensor. A class of its own, so that the others need not look for one."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Add a node for the tensor, or for the values of the sparse tensor."""
        first = self._takes[0]
        x = args[0] if args else kwargs.get(first)
        if not isinstance(x, SparseTensor):
            return super().__call__(*args, **kwargs)
        given = dict(zip((*self._takes, "name"), args)) | kwargs
        with name_scope(given.get("name") or self.definition.type):
            pass  # TensorFlow tries the sparse tensor first, so the node is the second of its name
        return SparseTensor(x.indices, super().__call__(**{**given, first: x.values}), x.dense_shape)


for _function in (bessel_i0e, bessel_i1e, erf, negative, sign, sqrt, square, tanh):
    _function.__class__ = ValuesFunction
