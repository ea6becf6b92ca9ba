"""The events of a bundle, as an inspector's device would have recorded them: plain JSON objects."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from goldseal.ops.sample.bundle import Bundle


def bundle_events(
    bundle: Bundle, *, by: str, device: str, photo_sha256: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    """Everything a bundle records, in the order of an inspection; signing and submitting are left to people.

    `by` and `device` are written into every event. `photo_sha256` maps the bundle's photo names to the
    digests of the stored photos, where storing re-encodes them. The same bundle, person and device give the
    same ids, so reading a bundle twice into one inspection repeats events and adds none.
    """
    digests = photo_sha256 or bundle.photo_sha256
    start = datetime.fromisoformat(bundle.contents.header.started_at)
    duration = datetime.fromisoformat(bundle.contents.header.ended_at) - start
    recorded = list(_recorded(bundle, digests))
    step = duration / max(1, len(recorded))
    events: list[dict[str, Any]] = []
    id_of_defect_with: dict[str, str] = {}
    for number, (kind, body) in enumerate(recorded):
        at = start + step * number
        if kind == "photo_attached":
            about = id_of_defect_with.get(body["sha256"])
            body |= {"about": about} if about else {}
        event_id = _event_id(at, f"{bundle.contents.order.number}|{by}|{device}|{number}|{kind}")
        if kind == "defect_recorded":
            id_of_defect_with.update(
                {digest: event_id for digest in body["photos"] if digest not in id_of_defect_with}
            )
        events.append(
            {
                "id": event_id,
                "kind": kind,
                "at": (at - timedelta(microseconds=at.microsecond)).isoformat().replace("+00:00", "Z"),
                "by": by,
                "device": device,
                "body": body,
                "supersedes": [],
            }
        )
    return events


def _recorded(bundle: Bundle, digests: Mapping[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
    contents = bundle.contents
    units = {point.code: point.unit for point in contents.points}
    yield "inspection_started", _present(place=contents.header.place)
    for counted in contents.quantities:
        yield "quantity_counted", counted.model_dump(exclude_none=True)
    if contents.cartons_opened:
        yield "cartons_opened", {"cartons": list(contents.cartons_opened)}
    for result in contents.sections:
        for answer in result.checks:
            body = answer.model_dump(exclude={"label_en", "label_bn"}, exclude_none=True)
            yield (
                "check_answered",
                body | {"section": result.section, "photos": [digests[f] for f in answer.photos]},
            )
    for defect in contents.defects:
        yield (
            "defect_recorded",
            defect.model_dump(exclude_none=True) | {"photos": [digests[file] for file in defect.photos]},
        )
    for piece in contents.measurements:
        for code, value in piece.values.items():
            yield (
                "piece_measured",
                {
                    "piece_no": piece.piece_no,
                    "colour": piece.colour,
                    "size": piece.size,
                    "pom": code,
                    "value": value,
                    "unit": units[code],
                },
            )
    for photo in contents.photos:
        body = photo.model_dump(exclude={"file", "taken_at"}, exclude_none=True)
        yield "photo_attached", body | {"sha256": digests[photo.file]}
    for remark in contents.remarks:
        yield "remark_written", remark.model_dump()
    for result in contents.sections:
        yield (
            "section_concluded",
            _present(section=result.section, verdict=result.verdict, remark=result.remark),
        )


def _present(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _event_id(at: datetime, content: str) -> str:
    """A UUIDv7 (RFC 9562 §5.7) whose random bits come from the content, so that it repeats."""
    milliseconds = int(at.timestamp() * 1000)
    bits = int.from_bytes(sha256(content.encode()).digest()[:10], "big")
    value = (milliseconds << 80) | bits
    value = value & ~(0xF << 76) | (7 << 76)
    value = value & ~(0b11 << 62) | (0b10 << 62)
    return str(UUID(int=value))
