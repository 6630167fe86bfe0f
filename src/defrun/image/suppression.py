"""Of boxes that overlap too much, keep the one with the best score."""

from __future__ import annotations

from typing import Any, NamedTuple

from defrun.base import dtypes
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.image.suppress import (
    combined_suppression,
    non_max_suppression_v3,
    non_max_suppression_v4,
    non_max_suppression_v5,
    suppress_by_overlaps,
)


class NonMaxSuppressionV4(NamedTuple):
    """Chosen boxes, perhaps filled up with zeros, and how many there are."""

    selected_indices: Tensor
    valid_outputs: Tensor


class CombinedNonMaxSuppression(NamedTuple):
    """Chosen boxes of a batch, filled up with zeros, and how many there are of each image."""

    nmsed_boxes: Tensor
    nmsed_scores: Tensor
    nmsed_classes: Tensor
    valid_detections: Tensor


def non_max_suppression(
    boxes: Any,
    scores: Any,
    max_output_size: Any,
    iou_threshold: Any = 0.5,
    score_threshold: Any = float("-inf"),
    name: str | None = None,
) -> Tensor:
    """Choose boxes by their scores, the best first, leaving out what overlaps a chosen one too much.

    Parameters
    ----------
    boxes : float Tensor [n, 4]
        Two opposite corners of each: y1, x1, y2, x2.
    scores : float Tensor [n]
    max_output_size : int32 Tensor []
    iou_threshold : float Tensor []
        Two boxes overlap too much if they share a larger part than this of what they cover together.
    score_threshold : float Tensor []
        Only boxes with higher scores are chosen.
    name : str, optional

    Returns
    -------
    int32 Tensor [m]
        Places in `boxes`.

    Raises
    ------
    InvalidArgumentError
        When run, if the shapes don't go together, or the threshold is not in [0, 1].
    """
    with name_scope(name, "non_max_suppression"):
        overlap, lowest = _thresholds(iou_threshold, score_threshold)
        return non_max_suppression_v3(boxes, scores, max_output_size, overlap, lowest)


def _thresholds(iou_threshold: Any, score_threshold: Any, dtype: Any = None) -> tuple[Tensor, Tensor]:
    overlap = convert_to_tensor(iou_threshold, dtype=dtype, name="iou_threshold")
    return overlap, convert_to_tensor(score_threshold, dtype=dtype, name="score_threshold")


def non_max_suppression_with_scores(
    boxes: Any,
    scores: Any,
    max_output_size: Any,
    iou_threshold: Any = 0.5,
    score_threshold: Any = float("-inf"),
    soft_nms_sigma: Any = 0.0,
    name: str | None = None,
) -> tuple[Tensor, Tensor]:
    """Choose boxes as `non_max_suppression` does; overlapping a chosen one may also lower a score (Bodla et al., 2017).

    Parameters
    ----------
    boxes, scores, max_output_size, iou_threshold, score_threshold, name
        See `non_max_suppression`.
    soft_nms_sigma : float Tensor []
        The smaller, the more scores are lowered; at 0 they are not.

    Returns
    -------
    indices : int32 Tensor [m]
    scores : float Tensor [m]
        What the scores have come down to.
    """
    with name_scope(name, "non_max_suppression_with_scores"):
        overlap, lowest = _thresholds(iou_threshold, score_threshold)
        sigma = convert_to_tensor(soft_nms_sigma, name="soft_nms_sigma")
        found = non_max_suppression_v5(boxes, scores, max_output_size, overlap, lowest, sigma,
                                       pad_to_max_output_size=False)  # fmt: skip
        return found[0], found[1]


def non_max_suppression_padded(
    boxes: Any,
    scores: Any,
    max_output_size: Any,
    iou_threshold: Any = 0.5,
    score_threshold: Any = float("-inf"),
    pad_to_max_output_size: bool = False,
    name: str | None = None,
) -> NonMaxSuppressionV4:
    """Choose boxes as `non_max_suppression` does, and say how many there are.

    Parameters
    ----------
    boxes, scores, max_output_size, iou_threshold, score_threshold, name
        See `non_max_suppression`.
    pad_to_max_output_size : bool
        Whether to add zeros up to `max_output_size`.

    Returns
    -------
    selected_indices : int32 Tensor [m]
    valid_outputs : int32 Tensor []
    """
    with name_scope(name, "non_max_suppression_padded"):
        overlap, lowest = _thresholds(iou_threshold, score_threshold)
        found = non_max_suppression_v4(boxes, scores, max_output_size, overlap, lowest, pad_to_max_output_size)
        return NonMaxSuppressionV4(*found)


def non_max_suppression_with_overlaps(
    overlaps: Any,
    scores: Any,
    max_output_size: Any,
    overlap_threshold: Any = 0.5,
    score_threshold: Any = float("-inf"),
    name: str | None = None,
) -> Tensor:
    """Choose boxes as `non_max_suppression` does, by a table of how much each two overlap.

    Parameters
    ----------
    overlaps : float32 Tensor [n, n]
    scores : float32 Tensor [n]
    max_output_size : int32 Tensor []
    overlap_threshold, score_threshold : float Tensor []
    name : str, optional

    Returns
    -------
    int32 Tensor [m]
    """
    with name_scope(name, "non_max_suppression_overlaps"):
        overlap = convert_to_tensor(overlap_threshold, name="overlap_threshold")
        return suppress_by_overlaps(overlaps, scores, max_output_size, overlap, score_threshold)


def combined_non_max_suppression(
    boxes: Any,
    scores: Any,
    max_output_size_per_class: Any,
    max_total_size: Any,
    iou_threshold: Any = 0.5,
    score_threshold: Any = float("-inf"),
    pad_per_class: bool = False,
    clip_boxes: bool = True,
    name: str | None = None,
) -> CombinedNonMaxSuppression:
    """Choose boxes of several classes in a batch of images: class by class, then the best of all.

    Parameters
    ----------
    boxes : float32 Tensor [batch, n, classes or 1, 4]
    scores : float32 Tensor [batch, n, classes]
    max_output_size_per_class, max_total_size : int32 Tensor []
    iou_threshold, score_threshold : float Tensor []
    pad_per_class : bool
        Whether there are no more than `max_output_size_per_class` times the classes, rather than `max_total_size`.
    clip_boxes : bool
        Whether boxes are cut off at 0 and 1.
    name : str, optional

    Returns
    -------
    nmsed_boxes : float32 Tensor [batch, m, 4]
    nmsed_scores, nmsed_classes : float32 Tensor [batch, m]
        Zeros where there are less than m.
    valid_detections : int32 Tensor [batch]
    """
    with name_scope(name, "combined_non_max_suppression"):
        overlap, lowest = _thresholds(iou_threshold, score_threshold, dtypes.float32)
        found = combined_suppression(boxes, scores, max_output_size_per_class, max_total_size, overlap, lowest,
                                     pad_per_class, clip_boxes)  # fmt: skip
        return CombinedNonMaxSuppression(*found)
