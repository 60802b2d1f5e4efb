"""The record of an accepted event: what goes on of it, under its patient's pseudonym. Pure."""

from datetime import datetime

from msgspec import Raw

from clinic_events.enrich import NORMALISER_VERSION
from clinic_events.network_records import AcceptedEvent, Origin
from clinic_events.verdicts import Verdict
from network_registry.pseudonyms import patient_pseudonym
from session_stream.content import content_of, kept_traceparent
from session_stream.masking import kept_identifier
from session_stream.pseudonyms import StreamKeys, source_key


def accepted_event(
    verdict: Verdict, origin: Origin, clinic_id: str, received_at: datetime, keys: StreamKeys
) -> AcceptedEvent | None:
    """None when the event is quarantined. `verdict.event_id` is the id as it may be kept."""
    event, data = verdict.event, verdict.data
    if event is None or data is None:
        return None
    patient = event.subject and patient_pseudonym(keys.pseudonym, clinic_id, event.subject)
    content = content_of(event, patient, data, verdict.reasons, keys, clinic_id)
    return AcceptedEvent(
        origin=origin,
        event_id=verdict.event_id or event.id,
        event_type=event.type,
        schema_version=event.schemaversion,
        clinic_id=clinic_id,
        occurred_at=event.time,
        received_at=received_at,
        patient_id=patient,
        key_version=keys.pseudonym.version if patient else None,
        flags=list(verdict.reasons),
        content_hash=content.content_hash,
        normaliser_version=NORMALISER_VERSION,
        data=Raw(content.data),
        facts=Raw(content.facts),
        recorded_at=event.recordedtime,
        source_key=source_key(keys.network, clinic_id, event.source),
        source_epoch=event.sourceepoch,
        source_sequence=event.sourcesequence,
        supersedes=event.supersedes and kept_identifier(keys.network, clinic_id, event.supersedes),
        is_test=event.testdata is True,
        traceparent=kept_traceparent(event.traceparent),
    )
