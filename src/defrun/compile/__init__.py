"""From a device stage to one compiled program."""

from __future__ import annotations

from defrun.compile.execute import Ref, execute, needs_initialized, read, user_error
from defrun.compile.program import Checks, Program

__all__ = ["Checks", "Program", "Ref", "execute", "needs_initialized", "read", "user_error"]
