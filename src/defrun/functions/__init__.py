"""Python functions as functions of the graph: `tf.function`, `defun` and the older `Defun`."""
