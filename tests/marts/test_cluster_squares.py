"""Squares from kinds of clusters are those from one row a practitioner and patient: two macros, one formula."""

import math
import random

import duckdb
import pytest
from jinja2 import Environment

from clinic_events.resources import bundled

COLUMNS = ["events", "trials", "practitioner_squares", "patient_squares", "pair_squares", "effective_clusters"]

KINDS = """
create table kinds as
{%- for clustering, key in [("practitioner", "doctor"), ("patient", "person"), ("pair", "doctor, person")] %}
    {{ "union all" if not loop.first }}
    select '{{ clustering }}' as clustering, stratum, events, sessions, count(*) as clusters
    from (
        select stratum, {{ key }}, sum(events)::bigint as events, sum(sessions)::bigint as sessions
        from pairs
        group by stratum, {{ key }}
    )
    group by stratum, events, sessions
{%- endfor %}
"""
SQUARES = {
    "rows": '{{ clustered_squares("pairs", ["stratum"], "events", "sessions", "doctor", "person") }}',
    "kinds": '{{ squares_of_clusters("kinds", ["stratum"], "events", "sessions") }}',
}


def _sql(text: str) -> str:
    macros = (bundled("dbt") / "macros" / f"{name}.sql" for name in ("intervals", "cluster_squares"))
    return Environment().from_string("".join(file.read_text() for file in macros) + text).render()


def _numbers(row: tuple) -> list[float]:
    return [math.nan if value is None else value for value in row[1:]]


@pytest.mark.parametrize("seed", range(5))
def test_both_macros_give_the_same_squares(seed: int) -> None:
    draw = random.Random(seed)
    rows = [(draw.choice("abcd"), draw.randint(1, 5), draw.randint(1, 60), draw.randint(0, 2), draw.randint(1, 6))
            for _ in range(200)]  # fmt: skip
    # One practitioner alone: there is no interval, by either.
    rows += [("alone", 1, person, 1, 2) for person in range(5)]
    with duckdb.connect() as connection:
        connection.execute("create table said (stratum text, doctor int, person int, events int, sessions int)")
        connection.executemany("insert into said values (?, ?, ?, ?, ?)", rows)
        connection.execute(
            "create table pairs as select stratum, doctor, person, sum(events)::bigint as events, "
            "sum(sessions)::bigint as sessions from said group by all"
        )
        connection.execute(_sql(KINDS))
        found = {
            name: connection.execute(
                f"select stratum, {', '.join(COLUMNS)} from ({_sql(macro)}) order by stratum"
            ).fetchall()
            for name, macro in SQUARES.items()
        }
    assert len(found["rows"]) == 5
    for by_row, by_kind in zip(found["rows"], found["kinds"], strict=True):
        assert by_row[0] == by_kind[0]
        assert _numbers(by_kind) == pytest.approx(_numbers(by_row), rel=1e-9, nan_ok=True)
