"""`defrun board`: TensorBoard on a folder of event files."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from importlib import import_module


def board(logdir: str, host: str = "localhost", port: int = 6006, options: Sequence[str] = ()) -> None:
    """Serve TensorBoard until interrupted.

    Parameters
    ----------
    logdir : str
        A folder with event files in it or below it.
    host : str
        Where to listen.
    port : int
        0 takes any that is free.
    options : sequence of str, optional
        More options of TensorBoard's.

    Raises
    ------
    SystemExit
        If there is no such folder, or TensorBoard can't start.
    """
    if "://" not in logdir and not os.path.isdir(logdir):
        sys.exit(f"{logdir} is no folder")
    program = import_module("tensorboard.program")  # TensorBoard takes a second to import: only who wants it waits
    server = program.TensorBoard()
    server.configure(argv=["tensorboard", "--logdir", logdir, "--host", host, "--port", str(port), *options])
    try:
        url = server.launch()
    except program.TensorBoardServerException as error:
        sys.exit(str(error))
    print(f"TensorBoard shows {logdir} at {url} (Ctrl-C ends it)", flush=True)
    try:
        while True:
            time.sleep(3600)
    except KeyboardInterrupt:
        print()
