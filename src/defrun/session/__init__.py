"""Run a graph."""

from __future__ import annotations

from defrun.session.fetch import IndexedSlicesValue, SparseTensorValue
from defrun.session.forgotten import ForgottenUpdateWarning
from defrun.session.session import InteractiveSession, Session, fetch_quickly, get_default_session

__all__ = [
    "ForgottenUpdateWarning",
    "IndexedSlicesValue",
    "InteractiveSession",
    "Session",
    "SparseTensorValue",
    "fetch_quickly",
    "get_default_session",
]
