"""Records of a network topic made the table of a segment, whatever stands in them. Pure."""

from dataclasses import dataclass

import pyarrow as pa

from clinic_events.network_records import Origin
from warehouse_releases.landed_records import LandedTopic, NotReadable, Row
from warehouse_releases.open_segments import Fetched

# What Arrow raises for a value that its column cannot hold.
_UNFIT = (pa.ArrowException, TypeError, ValueError, OverflowError)


@dataclass(frozen=True)
class DecodedSegment:
    """`table` and `origins` of the records that could be read; the offsets of the others are `unreadable`."""

    table: pa.Table
    origins: list[Origin]
    unreadable: list[int]


def decode_segment(topic: LandedTopic, partition: int, records: list[Fetched]) -> DecodedSegment:
    """One row for each readable record. Never raises for what a record says."""
    origins: list[Origin] = []
    rows: list[Row] = []
    unreadable: list[int] = []
    for offset, value in records:
        try:
            origin, row = topic.decode(value)
        except NotReadable:
            unreadable.append(offset)
        else:
            origins.append(origin)
            rows.append((*row, partition, offset))
    try:
        return DecodedSegment(topic.table(rows), origins, unreadable)
    except _UNFIT:
        return _without_oversize(topic, origins, rows, unreadable)


def _without_oversize(
    topic: LandedTopic, origins: list[Origin], rows: list[Row], unreadable: list[int]
) -> DecodedSegment:
    fits = [_fits(topic, row) for row in rows]
    kept_rows = [row for row, fit in zip(rows, fits, strict=True) if fit]
    kept_origins = [origin for origin, fit in zip(origins, fits, strict=True) if fit]
    left_out = [row[-1] for row, fit in zip(rows, fits, strict=True) if not fit]
    return DecodedSegment(topic.table(kept_rows), kept_origins, sorted([*unreadable, *left_out]))


def _fits(topic: LandedTopic, row: Row) -> bool:
    try:
        topic.table([row])
    except _UNFIT:
        return False
    return True
