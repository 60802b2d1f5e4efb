"""The fast path: bytes into a typed event, or no event. It does not say why; `explain` does."""

from datetime import datetime
from typing import Any

import msgspec

from clinic_events.catalogue import EVENT_TYPES
from clinic_events.envelope import Envelope, Record

MAX_BYTES = 1_048_576

_envelopes = msgspec.json.Decoder(Envelope)
_data = {name: msgspec.json.Decoder(kind.data) for name, kind in EVENT_TYPES.items()}

Reading = tuple[Envelope, Record]


def read(raw: bytes, clinic_id: str | None) -> Reading | None:
    """The event in `raw` if it is in every way as its contract says and may be attributed to the clinic, else None."""
    if len(raw) > MAX_BYTES:
        return None
    try:
        event = _envelopes.decode(raw)
        data = _data[event.type].decode(event.data)
    # A document of a hundred thousand brackets ends the decoder's recursion, not the process.
    except (msgspec.MsgspecError, KeyError, RecursionError, UnicodeError, ValueError, OverflowError):
        return None
    return (event, data) if _attributable(event, clinic_id) else None


def _attributable(event: Envelope, clinic_id: str | None) -> bool:
    kind = EVENT_TYPES[event.type]
    return (
        event.schemaversion == kind.version
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
