"""A replaced file holds no more, from the moment that its replacement has its name; readers that listed it go on."""

from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from network_registry.topics import EVENTS
from warehouse_releases.lake import holding, list_files, list_segments, prepare, write_segment
from warehouse_releases.lake_dispositions import open_dispositions
from warehouse_releases.landed_records import LANDED_TOPICS
from warehouse_releases.replacing import remove_replaced, replace_segments
from warehouse_releases.segment_versions import SegmentTooNew
from warehouse_releases.segments import Segment, Source, current, parse_segment, replaced

SOURCE = Source(EVENTS, "cluster", "id", 0)
DAY = date(2026, 9, 1)


def segment(first: int, last: int, generation: int = 0) -> Segment:
    return Segment(SOURCE, first, last, DAY, generation)


def rows_of(one: Segment) -> pa.Table:
    rows = [
        {"origin_topic_id": "t", "origin_partition": 0, "origin_offset": n, "clinic_id": "a", "event_id": f"e{n}"}
        | {"landed_partition": 0, "landed_offset": n}
        for n in range(one.first, one.last + 1)
    ]
    return pa.Table.from_pylist(rows, LANDED_TOPICS[EVENTS].schema)


def replace_by(lake, one: Segment) -> None:
    replace_segments(lake, one, lambda aside: pq.write_table(rows_of(one), aside))


segments = st.builds(
    lambda first, more, generation: segment(first, first + more, generation),
    st.integers(0, 12), st.integers(0, 12), st.integers(0, 2),
)  # fmt: skip


@given(st.lists(segments, max_size=12))
def test_what_is_replaced_is_exactly_what_some_other_file_holds_for(found):
    expected = {one for one in found if any(other.replaces(one) for other in found)}
    assert set(replaced(found)) == expected
    assert set(current(found)) == set(found) - expected
    covered = {offset for one in found for offset in range(one.first, one.last + 1)}
    assert {offset for one in current(found) for offset in range(one.first, one.last + 1)} == covered


def test_a_newer_generation_or_a_longer_range_of_the_same_holds_and_never_an_older_one():
    assert segment(0, 9, 1).replaces(segment(0, 9))
    assert segment(0, 19).replaces(segment(0, 9))
    assert not segment(0, 19).replaces(segment(0, 9, 1))
    assert not segment(0, 9, 1).replaces(segment(0, 19))
    assert not segment(0, 9).replaces(segment(0, 9))


@given(st.integers(1, 99))
def test_a_name_tells_its_generation(generation):
    assert parse_segment(segment(0, 9, generation).path) == segment(0, 9, generation)
    assert parse_segment(segment(0, 9).path.with_suffix(".g0.parquet")) is None


def test_who_listed_a_file_that_was_replaced_and_removed_reads_what_holds_in_its_place(tmp_path):
    prepare(tmp_path)
    for first in (0, 10):
        write_segment(tmp_path, segment(first, first + 9), rows_of(segment(first, first + 9)))
    listed = list_segments(tmp_path)
    replace_by(tmp_path, segment(0, 9, 1))
    replace_by(tmp_path, segment(0, 19, 1))
    assert [one.generation for one in remove_replaced(tmp_path)] == [0, 1, 0]
    assert holding(tmp_path, listed) == list_files(tmp_path) == [segment(0, 19, 1)]
    with open_dispositions(tmp_path, listed) as lake:
        assert lake.execute("select count(*) from dispositions").fetchall() == [(20,)]


def test_a_segment_of_a_later_version_is_refused_in_one_line_and_not_read(tmp_path):
    prepare(tmp_path)
    path = tmp_path / segment(0, 9).path
    path.parent.mkdir(parents=True)
    pq.write_table(rows_of(segment(0, 9)).replace_schema_metadata({"meridian.schema_version": "99"}), path)
    with (
        pytest.raises(SegmentTooNew, match="has schema version 99, and this Meridian reads up to 3"),
        open_dispositions(tmp_path),
    ):
        pass
