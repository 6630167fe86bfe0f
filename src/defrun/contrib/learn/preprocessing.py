"""`tf.contrib.learn.preprocessing`: names, and nothing else. Written by tools/face.py."""

# ruff: noqa: I001

from defrun.base.names import missing
from defrun.contrib.learn.text import (
    ByteProcessor as ByteProcessor, CategoricalVocabulary as CategoricalVocabulary, TOKENIZER_RE as TOKENIZER_RE,
    VocabularyProcessor as VocabularyProcessor, tokenizer as tokenizer,
)

__getattr__ = missing(__name__)
