"""`SequenceExample` s: named values, and named lists of them, read into tensors."""

from __future__ import annotations

from typing import Any

import numpy as np

from defrun.base.dtypes import DType
from defrun.base.errors import InvalidArgumentError
from defrun.base.examples import few, lists, parsed
from defrun.base.messages import SequenceExample
from defrun.base.text import as_str
from defrun.graph.opdef import Dims
from defrun.graph.scopes import name_scope
from defrun.ops.declare import op
from defrun.ops.parsing import assemble
from defrun.ops.parsing.example import VALUES, both, dense_wanted, named, read, texts, wanted
from defrun.ops.parsing.features import Features, FixedLenFeature, FixedLenSequenceFeature, Raw, VarLenFeature, raw


def _read(batch: list[bytes], names: Any, context: Any, sparse: Any, dense: Any, optional: set[str]) -> list[Any]:
    """Return (context's sparse parts, its dense tensors, sparse parts of lists, dense tensors and lengths of lists).

    `context` is (sparse, dense, defaults), `dense` (key, type, dims).
    """
    messages = [parsed(text, SequenceExample, number, names) for number, text in enumerate(batch)]
    context_sparse, context_dense, defaults = context
    found = few((m.context.feature for m in messages), both(context_sparse, context_dense, defaults), names)
    found, made = read(found, context_dense, defaults, names)
    maps = [m.feature_lists.feature_list for m in messages]
    steps = lists(maps, [*sparse, *((key, kind) for key, kind, _ in dense)], names)
    filled = [
        assemble.dense_lists(one, key, kind, dims, key in optional, names)
        for one, (key, kind, dims) in zip(steps[len(sparse) :], dense, strict=True)
    ]
    sparse_parts = [assemble.sparse_lists(one) for one in steps[: len(sparse)]]
    return [[assemble.sparse(column) for column in found], made, sparse_parts, filled]


def _listed(keys: Any, kinds: Any, shapes: Any) -> list[tuple[str, DType, Any]]:
    return [(as_str(key), kind, dims) for key, kind, dims in zip(keys, kinds, shapes, strict=True)]


@op(
    "ParseSequenceExample",
    "serialized: string, debug_name: string, context_dense_defaults: list(Tcontext_dense) -> "
    "context_sparse_indices: Ncontext_sparse * int64, context_sparse_values: list(context_sparse_types), "
    "context_sparse_shapes: Ncontext_sparse * int64, context_dense_values: list(Tcontext_dense), "
    "feature_list_sparse_indices: Nfeature_list_sparse * int64, "
    "feature_list_sparse_values: list(feature_list_sparse_types), "
    "feature_list_sparse_shapes: Nfeature_list_sparse * int64, "
    "feature_list_dense_values: list(feature_list_dense_types), "
    "feature_list_dense_lengths: Nfeature_list_dense * int64",
    context_sparse_types=VALUES,
    Tcontext_dense=(VALUES, []),
    feature_list_sparse_types=VALUES,
    feature_list_dense_types=VALUES,
    host=True,
    differentiable=False,
)
def _parse_sequence_example(
    serialized,
    debug_name,
    context_dense_defaults,
    feature_list_dense_missing_assumed_empty: list[str],
    context_sparse_keys: list[str],
    context_dense_keys: list[str],
    feature_list_sparse_keys: list[str],
    feature_list_dense_keys: list[str],
    Ncontext_sparse: int = 0,
    Ncontext_dense: int = 0,
    Nfeature_list_sparse: int = 0,
    Nfeature_list_dense: int = 0,
    context_sparse_types: list[DType] = [],  # noqa: B006
    feature_list_dense_types: list[DType] = [],  # noqa: B006
    context_dense_shapes: list[Dims] = [],  # noqa: B006
    feature_list_sparse_types: list[DType] = [],  # noqa: B006
    feature_list_dense_shapes: list[Dims] = [],  # noqa: B006
):
    """Read a batch of sequence examples."""
    batch, names = texts(serialized), texts(debug_name)
    if serialized.ndim != 1:
        raise InvalidArgumentError(None, None, f"serialized must be a vector, not of shape {list(serialized.shape)}")
    if names and len(names) != len(batch):
        raise InvalidArgumentError(None, None, f"There are {len(names)} names, but {len(batch)} examples")
    parts, dense, list_parts, filled = _read(
        batch,
        names,
        (
            wanted(context_sparse_keys, context_sparse_types),
            dense_wanted(context_dense_keys, context_dense_defaults, context_dense_shapes),
            context_dense_defaults,
        ),
        wanted(feature_list_sparse_keys, feature_list_sparse_types),
        _listed(feature_list_dense_keys, feature_list_dense_types, feature_list_dense_shapes),
        {as_str(key) for key in feature_list_dense_missing_assumed_empty},
    )
    return [
        *(part[i] for i in range(3) for part in parts),
        *dense,
        *(part[i] for i in range(3) for part in list_parts),
        *(values for values, _ in filled),
        *(lengths for _, lengths in filled),
    ]


@_parse_sequence_example.shape
def _(serialized, Ncontext_sparse, Nfeature_list_sparse, Nfeature_list_dense, context_dense_shapes,
      feature_list_dense_shapes):  # fmt: skip
    if serialized is not None and len(serialized) != 1:
        raise ValueError(f"serialized must be a vector, not of shape {serialized}")
    batch = None if serialized is None else serialized[0]
    return [
        *_sparse_dims(Ncontext_sparse, 2),
        *((batch, *dims) for dims in context_dense_shapes),
        *_sparse_dims(Nfeature_list_sparse, 3),
        *((batch, None, *dims) for dims in feature_list_dense_shapes),
        *[(batch,)] * Nfeature_list_dense,
    ]


def _sparse_dims(count: int, axes: int) -> list[Any]:
    return [*[(None, axes)] * count, *[(None,)] * count, *[(axes,)] * count]


@op(
    "ParseSingleSequenceExample",
    "serialized: string, feature_list_dense_missing_assumed_empty: string, "
    "context_sparse_keys: Ncontext_sparse * string, context_dense_keys: Ncontext_dense * string, "
    "feature_list_sparse_keys: Nfeature_list_sparse * string, feature_list_dense_keys: Nfeature_list_dense * string, "
    "context_dense_defaults: list(Tcontext_dense), debug_name: string -> "
    "context_sparse_indices: Ncontext_sparse * int64, context_sparse_values: list(context_sparse_types), "
    "context_sparse_shapes: Ncontext_sparse * int64, context_dense_values: list(Tcontext_dense), "
    "feature_list_sparse_indices: Nfeature_list_sparse * int64, "
    "feature_list_sparse_values: list(feature_list_sparse_types), "
    "feature_list_sparse_shapes: Nfeature_list_sparse * int64, "
    "feature_list_dense_values: list(feature_list_dense_types)",
    context_sparse_types=VALUES,
    Tcontext_dense=(VALUES, []),
    feature_list_sparse_types=VALUES,
    feature_list_dense_types=VALUES,
    Ncontext_sparse=(None, 0),
    Ncontext_dense=(None, 0),
    Nfeature_list_sparse=(None, 0),
    Nfeature_list_dense=(None, 0),
    may_be_empty=("context_sparse_keys", "context_dense_keys", "feature_list_sparse_keys", "feature_list_dense_keys"),
    host=True,
    differentiable=False,
)
def _parse_single_sequence_example(
    serialized,
    feature_list_dense_missing_assumed_empty,
    context_sparse_keys,
    context_dense_keys,
    feature_list_sparse_keys,
    feature_list_dense_keys,
    context_dense_defaults,
    debug_name,
    context_sparse_types: list[DType] = [],  # noqa: B006
    feature_list_dense_types: list[DType] = [],  # noqa: B006
    context_dense_shapes: list[Dims] = [],  # noqa: B006
    feature_list_sparse_types: list[DType] = [],  # noqa: B006
    feature_list_dense_shapes: list[Dims] = [],  # noqa: B006
):
    """Read one sequence example."""
    if serialized.ndim:
        raise InvalidArgumentError(None, None, f"serialized must be a scalar, not of shape {list(serialized.shape)}")
    keys = [[key.item() for key in given] for given in (
        context_sparse_keys, context_dense_keys, feature_list_sparse_keys, feature_list_dense_keys)]  # fmt: skip
    parts, dense, list_parts, filled = _read(
        [serialized.item()],
        texts(debug_name),
        (
            wanted(keys[0], context_sparse_types),
            dense_wanted(keys[1], context_dense_defaults, context_dense_shapes),
            context_dense_defaults,
        ),
        wanted(keys[2], feature_list_sparse_types),
        _listed(keys[3], feature_list_dense_types, feature_list_dense_shapes),
        {as_str(key) for key in texts(feature_list_dense_missing_assumed_empty)},
    )
    return [
        *_of_one(parts),
        *(values[0] for values in dense),
        *_of_one(list_parts),
        *(values[0] for values, _ in filled),
    ]


def _of_one(parts: list[Any]) -> list[Any]:
    """Return sparse parts without the axis of the batch."""
    return [*(p[0][:, 1:] for p in parts), *(p[1] for p in parts), *(p[2][1:] for p in parts)]


@_parse_single_sequence_example.shape
def _(serialized, context_sparse_keys, feature_list_sparse_keys, context_dense_shapes, feature_list_dense_shapes):
    if serialized:
        raise ValueError(f"serialized must be a scalar, not of shape {serialized}")
    return [
        *_sparse_dims(len(context_sparse_keys), 1),
        *context_dense_shapes,
        *_sparse_dims(len(feature_list_sparse_keys), 2),
        *((None, *dims) for dims in feature_list_dense_shapes),
    ]


# -- what users call -------------------------------------------------------------------------------------------------


def _params(context_features: Features | None, sequence_features: Features | None) -> tuple[Raw, Raw, list[str]]:
    """Return what is wanted of the context and of the lists, and the lists that may be missing."""
    if not (context_features or sequence_features):
        raise ValueError("Missing features.")
    context = raw(context_features, (VarLenFeature, FixedLenFeature))
    sequence = raw(sequence_features, (VarLenFeature, FixedLenSequenceFeature))
    context.check_disjoint()
    sequence.check_disjoint()
    for key, value in sequence.defaults.items():
        if value is not None:
            raise ValueError(f"The default of the list {key} must be None, not {value}")
    return context, sequence, list(sequence.defaults)


def _outputs(context: Raw, sequence: Raw, found: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    end = 3 * len(context.sparse) + len(context.dense)
    return named(found, context.sparse, context.dense), named(found[end:], sequence.sparse, sequence.dense)


def parse_sequence_example(
    serialized: Any,
    context_features: Features | None = None,
    sequence_features: Features | None = None,
    example_names: Any = None,
    name: str | None = None,
) -> Any:
    """Read a batch of serialized `SequenceExample` s.

    Parameters
    ----------
    serialized : string Tensor [batch]
    context_features : dict of str and FixedLenFeature or VarLenFeature, optional
        What is wanted of the values that go with the whole sequence.
    sequence_features : dict of str and FixedLenSequenceFeature or VarLenFeature, optional
        What is wanted of the lists, one item a step.
    example_names : string Tensor [batch], optional
        What errors call the examples.
    name : str, optional

    Returns
    -------
    context, sequences, lengths : dicts of str and Tensor or SparseTensor
        Lists have the shape ``[batch, longest, *shape]``, padded with zeros; `lengths` has the length of each, [batch].

    Raises
    ------
    ValueError
        If a feature is not as it should be.
    InvalidArgumentError
        When run, if something is no SequenceExample, or lacks a feature, or has another number or type of values.
    """
    context, sequence, optional = _params(context_features, sequence_features)
    with name_scope(name, "ParseSequenceExample", [serialized]):
        found = _parse_sequence_example(
            serialized,
            [] if example_names is None else example_names,
            context.default_tensors(shaped=False),
            feature_list_dense_missing_assumed_empty=optional,
            context_sparse_keys=list(context.sparse),
            context_dense_keys=list(context.dense),
            feature_list_sparse_keys=list(sequence.sparse),
            feature_list_dense_keys=list(sequence.dense),
            Ncontext_sparse=len(context.sparse),
            Ncontext_dense=len(context.dense),
            Nfeature_list_sparse=len(sequence.sparse),
            Nfeature_list_dense=len(sequence.dense),
            context_sparse_types=list(context.sparse.values()),
            context_dense_shapes=context.dims,
            feature_list_sparse_types=list(sequence.sparse.values()),
            feature_list_dense_types=list(sequence.dense.values()),
            feature_list_dense_shapes=sequence.dims,
            name=name,
        )
        first, second = _outputs(context, sequence, found)
        return first, second, dict(zip(sequence.dense, found[len(found) - len(sequence.dense) :]))


def parse_single_sequence_example(
    serialized: Any,
    context_features: Features | None = None,
    sequence_features: Features | None = None,
    example_name: Any = None,
    name: str | None = None,
) -> Any:
    """Read one serialized `SequenceExample`; see `parse_sequence_example`.

    Parameters
    ----------
    serialized : string Tensor []
    context_features, sequence_features : dict of str and feature, optional
    example_name : string Tensor [], optional
        What errors call the example.
    name : str, optional

    Returns
    -------
    context, sequences : dicts of str and Tensor or SparseTensor
        Lists have the shape ``[steps, *shape]``.

    Raises
    ------
    ValueError
        If a feature is not as it should be.
    InvalidArgumentError
        When run, if it is no SequenceExample, or lacks a feature, or has another number or type of values.
    """
    context, sequence, optional = _params(context_features, sequence_features)
    with name_scope(name, "ParseSingleSequenceExample", [serialized]):
        found = _parse_single_sequence_example(
            serialized,
            np.array([key.encode() for key in optional] or [], object) if optional else [],
            list(context.sparse),
            list(context.dense),
            list(sequence.sparse),
            list(sequence.dense),
            context.default_tensors(),
            "" if example_name is None else example_name,
            context_sparse_types=list(context.sparse.values()),
            context_dense_shapes=context.dims,
            feature_list_sparse_types=list(sequence.sparse.values()),
            feature_list_dense_types=list(sequence.dense.values()),
            feature_list_dense_shapes=sequence.dims,
            name=name,
        )
        return _outputs(context, sequence, found)
