"""From a device stage to one compiled program."""

from __future__ import annotations

from defrun.compile.execute import execute
from defrun.compile.gate import Checks
from defrun.compile.program import Program
from defrun.compile.subgraph import MisfitError, Ref, needs_initialized, read

__all__ = ["Checks", "MisfitError", "Program", "Ref", "execute", "needs_initialized", "read"]
