"""The quarantined events, counted: what `meridian quarantine list` shows, live and while the broker is down."""

from typing import Any

from network_registry.home import Home
from warehouse_releases.lake_dispositions import open_dispositions

# An event with two reasons counts under each, once.
_COUNTS = """
with given as (
    select clinic_id, event_type, received_at, unnest(list_distinct(codes)) as reason
    from dispositions
    where disposition = 'quarantined'
)

select
    clinic_id, event_type, reason, count(*) as events,
    strftime(min(received_at), '%Y-%m-%dT%H:%M:%SZ') as first_received_at,
    strftime(max(received_at), '%Y-%m-%dT%H:%M:%SZ') as last_received_at
from given
where clinic_id = coalesce($clinic, clinic_id) and reason = coalesce($reason, reason)
group by clinic_id, event_type, reason
order by clinic_id, events desc, reason, event_type
"""


def quarantine_counts(home: Home, clinic: str | None, reason: str | None) -> list[dict[str, Any]]:
    """One row per clinic, type of event (null where it could not be read) and reason."""
    with open_dispositions(home.lake) as connection:
        result = connection.execute(_COUNTS, {"clinic": clinic, "reason": reason})
        columns = [column[0] for column in result.description or ()]
        return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]
