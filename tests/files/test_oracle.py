"""Files, and the tutorials' MNIST, as TensorFlow 1.15.5 answered."""

import json
from pathlib import Path

import pytest

import defrun as tf
from defrun.files import mnist
from tests.oracle.files import questions

ANSWERS = json.loads((Path(questions.__file__).parent / "answers.json").read_text())


@pytest.fixture(autouse=True)
def in_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("question", questions.QUESTIONS, ids=lambda question: question.__name__)
def test_gfile(question):
    ours = json.loads(json.dumps(question(tf)))
    assert ours == ANSWERS[question.__name__]


def test_mnist_gives_the_same_batches_for_the_same_seeds(capsys):
    ours = json.loads(json.dumps(questions.mnist(tf, mnist.read_data_sets)))
    assert ours == ANSWERS["mnist"]
    assert capsys.readouterr().out.startswith("Extracting ./train-images-idx3-ubyte.gz\nExtracting ")
