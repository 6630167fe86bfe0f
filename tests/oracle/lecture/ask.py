"""Ask TensorFlow 1.15.5 what examples/lecture.py gives: each form's losses and its graph.

Run with TensorFlow's Python: `python tests/oracle/lecture/ask.py`. It writes, beside itself, losses.json and for
every form its GraphDef as text (<form>.pbtxt.gz).

TensorFlow itself races in the forms that assign by hand: the backward pass may read w2 before or after its update, so
ten per cent of difference between two runs is usual. With one inter-op thread it keeps the order in which the nodes
were made, which is also the mathematics (both gradients at the old weights).
"""

import gzip
import json
import types
from pathlib import Path

import tensorflow as tf

HERE = Path(__file__).resolve().parent
EXAMPLE = HERE.parents[2] / "examples" / "lecture.py"


def load_example():
    """Return examples/lecture.py as a module over TensorFlow."""
    text = EXAMPLE.read_text(encoding="utf-8").replace("import defrun as tf", "import tensorflow as tf")
    lecture = types.ModuleType("lecture")
    exec(compile(text, str(EXAMPLE), "exec"), lecture.__dict__)
    return lecture


def main():
    """Run every form and write down what it gave."""
    session = tf.Session
    tf.Session = lambda: session(config=tf.ConfigProto(inter_op_parallelism_threads=1))
    lecture = load_example()
    losses = {}
    for form in lecture.FORMS:
        losses[form.__name__] = [float(loss) for loss in form()]
        graph = str(tf.get_default_graph().as_graph_def())
        with gzip.GzipFile(str(HERE / (form.__name__ + ".pbtxt.gz")), "wb", mtime=0) as file:
            file.write(graph.encode())
    lines = ["%s: %s" % (json.dumps(name), json.dumps(values)) for name, values in losses.items()]
    (HERE / "losses.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
