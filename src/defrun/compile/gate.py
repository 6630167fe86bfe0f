"""Checks gate writes: a step whose checks don't all hold leaves every variable as it was."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from defrun.compile.subgraph import State
from defrun.graph.check import Check
from defrun.plan.effects import Slot


@jax.tree_util.register_pytree_node_class
class Checks:
    """Whether each check of a stage holds, and the values that its message shows."""

    def __init__(self, ok: Any, values: Any, made: tuple[Check, ...]) -> None:
        self.ok, self.values, self.made = ok, values, made

    def tree_flatten(self) -> tuple[tuple[Any, Any], tuple[Check, ...]]:
        """Split into arrays and what is the same in every run."""
        return (self.ok, self.values), self.made

    @classmethod
    def tree_unflatten(cls, made: tuple[Check, ...], arrays: tuple[Any, Any]) -> Checks:
        """Undo `tree_flatten`."""
        return cls(*arrays, made)

    def raise_first(self) -> None:
        """Raise the error of the first check that doesn't hold, if any."""
        holds = np.asarray(self.ok)
        if holds.all():
            return
        i = int(np.argmin(holds))
        failed = self.made[i]
        text = failed.message.format(*(np.asarray(v) for v in self.values[i]))
        raise failed.error(None, failed.op, text)


class Gate:
    """Keeps the old value of a variable where a check does not hold.

    A write is gated by the checks made so far as it happens, so that what one op writes in several variables is
    computed once, and in the end by those made later.
    """

    def __init__(self, checks: list[Check]) -> None:
        self.checks = checks
        self._held: tuple[int, Any] = (0, None)
        self._passed: dict[Slot, int] = {}

    def holds(self) -> Any:
        """Return whether all checks so far hold; None if there are none."""
        count = len(self.checks)
        if count and self._held[0] != count:
            self._held = count, _all(self.checks)
        return self._held[1]

    def let(self, slot: Slot, new: Any, old: Any, seen: int = 0) -> Any:
        """Return what `slot` holds after a write of `new` by an op that heeded the first `seen` checks itself."""
        self._passed.setdefault(slot, len(self.checks))  # what fails later takes back the first write too
        later = self.checks[seen:]
        ok = self.holds() if not seen else _all(later) if later else None
        return kept(ok, new, old)

    def left_open(self, before: State, state: State) -> None:
        """Note that writes since `before` have not been gated: those of a branch, say."""
        self._passed.update((slot, 0) for slot, value in state.items() if value is not before.get(slot))

    def finish(self, slots: tuple[Slot, ...], old: list[Any], state: State) -> tuple[list[Any], Checks | None]:
        """Return the new values of `slots`, gated by all checks, and the checks themselves."""
        if not self.checks:
            return [state[slot] for slot in slots], None
        new = []
        for slot, before in zip(slots, old, strict=True):
            later = self.checks[self._passed.get(slot, 0) :]
            new.append(kept(_all(later), state[slot], before) if later else state[slot])
        values = [[jnp.asarray(v) for v in c.values] for c in self.checks]
        made = tuple(Check(None, c.error, c.message, (), c.op) for c in self.checks)
        return new, Checks(_stack(self.checks), values, made)


def kept(ok: Any, new: Any, old: Any) -> Any:
    """Return `new` where `ok`, else `old`; `new` if there is no old value of that shape and dtype."""
    if ok is None or old is None or new is None or old.shape != new.shape or old.dtype != new.dtype:
        return new
    return jnp.where(ok, new, old)


def _stack(checks: list[Check]) -> Any:
    return jnp.stack([jnp.asarray(c.ok).reshape(()) for c in checks])


def _all(checks: list[Check]) -> Any:
    return _stack(checks).all()
