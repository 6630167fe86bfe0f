"""Samples of ops on images."""

from tests.ops.sample import Sample, same, x

_SIZE = [3, 5]
_MOVES = {"strides": [1, 2, 1, 1], "rates": [1, 1, 2, 1], "padding": "SAME"}
_WINDOWS = {"ksizes": [1, 3, 2, 1], **_MOVES}

SAMPLES = {
    "ResizeBilinear": [
        Sample(x(2, 4, 3, 2), _SIZE),
        Sample(x(2, 4, 3, 2), _SIZE, align_corners=True),
        Sample(x(2, 4, 3, 2), _SIZE, half_pixel_centers=True),
    ],
    "ResizeBicubic": [Sample(x(2, 4, 3, 2), _SIZE), Sample(x(2, 4, 3, 2), _SIZE, half_pixel_centers=True)],
    **same("ResizeArea ResizeNearestNeighbor", Sample(x(2, 4, 3, 2), _SIZE)),
    **same("ResizeBilinearGrad ResizeBicubicGrad ResizeAreaGrad", Sample(x(2, 3, 5, 2), x(2, 4, 3, 2))),
    "ResizeNearestNeighborGrad": Sample(x(2, 3, 5, 2), [4, 3]),
    "ScaleAndTranslate": Sample(x(2, 4, 3, 2), _SIZE, [0.7, 1.5], [0.2, -0.5]),
    "ScaleAndTranslateGrad": Sample(x(2, 3, 5, 2), x(2, 4, 3, 2), [0.7, 1.5], [0.2, -0.5]),
    **same("RGBToHSV HSVToRGB", Sample(x(2, 4, 3))),
    "RGBToHSVGrad": Sample(x(2, 4, 3), x(2, 4, 3)),
    **same("AdjustHue AdjustSaturation AdjustContrastv2", Sample(x(2, 4, 3), 0.3)),
    "AdjustContrast": Sample(x(2, 4, 3), 0.3, 0.0, 1.0),
    "CropAndResize": Sample(x(2, 4, 5, 2), [[0.1, 0.2, 0.7, 0.9], [0.8, 0.1, 0.3, 0.6]], [1, 0], [3, 2]),
    "CropAndResizeGradImage": Sample(x(1, 3, 2, 2), [[0.1, 0.2, 0.7, 0.9]], [1], [2, 4, 5, 2]),
    "CropAndResizeGradBoxes": Sample(x(1, 3, 2, 2), x(2, 4, 5, 2), [[0.1, 0.2, 0.7, 0.9]], [1]),
    "ExtractImagePatches": Sample(x(2, 5, 6, 2), **_WINDOWS),
    "ImagePatchesGrad": Sample(x(2, 5, 6, 2), x(2, 3, 6, 12), **_WINDOWS),
    "ExtractVolumePatches": Sample(x(2, 3, 4, 5, 2), ksizes=[1, 2, 1, 2, 1], strides=[1] * 5, padding="VALID"),
    "VolumePatchesGrad": Sample(
        x(2, 3, 4, 5, 2), x(2, 2, 4, 4, 8), ksizes=[1, 2, 1, 2, 1], strides=[1] * 5, padding="VALID"
    ),
    "Dilation2D": Sample(x(2, 5, 6, 2), x(3, 2, 2), **_MOVES),
    **same(
        "Dilation2DBackpropInput Dilation2DBackpropFilter", Sample(x(2, 5, 6, 2), x(3, 2, 2), x(2, 3, 6, 2), **_MOVES)
    ),
    "ImageProjectiveTransform": Sample(x(2, 5, 6, 2), x(2, 8), interpolation="BILINEAR"),
    "ImageProjectiveTransformV2": Sample(x(2, 5, 6, 2), x(2, 8), [4, 3], interpolation="BILINEAR"),
    "BipartiteMatch": Sample(x(3, 4), 2.0),
    "ImageConnectedComponents": Sample(x(2, 3, 4)),
    **same("EncodePng EncodeJpeg", Sample(x(4, 5, 3))),
    "EncodeJpegVariableQuality": Sample(x(4, 5, 3), 80),
    "DrawBoundingBoxes": Sample(x(1, 5, 6, 3), [[[0.1, 0.2, 0.7, 0.9]]]),
    "DrawBoundingBoxesV2": Sample(x(1, 5, 6, 3), [[[0.1, 0.2, 0.7, 0.9]]], [[0.1, 0.2, 0.3]]),
    "ExtractGlimpse": Sample(x(1, 5, 6, 3), [2, 3], [[0.1, 0.2]]),
    "SampleDistortedBoundingBox": Sample([20, 30, 3], [[[0.1, 0.2, 0.7, 0.9]]], seed=1),
    "SampleDistortedBoundingBoxV2": Sample([20, 30, 3], [[[0.1, 0.2, 0.7, 0.9]]], 0.1, seed=1),
    "NonMaxSuppression": Sample(x(5, 4), x(5), 3),
    "NonMaxSuppressionV2": Sample(x(5, 4), x(5), 3, 0.5),
    "NonMaxSuppressionV3": Sample(x(5, 4), x(5), 3, 0.5, 0.1),
    "NonMaxSuppressionV4": Sample(x(5, 4), x(5), 3, 0.5, 0.1, pad_to_max_output_size=True),
    "NonMaxSuppressionV5": Sample(x(5, 4), x(5), 3, 0.5, 0.1, 0.2, pad_to_max_output_size=True),
    "NonMaxSuppressionWithOverlaps": Sample(x(5, 5), x(5), 3, 0.5, 0.1),
    "CombinedNonMaxSuppression": Sample(x(2, 5, 1, 4), x(2, 5, 3), 2, 4, 0.5, 0.1),
    **same("AdjustColourGrad", Sample(x(2, 4, 3), 0.3, x(2, 4, 3), kind="hue")),
}  # fmt: skip

NOT_CHECKED = {
    **same(
        "DecodePng DecodeJpeg DecodeAndCropJpeg DecodeGif DecodeBmp ExtractJpegShape",
        "takes the bytes of a picture; see tests/oracle/values/images_codecs.py",
    ),
    **same("ReadFile WriteFile MatchingFiles", "works on files; see tests/oracle/files"),
}
NO_GRADIENT_CHECK = {
    "ImageProjectiveTransformV2": "as TensorFlow's it is the gradient transformed back, not the true one",
    **same("RGBToHSVGrad AdjustColourGrad", "says that there is none"),
}
NOT_TOWARDS = {
    **same("ScaleAndTranslate ScaleAndTranslateGrad", ("scale", "translation")),
}
