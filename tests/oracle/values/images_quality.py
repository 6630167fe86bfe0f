"""Values of what measures and filters images."""

from tests.oracle.values.harness import Cases, P, R, U, V

cases = Cases()

cases("per_image_standardization", lambda tf, x: tf.image.per_image_standardization(x), R(3, 4, 2), dtypes="fu")
cases(
    "per_image_standardization_batch", lambda tf, x: tf.image.per_image_standardization(x), R(2, 3, 4, 2), dtypes="fe"
)
cases(
    "per_image_standardization_flat", lambda tf, x: tf.image.per_image_standardization(x), V([[[2.0, 2.0], [2.0, 2.0]]])
)
cases("per_image_standardization_rank_2", lambda tf, x: tf.image.per_image_standardization(x), R(3, 4))
cases("total_variation", lambda tf, x: tf.image.total_variation(x), R(3, 4, 2))
cases("total_variation_batch", lambda tf, x: tf.image.total_variation(x), R(2, 3, 4, 2), dtypes="fi")
cases("total_variation_rank_2", lambda tf, x: tf.image.total_variation(x), R(3, 4))
cases("image_gradients", lambda tf, x: list(tf.image.image_gradients(x)), R(2, 3, 4, 2))
cases("image_gradients_rank_3", lambda tf, x: list(tf.image.image_gradients(x)), R(3, 4, 2))
cases("sobel_edges", lambda tf, x: tf.image.sobel_edges(x), R(2, 5, 4, 2), dtypes="fd", tolerance=3e-5)
cases("psnr", lambda tf, x, y: tf.image.psnr(x, y, 1.0), P(2, 3, 4, 2), P(2, 3, 4, 2), dtypes="fu")
cases("psnr_255", lambda tf, x, y: tf.image.psnr(x, y, 255), P(3, 4, 2), P(3, 4, 2), dtypes="u")
cases("psnr_broadcast", lambda tf, x, y: tf.image.psnr(x, y, 1.0), P(2, 3, 4, 2), P(1, 3, 4, 2))
cases("psnr_different", lambda tf, x, y: tf.image.psnr(x, y, 1.0), P(3, 4, 2), P(3, 3, 2))
cases("psnr_rank_2", lambda tf, x, y: tf.image.psnr(x, y, 1.0), P(3, 4), P(3, 4))
cases("ssim", lambda tf, x, y: tf.image.ssim(x, y, 1.0), U(2, 13, 12, 2), U(2, 13, 12, 2), tolerance=2e-4)
cases("ssim_uint8", lambda tf, x, y: tf.image.ssim(x, y, 255), P(13, 12, 1), P(13, 12, 1), dtypes="u", tolerance=1e-4)
cases("ssim_settings", lambda tf, x, y: tf.image.ssim(x, y, 2.0, 5, 0.8, 0.02, 0.05), U(7, 6, 1), U(7, 6, 1),
      tolerance=2e-4)  # fmt: skip
cases("ssim_small", lambda tf, x, y: tf.image.ssim(x, y, 1.0), U(7, 12, 1), U(7, 12, 1))
cases("ssim_different", lambda tf, x, y: tf.image.ssim(x, y, 1.0), U(13, 12, 1), U(12, 12, 1))
cases(
    "ssim_multiscale",
    lambda tf, x, y: tf.image.ssim_multiscale(x, x + 0.1 * y, 2.0, (0.3, 0.4, 0.3), filter_size=5),
    U(1, 27, 22, 1),
    U(1, 27, 22, 1),
    tolerance=5e-4,
)
cases(
    "ssim_multiscale_small",
    lambda tf, x, y: tf.image.ssim_multiscale(x, y, 2.0, (0.3, 0.4, 0.3), filter_size=5),
    U(1, 12, 12, 1),
    U(1, 12, 12, 1),
)
