"""When an event happened, and what it says of itself."""

from datetime import datetime, timedelta

from clinic_events.envelope import Envelope
from clinic_events.reasons import Reason

_TOLERANCE_S = timedelta(hours=1).total_seconds()
_OLDEST_YEAR = 1990


def envelope_flags(event: Envelope, received_at: datetime) -> list[Reason]:
    flags: list[Reason] = []
    # In seconds, because a time at either end of the calendar cannot be moved by an hour.
    if event.time > received_at and event.time.timestamp() - received_at.timestamp() > _TOLERANCE_S:
        flags.append(Reason("future_dated", "/time"))
    elif event.time.year < _OLDEST_YEAR:
        flags.append(Reason("implausibly_old", "/time"))
    if event.recordedtime is not None and event.time.timestamp() - event.recordedtime.timestamp() > _TOLERANCE_S:
        flags.append(Reason("recorded_before_it_happened", "/recordedtime"))
    if event.supersedes is not None and event.supersedes == event.id:
        flags.append(Reason("corrects_itself", "/supersedes"))
    return flags
