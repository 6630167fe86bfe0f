"""The devices of this machine, as `Session.list_devices` and TensorFlow's `device_lib` tell of them."""

from __future__ import annotations

from typing import NamedTuple

import jax

_KINDS = {"cpu": "CPU", "gpu": "GPU", "cuda": "GPU", "rocm": "GPU", "tpu": "TPU"}
_MEMORY_OF_CPU = 256 << 20  # what TensorFlow tells, however much there is


class DeviceAttributes(NamedTuple):
    """One device: its name in a graph and what it is."""

    name: str
    device_type: str
    memory_limit: int
    incarnation: int
    physical_device_desc: str

    @property
    def memory_limit_bytes(self) -> int:
        """How much memory it has, in bytes."""
        return self.memory_limit


def list_local_devices(session_config: object = None) -> list[DeviceAttributes]:
    """Return the CPU and what else computes on this machine."""
    others = [device for device in jax.local_devices() if device.platform != "cpu"]
    found: list[DeviceAttributes] = []
    for device in [jax.local_devices(backend="cpu")[0], *others]:
        kind = _KINDS.get(device.platform, device.platform.upper())
        index = sum(one.device_type == kind for one in found)
        memory = (device.memory_stats() or {}).get("bytes_limit", _MEMORY_OF_CPU)
        text = "" if kind == "CPU" else f"device: {index}, name: {device.device_kind}"
        found.append(DeviceAttributes(f"/device:{kind}:{index}", kind, memory, index + 1, text))
    return found
