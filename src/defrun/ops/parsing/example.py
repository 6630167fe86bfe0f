"""`Example` s: named lists of numbers or texts, read into tensors, one by one or a batch at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from defrun.base import dtypes
from defrun.base.dtypes import DType
from defrun.base.errors import InvalidArgumentError
from defrun.base.examples import columns
from defrun.base.messages import Example
from defrun.base.text import as_str
from defrun.graph.composite import SparseTensor
from defrun.graph.convert import convert_to_tensor
from defrun.graph.opdef import Dims
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops.array import expand_dims, rank, squeeze
from defrun.ops.checks import Assert
from defrun.ops.compare import equal
from defrun.ops.declare import op
from defrun.ops.flow import with_dependencies
from defrun.ops.parsing import assemble
from defrun.ops.parsing.features import (
    Features,
    FixedLenFeature,
    FixedLenSequenceFeature,
    Raw,
    SparseFeature,
    VarLenFeature,
    clean,
    raw,
    with_items,
)
from defrun.ops.slicing import slice_
from defrun.ops.sparse.arrange import sparse_merge

VALUES = frozenset((dtypes.float32, dtypes.int64, dtypes.string))
_ANY_KIND = (VarLenFeature, SparseFeature, FixedLenFeature, FixedLenSequenceFeature)


def texts(values: Any) -> list[Any]:
    """Return strings as a list of bytes."""
    return np.asarray(values, object).ravel().tolist()


def read(found: Any, dense: Any, defaults: Any, names: Any) -> tuple[list[Any], list[Any]]:
    """Take columns, of sparse features and behind them of `dense` ones, and put together the tensors of the latter."""
    first = len(found) - len(dense)
    made = [
        assemble.dense(column, key, dims, default, names)
        for column, (key, _, dims), default in zip(found[first:], dense, defaults, strict=True)
    ]
    return found[:first], made


def both(sparse: Any, dense: Any, defaults: Any) -> list[tuple[str, DType]]:
    """Return all keys with their types, once the defaults are known to fit."""
    for (key, _, dims), default in zip(dense, defaults, strict=True):
        assemble.check_default(default, key, dims)
    return [*sparse, *((key, kind) for key, kind, _ in dense)]


def wanted(keys: Any, kinds: Any) -> list[tuple[str, DType]]:
    """Return keys with their types."""
    return [(as_str(key), kind) for key, kind in zip(keys, kinds, strict=True)]


def dense_wanted(keys: Any, defaults: Any, shapes: Any) -> list[tuple[str, DType, Any]]:
    """Return keys with the types of their defaults and their dims."""
    kinds = [dtypes.string if d.dtype == object else dtypes.as_dtype(d.dtype) for d in defaults]
    return [(as_str(key), kind, dims) for key, kind, dims in zip(keys, kinds, shapes, strict=True)]


@op(
    "ParseExample",
    "serialized: string, names: string, sparse_keys: Nsparse * string, dense_keys: Ndense * string, "
    "dense_defaults: list(Tdense) -> sparse_indices: Nsparse * int64, sparse_values: list(sparse_types), "
    "sparse_shapes: Nsparse * int64, dense_values: list(Tdense)",
    sparse_types=VALUES,
    Tdense=VALUES,
    may_be_empty=("sparse_keys", "dense_keys"),
    host=True,
    differentiable=False,
)
def _parse_example(
    serialized, names, sparse_keys, dense_keys, dense_defaults, sparse_types: list[DType], dense_shapes: list[Dims]
):
    """Read a batch of examples."""
    batch, called = texts(serialized), texts(names)
    if serialized.ndim != 1:
        raise InvalidArgumentError(None, None, f"serialized must be a vector, not of shape {list(serialized.shape)}")
    if called and len(called) != len(batch):
        raise InvalidArgumentError(None, None, f"There are {len(called)} names, but {len(batch)} examples")
    sparse = wanted([key.item() for key in sparse_keys], sparse_types)
    dense = dense_wanted([key.item() for key in dense_keys], dense_defaults, dense_shapes)
    found = columns(batch, both(sparse, dense, dense_defaults), called)
    found, made = read(found, dense, dense_defaults, called)
    parts = [assemble.sparse(column) for column in found]
    return [*(p[0] for p in parts), *(p[1] for p in parts), *(p[2] for p in parts), *made]


@_parse_example.shape
def _(serialized, sparse_keys, dense_shapes):
    if serialized is not None and len(serialized) != 1:
        raise ValueError(f"serialized must be a vector, not of shape {serialized}")
    batch = None if serialized is None else serialized[0]
    count = len(sparse_keys)
    dense = [None if dims is None else (batch, *dims) for dims in dense_shapes]
    return [*[(None, 2)] * count, *[(None,)] * count, *[(2,)] * count, *dense]


@op(
    "ParseSingleExample",
    "serialized: string, dense_defaults: list(Tdense) -> sparse_indices: num_sparse * int64, "
    "sparse_values: list(sparse_types), sparse_shapes: num_sparse * int64, dense_values: list(Tdense)",
    sparse_types=VALUES,
    Tdense=VALUES,
    host=True,
    differentiable=False,
)
def _parse_single_example(
    serialized,
    dense_defaults,
    num_sparse: int,
    sparse_keys: list[str],
    dense_keys: list[str],
    sparse_types: list[DType],
    dense_shapes: list[Dims],
):
    """Read one example."""
    if serialized.ndim:
        raise InvalidArgumentError(None, None, f"serialized must be a scalar, not of shape {list(serialized.shape)}")
    dense = dense_wanted(dense_keys, dense_defaults, dense_shapes)
    found = columns([serialized.item()], both(wanted(sparse_keys, sparse_types), dense, dense_defaults))
    found, made = read(found, dense, dense_defaults, [])
    parts = [assemble.sparse(column) for column in found]
    return [*(p[0][:, 1:] for p in parts), *(p[1] for p in parts), *(p[2][1:] for p in parts), *(d[0] for d in made)]


@_parse_single_example.shape
def _(serialized, num_sparse, dense_shapes):
    if serialized:
        raise ValueError(f"serialized must be a scalar, not of shape {serialized}")
    return [*[(None, 1)] * num_sparse, *[(None,)] * num_sparse, *[(1,)] * num_sparse, *dense_shapes]


@op("DecodeJSONExample", "json_examples: string[...] -> binary_examples: string[...]", host=True,
    differentiable=False)  # fmt: skip
def decode_json_example(json_examples):
    """Turn examples written as JSON into serialized ones.

    Parameters
    ----------
    json_examples : string Tensor

    Returns
    -------
    string Tensor of the same shape

    Raises
    ------
    InvalidArgumentError
        When run, if a text is no such JSON.
    """
    out = np.empty(json_examples.shape, object)
    for place, text in np.ndenumerate(json_examples):
        out[place] = _from_json(text)
    return out


def _from_json(text: bytes) -> bytes:
    # Imported with the first of these: the JSON reader takes longer to import than all else here.
    from google.protobuf import json_format

    try:
        return json_format.Parse(text.decode(), Example()).SerializeToString(deterministic=True)
    except (json_format.ParseError, UnicodeDecodeError, RecursionError) as error:
        said = f"Error while parsing JSON: {error}"
        raise InvalidArgumentError(None, None, said) from None


# -- what users call -------------------------------------------------------------------------------------------------


def named(found: Sequence[Tensor], sparse: Iterable[str], dense: Iterable[str]) -> dict[str, Any]:
    """Return outputs by key: the indices, values and shapes of sparse ones, and behind them the dense ones."""
    keys = list(sparse)
    n = len(keys)
    made: list[Any] = [SparseTensor(*parts) for parts in zip(found[:n], found[n : 2 * n], found[2 * n : 3 * n])]
    return dict(zip([*keys, *dense], [*made, *found[3 * n :]]))


def _merged(features: Features, found: dict[str, Any]) -> dict[str, Any]:
    """Put sparse features together of their parts, and leave these out."""
    made = dict(found)
    for key in sorted(features):
        feature = features[key]
        if isinstance(feature, SparseFeature):
            single = isinstance(feature.index_key, str)
            ids = made[feature.index_key] if single else [made[one] for one in feature.index_key]
            size, ready = feature.size, feature.already_sorted
            made[key] = sparse_merge(ids, made[feature.value_key], vocab_size=size, already_sorted=ready)
    return {key: made[key] for key in features}


def parse_example(serialized: Any, features: Features, name: str | None = None, example_names: Any = None) -> Any:
    """Read a batch of serialized `Example` s.

    Parameters
    ----------
    serialized : string Tensor [batch]
    features : dict of str and feature
        What is wanted: `FixedLenFeature`, `VarLenFeature`, `SparseFeature` or `FixedLenSequenceFeature`.
    name : str, optional
    example_names : string Tensor [batch], optional
        What errors call the examples.

    Returns
    -------
    dict of str and Tensor or SparseTensor
        ``[batch, *shape]`` for features of a fixed length, ``[batch, longest, *shape]`` for sequences.

    Raises
    ------
    ValueError
        If a feature is not as it should be.
    InvalidArgumentError
        When run, if something is no Example, or lacks a feature, or has another number or type of values.

    Examples
    --------
    >>> tf.parse_example(lines, {"label": tf.FixedLenFeature([], tf.int64), "words": tf.VarLenFeature(tf.string)})
    """
    if not features:
        raise ValueError(f"Missing: features was {features}.")
    features = with_items(features)
    params = raw(features, _ANY_KIND)
    return _merged(features, _parse_batch(serialized, example_names, params, name))


def _parse_batch(serialized: Any, names: Any, params: Raw, name: str | None) -> dict[str, Any]:
    with name_scope(name, "ParseExample", [serialized, names]):
        params.check_disjoint()
        found = _parse_example(
            serialized,
            [] if names is None else names,
            list(params.sparse),
            list(params.dense),
            params.default_tensors(),
            sparse_types=list(params.sparse.values()),
            dense_shapes=params.dims,
            name=name,
        )
        return named(found, params.sparse, params.dense)


def parse_single_example(
    serialized: Any, features: Features, name: str | None = None, example_names: Any = None
) -> Any:
    """Read one serialized `Example`; see `parse_example`.

    Parameters
    ----------
    serialized : string Tensor []
    features : dict of str and feature
    name : str, optional
    example_names : string Tensor [], optional
        What errors call the example.

    Returns
    -------
    dict of str and Tensor or SparseTensor
        Without an axis for the batch.

    Raises
    ------
    ValueError
        If a feature is not as it should be.
    InvalidArgumentError
        When run, if it is no Example, or lacks a feature, or has another number or type of values.
    """
    if not features:
        raise ValueError("Missing features.")
    features = with_items(features)
    params = raw(features, _ANY_KIND)
    parse = _parse_one if example_names is None else _parse_named
    return _merged(features, parse(serialized, example_names, params, name))


def _parse_one(serialized: Any, _: None, params: Raw, name: str | None) -> dict[str, Any]:
    with name_scope(name, "ParseSingleExample", [serialized]):
        serialized = convert_to_tensor(serialized, name="serialized")
        params.check_disjoint()
        found = _parse_single_example(
            serialized,
            params.default_tensors(),
            num_sparse=len(params.sparse),
            sparse_keys=list(params.sparse),
            dense_keys=list(params.dense),
            sparse_types=list(params.sparse.values()),
            dense_shapes=params.dims,
            name=name,
        )
        return named(found, params.sparse, params.dense)


def _scalar(value: Any, what: str, title: str) -> Tensor:
    tensor = convert_to_tensor(value)
    if tensor.shape.ndims is None:
        check = Assert(equal(rank(tensor), 0), [f"Input {what} must be a scalar"], name=f"{title}IsScalar")
        return with_dependencies([check], tensor, name=f"{title}Dependencies")
    if tensor.shape.ndims:
        raise ValueError(f"Input {what} must be a scalar")
    return tensor


def _parse_named(serialized: Any, names: Any, params: Raw, name: str | None) -> dict[str, Any]:
    """Read one example as a batch, which has names."""
    with name_scope(name, "ParseSingleExample", [serialized, names]):
        batch = expand_dims(_scalar(serialized, "serialized", "Serialized"), 0)
        called = expand_dims(_scalar(names, "names", "Names"), 0)
        found = _parse_batch(batch, called, params, name)
        for key in params.dense:
            found[key] = squeeze(found[key], [0], name=f"Squeeze_{clean(key)}")
        for key in params.sparse:
            whole = found[key]
            found[key] = SparseTensor(
                slice_(whole.indices, [0, 1], [-1, -1], name=f"Slice_Indices_{clean(key)}"),
                whole.values,
                slice_(whole.dense_shape, [1], [-1], name=f"Squeeze_Shape_{clean(key)}"),
            )
        return found
