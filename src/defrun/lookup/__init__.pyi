"""`tf.lookup`: names, and nothing else. Written by tools/face.py."""

from defrun.lookup import experimental as experimental
from defrun.lookup.buckets import StaticVocabularyTableV1 as StaticVocabularyTable
from defrun.lookup.initializers import (
    KeyValueTensorInitializer as KeyValueTensorInitializer, TextFileIndex as TextFileIndex,
    TextFileInitializer as TextFileInitializer,
)
from defrun.lookup.tables import StaticHashTableV1 as StaticHashTable
