"""Closed hours become one file each; whatever is killed meanwhile, every row is there once and its range is named."""

import os
import shutil
import tempfile
from collections import Counter
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from network_registry.topics import EVENTS, QUARANTINE
from warehouse_releases import compaction, replacing
from warehouse_releases.announcements import origins_of_newest
from warehouse_releases.compaction import RowsDiffer, compact, require_same_rows, write_merged
from warehouse_releases.compaction_plan import StoredSegment, plan_merges
from warehouse_releases.lake import list_files, list_segments, prepare, write_segment
from warehouse_releases.lake_faults import read_faults
from warehouse_releases.landed_records import LANDED_TOPICS
from warehouse_releases.process_lock import together
from warehouse_releases.segment_versions import SCHEMA_VERSION, normaliser_versions, schema_version
from warehouse_releases.segments import Segment, Source, next_offset

from .deaths import Killed, die_at

SOURCE = Source(EVENTS, "cluster", "id", 0)
NOW = datetime(2026, 9, 2, 12, 30, tzinfo=UTC)
TODAY, YESTERDAY = NOW.date(), NOW.date() - timedelta(days=1)
STORED = Path(__file__).parent / "stored_segments"


def rows_of(first: int, last: int) -> pa.Table:
    offsets = range(first, last + 1)
    rows = [{"origin_topic_id": "t", "origin_partition": 0, "origin_offset": n, "event_id": f"e{n}", "data": "{}",
             "landed_partition": 0, "landed_offset": n, "normaliser_version": "1"} for n in offsets]  # fmt: skip
    return pa.Table.from_pylist(rows, LANDED_TOPICS[EVENTS].schema)


def land(lake: Path, first: int, last: int, day: date = TODAY, hour: float = 9, source: Source = SOURCE) -> Segment:
    segment = Segment(source, first, last, day)
    write_segment(lake, segment, rows_of(first, last))
    written = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hour)
    os.utime(lake / segment.path, (written.timestamp(), written.timestamp()))
    return segment


def landed(lake: Path) -> Counter[int]:
    tables = [pq.ParquetFile(lake / one.path).read(columns=["landed_offset"]) for one in list_segments(lake)]
    return Counter(offset for table in tables for offset in table["landed_offset"].to_pylist())


def ranges(lake: Path) -> list[tuple[int, int]]:
    return [one.offsets for one in list_segments(lake)]


def let_time_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replacing, "_STILL_READ_S", -1.0)


# Landings of one source in their order: how many records each covers, and how much later it is written.
landings = st.lists(st.tuples(st.integers(1, 9), st.floats(0, 90).map(lambda m: timedelta(minutes=m))), max_size=25)


@given(landings, st.integers(1, 60), st.sets(st.integers(1, 24)))
def test_a_plan_merges_touching_neighbours_of_closed_hours_and_never_the_newest(some_landings, largest, gaps):
    stored, offset, moment = [], 0, NOW - timedelta(hours=20)
    for number, (size, pause) in enumerate(some_landings):
        offset, moment = offset + (number in gaps), min(moment + pause, NOW)
        stored.append(StoredSegment(Segment(SOURCE, offset, offset + size - 1, moment.date()), moment))
        offset += size
    parts = Counter()
    for merge in plan_merges(stored, NOW, largest):
        ages = {one.segment: one.written_at for one in stored}
        parts.update(merge.parts)
        assert len(merge.parts) > 1
        assert all(one.last + 1 == other.first for one, other in zip(merge.parts, merge.parts[1:], strict=False))
        assert len({(part.source, part.ingest_date) for part in merge.parts}) == 1
        assert merge.into.last - merge.into.first < largest
        assert all(ages[part] < NOW.replace(minute=0) for part in merge.parts)
        assert stored[-1].segment not in merge.parts
        assert all(merge.into.replaces(part) for part in merge.parts)
    assert all(count == 1 for count in parts.values())


def test_an_hour_is_merged_when_it_is_over_and_a_day_again_when_that_is():
    hours = [(9.1, 0), (9.8, 10), (10.5, 20), (10.6, 30), (12.1, 40), (12.4, 50)]
    stored = [
        StoredSegment(Segment(SOURCE, first, first + 9, TODAY), NOW.replace(hour=0, minute=0) + timedelta(hours=hour))
        for hour, first in hours
    ]
    assert [merge.into.offsets for merge in plan_merges(stored, NOW, 1000)] == [(0, 19), (20, 39)]
    tomorrow = NOW + timedelta(days=1)
    assert [merge.into.offsets for merge in plan_merges(stored, tomorrow, 1000)] == [(0, 49)]


def test_what_was_merged_is_not_merged_again(tmp_path):
    for first in range(0, 50, 10):
        land(tmp_path, first, first + 9, YESTERDAY)
    assert compact(tmp_path, 20, NOW) == 2
    assert ranges(tmp_path) == [(0, 19), (20, 39), (40, 49)]
    assert compact(tmp_path, 20, NOW) == 0


def test_sources_and_topics_are_never_mixed(tmp_path):
    other = Source(QUARANTINE, "cluster", "id", 0)
    for first in (0, 10, 20):
        land(tmp_path, first, first + 9)
    for first in (0, 5):
        table = pa.Table.from_pylist([{"landed_offset": first}], LANDED_TOPICS[QUARANTINE].schema)
        write_segment(tmp_path, Segment(other, first, first + 4, YESTERDAY), table)
    compact(tmp_path, 1000, NOW)
    assert {one.source: one.offsets for one in list_segments(tmp_path)[:1]} == {SOURCE: (0, 19)}
    assert [one.offsets for one in list_segments(tmp_path, [QUARANTINE])] == [(0, 4), (5, 9)]


def test_the_old_files_stay_while_anybody_may_read_them(tmp_path, monkeypatch):
    parts = [land(tmp_path, first, first + 9) for first in (0, 10, 20)][:2]
    compact(tmp_path, 1000, NOW)
    compact(tmp_path, 1000, NOW)
    assert all((tmp_path / part.path).exists() for part in parts), "they were listed a moment ago"
    let_time_pass(monkeypatch)
    with together(tmp_path / ".readers.lock"):
        compact(tmp_path, 1000, NOW)
        assert all((tmp_path / part.path).exists() for part in parts), "a rebuild reads them"
    compact(tmp_path, 1000, NOW)
    assert [one.offsets for one in list_files(tmp_path)] == [(0, 19), (20, 29)]


def test_landing_goes_on_behind_what_was_merged_and_announces_the_newest_again(tmp_path):
    for first in (0, 10, 20):
        land(tmp_path, first, first + 9)
    before = origins_of_newest(tmp_path, list_segments(tmp_path))
    compact(tmp_path, 1000, NOW)
    prepare(tmp_path)
    assert next_offset(list_segments(tmp_path)) == 30
    assert origins_of_newest(tmp_path, list_segments(tmp_path)) == before
    assert [origin.offset for origin in before] == list(range(20, 30))
    assert read_faults(tmp_path) == []


def test_segments_of_every_version_are_merged_and_say_the_version_of_today(tmp_path):
    segment = land(tmp_path, 0, 5, YESTERDAY)
    shutil.copyfile(STORED / "events_before_facts.parquet", tmp_path / segment.path)
    os.utime(tmp_path / segment.path, (0, 0))
    for first in (6, 16):
        land(tmp_path, first, first + 9, YESTERDAY)
    compact(tmp_path, 1000, NOW)
    (merged, _) = list_segments(tmp_path)
    table = pq.ParquetFile(tmp_path / merged.path).read()
    assert (table.num_rows, table["facts"].null_count) == (16, 16)
    assert (schema_version(tmp_path / merged.path), normaliser_versions(tmp_path / merged.path)) == (
        SCHEMA_VERSION,
        ["1"],
    )


CHANGES = [
    *((Path, name) for name in ("replace", "unlink", "chmod")),
    (pq.ParquetWriter, "write_table"),
    *((replacing, name) for name in ("flush_to_disk", "list_files")),
    (compaction, "require_same_rows"),
]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 25), max_size=6), st.lists(st.integers(1, 6), min_size=2, max_size=8))
def test_wherever_compaction_dies_every_row_is_there_once(deaths, sizes):
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as monkeypatch:
        lake, offset = Path(folder), 0
        let_time_pass(monkeypatch)
        for number, size in enumerate(sizes):
            land(lake, offset, offset + size - 1, hour=8 + number / 5)
            offset += size
        for step in deaths:
            with monkeypatch.context() as patched, suppress(Killed):
                die_at(step, patched, CHANGES)
                compact(lake, 12, NOW)
            assert landed(lake) == Counter(range(offset))
            assert read_faults(lake) == []
            assert next_offset(list_segments(lake)) == offset
        compact(lake, 12, NOW)
        compact(lake, 12, NOW)
        assert list_files(lake) == list_segments(lake)
        assert landed(lake) == Counter(range(offset))


@pytest.mark.parametrize(
    "damage",
    [lambda table: table.slice(0, 9), lambda table: pa.concat_tables([table, table.slice(0, 1)])],
    ids=["a row less", "a row twice"],
)
def test_a_merged_file_that_lost_or_doubled_a_row_is_never_shown(tmp_path, damage):
    parts = [land(tmp_path, first, first + 4) for first in (0, 5)]
    paths, into = [tmp_path / part.path for part in parts], Segment(SOURCE, 0, 9, TODAY)
    merged = tmp_path / "merged.parquet"
    write_merged(paths, into, merged)
    require_same_rows(paths, into, merged)
    pq.write_table(damage(pq.read_table(merged)), merged)
    with pytest.raises(RowsDiffer, match="does not hold the rows of its 2 parts"):
        require_same_rows(paths, into, merged)
