"""The command `defrun`."""

from __future__ import annotations

import argparse
import platform
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version

from defrun.base.names import FACE
from defrun.base.version import VERSION
from defrun.cli.board import board
from defrun.cli.run import run_module, run_script

RUN_HELP = """\
Run a TensorFlow 1 program as `python` would: a script, a folder or archive with a __main__.py in it, - for
standard input, or a module. `tensorflow` and everything below it means defrun, and names that NumPy and Python
had at that time are back. Whatever follows SCRIPT or MODULE belongs to the program.
"""

BOARD_HELP = """\
Start TensorBoard on a folder of event files, and of folders of them. Options that are not listed here go on to it:
--reload_interval, --samples_per_plugin, ... (tensorboard --helpfull tells of all).
"""

INSPECT_HELP = """\
Show what a checkpoint (its prefix), a saved model (its folder), a graph, a meta graph, a file of events or a file of
records holds. What kind of file it is is found out by looking into it.
"""


class _Version(argparse.Action):
    """Prints the versions; only then are they looked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        jax, python = version("jax"), platform.python_version()
        print(f"{FACE} {version(FACE)} (the interface of TensorFlow {VERSION}, on JAX {jax} and Python {python})")
        parser.exit()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=FACE, description="TensorFlow 1.x's define-and-run, compiled by XLA.")
    parser.add_argument("--version", action=_Version, nargs=0, help="show the versions and exit")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    run = commands.add_parser(
        "run",
        help="run a TensorFlow 1 program",
        description=RUN_HELP,
        usage=f"{FACE} run SCRIPT [ARGS...]\n       {FACE} run -m MODULE [ARGS...]",
    )
    program = run.add_mutually_exclusive_group(required=True)
    program.add_argument("script", metavar="SCRIPT", nargs="?", help="the program, or - for standard input")
    program.add_argument("-m", dest="module", metavar="MODULE", help="a module to run instead")
    shown = commands.add_parser("board", help="start TensorBoard on a folder", description=BOARD_HELP)
    shown.add_argument("logdir", metavar="LOGDIR", help="a folder with event files in it or below it")
    shown.add_argument("--host", default="localhost", help="who may look: an address of this machine (%(default)s)")
    shown.add_argument("--port", default=6006, type=int, help="0 takes any that is free (%(default)s)")
    looked_at = commands.add_parser("inspect", help="show what a file holds", description=INSPECT_HELP)
    looked_at.add_argument("path", metavar="PATH", help="a file, a folder, or a checkpoint's prefix")
    looked_at.add_argument("--tensor", metavar="NAME", help="print this tensor of a checkpoint")
    looked_at.add_argument("--all", dest="everything", action="store_true", help="all rows of long tables")
    return parser


def _split(argv: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return what is for us and what is for the program that `run` names."""
    end = len(argv)
    if argv[:1] == ["run"] and len(argv) > 1:
        if argv[1] == "-m":
            end = 3
        elif argv[1].startswith("-m") or argv[1] == "-" or not argv[1].startswith("-"):
            end = 2
    return list(argv[:end]), list(argv[end:])


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line.

    Parameters
    ----------
    argv : sequence of str, optional
        The arguments behind the program's name; `sys.argv[1:]` if left out.

    Raises
    ------
    SystemExit
        After a usage error (code 2), `--help`, `--version`, and when the program that `run` runs exits.
    """
    ours, theirs = _split(sys.argv[1:] if argv is None else list(argv))
    args, rest = _parser().parse_known_args(ours)
    if rest and args.command != "board":
        _parser().error(f"unrecognized arguments: {' '.join(rest)}")
    if args.command == "board":
        board(args.logdir, args.host, args.port, rest)
    elif args.command == "inspect":
        # Imported only now: what `run` runs should not wait for it.
        import_module(f"{FACE}.cli.inspect").inspect(args.path, args.tensor, args.everything)
    elif args.module:
        run_module(args.module, theirs)
    else:
        run_script(args.script, theirs)
