"""Compare defrun with each peer: `python benchmarks/run.py [--rounds 5] [--peers defrun,jax] [--only mlp] [--readme]`.

Every peer works in a process of its own, in an environment of its own (benchmarks/envs, made by envs.py). They take
turns: each round measures a workload on all of them, one after the other, before the next workload. A ratio compares
two peers within one round, so what slows the machine for a while slows both; the table shows the median over the rounds
and, in brackets, the least and the greatest.
"""

import argparse
import json
import os
import platform
import re
import statistics
import subprocess
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from envs import HERE, PEERS, ROOT, Missing, Peer, environment
from rich.console import Console
from rich.table import Table

RESULTS = HERE / "results"
OURS = "defrun"


class Worker:
    """A running worker.py and the first line it said."""

    def __init__(self, peer: Peer, python: str, settings: dict[str, str] | None = None) -> None:
        self.log = (RESULTS / f"{peer.name}.log").open("a")
        command = [python, str(HERE / "worker.py"), peer.name]
        # An installed package is compiled once; so be what is installed editable, whatever this shell says.
        env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        env.update(settings or {})
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": self.log, "text": True}
        self.process = subprocess.Popen(command, cwd=HERE, env=env, **pipes)
        self.ready = self._listen()

    def ask(self, workload: str, task: str, seconds: float = 0.0, calls: int = 0) -> dict:
        """Return the worker's answer; raise Missing with its reason where it has none."""
        request = {"workload": workload, "task": task, "seconds": seconds, "calls": calls}
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        return self._listen()

    def _listen(self) -> dict:
        line = self.process.stdout.readline()
        answer = json.loads(line) if line else {"error": f"the process ended; see {self.log.name}"}
        if "error" in answer:
            raise Missing(answer["error"])
        return answer

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()
        self.log.close()


class Fleet:
    """The peers that can be had, each with one lasting worker; new ones on demand."""

    def __init__(self, peers: list[Peer]) -> None:
        self.pythons: dict[Peer, str] = {}
        self.workers: dict[Peer, Worker] = {}
        self.missing: dict[Peer, str] = {}
        for peer in peers:
            try:
                self.pythons[peer] = environment(peer)
                self.workers[peer] = Worker(peer, self.pythons[peer])
            except Missing as reason:
                self.missing[peer] = str(reason)

    def fresh(self, peer: Peer, settings: dict[str, str] | None = None) -> Worker:
        return Worker(peer, self.pythons[peer], settings)

    def close(self) -> None:
        for worker in self.workers.values():
            worker.close()


Values = dict[str, float]  # a row's title -> what one round measured there


def speed(title: str, workload: str, task: str) -> Callable[[Fleet, Peer], Values]:
    """Measure calls of one task in the lasting worker."""

    def measure(fleet: Fleet, peer: Peer) -> Values:
        return {title: fleet.workers[peer].ask(workload, task, seconds=0.4, calls=3)["call_s"]}

    return measure


def startup(fleet: Fleet, peer: Peer) -> Values:
    """Import, and then define and run the lecture's first step, in a new process."""
    worker = fleet.fresh(peer)
    first = worker.ask("lecture", "step")["first_s"]
    worker.close()
    return {"import": worker.ready["import_s"], "import to first step": worker.ready["import_s"] + first}


def peak_memory(fleet: Fleet, peer: Peer) -> Values:
    """What building and running the large step adds to the memory of a process that has imported its framework."""
    worker = fleet.fresh(peer)
    peak = worker.ask("large", "step", calls=5)["peak"]
    worker.close()
    return {"peak memory, 128 MiB of weights": peak - worker.ready["rss"]}


def first_unrolled(fleet: Fleet, peer: Peer) -> Values:
    """Build the unrolled network and make its first step in a new process that has nothing on disk."""
    worker = fleet.fresh(peer, {"DEFRUN_CACHE": "0"})
    first = worker.ask("recurrent", "static")["first_s"]
    worker.close()
    return {"LSTM unrolled, first step": first}


def growth(fleet: Fleet, peer: Peer) -> Values:
    """What 10,000 steps add to the memory of a process that has made 1,000."""
    worker = fleet.fresh(peer)
    before = worker.ask("lecture", "step", calls=1000)["rss"]
    after = worker.ask("lecture", "step", calls=10000)["rss"]
    worker.close()
    return {"growth over 10,000 steps": after - before}


@dataclass(frozen=True)
class Probe:
    """A measurement: its name for --only, the rows it fills, how, and in how many rounds (None: all of them)."""

    name: str
    measure: Callable[[Fleet, Peer], Values]
    rows: tuple[str, ...]
    format: str = "time"
    rounds: int | None = None
    only_ours: bool = False


def speed_probe(name: str, title: str, task: str) -> Probe:
    return Probe(name, speed(title, name, task), (title,))


PROBES = (
    speed_probe("dispatch", "run of next to nothing", "run"),
    speed_probe("lecture", "lecture's step, grouped", "step"),
    speed_probe("mlp", "MLP with Adam", "train"),
    speed_probe("convnet", "conv net, train", "train"),
    speed_probe("convnet", "conv net, infer", "infer"),
    speed_probe("define", "define 10,000 nodes", "graph"),
    speed_probe("graphs", "import a frozen graph of 17 MB", "frozen"),
    speed_probe("graphs", "import 10,000 nodes", "many"),
    speed_probe("recurrent", "LSTM in a loop, train", "dynamic"),
    speed_probe("recurrent", "LSTM unrolled, train", "static"),
    Probe("unrolled", first_unrolled, ("LSTM unrolled, first step",), rounds=2),
    speed_probe("loop", "10,000 iterations", "run"),
    speed_probe("checkpoint", "save a checkpoint of 1 GB", "save"),
    speed_probe("checkpoint", "restore it", "restore"),
    speed_probe("records", "write 20,000 records", "write"),
    speed_probe("records", "read them", "read"),
    speed_probe("records", "read 1,024 examples", "parse"),
    speed_probe("events", "write 100,000 scalars for TensorBoard", "write"),
    Probe("startup", startup, ("import", "import to first step")),
    Probe("memory", peak_memory, ("peak memory, 128 MiB of weights",), "memory", rounds=2),
    Probe("growth", growth, ("growth over 10,000 steps",), "growth", rounds=1, only_ours=True),
)


class Results:
    """Every row's values by peer, one a round, and the reasons for those that are not there."""

    def __init__(self) -> None:
        self.values: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
        self.reasons: dict[tuple[str, str], str] = {}

    def take(self, probe: Probe, fleet: Fleet, peer: Peer) -> None:
        if (probe.only_ours and peer.name != OURS) or (probe.rows[0], peer.name) in self.reasons:
            return
        try:
            for row, value in probe.measure(fleet, peer).items():
                self.values[row][peer.name].append(value)
        except (Missing, BrokenPipeError) as reason:
            for row in probe.rows:
                self.reasons[row, peer.name] = str(reason)

    def cell(self, row: str, peer: str, format: str) -> str:
        """Return ours as it is, a peer's as a multiple of ours (as it is, where ours is not there)."""
        values, ours = self.values[row].get(peer), self.values[row].get(OURS)
        if not values:
            return "–"
        if peer == OURS or not ours or format == "growth":
            return quantity(statistics.median(values), format)
        ratios = [value / our for value, our in zip(values, ours)]
        digits = 1 if statistics.median(ratios) >= 10 else 2
        least, greatest = f"{min(ratios):.{digits}f}", f"{max(ratios):.{digits}f}"
        return f"{statistics.median(ratios):.{digits}f}× ({least}–{greatest})"


def quantity(value: float, format: str) -> str:
    """Return seconds or bytes as a person writes them."""
    if format != "time":
        return f"{value / 2**20:.1f} MiB"
    for unit, size in (("s", 1), ("ms", 1e-3)):
        if value >= size:
            return f"{value / size:.3g} {unit}"
    return f"{value * 1e6:.3g} µs"


def rows(results: Results, fleet: Fleet, probes: list[Probe]) -> Iterator[list[str]]:
    """Yield the table: the head first, then its lines."""
    yield ["", *(f"{peer.title} {worker.ready['version'].split('+')[0]}" for peer, worker in fleet.workers.items())]
    for probe in probes:
        for row in probe.rows:
            yield [row, *(results.cell(row, peer.name, probe.format) for peer in fleet.workers)]


def describe(rounds: int) -> str:
    """Return one sentence on the day, the machine and the rounds."""
    models = re.findall(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    cpu, cores = (models or [platform.machine()])[0], len(os.sched_getaffinity(0))
    return f"{time.strftime('%Y-%m-%d')}, {cpu}, {cores} cores, {rounds} rounds, median (least–greatest)."


def markdown(lines: list[list[str]], note: str) -> str:
    head, *body = lines
    table = [head, ["---", *("---:" for _ in head[1:])], *body]
    return "\n".join("| " + " | ".join(line) + " |" for line in table) + f"\n\n{note}\n"


def write_readme(text: str) -> None:
    readme = ROOT / "README.md"
    begin, end = "<!-- benchmark:begin -->", "<!-- benchmark:end -->"
    before, rest = readme.read_text(encoding="utf-8").split(begin)
    readme.write_text(f"{before}{begin}\n{text}{end}{rest.split(end)[1]}", encoding="utf-8")


def show(console: Console, lines: list[list[str]], note: str) -> None:
    table = Table(title="defrun as it is, the others as multiples of it")
    for i, title in enumerate(lines[0]):
        table.add_column(title, justify="right" if i else "left")
    for line in lines[1:]:
        table.add_row(*(re.sub(r" \((.*)\)", r"\n\1", cell) for cell in line), end_section=True)
    console.print(table, note)


def arguments() -> argparse.Namespace:
    names = ",".join(dict.fromkeys(probe.name for probe in PROBES))
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--peers", default=",".join(peer.name for peer in PEERS), help="default: %(default)s")
    parser.add_argument("--only", default=names, help="default: %(default)s")
    parser.add_argument("--readme", action="store_true", help="write the table into README.md")
    return parser.parse_args()


def main() -> None:
    """Measure, keep the raw values in benchmarks/results, show the table."""
    asked = arguments()
    RESULTS.mkdir(exist_ok=True)
    console = Console()
    fleet = Fleet([peer for peer in PEERS if peer.name in asked.peers.split(",")])
    probes = [probe for probe in PROBES if probe.name in asked.only.split(",")]
    results = Results()
    for number in range(asked.rounds):
        for probe in probes:
            if probe.rounds is not None and number >= probe.rounds:
                continue
            with console.status(f"round {number + 1} of {asked.rounds}: {probe.rows[0]}"):
                for peer in fleet.workers:
                    results.take(probe, fleet, peer)
    lines, note = list(rows(results, fleet, probes)), describe(asked.rounds)
    fleet.close()
    show(console, lines, note)
    for peer, reason in fleet.missing.items():
        console.print(f"missing: {peer.title}: {reason}", markup=False)
    for (row, peer), reason in results.reasons.items():
        console.print(f"not measured: {row}, {peer}: {reason}", markup=False)
    raw = {"note": note, "values": results.values}
    (RESULTS / "latest.json").write_text(json.dumps(raw, indent=1), encoding="utf-8")
    if asked.readme:
        write_readme(markdown(lines, note))


if __name__ == "__main__":
    main()
