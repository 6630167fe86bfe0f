"""What graphs, meta graphs and saved models hold."""

from __future__ import annotations

from collections import Counter
from typing import Any

from defrun.base.messages import SavedModel
from defrun.base.names import names
from defrun.files.inspection.table import Section, dtype_text, shape_text, size_text
from defrun.graph.importing import split_input
from defrun.graph.opdef import find
from defrun.saved_model.reading import asset_files

_GIVEN = ("Placeholder", "PlaceholderWithDefault", "PlaceholderV2", "_Arg")
_VARIABLES = ("Variable", "VariableV2", "VarHandleOp")


def graph_sections(graph_def: Any, title: str = "graph") -> list[Section]:
    """Tell of a GraphDef: its ends, its variables, its op types."""
    nodes = graph_def.node
    constants = sum(node.attr["value"].ByteSize() for node in nodes if node.op == "Const")
    versions = graph_def.versions
    lines = [
        f"{len(nodes)} nodes, {size_text(graph_def.ByteSize())}; constants: {size_text(constants)}",
        f"written by version {versions.producer} of graphs, for readers from version {versions.min_consumer}",
    ]
    if graph_def.library.function:
        inside = sum(len(f.node_def) for f in graph_def.library.function)
        lines.append(f"{len(graph_def.library.function)} functions with {inside} nodes")
    missing = missing_types(graph_def)
    if missing:
        lines.append(f"op types that defrun doesn't have: {', '.join(missing)}")
    return [Section(title, lines=lines), *_ends(nodes), _types(graph_def)]


def missing_types(graph_def: Any) -> list[str]:
    """Return the op types of a graph and its functions that are not here."""
    functions = graph_def.library.function
    used = {n.op for n in graph_def.node} | {n.op for f in functions for n in f.node_def}
    used -= {f.signature.name for f in functions}
    return sorted(t for t in used if find(t) is None)


def _ends(nodes: Any) -> list[Section]:
    taken = {split_input(i)[0] for node in nodes for i in node.input}
    sections = []
    inputs = [n for n in nodes if n.op in _GIVEN]
    variables = [n for n in nodes if n.op in _VARIABLES]
    outputs = [n for n in nodes if n.name not in taken and n not in inputs and n.op not in ("NoOp", "Const", "Assert")]
    if inputs:
        rows = [(n.name, dtype_text(n.attr["dtype"].type), shape_text(n.attr["shape"].shape)) for n in inputs]
        sections.append(Section("inputs", ("name", "dtype", "shape"), rows))
    if variables:
        rows = [(n.name, dtype_text(n.attr["dtype"].type), shape_text(n.attr["shape"].shape)) for n in variables]
        sections.append(Section("variables", ("name", "dtype", "shape"), rows))
    if outputs:
        rows = [(n.name, n.op, ", ".join(n.input[:4]) + (", ..." if len(n.input) > 4 else "")) for n in outputs]
        sections.append(Section("nodes that no other takes", ("name", "op", "inputs"), rows))
    return sections


def _types(graph_def: Any) -> Section:
    counts = Counter(node.op for node in graph_def.node)
    counts.update(node.op for function in graph_def.library.function for node in function.node_def)
    own = {f.signature.name for f in graph_def.library.function}
    known = names().members["raw_ops"]

    def remark(op_type: str) -> str:
        if op_type in own:
            return "a function"
        if find(op_type) is not None:
            return ""
        return "not here yet" if op_type in known else "not TensorFlow 1.15's"

    rows = [(op_type, str(n), remark(op_type)) for op_type, n in sorted(counts.items(), key=lambda p: (-p[1], p[0]))]
    return Section("op types", ("op", "nodes", ""), rows)


def meta_graph_sections(meta: Any, title: str = "meta graph") -> list[Section]:
    """Tell of a MetaGraphDef: its graph, its signatures, its collections, its saver."""
    info = meta.meta_info_def
    lines = []
    if info.tensorflow_version:
        lines.append(f"written by TensorFlow {info.tensorflow_version}")
    if info.tags:
        lines.append(f"tags: {', '.join(info.tags)}")
    if meta.HasField("saver_def"):
        saver = meta.saver_def
        lines.append(f"saver: {saver.save_tensor_name}, {saver.restore_op_name}, format V{saver.version}")
    sections = [Section(title, lines=lines)]
    if meta.signature_def:
        sections.append(_signatures(meta))
    assets = asset_files(meta)
    if assets:
        rows = [(a.filename, a.tensor_info.name) for a in assets]
        sections.append(Section("assets", ("file", "tensor"), rows))
    if meta.collection_def:
        sections.append(_collections(meta.collection_def))
    return sections + graph_sections(meta.graph_def)


def _signatures(meta: Any) -> Section:
    rows = []
    for key in sorted(meta.signature_def):
        signature = meta.signature_def[key]
        for way, infos in (("in", signature.inputs), ("out", signature.outputs)):
            for name in sorted(infos):
                info = infos[name]
                tensor = info.name or info.coo_sparse.values_tensor_name
                rows.append((key, way, name, dtype_text(info.dtype), shape_text(info.tensor_shape), tensor))
    return Section("signatures", ("signature", "", "name", "dtype", "shape", "tensor"), rows)


def _collections(collections: Any) -> Section:
    rows = []
    for key in sorted(collections):
        kind = collections[key].WhichOneof("kind") or ""
        values = list(getattr(collections[key], kind).value) if kind else []
        shown = ""
        if kind in ("node_list", "int64_list", "float_list"):
            shown = ", ".join(map(str, values[:4])) + (", ..." if len(values) > 4 else "")
        rows.append((key, kind.removesuffix("_list"), str(len(values)), shown))
    return Section("collections", ("name", "kind", "items", ""), rows)


def saved_model_sections(model: SavedModel) -> list[Section]:
    """Tell of a SavedModel's graphs."""
    sections: list[Section] = []
    for meta in model.meta_graphs:
        sections += meta_graph_sections(meta, f"graph '{', '.join(meta.meta_info_def.tags)}'")
    return sections or [Section("saved model", lines=["it has no graphs"])]
