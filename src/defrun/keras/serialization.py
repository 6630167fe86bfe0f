"""Objects by name or by configuration: what ``get``, ``serialize`` and ``deserialize`` of several modules do."""

from __future__ import annotations

import inspect
from typing import Any


def serialize_object(instance: Any) -> Any:
    """Return what `deserialize_object` makes such an object of: a name, or {"class_name": ..., "config": ...}.

    Raises
    ------
    ValueError
        If `instance` has neither a configuration nor a name.
    """
    if instance is None:
        return None
    if hasattr(instance, "get_config"):
        return {"class_name": type(instance).__name__, "config": instance.get_config()}
    if hasattr(instance, "__name__"):
        return instance.__name__
    raise ValueError(f"Cannot serialize {instance!r}")


def deserialize_object(identifier: Any, known: dict[str, Any], custom: dict[str, Any] | None, kind: str) -> Any:
    """Return the object that a name or a configuration stands for; a class is called without arguments.

    Raises
    ------
    ValueError
        If it stands for nothing.
    """
    if identifier is None:
        return None
    if isinstance(identifier, dict):
        if "class_name" not in identifier or "config" not in identifier:
            raise ValueError(f"Improper config format: {identifier}")
        made = _named(identifier["class_name"], known, custom, kind)
        return made.from_config(identifier["config"]) if hasattr(made, "from_config") else made(**identifier["config"])
    if not isinstance(identifier, str):
        raise ValueError(f"Could not interpret serialized {kind}: {identifier!r}")
    found = _named(identifier, known, custom, kind)
    return found() if inspect.isclass(found) else found


def _named(name: str, known: dict[str, Any], custom: dict[str, Any] | None, kind: str) -> Any:
    found = (custom or {}).get(name, known.get(name))
    if found is None:
        raise ValueError(f"Unknown {kind}: {name}")
    return found


def get_object(identifier: Any, known: dict[str, Any], kind: str, makers: tuple[str, ...] = ()) -> Any:
    """Return `identifier` itself if it can be called, else the object that it stands for.

    `makers` are names of functions that make the object.

    Raises
    ------
    ValueError
        If it stands for nothing.
    """
    if identifier is None or (callable(identifier) and not isinstance(identifier, dict)):
        return identifier
    if isinstance(identifier, str) and identifier in makers:
        return known[identifier]()
    if isinstance(identifier, (str, dict)):
        return deserialize_object(identifier, known, None, kind)
    raise ValueError(f"Could not interpret {kind} identifier: {identifier!r}")
