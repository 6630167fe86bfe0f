"""Write the README's table of what is supported, from the code.

    python tools/supported.py            # write it (`make supported`)
    python tools/supported.py --check    # write nothing; exit with 1 if the table is not true any more

A row is a part of TensorFlow 1.15.5's public face; an object counts as there if the face of defrun has it.
"""

import argparse
import sys
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import face

README = face.ROOT / "README.md"
BEGIN, END = "<!-- supported:begin -->\n", "<!-- supported:end -->"

# Namespaces that make one row; of a name in several the first counts.
ROWS = {
    "Math, arrays, control: `tf.*`, `tf.math`, `tf.linalg`, `tf.dtypes`": ("", "math", "linalg", "dtypes", "bitwise"),
    "Neural networks: `tf.nn`": ("nn",),
    "Random numbers: `tf.random`": ("random",),
    "Checks and errors: `tf.debugging`, `tf.errors`": ("debugging", "errors"),
    "Variables and initializers": ("initializers", "variable"),
    "`tf.layers`": ("layers",),
    "`tf.losses`": ("losses",),
    "`tf.train`": ("train",),
    "`tf.contrib.layers`, `tf.contrib.framework`": ("contrib.layers", "contrib.framework"),
    "Scripts: `tf.app`, `tf.flags`, `tf.logging`, `tf.gfile`": ("app", "flags", "logging", "gfile"),
    "`tf.test`": ("test",),
    "`tf.summary`": ("summary",),
    "`tf.sparse`": ("sparse",),
    "`tf.strings`": ("strings",),
    "`tf.image`": ("image",),
    "`tf.signal`, `tf.spectral`": ("signal", "spectral"),
    "`tf.metrics`": ("metrics",),
    "`tf.io`, `tf.python_io`": ("io", "python_io"),
    "`tf.saved_model`, `tf.graph_util`": ("saved_model", "graph_util"),
    "`tf.data`": ("data",),
    "`tf.distributions`": ("distributions",),
    "`tf.keras`": ("keras",),
    "`tf.estimator`": ("estimator",),
}


def area(public: str) -> str:
    """Return the namespace of a public name."""
    return public.rpartition(".")[0]


def table() -> str:
    """Return the table in Markdown."""
    made = face.Face()
    missing = set(made.missing)
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    names = [one.names for one in face.KNOWN.objects]
    names += [(f"{m}.{n}",) for m, members in face.KNOWN.members.items() if m.startswith("contrib.") for n in members]
    row_of = {space: row for row, spaces in ROWS.items() for space in spaces}
    for same in names:
        row = row_of.get(area(same[0]))
        if row is not None:
            counts[row][0] += " ".join(same) not in missing
            counts[row][1] += 1
    types = len(made.lists["raw_ops"])
    lines = ["| part | there | of |", "| --- | ---: | ---: |"]
    lines += [f"| {row} | {counts[row][0]} | {counts[row][1]} |" for row in ROWS]
    lines += [f"| op types (`tf.raw_ops`) | {types} | {len(face.KNOWN.members['raw_ops'])} |"]
    return "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the table would change")
    arguments = parser.parse_args()
    text = README.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    new = f"{before}{BEGIN}{table()}{END}{after}"
    if arguments.check:
        return int(new != text)
    README.write_text(new, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
