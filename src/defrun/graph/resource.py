"""Objects that sessions keep beside variables: queues, readers, lookup tables."""

from __future__ import annotations

from typing import Any


class Resource:
    """What an op declared as ``resource`` makes. Each session has its own, from its first use until it is closed.

    The body is called without values for the op's inputs (None); `prepare` gets them.
    """

    def prepare(self, *inputs: Any) -> None:
        """Take the values of the op's inputs, if it has any: in each run, before anything else is done with it."""

    def cancel(self) -> None:
        """End whatever waits for this object: the session is being closed."""
