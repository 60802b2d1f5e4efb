"""How much of what will be reported is known, from delays that are cut off at the moment of the release."""

from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment

from safety_statistics.reporting_delays import reporting_delays

MACROS = Environment().from_string((Path(__file__).parents[2] / "dbt/macros/reporting_delays.sql").read_text()).module

# Delay and age of an event, in days.
HAND = [(1, 10), (2, 10), (3, 3), (5, 10), (1, 1)]
days = st.integers(0, 20)
events = st.lists(st.tuples(days, days), max_size=40)


def test_by_hand() -> None:
    found = reporting_delays(*np.array(HAND).T)
    # At risk of a delay of 5 are the three events that are 5 days old; of 3, those with a delay up to 3 that are 3 days
    # old, again three; of 2 the two.
    assert found.delays.tolist() == [1, 2, 3, 5]
    assert found.known == pytest.approx([2 / 3 * 2 / 3 * 1 / 2, 2 / 3 * 2 / 3, 2 / 3, 1])
    assert found.maturity([0, 1, 1.5, 4, 5, 99]) == pytest.approx([0, 2 / 9, 2 / 9, 2 / 3, 1, 1])


def test_where_every_event_had_its_time_it_is_the_plain_distribution() -> None:
    found = reporting_delays([0, 0, 1, 7], 365)
    assert found.maturity([0, 1, 6, 7]) == pytest.approx([0.5, 0.75, 0.75, 1])


def test_it_finds_the_delays_behind_the_truncation_where_the_plain_distribution_does_not() -> None:
    random = np.random.default_rng(3)
    delay, age = random.geometric(0.1, 40_000) - 1, random.integers(0, 60, 40_000)
    seen = delay <= age
    found = reporting_delays(delay[seen], age[seen])
    true = (1 - 0.9 ** (np.array([0, 5, 10, 20, 30]) + 1)) / (1 - 0.9**60)
    assert found.maturity([0, 5, 10, 20, 30]) == pytest.approx(true, abs=0.02)
    assert np.mean(delay[seen] <= 5) > true[1] + 0.05


@given(events, st.lists(st.floats(-5, 50), min_size=2, max_size=9))
def test_maturity_never_falls_with_age_and_is_a_share(listed: list[tuple[int, int]], ages: list[float]) -> None:
    delay, age = np.array(listed).reshape(-1, 2).T
    maturity = reporting_delays(delay, age).maturity(sorted(ages))
    if any(took <= old for took, old in listed):
        assert (np.diff(maturity) >= 0).all()
        assert ((maturity >= 0) & (maturity <= 1)).all()
    else:
        assert np.isnan(maturity).all()


def test_what_cannot_be_is_left_out() -> None:
    impossible = [(-1, 10), (5, 4), (np.nan, 3), (2, np.nan), (3, np.inf)]
    assert reporting_delays(*np.array(HAND + impossible).T).known == pytest.approx(
        reporting_delays(*np.array(HAND).T).known
    )
    assert np.isnan(reporting_delays([1], [2]).maturity(np.nan))


@settings(max_examples=60, deadline=None)
@given(events, events)
def test_the_macro_says_the_same_of_each_stratum(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> None:
    listed = [("one", *event) for event in one] + [("other", *event) for event in other]
    columns = zip(*listed, strict=True) if listed else ([], [], [])
    table = pa.table(dict(zip(("asked", "delay_days", "age_days"), map(list, columns), strict=True)))
    table = table.cast(pa.schema({"asked": pa.string(), "delay_days": pa.int64(), "age_days": pa.int64()}))
    with duckdb.connect() as connection:
        connection.register("told", table)
        found = connection.execute(
            f"{MACROS.reporting_delays('told', ['asked'])} order by asked, delay_days"
        ).fetchall()
        whole = connection.execute(f"{MACROS.reporting_delays('told')} order by delay_days").fetchall()
    expected = [("one", *row) for row in _known(one)] + [("other", *row) for row in _known(other)]
    assert [row[:2] for row in found] == [row[:2] for row in expected]
    assert [row[2] for row in found] == pytest.approx([row[2] for row in expected])
    assert [row[1] for row in whole] == pytest.approx([row[1] for row in _known(one + other)])


def _known(listed: list[tuple[int, int]]) -> list[tuple[float, float]]:
    found = reporting_delays(*np.array(listed).reshape(-1, 2).T)
    return list(zip(found.delays, found.known, strict=True))
