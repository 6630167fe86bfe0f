"""CTC losses: of sparse labels, as one op on the host that prepares the labels, and of dense ones on the device."""

from __future__ import annotations

import functools
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from defrun.base import dtypes
from defrun.base.errors import InvalidArgumentError
from defrun.graph.check import check
from defrun.graph.composite import SparseTensor
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.arrange import transpose
from defrun.ops.array import either, expand_dims, prevent_gradient, reshape, shape
from defrun.ops.cast import cast
from defrun.ops.compare import logical_and, not_equal
from defrun.ops.creation import ones_like, range_
from defrun.ops.ctc.paths import loss_and_gradient
from defrun.ops.declare import op
from defrun.ops.gather import scatter_nd
from defrun.ops.join import concat
from defrun.ops.masks import boolean_mask, sequence_mask
from defrun.ops.reduce import reduce_max, reduce_sum
from defrun.ops.select import where
from defrun.ops.sparse.parts import check_valid

_TYPES = frozenset((dtypes.float32, dtypes.float64))

# -- of sparse labels ------------------------------------------------------------------------------------------------
# The number of labels differs from batch to batch, and so would the shapes of a program on the device that took them.
# Here they are filled up to a length that few batches exceed before the device gets them.


@op("CTCLoss", "inputs: T[t,b,c], labels_indices: int64[n,2], labels_values: int32[n], sequence_length: int32[b] -> "
    "loss: T[b], gradient: T[t,b,c]", T=(_TYPES, dtypes.float32), host=True)  # fmt: skip
def _ctc_loss(
    inputs,
    labels_indices,
    labels_values,
    sequence_length,
    preprocess_collapse_repeated: bool = False,
    ctc_merge_repeated: bool = True,
    ignore_longer_outputs_than_inputs: bool = False,
):
    """The loss of each sequence, and its gradient."""
    check(inputs.ndim == 3, InvalidArgumentError, "inputs must have 3 axes, not {}", inputs.ndim)
    count, batch, classes = inputs.shape
    _check_lengths(sequence_length, count, batch)
    labels, lengths = _padded(labels_indices, labels_values, batch, classes - 1, preprocess_collapse_repeated)
    fits = lengths <= sequence_length
    place = int(np.argmin(fits))
    check(ignore_longer_outputs_than_inputs or fits.all(), InvalidArgumentError,
          "sequence {} has {} labels and only {} frames; ignore_longer_outputs_than_inputs gives it the loss 0",
          place, lengths[place], sequence_length[place])  # fmt: skip
    frames = np.where(fits, sequence_length, 0).astype(np.int32)
    if not count:
        return [np.zeros(batch, inputs.dtype), inputs]
    with jax.enable_x64(True):
        return [np.asarray(part) for part in _compiled(inputs, labels, lengths, frames, ctc_merge_repeated)]


@functools.partial(jax.jit, static_argnums=4)
def _compiled(inputs: Any, labels: Any, lengths: Any, frames: Any, merge_repeated: bool) -> Any:
    return loss_and_gradient(inputs, labels, lengths, frames, inputs.shape[2] - 1, merge_repeated)


def _check_lengths(lengths: Any, count: int, batch: int) -> None:
    check(batch > 0, InvalidArgumentError, "inputs must have a sequence at least")
    check(lengths.shape == (batch,), InvalidArgumentError,
          "sequence_length has {} elements, inputs have {} sequences", lengths.size, batch)  # fmt: skip
    place = int(np.argmax((lengths < 0) | (lengths > count)))
    check(((lengths >= 0) & (lengths <= count)).all(), InvalidArgumentError,
          "sequence_length[{}] = {} is not between 0 and the number of frames, {}",
          place, lengths[place], count)  # fmt: skip


def _padded(indices: Any, values: Any, batch: int, blank: int, collapse: bool) -> tuple[Any, Any]:
    """Return the labels [b, l], filled up, and how many each sequence has."""
    check(indices.shape == (*values.shape, 2), InvalidArgumentError,
          "labels_indices of shape {} don't go with labels_values of shape {}",
          indices.shape, values.shape)  # fmt: skip
    check_valid(indices, np.array([batch, np.max(indices[:, 1], initial=0) + 1]), "labels")
    rows = indices[:, 0]
    absent = np.bincount(rows, minlength=batch) == 0
    check(not absent.any(), InvalidArgumentError, "Labels length is zero in batch {}", int(np.argmax(absent)))
    check((values >= 0).all(), InvalidArgumentError, "labels must not be negative, and {} is",
          values.min(initial=0))  # fmt: skip
    if collapse and len(rows):
        kept = np.concatenate([[True], (values[1:] != values[:-1]) | (rows[1:] != rows[:-1])])
        rows, values = rows[kept], values[kept]
    _check_end(rows, values, blank)
    real = values < blank
    rows, values = rows[real], values[real]
    lengths = np.bincount(rows, minlength=batch).astype(np.int32)
    labels = np.full((batch, _roomy(lengths.max(initial=0))), blank, np.int32)
    labels[rows, np.arange(len(rows)) - np.repeat(np.cumsum(lengths) - lengths, lengths)] = values
    return labels, lengths


def _check_end(rows: Any, values: Any, blank: int) -> None:
    """Let the run fail if a label follows one that is no label but marks the end."""
    goes_on = (values[1:] < blank) & (values[:-1] >= blank) & (rows[1:] == rows[:-1])
    place = int(np.argmax(goes_on)) if len(goes_on) else 0
    check(not goes_on.any(), InvalidArgumentError,
          "sequence {} has a label after {}, which is blank (classes - 1) or more and marks its end",
          rows[place] if len(rows) else 0, values[place] if len(rows) else 0)  # fmt: skip


def _roomy(length: int) -> int:
    """Return the next power of two, so that few programs do for all batches."""
    return max(8, 1 << (int(length) - 1).bit_length()) if length else 8


@_ctc_loss.gradient
def _(op, grad, _):
    gradient = prevent_gradient(op.outputs[1], message="CTCLoss has no second derivative")
    return expand_dims(expand_dims(grad, 0), -1) * gradient, None, None, None


def ctc_loss(
    labels: Any,
    inputs: Any = None,
    sequence_length: Any = None,
    preprocess_collapse_repeated: bool = False,
    ctc_merge_repeated: bool = True,
    ignore_longer_outputs_than_inputs: bool = False,
    time_major: bool = True,
    logits: Any = None,
) -> Tensor:
    """Compute the CTC loss of each sequence: minus the logarithm of the probability of its labels, however aligned.

    Parameters
    ----------
    labels : int32 SparseTensor [batch, labels]
        Below classes - 1, which is the blank.
    inputs : float32 or float64 Tensor [frames, batch, classes]
        Logits; batch first if not `time_major`.
    sequence_length : int32 Tensor [batch]
        How many frames each sequence has.
    preprocess_collapse_repeated : bool
        Make one label of equal labels after each other first.
    ctc_merge_repeated : bool
        Read the same label in frames after each other as one label. (Two need a blank between them then.)
    ignore_longer_outputs_than_inputs : bool
        Give sequences of more labels than frames the loss 0.
    time_major : bool
    logits
        Another name of `inputs`.

    Returns
    -------
    Tensor [batch]

    Raises
    ------
    TypeError
        If `labels` are not sparse.
    ValueError
        If the shapes are known and don't go together.
    InvalidArgumentError
        When run, if a sequence has no labels, or more than frames, a label is negative or follows a blank, or a length
        is larger than the number of frames.
    """
    if not isinstance(labels, SparseTensor):
        raise TypeError("Expected labels (first argument) to be a SparseTensor")
    inputs = either("logits", logits, "inputs", inputs)
    if not time_major:
        inputs = transpose(inputs, [1, 0, 2])
    loss, _ = _ctc_loss(
        inputs,
        labels.indices,
        labels.values,
        sequence_length,
        preprocess_collapse_repeated=preprocess_collapse_repeated,
        ctc_merge_repeated=ctc_merge_repeated,
        ignore_longer_outputs_than_inputs=ignore_longer_outputs_than_inputs,
    )
    return loss


# -- of dense labels -------------------------------------------------------------------------------------------------


@op("CTCLossDense", "logits: T[t,b,c], labels: int32[b,l], label_length: int32[b], logit_length: int32[b] -> "
    "loss: T[b], gradient: T[t,b,c]", T=_TYPES)  # fmt: skip
def _ctc_loss_dense(logits, labels, label_length, logit_length):
    """The loss of each sequence, and its gradient; the blank is class 0."""
    count, _, classes = logits.shape
    counts = jnp.arange(labels.shape[1]) < label_length[:, None]
    check((~counts | ((labels >= 0) & (labels < classes))).all(), InvalidArgumentError,
          "labels are not in [0, {})", classes)  # fmt: skip
    check(((logit_length >= 0) & (logit_length <= count)).all(), InvalidArgumentError,
          "logit_length is not between 0 and the number of frames, {}", count)  # fmt: skip
    return list(loss_and_gradient(logits, jnp.where(counts, labels, 0), label_length, logit_length, 0, True))


@_ctc_loss_dense.gradient
def _(op, grad, _):
    return reshape(grad, [1, -1, 1]) * op.outputs[1], None, None, None


def ctc_loss_v2(
    labels: Any,
    logits: Any,
    label_length: Any,
    logit_length: Any,
    logits_time_major: bool = True,
    unique: Any = None,
    blank_index: int | None = None,
    name: str | None = None,
) -> Tensor:
    """Compute the CTC loss of each sequence, of sparse or dense labels.

    Parameters
    ----------
    labels : int32 SparseTensor or int Tensor [batch, labels]
    logits : float32 Tensor [frames, batch, classes]
        Batch first if not `logits_time_major`.
    label_length : int Tensor [batch]
        How many labels each sequence has; None if they are sparse.
    logit_length : int Tensor [batch]
        How many frames each sequence has.
    logits_time_major : bool
    unique : tuple, optional
        What `ctc_unique_labels` gives. It makes nothing faster here.
    blank_index : int, optional
        Which class is the blank, by default the first one; from the end if it is negative. Must be given for sparse
        labels.
    name : str, optional

    Returns
    -------
    Tensor [batch]

    Raises
    ------
    ValueError
        If the labels are sparse, and there is no `blank_index`.
    InvalidArgumentError
        When run, if labels or lengths are out of range.
    """
    if isinstance(labels, SparseTensor):
        return _sparse_loss(labels, logits, logit_length, logits_time_major, blank_index)
    with name_scope(name, "ctc_loss_dense", [logits, labels, label_length, logit_length]):
        logits = convert_to_tensor(logits, name="logits")
        labels = convert_to_tensor(labels, name="labels")
        label_length = convert_to_tensor(label_length, name="label_length")
        logit_length = convert_to_tensor(logit_length, name="logit_length")
        if not logits_time_major:
            logits = transpose(logits, perm=[1, 0, 2])
        blank: Any = blank_index or 0
        if blank:
            blank = blank + _size(logits, 2) if blank < 0 else blank
            logits = concat([logits[:, :, blank : blank + 1], logits[:, :, :blank], logits[:, :, blank + 1 :]], axis=2)
            labels = where(labels < blank, labels + 1, labels)
        lengths = [cast(part, dtypes.int32) for part in (labels, label_length, logit_length)]
        return _ctc_loss_dense(logits, *lengths)[0]


def _sparse_loss(labels: SparseTensor, logits: Any, lengths: Any, time_major: bool, blank: Any) -> Tensor:
    if blank is None:
        raise ValueError("blank_index must be given when using SparseTensor labels.")
    logits = convert_to_tensor(logits)
    classes = _size(logits, 2)
    blank = blank + classes if blank < 0 else blank
    if isinstance(blank, Tensor) or isinstance(classes, Tensor) or blank != classes - 1:
        logits = concat([logits[:, :, :blank], logits[:, :, blank + 1 :], logits[:, :, blank : blank + 1]], axis=2)
        values = where(labels.values < blank, labels.values, labels.values - 1)
        labels = SparseTensor(labels.indices, values, labels.dense_shape)
    return ctc_loss(labels=labels, inputs=logits, sequence_length=lengths, time_major=time_major)


def _size(tensor: Tensor, axis: int) -> Any:
    """Return the size of an axis, as a tensor if it is not known."""
    known = tensor.shape[axis].value
    return known or shape(tensor)[axis]


# -- labels ----------------------------------------------------------------------------------------------------------


@op("UniqueLabels", "labels: T -> y: int64, idx: int32", host=True, differentiable=False)
def _unique_labels(labels):
    """The different labels of each row in the order of their appearance, filled up with 0, and which each is."""
    found, number = np.zeros(labels.shape, np.int64), np.zeros(labels.shape, np.int32)
    for row, values in enumerate(labels):
        different, first, inverse = np.unique(values, return_index=True, return_inverse=True)
        order = np.argsort(first)
        found[row, : len(different)] = different[order]
        number[row] = np.argsort(order)[inverse.reshape(-1)]
    return [found, number]


@_unique_labels.shape
def _(labels):
    return [(None if labels is None else labels[0], None), labels]


def ctc_unique_labels(labels: Any, name: str | None = None) -> list[Tensor]:
    """Find the different labels of each sequence, for `ctc_loss_v2`.

    Parameters
    ----------
    labels : int Tensor [batch, labels]
        Filled up with 0.
    name : str, optional

    Returns
    -------
    int64 Tensor [batch, labels]
        The different labels of each row in the order of their appearance, filled up with 0.
    int32 Tensor [batch, labels]
        Which of them each label is.
    """
    with name_scope(name, "ctc_unique_labels", [labels]):
        return list(_unique_labels(convert_to_tensor(labels, name="labels")))


def collapse_repeated(labels: Any, seq_length: Any, name: str | None = None) -> tuple[Tensor, Tensor]:
    """Make one label of equal labels after each other.

    Parameters
    ----------
    labels : Tensor [batch, labels]
    seq_length : int Tensor [batch]
        How many labels of each row count.
    name : str, optional

    Returns
    -------
    Tensor [batch, most labels]
        Filled up with 0.
    Tensor [batch]
        How many labels each row has.
    """
    with name_scope(name, "collapse_repeated_labels", [labels, seq_length]):
        labels = convert_to_tensor(labels, name="labels")
        seq_length = convert_to_tensor(seq_length, name="seq_length")
        begins = concat([ones_like(labels[:, :1], dtypes.bool), not_equal(labels[:, 1:], labels[:, :-1])], axis=1)
        kept = logical_and(begins, sequence_mask(seq_length, maxlen=_size(labels, 1)))
        lengths = reduce_sum(cast(kept, dtypes.int32), axis=1)
        longest = reduce_max(lengths)
        whole = sequence_mask(lengths, maxlen=longest)
        flat_labels, flat_kept, filled = reshape(labels, [-1]), reshape(kept, [-1]), reshape(whole, [-1])
        flat = scatter_nd(
            indices=expand_dims(boolean_mask(range_(_size(filled, 0)), filled), axis=1),
            updates=boolean_mask(flat_labels, flat_kept),
            shape=shape(filled),
        )
        return reshape(flat, [_size(labels, 0), longest]), cast(lengths, seq_length.dtype)
