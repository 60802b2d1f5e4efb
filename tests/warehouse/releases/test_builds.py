"""A build from segments to a release, with dbt and Great Expectations."""

import json

import duckdb
import pytest

from warehouse_releases import builder
from warehouse_releases.build_folders import current_release
from warehouse_releases.lake_dispositions import open_dispositions
from warehouse_releases.ledger import LOCK
from warehouse_releases.readers import query

pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("builds")]


def test_the_release_says_what_it_was_built_from_and_how_each_mart_was_checked(released):
    manifest = json.loads(current_release(released.home).manifest.read_text())
    assert manifest["as_of"] == released.settings.as_of.isoformat()
    assert [(one["topic"], one["ranges"]) for one in manifest["segments"]] == [
        ("network.events", [[0, 6]]),
        ("network.quarantine", [[0, 1]]),
    ]
    assert set(manifest["verdicts"].values()) == {"passed"}
    assert "adverse_event_terms" in manifest["code"]["vocabularies"]
    assert {check["source"] for check in manifest["checks"]} == {"dbt", "audit"}
    keyed = {check["table"] for check in manifest["checks"] if check["check"].startswith("is_key_")}
    assert {"sessions", "needles", "mart_safety_by_clinic"} <= keyed


def test_the_release_counts_what_the_lake_counts(released):
    counts = "select disposition, count(*) as n from staging.stg_dispositions group by 1 order by 1"
    built = query(released.home, counts, "officer")
    assert built == [
        {"disposition": "accepted", "n": 5},
        {"disposition": "quarantined", "n": 3},
    ]
    with open_dispositions(released.home.lake) as lake:
        counted = lake.execute("select disposition, count(*) from dispositions group by 1 order by 1").fetchall()
    assert counted == [(row["disposition"], row["n"]) for row in built]


def test_an_event_marked_as_test_data_is_accounted_for_and_not_counted(released):
    marked = "select disposition from staging.stg_dispositions where is_test"
    assert query(released.home, marked, "officer") == [{"disposition": "accepted"}]
    assert query(released.home, "select 1 from core.sessions where session_id = 'not-real'", "officer") == []


def test_analysts_get_the_marts_of_their_tier_with_a_status_for_each_measure_and_no_patient(released):
    (row,) = query(released.home, "from mart_safety_by_clinic where ae_screen_method = 'checklist'")
    measures = [name.removesuffix("_status") for name in row if name.endswith("_status")]
    assert {"sessions", "events", "ci_low"} <= set(measures)
    assert {*row} == {
        "clinic_id",
        "month",
        "ae_screen_method",
        "shown_since",
        *measures,
        *(f"{m}_status" for m in measures),
    }
    # The month is not over, and of one patient nothing would be shown if it were.
    assert {row[measure] for measure in measures} == {None}
    assert {row[f"{measure}_status"] for measure in measures} <= {"too_early", "not_applicable"}
    columns = query(released.home, "select distinct column_name from information_schema.columns")
    assert not {one["column_name"] for one in columns} & {"patient_id", "session_id", "event_id"}


def test_the_officers_file_is_closed_and_the_analysts_is_open(released):
    current = current_release(released.home)
    modes = {tier: current.warehouse(tier).stat().st_mode & 0o777 for tier in ("officer", "analyst")}
    assert modes == {"officer": 0o600, "analyst": 0o644}


def test_the_file_alone_is_the_warehouse_and_readers_of_duckdb_1_can_open_it(released):
    for tier in ("officer", "analyst"):
        folder = current_release(released.home).warehouse(tier).parent
        assert [path.name for path in folder.iterdir()] == ["warehouse.duckdb"]
        with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as connection:
            (tags,) = connection.execute(
                "select tags from duckdb_databases() where database_name = 'warehouse'"
            ).fetchall()
        assert tags[0]["storage_version"].startswith("v1.0")


def test_the_release_has_data_docs_to_look_at(released):
    assert "mart_safety_by_clinic" in current_release(released.home).data_docs.read_text()


def test_a_network_in_which_nothing_has_happened_has_a_release_with_empty_marts(empty_place):
    place = empty_place
    release = builder.build_now(place.home, place.settings, wait_landed=False, requested_by=LOCK)
    assert (release.status, release.manifest.get("error")) == ("released", None)
    assert query(place.home, "select count(*) as n from mart_safety_by_clinic") == [{"n": 0}]
