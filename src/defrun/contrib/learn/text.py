"""Words to numbers: tokens, a vocabulary, and documents as rows of word numbers (`tf.contrib.learn.preprocessing`)."""

from __future__ import annotations

import itertools
import pickle
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

TOKENIZER_RE = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z][a-z]+(?=[A-Z])|[\'\w\-]+", re.UNICODE)

Tokenizer = Callable[[Iterable[str]], Iterable[list[str]]]


def tokenizer(iterator: Iterable[str]) -> Iterator[list[str]]:
    """Yield the words of each text."""
    for value in iterator:
        yield TOKENIZER_RE.findall(value)


class CategoricalVocabulary:
    """Numbers for categories, in the order they come; 0 is for what is unknown.

    Parameters
    ----------
    unknown_token : str
    support_reverse : bool
        Keep what `reverse` needs.
    """

    def __init__(self, unknown_token: str = "<UNK>", support_reverse: bool = True) -> None:
        # The names are those that pickles of TensorFlow's have.
        self._unknown_token = unknown_token
        self._mapping: dict[Any, int] = {unknown_token: 0}
        self._support_reverse = support_reverse
        self._reverse_mapping: list[Any] = [unknown_token]
        self._freq: dict[Any, int] = defaultdict(int)
        self._freeze = False

    def __len__(self) -> int:
        return len(self._mapping)

    def freeze(self, freeze: bool = True) -> None:
        """Take no new categories from now on; or take them again."""
        self._freeze = freeze

    def get(self, category: Any) -> int:
        """Return the number of `category`: a new one if it has none; 0 if the vocabulary is frozen."""
        if category not in self._mapping:
            if self._freeze:
                return 0
            self._mapping[category] = len(self._mapping)
            self._reverse_mapping.append(category)
        return self._mapping[category]

    def add(self, category: Any, count: int = 1) -> None:
        """Count `category`."""
        if self.get(category) > 0:
            self._freq[category] += count

    def trim(self, min_frequency: int, max_frequency: int = -1) -> None:
        """Keep what came more than `min_frequency` times (and less than `max_frequency`), the most frequent first."""
        by_name = sorted(self._freq.items(), key=lambda item: (isinstance(item[0], str), item[0]))
        kept = [
            (category, count)
            for category, count in sorted(by_name, key=lambda item: item[1], reverse=True)
            if count > min_frequency and not 0 < max_frequency <= count
        ]
        self._reverse_mapping = [self._unknown_token, *(category for category, _ in kept)]
        self._mapping = {category: number for number, category in enumerate(self._reverse_mapping)}
        self._freq = dict(kept)

    def reverse(self, class_id: int) -> Any:
        """Return the category of a number.

        Raises
        ------
        ValueError
            If the vocabulary was made without `support_reverse`.
        """
        if not self._support_reverse:
            raise ValueError("the vocabulary was made without support_reverse, which reverse() needs")
        return self._reverse_mapping[class_id]


class VocabularyProcessor:
    """Documents to rows of word numbers, all of one length.

    Parameters
    ----------
    max_document_length : int
        Longer documents are cut, shorter ones filled up with 0.
    min_frequency : int
        Words that come no more often than that are unknown (number 0).
    vocabulary : CategoricalVocabulary, optional
    tokenizer_fn : callable, optional
        From documents to lists of words.

    Examples
    --------
    >>> processor = tf.contrib.learn.preprocessing.VocabularyProcessor(4)
    >>> [row.tolist() for row in processor.fit_transform(["a rose is", "a rose"])]
    [[1, 2, 3, 0], [1, 2, 0, 0]]
    """

    def __init__(
        self,
        max_document_length: int,
        min_frequency: int = 0,
        vocabulary: CategoricalVocabulary | None = None,
        tokenizer_fn: Tokenizer | None = None,
    ) -> None:
        self.max_document_length = max_document_length
        self.min_frequency = min_frequency
        self.vocabulary_ = vocabulary or CategoricalVocabulary()
        self._tokenizer = tokenizer_fn or tokenizer

    def fit(self, raw_documents: Iterable[str], unused_y: Any = None) -> VocabularyProcessor:
        """Learn the words of these documents, and no others from then on; return this."""
        for tokens in self._tokenizer(raw_documents):
            for token in tokens:
                self.vocabulary_.add(token)
        if self.min_frequency > 0:
            self.vocabulary_.trim(self.min_frequency)
        self.vocabulary_.freeze()
        return self

    def fit_transform(self, raw_documents: Iterable[str], unused_y: Any = None) -> Iterator[np.ndarray[Any, Any]]:
        """`fit`, then `transform`."""
        self.fit(raw_documents)
        return self.transform(raw_documents)

    def transform(self, raw_documents: Iterable[str]) -> Iterator[np.ndarray[Any, Any]]:
        """Yield for each document its word numbers, int64 [max_document_length]."""
        for tokens in self._tokenizer(raw_documents):
            numbers = np.zeros(self.max_document_length, np.int64)
            for place, token in enumerate(itertools.islice(tokens, self.max_document_length)):
                numbers[place] = self.vocabulary_.get(token)
            yield numbers

    def reverse(self, documents: Iterable[Iterable[int]]) -> Iterator[str]:
        """Yield for each row of numbers its words, with spaces between."""
        for numbers in documents:
            yield " ".join(self.vocabulary_.reverse(number) for number in numbers)

    def save(self, filename: str) -> None:
        """Write this to a file that `restore` reads."""
        with open(filename, "wb") as file:
            pickle.dump(self, file)

    @classmethod
    def restore(cls, filename: str) -> VocabularyProcessor:
        """Return what `save` has written, here or in TensorFlow. Such a file may run code: only read your own."""
        with open(filename, "rb") as file:
            return _Reader(file).load()


class ByteProcessor:
    """Documents to rows of their bytes, all of one length.

    Parameters
    ----------
    max_document_length : int
        Longer documents are cut, shorter ones filled up with 0.
    """

    def __init__(self, max_document_length: int) -> None:
        self.max_document_length = max_document_length

    def fit(self, x: Any) -> None:
        """Do nothing: there is nothing to learn."""

    def fit_transform(self, x: Iterable[Any]) -> Iterator[np.ndarray[Any, Any]]:
        """`transform`."""
        return self.transform(x)

    def transform(self, x: Iterable[Any]) -> Iterator[np.ndarray[Any, Any]]:
        """Yield for each document (text or bytes) its bytes, uint8 [max_document_length]."""
        for document in x:
            data = document.encode("utf-8") if isinstance(document, str) else document
            row = np.frombuffer(data[: self.max_document_length], np.uint8)
            yield np.pad(row, (0, self.max_document_length - len(row)), "constant")

    def reverse(self, x: Iterable[np.ndarray[Any, Any]]) -> Iterator[str]:
        """Yield for each row its text; nothing where that is not UTF-8."""
        for row in x:
            try:
                yield np.trim_zeros(row.astype(np.uint8), trim="b").tobytes().decode("utf-8")
            except UnicodeDecodeError:
                yield ""


class _Reader(pickle.Unpickler):
    """Takes TensorFlow's classes for ours."""

    def find_class(self, module: str, name: str) -> Any:
        theirs = ".contrib.learn.python.learn.preprocessing." in module
        return globals()[name] if theirs and name in globals() else super().find_class(module, name)
