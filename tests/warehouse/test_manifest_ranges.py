"""The rows that a release was built from are found again, whatever was compacted since."""

from datetime import date, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from network_registry.topics import EVENTS
from warehouse_releases.build_inputs import BuildInputs
from warehouse_releases.manifest_ranges import resolve
from warehouse_releases.segments import Segment, Source

SOURCE = Source(EVENTS, "cluster", "id", 0)
DAY = date(2026, 9, 1)


def segments_of(sizes: list[int]) -> list[Segment]:
    ends = [sum(sizes[: n + 1]) for n in range(len(sizes))]
    return [Segment(SOURCE, end - size, end - 1, DAY) for end, size in zip(ends, sizes, strict=True)]


def described(segments: list[Segment]) -> list[dict]:
    return BuildInputs(Path(), segments, {}, datetime(2026, 9, 1)).segment_ranges


sizes = st.lists(st.integers(1, 9), min_size=1, max_size=12)


@given(sizes, st.sets(st.integers(0, 11)), st.data())
def test_the_offsets_are_the_same_whatever_the_files_are_now(before, absent, data):
    built_from = [one for n, one in enumerate(segments_of(before)) if n not in absent]
    total = sum(before)
    cuts = sorted(data.draw(st.sets(st.integers(1, total - 1), max_size=5))) if total > 1 else []
    now = segments_of([end - start for start, end in zip([0, *cuts], [*cuts, total], strict=True)])
    resolved = resolve(described(built_from), now)
    whole = [offset for one in resolved.whole for offset in range(one.first, one.last + 1)]
    parts = [n for _, ranges in resolved.parts for first, last in ranges for n in range(first, last + 1)]
    assert sorted(whole + parts) == [n for one in built_from for n in range(one.first, one.last + 1)]
    assert resolved.lost == 0


def test_what_landed_since_and_what_came_from_elsewhere_is_left_out():
    other = Segment(Source(EVENTS, "cluster", "another", 0), 0, 9, DAY + timedelta(days=1))
    resolved = resolve(described([Segment(SOURCE, 0, 9, DAY)]), [Segment(SOURCE, 0, 19, DAY), other])
    assert resolved.whole == ()
    assert resolved.parts == ((Segment(SOURCE, 0, 19, DAY), ((0, 9),)),)


def test_offsets_that_are_gone_are_counted():
    assert resolve(described([Segment(SOURCE, 0, 9, DAY)]), [Segment(SOURCE, 0, 3, DAY)]).lost == 6
    assert resolve(described([Segment(SOURCE, 0, 9, DAY)]), []).lost == 10
