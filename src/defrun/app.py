"""How a script of TensorFlow 1 starts: `tf.app.run`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

from absl import app as _absl

from defrun import flags as flags


def _parse_known_flags(argv: Sequence[str]) -> list[str]:
    return flags.FLAGS(argv, known_only=True)


def run(main: Callable[[Any], Any] | None = None, argv: Sequence[str] | None = None) -> None:
    """Parse the flags, call `main` with what is left of the command line and exit with what it returns.

    Parameters
    ----------
    main : callable, optional
        The script's own `main` if left out. It gets a list: the program's name and the arguments that are no flags;
        flags that nothing defined count as such.
    argv : sequence of str, optional
        The command line; `sys.argv` if left out.

    Raises
    ------
    SystemExit
        Always; with code 1 after a message if a flag has a wrong value or a required one is missing.
    """
    argv = None if argv is None else list(argv)
    _absl.run(main or sys.modules["__main__"].main, argv=argv, flags_parser=_parse_known_flags)
