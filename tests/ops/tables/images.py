"""Samples of ops on images."""

from tests.ops.sample import Sample, same, x

_SIZE = [3, 5]

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
    **same("AdjustColourGrad", Sample(x(2, 4, 3), 0.3, x(2, 4, 3), kind="hue")),
}  # fmt: skip

NO_GRADIENT_CHECK = {
    **same("RGBToHSVGrad AdjustColourGrad", "says that there is none"),
}
NOT_TOWARDS = {
    **same("ScaleAndTranslate ScaleAndTranslateGrad", ("scale", "translation")),
}
