"""Graphs of functions on images."""


def build_image_sizes(tf):
    x = tf.placeholder(tf.float32, [None, None, None, 3], "x")
    one = tf.placeholder(tf.uint8, [None, None, 3], "one")
    known = tf.placeholder(tf.float32, [10, 12, 3], "known")
    tf.image.resize_images(one, [16, 16])
    tf.image.resize_images(x, [8, 9], tf.image.ResizeMethod.BICUBIC, align_corners=True)
    tf.image.resize_images(known, [10, 12])
    tf.image.resize_images(known, [5, 20], preserve_aspect_ratio=True)
    tf.image.resize_images(x, tf.placeholder(tf.int32, [2], "size"), 1, name="small")
    tf.image.resize_image_with_crop_or_pad(one, 20, 30)
    tf.image.resize_image_with_crop_or_pad(known, 8, 16)
    tf.image.crop_to_bounding_box(known, 1, 2, 3, 4)
    tf.image.crop_to_bounding_box(x, 1, 2, 3, 4)
    tf.image.pad_to_bounding_box(one, 1, 2, 30, 40)
    tf.image.central_crop(known, 0.5)
    tf.image.central_crop(x, 0.5)


def build_image_padding(tf):
    known = tf.placeholder(tf.float32, [10, 12, 3], "known")
    tf.image.resize_image_with_pad(known, 20, 31)


def build_image_flips(tf):
    x = tf.placeholder(tf.float32, [4, None, None, 3], "x")
    known = tf.placeholder(tf.uint8, [10, 12, 3], "known")
    tf.image.flip_up_down(known)
    tf.image.flip_left_right(x)
    tf.image.transpose_image(known)
    tf.image.random_flip_up_down(x, seed=3)


def build_image_colours(tf):
    tf.set_random_seed(3)
    x = tf.placeholder(tf.uint8, [10, 12, 3], "x")
    y = tf.placeholder(tf.float32, [None, 10, 12, 3], "y")
    for image in (x, y):
        tf.image.random_brightness(image, 0.2)
        tf.image.random_contrast(image, 0.5, 1.5)
        tf.image.random_hue(image, 0.1, seed=4)
        tf.image.random_saturation(image, 0.5, 1.5)
        tf.image.adjust_gamma(image, 0.5)
        tf.image.rgb_to_grayscale(image)
        tf.image.per_image_standardization(image)
        tf.image.convert_image_dtype(image, tf.uint16, saturate=True)
    tf.image.grayscale_to_rgb(y[..., :1])
    tf.image.rgb_to_hsv(y)
    tf.image.rgb_to_yuv(y)
    tf.image.hsv_to_rgb(y)


def build_image_quality(tf):
    x = tf.placeholder(tf.float32, [None, 30, 32, 3], "x")
    y = tf.placeholder(tf.float32, [None, 30, 32, 3], "y")
    tf.image.total_variation(x)
    tf.image.image_gradients(x)
    tf.image.sobel_edges(x)
    tf.image.psnr(x, y, 1.0)
    tf.image.ssim(x, y, 1.0)
