"""What it costs to make a durable segment of the stream's records: decode, columns, compression, flush to disk."""

import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from clinic_events.network_records import Origin, encode
from clinic_events.verdicts import judge
from control_room.benchmarks.sample_sessions import sample_sessions
from network_registry.keys import Key
from network_registry.topics import EVENTS, events_topic
from session_stream.acceptance import accepted_event
from session_stream.pseudonyms import StreamKeys
from warehouse_releases.decoded_segments import decode_segment
from warehouse_releases.lake import write_segment
from warehouse_releases.landed_records import LANDED_TOPICS
from warehouse_releases.open_segments import Fetched
from warehouse_releases.segments import Segment, Source

RECORDS = 20_000


def bench_landing(records: int = RECORDS) -> dict[str, Any]:
    """One segment of distinct sessions of eight needles, landed as the lander does; reading from Kafka is not in it."""
    fetched = _records(records)
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        table = decode_segment(LANDED_TOPICS[EVENTS], 0, fetched).table
        segment = Segment(Source(EVENTS, "benchmark", "benchmark", 0), 0, records - 1, date(2026, 1, 1))
        write_segment(Path(folder), segment, table)
        spent = time.monotonic() - began
        size = (Path(folder) / segment.path).stat().st_size
    return {"records": records, "records_per_second": round(records / spent), "bytes_a_record": round(size / records)}


def _records(count: int) -> list[Fetched]:
    keys = StreamKeys(*(Key(1, bytes([number]) * 32) for number in range(3)))
    clinic_id, received = "north-bridge", datetime.now(UTC)
    found = []
    for offset, raw in enumerate(sample_sessions(count)):
        origin = Origin("cluster", events_topic(clinic_id), "topic", 0, offset)
        record = accepted_event(judge(raw, clinic_id, received), origin, clinic_id, received, keys)
        if record is None:
            raise ValueError("a sample session is not accepted")
        found.append((offset, encode(record)))
    return found
