"""Read what the page shows from the officer tier's warehouse file: sums, codes and clinic ids, nothing finer."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import duckdb

from quality_dashboard.facts import CheckFact, Criterion, RateFact, ReleasedFacts, RuleFact, SignalFact

T = TypeVar("T")

# A check's latest assessed day, and how many assessed days on end it has failed up to then.
CHECKS = """
with assessed as (
    select clinic_id, check_id, day, numerator, denominator, threshold, status, severity
    from mart_data_quality
    where status in ('pass', 'pass_with_violations', 'fail', 'error')
),

passed as (
    select clinic_id, check_id, max(day) as last_day
    from assessed
    where status not in ('fail', 'error')
    group by clinic_id, check_id
),

latest as (
    select *
    from assessed
    qualify row_number() over (partition by clinic_id, check_id order by day desc) = 1
),

runs as (
    select assessed.clinic_id, assessed.check_id, count(*) as days_failing
    from assessed
    left join passed using (clinic_id, check_id)
    where passed.last_day is null or assessed.day > passed.last_day
    group by assessed.clinic_id, assessed.check_id
)

select
    latest.clinic_id, latest.check_id, latest.day::varchar, latest.numerator::double, latest.denominator::double,
    latest.threshold::double, latest.status, coalesce(latest.severity, 'minor'), coalesce(runs.days_failing, 0)
from latest
left join runs using (clinic_id, check_id)
order by latest.clinic_id, latest.check_id
"""

SIGNALS = """
select
    signal, clinic_id, coalesce(found, false), coalesce(status <> 'not_evaluated', false), coalesce(detail, ''),
    observed::double, expected::double, ratio::double, ratio_low::double, ratio_high::double
from mart_clinic_signals
order by clinic_id, signal
"""

CRITERIA = """
select check_id, title, null::double from vocabularies.quality_checks
union all
select signal, title, confidence::double from vocabularies.signal_criteria
"""

RATES = """
select clinic_id, coalesce(ae_screen_method, 'unknown'), sum(sessions)::bigint, sum(events)::bigint
from mart_safety_by_clinic
group by 1, 2
order by 1, 2
"""

RULES = """
with clinics as (
    select
        code, clinic_id, any_value(decided_in) as decided_in, any_value(severity) as severity,
        sum(events) as events, sum(events_judged) as judged
    from mart_rule_findings
    group by code, clinic_id
)

select
    code, coalesce(any_value(decided_in), ''), coalesce(any_value(severity), 'minor'),
    coalesce(list(clinic_id order by events desc, clinic_id) filter (where events > 0), []),
    sum(events)::bigint, sum(judged)::bigint
from clinics
group by code
order by code
"""


def read_release(file: Path, release_id: int) -> ReleasedFacts:
    """The facts of one release's warehouse file. A mart that it lacks is named, and the rest is read.

    Raises `duckdb.Error` when the file cannot be opened.
    """
    missing: list[str] = []
    with duckdb.connect(str(file), read_only=True, config={"threads": 1, "memory_limit": "256MB"}) as connection:
        checks = _rows(connection, CHECKS, lambda row: CheckFact(*row), "mart_data_quality", missing)
        signals = _rows(connection, SIGNALS, lambda row: SignalFact(*row), "mart_clinic_signals", missing)
        rates = _rows(connection, RATES, lambda row: RateFact(*row), "mart_safety_by_clinic", missing)
        criteria = _rows(connection, CRITERIA, lambda row: Criterion(*row), "the titles of checks and signals", missing)
        rules = _rows(connection, RULES, _rule, "mart_rule_findings", missing)
    return ReleasedFacts(release_id, checks, signals, rates, tuple(missing), criteria, rules)


def _rule(row: tuple) -> RuleFact:
    code, decided_in, severity, clinics, *counts = row
    return RuleFact(code, decided_in, severity, tuple(clinics), *counts)


def _rows(
    connection: duckdb.DuckDBPyConnection, sql: str, record: Callable[[tuple], T], mart: str, missing: list[str]
) -> tuple[T, ...]:
    try:
        return tuple(record(row) for row in connection.execute(sql).fetchall())
    except (duckdb.CatalogException, duckdb.BinderException):
        missing.append(mart)
        return ()
