"""Of boxes that overlap too much, keep the one with the best score: non-maximum suppression. On the host."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from defrun.base import dtypes
from defrun.base.errors import InvalidArgumentError
from defrun.graph.check import check
from defrun.ops.axes import known
from defrun.ops.declare import op

Array = np.ndarray[Any, Any]
_T = (frozenset((dtypes.float16, dtypes.float32)), dtypes.float32)

# -- how much boxes overlap ------------------------------------------------------------------------------------------


class _Boxes:
    """Boxes by their corners, whichever two of them were given."""

    def __init__(self, boxes: Array) -> None:
        self.top, self.bottom = np.minimum(boxes[:, 0], boxes[:, 2]), np.maximum(boxes[:, 0], boxes[:, 2])
        self.left, self.right = np.minimum(boxes[:, 1], boxes[:, 3]), np.maximum(boxes[:, 1], boxes[:, 3])
        self.area = (self.bottom - self.top) * (self.right - self.left)

    def overlaps(self, one: int, others: Array) -> Array:
        """The area that one shares with each of others, as a part of what they cover together."""
        height = np.minimum(self.bottom[one], self.bottom[others]) - np.maximum(self.top[one], self.top[others])
        width = np.minimum(self.right[one], self.right[others]) - np.maximum(self.left[one], self.left[others])
        shared = np.maximum(height, 0) * np.maximum(width, 0)
        some = (self.area[one] > 0) & (self.area[others] > 0)
        together = self.area[one] + self.area[others] - shared
        return np.where(some, shared / np.where(some, together, 1), 0).astype(self.area.dtype)


class _Kept(NamedTuple):
    """Which were kept, and with which scores."""

    indices: Array
    scores: Array


Overlaps = Callable[[int, Array], Array]


class _Queue:
    """A heap as C++ keeps it: of candidates with equal scores it gives the one that TensorFlow's gives."""

    def __init__(self, candidates: list[tuple[float, int, int]]) -> None:
        self.heap: list[tuple[float, int, int]] = []
        for candidate in candidates:
            self.push(candidate)

    def push(self, candidate: tuple[float, int, int]) -> None:
        """Add (score, index, ...)."""
        self.heap.append(candidate)
        self._rise(len(self.heap) - 1, candidate)

    def pop(self) -> tuple[float, int, int]:
        """Take the one with the best score."""
        best, last = self.heap[0], self.heap.pop()
        if self.heap:
            self._sink(last)
        return best

    def _rise(self, place: int, candidate: tuple[float, int, int]) -> None:
        heap = self.heap
        while place > 0 and heap[(place - 1) // 2][0] < candidate[0]:
            heap[place] = heap[(place - 1) // 2]
            place = (place - 1) // 2
        heap[place] = candidate

    def _sink(self, candidate: tuple[float, int, int]) -> None:
        heap, place, count = self.heap, 0, len(self.heap)
        while (child := 2 * place + 2) < count:
            child -= heap[child][0] < heap[child - 1][0]
            heap[place] = heap[child]
            place = child
        if child == count:
            heap[place] = heap[child - 1]
            place = child - 1
        self._rise(place, candidate)


def _by_score(scores: Array, score_threshold: Any) -> Array:
    """The indices of what scores more than that, the best first."""
    found = np.flatnonzero(scores > score_threshold)
    values = scores[found]
    if len(np.unique(values)) == len(values):
        return found[np.argsort(-values.astype(np.float64))]
    queue = _Queue([(score, i, 0) for score, i in zip(values.tolist(), found.tolist())])
    return np.array([queue.pop()[1] for _ in found], found.dtype)


def _hard(scores: Array, overlaps: Overlaps, limit: int, threshold: Any, score_threshold: Any) -> _Kept:
    """Take the best, drop what overlaps it by `threshold` or more, and so on."""
    left = _by_score(scores, score_threshold)
    kept: list[int] = []
    while left.size and len(kept) < limit:
        best = int(left[0])
        kept.append(best)
        left = left[1:]
        if left.size:
            left = left[overlaps(best, left) < threshold]
    indices = np.array(kept, np.int32)
    return _Kept(indices, scores[indices])


def _soft(scores: Array, overlaps: Overlaps, limit: int, threshold: Any, score_threshold: Any, sigma: Any) -> _Kept:
    """The same, but what overlaps less than that has its score lowered, the more so the more it does."""
    dtype = scores.dtype.type
    waiting = _Queue([(float(scores[i]), int(i), 0) for i in np.flatnonzero(scores > score_threshold)])
    scale = dtype(-0.5) / dtype(sigma)
    kept: list[int] = []
    found: list[Any] = []
    while waiting.heap and len(kept) < limit:
        before, place, seen = waiting.pop()
        score = dtype(before)
        for overlap in overlaps(place, np.array(kept[seen:], int))[::-1]:
            score = score * (np.exp(scale * overlap * overlap) if overlap <= threshold else dtype(0))
            if score <= score_threshold:
                break
        if score == before:
            kept.append(place)
            found.append(score)
        elif score > score_threshold:
            waiting.push((float(score), place, len(kept)))
    return _Kept(np.array(kept, np.int32), np.array(found, scores.dtype))


# -- op types --------------------------------------------------------------------------------------------------------


def _checked(boxes: Any, scores: Any, max_output_size: Any, threshold: Any) -> int:
    ok = boxes.ndim == 2 and boxes.shape[1] == 4 and scores.shape == boxes.shape[:1]
    check(ok, InvalidArgumentError, "boxes must be of shape [n,4] and scores [n], not {} and {}", boxes.shape,
          scores.shape)  # fmt: skip
    check(0 <= threshold <= 1, InvalidArgumentError, "iou_threshold must be in [0, 1], got {}", threshold)
    return _limit(max_output_size)


def _limit(max_output_size: Any) -> int:
    check(np.ndim(max_output_size) == 0, InvalidArgumentError, "max_output_size must be a scalar, not {}",
          max_output_size)  # fmt: skip
    limit = int(max_output_size)
    check(limit >= 0, InvalidArgumentError, "max_output_size must be non-negative, got {}", limit)
    return limit


def _selected(boxes: Any, scores: Any, max_output_size: Any, threshold: Any, score_threshold: Any = None) -> _Kept:
    limit = _checked(boxes, scores, max_output_size, threshold)
    lowest = np.array(-np.inf, scores.dtype) if score_threshold is None else score_threshold
    return _hard(scores, _Boxes(boxes).overlaps, limit, threshold, lowest)


def _padded(kept: _Kept, limit: int) -> _Kept:
    missing = limit - len(kept.indices)
    return _Kept(np.pad(kept.indices, (0, missing)), np.pad(kept.scores, (0, missing)))


def _check_dims(boxes: Any, scores: Any, *scalars: Any) -> None:
    if boxes is not None and (len(boxes) != 2 or boxes[1] not in (4, None)):
        raise ValueError(f"boxes must be of shape [n,4], not {boxes}")
    if scores is not None and len(scores) != 1:
        raise ValueError(f"scores must be a vector, not of shape {scores}")
    if boxes is not None and scores is not None and None not in (boxes[0], scores[0]) and boxes[0] != scores[0]:
        raise ValueError(f"boxes and scores are of different lengths: {boxes[0]} and {scores[0]}")
    for dims in scalars:
        if dims not in (None, ()):
            raise ValueError(f"the size and the thresholds must be scalars, not of shape {dims}")


@op("NonMaxSuppression", "boxes: float32, scores: float32, max_output_size: int32 -> selected_indices: int32",
    host=True, differentiable=False)  # fmt: skip
def non_max_suppression_v1(boxes, scores, max_output_size, iou_threshold: float = 0.5):
    """`non_max_suppression` with a threshold that is known while building."""
    return _selected(boxes, scores, max_output_size, np.float32(iou_threshold)).indices


@op("NonMaxSuppressionV2", "boxes: T, scores: T, max_output_size: int32, iou_threshold: T_threshold -> "
    "selected_indices: int32", T=_T, T_threshold=_T, host=True, differentiable=False)  # fmt: skip
def non_max_suppression_v2(boxes, scores, max_output_size, iou_threshold):
    """`non_max_suppression` of boxes of any score."""
    return _selected(boxes, scores, max_output_size, iou_threshold).indices


@non_max_suppression_v1.shape
def _(boxes, scores, max_output_size):
    _check_dims(boxes, scores, max_output_size)
    return (None,)


@non_max_suppression_v2.shape
def _(boxes, scores, max_output_size, iou_threshold):
    _check_dims(boxes, scores, max_output_size, iou_threshold)
    return (None,)


@op("NonMaxSuppressionV3", "boxes: T, scores: T, max_output_size: int32, iou_threshold: T_threshold, "
    "score_threshold: T_threshold -> selected_indices: int32", T=_T, T_threshold=_T, host=True,
    differentiable=False)  # fmt: skip
def non_max_suppression_v3(boxes, scores, max_output_size, iou_threshold, score_threshold):
    """Return the indices of the boxes that are kept, the best first; see `non_max_suppression`."""
    return _selected(boxes, scores, max_output_size, iou_threshold, score_threshold).indices


@non_max_suppression_v3.shape
def _(boxes, scores, max_output_size, iou_threshold, score_threshold):
    _check_dims(boxes, scores, max_output_size, iou_threshold, score_threshold)
    return (None,)


@op("NonMaxSuppressionV4", "boxes: T, scores: T, max_output_size: static int32, iou_threshold: T_threshold, "
    "score_threshold: T_threshold -> selected_indices: int32, valid_outputs: int32", T=_T, T_threshold=_T, host=True,
    differentiable=False)  # fmt: skip
def non_max_suppression_v4(
    boxes, scores, max_output_size, iou_threshold, score_threshold, pad_to_max_output_size: bool = False
):
    """The same; also how many there are, should the rest be zeros."""
    kept = _selected(boxes, scores, max_output_size, iou_threshold, score_threshold)
    count = np.int32(len(kept.indices))
    return _padded(kept, int(max_output_size)).indices if pad_to_max_output_size else kept.indices, count


@non_max_suppression_v4.shape
def _(boxes, scores, max_output_size, iou_threshold, score_threshold, pad_to_max_output_size):
    _check_dims(boxes, scores, iou_threshold, score_threshold)
    return [(known(max_output_size) if pad_to_max_output_size else None,), ()]


@op("NonMaxSuppressionV5", "boxes: T, scores: T, max_output_size: static int32, iou_threshold: T, "
    "score_threshold: T, soft_nms_sigma: T -> selected_indices: int32, selected_scores: T, valid_outputs: int32",
    T=_T, host=True, differentiable=False)  # fmt: skip
def non_max_suppression_v5(
    boxes, scores, max_output_size, iou_threshold, score_threshold, soft_nms_sigma, pad_to_max_output_size: bool = False
):
    """The same; boxes that overlap others have their scores lowered if `soft_nms_sigma` is not 0."""
    limit = _checked(boxes, scores, max_output_size, iou_threshold)
    check(soft_nms_sigma >= 0, InvalidArgumentError, "soft_nms_sigma must be non-negative, got {}", soft_nms_sigma)
    overlaps = _Boxes(boxes).overlaps
    if soft_nms_sigma > 0:
        kept = _soft(scores, overlaps, limit, iou_threshold, score_threshold, soft_nms_sigma)
    else:
        kept = _hard(scores, overlaps, limit, iou_threshold, score_threshold)
    count = np.int32(len(kept.indices))
    return [*(_padded(kept, limit) if pad_to_max_output_size else kept), count]


@non_max_suppression_v5.shape
def _(boxes, scores, max_output_size, iou_threshold, score_threshold, soft_nms_sigma, pad_to_max_output_size):
    _check_dims(boxes, scores, iou_threshold, score_threshold, soft_nms_sigma)
    count = known(max_output_size) if pad_to_max_output_size else None
    return [(count,), (count,), ()]


@op("NonMaxSuppressionWithOverlaps", "overlaps: float32, scores: float32, max_output_size: int32, "
    "overlap_threshold: float32, score_threshold: float32 -> selected_indices: int32", host=True,
    differentiable=False)  # fmt: skip
def suppress_by_overlaps(overlaps, scores, max_output_size, overlap_threshold, score_threshold):
    """Return the indices of the boxes that are kept; `overlaps` [n, n] says how much each two overlap."""
    ok = overlaps.ndim == 2 and overlaps.shape == scores.shape * 2
    check(ok, InvalidArgumentError, "overlaps must be of shape [n,n] and scores [n], not {} and {}", overlaps.shape,
          scores.shape)  # fmt: skip
    limit = _limit(max_output_size)
    return _hard(scores, lambda one, others: overlaps[others, one], limit, overlap_threshold, score_threshold).indices


@suppress_by_overlaps.shape
def _(overlaps, scores, max_output_size, overlap_threshold, score_threshold):
    if overlaps is not None and (len(overlaps) != 2 or (None not in overlaps and overlaps[0] != overlaps[1])):
        raise ValueError(f"overlaps must be of shape [n,n], not {overlaps}")
    _check_dims(None, scores, max_output_size, overlap_threshold, score_threshold)
    if overlaps is not None and scores is not None and None not in (overlaps[0], scores[0]):
        if overlaps[0] != scores[0]:
            raise ValueError(f"overlaps and scores are of different lengths: {overlaps[0]} and {scores[0]}")
    return (None,)


@op("CombinedNonMaxSuppression", "boxes: float32, scores: float32, max_output_size_per_class: static int32, "
    "max_total_size: static int32, iou_threshold: float32, score_threshold: float32 -> nmsed_boxes: float32, "
    "nmsed_scores: float32, nmsed_classes: float32, valid_detections: int32", host=True,
    differentiable=False)  # fmt: skip
def combined_suppression(
    boxes, scores, max_output_size_per_class, max_total_size, iou_threshold, score_threshold,
    pad_per_class: bool = False, clip_boxes: bool = True
):  # fmt: skip
    """Suppress boxes class by class; see `combined_non_max_suppression`."""
    ok = boxes.ndim == 4 and scores.ndim == 3 and boxes.shape[3] == 4 and boxes.shape[:2] == scores.shape[:2]
    check(ok and boxes.shape[2] in (1, scores.shape[2]), InvalidArgumentError,
          "boxes must be of shape [batch,n,classes or 1,4] and scores [batch,n,classes], not {} and {}", boxes.shape,
          scores.shape)  # fmt: skip
    per_class, most = int(max_output_size_per_class), int(max_total_size)
    check(per_class > 0, InvalidArgumentError, "max_output_size_per_class must be positive, got {}", per_class)
    check(most > 0, InvalidArgumentError, "max_total_size must be positive, got {}", most)
    check(0 <= iou_threshold <= 1, InvalidArgumentError, "iou_threshold must be in [0, 1], got {}", iou_threshold)
    size = min(most, per_class * scores.shape[2]) if pad_per_class else most
    outputs = [np.zeros((len(boxes), size, *rest), np.float32) for rest in ((4,), (), ())]
    counts = np.zeros(len(boxes), np.int32)
    for b in range(len(boxes)):
        found = _best(boxes[b], scores[b], per_class, size, iou_threshold, score_threshold)
        counts[b] = len(found[1])
        for output, values in zip(outputs, found):
            output[b, : counts[b]] = values
    if clip_boxes:
        np.clip(outputs[0], 0, 1, out=outputs[0])
    return [*outputs, counts]


def _best(boxes: Array, scores: Array, per_class: int, most: int, threshold: Any, score_threshold: Any) -> Any:
    """The best boxes of all classes of one image: boxes, scores and classes."""
    shared = boxes.shape[1] == 1
    same = _Boxes(boxes[:, 0]) if shared else None
    found = []
    for number in range(scores.shape[1]):
        overlaps = (same or _Boxes(boxes[:, number])).overlaps
        kept = _hard(scores[:, number], overlaps, per_class, threshold, score_threshold)
        place = boxes[kept.indices, 0 if shared else number]
        found.append((place, kept.scores, np.full(len(kept.indices), number, np.float32)))
    together = [np.concatenate(parts) for parts in zip(*found)]
    order = np.argsort(-together[1], kind="stable")[:most]
    return [values[order] for values in together]


@combined_suppression.shape
def _(boxes, scores, max_output_size_per_class, max_total_size, iou_threshold, score_threshold, pad_per_class):
    if boxes is not None and len(boxes) != 4:
        raise ValueError(f"boxes must be of rank 4, not {len(boxes)}")
    if scores is not None and len(scores) != 3:
        raise ValueError(f"scores must be of rank 3, not {len(scores)}")
    _check_dims(None, None, iou_threshold, score_threshold)
    if boxes is not None and scores is not None and None not in (boxes[2], scores[2]):
        if boxes[2] not in (1, scores[2]):
            raise ValueError(f"boxes are of {boxes[2]} classes and scores of {scores[2]}")
    batch = next((dims[0] for dims in (boxes, scores) if dims is not None and dims[0] is not None), None)
    size = known(max_total_size)
    if pad_per_class and size is not None:
        per_class, classes = known(max_output_size_per_class), None if scores is None else scores[2]
        size = None if per_class is None or classes is None else min(size, per_class * classes)
    return [(batch, size, 4), (batch, size), (batch, size), (batch,)]
