"""`tf.saved_model.tag_constants`: names, and nothing else. Written by tools/face.py."""

from defrun.saved_model.keys import GPU as GPU, SERVING as SERVING, TPU as TPU, TRAINING as TRAINING
