"""Samples of ops that read examples; tests/oracle/values/parsing.py asks more of them. An empty text is an example."""

import numpy as np

from defrun.base import dtypes
from tests.ops.sample import Sample

_NO_TEXT = np.array([], object)
_FLOATS = np.array([1, 2], np.float32)

SAMPLES = {
    "DecodeJSONExample": Sample(["{}", "{}"]),
    "ParseExample": Sample(
        ["", ""], _NO_TEXT, ["a"], ["b"], [_FLOATS], sparse_types=[dtypes.int64], dense_shapes=[(2,)],
    ),
    "ParseSingleExample": Sample(
        "", [_FLOATS], num_sparse=1, sparse_keys=["a"], dense_keys=["b"], sparse_types=[dtypes.string],
        dense_shapes=[(2,)],
    ),
    "ParseSequenceExample": Sample(
        ["", ""], _NO_TEXT, [_FLOATS], feature_list_dense_missing_assumed_empty=["d"], context_sparse_keys=["a"],
        context_dense_keys=["b"], feature_list_sparse_keys=["c"], feature_list_dense_keys=["d"], Ncontext_sparse=1,
        Ncontext_dense=1, Nfeature_list_sparse=1, Nfeature_list_dense=1, context_sparse_types=[dtypes.int64],
        feature_list_dense_types=[dtypes.string], context_dense_shapes=[(2,)],
        feature_list_sparse_types=[dtypes.float32], feature_list_dense_shapes=[()],
    ),
    "ParseSingleSequenceExample": Sample(
        "", ["d"], ["a"], ["b"], ["c"], ["d"], [_FLOATS], "", context_sparse_types=[dtypes.int64],
        feature_list_dense_types=[dtypes.string], context_dense_shapes=[(2,)],
        feature_list_sparse_types=[dtypes.float32], feature_list_dense_shapes=[()],
    ),
}  # fmt: skip
