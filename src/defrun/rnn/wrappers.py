"""Cells around cells: several on top of each other, dropout, residual connections, devices."""

from __future__ import annotations

import hashlib
import itertools
import numbers
from collections.abc import Callable
from typing import Any

from defrun.base import logging, nest
from defrun.base.shapes import TensorShape
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import device, name_scope
from defrun.graph.static import constant_value
from defrun.layers.base import Layer
from defrun.ops.join import concat
from defrun.ops.limits import floor
from defrun.ops.math import div
from defrun.ops.nn import dropout_v2
from defrun.ops.random import random_uniform
from defrun.ops.slicing import slice_
from defrun.rnn.cell import RNNCell, assert_like_rnncell
from defrun.rnn.lstm import LSTMStateTuple
from defrun.variables.scope import variable_scope


class AroundCell(RNNCell):
    """Base class of cells that have the state and the output of a cell inside them."""

    _cell: Any

    @property
    def wrapped_cell(self) -> Any:
        """The cell inside."""
        return self._cell

    @property
    def state_size(self) -> Any:
        """That of the cell."""
        return self.wrapped_cell.state_size

    @property
    def output_size(self) -> Any:
        """That of the cell."""
        return self.wrapped_cell.output_size

    def zero_state(self, batch_size: Any, dtype: Any) -> Any:
        """Return the cell's state of zeros."""
        with name_scope(f"{type(self).__name__}ZeroState", values=[batch_size]):
            return self.wrapped_cell.zero_state(batch_size, dtype)


class RNNCellWrapper(AroundCell):
    """Base class of cells that do what another cell does, and something more.

    Parameters
    ----------
    cell : RNNCell

    Raises
    ------
    TypeError
        If `cell` is not like an `RNNCell`.
    """

    def __init__(self, cell: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        assert_like_rnncell("cell", cell)
        self.cell = cell

    def __call__(self, inputs: Any, state: Any, scope: Any = None) -> Any:
        """Run one step; see `RNNCell`."""
        return self._call_wrapped_cell(inputs, state, self.cell.__call__, scope=scope)

    def _call_wrapped_cell(self, inputs: Any, state: Any, cell_call_fn: Callable[..., Any], **kwargs: Any) -> Any:
        raise NotImplementedError(f"{type(self).__name__}._call_wrapped_cell")

    @property
    def wrapped_cell(self) -> Any:
        """The cell inside."""
        return self.cell


class DropoutWrapper(RNNCellWrapper):
    """Drops parts of a cell's inputs, outputs and state at random.

    Parameters
    ----------
    cell : RNNCell
    input_keep_prob, output_keep_prob, state_keep_prob : float or Tensor []
        Probability with which an element is kept.
    variational_recurrent : bool
        Drop the same elements at each step of a run, and for each example.
    input_size : structure of TensorShape, optional
        Depth of the inputs, without the batch; needed to drop inputs with `variational_recurrent`.
    dtype : DType, optional
        Needed with `variational_recurrent`.
    seed : int, optional
    dropout_state_filter_visitor : callable, optional
        Gets a part of the state and returns a structure of bool: which tensors of it are dropped from. By default the
        memory of an LSTM is not.

    Raises
    ------
    TypeError
        If `cell` is not like a cell, or the visitor can't be called.
    ValueError
        If a probability is not in [0, 1], or `dtype` or `input_size` are needed and not given.
    """

    def __init__(
        self,
        cell: Any,
        input_keep_prob: Any = 1.0,
        output_keep_prob: Any = 1.0,
        state_keep_prob: Any = 1.0,
        variational_recurrent: bool = False,
        input_size: Any = None,
        dtype: Any = None,
        seed: int | None = None,
        dropout_state_filter_visitor: Callable[[Any], Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(cell, dtype=dtype, **kwargs)
        if dropout_state_filter_visitor is not None and not callable(dropout_state_filter_visitor):
            raise TypeError("dropout_state_filter_visitor must be callable")
        self._dropout_state_filter = dropout_state_filter_visitor or _all_but_memory
        with name_scope("DropoutWrapperInit"):
            self._input_keep_prob = _probability("input_keep_prob", input_keep_prob)
            self._state_keep_prob = _probability("state_keep_prob", state_keep_prob)
            self._output_keep_prob = _probability("output_keep_prob", output_keep_prob)
        self._variational_recurrent = variational_recurrent
        self._input_size = input_size
        self._seed = seed
        self._noise: dict[str, Any] = dict.fromkeys(("input", "state", "output"))
        if variational_recurrent:
            self._make_noise(input_size, dtype)

    def _make_noise(self, input_size: Any, dtype: Any) -> None:
        if dtype is None:
            raise ValueError("When variational_recurrent=True, dtype must be provided")
        if _drops(self._input_keep_prob):
            if input_size is None:
                raise ValueError(
                    "When variational_recurrent=True and input_keep_prob < 1.0 or is unknown, input_size must be given"
                )
            self._noise["input"] = self._noise_for("input", input_size, dtype)
        self._noise["state"] = self._noise_for("state", self.cell.state_size, dtype)
        self._noise["output"] = self._noise_for("output", self.cell.output_size, dtype)

    def _noise_for(self, what: str, sizes: Any, dtype: Any) -> Any:
        numbers_of = itertools.count()

        def noise(size: Any) -> Tensor:
            dims = concat(([1], TensorShape(size).as_list()), 0)
            return random_uniform(dims, seed=self._seed_of(what, next(numbers_of)), dtype=dtype)

        return nest.map_structure_up_to(sizes, noise, sizes)

    def _seed_of(self, what: str, index: int) -> int | None:
        if self._seed is None:
            return None
        text = f"{self._seed}{what}_{index}"
        return int(hashlib.md5(text.encode()).hexdigest()[:8], 16) & 0x7FFFFFFF

    def _drop(self, what: str, values: Any, keep_prob: Any, which: Any = None) -> Any:
        """Drop from `values`; `which` says, in the upper part of their structure, from which of them."""
        which = values if which is None else which
        places = itertools.count()

        def drop(chosen: Any, value: Any, noise: Any = None) -> Any:
            place = next(places)
            if isinstance(chosen, bool) and not chosen:
                return value
            if noise is None:
                return dropout_v2(value, rate=1.0 - keep_prob, seed=self._seed_of(what, place))
            mask = floor(keep_prob + noise)
            kept = div(value, keep_prob) * mask
            kept.set_shape(value.shape)
            return kept

        noise = [self._noise[what]] if self._variational_recurrent else []
        return nest.map_structure_up_to(which, drop, which, values, *noise)

    def _call_wrapped_cell(self, inputs: Any, state: Any, cell_call_fn: Callable[..., Any], **kwargs: Any) -> Any:
        if _drops(self._input_keep_prob):
            inputs = self._drop("input", inputs, self._input_keep_prob)
        output, new_state = cell_call_fn(inputs, state, **kwargs)
        if _drops(self._state_keep_prob):
            which = nest.get_traverse_shallow_structure(self._dropout_state_filter, new_state)
            new_state = self._drop("state", new_state, self._state_keep_prob, which)
        if _drops(self._output_keep_prob):
            output = self._drop("output", output, self._output_keep_prob)
        return output, new_state


def _probability(name: str, value: Any) -> Any:
    tensor = convert_to_tensor(value)
    known = constant_value(tensor)
    if known is None:
        return tensor
    if not 0 <= known <= 1:
        raise ValueError(f"Parameter {name} must be between 0 and 1: {known}")
    return float(known)


def _drops(keep_prob: Any) -> bool:
    return not isinstance(keep_prob, numbers.Real) or keep_prob < 1


def _all_but_memory(part: Any) -> Any:
    """Choose all of a state but the memory of LSTMs."""
    if isinstance(part, LSTMStateTuple):
        return LSTMStateTuple(c=False, h=True)
    return not hasattr(part, "flow")  # a TensorArray


class ResidualWrapper(RNNCellWrapper):
    """Adds a cell's inputs to its outputs.

    Parameters
    ----------
    cell : RNNCell
    residual_fn : callable, optional
        What to do instead of adding, with inputs and outputs.

    Raises
    ------
    TypeError, ValueError
        If `cell` is not like a cell; when called: if inputs and outputs differ in structure or shape.
    """

    def __init__(self, cell: Any, residual_fn: Callable[[Any, Any], Any] | None = None, **kwargs: Any) -> None:
        super().__init__(cell, **kwargs)
        self._residual_fn = residual_fn

    def _call_wrapped_cell(self, inputs: Any, state: Any, cell_call_fn: Callable[..., Any], **kwargs: Any) -> Any:
        outputs, new_state = cell_call_fn(inputs, state, **kwargs)
        return (self._residual_fn or added)(inputs, outputs), new_state


def assert_alike(inputs: Any, outputs: Any) -> None:
    """Raise ValueError or TypeError if two structures of tensors differ, or the shapes in them."""
    nest.assert_same_structure(inputs, outputs)
    nest.map_structure(lambda a, b: a.shape.assert_is_compatible_with(b.shape), inputs, outputs)


def added(inputs: Any, outputs: Any) -> Any:
    """Add two structures of tensors of the same shapes."""
    assert_alike(inputs, outputs)
    return nest.map_structure(lambda a, b: a + b, inputs, outputs)


class DeviceWrapper(RNNCellWrapper):
    """Puts a cell's nodes on a device.

    Parameters
    ----------
    cell : RNNCell
    device : str or callable
    """

    def __init__(self, cell: Any, device: Any, **kwargs: Any) -> None:
        super().__init__(cell, **kwargs)
        self._device = device

    def zero_state(self, batch_size: Any, dtype: Any) -> Any:
        """Return the cell's state of zeros, on the device."""
        with name_scope(f"{type(self).__name__}ZeroState", values=[batch_size]), device(self._device):
            return self.cell.zero_state(batch_size, dtype)

    def _call_wrapped_cell(self, inputs: Any, state: Any, cell_call_fn: Callable[..., Any], **kwargs: Any) -> Any:
        with device(self._device):
            return cell_call_fn(inputs, state, **kwargs)


class MultiRNNCell(RNNCell):
    """Cells on top of each other: each takes the output of the one before.

    Parameters
    ----------
    cells : list of RNNCell
    state_is_tuple : bool
        The state is a tuple of the cells' states; else one tensor, which is slower.

    Raises
    ------
    ValueError
        If there are no cells, or states of several parts without `state_is_tuple`.
    TypeError
        If `cells` is no list or tuple.
    """

    def __init__(self, cells: Any, state_is_tuple: bool = True) -> None:
        super().__init__()
        if not cells:
            raise ValueError("Must specify at least one cell for MultiRNNCell.")
        if not nest.is_sequence(cells):
            raise TypeError(f"cells must be a list or tuple, but saw: {cells}.")
        if len({id(cell) for cell in cells}) < len(cells):
            logging.log_first_n(
                logging.WARN, "At least two cells provided to MultiRNNCell are the same object and share weights.", 1
            )
        self._cells = cells
        self._state_is_tuple = state_is_tuple
        sizes = [] if state_is_tuple else [cell.state_size for cell in cells]
        if any(map(nest.is_sequence, sizes)):
            raise ValueError(f"Some cells return tuples of states, but state_is_tuple is not set: {sizes}")

    @property
    def state_size(self) -> Any:
        """The sizes of the cells' states."""
        sizes = tuple(cell.state_size for cell in self._cells)
        return sizes if self._state_is_tuple else sum(sizes)

    @property
    def output_size(self) -> Any:
        """That of the last cell."""
        return self._cells[-1].output_size

    def zero_state(self, batch_size: Any, dtype: Any) -> Any:
        """Return the cells' states of zeros."""
        with name_scope(f"{type(self).__name__}ZeroState", values=[batch_size]):
            if self._state_is_tuple:
                return tuple(cell.zero_state(batch_size, dtype) for cell in self._cells)
            return super().zero_state(batch_size, dtype)

    def _gathered(self, name: str) -> list[Any]:
        return [w for cell in self._cells if isinstance(cell, Layer) for w in getattr(cell, name)]

    @property
    def trainable_weights(self) -> list[Any]:
        """The cells' weights that are trained."""
        return self._gathered("trainable_weights") if self.trainable else []

    @property
    def non_trainable_weights(self) -> list[Any]:
        """The cells' weights that are not trained."""
        trained = [] if self.trainable else self._gathered("trainable_weights")
        return trained + self._gathered("non_trainable_weights")

    trainable_variables = trainable_weights
    non_trainable_variables = non_trainable_weights

    def call(self, inputs: Any, state: Any) -> tuple[Any, Any]:  # type: ignore[override]
        """Return the output of the last cell and the new states of all."""
        states = state if self._state_is_tuple else None
        if self._state_is_tuple and not nest.is_sequence(state):
            raise ValueError(f"Expected state to be a tuple of length {len(self.state_size)}, but received: {state}")
        output, new_states, begin = inputs, [], 0
        for number, cell in enumerate(self._cells):
            with variable_scope(f"cell_{number}"):
                if states is not None:
                    own = states[number]
                else:
                    own = slice_(state, [0, begin], [-1, cell.state_size])
                    begin += cell.state_size
                output, new_state = cell(output, own)
                new_states.append(new_state)
        return output, tuple(new_states) if self._state_is_tuple else concat(new_states, 1)
