"""Ask TensorFlow 1.15.5 for the script of every code point of Unicode, and write src/defrun/ops/strings/scripts.txt.

    python3.7 tests/oracle/unicode/ask.py

Each entry is a code point at which another script begins, in hexadecimal, a colon, and the script's number.
"""

import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
HERE = os.path.dirname(os.path.abspath(__file__))

import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

points = np.arange(0x110000, dtype=np.int32)
with tf.Session() as session:
    scripts = session.run(tf.strings.unicode_script(points))
first = np.flatnonzero(np.append(True, scripts[1:] != scripts[:-1]))
entries = ["%x:%d" % (point, scripts[point]) for point in first]
lines = [" ".join(entries[i : i + 12]) for i in range(0, len(entries), 12)]
with open(os.path.join(HERE, *[".."] * 3, "src", "defrun", "ops", "strings", "scripts.txt"), "w") as out:
    out.write("\n".join(lines) + "\n")
