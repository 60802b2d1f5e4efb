"""Whatever the edges of the batches, and wherever a lander is killed, each offset is in exactly one segment."""

import tempfile
from datetime import date
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse_releases import durable_files
from warehouse_releases.lake import list_segments
from warehouse_releases.lake_faults import Fault, read_faults, record_fault
from warehouse_releases.open_segments import OpenSegment
from warehouse_releases.segments import Segment, Source, next_offset

SOURCE = Source("network.events", "cluster", "topic-id", 0)
RECORDS = 60


class Killed(Exception):
    """Stands for kill -9: nothing after it runs."""


# One life of a lander: the sizes of the batches that it fetches, and where it dies at the last of them.
lives = st.lists(
    st.tuples(
        st.lists(st.integers(1, 15), min_size=1, max_size=5),
        st.sampled_from(["while writing", "before the rename", "after the rename"]),
    ),
    max_size=8,
)


def write(lake: Path, segment: Segment, dies: str | None) -> None:
    def fill(aside: Path) -> None:
        aside.write_text("half" if dies == "while writing" else "whole")
        if dies in ("while writing", "before the rename"):
            raise Killed

    durable_files.write_durably(lake / segment.path, fill)
    if dies:
        raise Killed


def live(lake: Path, batches: list[int], dies: str | None) -> None:
    durable_files.remove_unfinished(lake)
    waiting = OpenSegment(SOURCE, next_offset(list_segments(lake)))
    for number, size in enumerate(batches, 1):
        records = [(offset, b"") for offset in range(waiting.first, min(waiting.first + size, RECORDS))]
        if not records:
            return
        waiting.add(records, now=0.0)
        write(
            lake,
            Segment(SOURCE, waiting.first, waiting.last, date(2026, 9, number)),
            dies if number == len(batches) else None,
        )
        waiting = waiting.successor()


@settings(max_examples=60, deadline=None)
@given(lives)
def test_each_offset_is_covered_exactly_once_after_any_kills(some_lives):
    with tempfile.TemporaryDirectory() as folder:
        lake = Path(folder)
        for batches, dies in some_lives:
            try:
                live(lake, batches, dies)
            except Killed:
                continue
        live(lake, [RECORDS], None)
        covered = [offset for one in list_segments(lake) for offset in range(one.first, one.last + 1)]
        assert sorted(covered) == list(range(RECORDS))
        assert all((lake / one.path).read_text() == "whole" for one in list_segments(lake))
        assert read_faults(lake) == []


@given(st.lists(st.lists(st.integers(0, 30), min_size=1), min_size=1, max_size=6))
def test_records_fetched_again_are_taken_once(batches):
    waiting = OpenSegment(SOURCE, first=0)
    for batch in batches:
        start = min(batch)
        waiting.add([(offset, b"") for offset in range(min(start, waiting.last + 1), max(batch) + 1)], now=0.0)
    assert [offset for offset, _ in waiting.records] == list(range(waiting.last + 1))


def test_a_segment_is_due_when_it_is_full_or_its_first_record_has_waited():
    waiting = OpenSegment(SOURCE, first=7)
    assert not waiting.is_due(now=99.0, rows=2, seconds=1.0)
    waiting.add([(7, b"")], now=100.0)
    assert not waiting.is_due(now=100.5, rows=2, seconds=1.0)
    assert waiting.is_due(now=101.0, rows=2, seconds=1.0)
    waiting.add([(8, b"")], now=100.6)
    assert waiting.is_due(now=100.6, rows=2, seconds=1.0)


def test_a_hole_in_the_names_is_a_fault_unless_retention_explains_it(tmp_path):
    for first, last in ((3, 5), (8, 9)):
        write(tmp_path, Segment(SOURCE, first, last, date(2026, 9, 1)), dies=None)
    record_fault(tmp_path, Fault("expired", SOURCE, ((0, 2),)))
    record_fault(tmp_path, Fault("expired", SOURCE, ((0, 2),)))
    assert [(fault.kind, fault.ranges) for fault in read_faults(tmp_path)] == [
        ("expired", ((0, 2),)),
        ("unexplained", ((6, 7),)),
    ]


def test_two_segments_over_the_same_offsets_are_a_fault(tmp_path):
    for first, last in ((0, 5), (4, 9)):
        write(tmp_path, Segment(SOURCE, first, last, date(2026, 9, 1)), dies=None)
    assert [(fault.kind, fault.ranges) for fault in read_faults(tmp_path)] == [("overlapping", ((4, 5),))]
