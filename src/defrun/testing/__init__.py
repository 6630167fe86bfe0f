"""What TensorFlow 1's own tests, and those of programs written for it, stand on: `tf.test`."""
