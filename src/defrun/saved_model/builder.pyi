"""`tf.saved_model.builder`: names, and nothing else. Written by tools/face.py."""

from defrun.saved_model.writing import SavedModelBuilder as SavedModelBuilder
