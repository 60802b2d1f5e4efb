"""What the lake keeps of each record of a network topic: one row, with exactly the columns of the contract. Pure.

A column that is added here is a new version of the segments' schema: say so in `segment_versions`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pyarrow as pa

from clinic_events.network_records import AcceptedEvent, Alert, Origin, QuarantinedEvent, Reason
from network_registry.topics import ALERTS, EVENTS, QUARANTINE

Row = tuple[Any, ...]

_EPOCH = datetime(1970, 1, 1)
_MOMENT = pa.timestamp("us", tz="UTC")
_REASONS = pa.list_(pa.struct([("code", pa.string()), ("path", pa.string())]))
_ORIGIN = [
    ("origin_cluster_id", pa.string()),
    ("origin_topic", pa.string()),
    ("origin_topic_id", pa.string()),
    ("origin_partition", pa.int32()),
    ("origin_offset", pa.int64()),
]
_LANDED = [("landed_partition", pa.int32()), ("landed_offset", pa.int64())]


# `is_erased` and `id_was_erased`: no record says so of itself (`erasure_rows`).
_NOT_ERASED = (False, False)


class NotReadable(Exception):
    """The record is not one that the stream writes: a fault of the platform, never of a clinic."""


@dataclass(frozen=True)
class LandedTopic:
    """How a network topic's records become rows of `schema`."""

    schema: pa.Schema
    decoder: msgspec.json.Decoder[Any]
    row: Callable[[Any], Row]

    def decode(self, value: bytes | None) -> tuple[Origin, Row]:
        """The origin and the row of a record. Raises `NotReadable`."""
        try:
            record = self.decoder.decode(value or b"")
            row = (*_origin(record.origin), *self.row(record))
        except (msgspec.MsgspecError, TypeError, ValueError, OverflowError, RecursionError):
            raise NotReadable from None
        return record.origin, row

    def table(self, rows: list[Row]) -> pa.Table:
        """Rows of `schema`, in columns. Raises `pyarrow.ArrowException`, ValueError, TypeError or OverflowError for a
        value that its column cannot hold."""
        columns = zip(*rows, strict=True) if rows else [()] * len(self.schema)
        arrays = [pa.array(list(column), field.type) for column, field in zip(columns, self.schema, strict=True)]
        return pa.Table.from_arrays(arrays, schema=self.schema)


def _origin(origin: Origin) -> Row:
    return origin.cluster_id, origin.topic, origin.topic_id, origin.partition, origin.offset


def _reasons(reasons: list[Reason]) -> list[dict[str, str]]:
    return [{"code": reason.code, "path": reason.path} for reason in reasons]


def _offset(moment: datetime) -> timedelta:
    offset = moment.utcoffset()
    if offset is None:
        raise ValueError("a time without its zone")
    return offset


def _microseconds(moment: datetime) -> int:
    """Since 1970 in UTC, by arithmetic: `astimezone` fails in the first and last hours of the calendar."""
    return (moment.replace(tzinfo=None) - _EPOCH - _offset(moment)) // timedelta(microseconds=1)


def _event_row(record: AcceptedEvent) -> Row:
    return (
        record.event_id,
        record.event_type,
        record.schema_version,
        record.clinic_id,
        _microseconds(record.occurred_at),
        _offset(record.occurred_at) // timedelta(minutes=1),
        _microseconds(record.received_at),
        record.patient_id,
        record.key_version,
        _reasons(record.flags),
        record.content_hash,
        record.normaliser_version,
        bytes(record.data).decode(),
        bytes(record.facts).decode(),
        _microseconds(record.recorded_at) if record.recorded_at is not None else None,
        record.source_key,
        record.source_epoch,
        record.source_sequence,
        record.supersedes,
        record.is_test,
        record.traceparent,
        *_NOT_ERASED,
    )


def _quarantine_row(record: QuarantinedEvent) -> Row:
    # Never the bytes: they are sealed in the topic, and expire there.
    head = record.clinic_id, record.event_id, record.event_type
    return *head, _microseconds(record.received_at), _reasons(record.reasons), record.says_serious


def _alert_row(record: Alert) -> Row:
    head = record.clinic_id, record.event_id, record.event_type
    return *head, record.kind, record.quarantined, _microseconds(record.received_at)


def _landed_topic(record: type, row: Callable[[Any], Row], columns: list[tuple[str, pa.DataType]]) -> LandedTopic:
    return LandedTopic(pa.schema([*_ORIGIN, *columns, *_LANDED]), msgspec.json.Decoder(record), row)


LANDED_TOPICS = {
    EVENTS: _landed_topic(
        AcceptedEvent,
        _event_row,
        [
            ("event_id", pa.string()),
            ("event_type", pa.string()),
            ("schema_version", pa.int32()),
            ("clinic_id", pa.string()),
            ("occurred_at", _MOMENT),
            ("occurred_offset_min", pa.int32()),
            ("received_at", _MOMENT),
            ("patient_id", pa.string()),
            ("key_version", pa.int32()),
            ("flags", _REASONS),
            ("content_hash", pa.string()),
            ("normaliser_version", pa.string()),
            ("data", pa.string()),
            ("facts", pa.string()),
            ("recorded_at", _MOMENT),
            ("source_key", pa.string()),
            ("source_epoch", pa.int64()),
            ("source_sequence", pa.int64()),
            ("supersedes", pa.string()),
            ("is_test", pa.bool_()),
            ("traceparent", pa.string()),
            ("is_erased", pa.bool_()),
            ("id_was_erased", pa.bool_()),
        ],
    ),
    QUARANTINE: _landed_topic(
        QuarantinedEvent,
        _quarantine_row,
        [
            ("clinic_id", pa.string()),
            ("event_id", pa.string()),
            ("event_type", pa.string()),
            ("received_at", _MOMENT),
            ("reasons", _REASONS),
            ("says_serious", pa.bool_()),
        ],
    ),
    ALERTS: _landed_topic(
        Alert,
        _alert_row,
        [
            ("clinic_id", pa.string()),
            ("event_id", pa.string()),
            ("event_type", pa.string()),
            ("kind", pa.string()),
            ("quarantined", pa.bool_()),
            ("received_at", _MOMENT),
        ],
    ),
}
