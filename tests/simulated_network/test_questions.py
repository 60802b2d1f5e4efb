"""The statements of docs/questions.md answer on the analyst tier of a network whose truth is known."""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from clinic_events.resources import bundled
from disclosure_control.control import control
from disclosure_control.declarations import declare
from disclosure_control.holding import OpenTable
from network_registry.database import open_registry
from network_registry.home import Home
from warehouse_releases import versions
from warehouse_releases.analyst_file import Layout, write_analyst_file
from warehouse_releases.build_folders import BuildFolder
from warehouse_releases.readers import query

# The session's first test here builds the warehouse of the simulated network.
pytestmark = pytest.mark.timeout(900)

PAGE = (Path(__file__).parents[2] / "docs" / "questions.md").read_text(encoding="utf-8")
STATEMENTS = dict(re.findall(r"^## (\d+)\. .*?^```sql\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE))
MARTS = sorted(set(re.findall(r"\b(?:from|join) (mart_\w+)", "\n".join(STATEMENTS.values()))))
# The end of the last week that has closed at the network's moment; June has not.
CLOSED_UNTIL = date(2026, 6, 29)
MOMENT = datetime(2026, 6, 30, tzinfo=UTC).isoformat()
Row = dict[str, Any]


@pytest.fixture(scope="module")
def analysts_home(simulated_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A release whose analyst file has the marts of the page, under disclosure control."""
    home = Home(tmp_path_factory.mktemp("questions") / "home").create()
    build = BuildFolder(home.builds / "1").create()
    with duckdb.connect(str(simulated_warehouse), read_only=True) as warehouse:
        tables = [_open_table(warehouse, mart) for mart in MARTS]
        layouts = {mart: Layout(_types(warehouse, mart), {}, "") for mart in MARTS}
    write_analyst_file(build.warehouse("analyst"), control("2026-W26", CLOSED_UNTIL, tables, []), layouts, [])
    versions.write_manifest(build, {"created_at": MOMENT, "as_of": MOMENT})
    versions.publish(home, open_registry(home), build)
    return home


def _open_table(warehouse: duckdb.DuckDBPyConnection, mart: str) -> OpenTable:
    (path,) = bundled("dbt").glob(f"models/marts/*/{mart}.yml")
    (model,) = yaml.safe_load(path.read_text(encoding="utf-8"))["models"]
    declaration = declare(mart, model["config"]["meta"])
    columns = ", ".join(sorted(declaration.columns))
    return OpenTable(declaration, warehouse.sql(f"select {columns} from {mart}").to_arrow_table().to_pylist())


def _types(warehouse: duckdb.DuckDBPyConnection, mart: str) -> dict[str, str]:
    return {row[0]: row[1] for row in warehouse.execute(f"describe {mart}").fetchall()}


def answer(home: Home, number: int) -> list[Row]:
    rows = query(home, STATEMENTS[str(number)])
    assert rows
    return rows


def test_there_are_five_and_each_says_how_to_read_it_and_what_it_does_not_say() -> None:
    sections = re.split(r"^## \d+\. ", PAGE, flags=re.MULTILINE)[1:]
    assert list(STATEMENTS) == ["1", "2", "3", "4", "5"]
    assert all("**How to read it.**" in each and "**What it does not say.**" in each for each in sections)


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_a_figure_is_there_exactly_where_its_status_says_so(analysts_home, number: int) -> None:
    figure = {1: "per_1000", 2: "per_1000", 3: "share", 4: "ours", 5: "mean_change"}[number]
    rows = answer(analysts_home, number)
    assert {row["status"] for row in rows} <= {"shown", "suppressed", "too_early", "not_applicable"}
    assert [row for row in rows if (row[figure] is not None) != (row["status"] == "shown")] == []
    assert any(row["status"] == "shown" for row in rows)


def test_1_a_list_brings_out_more_than_an_open_question_and_that_more_than_not_asking(analysts_home) -> None:
    rows = answer(analysts_home, 1)
    rate = {row["ae_screen_method"]: row["per_1000"] for row in rows if row["month"] == "all"}
    assert rate["checklist"] > 1.5 * rate["open_question"]
    assert rate["open_question"] > max(rate["not_asked"], rate["spontaneous"])
    assert {row["status"] for row in rows if row["month"] == "2026-06-01"} == {"too_early"}
    assert all(row["low"] < row["per_1000"] < row["high"] for row in rows if row["status"] == "shown")


def test_2_the_clinic_with_three_times_the_risk_is_above_and_the_small_ones_are_suppressed(
    analysts_home, planted
) -> None:
    rows = answer(analysts_home, 2)
    risky = {plant.clinic_id for plant in planted.network.truth.plants if plant.kind == "elevated_risk"}
    assert len(risky) == 1
    assert {row["clinic_id"] for row in rows if row["is_above"]} >= risky
    suppressed = [row for row in rows if row["status"] == "suppressed"]
    assert suppressed and all(row["is_above"] is None and row["is_below"] is None for row in suppressed)


def test_3_shares_are_of_the_groups_sessions_and_patients_and_rare_points_come_last(analysts_home) -> None:
    rows = answer(analysts_home, 3)
    shown = [row for row in rows if row["status"] == "shown"]
    assert all(row["share"] == pytest.approx(row["sessions"] / row["group_sessions"]) for row in shown)
    assert all(row["patient_share"] == pytest.approx(row["patients_with_point"] / row["patients"]) for row in shown)
    assert [row["share"] for row in shown] == sorted((row["share"] for row in shown), reverse=True)
    assert sum(row["share"] for row in shown) > 1
    assert rows[: len(shown)] == shown and len(rows) > len(shown)


def test_4_only_comparable_surveys_have_our_figure_and_all_others_a_reason(analysts_home) -> None:
    rows = answer(analysts_home, 4)
    comparable = [row for row in rows if row["comparable"]]
    assert rows[: len(comparable)] == comparable
    assert all(row["why_not"] is None and row["low"] < row["ours"] < row["high"] for row in comparable)
    assert all(row["why_not"] and row["ours"] is None for row in rows[len(comparable) :])


def test_5_the_share_of_responders_lies_between_its_extremes_and_nothing_is_called_randomised(analysts_home) -> None:
    (row,) = answer(analysts_home, 5)
    assert (row["instrument"], row["month"], row["design"]) == ("nrs_pain", 1, "uncontrolled before-after")
    assert row["low"] < row["mean_change"] < row["high"] < 0
    assert row["completion_share"] == pytest.approx(row["patients_scored"] / row["patients"])
    assert row["share_of_all"] < row["share_of_scored"] < row["best_case_share"]
