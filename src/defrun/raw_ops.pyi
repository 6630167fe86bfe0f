"""`tf.raw_ops`: names, and nothing else. Written by tools/face.py."""

from defrun.ops.activation import (
    elu as Elu, elu_grad as EluGrad, leaky_relu_op as LeakyRelu, leaky_relu_grad as LeakyReluGrad, relu as Relu,
    relu6_op as Relu6, relu6_grad as Relu6Grad, relu_grad as ReluGrad, selu as Selu, selu_grad as SeluGrad,
    softplus as Softplus, softplus_grad as SoftplusGrad, softsign as Softsign, softsign_grad as SoftsignGrad,
)
from defrun.ops.arrange import (
    permute_axes_conjugate as ConjugateTranspose, invert_permutation as InvertPermutation, mirror_pad as MirrorPad,
    _mirror_pad_grad as MirrorPadGrad, pad_zeros as Pad, pad_v2 as PadV2, _reverse_sequence as ReverseSequence,
    reverse as ReverseV2, roll as Roll, tile as Tile, permute_axes as Transpose,
)
from defrun.ops.array import (
    debug_gradient_identity as DebugGradientIdentity, ensure_shape as EnsureShape, insert_axis as ExpandDims,
    guarantee_const as GuaranteeConst, identity as Identity, identity_n as IdentityN,
    prevent_gradient as PreventGradient, rank_of as Rank, reshape as Reshape, shape_of as Shape, shape_n as ShapeN,
    size_of as Size, snapshot as Snapshot, remove_axes as Squeeze, stop_gradient as StopGradient,
)
from defrun.ops.bitcast import bitcast as Bitcast
from defrun.ops.bitwise import (
    bitwise_and as BitwiseAnd, bitwise_or as BitwiseOr, bitwise_xor as BitwiseXor,
    compare_and_bitpack as CompareAndBitpack, invert as Invert, left_shift as LeftShift,
    population_count as PopulationCount, right_shift as RightShift,
)
from defrun.ops.blocks import (
    batch_to_space_nd as BatchToSpaceND, _depth_to_space as DepthToSpace, space_to_batch_nd as SpaceToBatchND,
    _space_to_depth as SpaceToDepth,
)
from defrun.ops.broadcast import broadcast_to as BroadcastTo
from defrun.ops.broadcast_shapes import (
    _broadcast_args as BroadcastArgs, broadcast_gradient_args as BroadcastGradientArgs,
)
from defrun.ops.call import (
    partitioned_call as PartitionedCall, stateful_partitioned_call as StatefulPartitionedCall,
    symbolic_gradient as SymbolicGradient,
)
from defrun.ops.candidates import (
    _all as AllCandidateSampler, _accidental_hits as ComputeAccidentalHits,
    _fixed_unigram as FixedUnigramCandidateSampler, _learned_unigram as LearnedUnigramCandidateSampler,
    _log_uniform as LogUniformCandidateSampler,
    thread_unsafe_unigram_candidate_sampler as ThreadUnsafeUnigramCandidateSampler, _uniform as UniformCandidateSampler,
)
from defrun.ops.cast import _cast as Cast
from defrun.ops.cell_blocks import (
    block_lstm as BlockLSTM, block_lstm_grad as BlockLSTMGrad, gru_block_cell as GRUBlockCell,
    gru_block_cell_grad as GRUBlockCellGrad, lstm_block_cell as LSTMBlockCell,
    lstm_block_cell_grad as LSTMBlockCellGrad,
)
from defrun.ops.checkpoint import (
    merge_v2_checkpoints as MergeV2Checkpoints, restore as Restore, restore_slice as RestoreSlice,
    restore_v2 as RestoreV2, save as Save, save_slices as SaveSlices, save_v2 as SaveV2,
    sharded_filename as ShardedFilename, sharded_filespec as ShardedFilespec,
)
from defrun.ops.checks import _assert as Assert, check_numerics as CheckNumerics
from defrun.ops.compare import (
    approximate_equal as ApproximateEqual, _equal as Equal, greater as Greater, greater_equal as GreaterEqual,
    is_finite as IsFinite, is_inf as IsInf, is_nan as IsNan, less as Less, less_equal as LessEqual,
    logical_and as LogicalAnd, logical_not as LogicalNot, logical_or as LogicalOr, _not_equal as NotEqual,
    select as Select, select_v2 as SelectV2,
)
from defrun.ops.complex import _angle as Angle, _complex as Complex, _conj as Conj, _imag as Imag, _real as Real
from defrun.ops.constant import (
    const as Const, _placeholder as Placeholder, _placeholder_with_default as PlaceholderWithDefault,
)
from defrun.ops.control import if_ as If, stateless_if as StatelessIf
from defrun.ops.conv import (
    convolve_2d as Conv2D, convolve_2d_to_filter as Conv2DBackpropFilter, convolve_2d_to_input as Conv2DBackpropInput,
    convolve_3d as Conv3D, convolve_3d_to_filter_like as Conv3DBackpropFilter,
    convolve_3d_to_filter as Conv3DBackpropFilterV2, convolve_3d_to_input_like as Conv3DBackpropInput,
    convolve_3d_to_input as Conv3DBackpropInputV2,
)
from defrun.ops.creation import (
    fill as Fill, lin_space as LinSpace, _one_hot as OneHot, _ones_like as OnesLike, count_up as Range,
    _zeros_like as ZerosLike,
)
from defrun.ops.csv import _decode_csv as DecodeCSV
from defrun.ops.ctc.decode import _beam_search as CTCBeamSearchDecoder, _greedy as CTCGreedyDecoder
from defrun.ops.ctc.loss import _ctc_loss as CTCLoss
from defrun.ops.cudnn.params import (
    cudnn_rnn_canonical_to_params as CudnnRNNCanonicalToParams, cudnn_rnn_params_size as CudnnRNNParamsSize,
    cudnn_rnn_params_to_canonical as CudnnRNNParamsToCanonical,
)
from defrun.ops.cudnn.rnn import (
    cudnn_rnn as CudnnRNN, cudnn_rnn_backprop as CudnnRNNBackprop, cudnn_rnn_backprop_v2 as CudnnRNNBackpropV2,
    cudnn_rnn_backprop_v3 as CudnnRNNBackpropV3, cudnn_rnn_v2 as CudnnRNNV2, cudnn_rnn_v3 as CudnnRNNV3,
)
from defrun.ops.cumulate import _cumprod as Cumprod, _cumsum as Cumsum, _cumulative_logsumexp as CumulativeLogsumexp
from defrun.ops.data_format import (
    data_format_dim_map as DataFormatDimMap, data_format_vec_permute as DataFormatVecPermute,
)
from defrun.ops.depthwise import (
    depthwise_conv2d_native as DepthwiseConv2dNative,
    depthwise_conv2d_native_backprop_filter as DepthwiseConv2dNativeBackpropFilter,
    depthwise_conv2d_native_backprop_input as DepthwiseConv2dNativeBackpropInput,
)
from defrun.ops.diagonal import (
    diag as Diag, diag_part as DiagPart, matrix_band_part as MatrixBandPart, _matrix_diag as MatrixDiag,
    _matrix_diag_part as MatrixDiagPart, _matrix_set_diag as MatrixSetDiag,
)
from defrun.ops.einsum import einsum_op as Einsum
from defrun.ops.elementary import (
    _abs as Abs, acos as Acos, acosh as Acosh, asin as Asin, asinh as Asinh, atan as Atan, atan2 as Atan2,
    atanh as Atanh, _complex_abs as ComplexAbs, cos as Cos, cosh as Cosh, exp as Exp, expm1 as Expm1, inv as Inv,
    inv_grad as InvGrad, log as Log, log1p as Log1p, _pow as Pow, reciprocal as Reciprocal,
    reciprocal_grad as ReciprocalGrad, rsqrt as Rsqrt, rsqrt_grad as RsqrtGrad, sigmoid as Sigmoid,
    sigmoid_grad as SigmoidGrad, sign as Sign, sin as Sin, sinh as Sinh, sqrt as Sqrt, sqrt_grad as SqrtGrad,
    tan as Tan, tanh as Tanh, tanh_grad as TanhGrad, xdivy as Xdivy, xlogy as Xlogy,
)
from defrun.ops.fake_quantize import (
    fake_quant_with_min_max_args as FakeQuantWithMinMaxArgs,
    fake_quant_with_min_max_args_gradient as FakeQuantWithMinMaxArgsGradient,
    fake_quant_with_min_max_vars as FakeQuantWithMinMaxVars,
    fake_quant_with_min_max_vars_gradient as FakeQuantWithMinMaxVarsGradient,
    fake_quant_with_min_max_vars_per_channel as FakeQuantWithMinMaxVarsPerChannel,
    fake_quant_with_min_max_vars_per_channel_gradient as FakeQuantWithMinMaxVarsPerChannelGradient,
    _quantize_and_dequantize as QuantizeAndDequantizeV2, quantize_and_dequantize_v3 as QuantizeAndDequantizeV3,
)
from defrun.ops.files import matching_files as MatchingFiles, read_file as ReadFile, write_file as WriteFile
from defrun.ops.flow import (
    control_trigger as ControlTrigger, no_op as NoOp, ref_identity as RefIdentity, timestamp as Timestamp,
)
from defrun.ops.fractional import (
    fractional_avg_pool as FractionalAvgPool, fractional_avg_pool_grad as FractionalAvgPoolGrad,
    fractional_max_pool as FractionalMaxPool, fractional_max_pool_grad as FractionalMaxPoolGrad,
)
from defrun.ops.gather import (
    _gather_v1 as Gather, _gather_nd as GatherNd, gather_v2 as GatherV2, scatter_nd as ScatterNd,
    scatter_nd_non_aliasing_add as ScatterNdNonAliasingAdd, tensor_scatter_add as TensorScatterAdd,
    tensor_scatter_sub as TensorScatterSub, tensor_scatter_update as TensorScatterUpdate,
)
from defrun.ops.histogram import _histogram_fixed_width as HistogramFixedWidth
from defrun.ops.histogram_summary import summarize_histogram as HistogramSummary
from defrun.ops.image.codecs import (
    decode_and_crop_jpeg as DecodeAndCropJpeg, decode_bmp as DecodeBmp, decode_gif as DecodeGif,
    decode_jpeg as DecodeJpeg, decode_png as DecodePng, encode_jpeg as EncodeJpeg,
    encode_jpeg_variable_quality as EncodeJpegVariableQuality, encode_png as EncodePng,
    extract_jpeg_shape as ExtractJpegShape,
)
from defrun.ops.image.colour import (
    adjust_contrast_within as AdjustContrast, adjust_contrastv2 as AdjustContrastv2, adjust_hue as AdjustHue,
    adjust_saturation as AdjustSaturation, hsv_to_rgb as HSVToRGB, rgb_to_hsv as RGBToHSV,
)
from defrun.ops.image.crop import (
    crop_and_resize_by as CropAndResize, crop_and_resize_grad_boxes as CropAndResizeGradBoxes,
    crop_and_resize_grad_image as CropAndResizeGradImage,
)
from defrun.ops.image.distort import (
    sample_box as SampleDistortedBoundingBox, sample_box_v2 as SampleDistortedBoundingBoxV2,
)
from defrun.ops.image.draw import (
    draw_bounding_boxes_of_any_color as DrawBoundingBoxes, draw_bounding_boxes_of_colors as DrawBoundingBoxesV2,
)
from defrun.ops.image.glimpse import extract_glimpse_by as ExtractGlimpse
from defrun.ops.image.morphology import (
    dilate as Dilation2D, dilate_to_filter as Dilation2DBackpropFilter, dilate_to_input as Dilation2DBackpropInput,
)
from defrun.ops.image.patches import (
    _extract_image_patches as ExtractImagePatches, extract_volume_patches as ExtractVolumePatches,
)
from defrun.ops.image.resize import (
    resize_area as ResizeArea, _resize_bicubic as ResizeBicubic, resize_bicubic_grad as ResizeBicubicGrad,
    _resize_bilinear as ResizeBilinear, resize_bilinear_grad as ResizeBilinearGrad,
    _resize_nearest_neighbor as ResizeNearestNeighbor, resize_nearest_neighbor_grad as ResizeNearestNeighborGrad,
)
from defrun.ops.image.scale import (
    scale_and_translate as ScaleAndTranslate, scale_and_translate_grad as ScaleAndTranslateGrad,
)
from defrun.ops.image.suppress import (
    combined_suppression as CombinedNonMaxSuppression, non_max_suppression_v1 as NonMaxSuppression,
    non_max_suppression_v2 as NonMaxSuppressionV2, non_max_suppression_v3 as NonMaxSuppressionV3,
    non_max_suppression_v4 as NonMaxSuppressionV4, non_max_suppression_v5 as NonMaxSuppressionV5,
    suppress_by_overlaps as NonMaxSuppressionWithOverlaps,
)
from defrun.ops.inplace import (
    deep_copy as DeepCopy, empty as Empty, inplace_add as InplaceAdd, inplace_sub as InplaceSub,
    inplace_update as InplaceUpdate,
)
from defrun.ops.join import (
    concat_offset as ConcatOffset, concat_v2 as ConcatV2, pack as Pack, _parallel_concat as ParallelConcat,
    _split as Split, split_v as SplitV, unpack as Unpack,
)
from defrun.ops.limits import (
    ceil as Ceil, _clip_by_value as ClipByValue, floor as Floor, maximum as Maximum, minimum as Minimum,
    nextafter as NextAfter, rint as Rint, _round as Round,
)
from defrun.ops.linalg.decompositions import (
    cholesky as Cholesky, cholesky_grad as CholeskyGrad, qr as Qr, self_adjoint_eig_v2 as SelfAdjointEigV2, _svd as Svd,
)
from defrun.ops.linalg.functions import (
    _matrix_exponential as MatrixExponential, matrix_logarithm as MatrixLogarithm,
    matrix_square_root as MatrixSquareRoot,
)
from defrun.ops.linalg.least_squares import _matrix_solve_ls as MatrixSolveLs
from defrun.ops.linalg.solve import (
    slogdet as LogMatrixDeterminant, lu as Lu, matrix_determinant as MatrixDeterminant, matrix_inverse as MatrixInverse,
    matrix_solve as MatrixSolve, matrix_triangular_solve as MatrixTriangularSolve,
)
from defrun.ops.linalg.tridiagonal import (
    _tridiagonal_mat_mul as TridiagonalMatMul, _tridiagonal_solve as TridiagonalSolve,
)
from defrun.ops.lookup import (
    hash_table_v2 as HashTableV2, initialize_table_from_text_file_v2 as InitializeTableFromTextFileV2,
    _initialize_table as InitializeTableV2, lookup_table_export_v2 as LookupTableExportV2,
    lookup_table_find_v2 as LookupTableFindV2, lookup_table_import_v2 as LookupTableImportV2,
    lookup_table_insert_v2 as LookupTableInsertV2, lookup_table_remove_v2 as LookupTableRemoveV2,
    lookup_table_size_v2 as LookupTableSizeV2, mutable_dense_hash_table_v2 as MutableDenseHashTableV2,
    mutable_hash_table_of_tensors_v2 as MutableHashTableOfTensorsV2, mutable_hash_table_v2 as MutableHashTableV2,
)
from defrun.ops.loop import stateless_while as StatelessWhile, while_ as While
from defrun.ops.math import (
    _accumulate_n as AccumulateNV2, add as Add, _add_n as AddN, add_v2 as AddV2, _div as Div, _div_no_nan as DivNoNan,
    floor_div as FloorDiv, floormod as FloorMod, _mod as Mod, multiply as Mul, _multiply_no_nan as MulNoNan,
    negative as Neg, realdiv as RealDiv, square as Square, squared_difference as SquaredDifference, subtract as Sub,
    truncatediv as TruncateDiv, truncatemod as TruncateMod,
)
from defrun.ops.matrix import (
    batch_mat_mul as BatchMatMul, batch_mat_mul_v2 as BatchMatMulV2, cross as Cross, mat_mul as MatMul,
    sparse_matmul as SparseMatMul,
)
from defrun.ops.nn import (
    add_bias as BiasAdd, bias_add_grad as BiasAddGrad, _add_bias_v1 as BiasAddV1, _in_top_k_v1 as InTopK,
    _in_top_k as InTopKV2, l2_loss as L2Loss, _nth_element as NthElement, _top_k_v1 as TopK, _top_k as TopKV2,
)
from defrun.ops.normalization import (
    fused_batch_norm_v1 as FusedBatchNorm, fused_batch_norm_grad as FusedBatchNormGrad,
    fused_batch_norm_grad_v2 as FusedBatchNormGradV2, fused_batch_norm_grad_v3 as FusedBatchNormGradV3,
    fused_batch_norm_v2 as FusedBatchNormV2, fused_batch_norm_v3 as FusedBatchNormV3,
    local_response_normalization as LRN, _lrn_grad as LRNGrad,
)
from defrun.ops.parsing.example import (
    decode_json_example as DecodeJSONExample, _parse_example as ParseExample,
    _parse_single_example as ParseSingleExample,
)
from defrun.ops.parsing.sequence import (
    _parse_sequence_example as ParseSequenceExample, _parse_single_sequence_example as ParseSingleSequenceExample,
)
from defrun.ops.pool import (
    avg_pool_2d as AvgPool, avg_pool_3d as AvgPool3D, avg_pool_3d_grad as AvgPool3DGrad, avg_pool_grad as AvgPoolGrad,
    max_pool_2d as MaxPool, max_pool_3d as MaxPool3D, max_pool_3d_grad as MaxPool3DGrad,
    max_pool_3d_grad_grad as MaxPool3DGradGrad, max_pool_grad as MaxPoolGrad, max_pool_grad_grad as MaxPoolGradGrad,
    max_pool_grad_grad_by as MaxPoolGradGradV2, max_pool_grad_grad_argmax as MaxPoolGradGradWithArgmax,
    max_pool_grad_by as MaxPoolGradV2, max_pool_grad_argmax as MaxPoolGradWithArgmax, max_pool_by as MaxPoolV2,
    max_pool_argmax as MaxPoolWithArgmax,
)
from defrun.ops.printing import _print as Print, _print_v2 as PrintV2, _string_format as StringFormat
from defrun.ops.python_function import _py_func as PyFunc, _py_func_stateless as PyFuncStateless
from defrun.ops.quantize import dequantize as Dequantize, _quantize as QuantizeV2, quantized_concat as QuantizedConcat
from defrun.ops.queues import (
    _fifo_queue as FIFOQueueV2, _padding_fifo_queue as PaddingFIFOQueueV2, _close as QueueCloseV2,
    _dequeue_many as QueueDequeueManyV2, _dequeue_up_to as QueueDequeueUpToV2, _dequeue as QueueDequeueV2,
    _enqueue_many as QueueEnqueueManyV2, _enqueue as QueueEnqueueV2, _is_closed as QueueIsClosedV2,
    _size as QueueSizeV2, _random_shuffle_queue as RandomShuffleQueueV2,
)
from defrun.ops.random import (
    draw_classes as Multinomial, shuffle as RandomShuffle, standard_normal as RandomStandardNormal,
    uniform as RandomUniform, uniform_int as RandomUniformInt, standard_truncated_normal as TruncatedNormal,
)
from defrun.ops.random_parametric import (
    standard_gamma as RandomGamma, gamma_slope as RandomGammaGrad, poisson_as_rate as RandomPoisson,
    poisson as RandomPoissonV2,
)
from defrun.ops.readers import (
    _fixed_length_reader as FixedLengthRecordReaderV2, _identity_reader as IdentityReaderV2,
    _records_produced as ReaderNumRecordsProducedV2, _units_completed as ReaderNumWorkUnitsCompletedV2,
    _read_up_to as ReaderReadUpToV2, _read as ReaderReadV2, _reset as ReaderResetV2,
    _tf_record_reader as TFRecordReaderV2, _text_line_reader as TextLineReaderV2,
    _whole_file_reader as WholeFileReaderV2,
)
from defrun.ops.reduce import (
    _all as All, _any as Any, arg_max as ArgMax, arg_min as ArgMin, _euclidean_norm as EuclideanNorm, _max as Max,
    _mean as Mean, _min as Min, _prod as Prod, _sum as Sum,
)
from defrun.ops.remap import (
    generate_vocab_remapping as GenerateVocabRemapping, load_and_remap_matrix as LoadAndRemapMatrix,
)
from defrun.ops.scatter_variable import (
    resource_gather as ResourceGather, resource_gather_nd as ResourceGatherNd,
    resource_scatter_add as ResourceScatterAdd, resource_scatter_div as ResourceScatterDiv,
    resource_scatter_max as ResourceScatterMax, resource_scatter_min as ResourceScatterMin,
    resource_scatter_mul as ResourceScatterMul, resource_scatter_nd_add as ResourceScatterNdAdd,
    resource_scatter_nd_sub as ResourceScatterNdSub, resource_scatter_nd_update as ResourceScatterNdUpdate,
    resource_scatter_sub as ResourceScatterSub, resource_scatter_update as ResourceScatterUpdate,
    scatter_add_ref as ScatterAdd, scatter_div_ref as ScatterDiv, scatter_max_ref as ScatterMax,
    scatter_min_ref as ScatterMin, scatter_mul_ref as ScatterMul, scatter_nd_add_ref as ScatterNdAdd,
    scatter_nd_sub_ref as ScatterNdSub, scatter_nd_update_ref as ScatterNdUpdate, scatter_sub_ref as ScatterSub,
    scatter_update_ref as ScatterUpdate,
)
from defrun.ops.search import (
    bucketize as Bucketize, lower_bound as LowerBound, unravel_index as UnravelIndex, upper_bound as UpperBound,
)
from defrun.ops.segment import (
    _bincount as Bincount, segment_max as SegmentMax, segment_mean as SegmentMean, segment_min as SegmentMin,
    segment_prod as SegmentProd, segment_sum as SegmentSum, unsorted_segment_max as UnsortedSegmentMax,
    unsorted_segment_min as UnsortedSegmentMin, unsorted_segment_prod as UnsortedSegmentProd,
    unsorted_segment_sum as UnsortedSegmentSum,
)
from defrun.ops.select import (
    dynamic_partition as DynamicPartition, _dynamic_stitch as DynamicStitch, _list_diff as ListDiff,
    _parallel_dynamic_stitch as ParallelDynamicStitch, _unique as Unique, unique_v2 as UniqueV2,
    _unique_with_counts as UniqueWithCounts, unique_with_counts_v2 as UniqueWithCountsV2, _where as Where,
)
from defrun.ops.sets import (
    _dense_to_dense as DenseToDenseSetOperation, _dense_to_sparse as DenseToSparseSetOperation, _set_size as SetSize,
    _sparse_to_sparse as SparseToSparseSetOperation,
)
from defrun.ops.signal.audio import (
    audio_spectrogram as AudioSpectrogram, decode_wav as DecodeWav, encode_wav as EncodeWav, mfcc as Mfcc,
)
from defrun.ops.signal.fft import (
    fft as FFT, fft2d as FFT2D, fft3d as FFT3D, ifft as IFFT, ifft2d as IFFT2D, ifft3d as IFFT3D, _irfft as IRFFT,
    _irfft2d as IRFFT2D, _irfft3d as IRFFT3D, _rfft as RFFT, _rfft2d as RFFT2D, _rfft3d as RFFT3D,
)
from defrun.ops.slicing import (
    resource_strided_slice_assign as ResourceStridedSliceAssign, _slice as Slice, _strided_slice as StridedSlice,
    strided_slice_assign as StridedSliceAssign, strided_slice_grad as StridedSliceGrad,
    tensor_strided_slice_update as TensorStridedSliceUpdate,
)
from defrun.ops.softmax import log_softmax_op as LogSoftmax, softmax_op as Softmax
from defrun.ops.sparse.arithmetic import (
    _sparse_add as SparseAdd, _sparse_add_grad as SparseAddGrad, sparse_dense_plus as SparseDenseCwiseAdd,
    sparse_dense_divide as SparseDenseCwiseDiv, sparse_dense_multiply as SparseDenseCwiseMul,
    _sparse_maximum as SparseSparseMaximum, _sparse_minimum as SparseSparseMinimum,
    _sparse_dense_add as SparseTensorDenseAdd,
)
from defrun.ops.sparse.arrange import (
    _sparse_concat as SparseConcat, _sparse_reorder as SparseReorder, _sparse_reshape as SparseReshape,
)
from defrun.ops.sparse.cross import _sparse_cross as SparseCross
from defrun.ops.sparse.dense import _sparse_to_dense as SparseToDense
from defrun.ops.sparse.matmul import _sparse_softmax as SparseSoftmax, _sparse_matmul as SparseTensorDenseMatMul
from defrun.ops.sparse.reduce import (
    _reduce_max as SparseReduceMax, _reduce_max_sparse as SparseReduceMaxSparse, _reduce_sum as SparseReduceSum,
    _reduce_sum_sparse as SparseReduceSumSparse,
)
from defrun.ops.sparse.rows import (
    _sparse_fill_empty_rows as SparseFillEmptyRows, _sparse_fill_empty_rows_grad as SparseFillEmptyRowsGrad,
    _sparse_slice as SparseSlice, _sparse_slice_grad as SparseSliceGrad, _sparse_split as SparseSplit,
)
from defrun.ops.sparse.serialize import (
    _add_many as AddManySparseToTensorsMap, _add_one as AddSparseToTensorsMap,
    _deserialize_many as DeserializeManySparse, _deserialize as DeserializeSparse,
    _serialize_many as SerializeManySparse, _serialize as SerializeSparse, _take_many as TakeManySparseFromTensorsMap,
)
from defrun.ops.sparse_segment import (
    _mean as SparseSegmentMean, _mean_grad as SparseSegmentMeanGrad, _mean_counted as SparseSegmentMeanWithNumSegments,
    _sqrt_n as SparseSegmentSqrtN, _sqrt_n_grad as SparseSegmentSqrtNGrad,
    _sqrt_n_counted as SparseSegmentSqrtNWithNumSegments, _sum as SparseSegmentSum,
    _sum_counted as SparseSegmentSumWithNumSegments,
)
from defrun.ops.special import (
    bessel_i0e as BesselI0e, bessel_i1e as BesselI1e, betainc as Betainc, digamma as Digamma, erf as Erf, erfc as Erfc,
    igamma as Igamma, igamma_grad_a as IgammaGradA, igammac as Igammac, lgamma as Lgamma, polygamma as Polygamma,
    zeta as Zeta,
)
from defrun.ops.state import (
    assign_ref as Assign, assign_add_ref as AssignAdd, assign_add_variable_op as AssignAddVariableOp,
    assign_sub_ref as AssignSub, assign_sub_variable_op as AssignSubVariableOp, assign_variable_op as AssignVariableOp,
    count_up_to_ref as CountUpTo, destroy_resource_op as DestroyResourceOp, ref_is_initialized as IsVariableInitialized,
    read_variable_op as ReadVariableOp, resource_count_up_to as ResourceCountUpTo, var_handle_op as VarHandleOp,
    var_is_initialized_op as VarIsInitializedOp, variable_v1 as Variable, variable_shape_op as VariableShape,
    variable_v2 as VariableV2,
)
from defrun.ops.stateless_random import (
    draw_classes as StatelessMultinomial, standard_normal as StatelessRandomNormal, uniform as StatelessRandomUniform,
    uniform_int as StatelessRandomUniformInt, standard_truncated_normal as StatelessTruncatedNormal,
)
from defrun.ops.strings.distance import _edit_distance as EditDistance
from defrun.ops.strings.hashing import (
    _fingerprint as Fingerprint, _string_to_hash_bucket as StringToHashBucket,
    string_to_hash_bucket_fast as StringToHashBucketFast, string_to_hash_bucket_strong as StringToHashBucketStrong,
)
from defrun.ops.strings.joining import (
    _reduce_join as ReduceJoin, string_join as StringJoin, unsorted_segment_join as UnsortedSegmentJoin,
)
from defrun.ops.strings.numbers import as_string as AsString, _string_to_number as StringToNumber
from defrun.ops.strings.parts import (
    _string_length as StringLength, string_lower as StringLower, string_strip as StringStrip,
    string_upper as StringUpper, _substr as Substr,
)
from defrun.ops.strings.protos import parse_tensor as ParseTensor, serialize_tensor as SerializeTensor
from defrun.ops.strings.raw import (
    decode_base64 as DecodeBase64, decode_compressed as DecodeCompressed, _decode_padded_raw as DecodePaddedRaw,
    _decode_raw as DecodeRaw, encode_base64 as EncodeBase64,
)
from defrun.ops.strings.regex import (
    _regex_full_match as RegexFullMatch, _regex_replace as RegexReplace,
    _static_regex_full_match as StaticRegexFullMatch, _static_regex_replace as StaticRegexReplace,
)
from defrun.ops.strings.split import (
    _string_ngrams as StringNGrams, _string_split as StringSplit, _string_split_v2 as StringSplitV2,
)
from defrun.ops.strings.unicode import (
    _unicode_decode as UnicodeDecode, _unicode_decode_with_offsets as UnicodeDecodeWithOffsets,
    _unicode_encode as UnicodeEncode, unicode_script as UnicodeScript, unicode_transcode as UnicodeTranscode,
)
from defrun.ops.summaries import (
    summarize_sounds as AudioSummaryV2, summarize_images as ImageSummary, join_summaries as MergeSummary,
    summarize_scalars as ScalarSummary, summarize_tensor as TensorSummaryV2,
)
from defrun.ops.superseded import (
    batch_norm_with_global_normalization_v1 as BatchNormWithGlobalNormalization,
    batch_norm_with_global_normalization_grad as BatchNormWithGlobalNormalizationGrad,
    batch_to_space_v1 as BatchToSpace, concat_v1 as Concat, reverse_v1 as Reverse, space_to_batch_v1 as SpaceToBatch,
)
from defrun.ops.switch import case_op as Case
from defrun.ops.tensor_array.nodes import (
    tensor_array_close_v3 as TensorArrayCloseV3, tensor_array_concat_v3 as TensorArrayConcatV3,
    tensor_array_gather_v3 as TensorArrayGatherV3, tensor_array_grad_v3 as TensorArrayGradV3,
    tensor_array_grad_with_shape as TensorArrayGradWithShape, tensor_array_read_v3 as TensorArrayReadV3,
    tensor_array_scatter_v3 as TensorArrayScatterV3, tensor_array_size_v3 as TensorArraySizeV3,
    tensor_array_split_v3 as TensorArraySplitV3, tensor_array_v3 as TensorArrayV3,
    tensor_array_write_v3 as TensorArrayWriteV3,
)
from defrun.ops.tensor_array.stack import (
    stack_close_v2 as StackCloseV2, stack_pop_v2 as StackPopV2, stack_push_v2 as StackPushV2, stack_v2 as StackV2,
)
from defrun.ops.training.adagrad import (
    apply_adagrad as ApplyAdagrad, apply_adagrad_da as ApplyAdagradDA, apply_adagrad_v2 as ApplyAdagradV2,
    apply_proximal_adagrad as ApplyProximalAdagrad, resource_apply_adagrad as ResourceApplyAdagrad,
    resource_apply_adagrad_da as ResourceApplyAdagradDA, resource_apply_adagrad_v2 as ResourceApplyAdagradV2,
    resource_apply_proximal_adagrad as ResourceApplyProximalAdagrad,
    resource_sparse_apply_adagrad as ResourceSparseApplyAdagrad,
    resource_sparse_apply_adagrad_da as ResourceSparseApplyAdagradDA,
    resource_sparse_apply_adagrad_v2 as ResourceSparseApplyAdagradV2,
    resource_sparse_apply_proximal_adagrad as ResourceSparseApplyProximalAdagrad,
    sparse_apply_adagrad as SparseApplyAdagrad, sparse_apply_adagrad_da as SparseApplyAdagradDA,
    sparse_apply_adagrad_v2 as SparseApplyAdagradV2, sparse_apply_proximal_adagrad as SparseApplyProximalAdagrad,
)
from defrun.ops.training.adam import (
    apply_ada_max as ApplyAdaMax, apply_adam as ApplyAdam, resource_apply_ada_max as ResourceApplyAdaMax,
    resource_apply_adam as ResourceApplyAdam, resource_apply_adam_with_amsgrad as ResourceApplyAdamWithAmsgrad,
)
from defrun.ops.training.averages import (
    apply_adadelta as ApplyAdadelta, apply_centered_rms_prop as ApplyCenteredRMSProp, apply_rms_prop as ApplyRMSProp,
    resource_apply_adadelta as ResourceApplyAdadelta, resource_apply_centered_rms_prop as ResourceApplyCenteredRMSProp,
    resource_apply_rms_prop as ResourceApplyRMSProp, resource_sparse_apply_adadelta as ResourceSparseApplyAdadelta,
    resource_sparse_apply_centered_rms_prop as ResourceSparseApplyCenteredRMSProp,
    resource_sparse_apply_rms_prop as ResourceSparseApplyRMSProp, sparse_apply_adadelta as SparseApplyAdadelta,
    sparse_apply_centered_rms_prop as SparseApplyCenteredRMSProp, sparse_apply_rms_prop as SparseApplyRMSProp,
)
from defrun.ops.training.descent import (
    apply_add_sign as ApplyAddSign, apply_gradient_descent as ApplyGradientDescent, apply_momentum as ApplyMomentum,
    apply_power_sign as ApplyPowerSign, apply_proximal_gradient_descent as ApplyProximalGradientDescent,
    resource_apply_add_sign as ResourceApplyAddSign, resource_apply_gradient_descent as ResourceApplyGradientDescent,
    resource_apply_keras_momentum as ResourceApplyKerasMomentum, resource_apply_momentum as ResourceApplyMomentum,
    resource_apply_power_sign as ResourceApplyPowerSign,
    resource_apply_proximal_gradient_descent as ResourceApplyProximalGradientDescent,
    resource_sparse_apply_keras_momentum as ResourceSparseApplyKerasMomentum,
    resource_sparse_apply_momentum as ResourceSparseApplyMomentum,
    resource_sparse_apply_proximal_gradient_descent as ResourceSparseApplyProximalGradientDescent,
    sparse_apply_momentum as SparseApplyMomentum,
    sparse_apply_proximal_gradient_descent as SparseApplyProximalGradientDescent,
)
from defrun.ops.training.ftrl import (
    apply_ftrl as ApplyFtrl, apply_ftrl_v2 as ApplyFtrlV2, resource_apply_ftrl as ResourceApplyFtrl,
    resource_apply_ftrl_v2 as ResourceApplyFtrlV2, resource_sparse_apply_ftrl as ResourceSparseApplyFtrl,
    resource_sparse_apply_ftrl_v2 as ResourceSparseApplyFtrlV2, sparse_apply_ftrl as SparseApplyFtrl,
    sparse_apply_ftrl_v2 as SparseApplyFtrlV2,
)
from defrun.ops.xent import (
    _softmax_cross_entropy as SoftmaxCrossEntropyWithLogits,
    _sparse_softmax_cross_entropy as SparseSoftmaxCrossEntropyWithLogits,
)
