"""How each clinic's events fare right now, from the lake: what `status` and the dashboard show between releases."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from warehouse_releases.lake_dispositions import open_dispositions
from warehouse_releases.segments import Segment

_COUNTS = """
select
    clinic_id,
    count(*) filter (where disposition = 'accepted') as accepted,
    count(*) filter (where disposition = 'accepted' and len(codes) > 0) as flagged,
    count(*) filter (where disposition = 'quarantined') as quarantined,
    count(*) filter (where disposition = 'duplicate') as duplicates,
    count(*) filter (where disposition = 'erased') as erased,
    max(occurred_at) filter (where disposition = 'accepted' and not list_contains(codes, 'future_dated'))::varchar
        as last_occurred_at,
    max(received_at)::varchar as last_received_at
from dispositions
group by clinic_id
order by clinic_id
"""

_REASONS = """
with given as (
    select clinic_id, unnest(list_distinct(codes)) as code
    from dispositions
    where disposition = 'quarantined'
)

select clinic_id, code, count(*) as events
from given
group by clinic_id, code
order by clinic_id, events desc, code
"""

_TIMES = ("last_occurred_at", "last_received_at")


@dataclass(frozen=True)
class ClinicCounts:
    """Distinct origins of one clinic. `flagged` is a part of `accepted`; `reasons` are those of the quarantined, each
    with its number of events, most frequent first. Times carry their zone; None when there is none or it is no date."""

    clinic_id: str
    accepted: int = 0
    flagged: int = 0
    quarantined: int = 0
    duplicates: int = 0
    erased: int = 0
    reasons: tuple[tuple[str, int], ...] = ()
    last_occurred_at: datetime | None = None
    last_received_at: datetime | None = None

    def freshness_s(self, now: datetime) -> float | None:
        """Seconds since something of this clinic was last received."""
        return None if self.last_received_at is None else (now - self.last_received_at).total_seconds()

    def as_json(self, now: datetime) -> dict[str, Any]:
        times = {name: moment.isoformat() if (moment := getattr(self, name)) else None for name in _TIMES}
        reasons = [{"code": code, "events": events} for code, events in self.reasons]
        return asdict(self) | times | {"reasons": reasons, "freshness_s": self.freshness_s(now)}


def live_counts(
    lake: Path, clinic_ids: Iterable[str] = (), segments: list[Segment] | None = None
) -> list[ClinicCounts]:
    """One row for each clinic that the lake knows or that is named, by id: of all segments, or of these alone.

    Works while the broker is down. Raises `duckdb.Error` for a segment that cannot be read.
    """
    with open_dispositions(lake, segments) as connection:
        rows = connection.execute(_COUNTS).fetchall()
        reasons = _grouped(connection.execute(_REASONS).fetchall())
    found = {row[0]: _counts(row, reasons.get(row[0], ())) for row in rows}
    named = {clinic_id: ClinicCounts(clinic_id) for clinic_id in clinic_ids}
    return [counts for _, counts in sorted((named | found).items())]


def _counts(row: tuple[Any, ...], reasons: tuple[tuple[str, int], ...]) -> ClinicCounts:
    clinic_id, accepted, flagged, quarantined, duplicates, erased, occurred, received = row
    times = _moment(occurred), _moment(received)
    return ClinicCounts(clinic_id, accepted, flagged, quarantined, duplicates, erased, reasons, *times)


def _moment(text: str | None) -> datetime | None:
    # As text, because DuckDB's calendar is longer than Python's and a clinic may send any year.
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None


def _grouped(rows: list[tuple[str, str, int]]) -> dict[str, tuple[tuple[str, int], ...]]:
    found: dict[str, tuple[tuple[str, int], ...]] = {}
    for clinic_id, code, events in rows:
        found[clinic_id] = (*found.get(clinic_id, ()), (code, events))
    return found
