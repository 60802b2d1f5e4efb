"""What becomes of each event of one partition: a pure function from raw records to the records that go on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Protocol

import msgspec

from clinic_events.network_records import Alert, Decided, Origin, encode
from clinic_events.reasons import Reason
from clinic_events.verdicts import Status, Verdict, judge
from network_registry.erased_patients import NOBODY, ErasedPatients
from network_registry.topics import ALERTS, EVENTS, QUARANTINE, receipts_topic
from session_stream.acceptance import accepted_event
from session_stream.content import kept_traceparent
from session_stream.masking import kept_identifier
from session_stream.patient_erased import is_about_the_erased
from session_stream.pseudonyms import StreamKeys
from session_stream.quarantine import erased_event, quarantined_event
from session_stream.sizes import fits, one_per_code


class RawRecord(Protocol):
    """A record as aiokafka fetches it; `timestamp` is the broker's, in milliseconds. Its key is never looked at: it
    is the clinic's patient reference."""

    @property
    def offset(self) -> int: ...
    @property
    def timestamp(self) -> int: ...
    @property
    def value(self) -> bytes | None: ...


@dataclass(frozen=True)
class Source:
    """One partition of a clinic's topic. The topic is the clinic's identity: only its credential may write there."""

    clinic_id: str
    cluster_id: str
    topic: str
    topic_id: str
    partition: int


class Output(msgspec.Struct, frozen=True, gc=False):
    topic: str
    key: bytes | None
    value: bytes


def decide(
    records: Iterable[RawRecord], source: Source, keys: StreamKeys, erased: ErasedPatients = NOBODY
) -> list[Output]:
    """All that follows from `records`, in their order. Every record has exactly one receipt and exactly one place:
    `network.events` or `network.quarantine`. Never raises because of what a clinic sent.

    Of an event about somebody who is `erased` nothing goes on but that it came: no bytes, no id, and no alert.
    """
    return [output for record in records for output in _decide_one(record, source, keys, erased)]


class _Arrival(msgspec.Struct, frozen=True, gc=False):
    origin: Origin
    clinic_id: str
    received_at: datetime
    raw: bytes | None


def _decide_one(record: RawRecord, source: Source, keys: StreamKeys, erased: ErasedPatients) -> list[Output]:
    arrival = _Arrival(
        Origin(source.cluster_id, source.topic, source.topic_id, source.partition, record.offset),
        source.clinic_id,
        _moment(record.timestamp),
        record.value,
    )
    verdict = _told_of(judge(arrival.raw, arrival.clinic_id, arrival.received_at), arrival.clinic_id, keys)
    if erased and is_about_the_erased(verdict, arrival.clinic_id, keys.pseudonym, erased):
        return _unwelcome(arrival, verdict)
    accepted = _accepted(arrival, verdict, keys)
    if accepted is not None and fits(accepted.topic, accepted.value):
        outputs = [accepted, _receipt(arrival, verdict, verdict.status, list(verdict.reasons))]
    else:
        outputs = _quarantined(arrival, verdict, keys)
    return [*outputs, _alert(arrival, verdict, outputs[0].topic)] if verdict.says_serious else outputs


@lru_cache(maxsize=16)
def _moment(timestamp_ms: int) -> datetime:
    """In UTC. The records of one fetch have few."""
    return datetime.fromtimestamp(timestamp_ms / 1000, UTC)


def _told_of(verdict: Verdict, clinic_id: str, keys: StreamKeys) -> Verdict:
    """The verdict with the event's id as it may be kept and told."""
    kept = verdict.event_id and kept_identifier(keys.network, clinic_id, verdict.event_id)
    return verdict if kept == verdict.event_id else msgspec.structs.replace(verdict, event_id=kept)


def _accepted(arrival: _Arrival, verdict: Verdict, keys: StreamKeys) -> Output | None:
    record = accepted_event(verdict, arrival.origin, arrival.clinic_id, arrival.received_at, keys)
    return record and Output(EVENTS, (record.patient_id or record.event_id).encode(), encode(record))


def _quarantined(arrival: _Arrival, verdict: Verdict, keys: StreamKeys) -> list[Output]:
    quarantined = quarantined_event(
        arrival.origin, arrival.clinic_id, arrival.received_at, arrival.raw or b"", verdict, keys.quarantine
    )
    return [
        Output(QUARANTINE, arrival.clinic_id.encode(), encode(quarantined)),
        _receipt(arrival, verdict, "quarantined", quarantined.reasons),
    ]


def _unwelcome(arrival: _Arrival, verdict: Verdict) -> list[Output]:
    record = erased_event(arrival.origin, arrival.clinic_id, arrival.received_at)
    return [
        Output(QUARANTINE, arrival.clinic_id.encode(), encode(record)),
        _receipt(arrival, verdict, "quarantined", record.reasons),
    ]


def _receipt(arrival: _Arrival, verdict: Verdict, status: Status, reasons: list[Reason]) -> Output:
    topic = receipts_topic(arrival.clinic_id)
    place = arrival.origin
    decided = Decided(
        topic_id=place.topic_id,
        partition=place.partition,
        offset=place.offset,
        event_id=verdict.event_id,
        verdict=status,
        reasons=reasons,
        traceparent=_traceparent(verdict),
    )
    value = encode(decided)
    if fits(topic, value) or (fewer := one_per_code(reasons)) == reasons:
        return Output(topic, None, value)
    return _receipt(arrival, verdict, status, fewer)


def _alert(arrival: _Arrival, verdict: Verdict, went_to: str) -> Output:
    alert = Alert(
        origin=arrival.origin,
        clinic_id=arrival.clinic_id,
        event_id=verdict.event_id,
        event_type=verdict.event_type,
        kind="serious_event",
        received_at=arrival.received_at,
        quarantined=went_to == QUARANTINE,
        traceparent=_traceparent(verdict),
    )
    return Output(ALERTS, arrival.clinic_id.encode(), encode(alert))


def _traceparent(verdict: Verdict) -> str | None:
    return kept_traceparent(verdict.event.traceparent) if verdict.event else None
