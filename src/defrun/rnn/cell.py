"""`RNNCell`: one step of a recurrent network."""

from __future__ import annotations

from typing import Any

from defrun.base import dtypes, nest
from defrun.base.shapes import TensorShape, dimension_value
from defrun.graph.collections import GraphKeys
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import get_collection, name_scope
from defrun.graph.static import constant_value
from defrun.keras import activation as activations
from defrun.layers.base import Layer
from defrun.ops.array import shape
from defrun.ops.elementary import tanh
from defrun.rnn.shapes import zero_state_tensors
from defrun.variables.scope import get_variable_scope, variable_scope


class RNNCell(Layer):
    """Base class of recurrent cells. A subclass gives `state_size`, `output_size` and `call(inputs, state)`.

    `call` takes inputs [batch, depth] and the state and returns (output [batch, output_size], new state); it may make
    variables with `get_variable`. A state is a tensor [batch, state_size] or, where `state_size` is a structure, such a
    structure of tensors.

    Parameters
    ----------
    trainable : bool
    name : str, optional
        Variable scope; by default the class's name.
    dtype : DType, optional
        Of the weights; by default that of the first input.
    """

    def __init__(self, trainable: bool = True, name: Any = None, dtype: Any = None, **kwargs: Any) -> None:
        super().__init__(trainable=trainable, name=name, dtype=dtype, **kwargs)
        self._is_tf_rnn_cell = True

    def __call__(self, inputs: Any, state: Any, scope: Any = None) -> Any:
        """Run one step.

        Parameters
        ----------
        inputs : Tensor [batch, depth], or a structure of such
        state : Tensor or structure
            As `state_size` says.
        scope : str or VariableScope, optional
            Scope of the variables, if this is the first call.

        Returns
        -------
        tuple
            The output [batch, output_size] and the new state.
        """
        if scope is not None:
            with variable_scope(scope, custom_getter=self._rnn_get_variable) as opened:
                return super().__call__(inputs, state, scope=opened)
        around = getattr(self, "_rnncell_scope", None)
        if around is None:
            around = self._rnncell_scope = variable_scope(get_variable_scope(), custom_getter=self._rnn_get_variable)
        with around:
            return super().__call__(inputs, state)

    def _rnn_get_variable(self, getter: Any, *args: Any, **kwargs: Any) -> Any:
        """Make a variable, and note that it is the cell's."""
        variable = getter(*args, **kwargs)
        first = next(iter(variable)) if hasattr(variable, "_variable_list") else variable
        trained = any(first is other for other in get_collection(GraphKeys.TRAINABLE_VARIABLES))
        weights = self._trainable_weights if trained else self._non_trainable_weights
        if all(variable is not other for other in weights):
            weights.append(variable)
        return variable

    @property
    def state_size(self) -> Any:
        """Size of the state: an int, a TensorShape, or a structure of them."""
        raise NotImplementedError(f"{type(self).__name__}.state_size")

    @property
    def output_size(self) -> Any:
        """Size of the output: an int or a TensorShape."""
        raise NotImplementedError(f"{type(self).__name__}.output_size")

    def build(self, _: Any) -> None:
        """Make no variables: `call` may."""

    def get_initial_state(self, inputs: Any = None, batch_size: Any = None, dtype: Any = None) -> Any:
        """Return zeros for `inputs` [batch, ...], or for `batch_size` and `dtype`; see `zero_state`.

        Raises
        ------
        ValueError
            If batch size or dtype are not given, or not those of `inputs`.
        """
        if inputs is not None:
            inputs = convert_to_tensor(inputs, name="inputs")
            rows = inputs.shape.as_list()[0]
            if batch_size is not None:
                given = constant_value(batch_size) if isinstance(batch_size, Tensor) else batch_size
                if rows != given:
                    raise ValueError(f"batch_size is {batch_size}, but the inputs have {rows} rows")
            if dtype is not None and inputs.dtype != dtype:
                raise ValueError(f"dtype is {dtype}, but the inputs are of {inputs.dtype}")
            batch_size = rows or shape(inputs)[0]
            dtype = inputs.dtype
        if batch_size is None or dtype is None:
            raise ValueError(f"An initial state needs batch_size and dtype, not {batch_size} and {dtype}")
        return self.zero_state(batch_size, dtype)

    def zero_state(self, batch_size: Any, dtype: Any) -> Any:
        """Return a state of zeros.

        Parameters
        ----------
        batch_size : int or int32 Tensor []
        dtype : DType

        Returns
        -------
        Tensor [batch_size, state_size], or a structure of them as `state_size` is one
        """
        with name_scope(f"{type(self).__name__}ZeroState", values=[batch_size]):
            return zero_state_tensors(self.state_size, batch_size, dtype)


class LayerRNNCell(RNNCell):
    """A cell that makes its variables in `build`, once, and shares them whenever it is called."""

    def __call__(self, inputs: Any, state: Any, scope: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Run one step; see `RNNCell`."""
        return Layer.__call__(self, inputs, state, *args, scope=scope, **kwargs)


def assert_like_rnncell(cell_name: str, cell: Any) -> None:
    """Raise `TypeError` unless `cell` can be used as an `RNNCell`."""
    missing = [f"'{name}' property is missing" for name in ("output_size", "state_size") if not _has(cell, name)]
    if not (_has(cell, "get_initial_state") or _has(cell, "zero_state")):
        missing.append("either 'zero_state' or 'get_initial_state' method is required")
    if not callable(cell):
        missing.append("is not callable")
    if missing:
        raise TypeError(f"The argument {cell_name!r} ({cell}) is not an RNNCell: {', '.join(missing)}.")


def _has(cell: Any, name: str) -> bool:
    try:
        getattr(cell, name)
    except AttributeError:
        return False
    return True


def check_types(values: Any) -> None:
    """Raise `ValueError` if any tensor in a structure is neither of floating point nor complex."""
    for value in nest.flatten(values):
        check_type(value.dtype)


def check_type(dtype: Any) -> None:
    """Raise `ValueError` if `dtype` is neither of floating point nor complex; None is fine."""
    if dtype is None:
        return
    kind = dtypes.as_dtype(dtype)
    if not (kind.is_floating or kind.is_complex):
        raise ValueError(f"RNN cell only supports floating point inputs, but saw dtype: {kind}")


def depth_of(inputs_shape: Any) -> int:
    """Return the size of the last axis of a cell's inputs; `ValueError` if it is not known."""
    depth = dimension_value(TensorShape(inputs_shape)[-1])
    if depth is None:
        raise ValueError(f"Expected inputs.shape[-1] to be known, saw shape: {inputs_shape}")
    return depth


def activation_or_tanh(activation: Any) -> Any:
    """Return the function that `activation` (a function, a name, None) stands for."""
    return activations.get(activation) if activation else tanh
