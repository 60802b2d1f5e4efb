"""Citations of a release that dbt built: the same from the lock as from the release, and beside every export."""

import hashlib
import json
import os
import subprocess
import sys

import pytest

from data_dictionary.measures import read_measures
from network_registry.exports import list_exports
from warehouse_releases.exporting import export
from warehouse_releases.lock_folders import list_locks
from warehouse_releases.readers import ReleaseUnreadable, query, query_cited

pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("builds")]

STATEMENT = "select clinic_id, month, sessions_status from mart_safety_by_clinic"


def test_an_answer_is_checked_by_asking_the_lock_again(released) -> None:
    rows, cited = query_cited(released.home, STATEMENT)
    again, checked = query_cited(released.home, f"{STATEMENT} ;", lock="2026-W38")
    assert again == rows == query(released.home, STATEMENT) != []
    assert checked.line() == cited.line()


def test_the_files_checksum_is_that_of_the_locks_file(released) -> None:
    (lock,) = list_locks(released.home)
    _, cited = query_cited(released.home, STATEMENT)
    assert lock.said["checksum"].startswith(cited.source.file_checksum)


def test_an_officer_cites_the_release(released) -> None:
    _, cited = query_cited(released.home, "select count(*) as n from core.sessions", "officer")
    assert (cited.source.release_id, cited.source.lock) == (1, None)


@pytest.mark.parametrize(
    ("tier", "lock", "said"),
    [
        ("analyst", "2026-W01", "there is no lock 2026-W01; there is 2026-W38"),
        ("analyst", "../2026-W38", "there is no lock ../2026-W38; there is 2026-W38"),
        ("officer", "2026-W38", "a lock is what analysts read: the officer tier has none"),
    ],
)
def test_a_lock_that_there_is_not_is_said_in_one_line(released, tier, lock, said) -> None:
    with pytest.raises(ReleaseUnreadable) as refused:
        query(released.home, "select 1", tier, lock)
    assert str(refused.value) == said


def test_no_other_file_is_within_reach_of_a_lock(released) -> None:
    cells = list_locks(released.home)[0].folder.cells
    with pytest.raises(ReleaseUnreadable, match="disabled by configuration"):
        query(released.home, f"from read_text('{cells}')", lock="2026-W38")


def test_beside_an_export_stands_what_each_file_is_cited_by(released, tmp_path) -> None:
    first = export(released.home, ["mart_safety_by_clinic"], tmp_path / "out")
    (csv,) = export(released.home, ["mart_side_effects"], tmp_path / "out", "csv")
    said = json.loads((tmp_path / "out" / "citations.json").read_text())
    assert said.keys() == {first[0].name, csv.name}
    one = said["mart_safety_by_clinic.parquet"]
    _, cited = query_cited(released.home, one["query"])
    assert one["line"] == cited.line()
    assert hashlib.sha256(first[0].read_bytes()).hexdigest().startswith(one["export_checksum"])


def test_what_is_said_of_a_file_that_is_gone_goes_with_the_next_export(released, tmp_path) -> None:
    (gone,) = export(released.home, ["mart_safety_by_clinic"], tmp_path)
    gone.unlink()
    export(released.home, ["mart_side_effects"], tmp_path)
    assert json.loads((tmp_path / "citations.json").read_text()).keys() == {"mart_side_effects.parquet"}


def test_citations_are_known_to_the_registry_as_a_part_of_the_export(released, tmp_path) -> None:
    export(released.home, ["mart_side_effects"], tmp_path / "known")
    made = next(each for each in list_exports(released.ledger) if each.folder == tmp_path / "known")
    assert made.files == ("mart_side_effects.parquet", "citations.json")


@pytest.mark.parametrize("name", read_measures())
def test_every_measure_answers_analysts_by_each_of_its_divisions(released, name) -> None:
    measure = read_measures()[name]
    for by in (None, *measure.divided_by):
        for row in query(released.home, measure.statement(by)):
            assert row[measure.value] is None or row[f"{measure.value}_status"] == "shown"


def run(place, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "control_room", *arguments],
        env={**os.environ, "MERIDIAN_HOME": str(place.home.root)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_says_the_line_below_the_answer_or_beside_the_rows(released) -> None:
    rows, cited = query_cited(released.home, STATEMENT)
    assert run(released, "sql", STATEMENT, "--cite").stdout.splitlines()[-1] == cited.line()
    said = json.loads(run(released, "sql", STATEMENT, "--cite", "--json").stdout)
    assert said == {"citation": cited.as_json(), "rows": rows}


def test_a_measure_is_answered_with_its_definition_and_its_citation(released) -> None:
    done = run(released, "measure", "adverse_events_per_1000_sessions", "--by", "clinic_id")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Adverse events per session, events per 1,000 sessions. ")
    assert "Not to be compared: figures of another way of asking" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("Meridian, lock 2026-W38, analyst tier")


def test_a_measure_that_there_is_not_is_one_line_and_exit_code_2(released) -> None:
    done = run(released, "measure", "cures")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("meridian: there is no measure cures; there are ")
    assert len(done.stderr.splitlines()) == 1
