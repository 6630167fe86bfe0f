"""Hear which notes a sound has, with a network that a package on PyPI carries as a saved model of TensorFlow 2.

    make pretrained                                    # fetches the model, makes a tune, hears its notes
    python examples/pretrained.py [--fetch] [file.wav]

The network is Spotify's Basic Pitch (`basic-pitch`, Apache License 2.0; 17 000 weights): from two seconds of sound it
tells, 86 times a second and for each key of a piano, how likely the key is held and how likely it is struck.
"""

import argparse
import subprocess
import sys
import wave
import zipfile
from pathlib import Path

import numpy as np

import defrun as tf

OUT = Path(__file__).parent / "out" / "pretrained"
PACKAGE = "basic-pitch==0.2.6"
MODEL = "basic_pitch/saved_models/icassp_2022/nmp"

RATE = 22050  # samples a second
HOP = 256  # samples for each answer
WINDOW = 43844  # samples that go in at once
EDGE = 15  # answers at both ends of a window that know too little of what is around

NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
TUNE = ["E4", "E4", "F4", "G4", "G4", "F4", "E4", "D4", "C4", "C4", "D4", "E4", "E4", "D4", "D4"]


def fetch():
    """Download the package, which is a zip file, and take the model out of it."""
    wanted = [sys.executable, "-m", "pip", "download", "--no-deps", "--quiet", "--dest", str(OUT), PACKAGE]
    subprocess.run(wanted, check=True)
    (package,) = OUT.glob("basic_pitch-*.whl")
    with zipfile.ZipFile(package) as files:
        files.extractall(OUT, [name for name in files.namelist() if name.startswith(MODEL)])


def write_tune(path, notes=TUNE, seconds=0.4):
    """Write notes as a sound: each a few overtones that die away."""
    time = np.arange(int(seconds * RATE)) / RATE
    parts = []
    for note in notes:
        pitch = 440.0 * 2.0 ** ((key_of(note) - key_of("A4")) / 12)
        tones = [np.sin(2 * np.pi * pitch * n * time) * np.exp(-3 * n * time) / n for n in range(1, 6)]
        parts.append(sum(tones) * np.minimum(1, time / 0.005))
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", "not compressed"))
        file.writeframes((np.concatenate(parts) / 3 * 32767).astype("<i2").tobytes())


def read_sound(path):
    """Return the samples of a WAV file, between -1 and 1."""
    with tf.Graph().as_default(), tf.Session() as session:
        samples, rate = session.run(tf.audio.decode_wav(tf.read_file(str(path)), desired_channels=1))
    if rate != RATE:
        places = np.arange(0, len(samples) * RATE // rate) * rate / RATE
        return np.interp(places, np.arange(len(samples)), samples[:, 0]).astype(np.float32)
    return samples[:, 0]


def windows(samples):
    """Cut a sound into windows that overlap by what their edges don't know."""
    step = WINDOW - 2 * EDGE * HOP
    count = max(1, -(-len(samples) // step))
    padded = np.zeros(EDGE * HOP + (count - 1) * step + WINDOW, np.float32)
    padded[EDGE * HOP :][: len(samples)] = samples
    return np.stack([padded[i * step : i * step + WINDOW] for i in range(count)])[:, :, None]


def listen(samples, model=OUT / MODEL):
    """Return how likely each key is held, and how likely it is struck: two arrays [time, 88]."""
    predict = tf.contrib.predictor.from_saved_model(str(model))
    (name,) = predict.feed_tensors
    answers = [predict({name: window[None]}) for window in windows(samples)]
    count = -(-len(samples) // HOP)
    return [np.concatenate([a[key][0, EDGE:-EDGE] for a in answers])[:count] for key in ("note", "onset")]


def notes_in(held, struck):
    """Return (seconds, key, seconds that it sounds) for each note: where a key is most likely struck."""
    found = []
    before, after = np.roll(struck, 1, axis=0), np.roll(struck, -1, axis=0)
    for at, key in zip(*np.nonzero((struck > 0.5) & (struck >= before) & (struck > after))):
        silent = np.nonzero(held[at:, key] < 0.3)[0]
        length = silent[0] if len(silent) else len(held) - at
        if length > 8:
            found.append((at * HOP / RATE, int(key), length * HOP / RATE))
    return found


def key_of(note):
    """Return which key of a piano a note is."""
    return NAMES.index(note[:-1]) + 12 * int(note[-1]) - 9


def name_of(key):
    return f"{NAMES[(key + 9) % 12]}{(key + 9) // 12}"


def main():
    parser = argparse.ArgumentParser(description="Hear which notes a sound has.")
    parser.add_argument("sound", nargs="?", help="a WAV file; without one, a tune is made")
    parser.add_argument("--fetch", action="store_true", help="download the model first, if it is not there")
    args = parser.parse_args()
    OUT.mkdir(parents=True, exist_ok=True)
    if not (OUT / MODEL).exists():
        if not args.fetch:
            raise SystemExit("The model is not there yet; --fetch downloads it.")
        fetch()
    path = args.sound or OUT / "tune.wav"
    if args.sound is None:
        write_tune(path)
    print(f"{path}:")
    heard = notes_in(*listen(read_sound(path)))
    for start, key, length in heard:
        print(f"  {start:6.2f} s  {name_of(key):4} for {length:.2f} s")
    if args.sound is None:
        print("played: ", *TUNE)
        print("heard:  ", *(name_of(key) for _, key, _ in heard))


if __name__ == "__main__":
    main()
