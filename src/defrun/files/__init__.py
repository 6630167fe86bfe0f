"""Files that the ecosystem shares: local files as `tf.gfile` reaches them, and data sets in formats of their own."""
