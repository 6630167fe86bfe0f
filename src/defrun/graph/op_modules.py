"""Which module declares an op type: it is imported when the type is first looked up. Written by tools/face.py."""

MODULES = {
    "defrun.ops.activation": """
        Elu EluGrad LeakyRelu LeakyReluGrad Relu Relu6 Relu6Grad ReluGrad Selu SeluGrad Softplus SoftplusGrad Softsign
        SoftsignGrad
    """,
    "defrun.ops.arrange": """
        ConjugateTranspose Crop InvertPermutation MirrorPad MirrorPadGrad Pad PadV2 ReverseSequence ReverseV2 Roll
        SumPadding SumTiles Tile Transpose
    """,
    "defrun.ops.array": """
        DebugGradientIdentity EnsureShape ExpandDims GuaranteeConst Identity IdentityN PreventGradient Rank Reshape
        Shape ShapeN Size Snapshot Squeeze StopGradient
    """,
    "defrun.ops.beams": """
        GatherTree
    """,
    "defrun.ops.bitcast": """
        Bitcast
    """,
    "defrun.ops.bitwise": """
        BitwiseAnd BitwiseOr BitwiseXor CompareAndBitpack Invert LeftShift PopulationCount RightShift
    """,
    "defrun.ops.blocks": """
        BatchToSpaceND DepthToSpace SpaceToBatchND SpaceToDepth
    """,
    "defrun.ops.broadcast": """
        BroadcastTo BroadcastToKnown SumTo SumToKnown
    """,
    "defrun.ops.broadcast_shapes": """
        BroadcastArgs BroadcastGradientArgs
    """,
    "defrun.ops.call": """
        PartitionedCall StatefulPartitionedCall SymbolicGradient
    """,
    "defrun.ops.candidates": """
        AllCandidateSampler ComputeAccidentalHits FixedUnigramCandidateSampler LearnedUnigramCandidateSampler
        LogUniformCandidateSampler ThreadUnsafeUnigramCandidateSampler UniformCandidateSampler
    """,
    "defrun.ops.cast": """
        Cast
    """,
    "defrun.ops.cell_blocks": """
        BlockLSTM BlockLSTMGrad GRUBlockCell GRUBlockCellGrad LSTMBlockCell LSTMBlockCellGrad
    """,
    "defrun.ops.checkpoint": """
        MergeV2Checkpoints Restore RestoreSlice RestoreV2 Save SaveSlices SaveV2 ShardedFilename ShardedFilespec
    """,
    "defrun.ops.checks": """
        Assert CheckNumerics
    """,
    "defrun.ops.clustering": """
        NearestNeighbors
    """,
    "defrun.ops.compare": """
        ApproximateEqual Equal Greater GreaterEqual IsFinite IsInf IsNan Less LessEqual LogicalAnd LogicalNot LogicalOr
        NotEqual Select SelectV2
    """,
    "defrun.ops.complex": """
        Angle Complex Conj Imag Real
    """,
    "defrun.ops.constant": """
        Const Placeholder PlaceholderWithDefault
    """,
    "defrun.ops.control": """
        If StatelessIf _Map _Nothing
    """,
    "defrun.ops.conv": """
        Conv2D Conv2DBackpropFilter Conv2DBackpropInput Conv3D Conv3DBackpropFilter Conv3DBackpropFilterV2
        Conv3DBackpropInput Conv3DBackpropInputV2
    """,
    "defrun.ops.creation": """
        Fill LinSpace LinSpaceGrad OneHot OneHotGrad OnesLike Range ZerosLike
    """,
    "defrun.ops.csv": """
        DecodeCSV
    """,
    "defrun.ops.ctc.decode": """
        CTCBeamSearchDecoder CTCGreedyDecoder
    """,
    "defrun.ops.ctc.loss": """
        CTCLoss CTCLossDense UniqueLabels
    """,
    "defrun.ops.cudnn.params": """
        CudnnRNNCanonicalToParams CudnnRNNParamsSize CudnnRNNParamsToCanonical
    """,
    "defrun.ops.cudnn.rnn": """
        CudnnRNN CudnnRNNBackprop CudnnRNNBackpropV2 CudnnRNNBackpropV3 CudnnRNNV2 CudnnRNNV3
    """,
    "defrun.ops.cumulate": """
        Cumprod Cumsum CumulativeLogsumexp
    """,
    "defrun.ops.data_format": """
        DataFormatDimMap DataFormatVecPermute
    """,
    "defrun.ops.depthwise": """
        DepthwiseConv2dNative DepthwiseConv2dNativeBackpropFilter DepthwiseConv2dNativeBackpropInput
    """,
    "defrun.ops.diagonal": """
        Diag DiagPart MatrixBandPart MatrixDiag MatrixDiagPart MatrixSetDiag
    """,
    "defrun.ops.einsum": """
        Einsum
    """,
    "defrun.ops.elementary": """
        Abs Acos Acosh Asin Asinh Atan Atan2 Atanh ComplexAbs Cos Cosh Exp Expm1 Inv InvGrad Log Log1p Pow Reciprocal
        ReciprocalGrad Rsqrt RsqrtGrad Sigmoid SigmoidGrad Sign Sin Sinh Sqrt SqrtGrad Tan Tanh TanhGrad Xdivy Xlogy
    """,
    "defrun.ops.fake_quantize": """
        FakeQuantWithMinMaxArgs FakeQuantWithMinMaxArgsGradient FakeQuantWithMinMaxVars FakeQuantWithMinMaxVarsGradient
        FakeQuantWithMinMaxVarsPerChannel FakeQuantWithMinMaxVarsPerChannelGradient QuantizeAndDequantizeV2
        QuantizeAndDequantizeV3
    """,
    "defrun.ops.files": """
        MatchingFiles ReadFile WriteFile
    """,
    "defrun.ops.flow": """
        ControlTrigger NoOp RefIdentity Timestamp
    """,
    "defrun.ops.fractional": """
        FractionalAvgPool FractionalAvgPoolGrad FractionalMaxPool FractionalMaxPoolGrad
    """,
    "defrun.ops.gather": """
        FlattenFirst Gather GatherGrad GatherNd GatherV2 ScatterNd ScatterNdNonAliasingAdd TensorScatterAdd
        TensorScatterSub TensorScatterUpdate
    """,
    "defrun.ops.histogram": """
        HistogramFixedWidth
    """,
    "defrun.ops.histogram_summary": """
        HistogramSummary
    """,
    "defrun.ops.image.codecs": """
        DecodeAndCropJpeg DecodeBmp DecodeGif DecodeJpeg DecodePng EncodeJpeg EncodeJpegVariableQuality EncodePng
        ExtractJpegShape
    """,
    "defrun.ops.image.colour": """
        AdjustColourGrad AdjustContrast AdjustContrastv2 AdjustHue AdjustSaturation HSVToRGB RGBToHSV RGBToHSVGrad
    """,
    "defrun.ops.image.crop": """
        CropAndResize CropAndResizeGradBoxes CropAndResizeGradImage
    """,
    "defrun.ops.image.distort": """
        SampleDistortedBoundingBox SampleDistortedBoundingBoxV2
    """,
    "defrun.ops.image.draw": """
        DrawBoundingBoxes DrawBoundingBoxesV2
    """,
    "defrun.ops.image.glimpse": """
        ExtractGlimpse
    """,
    "defrun.ops.image.matching": """
        BipartiteMatch ImageConnectedComponents
    """,
    "defrun.ops.image.morphology": """
        Dilation2D Dilation2DBackpropFilter Dilation2DBackpropInput
    """,
    "defrun.ops.image.patches": """
        ExtractImagePatches ExtractVolumePatches ImagePatchesGrad VolumePatchesGrad
    """,
    "defrun.ops.image.projective": """
        ImageProjectiveTransform ImageProjectiveTransformV2
    """,
    "defrun.ops.image.resize": """
        ResizeArea ResizeAreaGrad ResizeBicubic ResizeBicubicGrad ResizeBilinear ResizeBilinearGrad
        ResizeNearestNeighbor ResizeNearestNeighborGrad
    """,
    "defrun.ops.image.scale": """
        ScaleAndTranslate ScaleAndTranslateGrad
    """,
    "defrun.ops.image.suppress": """
        CombinedNonMaxSuppression NonMaxSuppression NonMaxSuppressionV2 NonMaxSuppressionV3 NonMaxSuppressionV4
        NonMaxSuppressionV5 NonMaxSuppressionWithOverlaps
    """,
    "defrun.ops.inplace": """
        DeepCopy Empty InplaceAdd InplaceSub InplaceUpdate
    """,
    "defrun.ops.join": """
        ConcatOffset ConcatV2 Pack ParallelConcat SizesAlong Split SplitV Unpack
    """,
    "defrun.ops.limits": """
        Ceil ClipByValue Floor Maximum Minimum NextAfter Rint Round
    """,
    "defrun.ops.linalg.decompositions": """
        Cholesky CholeskyGrad Qr QrGrad SelfAdjointEigV2 Svd
    """,
    "defrun.ops.linalg.functions": """
        MatrixExponential MatrixLogarithm MatrixSquareRoot
    """,
    "defrun.ops.linalg.least_squares": """
        MatrixSolveLs
    """,
    "defrun.ops.linalg.solve": """
        LogMatrixDeterminant Lu MatrixDeterminant MatrixInverse MatrixSolve MatrixTriangularSolve
    """,
    "defrun.ops.linalg.tridiagonal": """
        TridiagonalMatMul TridiagonalSolve
    """,
    "defrun.ops.lookup": """
        HashTableV2 InitializeTableFromTextFileV2 InitializeTableV2 LookupTableExportV2 LookupTableFindV2
        LookupTableImportV2 LookupTableInsertV2 LookupTableRemoveV2 LookupTableSizeV2 MutableDenseHashTableV2
        MutableHashTableOfTensorsV2 MutableHashTableV2
    """,
    "defrun.ops.loop": """
        StatelessWhile While _AddToRow _OnlyRow _StackRow
    """,
    "defrun.ops.math": """
        AccumulateNV2 Add AddN AddV2 Div DivNoNan FloorDiv FloorMod Mod Mul MulNoNan Neg RealDiv Square
        SquaredDifference Sub TruncateDiv TruncateMod
    """,
    "defrun.ops.matrix": """
        BatchMatMul BatchMatMulV2 Cross MatMul SparseMatMul
    """,
    "defrun.ops.newer": """
        DisableCopyOnRead
    """,
    "defrun.ops.nn": """
        BiasAdd BiasAddGrad BiasAddV1 InTopK InTopKV2 L2Loss NthElement TopK TopKGrad TopKV2
    """,
    "defrun.ops.normalization": """
        FusedBatchNorm FusedBatchNormGrad FusedBatchNormGradGrad FusedBatchNormGradV2 FusedBatchNormGradV3
        FusedBatchNormV2 FusedBatchNormV3 LRN LRNGrad LRNGradGrad
    """,
    "defrun.ops.parsing.example": """
        DecodeJSONExample ParseExample ParseSingleExample
    """,
    "defrun.ops.parsing.sequence": """
        ParseSequenceExample ParseSingleSequenceExample
    """,
    "defrun.ops.pool": """
        AvgPool AvgPool3D AvgPool3DGrad AvgPoolGrad MaxPool MaxPool3D MaxPool3DGrad MaxPool3DGradGrad MaxPoolGrad
        MaxPoolGradGrad MaxPoolGradGradV2 MaxPoolGradGradWithArgmax MaxPoolGradV2 MaxPoolGradWithArgmax MaxPoolV2
        MaxPoolWithArgmax
    """,
    "defrun.ops.printing": """
        Print PrintV2 StringFormat
    """,
    "defrun.ops.python_function": """
        PyFunc PyFuncStateless
    """,
    "defrun.ops.quantize": """
        Dequantize QuantizeV2 QuantizedConcat
    """,
    "defrun.ops.queues": """
        FIFOQueueV2 PaddingFIFOQueueV2 QueueCloseV2 QueueDequeueManyV2 QueueDequeueUpToV2 QueueDequeueV2
        QueueEnqueueManyV2 QueueEnqueueV2 QueueIsClosedV2 QueueSizeV2 RandomShuffleQueueV2
    """,
    "defrun.ops.random": """
        Multinomial RandomShuffle RandomStandardNormal RandomUniform RandomUniformInt TruncatedNormal
    """,
    "defrun.ops.random_parametric": """
        RandomGamma RandomGammaGrad RandomPoisson RandomPoissonV2
    """,
    "defrun.ops.readers": """
        FixedLengthRecordReaderV2 IdentityReaderV2 ReaderNumRecordsProducedV2 ReaderNumWorkUnitsCompletedV2
        ReaderReadUpToV2 ReaderReadV2 ReaderResetV2 TFRecordReaderV2 TextLineReaderV2 WholeFileReaderV2
    """,
    "defrun.ops.reduce": """
        All Any ArgMax ArgMin EuclideanNorm InsertAxes Max Mean Min Prod ProdOfOthers ShareOut Sum
    """,
    "defrun.ops.remap": """
        GenerateVocabRemapping LoadAndRemapMatrix
    """,
    "defrun.ops.scatter_variable": """
        ResourceGather ResourceGatherNd ResourceScatterAdd ResourceScatterDiv ResourceScatterMax ResourceScatterMin
        ResourceScatterMul ResourceScatterNdAdd ResourceScatterNdSub ResourceScatterNdUpdate ResourceScatterSub
        ResourceScatterUpdate ScatterAdd ScatterDiv ScatterMax ScatterMin ScatterMul ScatterNdAdd ScatterNdSub
        ScatterNdUpdate ScatterSub ScatterUpdate
    """,
    "defrun.ops.search": """
        Bucketize LowerBound UnravelIndex UpperBound
    """,
    "defrun.ops.segment": """
        Bincount CountSegments SegmentMax SegmentMean SegmentMin SegmentProd SegmentSum SpreadSegments
        UnsortedSegmentMax UnsortedSegmentMin UnsortedSegmentProd UnsortedSegmentSum
    """,
    "defrun.ops.select": """
        DynamicPartition DynamicStitch ListDiff ParallelDynamicStitch UndoPartition Unique UniqueV2 UniqueWithCounts
        UniqueWithCountsV2 Where
    """,
    "defrun.ops.sets": """
        DenseToDenseSetOperation DenseToSparseSetOperation SetSize SparseToSparseSetOperation
    """,
    "defrun.ops.signal.audio": """
        AudioSpectrogram DecodeWav EncodeWav Mfcc
    """,
    "defrun.ops.signal.fft": """
        FFT FFT2D FFT3D IFFT IFFT2D IFFT3D IRFFT IRFFT2D IRFFT3D RFFT RFFT2D RFFT3D
    """,
    "defrun.ops.signal.frames": """
        GreatestCommonDivisor
    """,
    "defrun.ops.slicing": """
        ResourceStridedSliceAssign Slice SliceGrad StridedSlice StridedSliceAssign StridedSliceGrad
        TensorStridedSliceUpdate
    """,
    "defrun.ops.softmax": """
        LogSoftmax Softmax
    """,
    "defrun.ops.sparse.arithmetic": """
        SparseAdd SparseAddGrad SparseDenseCwiseAdd SparseDenseCwiseDiv SparseDenseCwiseMul SparseSparseMaximum
        SparseSparseMinimum SparseTensorDenseAdd
    """,
    "defrun.ops.sparse.arrange": """
        SparseConcat SparseReorder SparseReshape
    """,
    "defrun.ops.sparse.cross": """
        SparseCross
    """,
    "defrun.ops.sparse.dense": """
        SparseToDense
    """,
    "defrun.ops.sparse.matmul": """
        SparseSoftmax SparseTensorDenseMatMul
    """,
    "defrun.ops.sparse.reduce": """
        SparseReduceMax SparseReduceMaxSparse SparseReduceSum SparseReduceSumSparse SpreadSparseSum
    """,
    "defrun.ops.sparse.rows": """
        SparseFillEmptyRows SparseFillEmptyRowsGrad SparseSlice SparseSliceGrad SparseSplit
    """,
    "defrun.ops.sparse.serialize": """
        AddManySparseToTensorsMap AddSparseToTensorsMap DeserializeManySparse DeserializeSparse SerializeManySparse
        SerializeSparse TakeManySparseFromTensorsMap
    """,
    "defrun.ops.sparse_segment": """
        SparseSegmentMean SparseSegmentMeanGrad SparseSegmentMeanWithNumSegments SparseSegmentSqrtN
        SparseSegmentSqrtNGrad SparseSegmentSqrtNWithNumSegments SparseSegmentSum SparseSegmentSumWithNumSegments
    """,
    "defrun.ops.special": """
        BesselI0e BesselI1e Betainc Digamma Erf Erfc Igamma IgammaGradA Igammac Lgamma Polygamma Zeta
    """,
    "defrun.ops.state": """
        Assign AssignAdd AssignAddVariableOp AssignSub AssignSubVariableOp AssignVariableOp CountUpTo DestroyResourceOp
        IsVariableInitialized ReadVariableOp ResourceCountUpTo VarHandleOp VarIsInitializedOp Variable VariableShape
        VariableV2
    """,
    "defrun.ops.stateless_random": """
        StatelessMultinomial StatelessRandomNormal StatelessRandomUniform StatelessRandomUniformInt
        StatelessTruncatedNormal
    """,
    "defrun.ops.strings.distance": """
        EditDistance
    """,
    "defrun.ops.strings.hashing": """
        Fingerprint StringToHashBucket StringToHashBucketFast StringToHashBucketStrong
    """,
    "defrun.ops.strings.joining": """
        ReduceJoin StringJoin UnsortedSegmentJoin
    """,
    "defrun.ops.strings.numbers": """
        AsString StringToNumber
    """,
    "defrun.ops.strings.parts": """
        StringLength StringLower StringStrip StringUpper Substr
    """,
    "defrun.ops.strings.protos": """
        ParseTensor SerializeTensor
    """,
    "defrun.ops.strings.raw": """
        DecodeBase64 DecodeCompressed DecodePaddedRaw DecodeRaw EncodeBase64
    """,
    "defrun.ops.strings.regex": """
        RegexFullMatch RegexReplace StaticRegexFullMatch StaticRegexReplace
    """,
    "defrun.ops.strings.split": """
        StringNGrams StringSplit StringSplitV2
    """,
    "defrun.ops.strings.unicode": """
        UnicodeDecode UnicodeDecodeWithOffsets UnicodeEncode UnicodeScript UnicodeTranscode
    """,
    "defrun.ops.summaries": """
        AudioSummaryV2 ImageSummary MergeSummary ScalarSummary TensorSummaryV2
    """,
    "defrun.ops.superseded": """
        BatchNormWithGlobalNormalization BatchNormWithGlobalNormalizationGrad BatchToSpace Concat Reverse SpaceToBatch
    """,
    "defrun.ops.switch": """
        Case
    """,
    "defrun.ops.tensor_array.nodes": """
        TensorArrayCloseV3 TensorArrayConcatV3 TensorArrayGatherV3 TensorArrayGradV3 TensorArrayGradWithShape
        TensorArrayReadV3 TensorArrayScatterV3 TensorArraySizeV3 TensorArraySplitV3 TensorArrayV3 TensorArrayWriteV3
    """,
    "defrun.ops.tensor_array.stack": """
        StackCloseV2 StackPopV2 StackPushV2 StackV2
    """,
    "defrun.ops.training.adagrad": """
        ApplyAdagrad ApplyAdagradDA ApplyAdagradV2 ApplyProximalAdagrad ResourceApplyAdagrad ResourceApplyAdagradDA
        ResourceApplyAdagradV2 ResourceApplyProximalAdagrad ResourceSparseApplyAdagrad ResourceSparseApplyAdagradDA
        ResourceSparseApplyAdagradV2 ResourceSparseApplyProximalAdagrad SparseApplyAdagrad SparseApplyAdagradDA
        SparseApplyAdagradV2 SparseApplyProximalAdagrad
    """,
    "defrun.ops.training.adam": """
        ApplyAdaMax ApplyAdam ResourceApplyAdaMax ResourceApplyAdam ResourceApplyAdamWithAmsgrad
    """,
    "defrun.ops.training.averages": """
        ApplyAdadelta ApplyCenteredRMSProp ApplyRMSProp ResourceApplyAdadelta ResourceApplyCenteredRMSProp
        ResourceApplyRMSProp ResourceSparseApplyAdadelta ResourceSparseApplyCenteredRMSProp ResourceSparseApplyRMSProp
        SparseApplyAdadelta SparseApplyCenteredRMSProp SparseApplyRMSProp
    """,
    "defrun.ops.training.descent": """
        ApplyAddSign ApplyGradientDescent ApplyMomentum ApplyPowerSign ApplyProximalGradientDescent ResourceApplyAddSign
        ResourceApplyGradientDescent ResourceApplyKerasMomentum ResourceApplyMomentum ResourceApplyPowerSign
        ResourceApplyProximalGradientDescent ResourceSparseApplyKerasMomentum ResourceSparseApplyMomentum
        ResourceSparseApplyProximalGradientDescent SparseApplyMomentum SparseApplyProximalGradientDescent
    """,
    "defrun.ops.training.ftrl": """
        ApplyFtrl ApplyFtrlV2 ResourceApplyFtrl ResourceApplyFtrlV2 ResourceSparseApplyFtrl ResourceSparseApplyFtrlV2
        SparseApplyFtrl SparseApplyFtrlV2
    """,
    "defrun.ops.xent": """
        SoftmaxCrossEntropyWithLogits SparseSoftmaxCrossEntropyWithLogits
    """,
}
