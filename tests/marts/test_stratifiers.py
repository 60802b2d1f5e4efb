"""The dbt test that refuses a stratifier which is not listed, or known only after the outcome's time zero."""

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

pytestmark = pytest.mark.xdist_group("marts")

TEST = "stratifier_is_known_in_time_"


def tell(network: Any) -> None:
    """One session is enough for the marts to have strata."""
    network.say("sorrel", "session.completed", {"session_id": "s"}, at="2025-02-03T09:00:00+00:00")


@pytest.fixture(scope="module")
def tests(built) -> dict[str, str]:
    """The test's SQL for each mart that has it, as dbt ran it; {} for the mart's name."""
    assert built.exit_code == 0, built.output[-3000:]
    manifest = json.loads((built.file.parent / "target" / "manifest.json").read_text())
    found = {}
    for result in json.loads((built.file.parent / "target" / "run_results.json").read_text())["results"]:
        node = manifest["nodes"].get(result["unique_id"], {})
        if node.get("name", "").startswith(TEST):
            found[manifest["nodes"][node["attached_node"]]["name"]] = result["compiled_code"]
    return found


def _refused(file: Path, sql: str, mart: str, planted: str | None) -> list[tuple[str, str | None]]:
    with duckdb.connect() as connection:
        connection.execute(f"attach '{file}' as warehouse (read_only)")
        connection.execute(f"create table planted as select * from warehouse.main.{mart}")
        if planted:
            column = "exposure" if mart == "mart_side_effects_by_exposure" else "stratifier"
            connection.execute(f"insert into planted by name select ? as {column}", [planted])
        return connection.execute(sql.replace(f'"warehouse"."main"."{mart}"', "planted")).fetchall()


@pytest.mark.parametrize("mart", ["mart_safety_by_stratum", "mart_safety_by_exposure", "mart_side_effects_by_exposure"])
@pytest.mark.parametrize(
    ("planted", "refused"),
    [
        (None, []),
        ("technique", []),
        ("sessions_attended", [("sessions_attended", "after_outcome")]),
        ("whatever", [("whatever", None)]),
    ],
)
def test_a_stratifier_that_is_not_listed_or_known_too_late_is_refused(built, tests, mart, planted, refused) -> None:
    assert _refused(built.file, tests[mart], mart, planted) == refused


def test_each_stratum_says_when_it_is_known(rows) -> None:
    found = rows("select distinct stratifier, known_at from mart_safety_by_stratum order by all")
    known = {row["stratifier"]: row["known_at"] for row in found}
    assert known["first_visit"] == "before_session"
    assert None not in known.values()
