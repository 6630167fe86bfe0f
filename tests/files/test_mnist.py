"""The tutorials' MNIST reader: bad files, files that are not there, fetching them; and our own data in its format."""

import gzip

import numpy as np
import pytest

from defrun.files import mnist
from tests import mnist_like
from tests.oracle.files import questions


def test_it_says_which_files_belong_where(tmp_path, monkeypatch):
    def no_network(url):
        raise OSError("no network")

    monkeypatch.setattr(mnist.urllib.request, "urlopen", no_network)
    with pytest.raises(ConnectionError, match=r"no network") as error:
        mnist.read_data_sets(str(tmp_path / "MNIST_data"))
    for text in [str(tmp_path / "MNIST_data"), "train-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"]:
        assert text in str(error.value)
    assert list((tmp_path / "MNIST_data").iterdir()) == []


def test_it_fetches_what_is_not_there(tmp_path, monkeypatch, capsys):
    there, here = tmp_path / "there", tmp_path / "here"
    there.mkdir()
    monkeypatch.chdir(there)
    questions.write_tiny_mnist()
    data = mnist.read_data_sets(str(here), validation_size=0, source_url=f"{there.as_uri()}/")
    assert data.train.num_examples == questions.TRAIN
    assert sorted(path.name for path in here.iterdir()) == sorted(path.name for path in there.iterdir())
    assert capsys.readouterr().out.count("Successfully downloaded") == 4


def test_a_file_of_another_kind_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    questions.write_tiny_mnist()
    with gzip.open("train-images-idx3-ubyte.gz", "wb") as f:
        f.write(b"something else entirely")
    with pytest.raises(ValueError, match="train-images-idx3-ubyte"):
        mnist.read_data_sets(".")


def test_images_and_labels_must_be_as_many():
    with pytest.raises(ValueError, match="3 images but 2 labels"):
        mnist.DataSet(np.zeros((3, 2, 2, 1), np.uint8), np.zeros(2))


def test_our_digits_look_like_mnist(tmp_path):
    mnist_like.write(tmp_path, train=300, test=80)
    data = mnist.read_data_sets(str(tmp_path), one_hot=True, validation_size=100)
    assert [part.num_examples for part in data] == [200, 100, 80]
    images, labels = data.train.next_batch(200)
    assert images.shape == (200, 784)
    assert images.dtype == np.float32
    assert images.min() == 0
    assert images.max() > 0.8
    assert labels.shape == (200, 10)
    assert (labels.sum(axis=0) > 5).all()  # every digit is there
    means = np.stack([images[labels[:, digit] == 1].mean(axis=0) for digit in range(10)])
    tests = data.test.images
    nearest = ((tests[:, None] - means) ** 2).sum(axis=-1).argmin(axis=-1)
    assert (nearest == data.test.labels.argmax(axis=-1)).mean() > 0.4  # and differs from the others
    again = tmp_path / "again"
    mnist_like.write(again, train=300, test=80)
    assert (again / mnist.TRAIN_IMAGES).read_bytes() == (tmp_path / mnist.TRAIN_IMAGES).read_bytes()
