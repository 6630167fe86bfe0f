"""Objects that sessions keep beside variables: queues, readers."""

from __future__ import annotations


class Resource:
    """What an op declared as ``resource`` makes. Each session has its own, from its first use until it is closed."""

    def cancel(self) -> None:
        """End whatever waits for this object: the session is being closed."""
