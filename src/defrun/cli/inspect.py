"""`defrun inspect`: what a file holds, as tables in a terminal."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.table import Table
from rich.text import Text

from defrun.base.errors import OpError
from defrun.files.inspection.kinds import inspect_path, tensor_text
from defrun.files.inspection.table import Section

_ROWS = 60
_NUMBERS = ("nodes", "items", "values", "records", "size")


def inspect(path: str, tensor: str | None = None, everything: bool = False) -> None:
    """Print what a file, a folder or a checkpoint's prefix holds.

    Parameters
    ----------
    path : str
    tensor : str, optional
        Print the value of this tensor of a checkpoint instead.
    everything : bool
        Print all rows of long tables.

    Raises
    ------
    SystemExit
        If it can't be read.
    """
    try:
        if tensor is not None:
            print(tensor_text(path, tensor))
            return
        sections = inspect_path(path)
    except (OpError, OSError, ValueError) as error:
        print(f"defrun inspect: {getattr(error, 'message', None) or error}", file=sys.stderr)
        raise SystemExit(1) from None
    console = Console()
    if not console.is_terminal:
        console = Console(width=200)  # whoever reads it from a pipe wants whole names
    for section in sections:
        _show(console, section, everything)


def _show(console: Console, section: Section, everything: bool) -> None:
    console.print(Text(section.title, style="bold"))
    for line in section.lines:
        console.print(Text(f"  {line}"))
    if section.rows:
        table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 1), header_style="dim")
        for column in section.columns:
            table.add_column(column, justify="right" if column in _NUMBERS else "left", overflow="fold")
        shown = section.rows if everything else section.rows[:_ROWS]
        for row in shown:
            table.add_row(*(Text(_printable(cell)) for cell in row))
        console.print(table)
        if len(shown) < len(section.rows):
            console.print(Text(f"  ... and {len(section.rows) - len(shown)} more; --all shows them", style="dim"))
    console.print()


def _printable(text: str) -> str:
    """Keep control characters of a file out of the terminal."""
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)
