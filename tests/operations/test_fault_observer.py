"""The judge of a campaign sees each event that is lost, counted twice or not accounted for."""

import sqlite3
from pathlib import Path

import duckdb
import pytest

from control_room.fault_campaign import observer
from control_room.fault_campaign.observer import judge

TOPIC = "clinic.north.events"


@pytest.fixture
def judged(tmp_path, monkeypatch):
    """The judgement on five events that the clinic holds for acknowledged, where something else was counted."""

    def of(counted: list[tuple[int, str | None, str]], queued: int = 0, written: int = 5):
        _outbox(tmp_path / "north.sqlite", acknowledged=5, queued=queued)
        _release(tmp_path / "release.duckdb", counted)
        monkeypatch.setattr(observer, "_written", lambda *_: ((TOPIC, 0, offset) for offset in range(written)))
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
    assert judged([*all_of(3), (3, None, "quarantined"), (4, "e-0", "duplicate")]) == (0, 0, 0)


def test_one_lost_is_seen(judged):
    assert judged(all_of(4)) == (1, 0, 1)


def test_one_counted_at_two_places_is_seen(judged):
    assert judged([*all_of(4), (4, "e-0", "accepted")]) == (0, 1, 0)


def test_a_place_with_two_dispositions_is_seen(judged):
    assert judged([*all_of(5), (2, None, "quarantined")]) == (0, 0, 1)


def test_a_place_that_the_broker_has_and_nobody_counts_is_seen(judged):
    assert judged(all_of(5), written=6) == (0, 0, 1)


def _outbox(path: Path, acknowledged: int, queued: int) -> None:
    rows = [("sent", 0, offset) for offset in range(acknowledged)] + [("queued", None, None)] * queued
    with sqlite3.connect(path) as outbox:
        outbox.execute('create table events (state text, partition integer, "offset" integer)')
        outbox.executemany("insert into events values (?, ?, ?)", rows)


def _release(path: Path, counted: list[tuple[int, str | None, str]]) -> None:
    with duckdb.connect(str(path)) as release:
        release.execute("create schema staging")
        release.execute(
            "create table staging.stg_dispositions (origin_topic text, origin_partition integer,"
            " origin_offset bigint, event_id text, disposition text)"
        )
        rows = [[TOPIC, 0, offset, event_id, disposition] for offset, event_id, disposition in counted]
        release.executemany("insert into staging.stg_dispositions values (?, ?, ?, ?, ?)", rows)
