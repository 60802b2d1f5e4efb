"""Twenty measures, each defined once, of columns that analysts have."""

import csv

import pytest

from clinic_events.resources import bundled
from data_dictionary.measures import Measure, NoSuchMeasure, find_measure, read_measures
from data_dictionary.tables import Table, read_tables

MEASURES = read_measures()
TABLES = {each.name: each for each in read_tables(bundled("dbt"))}

each_measure = pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)


def shown_to_analysts(table: Table) -> set[str]:
    return {*table.dimensions, *table.meta.get("attributes", ()), *table.measures}


def stratifiers() -> set[str]:
    with (bundled("dbt") / "seeds" / "stratifiers.csv").open(encoding="utf-8", newline="") as file:
        return {row["stratifier"] for row in csv.DictReader(file) if row["known_at"] != "after_outcome"}


def test_there_are_twenty() -> None:
    assert len(MEASURES) == 20


@each_measure
def test_it_is_of_a_mart_for_analysts_and_of_columns_that_are_shown_to_them(measure: Measure) -> None:
    table = TABLES[measure.mart]
    assert table.tier == "analyst"
    assert {*measure.figures, *measure.grain} <= shown_to_analysts(table)
    assert set(measure.grain) <= set(table.dimensions)
    assert measure.value in table.measures


@each_measure
def test_a_rate_or_share_is_of_its_own_numerator_and_denominator(measure: Measure) -> None:
    of = tuple(TABLES[measure.mart].measures[measure.value]["of"])
    divided = (measure.numerator, measure.denominator) if measure.numerator else (measure.denominator,)
    assert of[: len(divided)] == divided


@each_measure
def test_it_is_divided_by_what_the_mart_has_a_margin_over_or_by_a_stratifier(measure: Measure) -> None:
    known = stratifiers() if "stratum" in measure.grain else set(TABLES[measure.mart].dimensions)
    assert set(measure.divided_by) <= known - set(measure.grain)


@each_measure
def test_it_says_what_it_means_where_that_is_from_and_what_it_is_no_answer_to(measure: Measure) -> None:
    said = (measure.title, measure.unit, measure.meaning, measure.not_to_compare, measure.source)
    assert all(said)
    assert measure.meaning.endswith(".") and not measure.not_to_compare.endswith(".")
    assert measure.mart not in measure.meaning


def test_undivided_it_takes_the_margin_of_everything_that_it_may_be_divided_by() -> None:
    statement = find_measure("adverse_events_per_1000_sessions").statement()
    assert "clinic_id = 'all'" in statement and "credential = 'all'" in statement and "<>" not in statement
    assert statement.endswith("order by asking, ae_screen_method")


def test_divided_by_one_thing_it_leaves_that_margin_out_and_takes_the_others() -> None:
    statement = find_measure("adverse_events_per_1000_sessions").statement("credential")
    assert "credential <> 'all'" in statement and "clinic_id = 'all'" in statement
    assert statement.endswith("order by asking, ae_screen_method, credential")


def test_a_mart_of_strata_is_asked_for_the_network_or_for_one_stratifier() -> None:
    measure = find_measure("responders")
    assert "stratifier = 'network'" in measure.statement()
    assert "stratifier = 'sex'" in measure.statement("sex")


def test_a_status_stands_beside_it_for_analysts_alone() -> None:
    measure = find_measure("goals_reached")
    assert "reached_share_status" in measure.statement()
    assert "_status" not in measure.statement(tier="officer")


@pytest.mark.parametrize(
    ("name", "by", "said"),
    [
        ("cures", None, "there is no measure cures; there are adverse_events_per_1000_sessions, "),
        ("responders", "mood", "responders cannot be divided by mood; it can by condition_group, chronicity, "),
        ("goals_reached", "sex", "goals_reached cannot be divided by sex; it is given by goal"),
    ],
)
def test_what_there_is_not_is_one_line_that_says_what_there_is(name: str, by: str | None, said: str) -> None:
    with pytest.raises(NoSuchMeasure) as refused:
        find_measure(name).statement(by)
    assert str(refused.value).startswith(said)
