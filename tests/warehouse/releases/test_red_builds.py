"""What keeps a bad build from being shown: the last good release stays up, and the reason is one line."""

import json

import duckdb
import pytest

from control_room.commands import warehouse
from network_registry.topics import EVENTS
from warehouse_releases import audit, builder, dbt_build
from warehouse_releases.build_folders import current_release, numbered
from warehouse_releases.lake import list_segments
from warehouse_releases.lake_faults import Fault, record_fault
from warehouse_releases.node_results import NodeResult
from warehouse_releases.readers import query
from warehouse_releases.segments import Segment
from warehouse_releases.workshop import NOTE, workshop

pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("builds")]


# Each fault of the platform: how it is planted, the table that must be found wrong, and what is said of it.
PLANTS = {
    "a broken key": (
        "insert into mart_safety_by_clinic from mart_safety_by_clinic",
        "mart_safety_by_clinic",
        "compound_columns_to_be_unique(['clinic_id', 'month', 'ae_screen_method'])",
    ),
    "a negative count": (
        "update mart_side_effects set events = -1",
        "mart_side_effects",
        "events is negative",
    ),
    "a rate outside its interval": (
        "update mart_safety_by_clinic set ci_high = rate_per_1000 - 1",
        "mart_safety_by_clinic",
        "rate_per_1000 is above ci_high",
    ),
    "an unknown status": (
        """
        insert into mart_data_quality by name
        select 'north' as clinic_id, current_date as day, 'a' as check_id, 'splendid' as status
        """,
        "mart_data_quality",
        "status is no word for it",
    ),
    "a sum that lost an event": (
        "delete from core.adverse_events",
        "invariants",
        "adverse_events_not_in_side_effects",
    ),
    "an event in two places": (
        "insert into staging.stg_dispositions from staging.stg_dispositions limit 1",
        "invariants",
        "origins_with_two_dispositions",
    ),
    "an event that the lake does not have": (
        "update staging.stg_dispositions set origin_offset = 99 where origin_offset = 0",
        "invariants",
        "dispositions_that_the_lake_does_not_give",
    ),
    "more to come than has come": (
        """
        insert into mart_reporting_delay by name
        select 'checklist' as ae_screen_method, 0 as days, 0.5 as share_reported, 0.6 as maturity
        """,
        "invariants",
        "maturities_above_the_share_reported",
    ),
    "a patient in a mart": (
        "alter table mart_side_effects add column patient_id varchar",
        "invariants",
        "marts_with_personal_columns",
    ),
    "a mart that is not there": ("drop table mart_outcome_by_arm", "mart_outcome_by_arm mart_exists"),
}


def test_each_fault_of_the_platform_turns_the_audit_red_and_the_last_release_stays_up(replayed, monkeypatch):
    place = replayed()
    assert builder.build_now(place.home, place.settings, wait_landed=False).status == "released"
    monkeypatch.setattr(dbt_build, "run_dbt", _planting(dbt_build.run_dbt, [plant for plant, *_ in PLANTS.values()]))
    release = builder.build_now(place.home, place.settings, wait_landed=False)
    assert release.status == "audit_failed"
    assert "\n" not in release.manifest["error"]
    (kept,) = numbered(place.home.builds)
    checks = json.loads(kept.manifest.read_text())["checks"]
    failed = [f"{check['table']} {check['check']} {check['detail']}" for check in checks if check["status"] == "failed"]
    unseen = [fault for fault, (_, *told) in PLANTS.items() if not any(all(one in f for one in told) for f in failed)]
    assert unseen == []
    assert current_release(place.home).release_id == 1
    assert query(place.home, "select count(*) as n from mart_safety_by_clinic", "officer")[0]["n"] > 0


def _planting(run_dbt, plants: list[str]):
    def run(project, build, database, variables, settings, watched=None):
        outcome = run_dbt(project, build, database, variables, settings, watched)
        with duckdb.connect(str(database)) as connection:
            for plant in plants:
                connection.execute(plant)
        return outcome

    return run


def test_a_lake_that_has_lost_events_turns_the_audit_red_and_names_what_is_missing(replayed, stream):
    place = replayed()
    assert builder.build_now(place.home, place.settings, wait_landed=False).status == "released"
    place.land(EVENTS, *(stream.accepted(offset) for offset in (7, 8, 9)))
    place.land(EVENTS, stream.accepted(10))
    lost = list_segments(place.home.lake, [EVENTS])[1]
    (place.home.lake / lost.path).unlink()
    release = builder.build_now(place.home, place.settings, wait_landed=False)
    assert release.status == "audit_failed"
    assert "lake: no_unexplained_gaps (network.events, partition 0: offsets 7 to 9)" in release.manifest["error"]
    assert current_release(place.home).release_id == 1


def test_a_gap_that_the_retention_explains_is_no_lost_event(replayed, stream):
    place = replayed()
    segments = list_segments(place.home.lake, [EVENTS])
    late = Segment(segments[0].source, 9, 9, segments[0].ingest_date)
    record_fault(place.home.lake, Fault("expired", late.source, ((6, 8),)))
    assert audit._without_gaps(place.home.lake, [*segments, late]).passed


def test_the_command_says_in_one_line_why_a_build_is_not_shown(replayed, monkeypatch, capsys):
    place = replayed()
    monkeypatch.setattr(dbt_build, "run_dbt", lambda *_: dbt_build.DbtOutcome((), {}, "model sessions: no such column"))
    monkeypatch.setattr("control_room.homes.present_home", lambda: (place.home, place.settings))
    monkeypatch.setattr("control_room.process_status.require_running", lambda *_: None)
    monkeypatch.setattr(builder, "wait_until_landed", lambda *_: None)
    assert warehouse.build(json=True) == 1
    said = capsys.readouterr()
    assert json.loads(said.out)["error"] == "model sessions: no such column"
    assert said.err.splitlines()[-1] == "release 1 is not shown: model sessions: no such column"


def test_a_model_that_cannot_be_built_is_a_failed_build_in_one_line(replayed, monkeypatch):
    place = replayed()
    monkeypatch.setattr(dbt_build, "run_dbt", lambda *_: dbt_build.DbtOutcome((), {}, "model sessions: no such column"))
    release = builder.build_now(place.home, place.settings, wait_landed=False)
    assert (release.status, release.manifest["error"]) == ("build_failed", "model sessions: no such column")
    assert current_release(place.home) is None


def test_a_build_that_breaks_is_an_answer_and_not_a_traceback(replayed, monkeypatch):
    place = replayed()
    monkeypatch.setattr(dbt_build, "run_dbt", lambda *_: {}["value"])
    with pytest.raises(builder.BuildFailed, match=r"^the build broke: KeyError in test_red_builds.py, line \d+$"):
        builder.build_now(place.home, place.settings, wait_landed=False)


def test_a_build_that_broke_lets_the_next_one_begin_anew(replayed, monkeypatch):
    place = replayed()
    assert builder.build_now(place.home, place.settings, wait_landed=False).status == "released"
    assert (workshop(place.home) / NOTE).exists()
    with monkeypatch.context() as broken:
        broken.setattr(dbt_build, "run_dbt", lambda *_: {}["value"])
        with pytest.raises(builder.BuildFailed):
            builder.build_now(place.home, place.settings, wait_landed=False)
    assert not (workshop(place.home) / NOTE).exists()
    assert builder.build_now(place.home, place.settings, wait_landed=False).status == "released"


def test_a_failed_test_is_told_and_what_dbt_left_out_behind_it_is_built_anew_by_the_next_build(replayed, monkeypatch):
    place = replayed()
    failed = NodeResult("every_session_has_a_needle", "test", "fail", "Got 3 results", ("sessions",))
    left_out = (
        NodeResult("mart_dose", "model", "skipped", None),
        NodeResult("is_key_mart_dose", "test", "skipped", None),
    )
    monkeypatch.setattr(dbt_build, "run_dbt", lambda *_: dbt_build.DbtOutcome((failed, *left_out), {}))
    release = builder.build_now(place.home, place.settings, wait_landed=False)
    assert release.status == "audit_failed"
    assert release.manifest["error"] == "sessions: every_session_has_a_needle (Got 3 results)"
    assert not (workshop(place.home) / NOTE).exists()


def test_a_working_database_that_is_damaged_is_made_anew(replayed):
    place = replayed()
    assert builder.build_now(place.home, place.settings, wait_landed=False).status == "released"
    (workshop(place.home) / "warehouse.duckdb").write_bytes(b"no database" * 10_000)
    assert builder.build_now(place.home, place.settings, wait_landed=False).status == "released"
