"""Count how much of what public TensorFlow 1 programs use is here, and how much of that was asked of TensorFlow.

    python tools/coverage.py             # print the tables
    python tools/coverage.py --markdown  # write them into docs/coverage.md (`make coverage`)
    python tools/coverage.py --missing   # list the symbols in scope that are not here or have no oracle test
    python tools/coverage.py --check     # write nothing; exit with 1 if the page's parameters are out of date

tools/symbol_usage.tsv says which symbols some 600 files of TensorFlow 1 code use, and how often; what TensorFlow 1.15.5
has is known from base/ and tests/oracle/names. A symbol has an oracle test if a module of tests/oracle uses it.
"""

import argparse
import ast
import functools
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]

import defrun  # noqa: E402
from defrun.base.names import names  # noqa: E402
from tests import test_face  # noqa: E402

PAGE, TOP = ROOT / "docs" / "coverage.md", 300

# Parts that are not the op library: prefixes of symbols. The longest prefix counts, "" takes a symbol back.
PARTS = {
    "control flow and RNNs": """TensorArray contrib.cudnn_rnn contrib.legacy_seq2seq contrib.rnn contrib.seq2seq foldl
        foldr map_fn nn.bidirectional nn.dynamic_rnn nn.raw_rnn nn.rnn_cell nn.static python.framework.function
        python.ops.rnn python.ops.seq2seq scan while_loop""",
    "files, records, checkpoints": """FixedLen Reader TFRecord VarLenFeature graph_util import_graph_def io.Fixed
        io.TFRecord io.VarLen io.parse io.tf_record parse_ python.ops.io_ops python_io saved_model train.Bytes
        train.Checkpoint train.Example train.Feature train.FloatList train.Int64List train.NewCheckpointReader
        train.Saver train.SequenceExample train.checkpoint_exists train.export_meta_graph train.get_checkpoint_state
        train.import_meta_graph train.init_from_checkpoint train.latest_checkpoint train.list_variables
        train.summary_iterator train.write_graph contrib.tensorboard python.framework.ops.register_proto_function""",
    "data, queues, hooks, tables": """FIFOQueue PaddingFIFOQueue QueueBase RandomShuffleQueue contrib.data
        contrib.staging data python.ops.lookup_ops python.training.evaluation tables_initializer train.Chief
        train.FinalOpsHook train.LoggingTensorHook train.Monitored train.QueueRunner train.Scaffold train.Session
        train.SingularMonitored train.Stop train.Supervisor train.batch train.shuffle_batch train.slice_input
        train.start_queue_runners train.string_input TextLineReader WholeFileReader""",
    "estimators, Keras, devices, eager": """GradientTape contrib.bayesflow contrib.boosted_trees
        contrib.cluster_resolver contrib.distribute contrib.eager contrib.factorization contrib.learn
        contrib.tensor_forest contrib.tpu contrib.training distribute enable_eager_execution estimator executing_eagerly
        feature_column keras python.debug train.ClusterSpec train.Server train.SyncReplicas train.experimental
        train.replica_device_setter""",
    "": """contrib.learn.datasets contrib.learn.python.learn.datasets contrib.eager.python.tfe.run_
        keras.activations keras.constraints keras.initializers keras.regularizers""",
}
PREFIXES = {prefix: part for part, text in PARTS.items() for prefix in text.split()}


# What TensorFlow 1.15.5 itself has no more: asked by importing and getting each symbol.
GONE = """batch_svd concat_v2 contrib.bayesflow.stochastic_tensor contrib.boosted_trees.estimator_batch
    contrib.boosted_trees.proto contrib.rnn.python.ops.core_rnn contrib.rnn.python.ops.core_rnn_cell.LSTMStateTuple
    float32_ref histogram_summary image_summary merge_all_summaries merge_summary nn.deconv2d ops python.ops.seq2seq
    random_ops scalar_summary train.SummaryWriter"""


class Symbol(NamedTuple):
    """A line of symbol_usage.tsv, without `tf.`, and what is known of it here."""

    name: str
    uses: int
    part: str  # "" for the op library
    here: bool
    asked: bool


def part_of(name: str) -> str:
    """Return the part that a symbol belongs to, "" for the op library."""
    fits = [prefix for prefix in PREFIXES if name.startswith(prefix)]
    return PREFIXES[max(fits, key=len)] if fits else ""


def is_here(name: str) -> bool:
    """Whether `tf.<name>` gives something, as an attribute or after an import."""
    parts = name.split(".")
    for imported in range(len(parts)):
        try:
            holder = importlib.import_module(".".join(["tensorflow", *parts[:imported]]))
            functools.reduce(getattr, parts[imported:], holder)
        except (AttributeError, ImportError):
            continue
        return True
    return False


def chain(node: ast.AST, short: dict[str, str]) -> str | None:
    """Return `a.b` of the expression `tf.a.b`, where names in `short` stand for such expressions."""
    if isinstance(node, ast.Name):
        return short.get(node.id)
    if isinstance(node, ast.Attribute):
        holder = chain(node.value, short)
        return None if holder is None else f"{holder}.{node.attr}".removeprefix(".")
    return None


def asked_in(source: str) -> Iterator[str]:
    """Yield the symbols that a module uses as `tf.a.b`, imports, or gets as `getattr(tf.a, "b")`."""
    nodes = list(ast.walk(ast.parse(source)))
    words = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    short = {"tf": ""}
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("tensorflow."):
            holder = (node.module or "").partition(".")[2]
            short.update({a.asname or a.name: f"{holder}.{a.name}" for a in node.names})
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            value = chain(node.value, short)
            if value:
                short[node.targets[0].id] = value
    yield from short.values()
    for node in nodes:
        name = chain(node, short)
        while name:
            yield name
            name = name.rpartition(".")[0]
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "getattr":
            holder = chain(node.args[0], short)  # by a name that is somewhere in the module
            yield from () if holder is None else (f"{holder}.{word}".removeprefix(".") for word in words)


def symbols() -> list[Symbol]:
    """Return all symbols that TensorFlow 1.15.5 has, the most used first."""
    defrun.install_as_tensorflow()
    aliases = names().aliases
    asked = {
        alias
        for path in (ROOT / "tests" / "oracle").rglob("*.py")
        for name in asked_in(path.read_text(encoding="utf-8"))
        for alias in aliases.get(name, (name,))
    }
    found = []
    for line in (ROOT / "tools" / "symbol_usage.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        symbol, _, uses, _ = line.split("\t")
        name = symbol.removeprefix("tf.")
        if name not in GONE.split():
            found.append(Symbol(name, int(uses), part_of(name), is_here(name), name in asked))
    return found


def share(members: list[Symbol], field: str) -> str:
    """Return the share of the uses of symbols that are here, or asked."""
    whole = sum(s.uses for s in members)
    return f"{100 * sum(s.uses for s in members if getattr(s, field)) / whole:.1f}%" if whole else "-"


def uses_table(found: list[Symbol]) -> str:
    """Return, for each part, the share of uses that are here and the share that have an oracle test."""
    top = [s for s in found[:TOP] if not s.part]
    rows = [(part or "the op library", [s for s in found if s.part == part]) for part in ["", *filter(None, PARTS)]]
    rows.insert(1, (f"its symbols among the {TOP} most used", top))
    rows += [(f"the {TOP} most used symbols", found[:TOP]), ("all", found)]
    cells = [("part", "symbols", "uses", "here", "asked of TensorFlow"), ("---", *["---:"] * 4)]
    cells += [(title, len(of), sum(s.uses for s in of), share(of, "here"), share(of, "asked")) for title, of in rows]
    return "".join(f"| {' | '.join(map(str, row))} |\n" for row in cells)


def parameters_table() -> str:
    """Return the names that take other parameters than TensorFlow's, with the reason."""
    lines = ["| name | what differs |", "| --- | --- |"]
    for name, signature in test_face.SIGNATURES:
        if test_face.here(name) and (difference := test_face.difference(name, signature)):
            lines.append(f"| `tf.{name}` | {test_face.OTHERWISE.get(name, difference)} |")
    return "\n".join(lines) + "\n"


def between(text: str, mark: str, table: str) -> str:
    """Return a page with a table between its marks."""
    begin, end = f"<!-- {mark}:begin -->\n", f"<!-- {mark}:end -->"
    return text[: text.index(begin) + len(begin)] + table + text[text.index(end) :]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for option in ("--markdown", "--missing", "--check"):
        parser.add_argument(option, action="store_true")
    arguments = parser.parse_args()
    page = PAGE.read_text(encoding="utf-8")
    new = between(page, "parameters", parameters_table())
    if arguments.check:
        return int(new != page)
    found = symbols()
    if arguments.markdown:
        PAGE.write_text(between(new, "uses", uses_table(found)), encoding="utf-8")
    elif arguments.missing:
        for s in found:
            if not s.part and not (s.here and s.asked):
                print(s.name, s.uses, "no oracle test" if s.here else "not here", sep="\t")
    else:
        print(uses_table(found), parameters_table(), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
