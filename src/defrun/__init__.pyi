"""TensorFlow 1.x's define-and-run: graphs compiled whole by XLA through JAX. `import defrun as tf`.

TensorFlow's names for what the rooms define, and nothing else. Written by tools/face.py.
"""

from defrun import (
    app as app, audio as audio, bitwise as bitwise, compat as compat, contrib as contrib, debugging as debugging,
    distributions as distributions, dtypes as dtypes, errors as errors, flags as flags, gfile as gfile,
    graph_util as graph_util, image as image, initializers as initializers, io as io, keras as keras, layers as layers,
    linalg as linalg, logging as logging, lookup as lookup, losses as losses, manip as manip, math as math,
    metrics as metrics, nest as nest, nn as nn, python_io as python_io, quantization as quantization, queue as queue,
    random as random, raw_ops as raw_ops, saved_model as saved_model, sets as sets, signal as signal, sparse as sparse,
    spectral as spectral, strings as strings, summary as summary, test as test, train as train, version as version,
)
from defrun.base.device import DeviceSpec as DeviceSpec
from defrun.base.dtypes import (
    DType as DType, QUANTIZED_DTYPES as QUANTIZED_DTYPES, as_dtype as as_dtype, bfloat16 as bfloat16, bool as bool,
    complex128 as complex128, complex64 as complex64, double as double, float16 as float16, float32 as float32,
    double as float64, float16 as half, int16 as int16, int32 as int32, int64 as int64, int8 as int8, qint16 as qint16,
    qint32 as qint32, qint8 as qint8, quint16 as quint16, quint8 as quint8, resource as resource, string as string,
    uint16 as uint16, uint32 as uint32, uint64 as uint64, uint8 as uint8, variant as variant,
)
from defrun.base.errors import OpError as OpError
from defrun.base.logging import get_logger as get_logger
from defrun.base.modes import (
    control_flow_v2_enabled as control_flow_v2_enabled, disable_control_flow_v2 as disable_control_flow_v2,
    disable_eager_execution as disable_eager_execution, disable_tensor_equality as disable_tensor_equality,
    disable_v2_behavior as disable_v2_behavior, disable_v2_tensorshape as disable_v2_tensorshape,
    enable_control_flow_v2 as enable_control_flow_v2, enable_eager_execution as enable_eager_execution,
    enable_tensor_equality as enable_tensor_equality, enable_v2_behavior as enable_v2_behavior,
    enable_v2_tensorshape as enable_v2_tensorshape, executing_eagerly as executing_eagerly,
)
from defrun.base.shapes import (
    Dimension as Dimension, TensorShape as TensorShape, dimension_at_index as dimension_at_index,
    dimension_value as dimension_value,
)
from defrun.base.tensors import make_ndarray as make_ndarray
from defrun.base.version import (
    GIT_VERSION as GIT_VERSION, GRAPH_DEF_VERSION as GRAPH_DEF_VERSION,
    GRAPH_DEF_VERSION_MIN_CONSUMER as GRAPH_DEF_VERSION_MIN_CONSUMER,
    GRAPH_DEF_VERSION_MIN_PRODUCER as GRAPH_DEF_VERSION_MIN_PRODUCER, VERSION as VERSION,
    GIT_VERSION as __git_version__, VERSION as __version__,
)
from defrun.cli.alias import install_as_tensorflow as install_as_tensorflow
from defrun.functions.defun import function as function
from defrun.gradients.custom import custom_gradient as custom_gradient
from defrun.gradients.recompute import recompute_grad as recompute_grad
from defrun.gradients.registry import (
    no_gradient as NoGradient, no_gradient as NotDifferentiable, RegisterGradient as RegisterGradient,
    no_gradient as no_gradient,
)
from defrun.gradients.second import hessians as hessians
from defrun.gradients.walk import (
    AggregationMethod as AggregationMethod, UnconnectedGradients as UnconnectedGradients, gradients as gradients,
)
from defrun.graph.collections import GraphKeys as GraphKeys
from defrun.graph.composite import (
    IndexedSlices as IndexedSlices, SparseTensor as SparseTensor, SparseTensorValue as SparseTensorValue,
    convert_to_tensor_or_sparse_tensor as convert_to_tensor_or_sparse_tensor,
)
from defrun.graph.convert import (
    convert_to_tensor as convert_to_tensor, register_tensor_conversion_function as register_tensor_conversion_function,
)
from defrun.graph.graph import (
    Graph as Graph, get_default_graph as get_default_graph, reset_default_graph as reset_default_graph,
)
from defrun.graph.importing import import_graph_def as import_graph_def
from defrun.graph.operation import Operation as Operation, Tensor as Tensor
from defrun.graph.scopes import (
    add_to_collection as add_to_collection, add_to_collections as add_to_collections, colocate_with as colocate_with,
    container as container, control_dependencies as control_dependencies, device as device,
    get_collection as get_collection, get_collection_ref as get_collection_ref, init_scope as init_scope,
    name_scope as name_scope,
)
from defrun.graph.specs import TensorSpec as TensorSpec
from defrun.graph.static import constant_value as get_static_value
from defrun.lookup.initializers import (
    initialize_all_tables as initialize_all_tables, tables_initializer as tables_initializer,
)
from defrun.ops.activation import log_sigmoid as log_sigmoid
from defrun.ops.arrange import (
    invert_permutation as invert_permutation, matrix_transpose as matrix_transpose, pad as pad, reverse as reverse,
    reverse_sequence as reverse_sequence, reverse as reverse_v2, roll as roll, tile as tile, transpose as transpose,
)
from defrun.ops.array import (
    ensure_shape as ensure_shape, expand_dims as expand_dims, guarantee_const as guarantee_const, identity as identity,
    identity_n as identity_n, rank as rank, reshape as reshape, shape as shape, shape_n as shape_n, size as size,
    squeeze as squeeze, stop_gradient as stop_gradient,
)
from defrun.ops.asserts import (
    assert_equal as assert_equal, assert_greater as assert_greater, assert_greater_equal as assert_greater_equal,
    assert_integer as assert_integer, assert_less as assert_less, assert_less_equal as assert_less_equal,
    assert_near as assert_near, assert_negative as assert_negative, assert_non_negative as assert_non_negative,
    assert_non_positive as assert_non_positive, assert_none_equal as assert_none_equal,
    assert_positive as assert_positive, assert_proper_iterable as assert_proper_iterable, assert_rank as assert_rank,
    assert_rank_at_least as assert_rank_at_least, assert_rank_in as assert_rank_in,
    assert_same_float_dtype as assert_same_float_dtype, assert_scalar as assert_scalar, assert_type as assert_type,
    is_non_decreasing as is_non_decreasing, is_numeric_tensor as is_numeric_tensor,
    is_strictly_increasing as is_strictly_increasing,
)
from defrun.ops.bitcast import bitcast as bitcast
from defrun.ops.blocks import (
    batch_to_space as batch_to_space, batch_to_space_nd as batch_to_space_nd, depth_to_space as depth_to_space,
    required_space_to_batch_paddings as required_space_to_batch_paddings, space_to_batch as space_to_batch,
    space_to_batch_nd as space_to_batch_nd, space_to_depth as space_to_depth,
)
from defrun.ops.broadcast import broadcast_to as broadcast_to
from defrun.ops.broadcast_shapes import (
    broadcast_dynamic_shape as broadcast_dynamic_shape, broadcast_static_shape as broadcast_static_shape,
)
from defrun.ops.case import case as case
from defrun.ops.cast import (
    cast as cast, to_bfloat16 as to_bfloat16, to_complex128 as to_complex128, to_complex64 as to_complex64,
    to_double as to_double, to_float as to_float, to_int32 as to_int32, to_int64 as to_int64,
)
from defrun.ops.checks import (
    Assert as Assert, add_check_numerics_ops as add_check_numerics_ops, check_numerics as check_numerics,
    verify_tensor_all_finite as verify_tensor_all_finite,
)
from defrun.ops.compare import (
    equal as equal, greater as greater, greater_equal as greater_equal, is_finite as is_finite, is_inf as is_inf,
    is_nan as is_nan, less as less, less_equal as less_equal, logical_and as logical_and, logical_not as logical_not,
    logical_or as logical_or, logical_xor as logical_xor, not_equal as not_equal,
)
from defrun.ops.complex import angle as angle, complex as complex, conj as conj, imag as imag, real as real
from defrun.ops.confusion import confusion_matrix as confusion_matrix
from defrun.ops.constant import (
    constant as constant, placeholder as placeholder, placeholder_with_default as placeholder_with_default,
)
from defrun.ops.control import cond as cond
from defrun.ops.creation import (
    fill as fill, lin_space as lin_space, lin_space as linspace, meshgrid as meshgrid, one_hot as one_hot, ones as ones,
    ones_like as ones_like, range_ as range, zeros as zeros, zeros_like as zeros_like,
)
from defrun.ops.csv import decode_csv as decode_csv
from defrun.ops.cumulate import cumprod as cumprod, cumsum as cumsum
from defrun.ops.diagonal import (
    diag as diag, diag_part as diag_part, matrix_band_part as matrix_band_part, matrix_diag as matrix_diag,
    matrix_diag_part as matrix_diag_part, matrix_set_diag as matrix_set_diag,
)
from defrun.ops.einsum import einsum as einsum, tensordot as tensordot
from defrun.ops.elementary import (
    abs as abs, acos as acos, acosh as acosh, asin as asin, asinh as asinh, atan as atan, atan2 as atan2,
    atanh as atanh, cos as cos, cosh as cosh, exp as exp, expm1 as expm1, log as log, log1p as log1p, pow as pow,
    reciprocal as reciprocal, rsqrt as rsqrt, sigmoid as sigmoid, sign as sign, sin as sin, sinh as sinh, sqrt as sqrt,
    tan as tan, tanh as tanh,
)
from defrun.ops.fake_quantize import (
    fake_quant_with_min_max_args as fake_quant_with_min_max_args,
    fake_quant_with_min_max_args_gradient as fake_quant_with_min_max_args_gradient,
    fake_quant_with_min_max_vars as fake_quant_with_min_max_vars,
    fake_quant_with_min_max_vars_gradient as fake_quant_with_min_max_vars_gradient,
    fake_quant_with_min_max_vars_per_channel as fake_quant_with_min_max_vars_per_channel,
    fake_quant_with_min_max_vars_per_channel_gradient as fake_quant_with_min_max_vars_per_channel_gradient,
)
from defrun.ops.files import matching_files as matching_files, read_file as read_file, write_file as write_file
from defrun.ops.flow import group as group, no_op as no_op, timestamp as timestamp, tuple_ as tuple
from defrun.ops.functional import foldl as foldl, foldr as foldr, map_fn as map_fn, scan as scan
from defrun.ops.gather import (
    batch_gather as batch_gather, gather as gather, gather_nd as gather_nd, scatter_nd as scatter_nd,
    tensor_scatter_add as tensor_scatter_add, tensor_scatter_add as tensor_scatter_nd_add,
    tensor_scatter_sub as tensor_scatter_nd_sub, tensor_scatter_update as tensor_scatter_nd_update,
    tensor_scatter_sub as tensor_scatter_sub, tensor_scatter_update as tensor_scatter_update,
)
from defrun.ops.histogram import (
    histogram_fixed_width as histogram_fixed_width, histogram_fixed_width_bins as histogram_fixed_width_bins,
)
from defrun.ops.image.patches import (
    extract_image_patches as extract_image_patches, extract_volume_patches as extract_volume_patches,
)
from defrun.ops.join import (
    concat as concat, parallel_stack as parallel_stack, split as split, stack as stack, unstack as unstack,
)
from defrun.ops.limits import (
    ceil as ceil, clip_by_value as clip_by_value, floor as floor, maximum as maximum, minimum as minimum, rint as rint,
    round as round, saturate_cast as saturate_cast,
)
from defrun.ops.linalg.decompositions import (
    cholesky as cholesky, qr as qr, self_adjoint_eig as self_adjoint_eig, self_adjoint_eigvals as self_adjoint_eigvals,
    svd as svd,
)
from defrun.ops.linalg.functions import matrix_square_root as matrix_square_root
from defrun.ops.linalg.least_squares import matrix_solve_ls as matrix_solve_ls
from defrun.ops.linalg.solve import (
    cholesky_solve as cholesky_solve, matrix_determinant as matrix_determinant, matrix_inverse as matrix_inverse,
    matrix_solve as matrix_solve, matrix_triangular_solve as matrix_triangular_solve,
)
from defrun.ops.loop import while_loop as while_loop
from defrun.ops.masks import boolean_mask as boolean_mask, sequence_mask as sequence_mask
from defrun.ops.math import (
    accumulate_n as accumulate_n, add as add, add_n as add_n, div as div, div_no_nan as div_no_nan, divide as divide,
    floor_div as floor_div, floordiv as floordiv, floormod as floormod, floormod as mod, multiply as multiply,
    negative as negative, realdiv as realdiv, scalar_mul as scalar_mul, square as square,
    squared_difference as squared_difference, subtract as subtract, truediv as truediv, truncatediv as truncatediv,
    truncatemod as truncatemod,
)
from defrun.ops.matrix import (
    cross as cross, eye as eye, matmul as matmul, sparse_matmul as sparse_matmul, trace as trace,
)
from defrun.ops.norms import (
    clip_by_average_norm as clip_by_average_norm, clip_by_global_norm as clip_by_global_norm,
    clip_by_norm as clip_by_norm, global_norm as global_norm, norm as norm,
)
from defrun.ops.parsing.example import (
    decode_json_example as decode_json_example, parse_example as parse_example,
    parse_single_example as parse_single_example,
)
from defrun.ops.parsing.features import (
    FixedLenFeature as FixedLenFeature, FixedLenSequenceFeature as FixedLenSequenceFeature,
    SparseFeature as SparseFeature, VarLenFeature as VarLenFeature,
)
from defrun.ops.parsing.sequence import parse_single_sequence_example as parse_single_sequence_example
from defrun.ops.printing import Print as Print, print_ as print
from defrun.ops.python_function import numpy_function as numpy_function, py_func as py_func
from defrun.ops.quantize import (
    dequantize as dequantize, quantize as quantize, quantize_v2 as quantize_v2, quantized_concat as quantized_concat,
)
from defrun.ops.queues import (
    FIFOQueue as FIFOQueue, PaddingFIFOQueue as PaddingFIFOQueue, QueueBase as QueueBase,
    RandomShuffleQueue as RandomShuffleQueue,
)
from defrun.ops.random import (
    multinomial as multinomial, random_crop as random_crop, random_normal as random_normal,
    random_shuffle as random_shuffle, random_uniform as random_uniform, truncated_normal as truncated_normal,
)
from defrun.ops.random_parametric import random_gamma as random_gamma, random_poisson as random_poisson
from defrun.ops.readers import (
    FixedLengthRecordReader as FixedLengthRecordReader, IdentityReader as IdentityReader, ReaderBase as ReaderBase,
    TFRecordReader as TFRecordReader, TextLineReader as TextLineReader, WholeFileReader as WholeFileReader,
)
from defrun.ops.reduce import (
    arg_max as arg_max, arg_min as arg_min, argmax as argmax, argmin as argmin, count_nonzero as count_nonzero,
    reduce_all as reduce_all, reduce_any as reduce_any, reduce_logsumexp as reduce_logsumexp, reduce_max as reduce_max,
    reduce_mean as reduce_mean, reduce_min as reduce_min, reduce_prod as reduce_prod, reduce_sum as reduce_sum,
)
from defrun.ops.scatter_variable import (
    batch_scatter_update as batch_scatter_update, scatter_add as scatter_add, scatter_div as scatter_div,
    scatter_max as scatter_max, scatter_min as scatter_min, scatter_mul as scatter_mul,
    scatter_nd_add as scatter_nd_add, scatter_nd_sub as scatter_nd_sub, scatter_nd_update as scatter_nd_update,
    scatter_sub as scatter_sub, scatter_update as scatter_update,
)
from defrun.ops.search import repeat as repeat, searchsorted as searchsorted, unravel_index as unravel_index
from defrun.ops.seeds import get_seed as get_seed, set_random_seed as set_random_seed
from defrun.ops.segment import (
    bincount as bincount, segment_max as segment_max, segment_mean as segment_mean, segment_min as segment_min,
    segment_prod as segment_prod, segment_sum as segment_sum, unsorted_segment_max as unsorted_segment_max,
    unsorted_segment_mean as unsorted_segment_mean, unsorted_segment_min as unsorted_segment_min,
    unsorted_segment_prod as unsorted_segment_prod, unsorted_segment_sqrt_n as unsorted_segment_sqrt_n,
    unsorted_segment_sum as unsorted_segment_sum,
)
from defrun.ops.select import (
    dynamic_partition as dynamic_partition, dynamic_stitch as dynamic_stitch, setdiff1d as setdiff1d, unique as unique,
    unique_with_counts as unique_with_counts, where as where, where_v2 as where_v2,
)
from defrun.ops.signal.fft import (
    fft as fft, fft2d as fft2d, fft3d as fft3d, ifft as ifft, ifft2d as ifft2d, ifft3d as ifft3d,
)
from defrun.ops.slicing import newaxis as newaxis, slice_ as slice, strided_slice as strided_slice
from defrun.ops.sort import argsort as argsort, sort as sort
from defrun.ops.sparse.arithmetic import (
    sparse_add as sparse_add, sparse_maximum as sparse_maximum, sparse_minimum as sparse_minimum,
)
from defrun.ops.sparse.arrange import (
    sparse_concat as sparse_concat, sparse_mask as sparse_mask, sparse_merge as sparse_merge,
    sparse_reorder as sparse_reorder, sparse_reset_shape as sparse_reset_shape, sparse_reshape as sparse_reshape,
    sparse_retain as sparse_retain, sparse_transpose as sparse_transpose,
)
from defrun.ops.sparse.dense import (
    sparse_placeholder as sparse_placeholder, sparse_tensor_to_dense as sparse_tensor_to_dense,
    sparse_to_dense as sparse_to_dense, sparse_to_indicator as sparse_to_indicator,
)
from defrun.ops.sparse.matmul import (
    sparse_softmax as sparse_softmax, sparse_tensor_dense_matmul as sparse_tensor_dense_matmul,
)
from defrun.ops.sparse.reduce import (
    sparse_reduce_max as sparse_reduce_max, sparse_reduce_max_sparse as sparse_reduce_max_sparse,
    sparse_reduce_sum as sparse_reduce_sum, sparse_reduce_sum_sparse as sparse_reduce_sum_sparse,
)
from defrun.ops.sparse.rows import (
    sparse_fill_empty_rows as sparse_fill_empty_rows, sparse_slice as sparse_slice, sparse_split as sparse_split,
)
from defrun.ops.sparse.serialize import (
    deserialize_many_sparse as deserialize_many_sparse, serialize_many_sparse as serialize_many_sparse,
    serialize_sparse as serialize_sparse,
)
from defrun.ops.sparse_segment import (
    sparse_segment_mean as sparse_segment_mean, sparse_segment_sqrt_n as sparse_segment_sqrt_n,
    sparse_segment_sum as sparse_segment_sum,
)
from defrun.ops.special import (
    betainc as betainc, digamma as digamma, erf as erf, erfc as erfc, igamma as igamma, igammac as igammac,
    lbeta as lbeta, lgamma as lgamma, polygamma as polygamma, zeta as zeta,
)
from defrun.ops.state import (
    assign as assign, assign_add as assign_add, assign_sub as assign_sub, count_up_to as count_up_to,
    is_variable_initialized as is_variable_initialized,
)
from defrun.ops.strings.distance import edit_distance as edit_distance
from defrun.ops.strings.hashing import (
    fingerprint as fingerprint, string_to_hash_bucket as string_to_hash_bucket,
    string_to_hash_bucket_fast as string_to_hash_bucket_fast,
    string_to_hash_bucket_strong as string_to_hash_bucket_strong,
)
from defrun.ops.strings.joining import reduce_join as reduce_join, string_join as string_join
from defrun.ops.strings.numbers import as_string as as_string, string_to_number as string_to_number
from defrun.ops.strings.parts import string_strip as string_strip, substr_deprecated as substr
from defrun.ops.strings.protos import parse_tensor as parse_tensor, serialize_tensor as serialize_tensor
from defrun.ops.strings.raw import (
    decode_base64 as decode_base64, decode_compressed as decode_compressed, decode_raw_v1 as decode_raw,
    encode_base64 as encode_base64,
)
from defrun.ops.strings.regex import regex_replace as regex_replace
from defrun.ops.strings.split import string_split as string_split
from defrun.ops.switch import switch_case as switch_case
from defrun.ops.tensor_array.tensor_array import TensorArray as TensorArray
from defrun.session.session import (
    InteractiveSession as InteractiveSession, Session as Session, get_default_session as get_default_session,
)
from defrun.variables.initializers import (
    Constant as constant_initializer, GlorotNormal as glorot_normal_initializer,
    GlorotUniform as glorot_uniform_initializer, Ones as ones_initializer, Orthogonal as orthogonal_initializer,
    RandomNormal as random_normal_initializer, RandomUniform as random_uniform_initializer,
    TruncatedNormal as truncated_normal_initializer, UniformUnitScaling as uniform_unit_scaling_initializer,
    VarianceScaling as variance_scaling_initializer, Zeros as zeros_initializer,
)
from defrun.variables.lists import (
    all_variables as all_variables, assert_variables_initialized as assert_variables_initialized,
    global_variables as global_variables, global_variables_initializer as global_variables_initializer,
    initialize_all_variables as initialize_all_variables, initialize_local_variables as initialize_local_variables,
    initialize_variables as initialize_variables, local_variables as local_variables,
    local_variables_initializer as local_variables_initializer, model_variables as model_variables,
    moving_average_variables as moving_average_variables,
    report_uninitialized_variables as report_uninitialized_variables, trainable_variables as trainable_variables,
    variables_initializer as variables_initializer,
)
from defrun.variables.modes import (
    VariableAggregation as VariableAggregation, VariableSynchronization as VariableSynchronization,
    disable_resource_variables as disable_resource_variables, enable_resource_variables as enable_resource_variables,
    resource_variables_enabled as resource_variables_enabled,
)
from defrun.variables.partitioners import (
    fixed_size_partitioner as fixed_size_partitioner, min_max_variable_partitioner as min_max_variable_partitioner,
    variable_axis_size_partitioner as variable_axis_size_partitioner,
)
from defrun.variables.scope import (
    AUTO_REUSE as AUTO_REUSE, create_partitioned_variables as create_partitioned_variables,
    get_local_variable as get_local_variable, get_variable as get_variable, get_variable_scope as get_variable_scope,
    no_regularizer as no_regularizer, variable_creator_scope as variable_creator_scope,
    variable_op_scope as variable_op_scope, variable_scope as variable_scope,
)
from defrun.variables.settings import VariableScope as VariableScope
from defrun.variables.template import make_template as make_template
from defrun.variables.variable import Variable as Variable
from tensorboard.compat.proto.attr_value_pb2 import AttrValue as AttrValue, NameAttrList as NameAttrList
from tensorboard.compat.proto.config_pb2 import (
    ConfigProto as ConfigProto, GPUOptions as GPUOptions, GraphOptions as GraphOptions,
    OptimizerOptions as OptimizerOptions, RunMetadata as RunMetadata, RunOptions as RunOptions,
)
from tensorboard.compat.proto.event_pb2 import Event as Event, LogMessage as LogMessage, SessionLog as SessionLog
from tensorboard.compat.proto.graph_pb2 import GraphDef as GraphDef
from tensorboard.compat.proto.meta_graph_pb2 import MetaGraphDef as MetaGraphDef, TensorInfo as TensorInfo
from tensorboard.compat.proto.node_def_pb2 import NodeDef as NodeDef
from tensorboard.compat.proto.summary_pb2 import (
    HistogramProto as HistogramProto, Summary as Summary, SummaryMetadata as SummaryMetadata,
)
