"""The fast path: bytes into a typed event, or no event. It does not say why; `rules` and `explain` do."""

import re
from datetime import datetime
from typing import Any

import msgspec

from clinic_events.catalogue import EVENT_TYPES
from clinic_events.envelope import Envelope, Record
from clinic_events.plausible_types import plausible_event_type

MAX_BYTES = 1_048_576

# What a document of a hundred thousand brackets ends is the decoder's recursion, not the process.
_UNREADABLE = (msgspec.MsgspecError, KeyError, RecursionError, UnicodeError, ValueError, OverflowError)
_TYPE = re.compile(rb'"type"\s*:\s*"([a-z_.]{1,64})"')

_envelopes = msgspec.json.Decoder(Envelope)
_data: dict[str, msgspec.json.Decoder[Any]] = {
    name: msgspec.json.Decoder(kind.data) for name, kind in EVENT_TYPES.items()
}
_plausible: dict[bytes, msgspec.json.Decoder[Any]] = {
    name.encode(): msgspec.json.Decoder(plausible_event_type(kind)) for name, kind in EVENT_TYPES.items()
}

Reading = tuple[Envelope, Record]


def read_plausible(raw: bytes, clinic_id: str | None) -> Reading | None:
    """As `read`, and every field is plausible by itself: then no rule has to look at fields one by one.

    None does not say that there is anything odd: the other paths find out.
    """
    if len(raw) > MAX_BYTES:
        return None
    try:
        # The first type that is named is nearly always the event's own; if not, its decoder says so.
        event = _plausible[_TYPE.search(raw)[1]].decode(raw)  # pyright: ignore[reportOptionalSubscript]
    except (*_UNREADABLE, TypeError):
        return None
    return (event, event.data) if clinic_id is None or event.clinicid is None or event.clinicid == clinic_id else None


def read(raw: bytes, clinic_id: str | None) -> Reading | None:
    """The event in `raw` if it is in every way as its contract says and may be attributed to the clinic, else None."""
    if len(raw) > MAX_BYTES:
        return None
    try:
        event = _envelopes.decode(raw)
        data = _data[event.type].decode(event.data)
    except _UNREADABLE:
        return None
    return (event, data) if _attributable(event, clinic_id) else None


def _attributable(event: Envelope, clinic_id: str | None) -> bool:
    kind = EVENT_TYPES[event.type]
    return (
        event.specversion == "1.0"  # a pattern's end matches before a last line end, too
        and event.schemaversion == kind.version
        and (event.subject is not None or not kind.about_patient)
        and (clinic_id is None or event.clinicid is None or event.clinicid == clinic_id)
    )


def readable_time(value: object, of: Any) -> bool:
    """Whether the fast path would take this text for a time (`ZonedTime`) or a day (`Day`)."""
    try:
        msgspec.convert(value, of)
    except (msgspec.ValidationError, ValueError, OverflowError):
        return False
    return True


def lacks_zone(value: object) -> bool:
    try:
        return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is None
    except ValueError:
        return False
