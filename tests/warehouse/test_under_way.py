"""The journal of a build of everything: what stands after a kill, and when it can be gone on with."""

import shutil
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from network_registry.topics import EVENTS
from warehouse_releases.build_inputs import BuildInputs
from warehouse_releases.build_progress import last_told, tell_others
from warehouse_releases.models_watched import ModelsWatched, read_seconds, write_seconds
from warehouse_releases.segments import Segment, Source
from warehouse_releases.time_left import in_words, time_left
from warehouse_releases.under_way import begin, gone_on_with

SOURCE = Source(EVENTS, "cluster", "id", 0)
THEN, NOW = datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 9, 2, tzinfo=UTC)


def segment(first: int, last: int, generation: int = 0) -> Segment:
    return Segment(SOURCE, first, last, date(2026, 9, 1), generation)


def inputs(*segments: Segment, as_of: datetime = THEN) -> BuildInputs:
    return BuildInputs(Path(), list(segments), {"clinics": [{"clinic_id": "north"}]}, as_of)


BEGUN = inputs(segment(0, 9), segment(10, 19))


@pytest.fixture
def path(tmp_path) -> Path:
    begin(tmp_path / "journal", BEGUN, "code").note("model.m.one", 1.5)
    return tmp_path / "journal"


def test_a_killed_build_is_gone_on_with_as_of_then_and_without_what_landed_since(path):
    found = gone_on_with(path, inputs(*BEGUN.segments, segment(20, 29), as_of=NOW), "code")
    assert found is not None
    under_way, then = found
    assert under_way.standing == {"model.m.one": 1.5}
    assert (then.as_of, then.segments) == (THEN, BEGUN.segments)


@pytest.mark.parametrize(
    ("why", "now", "code"),
    [
        ("other code", BEGUN, "newer"),
        ("somebody was erased", replace(BEGUN, erasures=1), "code"),
        ("the registry changed", replace(BEGUN, registry={"clinics": []}), "code"),
        ("a segment is gone", inputs(segment(0, 9)), "code"),
        ("a segment is part of a longer one", inputs(segment(0, 29)), "code"),
    ],
)
def test_it_begins_anew_when(path, why, now, code):
    assert gone_on_with(path, now, code) is None, why


def test_files_that_were_merged_meanwhile_hold_the_same_rows(path):
    assert gone_on_with(path, inputs(segment(0, 19)), "code") is not None


def test_without_a_journal_there_is_nothing_to_go_on_with(tmp_path):
    assert gone_on_with(tmp_path / "none", BEGUN, "code") is None


def test_a_journal_that_is_no_journal_is_none(tmp_path):
    (tmp_path / "journal").write_bytes(b"\0\0\n[]")
    assert gone_on_with(tmp_path / "journal", BEGUN, "code") is None


@pytest.mark.parametrize("head", ["[1,2]", "5", "null", "{}", '{"code": 1}', '{"code": "code", "erasures": 0}'])
def test_what_has_another_shape_is_no_journal(path, head):
    path.write_text(head + "\n" + '{"model": "model.m.one", "seconds": 1}')
    assert gone_on_with(path, BEGUN, "code") is None


@pytest.mark.parametrize("line", ["5", "{}", "null", '{"model": 1, "seconds": 2}', '{"model": "model.m.cut'])
def test_a_line_that_says_nothing_spoils_none_but_itself(path, line):
    path.write_text(path.read_text() + "\n" + line)
    found = gone_on_with(path, BEGUN, "code")
    assert found and list(found[0].standing) == ["model.m.one"]
    found[0].note("model.m.two", 2.0)
    again = gone_on_with(path, BEGUN, "code")
    assert again and list(again[0].standing) == ["model.m.one", "model.m.two"]


@given(cut=st.integers(min_value=0))
def test_cut_off_anywhere_it_names_no_model_that_does_not_stand(tmp_path_factory, cut):
    path = tmp_path_factory.mktemp("cut") / "journal"
    under_way = begin(path, BEGUN, "code")
    for number in range(5):
        under_way.note(f"model.m.{number}", 1.0)
    whole = path.read_bytes()
    path.write_bytes(whole[: cut % (len(whole) + 1)])
    found = gone_on_with(path, BEGUN, "code")
    standing = list(found[0].standing) if found else []
    assert standing == [f"model.m.{number}" for number in range(len(standing))]


def test_what_is_left_is_weighed_with_what_each_model_took_last_time(path, monkeypatch):
    clock = iter(range(0, 1000, 10))
    monkeypatch.setattr("warehouse_releases.models_watched.time.monotonic", lambda: next(clock))
    under_way, _ = gone_on_with(path, BEGUN, "code") or pytest.fail("nothing to go on with")
    told: list[str] = []
    watched = ModelsWatched(under_way, {"model.m.one": 50, "model.m.two": 10, "model.m.three": 180}, told.append)
    assert watched.standing == ["one"]
    watched.begin({"model.m.one", "model.m.two", "model.m.three"})
    watched.stands("model.m.two", 9.0)
    assert told == ["going on: 1 of 3 models stand", "building: 2 of 3 models, about 3 min left"]


def test_who_waits_hears_what_the_builder_is_at_and_a_disk_without_room_stops_nobody(home):
    assert last_told(home) is None
    tell_others(home, "auditing")
    assert last_told(home) == "auditing"
    shutil.rmtree(home.run)
    tell_others(home, "releasing")
    assert last_told(home) is None


def test_what_the_models_took_is_kept_and_what_cannot_be_read_is_nothing(tmp_path):
    write_seconds(tmp_path / "seconds", {"model.m.one": 2.0})
    assert read_seconds(tmp_path / "seconds") == {"model.m.one": 2.0}
    for said in ("[1", '{"a": null}', "[]", "5"):
        (tmp_path / "seconds").write_text(said)
        assert read_seconds(tmp_path / "seconds") == read_seconds(tmp_path / "none") == {}


@pytest.mark.parametrize(
    ("done", "total", "seconds", "words"),
    [
        (0, 100, 10, ""),
        (50, 100, 10, "about 10 s left"),
        (99, 100, 1, "about 1 s left"),
        (10, 100, 20, "about 3 min left"),
        (1, 100, 600, "about 16 h 30 min left"),
        (100, 100, 5, "about 1 s left"),
    ],
)
def test_the_time_that_is_left_is_told_in_words(done, total, seconds, words):
    assert in_words(time_left(done, total, seconds)) == words
