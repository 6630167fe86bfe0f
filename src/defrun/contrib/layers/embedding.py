"""Lookups in tables for ids, sparse or dense, and encoders of sequences of ids that make their table."""

from __future__ import annotations

from typing import Any

from defrun.base import dtypes, logging
from defrun.contrib.framework.model_variables import model_variable
from defrun.graph.composite import SparseTensor
from defrun.graph.convert import convert_to_tensor
from defrun.graph.operation import Tensor
from defrun.graph.scopes import name_scope
from defrun.ops import embedding
from defrun.ops.array import reshape, shape
from defrun.ops.asserts import assert_same_float_dtype
from defrun.ops.cast import cast
from defrun.ops.compare import not_equal
from defrun.ops.gather import gather, gather_nd
from defrun.ops.join import concat
from defrun.ops.reduce import reduce_mean, reduce_prod
from defrun.ops.select import unique, where
from defrun.variables.scope import variable_scope


def embedding_lookup_unique(params: Any, ids: Any, partition_strategy: str = "mod", name: str | None = None) -> Tensor:
    """Look up the rows `ids` of a table, each different one once.

    Parameters
    ----------
    params : Tensor or Variable [rows, ...], or list of them
    ids : int32 or int64 Tensor
    partition_strategy : {"mod", "div"}
    name : str, optional

    Returns
    -------
    Tensor
        Of shape ``ids.shape + params.shape[1:]``.
    """
    with name_scope(name, "EmbeddingLookupUnique", [params, ids]):
        ids = convert_to_tensor(ids)
        sizes = shape(ids)
        different, place = unique(reshape(ids, reduce_prod(sizes, keepdims=True)))
        rows = embedding.embedding_lookup(params, different, partition_strategy)
        found = gather(rows, place)
        result = reshape(found, concat([sizes, shape(rows)[1:]], 0))
        result.set_shape(ids.shape.concatenate(rows.shape[1:]))
        return result


def safe_embedding_lookup_sparse(
    embedding_weights: Any,
    sparse_ids: SparseTensor,
    sparse_weights: SparseTensor | None = None,
    combiner: str | None = None,
    default_id: int | None = None,
    name: str | None = None,
    partition_strategy: str = "div",
    max_norm: float | None = None,
) -> Tensor:
    """Look up several rows for each row of ids, and combine them; see `tf.nn.safe_embedding_lookup_sparse`.

    Raises
    ------
    ValueError
        If there are no `embedding_weights`, or their types differ or are no floats.
    """
    if combiner is None:
        logging.warn("safe_embedding_lookup_sparse without a combiner takes the mean; say so, or sqrtn, by `combiner`.")
        combiner = "mean"
    kind = None if sparse_weights is None else sparse_weights.dtype
    tables = [convert_to_tensor(table, dtype=kind) for table in embedding.tables_of(embedding_weights)]
    assert_same_float_dtype([*tables, *([] if sparse_weights is None else [sparse_weights.values])])
    return embedding.safe_embedding_lookup_sparse(
        tables, sparse_ids, sparse_weights, combiner, default_id, name, partition_strategy, max_norm
    )


# -- encoders --------------------------------------------------------------------------------------------------------


def bow_encoder(
    ids: Any,
    vocab_size: int,
    embed_dim: int,
    sparse_lookup: bool = True,
    initializer: Any = None,
    regularizer: Any = None,
    trainable: bool = True,
    scope: Any = None,
    reuse: bool | None = None,
) -> Tensor:
    """Turn each row of ids into the mean of their embeddings.

    Parameters
    ----------
    ids : Tensor or SparseTensor [batch, length] of int32 or int64
    vocab_size, embed_dim : int
        How many ids there are, and the size of an embedding.
    sparse_lookup : bool
        Leave out the ids that are 0.
    initializer, regularizer : callable, optional
        For the table, the model variable "embeddings".
    trainable : bool
    scope : str or VariableScope, optional
    reuse : bool, optional
        Take a table that is there.

    Returns
    -------
    Tensor [batch, embed_dim]

    Raises
    ------
    ValueError
        If a size is not given.
    TypeError
        If the ids are sparse, but not `sparse_lookup`.
    """
    if not vocab_size or not embed_dim:
        raise ValueError("Must specify vocab size and embedding dimension")
    with variable_scope(scope, "bow_encoder", [ids], reuse=reuse):
        table = _table([vocab_size, embed_dim], initializer, regularizer, trainable)
        if sparse_lookup:
            sparse = ids if isinstance(ids, SparseTensor) else _without_zeros(ids)
            return safe_embedding_lookup_sparse([table], sparse, combiner="mean", default_id=0)
        if isinstance(ids, SparseTensor):
            raise TypeError(f"ids are expected to be a dense Tensor, got {ids}")
        return reduce_mean(embedding.embedding_lookup(table, ids), axis=1)


def embed_sequence(
    ids: Any,
    vocab_size: int | None = None,
    embed_dim: int | None = None,
    unique: bool = False,
    initializer: Any = None,
    regularizer: Any = None,
    trainable: bool = True,
    scope: Any = None,
    reuse: bool | None = None,
) -> Tensor:
    """Look up the embedding of each id.

    Parameters
    ----------
    ids : int32 or int64 Tensor [batch, length]
    vocab_size, embed_dim : int, optional
        How many ids there are, and the size of an embedding; needed unless a table is reused.
    unique : bool
        Look up each different id once.
    initializer, regularizer : callable, optional
        For the table, the model variable "embeddings".
    trainable : bool
    scope : str or VariableScope, optional
    reuse : bool, optional
        Take a table that is there.

    Returns
    -------
    Tensor [batch, length, embed_dim]

    Raises
    ------
    ValueError
        If a size is not given, and nothing is reused.
    """
    if not (reuse or (vocab_size and embed_dim)):
        raise ValueError(
            "Must specify vocab size and embedding dimension when not reusing. "
            f"Got vocab_size={vocab_size} and embed_dim={embed_dim}"
        )
    with variable_scope(scope, "EmbedSequence", [ids], reuse=reuse):
        given = None if embed_dim is None or (reuse and vocab_size is None) else [vocab_size, embed_dim]
        table = _table(given, initializer, regularizer, trainable)
        if unique:
            return embedding_lookup_unique(table, ids)
        return embedding.embedding_lookup(table, ids)


def _table(sizes: Any, initializer: Any, regularizer: Any, trainable: bool) -> Any:
    return model_variable(
        "embeddings", shape=sizes, initializer=initializer, regularizer=regularizer, trainable=trainable
    )


def _without_zeros(ids: Any) -> SparseTensor:
    """Make ids sparse; 0 stands for none."""
    with name_scope("DenseToSparseTensor"):
        ids = convert_to_tensor(ids)
        nothing = cast("" if ids.dtype == dtypes.string else ids.dtype.as_numpy_dtype(), ids.dtype, name="ignore_value")
        places = where(not_equal(ids, nothing), name="indices")
        return SparseTensor(
            indices=places,
            values=gather_nd(ids, places, name="values"),
            dense_shape=shape(ids, out_type=dtypes.int64, name="dense_shape"),
        )
