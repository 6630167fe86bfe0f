"""`tf.contrib.predictor`: names, and nothing else. Written by tools/face.py."""

from defrun.contrib.predictor.predictors import from_saved_model as from_saved_model
