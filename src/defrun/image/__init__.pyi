"""`tf.image`: names, and nothing else. Written by tools/face.py."""

from defrun.image.codecs import (
    adjust_jpeg_quality as adjust_jpeg_quality, decode_image as decode_image, is_jpeg as is_jpeg,
    random_jpeg_quality as random_jpeg_quality,
)
from defrun.image.colour import (
    adjust_brightness as adjust_brightness, adjust_contrast as adjust_contrast, adjust_gamma as adjust_gamma,
    adjust_hue as adjust_hue, adjust_saturation as adjust_saturation, convert_image_dtype as convert_image_dtype,
    grayscale_to_rgb as grayscale_to_rgb, rgb_to_grayscale as rgb_to_grayscale, rgb_to_yiq as rgb_to_yiq,
    rgb_to_yuv as rgb_to_yuv, yiq_to_rgb as yiq_to_rgb, yuv_to_rgb as yuv_to_rgb,
)
from defrun.image.cropping import (
    central_crop as central_crop, crop_to_bounding_box as crop_to_bounding_box,
    pad_to_bounding_box as pad_to_bounding_box, resize_image_with_crop_or_pad as resize_image_with_crop_or_pad,
    resize_image_with_crop_or_pad as resize_with_crop_or_pad,
)
from defrun.image.jitter import (
    random_brightness as random_brightness, random_contrast as random_contrast, random_hue as random_hue,
    random_saturation as random_saturation,
)
from defrun.image.quality import (
    image_gradients as image_gradients, per_image_standardization as per_image_standardization, psnr as psnr,
    sobel_edges as sobel_edges, ssim as ssim, ssim_multiscale as ssim_multiscale, total_variation as total_variation,
)
from defrun.image.resizing import (
    ResizeMethod as ResizeMethod, resize_images as resize, resize_image_with_pad as resize_image_with_pad,
    resize_images as resize_images,
)
from defrun.image.suppression import (
    combined_non_max_suppression as combined_non_max_suppression, non_max_suppression as non_max_suppression,
    non_max_suppression_with_overlaps as non_max_suppression_overlaps,
    non_max_suppression_padded as non_max_suppression_padded,
    non_max_suppression_with_scores as non_max_suppression_with_scores,
)
from defrun.image.turning import (
    flip_left_right as flip_left_right, flip_up_down as flip_up_down, random_flip_left_right as random_flip_left_right,
    random_flip_up_down as random_flip_up_down, rot90 as rot90, transpose as transpose, transpose as transpose_image,
)
from defrun.ops.image.codecs import (
    decode_and_crop_jpeg as decode_and_crop_jpeg, decode_bmp as decode_bmp, decode_gif as decode_gif,
    decode_jpeg as decode_jpeg, decode_png as decode_png, encode_jpeg as encode_jpeg, encode_png as encode_png,
    extract_jpeg_shape as extract_jpeg_shape,
)
from defrun.ops.image.colour import hsv_to_rgb as hsv_to_rgb, rgb_to_hsv as rgb_to_hsv
from defrun.ops.image.crop import crop_and_resize as crop_and_resize
from defrun.ops.image.distort import sample_distorted_bounding_box as sample_distorted_bounding_box
from defrun.ops.image.draw import draw_bounding_boxes as draw_bounding_boxes
from defrun.ops.image.glimpse import extract_glimpse as extract_glimpse
from defrun.ops.image.patches import (
    extract_image_patches as extract_image_patches, extract_image_patches_v2 as extract_patches,
)
from defrun.ops.image.resize import (
    resize_area as resize_area, resize_bicubic as resize_bicubic, resize_bilinear as resize_bilinear,
    resize_nearest_neighbor as resize_nearest_neighbor,
)
from defrun.ops.random import random_crop as random_crop
