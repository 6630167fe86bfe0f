"""Write a data set in MNIST's format and files, made from the 1797 real digits of examples/data.

    python tests/mnist_like.py FOLDER [--train 6000] [--test 1000] [--seed 0]

Every image is one of the 8 by 8 digits brought to 20 by 20 pixels and set into 28 by 28, a little off the middle, a
little paler or darker, with a little noise. No digit serves for both training and testing. The same arguments give the
same images. TensorFlow's tutorials keep 5000 of the training examples apart, so write more than that for them.
"""

import argparse
import gzip
import struct
from pathlib import Path

import numpy as np

DIGITS = Path(__file__).parents[1] / "examples" / "data" / "digits.csv.gz"
SIDE, INNER, MAX_SHIFT = 28, 20, 2


def resample(images, side):
    """Return images [n, h, w] at `side` by `side` pixels, linearly interpolated."""

    def weights(size):
        at = np.clip((np.arange(side) + 0.5) * size / side - 0.5, 0, size - 1)
        return np.maximum(0, 1 - np.abs(at[:, None] - np.arange(size)))

    return weights(images.shape[1]) @ images @ weights(images.shape[2]).T


def draw(images, rng):
    """Return images [n, 20, 20] between 0 and 1 as uint8 [n, 28, 28]: shifted, with noise, all a little different."""
    canvas = np.zeros((len(images), SIDE, SIDE))
    middle = (SIDE - INNER) // 2
    rows, columns = middle + rng.integers(-MAX_SHIFT, MAX_SHIFT + 1, size=(2, len(images)))
    for place, image, row, column in zip(canvas, images, rows, columns):
        place[row : row + INNER, column : column + INNER] = image
    canvas *= rng.uniform(0.8, 1.0, size=(len(images), 1, 1))
    canvas += (canvas > 0.05) * rng.normal(0, 0.04, canvas.shape)  # paper stays white, as in MNIST
    return np.rint(255 * np.clip(canvas, 0, 1)).astype(np.uint8)


def examples(count, images, labels, rng):
    """Return `count` (images, labels) made from the given digits, every one used about equally often."""
    order = np.concatenate([rng.permutation(len(images)) for _ in range(-(-count // len(images)))])[:count]
    return draw(images[order], rng), labels[order]


def write_idx(path, array):
    """Write a uint8 array as a gzipped IDX file."""
    header = struct.pack(">BBBB", 0, 0, 8, array.ndim) + struct.pack(f">{array.ndim}I", *array.shape)
    with open(path, "wb") as file, gzip.GzipFile("", "wb", compresslevel=1, fileobj=file, mtime=0) as packed:
        packed.write(header + array.tobytes())


def write(folder, train=6000, test=1000, seed=0):
    """Write the four files of MNIST with so many examples into a folder."""
    rng = np.random.default_rng(seed)
    table = rng.permutation(np.loadtxt(str(DIGITS), delimiter=","))
    images, labels = resample(table[:, :64].reshape(-1, 8, 8) / 16, INNER), table[:, 64].astype(np.uint8)
    held_out = len(table) // 6
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, count, part in [("train", train, slice(held_out, None)), ("t10k", test, slice(held_out))]:
        some_images, some_labels = examples(count, images[part], labels[part], rng)
        write_idx(folder / f"{name}-images-idx3-ubyte.gz", some_images)
        write_idx(folder / f"{name}-labels-idx1-ubyte.gz", some_labels)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("--train", type=int, default=6000)
    parser.add_argument("--test", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    write(args.folder, args.train, args.test, args.seed)


if __name__ == "__main__":
    main()
