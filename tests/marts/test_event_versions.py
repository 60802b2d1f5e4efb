"""What becomes of corrections, retractions, mergers and what is sent again: the project's own compiled statements, held
against the same rules told in Python, over stories that Hypothesis makes up. The stories name no order of arrival, and
none can matter: nothing that says when an event arrived is read."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic_events.resources import bundled

from .version_rules import MERGED, OUTCOME, RETRACTED, SESSION, Event, by_the_rules

MODELS = [
    "stg_correction_walks", "stg_chains", "stg_retractions", "stg_mergers", "stg_patient_identities", "event_versions",
]  # fmt: skip
Versions = Callable[[list[Event]], dict[str, dict]]


@pytest.fixture(scope="session")
def statements(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str]]:
    folder = tmp_path_factory.mktemp("compiled")
    project = str(bundled("dbt"))
    subprocess.run(
        [sys.executable, "-m", "dbt.cli.main", "compile", "--select", *MODELS, "--quiet",
         "--project-dir", project, "--profiles-dir", project, "--target-path", str(folder), "--log-path", str(folder)],
        env={**os.environ, "MERIDIAN_BUILD_DB": str(folder / "warehouse.duckdb")}, check=True, capture_output=True,
    )  # fmt: skip
    compiled = folder / "compiled" / "meridian" / "models" / "staging"
    return [(model, (compiled / f"{model}.sql").read_text()) for model in MODELS]


@pytest.fixture(scope="session")
def versions(statements: list[tuple[str, str]], tmp_path_factory: pytest.TempPathFactory) -> Versions:
    """What the project makes of these events: each one's row by its id."""
    path = tmp_path_factory.mktemp("stories") / "told.json"
    connection = duckdb.connect()
    connection.execute("attach ':memory:' as warehouse; create schema warehouse.staging; use warehouse.staging")

    def build(events: list[Event]) -> dict[str, dict]:
        connection.execute("drop table if exists told")
        told = [
            {**vars(one), "said_order": one.said_order, "occurred_at": f"2026-01-05 {one.hour:02}:00:00"}
            for one in events
        ]
        path.write_text(json.dumps(told))
        connection.execute(_STG_EVENTS.format(path=path))
        for model, statement in statements:
            connection.execute(f"create or replace table {model} as {statement}")
        result = connection.execute("from event_versions")
        names = [column[0] for column in result.description or ()]
        rows = (dict(zip(names, row, strict=True)) for row in result.fetchall())
        return {row["event_id"]: row for row in rows}

    return build


_STG_EVENTS = """
create or replace table stg_events as
select
    clinic_id, event_id, event_type, patient_id, occurred_at, cast(occurred_at as date) as local_date,
    date '2026-01-01' as month, timestamp '2026-01-06' as received_at, occurred_at as said_at, source as source_key,
    epoch as source_epoch, said_order, nullif(supersedes, event_id) as supersedes,
    nullif(retracts, event_id) as retracts, former_patient_id, cast(null as varchar) as subject_code
from read_json('{path}', columns = {{
    event_id: 'VARCHAR', event_type: 'VARCHAR', clinic_id: 'VARCHAR', patient_id: 'VARCHAR', supersedes: 'VARCHAR',
    retracts: 'VARCHAR', former_patient_id: 'VARCHAR', source: 'VARCHAR', epoch: 'BIGINT', said_order: 'VARCHAR',
    occurred_at: 'TIMESTAMP'
}})
"""


def statuses(rows: dict[str, dict]) -> dict[str, str]:
    return {event_id: row["status"] for event_id, row in rows.items()}


def test_a_correction_takes_the_place_of_what_it_corrects_and_both_are_kept(versions: Versions) -> None:
    found = versions([Event("a"), Event("b", supersedes="a"), Event("c", supersedes="b")])
    assert statuses(found) == {"a": "superseded", "b": "superseded", "c": "current"}
    assert [(row["chain_id"], row["version"]) for _, row in sorted(found.items())] == [("a", 1), ("a", 2), ("a", 3)]


def test_no_clinic_corrects_or_retracts_the_event_of_another(versions: Versions) -> None:
    told = [Event("a"), Event("b", clinic_id="birch", supersedes="a")]
    told.append(Event("r", RETRACTED, clinic_id="birch", patient_id=None, retracts="a"))
    assert statuses(versions(told)) == {"a": "current", "b": "held", "r": "current"}


def test_a_correction_is_held_until_what_it_corrects_is_there(versions: Versions) -> None:
    waiting = [Event("b", supersedes="a"), Event("c", supersedes="b")]
    assert statuses(versions(waiting)) == {"b": "held", "c": "held"}
    assert statuses(versions([*waiting, Event("a")])) == {"a": "superseded", "b": "superseded", "c": "current"}


def test_an_event_of_another_type_is_not_what_is_corrected(versions: Versions) -> None:
    assert statuses(versions([Event("a"), Event("b", OUTCOME, supersedes="a")])) == {"a": "current", "b": "held"}


def test_of_a_fork_the_longer_branch_holds_then_what_was_said_last(versions: Versions) -> None:
    fork = [Event("a"), Event("b", supersedes="a", said=5), Event("c", supersedes="a", said=3)]
    found = versions(fork)
    assert statuses(found) == {"a": "superseded", "b": "current", "c": "superseded"}
    assert {event_id for event_id, row in found.items() if row["is_forked"]} == {"b", "c"}
    assert versions([*fork, Event("d", supersedes="c", said=4)])["d"]["status"] == "current"


def test_of_a_circle_what_was_said_last_holds_and_it_is_told(versions: Versions) -> None:
    found = versions([Event("a", supersedes="b", said=2), Event("b", supersedes="a", said=1)])
    assert statuses(found) == {"a": "current", "b": "superseded"}
    assert all(row["is_cyclic"] for row in found.values())


@pytest.mark.parametrize("named", ["a", "b"])
def test_a_retraction_of_any_version_takes_all_of_them_back(versions: Versions, named: str) -> None:
    told = [Event("a"), Event("b", supersedes="a"), Event("r", RETRACTED, patient_id=None, retracts=named)]
    assert statuses(versions(told)) == {"a": "superseded", "b": "retracted", "r": "current"}


def test_a_retraction_that_is_taken_back_takes_nothing_back(versions: Versions) -> None:
    told = [Event("a"), Event("r", RETRACTED, patient_id=None, retracts="a")]
    told.append(Event("s", RETRACTED, patient_id=None, retracts="r"))
    assert statuses(versions(told)) == {"a": "current", "r": "retracted", "s": "current"}
    told.append(Event("t", RETRACTED, patient_id=None, retracts="s"))
    assert statuses(versions(told))["a"] == "retracted"


def test_what_another_source_sends_again_counts_once(versions: Versions) -> None:
    found = versions([Event("a"), Event("b", source="moved", epoch=1), Event("c", source="moved", epoch=1, hour=10)])
    assert statuses(found) == {"a": "current", "b": "re_sent", "c": "current"}
    assert found["b"]["re_sent_of"] == "a"


def test_what_one_source_says_twice_it_has_said_twice(versions: Versions) -> None:
    assert statuses(versions([Event("a"), Event("b")])) == {"a": "current", "b": "current"}


def test_merged_patients_are_one_under_the_last_name_and_their_events_are_known_again(versions: Versions) -> None:
    merged = [Event("m", MERGED, patient_id="p2", former_patient_id="p1", hour=20)]
    merged.append(Event("n", MERGED, patient_id="p3", former_patient_id="p2", hour=21))
    found = versions([Event("a"), Event("b", patient_id="p3", source="moved", epoch=1), *merged])
    assert {row["patient_id"] for row in found.values()} == {"p3"}
    assert statuses(found)["b"] == "re_sent"


def test_a_merger_that_is_retracted_parts_the_patients_again(versions: Versions) -> None:
    told = [Event("a"), Event("m", MERGED, patient_id="p2", former_patient_id="p1")]
    told.append(Event("r", RETRACTED, patient_id=None, retracts="m"))
    assert versions(told)["a"]["patient_id"] == "p1"


def test_a_retraction_of_a_held_correction_does_not_reach_the_event_of_another_type_that_it_names(
    versions: Versions,
) -> None:
    told = [Event("a"), Event("b", OUTCOME, supersedes="a"), Event("r", RETRACTED, patient_id=None, retracts="b")]
    assert statuses(versions(told)) == {"a": "current", "b": "held", "r": "current"}


@st.composite
def stories(draw: st.DrawFn) -> list[Event]:
    names = [f"e{number}" for number in range(draw(st.integers(1, 9)))]
    some, another = st.sampled_from([*names, "never-sent"]), st.none() | st.sampled_from([*names, "never-sent"])
    told = []
    for name in names:
        kind = draw(st.sampled_from([SESSION, SESSION, SESSION, OUTCOME, RETRACTED]))
        event = Event(
            name,
            kind,
            clinic_id=draw(st.sampled_from(["ash", "ash", "birch"])),
            supersedes=draw(another),
            hour=draw(st.integers(9, 10)),
            source=draw(st.sampled_from("ab")),
            epoch=draw(st.integers(0, 1)),
            said=draw(st.integers(0, 3)),
        )
        told.append(replace(event, patient_id=None, retracts=draw(some)) if kind == RETRACTED else event)
    return told


@settings(max_examples=60, deadline=None)
@given(told=stories())
def test_the_statements_say_what_the_rules_say(versions: Versions, told: list[Event]) -> None:
    assert statuses(versions(told)) == by_the_rules(told)
