"""Graphs of functions on images."""

from importlib import import_module


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


def build_image_boxes(tf):
    x = tf.placeholder(tf.float32, [None, 8, 8, 3], "x")
    boxes = tf.placeholder(tf.float32, [5, 4], "boxes")
    scores = tf.placeholder(tf.float32, [5], "scores")
    tf.image.crop_and_resize(x, boxes, [0, 0, 0, 0, 1], [3, 3])
    tf.image.non_max_suppression(boxes, scores, 3)
    tf.image.non_max_suppression_with_scores(boxes, scores, 3, soft_nms_sigma=0.5)
    tf.image.non_max_suppression_padded(boxes, scores, 3, pad_to_max_output_size=True)
    tf.image.combined_non_max_suppression(boxes[None, :, None], scores[None, :, None], 3, 4)
    tf.image.draw_bounding_boxes(x, boxes[None])
    tf.image.extract_glimpse(x, [2, 3], tf.zeros([2, 2]))
    tf.set_random_seed(3)
    tf.image.sample_distorted_bounding_box([20, 30, 3], boxes[None], name="cut")
    tf.extract_image_patches(x, [1, 2, 2, 1], [1, 1, 1, 1], [1, 1, 1, 1], "SAME")
    tf.nn.erosion2d(x, tf.zeros([2, 2, 3]), [1, 1, 1, 1], [1, 1, 1, 1], "SAME", name="eroded")


def build_image_files(tf):
    data = tf.read_file("a.png", name="data")
    tf.image.decode_png(data, 3, dtype=tf.uint16)
    tf.image.decode_jpeg(data, channels=1, name="picture")
    tf.image.decode_gif(data)
    tf.image.decode_bmp(data)
    tf.image.is_jpeg(data)
    tf.image.extract_jpeg_shape(data)
    pixels = tf.placeholder(tf.uint8, [None, None, 3], "pixels")
    tf.write_file("b.png", tf.image.encode_png(pixels, compression=3))
    tf.image.encode_jpeg(pixels, quality=80, xmp_metadata="x")
    tf.image.adjust_jpeg_quality(pixels, 50)
    tf.image.random_jpeg_quality(pixels, 50, 60, seed=2)
    tf.matching_files("*.png")


def build_image_any(tf):
    tf.image.decode_image(tf.placeholder(tf.string, [], "data"), channels=3)


def build_image_transforms(tf):
    image = import_module(tf.__name__ + ".contrib.image")
    x = tf.placeholder(tf.float32, [2, 8, 8, 3], "x")
    image.rotate(x, 0.3)
    image.translate(x, [1.0, 2.0], interpolation="BILINEAR")
    image.compose_transforms([1.0, 0, 0, 0, 1, 0, 0, 0], [[1.0, 0, 0, 0, 1, 0, 0, 0]])


def build_image_warp(tf):
    x = tf.placeholder(tf.float32, [2, 8, 8, 3], "x")
    flow = tf.placeholder(tf.float32, [2, 8, 8, 2], "flow")
    import_module(tf.__name__ + ".contrib.image").dense_image_warp(x, flow)
