"""Ask TensorFlow 1.15.5 for its random numbers and for the graphs that its random functions build.

    python3.7 tests/oracle/random/ask.py        # rewrites values.npz and graphs.json beside this file

Every case is one op in a session of its own, run three times in a row (once if it has no state) on one thread.
`values.npz` holds the cases (as JSON) and "I/J", the values of run J of case I; of a long answer only every `every`-th.
"""

import json
import os
import sys
import warnings

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
warnings.filterwarnings("ignore")

import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402

tf.logging.set_verbosity(tf.logging.ERROR)
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, *[".."] * 3))
from tests.oracle.graphs import record  # noqa: E402
from tests.oracle.random import graphs  # noqa: E402
from tests.oracle.random.logits import LOGITS  # noqa: E402

RUNS = 3
SEEDS = [(1, 2), (87654321, 0), (0, 2**31 - 1), (-3, 2**62 + 12345)]
SHAPES = [[], [5], [2, 0, 3], [131, 3]]
INT32, INT64 = np.iinfo(np.int32), np.iinfo(np.int64)
RANGES = [
    ("int32", 0, 10),
    ("int32", -7, 2**30),
    ("int32", INT32.min, INT32.max),
    ("int64", 3, 4),
    ("int64", -(2**40), 2**41 + 7),
    ("int64", INT64.min, INT64.max),
]


def cases():
    for op in ("RandomUniform", "RandomStandardNormal", "TruncatedNormal"):
        for at, shape in enumerate(SHAPES):
            yield case(op, "float32", shape=shape, seeds=SEEDS[at])
        for at, dtype in enumerate(("float64", "float16", "bfloat16")):
            yield case(op, dtype, shape=[41, 3], seeds=SEEDS[at])
        yield case(op, "float32", shape=[300, 401], seeds=SEEDS[0], every=97)
    for dtype, low, high in RANGES:
        yield case("RandomUniformInt", dtype, minval=low, maxval=high, shape=[13], seeds=SEEDS[0])
    yield case("RandomUniformInt", "int32", minval=0, maxval=9, shape=[], seeds=SEEDS[3])
    yield case("RandomUniformInt", "int64", minval=0, maxval=9, shape=[], seeds=SEEDS[1])
    for at, shape in enumerate([[], [1], [2], [9], [0], [1, 4], [5, 3], [3, 0], [1237]]):
        yield case("RandomShuffle", "int32", shape=shape, seeds=SEEDS[at % 4])
    for at, logits in enumerate(sorted(LOGITS)):
        for dtype, count, kind in (("float32", 1, "int64"), ("float64", 3, "int64"), ("float16", 8, "int32")):
            yield case("Multinomial", dtype, logits=logits, count=count, kind=kind, seeds=SEEDS[at % 4])
    for op in ("StatelessRandomUniform", "StatelessRandomNormal", "StatelessTruncatedNormal"):
        for dtype in ("float32", "float64"):
            yield case(op, dtype, shape=[3, 7], seeds=[-5, 2**31 - 1], seed_kind="int32")
        yield case(op, "float32", shape=[9], seeds=[-(2**40) - 3, 2**50 + 1])
    for dtype, low, high in RANGES[::3]:
        yield case("StatelessRandomUniformInt", dtype, minval=low, maxval=high, shape=[3, 7], seeds=[6, -7])
    for count in (1, 4):
        yield case("StatelessMultinomial", "float32", logits="three", count=count, kind="int64", seeds=[8, 9])
    for dtype in ("float32", "float64", "float16"):
        yield case("RandomGamma", dtype, shape=[11, 2], parameter=[0.05, 0.5, 1.0, 1.5, 30.0], seeds=SEEDS[0])
    for dtype, kind in (("float32", "float32"), ("float64", "int64"), ("float16", "float64"), ("int32", "int32")):
        rates = [0.0, 0.25, 5.0, 9.5, 10.0, 55.0, 1000.0]
        rates = [int(rate) for rate in rates] if dtype == "int32" else rates
        yield case("RandomPoissonV2", dtype, shape=[13], parameter=rates, kind=kind, seeds=SEEDS[3])
    for dtype in ("float32", "float64"):
        yield case(
            "RandomGammaGrad", dtype, alpha=[0.1, 0.5, 1.0, 5.0, 50.0, 3.0], sample=[1e-3, 0.3, 1.0, 4.0, 60.0, 9.0]
        )


def case(op, dtype, **details):
    return {"op": op, "dtype": dtype, **details}


def node(asked):
    raw, op = tf.raw_ops, asked["op"]
    dtype = tf.as_dtype(asked["dtype"])
    if "sample" in asked:
        return raw.RandomGammaGrad(alpha=tf.constant(asked["alpha"], dtype), sample=tf.constant(asked["sample"], dtype))
    if op.startswith("Stateless"):
        seed = {"seed": tf.constant(asked["seeds"], asked.get("seed_kind", "int64"))}
    else:
        seed = {"seed": asked["seeds"][0], "seed2": asked["seeds"][1]}
    if "logits" in asked:
        logits = tf.constant(np.array(LOGITS[asked["logits"]], dtype.as_numpy_dtype))
        return getattr(raw, op)(
            logits=logits, num_samples=asked["count"], output_dtype=tf.as_dtype(asked["kind"]), **seed
        )
    shape = tf.constant(asked["shape"], tf.int32)
    if op == "RandomGamma":
        return raw.RandomGamma(shape=shape, alpha=tf.constant(asked["parameter"], dtype), **seed)
    if op == "RandomPoissonV2":
        return raw.RandomPoissonV2(
            shape=shape, rate=tf.constant(asked["parameter"], dtype), dtype=tf.as_dtype(asked["kind"]), **seed
        )
    if op == "RandomShuffle":
        return raw.RandomShuffle(value=tf.reshape(tf.range(int(np.prod(asked["shape"]))), shape), **seed)
    if "minval" in asked:
        low, high = (tf.constant(asked[bound], dtype) for bound in ("minval", "maxval"))
        return getattr(raw, op)(shape=shape, minval=low, maxval=high, **seed)
    return getattr(raw, op)(shape=shape, dtype=dtype, **seed)


def values(asked):
    runs = 1 if asked["op"].startswith("Stateless") or "sample" in asked else RUNS
    config = tf.ConfigProto(intra_op_parallelism_threads=1, inter_op_parallelism_threads=1)
    config.graph_options.rewrite_options.disable_meta_optimizer = True
    with tf.Graph().as_default():
        output = node(asked)
        if output.dtype == tf.bfloat16:
            output = tf.cast(output, tf.float32)
        with tf.Session(config=config) as sess:
            return [sess.run(output).ravel()[:: asked.get("every", 1)] for _ in range(runs)]


def ask_values():
    answered, found = [], {}
    for asked in cases():
        try:
            answers = values(asked)
        except tf.errors.OpError as error:
            print("no answer:", asked, str(error).splitlines()[0])
            continue
        for run, answer in enumerate(answers):
            found["%d/%d" % (len(answered), run)] = answer
        answered.append(asked)
    np.savez_compressed(os.path.join(HERE, "values.npz"), cases=json.dumps(answered), **found)
    print(len(answered), "cases")


def ask_graphs():
    answers = {}
    for name, build in sorted(vars(graphs).items()):
        if name.startswith("build_"):
            with tf.Graph().as_default():
                build(tf)
                answers[name[len("build_") :]] = record.graph_record(tf)["nodes"]
    seeds = []
    for graph_seed in (None, 0, 1, 2**31 - 1, 2**31, -1, 10**12):
        for op_seed in (None, 0, 1, 2**31 - 1, 2**31, -1, 10**12):
            with tf.Graph().as_default():
                tf.set_random_seed(graph_seed)
                tf.constant(1.0)
                seeds.append([graph_seed, op_seed, tf.get_seed(op_seed)])
    answers["seeds"] = seeds
    with open(os.path.join(HERE, "graphs.json"), "w") as file:
        lines = ["%s: %s" % (json.dumps(key), json.dumps(answers[key], sort_keys=True)) for key in sorted(answers)]
        file.write("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    ask_values()
    ask_graphs()
