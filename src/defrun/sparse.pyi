"""`tf.sparse`: names, and nothing else. Written by tools/face.py."""

from defrun.graph.composite import SparseTensor as SparseTensor
from defrun.ops.sparse.arithmetic import sparse_add as add, sparse_maximum as maximum, sparse_minimum as minimum
from defrun.ops.sparse.arrange import (
    sparse_concat as concat, sparse_expand_dims as expand_dims, sparse_eye as eye, sparse_mask as mask,
    sparse_merge as merge, sparse_reorder as reorder, sparse_reset_shape as reset_shape, sparse_reshape as reshape,
    sparse_retain as retain, sparse_transpose as transpose,
)
from defrun.ops.sparse.cross import sparse_cross as cross, sparse_cross_hashed as cross_hashed
from defrun.ops.sparse.dense import (
    from_dense as from_dense, sparse_placeholder as placeholder, sparse_tensor_to_dense as to_dense,
    sparse_to_indicator as to_indicator,
)
from defrun.ops.sparse.matmul import (
    sparse_tensor_dense_matmul as matmul, sparse_softmax as softmax, sparse_tensor_dense_matmul as sparse_dense_matmul,
)
from defrun.ops.sparse.reduce import (
    sparse_reduce_max as reduce_max, sparse_reduce_max_sparse as reduce_max_sparse, sparse_reduce_sum as reduce_sum,
    sparse_reduce_sum_sparse as reduce_sum_sparse,
)
from defrun.ops.sparse.rows import (
    sparse_fill_empty_rows as fill_empty_rows, sparse_slice as slice, sparse_split as split,
)
from defrun.ops.sparse_segment import (
    sparse_segment_mean as segment_mean, sparse_segment_sqrt_n as segment_sqrt_n, sparse_segment_sum as segment_sum,
)
