"""What changed between two locks: what clinics sent since, what was erased, and how the network counts."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
from sqlalchemy import Engine, inspect, text

from disclosure_control.restatements import News

# An adverse event counts in the month of its session, every other event in its own.
_SINCE = """
with placed as (
    select
        versions.clinic_id, versions.event_id, versions.chain_id, versions.version, versions.received_at,
        coalesce(adverse_events.month, versions.month) as month
    from staging.event_versions as versions
    left join core.adverse_events as adverse_events using (clinic_id, event_id)
),

corrected as (
    select distinct clinic_id, chain_id from placed
    where version > 1 and received_at > $since
),

retracted as (
    select distinct retractions.clinic_id, retractions.target_chain_id as chain_id
    from staging.stg_retractions as retractions
    inner join placed using (clinic_id, event_id)
    where retractions.is_in_force and placed.received_at > $since
)

select 'late' as cause, clinic_id, month from placed where version = 1 and received_at > $since
union
select 'corrected' as cause, clinic_id, month from placed semi join corrected using (clinic_id, chain_id)
union
select 'retracted' as cause, clinic_id, month from placed semi join retracted using (clinic_id, chain_id)
"""


def news_since(former: Mapping[str, Any], code: Mapping[str, Any], database: Path, engine: Engine) -> set[News]:
    """`former` is the description of the lock before, `code` the versions of now. Raises `duckdb.Error`."""
    return {*_of_code(former["code"], code), *_of_clinics(former["newest_arrival"], database),
            *_of_erasures(engine, former["locked_at"])}  # fmt: skip


def _of_code(former: Mapping[str, Any], code: Mapping[str, Any]) -> Iterator[News]:
    if former["dbt_project"] != code["dbt_project"] or former["version"] != code["version"]:
        yield News("rule")
    if former["vocabularies"] != code["vocabularies"]:
        yield News("vocabulary")


def _of_clinics(newest_arrival: str | None, database: Path) -> Iterator[News]:
    since = datetime.fromisoformat(newest_arrival) if newest_arrival else datetime.min
    with duckdb.connect(str(database), read_only=True) as connection:
        for cause, clinic_id, month in connection.execute(_SINCE, {"since": since}).fetchall():
            yield News(cause, clinic_id, month)


def _of_erasures(engine: Engine, locked_at: str) -> Iterator[News]:
    """Of whom and when is nobody's business: any month of the clinic may be another for it."""
    if inspect(engine).has_table("erasures"):
        since = datetime.fromisoformat(locked_at).replace(tzinfo=None)
        found = text("select distinct clinic_id from erasures where rewritten_at > :since")
        with engine.connect() as connection:
            yield from (News("erasure", row.clinic_id) for row in connection.execute(found, {"since": since}))
