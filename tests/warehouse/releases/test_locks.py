"""Data locks through the real files: made once for a period, carried by every version, never shown when they fail."""

import json
from datetime import date, timedelta

import pytest

from control_room.commands import warehouse
from control_room.status import platform_status
from disclosure_control.auditor import Leak
from disclosure_control.restatements import News
from network_registry.settings import Settings
from warehouse_releases import builder, locking
from warehouse_releases.build_folders import current_release
from warehouse_releases.ledger import LOCK
from warehouse_releases.lock_folders import list_locks, locks_folder
from warehouse_releases.lock_ledger import recorded_locks
from warehouse_releases.lock_news import news_since
from warehouse_releases.lock_on_request import lock_now
from warehouse_releases.readers import ReleaseUnreadable, list_releases, query

pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("builds")]


def build(place, settings: Settings | None = None):
    release = builder.build_now(place.home, settings or place.settings, wait_landed=False, requested_by=LOCK)
    assert release.status == "released", release.manifest.get("error")
    return release


def a_week_later(place) -> Settings:
    return place.settings.model_copy(update={"as_of": place.settings.as_of + timedelta(days=7)})


def test_a_release_built_by_dbt_locks_the_last_week_and_leaves_no_trace_in_the_officers_file(released):
    (made,) = list_locks(released.home)
    assert (made.period, made.closed_until.isoformat()) == ("2026-W38", "2026-09-21")
    assert query(released.home, "select 1 from duckdb_schemas() where schema_name = 'locked'", "officer") == []
    tables = {one["table_name"] for one in query(released.home, "select table_name from duckdb_tables()")}
    assert tables == {*made.folder.read_cells().tables, "restatements"}
    assert tables >= {"mart_safety_by_clinic", "mart_outcome_difference"}
    assert not tables & {"mart_data_quality", "mart_clinic_signals"}
    assert recorded_locks(released.ledger)[0][0] == "2026-W38"


def test_the_officers_part_of_a_lock_is_closed_and_the_rest_is_open(released):
    folder = list_locks(released.home)[0].folder
    modes = [path.stat().st_mode & 0o777 for path in (folder.cells.parent, folder.cells, folder.analyst_file)]
    assert modes == [0o700, 0o600, 0o644]


def test_whoever_waits_for_a_release_does_not_wait_for_a_lock(replayed):
    place = replayed()
    assert builder.build_now(place.home, place.settings, wait_landed=False).status == "released"
    assert list_locks(place.home) == []
    assert query(place.home, "select count(*) as n from mart_safety_by_clinic", "officer")[0]["n"] > 0
    with pytest.raises(ReleaseUnreadable, match="there is none yet: `meridian lock` makes one"):
        query(place.home, "from mart_safety_by_clinic")


def test_every_version_until_the_next_lock_carries_the_same_file(replayed):
    place = replayed()
    build(place)
    first = current_release(place.home).warehouse("analyst")
    build(place)
    second = current_release(place.home).warehouse("analyst")
    assert first != second
    locked = list_locks(place.home)[0].folder.analyst_file
    assert first.stat().st_ino == second.stat().st_ino == locked.stat().st_ino
    assert [one["lock"] for one in list_releases(place.home)] == ["2026-W38", "2026-W38"]


def test_the_next_week_is_another_lock(replayed):
    place = replayed()
    build(place)
    build(place, a_week_later(place))
    assert [made.period for made in list_locks(place.home)] == ["2026-W38", "2026-W39"]
    assert [one["lock"] for one in list_releases(place.home)] == ["2026-W39", "2026-W38"]


def test_asked_for_a_lock_when_nothing_has_closed_it_says_when_something_will(replayed, monkeypatch, capsys):
    place = replayed()
    assert lock_now(place.home, place.settings, wait_landed=False).as_json()["locked"] is True
    monkeypatch.setattr("control_room.homes.present_home", lambda: (place.home, place.settings))
    monkeypatch.setattr("control_room.process_status.require_running", lambda *_: None)
    assert warehouse.lock(json=True) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["locked"], said["period"], said["release_id"]) == (False, "2026-W38", None)
    assert said["reason"] == "nothing has closed since 2026-W38; the next week closes on 2026-09-28 at 12:00 UTC"
    assert len(list_releases(place.home)) == 1


def test_the_resident_builder_locks_by_itself_when_a_week_has_closed(replayed):
    place = replayed()
    build(place)
    assert locking.due_lock(place.home, place.settings, place.settings.as_of) is None
    assert locking.due_lock(place.home, place.settings, place.settings.as_of + timedelta(days=7)) == "2026-W39"


def test_a_lock_that_gives_something_away_is_not_shown_and_status_says_so(replayed, monkeypatch):
    place = replayed()
    build(place)
    audit = locking.audit_locks
    monkeypatch.setattr(locking, "audit_locks", lambda _: [Leak("mart.events (a) at 2026-W39", 0.0)])
    release = build(place, a_week_later(place))
    assert release.manifest["lock"]["period"] == "2026-W38"
    failed = "lock 2026-W39 is not shown: mart.events (a) at 2026-W39 can be told"
    assert release.manifest["lock_failed"] == failed
    assert failed in platform_status(place.home, place.settings)["problems"]
    monkeypatch.setattr(locking, "audit_locks", audit)
    assert build(place, a_week_later(place)).manifest["lock"]["period"] == "2026-W39"


def test_a_mart_that_does_not_say_what_its_cells_are_fails_the_build_in_one_line(replayed, monkeypatch):
    place = replayed()
    kept = locking.analyst_declarations

    def without_patients(manifest):
        for node in manifest["nodes"].values():
            node["config"].get("meta", {}).pop("patients", None)
        return kept(manifest)

    monkeypatch.setattr(locking, "analyst_declarations", without_patients)
    release = builder.build_now(place.home, place.settings, wait_landed=False, requested_by=LOCK)
    assert release.status == "build_failed"
    assert release.manifest["error"].endswith("its meta does not give `patients`")


def test_a_builder_that_died_with_the_lock_in_place_finds_it(replayed, monkeypatch):
    place, link = replayed(), locking._link
    monkeypatch.setattr(locking, "_link", lambda *_: {}["died"])
    with pytest.raises(builder.BuildFailed):
        builder.build_now(place.home, place.settings, wait_landed=False, requested_by=LOCK)
    (left,) = list_locks(place.home)
    monkeypatch.setattr(locking, "_link", link)
    build(place)
    assert [made.locked_at for made in list_locks(place.home)] == [left.locked_at]


def test_a_builder_that_died_before_the_lock_was_in_place_makes_it_again(replayed, monkeypatch):
    place = replayed()
    publish = locking._publish
    monkeypatch.setattr(locking, "_publish", lambda *_: {}["died"])
    with pytest.raises(builder.BuildFailed):
        builder.build_now(place.home, place.settings, wait_landed=False, requested_by=LOCK)
    assert list_locks(place.home) == []
    monkeypatch.setattr(locking, "_publish", publish)
    build(place)
    assert [made.period for made in list_locks(place.home)] == ["2026-W38"]


def test_a_damaged_analyst_file_is_written_again_from_the_cells(replayed):
    place = replayed()
    build(place)
    (made,) = list_locks(place.home)
    before = query(place.home, "from mart_safety_by_clinic")
    made.folder.analyst_file.write_bytes(b"torn")
    build(place)
    assert query(place.home, "from mart_safety_by_clinic") == before


def test_a_lock_that_cannot_be_read_fails_the_build_rather_than_be_forgotten(replayed):
    place = replayed()
    build(place)
    (locks_folder(place.home) / "2026-W38" / "lock.json").write_text("{")
    release = builder.build_now(place.home, a_week_later(place), wait_landed=False, requested_by=LOCK)
    assert release.status == "build_failed"
    assert release.manifest["error"] == "lock 2026-W38 does not say what it is: its lock.json is damaged or missing"


def test_what_arrived_since_a_lock_is_news_of_its_clinic_and_month(released):
    officer = current_release(released.home).warehouse("officer")
    former = dict(list_locks(released.home)[0].said)
    assert news_since(former, former["code"], officer, released.ledger) == set()
    before_all = former | {"newest_arrival": None}
    assert news_since(before_all, former["code"], officer, released.ledger) == {News("late", "north", date(2026, 9, 1))}
    code = former["code"] | {"dbt_project": "another", "vocabularies": {}}
    assert news_since(former, code, officer, released.ledger) == {News("rule"), News("vocabulary")}
