"""The record of a refused event: its reasons in clear, its bytes sealed, or a mere pointer when it would not fit."""

from datetime import datetime, timedelta

import msgspec

from clinic_events.network_records import Origin, QuarantinedEvent, encode
from clinic_events.reasons import Reason
from clinic_events.verdicts import Verdict
from network_registry.keys import Key
from network_registry.topics import QUARANTINE
from session_stream.sealing import seal
from session_stream.sizes import fits, one_per_code

# As long as the clinic's own topic and the quarantine keep their records (schemas/topics.yaml).
KEPT = timedelta(days=30)
TOO_LARGE = Reason("too_large", "")
PATIENT_ERASED = Reason("patient_erased", "/subject")


def quarantined_event(
    origin: Origin, clinic_id: str, received_at: datetime, raw: bytes, verdict: Verdict, key: Key
) -> QuarantinedEvent:
    """Of an event that was refused, or that was accepted and became too large for `network.events` on the way."""
    full = QuarantinedEvent(
        origin=origin,
        clinic_id=clinic_id,
        event_id=verdict.event_id,
        event_type=verdict.event_type,
        received_at=received_at,
        reasons=list(verdict.reasons),
        says_serious=verdict.says_serious,
        key_version=key.version,
        ciphertext=seal(key, origin, raw),
        expires_at=received_at + KEPT,
    )
    return full if verdict.status == "quarantined" and _fits(full) else _pointer(full)


def erased_event(origin: Origin, clinic_id: str, received_at: datetime) -> QuarantinedEvent:
    """Of an event about a patient who was erased: that it came, and why it was refused."""
    return QuarantinedEvent(
        origin=origin,
        clinic_id=clinic_id,
        event_id=None,
        event_type=None,
        received_at=received_at,
        reasons=[PATIENT_ERASED],
        says_serious=False,
        key_version=0,
        ciphertext=b"",
        expires_at=received_at + KEPT,
    )


def _pointer(full: QuarantinedEvent) -> QuarantinedEvent:
    """What says where the event is, instead of the event: its bytes stay in the clinic's own topic until they expire
    there. An accepted event that grew too large comes here too."""
    reasons = one_per_code([TOO_LARGE, *full.reasons])
    return msgspec.structs.replace(full, reasons=reasons, ciphertext=b"")


def _fits(record: QuarantinedEvent) -> bool:
    return fits(QUARANTINE, encode(record))
