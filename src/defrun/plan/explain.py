"""What a run would do, in words: `Session.explain` returns an `Explanation`, which prints as tables.

rich is imported when tables are drawn: it would take a fifth of the time that importing defrun takes.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from defrun.graph.operation import Operation, Tensor
from defrun.plan.functions import function_order, subgraphs
from defrun.plan.prune import prune
from defrun.plan.stages import Plan, runs_on_host, why_on_host

_SHOWN = 12


@dataclass(frozen=True)
class Value:
    """A value that crosses between host and device, or that the session keeps."""

    name: str
    dtype: str
    shape: str
    bytes: int | None


@dataclass(frozen=True)
class StageReport:
    """One stage of the run."""

    device: bool
    nodes: tuple[Operation, ...]
    inputs: tuple[Value, ...]
    outputs: tuple[Value, ...]
    reads: tuple[Value, ...]
    writes: tuple[Value, ...]
    known: tuple[Value, ...]
    compilations: tuple[tuple[str, float], ...]
    """For each compiled program: the shapes it is for, and seconds."""


@dataclass(frozen=True)
class FunctionReport:
    """A loop, a choice, or another node that runs functions: which way it goes, and why."""

    name: str
    """With those of the nodes that it is inside of before it, behind colons."""
    type: str
    device: bool
    why: str


@dataclass(frozen=True)
class Explanation:
    """How a run goes. `str` gives tables for a terminal; a notebook shows HTML."""

    fetches: tuple[str, ...]
    stages: tuple[StageReport, ...]
    not_needed: tuple[Operation, ...]
    """Nodes that no fetch needs."""
    cut: tuple[Operation, ...]
    """Nodes that a fetch would need if nothing were fed in their place."""
    results: tuple[Value, ...]
    """What comes back to the caller."""
    hints: tuple[str, ...]
    runs: int = 0
    plan: Plan = field(repr=False, default=None)  # type: ignore[assignment]

    @property
    def nodes(self) -> tuple[Operation, ...]:
        """All nodes that run, in order."""
        return self.plan.order

    @property
    def functions(self) -> tuple[FunctionReport, ...]:
        """Each loop and each choice that runs, with what says whether it is part of a program, or runs on the host."""
        return tuple(r for stage in self.stages for op in stage.nodes for r in _functions(op, "", stage.device))

    @property
    def bytes_in(self) -> int:
        """Bytes of the feeds that go to the device in each run, as far as known."""
        return _total(v for s in self.stages if s.device for v in s.inputs)

    @property
    def bytes_out(self) -> int:
        """Bytes that come back in each run, to the caller or to nodes of the host, as far as known."""
        return _total(self.to_host)

    @property
    def to_host(self) -> tuple[Value, ...]:
        """What comes from the device to the host: results, and what nodes of the host take."""
        given = {v.name for s in self.stages if s.device for v in s.outputs}
        on_host = [s for s in self.stages if not s.device]
        taken = [v for s in on_host for v in (*(v for v in s.inputs if v.name in given), *s.reads)]
        return tuple({v.name: v for v in (*taken, *self.results)}.values())

    def __rich__(self) -> Any:
        """Draw the tables."""
        from rich.console import Group

        return Group(*_parts(self))

    def __str__(self) -> str:
        from rich.console import Console

        console = Console(file=io.StringIO(), width=110, force_terminal=False, color_system=None)
        console.print(self)
        return console.file.getvalue()  # type: ignore[attr-defined]

    def _repr_html_(self) -> str:
        from rich.console import Console

        console = Console(file=io.StringIO(), record=True, width=110)
        console.print(self)
        return console.export_html(inline_styles=True, code_format="<pre style='line-height:1.15'>{code}</pre>")


def _functions(op: Operation, prefix: str, device: bool) -> Iterator[FunctionReport]:
    """Report on a node that runs functions, and on such nodes in these."""
    graphs = subgraphs(op)
    if not graphs:
        return
    on_host = runs_on_host(op)
    why = why_on_host(op) if on_host else "part of the program" if device else "in a program of its own"
    stacks = max(len(graph.stacked) for graph in graphs)
    if stacks:
        why += f"; keeps {stacks} {'value' if stacks == 1 else 'values'} of each iteration for its gradient"
    yield FunctionReport(f"{prefix}{op.name}", op.type, not on_host, why)
    for graph in graphs:
        for inner in function_order(graph):
            yield from _functions(inner, f"{prefix}{op.name}: ", not on_host)


def _total(values: Iterable[Value]) -> int:
    return sum(v.bytes or 0 for v in values)


def explain_plan(
    plan: Plan, stages: tuple[StageReport, ...], results: tuple[Value, ...], hints: tuple[str, ...], runs: int
) -> Explanation:
    """Put together what the plan itself tells and what the session knows of sizes and programs."""
    running = set(plan.order)
    uncut = prune(plan.fetches, ())
    fed = {t._op for t in plan.feeds}
    rest = [op for op in plan.graph._ops if op not in running]
    cut = tuple(op for op in rest if op in uncut and op not in fed)
    not_needed = tuple(op for op in rest if op not in uncut)
    names = tuple(f.name for f in plan.fetches)
    return Explanation(names, stages, not_needed, cut, results, hints, runs, plan)


def size_text(size: int | None) -> str:
    """Write a number of bytes for people."""
    if size is None:
        return "? B"
    number = float(size)
    for unit in ("B", "KB", "MB", "GB"):
        if number < 1000 or unit == "GB":
            return f"{number:.0f} {unit}" if unit == "B" or number >= 100 else f"{number:.1f} {unit}"
        number /= 1000
    return ""


def update_hints(plan: Plan, results: tuple[Value, ...]) -> list[str]:
    """Point out fetches that copy a whole updated variable to the host where fetching the update itself would do."""
    found = []
    by_name = {v.name: v for v in results}
    for fetch in plan.fetches:
        if not isinstance(fetch, Tensor) or fetch not in plan.effects.refers or not fetch.op.definition.writes:
            continue
        value = by_name[fetch.name]
        found.append(
            f"Fetching {fetch.name} copies the updated variable to the host in every run ({size_text(value.bytes)}). "
            f"If only the update matters, fetch the operation {fetch.op.name}, or one tf.group of all updates."
        )
    return found


def _parts(e: Explanation) -> list[Any]:
    from rich.text import Text

    title = Text.assemble(("Run of ", "bold"), ", ".join(_few(e.fetches)), f"   ({e.runs} runs so far)")
    parts: list[Any] = [title, _stage_table(e)]
    for i, stage in enumerate(e.stages):
        parts.append(_nodes(f"Stage {i} runs", stage.nodes))
    if e.not_needed:
        parts.append(_nodes("Not run: no fetch needs", e.not_needed))
    if e.cut:
        parts.append(_nodes("Not run: a feed takes the place of", e.cut))
    if e.functions:
        parts.append(_function_table(e))
    if any(s.reads or s.writes for s in e.stages):
        parts.append(_variable_table(e))
    parts.append(_crossing_table(e))
    known = [v for s in e.stages for v in s.known]
    if known:
        parts.append(Text("Known when compiling (each new value compiles anew): " + ", ".join(v.name for v in known)))
    parts.extend(Text.assemble(("Hint: ", "bold yellow"), hint) for hint in e.hints)
    return parts


def _table(title: str, *columns: str) -> Any:
    from rich import box
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=box.SIMPLE, title_style="bold", pad_edge=False)
    for column in columns:
        right = column in ("bytes", "nodes", "seconds")
        table.add_column(column, justify="right" if right else "left", overflow="fold")
    return table


def _stage_table(e: Explanation) -> Any:
    table = _table("Stages", "stage", "where", "nodes", "compiled for", "seconds")
    for i, stage in enumerate(e.stages):
        where = "device, one program" if stage.device else "host, one by one"
        compiled = stage.compilations or ((("not yet", 0.0),) if stage.device else (("", 0.0),))
        for j, (shapes, seconds) in enumerate(compiled):
            first = (str(i), where, str(len(stage.nodes))) if j == 0 else ("", "", "")
            table.add_row(*first, shapes, f"{seconds:.2f}" if seconds else "")
    return table


def _function_table(e: Explanation) -> Any:
    table = _table("Loops and choices", "node", "type", "where", "why")
    for f in e.functions[:_SHOWN]:
        table.add_row(f.name, f.type, "device" if f.device else "host", f.why)
    if len(e.functions) > _SHOWN:
        table.add_row(f"... {len(e.functions) - _SHOWN} more", "", "", "")
    return table


def _variable_table(e: Explanation) -> Any:
    table = _table("Variables (stay on the device)", "variable", "use", "dtype", "shape", "bytes")
    for stage in e.stages:
        for use, values in (("updated", stage.writes), ("read", stage.reads)):
            for v in values[:_SHOWN]:
                table.add_row(v.name, use, v.dtype, v.shape, size_text(v.bytes))
            if len(values) > _SHOWN:
                table.add_row(f"... {len(values) - _SHOWN} more", use, "", "", size_text(_total(values[_SHOWN:])))
    return table


def _crossing_table(e: Explanation) -> Any:
    table = _table("Crosses between host and device in each run", "tensor", "way", "dtype", "shape", "bytes")
    rows = [("to the device", v) for s in e.stages if s.device for v in s.inputs]
    rows += [("to the host", v) for v in e.to_host]
    for way, v in rows:
        table.add_row(v.name, way, v.dtype, v.shape, size_text(v.bytes))
    table.add_row("in all", "", "", "", size_text(_total(v for _, v in rows)), style="bold")
    return table


def _nodes(title: str, ops: tuple[Operation, ...]) -> Any:
    """List nodes; many of one name scope are counted together."""
    from rich.text import Text

    groups: dict[str, list[Operation]] = {}
    for op in ops:
        groups.setdefault(op.name.split("/")[0], []).append(op)
    shown: list[str] = []
    for scope, members in groups.items():
        if len(members) <= 2 or len(ops) <= _SHOWN:
            shown.extend(f"{op.name} ({op.type})" for op in members)
        else:
            shown.append(f"{scope}/... ({len(members)} nodes)")
    count = "1 node" if len(ops) == 1 else f"{len(ops)} nodes"
    return Text.assemble((f"{title} {count}: ", "bold"), ", ".join(_few(shown, 40)))


def _few(names: Iterable[str], limit: int = _SHOWN) -> list[str]:
    found = list(names)
    return found if len(found) <= limit else [*found[:limit], f"... {len(found) - limit} more"]
