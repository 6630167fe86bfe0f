"""Asks TensorFlow what Basic Pitch hears in examples/pretrained.py's tune and writes answers.npz.

Run with a Python that has the newest TensorFlow, once `make pretrained` has fetched the model:

    python tests/oracle/pretrained/ask.py

It keeps every fourth moment of the first two seconds, in steps of 1/65535.
"""

import pathlib
import wave

import numpy as np

HERE = pathlib.Path(__file__).parent
OUT = HERE.parents[2] / "examples" / "out" / "pretrained"
WINDOW, EVERY = 43844, 4


def window():
    """Return what goes into the network: two seconds of the tune."""
    with wave.open(str(OUT / "tune.wav")) as file:
        samples = np.frombuffer(file.readframes(WINDOW), "<i2").astype(np.float32) / 32768
    return samples[None, :, None]


def main():
    import tensorflow.compat.v1 as tf

    with tf.Graph().as_default(), tf.Session() as session:
        meta = tf.saved_model.load(session, ["serve"], str(OUT / "basic_pitch/saved_models/icassp_2022/nmp"))
        signature = meta.signature_def["serving_default"]
        (given,) = (info.name for info in signature.inputs.values())
        found = session.run({key: info.name for key, info in signature.outputs.items()}, {given: window()})
    kept = {key: np.round(value[0, ::EVERY] * 65535).astype(np.uint16) for key, value in found.items()}
    del kept["contour"]
    np.savez_compressed(HERE / "answers.npz", **kept)


if __name__ == "__main__":
    main()
