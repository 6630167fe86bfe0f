"""The bijectors of `tf.contrib.distributions.bijectors`."""
