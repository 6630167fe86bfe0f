"""What is wanted of an `Example`: a feature of a fixed length, of any length, or sparse."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from defrun.base import dtypes, logging
from defrun.base.dtypes import DType
from defrun.base.shapes import TensorShape, as_shape
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.ops.array import reshape
from defrun.ops.constant import constant


class VarLenFeature(NamedTuple):
    """A feature with any number of values: it becomes a SparseTensor.

    Parameters
    ----------
    dtype : DType
        float32, int64 or string.
    """

    dtype: Any


class SparseFeature(NamedTuple):
    """Values of one feature at the places that others say: a SparseTensor.

    Parameters
    ----------
    index_key : str or list of str
        The features with the places, one for each axis.
    value_key : str
        The feature with the values.
    dtype : DType
        float32, int64 or string.
    size : int or list of int
        The size of each axis.
    already_sorted : bool
        Whether the places are in order.
    """

    index_key: Any
    value_key: str
    dtype: Any
    size: Any
    already_sorted: bool = False


class FixedLenFeature(NamedTuple):
    """A feature with a known number of values: it becomes a Tensor.

    Parameters
    ----------
    shape : list of int
    dtype : DType
        float32, int64 or string.
    default_value : optional
        What an example has that lacks the feature; without it every one must have it.
    """

    shape: Any
    dtype: Any
    default_value: Any = None


class FixedLenSequenceFeature(NamedTuple):
    """A feature with any number of items, each of a known number of values: a Tensor, padded to the longest.

    Parameters
    ----------
    shape : list of int
        Of one item.
    dtype : DType
        float32, int64 or string.
    allow_missing : bool
        Whether an example without the feature counts as one of length 0.
    default_value : optional
        What it is padded with: 0 or "" by default.
    """

    shape: Any
    dtype: Any
    allow_missing: bool = False
    default_value: Any = None


Features = Mapping[str, Any]


class Raw:
    """The features wanted as the ops take them: sparse ones, dense ones, and their defaults."""

    def __init__(self) -> None:
        self.sparse: dict[str, DType] = {}
        self.dense: dict[str, DType] = {}
        self.shapes: list[Any] = []
        self.defaults: dict[str, Any] = {}

    def add_sparse(self, key: str, kind: DType) -> None:
        """Want a feature of any length."""
        known = self.sparse.setdefault(key, kind)
        if known != kind:
            raise ValueError(f"Conflicting type {known} vs {kind} for feature {key}.")

    def add_dense(self, key: str, feature: Any) -> None:
        """Want a feature of a known shape."""
        self.dense[key] = dtypes.as_dtype(feature.dtype)
        self.shapes.append(as_shape(feature.shape))

    def check_disjoint(self) -> None:
        """Refuse a key that is wanted both as a sparse and as a dense feature."""
        both = set(self.sparse) & set(self.dense)
        if both:
            raise ValueError(f"Dense and sparse keys must not intersect; intersection: {both}")

    @property
    def dims(self) -> list[Any]:
        """The shapes of the dense ones, as attrs have them."""
        return [None if shape.ndims is None else tuple(shape.as_list()) for shape in self.shapes]

    def default_tensors(self, shaped: bool = True) -> list[Tensor]:
        """Make the tensors of the defaults; an empty one stands for none."""
        pairs = zip(self.dense.items(), self.shapes, strict=True)
        return [_default(key, kind, self.defaults.get(key), shape, shaped) for (key, kind), shape in pairs]


def clean(key: str) -> str:
    """Return a key as a part of a node's name."""
    return re.sub(r"[^A-Za-z0-9_.\-/]", "_", key)


def is_ragged(shape: TensorShape) -> bool:
    """Whether the first axis is as long as it happens to be."""
    return bool(shape.ndims) and shape.dims[0].value is None  # type: ignore[index]


def _default(key: str, kind: DType, value: Any, shape: TensorShape, shaped: bool) -> Tensor:
    if is_ragged(shape):
        if value is None:
            return convert_to_tensor("" if kind == dtypes.string else 0, kind)
        return reshape(convert_to_tensor(value, kind, name=f"padding_{clean(key)}"), [])
    if value is None:
        return constant([], kind)
    if isinstance(value, Tensor):
        return value
    made = convert_to_tensor(value, kind, name=f"key_{clean(key)}")
    return reshape(made, shape) if shaped else made


def raw(features: Features | None, allowed: Any) -> Raw:
    """Return features by kind, in the order of their keys.

    Raises
    ------
    ValueError
        If a feature is none of the `allowed`, or lacks something.
    """
    made = Raw()
    for key in sorted(features or {}):
        feature: Any = (features or {})[key]
        if type(feature) not in _ADD:
            raise ValueError(f"Invalid feature {key}:{feature}.")
        if not isinstance(feature, allowed):
            raise ValueError(f"Unsupported {type(feature).__name__} {feature}.")
        if not feature.dtype:
            raise ValueError(f"Missing type for feature {key}.")
        _ADD[type(feature)](made, key, feature)
    return made


def _add_any_length(made: Raw, key: str, feature: VarLenFeature) -> None:
    made.add_sparse(key, dtypes.as_dtype(feature.dtype))


def _add_sparse(made: Raw, key: str, feature: SparseFeature) -> None:
    for part in ("index_key", "value_key"):
        if not getattr(feature, part):
            raise ValueError(f"Missing {part} for SparseFeature {feature}.")
    keys = [feature.index_key] if isinstance(feature.index_key, str) else list(feature.index_key)
    if len(keys) > 1:
        logging.warning("A SparseFeature with several index keys is slow; consider VarLenFeature.")
    for one in sorted(keys):
        made.add_sparse(one, dtypes.int64)
    made.add_sparse(feature.value_key, dtypes.as_dtype(feature.dtype))


def _add_fixed(made: Raw, key: str, feature: FixedLenFeature) -> None:
    if feature.shape is None:
        raise ValueError(f"Missing shape for feature {key}.")
    shape = as_shape(feature.shape)
    if is_ragged(shape):
        text = f"First dimension of shape for feature {key} unknown. Consider using FixedLenSequenceFeature."
        raise ValueError(text)
    if not shape.is_fully_defined():
        text = f"All dimensions of shape for feature {key} need to be known but received {feature.shape}."
        raise ValueError(text)
    made.add_dense(key, feature)
    if feature.default_value is not None:
        made.defaults[key] = feature.default_value


def _add_sequence(made: Raw, key: str, feature: FixedLenSequenceFeature) -> None:
    if feature.shape is None:
        raise ValueError(f"Missing shape for feature {key}.")
    made.add_dense(key, feature)
    if feature.allow_missing:
        made.defaults[key] = None
    if feature.default_value is not None:
        made.defaults[key] = feature.default_value


_ADD: dict[type, Any] = {
    VarLenFeature: _add_any_length,
    SparseFeature: _add_sparse,
    FixedLenFeature: _add_fixed,
    FixedLenSequenceFeature: _add_sequence,
}


def with_items(features: Features) -> Features:
    """Return features with an axis for the items of sequences."""
    made = dict(features)
    for key, feature in features.items():
        if isinstance(feature, FixedLenSequenceFeature):
            if not feature.allow_missing:
                raise ValueError("Unsupported: FixedLenSequenceFeature requires allow_missing to be True.")
            made[key] = feature._replace(shape=[None, *feature.shape])
    return made
