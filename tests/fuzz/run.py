"""Fuzzes readers with atheris: `python -m tests.fuzz.run [--seconds 600] [target ...]`.

Each target gets a process of its own, which libFuzzer guides by the coverage of our code. What it found worth keeping
goes into the corpus. An input that breaks a target is left in build/fuzz, and the run ends with 1.
"""

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.fuzz import corpus
from tests.fuzz.targets import TARGETS

CHILD = """
import sys, atheris
with atheris.instrument_imports(include=["defrun"]):
    from defrun.base import logging
    from tests.fuzz.targets import TARGETS
logging.set_verbosity(logging.FATAL)
atheris.Setup(sys.argv[:1] + sys.argv[2:], TARGETS[sys.argv[1]])
atheris.Fuzz()
"""
BROKEN = Path(__file__).parents[2] / "build" / "fuzz"  # where inputs that break a target are left
TURN = 100  # seconds; then a new process goes on, as atheris keeps more and more memory
LIMITS = ["-timeout=20", "-rss_limit_mb=3000", "-print_final_stats=1"]
LIMITS += [f"-max_len={corpus.LONGEST}", f"-artifact_prefix={BROKEN}/"]


def fuzz(name, seconds):
    """Fuzz a target and keep what was found; return whether nothing broke."""
    with tempfile.TemporaryDirectory() as folder:
        for number, data in enumerate(corpus.inputs(name)):
            (Path(folder) / str(number)).write_bytes(data)
        status, end = 0, time.monotonic() + seconds
        while status == 0 and (left := end - time.monotonic()) > 1:
            limit = f"-max_total_time={int(min(left, TURN))}"
            command = [sys.executable, "-c", CHILD, name, *LIMITS, limit, folder]
            status = subprocess.run(command, check=False).returncode
        found = [path.read_bytes() for path in Path(folder).iterdir()]
    corpus.write(name, telling(name, found))
    return status == 0


def telling(name, found):
    """Return those inputs that run lines of ours, or turns between lines, that no shorter one runs."""
    for data in found:
        with contextlib.suppress(Exception):
            TARGETS[name](data)  # what is imported with the first call is no achievement of the input
    known, kept = set(), []
    for data in sorted(found, key=lambda one: (len(one), one)):
        lines = set()
        with contextlib.suppress(Exception):
            lines = turns(TARGETS[name], data)
        if not lines <= known:
            known |= lines
            kept.append(data)
    return kept


def turns(function, data):
    """Return the pairs of lines of our package that follow each other when a function is called."""
    found, ours = set(), f"{os.sep}defrun{os.sep}"

    def begin(frame, event, _):
        code = frame.f_code
        if ours not in code.co_filename:
            return None
        last = frame.f_lineno

        def step(frame, event, _):
            nonlocal last
            found.add((code, last, frame.f_lineno))
            last = frame.f_lineno
            return step

        return step

    sys.settrace(begin)
    try:
        function(data)
    finally:
        sys.settrace(None)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("targets", nargs="*")
    asked = parser.parse_args()
    BROKEN.mkdir(parents=True, exist_ok=True)
    names = asked.targets or sorted(TARGETS)
    broken = [name for name in names if not fuzz(name, asked.seconds)]
    if broken:
        sys.exit(f"broken: {', '.join(broken)}")


if __name__ == "__main__":
    main()
