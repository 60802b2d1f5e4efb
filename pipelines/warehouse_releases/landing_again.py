"""Land again what the lake has lost: segments that cannot be read, and offsets that none covers any more.

From the network's topics, under the same offsets, as long as these hold them. To be done by the holder of the builder's
lock, beside a lander at work, which only ever goes on at the end.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from kafka.errors import KafkaError
from sqlalchemy import Engine

from network_registry.connections import CredentialMissing, platform_connection
from network_registry.erased_patients import ErasedList
from network_registry.home import Home
from network_registry.settings import Settings
from warehouse_releases.broker_view import BrokerView, TopicMissing, partition_of
from warehouse_releases.decoded_segments import decode_segment
from warehouse_releases.erasure_rows import without_the_erased
from warehouse_releases.kafka_clients import BrokerSilent, new_consumer, records_between
from warehouse_releases.lake import list_segments, write_rows, write_segment, writing
from warehouse_releases.lake_faults import read_faults
from warehouse_releases.landed_records import LANDED_TOPICS
from warehouse_releases.open_segments import Fetched
from warehouse_releases.replacing import clear_workshop, replace_segments
from warehouse_releases.segments import Segment, Source
from warehouse_releases.unreadable_segments import unreadable

# For how long the broker may give nothing of what it says it holds.
_SILENT_S = 30.0
_ROWS_AT_ONCE = 20_000


def land_again(home: Home, settings: Settings, engine: Engine, progress: Callable[[str], None]) -> None:
    """What cannot be had any more is told and left: the audit says what is missing."""
    wanted = _wanted(home.lake)
    if not wanted:
        return
    progress(f"segments that the lake has lost: {len(wanted)}; landing them again")
    clear_workshop(home.lake)
    try:
        connection = platform_connection(home, settings)
        with BrokerView(connection) as view, closing(new_consumer(connection, _ROWS_AT_ONCE)) as consumer:
            here = _still_held(view, wanted)
            erased = ErasedList(home, engine)
            for segment in here:
                _land(home.lake, consumer, segment, erased)
    except (KafkaError, CredentialMissing, TopicMissing, BrokerSilent) as error:
        progress(f"the lake stays as it is: {type(error).__name__}")
        return
    if left := len(wanted) - len(here):
        progress(f"{left} of them the network's topics do not hold any more: they stay lost")


def _wanted(lake: Path) -> list[Segment]:
    """A damaged file in a newer generation, which is to hold in its place; a gap in the first."""
    segments = list_segments(lake)
    damaged = [replace(one, generation=one.generation + 1) for one in unreadable(lake, segments)]
    today = datetime.now(UTC).date()
    gaps = [
        Segment(fault.source, start, min(start + _ROWS_AT_ONCE - 1, last), today)
        for fault in read_faults(lake, segments)
        if fault.kind == "unexplained"
        for first, last in fault.ranges
        for start in range(first, last + 1, _ROWS_AT_ONCE)
    ]
    return damaged + gaps


def _still_held(view: BrokerView, wanted: list[Segment]) -> list[Segment]:
    """Those of topics that are still the same, and that retention has left whole."""
    bounds = view.bounds(view.existing({segment.source.topic for segment in wanted}))
    return [
        one for one in wanted if (held := bounds.get(one.source)) and held.first <= one.first and one.last < held.end
    ]


def _land(lake: Path, consumer: Any, segment: Segment, erased: ErasedList) -> None:
    tables = [_table(segment.source, batch) for batch in _records(consumer, segment)]
    # Who is erased is asked while nobody can be, as at the first landing.
    with writing(lake):
        table = without_the_erased(segment.source.topic, pa.concat_tables(tables), erased.read())
        if segment.generation:
            replace_segments(lake, segment, lambda aside: write_rows(table, aside))
        else:
            write_segment(lake, segment, table)


def _table(source: Source, records: list[Fetched]) -> pa.Table:
    return decode_segment(LANDED_TOPICS[source.topic], source.partition, records).table


def _records(consumer: Any, segment: Segment) -> Iterator[list[Fetched]]:
    place = partition_of(segment.source)
    for fetched in records_between(consumer, place, segment.first, segment.last, _SILENT_S):
        yield [(record.offset, record.value) for record in fetched]
