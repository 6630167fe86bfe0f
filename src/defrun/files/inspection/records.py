"""What files of records hold: events, examples, or anything."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from google.protobuf.message import DecodeError
from tensorboard.compat.proto import event_pb2

from defrun.base.messages import Example, SequenceExample
from defrun.base.records import records_of
from defrun.files.inspection.table import Section, size_text

_LOOKED_INTO = 1000
_KINDS = ("bytes_list", "float_list", "int64_list")
_OF_VALUES = {"simple_value": "scalar", "histo": "histogram", "obsolete_old_style_histogram": "histogram"}


def record_sections(path: str, compression: str) -> list[Section]:
    """Tell of a file of records: of events if the first record is one, of examples if the first ones are."""
    records = records_of(path, compression)
    first = next(records, None)
    if first is None:
        return [Section("records", lines=["there are none"])]
    event = _event(first)
    if event is not None and event.file_version.startswith("brain.Event:"):
        return _events(event, records)
    return _examples(first, records, compression)


# -- events ----------------------------------------------------------------------------------------------------------


def _event(record: bytes) -> Any:
    try:
        return event_pb2.Event.FromString(record)
    except DecodeError:
        return None


@dataclass
class _Tag:
    kind: str
    count: int = 0
    first: int = 0
    last: int = 0
    value: str = ""


def _events(start: Any, records: Any) -> list[Section]:
    tags: dict[str, _Tag] = {}
    others: Counter[str] = Counter()
    count, times = 1, [start.wall_time, start.wall_time]
    for record in records:
        event = _event(record)
        count += 1
        if event is None:
            others["damaged"] += 1
            continue
        times = [min(times[0], event.wall_time), max(times[1], event.wall_time)]
        what = event.WhichOneof("what")
        if what != "summary":
            others[what or "nothing"] += 1
            continue
        for value in event.summary.value:
            _count_in(tags, value, event.step)
    version = start.file_version.partition(":")[2]
    lines = [f"{count} events, version {version}", f"{_moment(times[0])} to {_moment(times[1])}"]
    lines += [f"{number} of {what}" for what, number in sorted(others.items())]
    rows = [
        (name, tag.kind, str(tag.count), f"{tag.first} to {tag.last}", tag.value) for name, tag in sorted(tags.items())
    ]
    return [Section("events", lines=lines), Section("summaries", ("tag", "kind", "values", "steps", "last"), rows)]


def _count_in(tags: dict[str, _Tag], value: Any, step: int) -> None:
    what = value.WhichOneof("value") or "nothing"
    kind = value.metadata.plugin_data.plugin_name.rstrip("s") or _OF_VALUES.get(what, what)
    tag = tags.setdefault(value.tag, _Tag(kind, first=step))
    tag.count += 1
    tag.last = step
    if what == "simple_value":
        tag.value = f"{value.simple_value:.6g}"
    elif what == "image":
        tag.value = f"{value.image.width} x {value.image.height}"
    elif what == "audio":
        tag.value = f"{value.audio.length_frames} frames at {value.audio.sample_rate:g} Hz"


def _moment(seconds: float) -> str:
    try:
        return datetime.fromtimestamp(seconds).isoformat(" ", "seconds")
    except (ValueError, OverflowError, OSError):
        return f"{seconds} s"


# -- examples --------------------------------------------------------------------------------------------------------


@dataclass
class _Feature:
    kind: str
    count: int
    fewest: int
    most: int
    sample: str


def _examples(first: bytes, records: Any, compression: str) -> list[Section]:
    found: dict[str, _Feature] = {}
    sizes, count = [], 0
    message = next((m for m in (Example, SequenceExample) if _features(m, first)), None)
    record: bytes | None = first
    total = 0
    while record is not None:
        count, total = count + 1, total + len(record)
        if count <= _LOOKED_INTO:
            sizes.append(len(record))
            for name, feature in _features(message, record) if message is not None else ():
                _join(found, name, feature)
        record = next(records, None)
    packed = f", {compression}" if compression else ""
    lines = [f"{count} records, {size_text(total)}{packed}; of {min(sizes)} to {max(sizes)} bytes"]
    if count > _LOOKED_INTO:
        lines.append(f"sizes and features are those of the first {_LOOKED_INTO}")
    sections = [Section("records", lines=lines)]
    if found:
        rows = [
            (name, f.kind, str(f.count), str(f.fewest) if f.fewest == f.most else f"{f.fewest} to {f.most}", f.sample)
            for name, f in sorted(found.items())
        ]
        title = "features of tf.train.SequenceExample" if message is SequenceExample else "features of tf.train.Example"
        sections.append(Section(title, ("name", "kind", "records", "values", "first"), rows))
    return sections


def _features(message: Any, record: bytes) -> list[tuple[str, Any]]:
    """Return the features of a record, none if it is no such message."""
    try:
        example = message.FromString(record)
    except DecodeError:
        return []
    if message is Example:
        found = list(example.features.feature.items())
    else:
        found = list(example.context.feature.items())
        for name, steps in example.feature_lists.feature_list.items():
            found += [(f"{name} (each step)", feature) for feature in steps.feature]
    return found if all(f.WhichOneof("kind") for _, f in found) else []


def _join(found: dict[str, _Feature], name: str, feature: Any) -> None:
    kind = feature.WhichOneof("kind")
    values = getattr(feature, kind).value
    if name not in found:
        sample = ", ".join(_shown(v) for v in values[:3]) + (", ..." if len(values) > 3 else "")
        found[name] = _Feature(kind.removesuffix("_list"), 0, len(values), len(values), sample)
    known = found[name]
    known.count += 1
    known.fewest, known.most = min(known.fewest, len(values)), max(known.most, len(values))


def _shown(value: Any) -> str:
    if not isinstance(value, bytes):
        return f"{value:.6g}" if isinstance(value, float) else str(value)
    return repr(value if len(value) <= 30 else value[:30] + b"...")[1:]
