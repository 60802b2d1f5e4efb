"""Segments of every version of the schema are counted like all others: files that the code of that time wrote."""

import os
import shutil
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from network_registry.topics import EVENTS
from warehouse_releases.compaction import compact
from warehouse_releases.lake import list_segments, prepare
from warehouse_releases.lake_dispositions import open_dispositions
from warehouse_releases.landed_records import LANDED_TOPICS
from warehouse_releases.live_counts import live_counts
from warehouse_releases.segment_versions import SCHEMA_VERSION, normaliser_versions, schema_version
from warehouse_releases.segments import Segment, Source

STORED = Path(__file__).parent / "stored_segments"
FILES = {
    "events_before_facts": ("old-oak", {"accepted": 6}, 1),
    "events_schema_2": ("old-elm", {"accepted": 5}, 1),
    "events_schema_3": ("old-ash", {"accepted": 3, "erased": 2}, 1),
}


def store(lake: Path, name: str, first: int = 0) -> None:
    prepare(lake)
    rows = pq.read_metadata(STORED / f"{name}.parquet").num_rows
    place = lake / Segment(Source(EVENTS, "cluster", "id", 0), first, first + rows - 1, date(2026, 2, 3)).path
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(STORED / f"{name}.parquet", place)


@pytest.mark.parametrize("name", FILES)
def test_a_lake_that_holds_nothing_else_is_counted(tmp_path, name):
    clinic, expected, flagged = FILES[name]
    store(tmp_path, name)
    assert len(list_segments(tmp_path)) == 1
    with open_dispositions(tmp_path) as lake:
        found = lake.execute("select disposition, count(*) from dispositions group by all").fetchall()
    assert dict(found) == expected
    (counted,) = live_counts(tmp_path)
    assert (counted.clinic_id, counted.accepted, counted.flagged) == (clinic, expected["accepted"], flagged)
    assert counted.erased == expected.get("erased", 0)


def test_there_is_a_file_of_every_version_and_each_says_its_own():
    versions = [schema_version(STORED / f"{name}.parquet") for name in FILES]
    # The first was written before versions were counted.
    assert versions == [2, 2, SCHEMA_VERSION], "a new version of the schema needs a stored file of it here"
    assert normaliser_versions(STORED / "events_schema_3.parquet") == ["2"]
    assert pq.read_schema(STORED / "events_schema_3.parquet").names == LANDED_TOPICS[EVENTS].schema.names


def test_all_versions_are_read_together_and_compacted_into_one(tmp_path):
    first = 0
    for name in (*FILES, "events_schema_2"):
        store(tmp_path, name, first)
        first += pq.read_metadata(STORED / f"{name}.parquet").num_rows
    before = [one.as_json(one.last_received_at) for one in live_counts(tmp_path)]
    for segment in list_segments(tmp_path):
        os.utime(tmp_path / segment.path, (0, 0))
    assert compact(tmp_path, 1000) == 1
    assert len(list_segments(tmp_path, [EVENTS])) == 2
    assert [one.as_json(one.last_received_at) for one in live_counts(tmp_path)] == before
