"""`tf.saved_model.main_op`: names, and nothing else. Written by tools/face.py."""

from defrun.saved_model.starting import main_op as main_op, main_op_with_restore as main_op_with_restore
