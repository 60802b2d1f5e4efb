"""Segment names: what they say, what they leave out, and what is no segment."""

from datetime import date
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse_releases.segments import Segment, Source, gaps, next_offset, overlaps, parse_segment

SOURCE = Source("network.events", "dVgWPz6AQLCadB_a3BQUxA", "da27953d-ef34-4376-9481-0725ed94d075", 3)
DAY = date(2026, 9, 1)


def segment(first: int, last: int) -> Segment:
    return Segment(SOURCE, first, last, DAY)


@given(st.integers(0, 2**63 - 1), st.integers(0, 10_000), st.dates(), st.integers(0, 99))
def test_a_name_tells_exactly_which_offsets_of_which_source_it_covers(first, more, day, partition):
    source = Source("network.quarantine", "A-b_c", "0f-9", partition)
    named = Segment(source, first, first + more, day)
    assert parse_segment(named.path) == named


@pytest.mark.parametrize(
    "path",
    [
        "network.events/schema-only.parquet",
        f"{segment(0, 9).path.parent}/.{segment(0, 9).path.name}.aside",
        str(segment(0, 9).path).replace("2026-09-01", "2026-13-01"),
        str(segment(9, 9).path).replace("9.parquet", "8.parquet"),
        f"copy/{segment(0, 9).path}",
    ],
)
def test_other_files_are_no_segments(path):
    assert parse_segment(PurePosixPath(path)) is None


def test_landing_goes_on_behind_the_last_offset_covered():
    assert next_offset([segment(0, 9), segment(10, 10)]) == 11
    assert next_offset([]) == 0


def test_a_hole_between_or_before_segments_is_a_gap():
    assert gaps([segment(5, 9), segment(12, 20)]) == [(0, 4), (10, 11)]
    assert gaps([segment(0, 9), segment(10, 20)]) == []


def test_two_segments_that_cover_an_offset_are_found():
    assert overlaps([segment(0, 9), segment(9, 12), segment(13, 20)]) == [(segment(0, 9), segment(9, 12))]
