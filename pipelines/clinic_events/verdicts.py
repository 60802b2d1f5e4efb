"""What Meridian says of one event: accepted, flagged or quarantined, with all its reasons."""

from datetime import datetime
from typing import Literal

import msgspec

from clinic_events.adverse_events import AdverseEventFollowedUp, AdverseEventReported
from clinic_events.envelope import Envelope, Record
from clinic_events.explain import explain
from clinic_events.reading import read, read_plausible
from clinic_events.reasons import Reason
from clinic_events.rules import flags_of
from clinic_events.seriousness import bytes_say_serious, says_serious

Status = Literal["accepted", "flagged", "quarantined"]

_ABOUT_HARM = (AdverseEventReported, AdverseEventFollowedUp)


class Verdict(msgspec.Struct, frozen=True):
    """`event` and `data` are there unless quarantined. `event_id` and `event_type` are what could be read of them;
    a type is only ever one of the catalogue's."""

    status: Status
    reasons: tuple[Reason, ...]
    event: Envelope | None
    data: Record | None
    event_id: str | None
    event_type: str | None
    says_serious: bool


def judge(raw: bytes | None, clinic_id: str | None, received_at: datetime) -> Verdict:
    """Judge the bytes that came through a clinic's topic (or, without one, a file). Pure, and never raises.

    `received_at` is the broker's clock in UTC; a check without a broker passes the time of the check.
    """
    raw = raw or b""
    if (reading := read_plausible(raw, clinic_id)) is not None:
        return _accept(*reading, flags_of(*reading, received_at, fields_are_plausible=True))
    if (reading := read(raw, clinic_id)) is not None:
        return _accept(*reading, flags_of(*reading, received_at))
    found = explain(raw, clinic_id)
    if found.reading is not None:
        return _accept(*found.reading, [*found.flags, *flags_of(*found.reading, received_at)])
    reasons = tuple(sorted(found.refusals | found.flags))
    return Verdict("quarantined", reasons, None, None, found.event_id, found.event_type, bytes_say_serious(raw))


def _accept(event: Envelope, data: Record, flags: list[Reason]) -> Verdict:
    reasons = tuple(sorted(set(flags))) if flags else ()
    serious = isinstance(data, _ABOUT_HARM) and says_serious(data)
    return Verdict("flagged" if reasons else "accepted", reasons, event, data, event.id, event.type, serious)
