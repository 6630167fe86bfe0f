"""Names of devices: `/job:worker/replica:0/task:1/device:GPU:0`, any part of which may be left out.

A name says where the user wants an operation. What runs where is decided later; the graph only keeps the name.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple


class _Parts(NamedTuple):
    job: str | None = None
    replica: int | None = None
    task: int | None = None
    device_type: str | None = None
    device_index: int | None = None


@lru_cache(maxsize=1024)
def _parse(spec: str) -> _Parts:
    """The parts of a name. ValueError if one is not understood or two types are given."""
    found: dict[str, Any] = {}
    for part in spec.split("/"):
        match part.split(":"):
            case ["", *_]:
                continue
            case ["job", name]:
                found["job"] = name
            case ["replica" | "task" as key, number]:
                found[key] = int(number)
            case ["device", kind, *index] if len(index) == 1:
                _add_device(found, _device_type(kind), index, spec)
            case [kind, *index] if kind.upper() in ("CPU", "GPU") and len(index) <= 1:
                _add_device(found, kind.upper(), index, spec)
            case _:
                raise ValueError(f"{part!r} is no part of a device name, in {spec!r}")
    return _Parts(**found)


def _add_device(found: dict[str, Any], kind: str | None, index: list[str], spec: str) -> None:
    if "device_type" in found:
        raise ValueError(f"a device has one type, but {spec!r} names two")
    found["device_type"] = kind
    if index and index[0] != "*":
        found["device_index"] = int(index[0])


def _device_type(kind: Any) -> str | None:
    if kind is None:
        return None
    kind = str(kind)
    return kind.upper() if kind in ("cpu", "gpu") else kind


@lru_cache(maxsize=1024)
def _join(parts: _Parts) -> str:
    named = [("job", parts.job), ("replica", parts.replica), ("task", parts.task)]
    name = "".join([f"/{key}:{value}" for key, value in named if value is not None])
    if parts.device_type is not None:
        name += f"/device:{parts.device_type}:{'*' if parts.device_index is None else parts.device_index}"
    return name


def _overlay(outer: _Parts, inner: _Parts) -> _Parts:
    return outer._replace(**{key: value for key, value in inner._asdict().items() if value is not None})


def canonical_name(device: Any) -> str:
    """A device in the one spelling that graphs keep: `/gpu:0` gives `/device:GPU:0`, None gives an empty string.

    Parameters
    ----------
    device : DeviceSpec, str or None

    Raises
    ------
    ValueError
        If the string is no device name.
    """
    if isinstance(device, DeviceSpec):
        return device.to_string()
    return _join(_parse(device or ""))


@lru_cache(maxsize=4096)
def _merge_names(outer: str, inner: str) -> str:
    return _join(_overlay(_parse(outer), _parse(inner)))


def merge(outer: Any, inner: Any) -> str:
    """The device of an operation within two nested scopes: each part as the inner one says, or else the outer.

    Parameters
    ----------
    outer, inner : DeviceSpec, str or None

    Returns
    -------
    str
        In canonical spelling.
    """
    return _merge_names(
        outer.to_string() if isinstance(outer, DeviceSpec) else outer or "",
        inner.to_string() if isinstance(inner, DeviceSpec) else inner or "",
    )


class DeviceSpec:
    """A device, or the part of its name that matters.

    Parameters
    ----------
    job : str, optional
    replica, task : int, optional
    device_type : str, optional
        `"CPU"`, `"GPU"`, ...
    device_index : int, optional
        Any device of the type if left out.
    """

    __slots__ = ("_parts",)

    def __init__(
        self,
        job: Any = None,
        replica: Any = None,
        task: Any = None,
        device_type: Any = None,
        device_index: Any = None,
    ):
        self._parts = _Parts()
        self._set(job=job, replica=replica, task=task, device_type=device_type, device_index=device_index)

    def _set(self, **changes: Any) -> None:
        for key, value in changes.items():
            if key == "device_type":
                changes[key] = _device_type(value)
            elif value is not None:
                changes[key] = str(value) if key == "job" else int(value)
        self._parts = self._parts._replace(**changes)

    @property
    def job(self) -> str | None:
        """Name of the job."""
        return self._parts.job

    @job.setter
    def job(self, job: Any) -> None:
        self._set(job=job)

    @property
    def replica(self) -> int | None:
        """Number of the replica."""
        return self._parts.replica

    @replica.setter
    def replica(self, replica: Any) -> None:
        self._set(replica=replica)

    @property
    def task(self) -> int | None:
        """Number of the task."""
        return self._parts.task

    @task.setter
    def task(self, task: Any) -> None:
        self._set(task=task)

    @property
    def device_type(self) -> str | None:
        """Kind of device, such as `"GPU"`."""
        return self._parts.device_type

    @device_type.setter
    def device_type(self, device_type: Any) -> None:
        self._set(device_type=device_type)

    @property
    def device_index(self) -> int | None:
        """Which of the devices of that kind."""
        return self._parts.device_index

    @device_index.setter
    def device_index(self, device_index: Any) -> None:
        self._set(device_index=device_index)

    @classmethod
    def from_string(cls, spec: str | None) -> DeviceSpec:
        """The device with a name such as `/job:ps/task:0/device:GPU:0` or `/gpu:0`.

        Raises
        ------
        ValueError
            If `spec` is no device name.
        """
        return cls(*_parse(spec or ""))

    def parse_from_string(self, spec: str | None) -> DeviceSpec:
        """Become the device with this name, in place."""
        self._parts = _parse(spec or "")
        return self

    def merge_from(self, dev: DeviceSpec) -> None:
        """Take over, in place, every part that `dev` names."""
        self._parts = _overlay(self._parts, dev._parts)

    def make_merged_spec(self, dev: DeviceSpec) -> DeviceSpec:
        """A new device with the parts of `dev`, and where it names none, of this one."""
        return type(self)(*_overlay(self._parts, dev._parts))

    def replace(self, **kwargs: Any) -> DeviceSpec:
        """A new device with some parts changed; the names are those of the constructor."""
        return type(self)(**{**self._parts._asdict(), **kwargs})

    def to_string(self) -> str:
        """The name in canonical spelling."""
        return _join(self._parts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, type(self)) and self.to_string() == other.to_string()

    def __hash__(self) -> int:
        return hash(self.to_string())

    def __repr__(self) -> str:
        return f"DeviceSpec({self.to_string()!r})"
