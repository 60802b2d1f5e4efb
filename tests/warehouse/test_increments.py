"""When a build may go on from the last one: compaction changes nothing of what it knows, an erasure everything."""

from datetime import UTC, date, datetime
from pathlib import Path

from network_registry.database import open_registry
from network_registry.topics import EVENTS
from warehouse_releases.build_inputs import BuildInputs
from warehouse_releases.increments import built_from, new_segments, read_note, write_note
from warehouse_releases.ledger import EVERYTHING, asked_by, request_build
from warehouse_releases.segments import Segment, Source
from warehouse_releases.workshop import NOTE, begin_anew, workshop

SOURCE = Source(EVENTS, "cluster", "id", 0)


def segment(first: int, last: int, generation: int = 0) -> Segment:
    return Segment(SOURCE, first, last, date(2026, 9, 1), generation)


def inputs(*segments: Segment, erasures: int = 0) -> BuildInputs:
    return BuildInputs(Path(), list(segments), {"clinics": []}, datetime(2026, 9, 1, tzinfo=UTC), erasures)


BUILT = built_from(inputs(segment(0, 9), segment(10, 19)), "code")


def test_files_that_were_merged_since_hold_nothing_new():
    assert new_segments(BUILT, inputs(segment(0, 19), segment(20, 29)), "code") == [segment(20, 29)]


def test_after_an_erasure_everything_is_built_anew_though_the_offsets_are_the_same():
    assert new_segments(BUILT, inputs(segment(0, 9, 1), segment(10, 19), erasures=1), "code") is None


def test_a_note_tells_how_often_somebody_had_been_erased(tmp_path):
    built = built_from(inputs(segment(0, 9), erasures=2), "code")
    write_note(tmp_path / "note", built)
    assert read_note(tmp_path / "note") == built


def test_a_rebuild_forgets_what_the_last_build_was_built_from(home):
    registry = open_registry(home)
    asked = [request_build(registry, by) for by in ("meridian build", EVERYTHING)]
    assert [EVERYTHING in asked_by(registry, [one]) for one in asked] == [False, True]
    workshop(home).mkdir()
    write_note(workshop(home) / NOTE, BUILT)
    begin_anew(home)
    begin_anew(home)
    assert read_note(workshop(home) / NOTE) is None
