"""The judge of a campaign sees each event that is lost, counted twice or not accounted for."""

import sqlite3
from pathlib import Path

import duckdb
import pytest

from control_room.fault_campaign import observer
from control_room.fault_campaign.observer import judge, landed_twice

TOPIC = "clinic.north.events"


@pytest.fixture
def judged(tmp_path, monkeypatch):
    """The judgement on five events that the clinic holds for acknowledged, where something else was counted."""

    def of(counted: list[tuple[int, str | None, str]], queued: int = 0, written: int = 5, fifth: str = "e-4"):
        _outbox(tmp_path / "north.sqlite", ["e-0", "e-1", "e-2", "e-3", fifth], queued)
        _release(tmp_path / "release.duckdb", counted)
        there = {("id-1", 0, offset) for offset in range(written)}
        monkeypatch.setattr(observer, "_written", lambda *_: (there, {"id-1"}))
        found = judge(tmp_path, tmp_path / "release.duckdb", {})
        return found.missing, found.counted_twice, found.unaccounted

    return of


def all_of(count: int) -> list[tuple[int, str | None, str]]:
    return [(offset, f"e-{offset}", "accepted") for offset in range(count)]


def test_what_is_counted_once_each_holds(judged):
    assert judged(all_of(5)) == (0, 0, 0)


def test_an_event_that_was_not_acknowledged_may_be_absent(judged):
    assert judged(all_of(5), queued=3) == (0, 0, 0)


def test_what_was_refused_or_a_duplicate_is_there_too(judged):
    assert judged([*all_of(3), (3, None, "quarantined"), (4, "e-0", "duplicate")], fifth="e-0") == (0, 0, 0)


def test_one_lost_is_seen(judged):
    assert judged(all_of(4)) == (1, 0, 1)


def test_one_counted_at_two_places_is_seen(judged):
    assert judged([*all_of(4), (4, "e-0", "accepted")], fifth="e-0") == (0, 1, 0)


def test_a_place_with_two_dispositions_is_seen(judged):
    assert judged([*all_of(5), (2, None, "quarantined")]) == (0, 0, 1)


def test_a_place_that_the_broker_has_and_nobody_counts_is_seen(judged):
    assert judged(all_of(5), written=6) == (0, 0, 1)


def test_an_event_that_stands_in_another_s_place_is_missing(judged):
    assert judged([*all_of(4), (4, "e-9", "accepted")]) == (1, 0, 0)


def test_what_was_counted_of_a_topic_that_is_no_more_is_no_fault(judged):
    assert judged([*all_of(5), (7, "e-7", "accepted", "id-0")]) == (0, 0, 0)


def test_a_record_that_lies_in_two_segments_is_seen(tmp_path):
    for first, last in ((0, 3), (3, 5)):
        folder = tmp_path / "network.events/cluster=c/topic_id=t/partition=0/ingest_date=2026-09-01"
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{first:020}-{last:020}.parquet"
        duckdb.sql(f"copy (select range as landed_offset from range({first}, {last + 1})) to '{file}'")
    assert landed_twice(tmp_path) == 1


def _outbox(path: Path, acknowledged: list[str], queued: int) -> None:
    rows = [("sent", "id-1", 0, offset, event_id) for offset, event_id in enumerate(acknowledged)]
    rows += [("queued", None, None, None, "e")] * queued
    with sqlite3.connect(path) as outbox:
        outbox.execute(
            'create table events (state text, topic_id text, partition integer, "offset" integer, event_id text)'
        )
        outbox.executemany("insert into events values (?, ?, ?, ?, ?)", rows)


def _release(path: Path, counted: list[tuple[int, str | None, str]]) -> None:
    with duckdb.connect(str(path)) as release:
        release.execute("create schema staging")
        release.execute(
            "create table staging.stg_dispositions (origin_topic text, origin_topic_id text, origin_partition integer,"
            " origin_offset bigint, event_id text, disposition text)"
        )
        for offset, event_id, disposition, *topic_id in counted:
            row = [TOPIC, *(topic_id or ["id-1"]), 0, offset, event_id, disposition]
            release.execute("insert into staging.stg_dispositions values (?, ?, ?, ?, ?, ?)", row)
