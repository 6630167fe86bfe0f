"""The MNIST digits as TensorFlow's tutorials read them: `tensorflow.examples.tutorials.mnist.input_data`.

The same NumPy seed gives the same batches as there: the order of the examples is drawn from NumPy's global generator
in the same calls.
"""

from __future__ import annotations

import gzip
import math
import os
import shutil
import tempfile
import urllib.request
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from defrun.base import dtypes
from defrun.files import gfile
from defrun.ops.seeds import get_seed

DEFAULT_SOURCE_URL = "https://storage.googleapis.com/cvdf-datasets/mnist/"
TRAIN_IMAGES = "train-images-idx3-ubyte.gz"
TRAIN_LABELS = "train-labels-idx1-ubyte.gz"
TEST_IMAGES = "t10k-images-idx3-ubyte.gz"
TEST_LABELS = "t10k-labels-idx1-ubyte.gz"
_FILES = (TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS)

_IMAGES_MAGIC = 2051
_LABELS_MAGIC = 2049


def _header(stream: gzip.GzipFile, count: int) -> list[int]:
    """Return the next `count` big-endian 32-bit numbers."""
    return np.frombuffer(stream.read(4 * count), dtype=">u4").tolist()


def _read_idx(f: Any, magic: int, rank: int) -> np.ndarray[Any, Any]:
    """Return the uint8 array of a gzipped IDX file. ValueError if it does not start with `magic`."""
    print("Extracting", f.name)
    with gzip.GzipFile(fileobj=f) as stream:
        found = _header(stream, 1)
        if found != [magic]:
            raise ValueError(f"{f.name} is not the MNIST file it should be: it starts with {found}, not {magic}")
        dims = _header(stream, rank)
        return np.frombuffer(stream.read(int(np.prod(dims))), dtype=np.uint8).reshape(dims)


def extract_images(f: Any) -> np.ndarray[Any, Any]:
    """Return the images in an open, gzipped IDX file: uint8 [examples, rows, columns, 1]."""
    return _read_idx(f, _IMAGES_MAGIC, 3)[..., np.newaxis]


def extract_labels(f: Any, one_hot: bool = False, num_classes: int = 10) -> np.ndarray[Any, Any]:
    """Return the labels in an open, gzipped IDX file: uint8 [examples], or float64 [examples, classes] if `one_hot`."""
    labels = _read_idx(f, _LABELS_MAGIC, 1)
    return dense_to_one_hot(labels, num_classes) if one_hot else labels


def dense_to_one_hot(labels_dense: np.ndarray[Any, Any], num_classes: int) -> np.ndarray[Any, Any]:
    """Return a row for each label, 1 at its place and 0 elsewhere: float64 [examples, classes]."""
    return np.eye(num_classes)[labels_dense.ravel()]


class DataSet:
    """Images, labels, and a way through them batch by batch.

    Making one seeds NumPy's global generator: with `seed` if given, else with the graph's seed, else at random.

    Parameters
    ----------
    images : uint8 [examples, rows, columns, 1]
    labels : [examples, ...]
    fake_data, one_hot : bool
        Hold nothing; `next_batch` then makes up examples, with one-hot labels if `one_hot`.
    dtype : DType
        uint8 keeps the pixels as they are; float32 brings them to [0, 1].
    reshape : bool
        Flatten each image.
    seed : int, optional

    Raises
    ------
    TypeError
        For another dtype.
    """

    def __init__(
        self,
        images: Any,
        labels: Any,
        fake_data: bool = False,
        one_hot: bool = False,
        dtype: Any = dtypes.float32,
        reshape: bool = True,
        seed: int | None = None,
    ):
        graph_seed, op_seed = get_seed(seed)
        np.random.seed(graph_seed if seed is None else op_seed)
        dtype = dtypes.as_dtype(dtype).base_dtype
        if dtype not in (dtypes.uint8, dtypes.float32):
            raise TypeError(f"images are uint8 or float32, not {dtype!r}")
        self.one_hot = one_hot
        self._num_examples = 10000 if fake_data else images.shape[0]
        if not fake_data:
            if len(images) != len(labels):
                raise ValueError(f"there are {len(images)} images but {len(labels)} labels")
            if reshape:
                images = images.reshape(len(images), math.prod(images.shape[1:]))
            if dtype == dtypes.float32:
                images = np.multiply(images.astype(np.float32), 1.0 / 255.0)
        self._images = images
        self._labels = labels
        self._epochs_completed = 0
        self._index_in_epoch = 0

    @property
    def images(self) -> Any:
        """All images, in the order of the current epoch."""
        return self._images

    @property
    def labels(self) -> Any:
        """All labels, in the order of the current epoch."""
        return self._labels

    @property
    def num_examples(self) -> int:
        """How many examples there are."""
        return self._num_examples

    @property
    def epochs_completed(self) -> int:
        """How often `next_batch` has gone through all examples."""
        return self._epochs_completed

    def next_batch(self, batch_size: int, fake_data: bool = False, shuffle: bool = True) -> tuple[Any, Any]:
        """Return the next images and labels; behind the last one a new epoch begins, in a new order if `shuffle`."""
        if fake_data:
            label: Any = [1] + [0] * 9 if self.one_hot else 0
            return [[1] * 784 for _ in range(batch_size)], [label for _ in range(batch_size)]
        start = self._index_in_epoch
        if start == 0 and self._epochs_completed == 0:
            self._reorder(shuffle)
        if start + batch_size <= self._num_examples:
            self._index_in_epoch += batch_size
            return self._images[start : start + batch_size], self._labels[start : start + batch_size]
        last_images, last_labels = self._images[start:], self._labels[start:]
        self._epochs_completed += 1
        self._reorder(shuffle)
        end = self._index_in_epoch = batch_size - len(last_images)
        return np.concatenate([last_images, self._images[:end]]), np.concatenate([last_labels, self._labels[:end]])

    def _reorder(self, shuffle: bool) -> None:
        if shuffle:
            order = np.arange(self._num_examples)
            np.random.shuffle(order)
            self._images, self._labels = self._images[order], self._labels[order]


class Datasets(NamedTuple):
    """The three parts of a data set."""

    train: DataSet
    validation: DataSet
    test: DataSet


def maybe_download(filename: str, work_directory: str, source_url: str) -> str:
    """Return the path of a file in a folder; if it is not there, fetch it from `source_url` first.

    Raises
    ------
    ConnectionError
        It is not there and cannot be fetched; the text says which files belong where.
    """
    path = os.path.join(work_directory, filename)
    if gfile.exists(path):
        return path
    gfile.makedirs(work_directory)
    try:
        with urllib.request.urlopen(source_url) as source, tempfile.NamedTemporaryFile(dir=work_directory) as passing:
            shutil.copyfileobj(source, passing)
            passing.flush()
            gfile.copy(passing.name, path)
    except OSError as error:
        folder = os.path.abspath(work_directory)
        files = ", ".join(_FILES) if filename in _FILES else filename
        raise ConnectionError(
            f"{path} is not there, and {source_url} could not be fetched ({error}). Put into {folder}: {files}"
        ) from error
    print("Successfully downloaded", filename, gfile.stat(path).length, "bytes.")
    return path


def _fetch(filename: str, folder: str, source_url: str, extract: Callable[[Any], Any]) -> Any:
    with gfile.GFile(maybe_download(filename, folder, source_url + filename), "rb") as file:
        return extract(file)


def read_data_sets(
    train_dir: str,
    fake_data: bool = False,
    one_hot: bool = False,
    dtype: Any = dtypes.float32,
    reshape: bool = True,
    validation_size: int = 5000,
    seed: int | None = None,
    source_url: str = DEFAULT_SOURCE_URL,
) -> Datasets:
    """Read the four files of MNIST from `train_dir`, fetching those that are not there.

    Parameters
    ----------
    train_dir : str
        The folder; it is made if it is not there.
    fake_data, one_hot, dtype, reshape, seed
        As `DataSet` takes them; `one_hot` also for true labels.
    validation_size : int
        So many of the training examples, the first ones, are kept apart.
    source_url : str
        Where to fetch files from.

    Raises
    ------
    ValueError
        If `validation_size` is not between 0 and the number of training examples, or a file is no MNIST file.
    ConnectionError
        If a file is not there and cannot be fetched.
    """
    if fake_data:
        fakes = [DataSet([], [], fake_data=True, one_hot=one_hot, dtype=dtype, seed=seed) for _ in range(3)]
        return Datasets(*fakes)
    source_url = source_url or DEFAULT_SOURCE_URL

    def labels_of(file: Any) -> Any:
        return extract_labels(file, one_hot=one_hot)

    train_images = _fetch(TRAIN_IMAGES, train_dir, source_url, extract_images)
    train_labels = _fetch(TRAIN_LABELS, train_dir, source_url, labels_of)
    test_images = _fetch(TEST_IMAGES, train_dir, source_url, extract_images)
    test_labels = _fetch(TEST_LABELS, train_dir, source_url, labels_of)
    if not 0 <= validation_size <= len(train_images):
        raise ValueError(f"validation_size is {validation_size}, but there are {len(train_images)} training examples")

    def data_set(images: Any, labels: Any) -> DataSet:
        return DataSet(images, labels, dtype=dtype, reshape=reshape, seed=seed)

    return Datasets(
        train=data_set(train_images[validation_size:], train_labels[validation_size:]),
        validation=data_set(train_images[:validation_size], train_labels[:validation_size]),
        test=data_set(test_images, test_labels),
    )


def load_mnist(train_dir: str = "MNIST-data") -> Datasets:
    """Read MNIST with the defaults of `read_data_sets`."""
    return read_data_sets(train_dir)
