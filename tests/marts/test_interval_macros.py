"""The macros of dbt/macros/intervals.sql, as a mart uses them: SQL and numpy must say the same."""

from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from jinja2 import Environment

from safety_statistics.cluster_robust import clustered_mean, clustered_rate, clustered_share
from safety_statistics.cluster_sums import cluster_sums
from safety_statistics.rates import clopper_pearson
from simulated_network.coverage_study.care import Network, draw_sessions
from warehouse_releases.statistics_plugin import FUNCTIONS, register

MACROS = Environment().from_string((Path(__file__).parents[2] / "dbt/macros/intervals.sql").read_text()).module
NETWORK = Network("for the macros", clinics=3, patients=60, practitioner_frailty=0.5, patient_frailty=1.0)
SESSIONS = draw_sessions(NETWORK, range(4))
ONES = np.ones(len(SESSIONS.events))

# What a mart writes.
MART = """
with by_pair as (
    select {strata} {practitioner}, patient_id, sum({events}) as events, count(*) as sessions
    from sessions
    group by all
),

clustered as (
    {squares}
)

select {strata} events / trials, {low}, {high}, practitioners, patients
from clustered
order by all
"""


@pytest.fixture
def connection():
    with duckdb.connect() as opened:
        register(opened)
        names = {"month": 0, "clinic_id": 1, "practitioner_key": 2, "patient_id": 3, "events": 4}
        opened.register("sessions", pa.table({name: SESSIONS[place] for name, place in names.items()}))
        yield opened


def _mart(connection, kind: str, events: str, strata: list[str], practitioner: str = "practitioner_key") -> np.ndarray:
    squares = MACROS.clustered_squares("by_pair", strata, "events", "sessions", practitioner)
    limits = {end: MACROS.clustered_limit(kind, end) for end in ("low", "high")}
    columns = "".join(f"{name}, " for name in strata)
    mart = MART.format(strata=columns, practitioner=practitioner, events=events, squares=squares, **limits)
    return np.array(connection.execute(mart).fetchall(), dtype=float)


@pytest.mark.parametrize(
    ("kind", "events", "interval", "counted"),
    [
        ("rate", "events", clustered_rate, SESSIONS.events),
        ("share", "cast(events > 0 as integer)", clustered_share, SESSIONS.events > 0),
        ("mean", "events - 3", clustered_mean, SESSIONS.events - 3.0),
    ],
)
def test_a_mart_says_what_the_functions_say(connection, kind: str, events: str, interval, counted: np.ndarray) -> None:
    found = _mart(connection, kind, events, ["month"])
    sums = cluster_sums(SESSIONS.replication, SESSIONS.practitioner, SESSIONS.patient, counted, ONES)
    assert found[:, 1] == pytest.approx(sums.events / sums.trials)
    low, high = interval(*sums)
    assert found[:, 2] == pytest.approx(low, rel=1e-9)
    assert found[:, 3] == pytest.approx(high, rel=1e-9)
    assert (found[:, 5] == 60).all()


def test_without_strata_there_is_one_row_of_the_whole(connection) -> None:
    (found,) = _mart(connection, "rate", "events", [])
    sums = cluster_sums(SESSIONS.replication * 0, SESSIONS.practitioner, SESSIONS.patient, SESSIONS.events, ONES)
    assert found[1:3] == pytest.approx(np.ravel(clustered_rate(*sums)))


def test_the_clinic_may_stand_for_the_practitioner(connection) -> None:
    found = _mart(connection, "rate", "events", ["month"], "clinic_id")
    sums = cluster_sums(SESSIONS.replication, SESSIONS.clinic, SESSIONS.patient, SESSIONS.events, ONES)
    low, high = clustered_rate(*sums)
    assert found[:, 2] == pytest.approx(low)
    assert found[:, 3] == pytest.approx(high)
    assert (found[:, 4] == 3).all()


def test_those_without_a_name_are_one_cluster_and_one_practitioner_alone_has_no_limits(connection) -> None:
    connection.execute("""create table by_pair as select * from (values
        ('a', null, 'p', 1, 10), ('a', null, 'q', 0, 10), ('a', 'dr', 'r', 2, 10), ('b', 'dr', 's', 1, 10),
        ('b', 'dr', 't', 1, 10), (null, 'dr', 'u', 0, 0))
        as _ (clinic, practitioner_key, patient_id, events, trials)""")
    squares = MACROS.clustered_squares("by_pair", ["clinic"], "events", "trials")
    statement = f"select clinic, practitioners, patients, {MACROS.clustered_limit('rate', 'high')} from ({squares})"
    found = {row[0]: row[1:] for row in connection.execute(statement).fetchall()}
    assert found["a"][:2] == (2, 3)
    assert found["a"][2] > 0.3
    assert found["b"] == (1, 2, None)
    assert found[None] == (1, 1, None)


def test_exact_shares_are_clopper_and_pearsons_and_null_where_there_are_none(connection) -> None:
    limits = ", ".join(MACROS.clopper_pearson("hits", "trials", end) for end in ("low", "high"))
    rows = connection.execute(
        f"select {limits} from (values (1, 29), (0, 20), (3, 2), (0, 0), (null, 4)) as _ (hits, trials)"
    ).fetchall()
    assert rows[0] == pytest.approx(np.ravel(clopper_pearson(1, 29)))
    assert rows[1] == pytest.approx((0, 0.1684), abs=5e-5)
    assert rows[2:] == [(None, None)] * 3


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_answers_every_row_and_null_to_null(connection, name: str) -> None:
    numbers = len(FUNCTIONS[name][1])
    odd = ["null", "'nan'::double", "'inf'::double", "-1", "0", "1e308"]
    columns = ", ".join(f"column{place}" for place in range(numbers))
    rows = ", ".join(f"({', '.join([value] * numbers)})" for value in odd)
    named = f"(values {rows}) as _ ({columns})"
    answers = connection.execute(f"select {name}({columns}) from {named}").fetchall()
    assert [answer for (answer,) in answers] == [None] * len(odd)
