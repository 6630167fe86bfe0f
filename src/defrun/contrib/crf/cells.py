"""Cells that go along chains of tags: forward, for sums and for the best, and backward."""

from __future__ import annotations

from typing import Any

from defrun.base import dtypes
from defrun.base.shapes import dimension_value
from defrun.graph.operation import Tensor
from defrun.ops.array import expand_dims, squeeze
from defrun.ops.array import shape as shape_node
from defrun.ops.cast import cast
from defrun.ops.creation import range_
from defrun.ops.gather import gather_nd
from defrun.ops.join import stack
from defrun.ops.reduce import argmax, reduce_logsumexp, reduce_max
from defrun.rnn.cell import RNNCell


class _TransitionCell(RNNCell):
    """A cell whose state [batch, tags] is a score for each tag at the step."""

    def __init__(self, transition_params: Any) -> None:
        self._transition_params = expand_dims(transition_params, 0)
        self._num_tags = dimension_value(transition_params.shape[0])

    @property
    def state_size(self) -> int | None:
        """The number of tags."""
        return self._num_tags

    @property
    def output_size(self) -> int | None:
        """The number of tags."""
        return self._num_tags

    def _followed(self, state: Tensor) -> Tensor:
        """Return the scores [batch, tags, tags] of each tag after each other one."""
        return expand_dims(state, 2) + self._transition_params


class CrfForwardRnnCell(_TransitionCell):
    """Sums over all ways that lead to each tag, in logarithms.

    Parameters
    ----------
    transition_params : float Tensor [tags, tags]
    """

    def __call__(self, inputs: Any, state: Any, scope: Any = None) -> Any:
        """Return the next sums [batch, tags] twice: as output and as state."""
        scores = self._followed(state)
        sums = inputs + reduce_logsumexp(scores, [1])
        return sums, sums


class CrfDecodeForwardRnnCell(_TransitionCell):
    """Finds the best way to each tag.

    Parameters
    ----------
    transition_params : float Tensor [tags, tags]
    """

    def __call__(self, inputs: Any, state: Any, scope: Any = None) -> Any:
        """Return (the best tag before each tag, int32 [batch, tags]; the scores [batch, tags])."""
        scores = self._followed(state)
        best = inputs + reduce_max(scores, [1])
        return cast(argmax(scores, 1), dtype=dtypes.int32), best


class CrfDecodeBackwardRnnCell(RNNCell):
    """Follows the best tags back.

    Parameters
    ----------
    num_tags : int
    """

    def __init__(self, num_tags: int) -> None:
        self._num_tags = num_tags

    @property
    def state_size(self) -> int:
        """One: the tag of the step after."""
        return 1

    @property
    def output_size(self) -> int:
        """One: the tag."""
        return 1

    def __call__(self, inputs: Any, state: Any, scope: Any = None) -> Any:
        """Return the tag of the step [batch, 1] twice: `inputs` [batch, tags] says it for each tag after."""
        after = squeeze(state, axis=[1])
        rows = range_(shape_node(inputs)[0])
        tags = expand_dims(gather_nd(inputs, stack([rows, after], axis=1)), axis=-1)
        return tags, tags
