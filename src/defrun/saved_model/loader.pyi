"""`tf.saved_model.loader`: names, and nothing else. Written by tools/face.py."""

from defrun.saved_model.reading import load as load, maybe_saved_model_directory as maybe_saved_model_directory
