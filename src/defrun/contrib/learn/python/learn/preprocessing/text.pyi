"""`tf.contrib.learn.python.learn.preprocessing.text`: names, and nothing else. Written by tools/face.py."""

from defrun.contrib.learn.text import (
    ByteProcessor as ByteProcessor, CategoricalVocabulary as CategoricalVocabulary, TOKENIZER_RE as TOKENIZER_RE,
    VocabularyProcessor as VocabularyProcessor, tokenizer as tokenizer,
)
