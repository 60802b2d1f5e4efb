"""What can be taken back."""

from collections.abc import Iterator

from clinic_events.envelope import Envelope
from clinic_events.reasons import Reason
from clinic_events.retractions import EventRetracted


def retraction_flags(event: Envelope, data: EventRetracted) -> Iterator[Reason]:
    if data.event_id == event.id:
        yield Reason("retracts_itself", "/data/event_id")
