"""The slow path: every reason for which an event is refused, and what is left of it when it is only flagged."""

from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import jsonschema_rs
import msgspec

from clinic_events.catalogue import EVENT_TYPES, EventType
from clinic_events.cleaning import clean, schema_of
from clinic_events.envelope import Day, Envelope, ZonedTime
from clinic_events.reading import MAX_BYTES, Reading, lacks_zone, read, readable_time
from clinic_events.reasons import Reason

# A list of a quarter of a million empty needles has as many reasons: nobody reads them, and the stream has to go on.
MOST_ITEMS = 1_000


@dataclass
class Explanation:
    """`reading` is the cleaned event, or None when there are refusals. Id and type only where they are safe to show."""

    refusals: set[Reason] = field(default_factory=set)
    flags: set[Reason] = field(default_factory=set)
    reading: Reading | None = None
    event_id: str | None = None
    event_type: str | None = None


def explain(raw: bytes, clinic_id: str | None) -> Explanation:
    """Why `raw` is not simply readable. Never raises, whatever the bytes."""
    found = Explanation()
    document = _parse(raw, found)
    if document is None:
        return found
    found.event_id, kind = _identity(document), _kind(document)
    found.event_type = kind.name if kind else None
    cleaned = clean(document, Envelope, "", found.flags)
    _check_envelope(cleaned, kind, clinic_id, found)
    if kind and isinstance(document.get("data"), dict):
        cleaned["data"] = clean(document["data"], kind.data, "/data", found.flags)
        found.refusals |= _schema_errors(cleaned["data"], kind.data, "/data")
    if not found.refusals:
        _read_again(cleaned, clinic_id, found)
    return found


def _parse(raw: bytes, found: Explanation) -> dict[str, Any] | None:
    if len(raw) > MAX_BYTES:
        found.refusals.add(Reason("too_large", ""))
        return None
    try:
        document = msgspec.json.decode(raw)
    except (msgspec.MsgspecError, RecursionError, UnicodeError, ValueError, OverflowError):
        document = None
    if not isinstance(document, dict):
        found.refusals.add(Reason("unreadable", ""))
        return None
    return document


def _identity(document: dict[str, Any]) -> str | None:
    given = document.get("id")
    return given if isinstance(given, str) and 1 <= len(given) <= 64 else None


def _kind(document: dict[str, Any]) -> EventType | None:
    given = document.get("type")
    return EVENT_TYPES.get(given) if isinstance(given, str) else None


def _check_envelope(cleaned: dict[str, Any], kind: EventType | None, clinic_id: str | None, found: Explanation) -> None:
    refusals = found.refusals
    refusals |= _schema_errors(cleaned, Envelope, "")
    if kind is None:
        if isinstance(cleaned.get("type"), str):
            refusals.add(Reason("unknown_type", "/type"))
        return
    version = cleaned.get("schemaversion", kind.version)
    if isinstance(version, int) and version != kind.version:
        refusals.add(Reason("unknown_version", "/schemaversion"))
    if kind.about_patient and "subject" not in cleaned:
        refusals.add(Reason("missing_patient", "/subject"))
    named = cleaned.get("clinicid")
    if clinic_id is not None and isinstance(named, str) and named != clinic_id:
        refusals.add(Reason("wrong_clinic", "/clinicid"))


@cache
def _validator(record: type) -> Any:
    return jsonschema_rs.Draft202012Validator(schema_of(record), validate_formats=True)


def _schema_errors(document: Any, record: type, root: str) -> set[Reason]:
    """The reasons of the first items of each list, or if those are well, of all."""
    if _validator(record).is_valid(document):
        return set()
    return _reasons(_shortened(document), record, root) or _reasons(document, record, root)


def _reasons(document: Any, record: type, root: str) -> set[Reason]:
    found = set()
    for error in _validator(record).iter_errors(document):
        path = root + "".join(f"/{step}" for step in error.instance_path)
        if reason := _reason(error, path):
            found.add(reason)
    return found


def _shortened(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _shortened(inner) for name, inner in value.items()}
    return [_shortened(item) for item in value[:MOST_ITEMS]] if isinstance(value, list) else value


def _reason(error: Any, path: str) -> Reason | None:
    keyword = error.kind.name
    if keyword == "required":
        return Reason("missing_field", f"{path}/{error.kind.property}")
    if keyword == "format":
        return _time_reason(error.instance, error.kind.format, path)
    if keyword in ("minLength", "maxLength"):
        return Reason("invalid_id", path)
    if keyword == "pattern":
        return Reason("unknown_version", path)
    return Reason("wrong_type", path)


def _time_reason(value: object, form: str, path: str) -> Reason | None:
    if readable_time(value, ZonedTime if form == "date-time" else Day):
        return None  # the two libraries differ on a few spellings; the one that reads events decides
    return Reason("time_without_zone" if form == "date-time" and lacks_zone(value) else "unreadable_time", path)


def _read_again(cleaned: dict[str, Any], clinic_id: str | None, found: Explanation) -> None:
    with suppress(UnicodeError, OverflowError, ValueError):
        found.reading = read(msgspec.json.encode(cleaned), clinic_id)
    if found.reading is None:
        # A leap second, say: the schema takes it, no clock of ours does.
        found.refusals.add(Reason("unreadable_time", "/time"))
