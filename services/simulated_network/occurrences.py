"""One thing that a clinic records, and the bytes of the event that says so."""

import uuid
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec
import numpy as np

from clinic_events.envelope import Envelope, Record

# The types of the catalogue that the simulated clinics tell.
TOLD_TYPES = frozenset(
    {
        "practitioner.credential_recorded", "patient.enrolled", "assessment.completed", "treatment_plan.created",
        "session.completed", "adverse_event.reported", "outcome.recorded",
    }
)  # fmt: skip

_encoder = msgspec.json.Encoder()


class Occurrence(NamedTuple):
    """`at`: when it happened, in the clinic's local time; `recorded_at`: when the practice system wrote it down."""

    clinic_id: str
    event_type: str
    at: datetime
    recorded_at: datetime
    patient: str | None
    data: Record


def in_order(occurrences: list[Occurrence]) -> list[Occurrence]:
    """As the network sees them arrive: by the time of recording, clinics side by side."""
    return sorted(occurrences, key=lambda each: each.recorded_at.astimezone(UTC))


def event_ids(count: int, random: np.random.Generator) -> list[str]:
    """Random UUIDs (version 4)."""
    drawn = random.bytes(16 * count)
    return [str(uuid.UUID(bytes=drawn[start : start + 16], version=4)) for start in range(0, 16 * count, 16)]


def envelope(occurrence: Occurrence, event_id: str) -> Envelope:
    return Envelope(
        id=event_id,
        source=f"https://{occurrence.clinic_id}.example/practice-system",
        specversion="1.0",
        type=occurrence.event_type,
        time=occurrence.at,
        data=msgspec.Raw(_encoder.encode(occurrence.data)),
        subject=occurrence.patient,
        clinicid=occurrence.clinic_id,
        recordedtime=occurrence.recorded_at,
        datacontenttype="application/json",
    )


def event_bytes(occurrence: Occurrence, event_id: str) -> bytes:
    return _encoder.encode(envelope(occurrence, event_id))
