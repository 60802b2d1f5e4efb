"""The clinics: who is silent or late, and what became of each one's events."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from quality_dashboard.facts import ClinicFact
from quality_dashboard.wording import code, count, counted, share
from warehouse_releases.live_counts import ClinicCounts

# Clinics are expected to send daily; three days let a weekend and one day off pass.
LATE_AFTER = timedelta(days=3)
SHOWN_REASONS = 3

# The order in which an administrator looks: silence first, the clinics that are well last.
_LEVELS = {
    "silent": "bad",
    "late": "warn",
    "no events": "warn",
    "unknown": "idle",
    "on time": "good",
    "suspended": "idle",
}
_ORDER = tuple(_LEVELS)


@dataclass(frozen=True)
class ClinicRow:
    """One row of the clinics table. `state` is in words, `level` is its colour.

    `counts` is None when they could not be read: unknown is not zero.
    """

    clinic_id: str
    name: str
    state: str
    counts: ClinicCounts | None

    @property
    def level(self) -> str:
        return _LEVELS[self.state]

    @property
    def flagged_share(self) -> str:
        return share(self.counts.flagged, self.counts.accepted) if self.counts else ""

    @property
    def quarantined_share(self) -> str:
        counts = self.counts
        return share(counts.quarantined, counts.accepted + counts.quarantined) if counts else ""

    @property
    def reasons(self) -> str:
        return top_reasons(self.counts.reasons) if self.counts else ""


def clinic_rows(
    clinics: tuple[ClinicFact, ...],
    counts: tuple[ClinicCounts, ...] | None,
    silent: frozenset[str],
    clock: datetime,
) -> list[ClinicRow]:
    """One row per clinic of the registry or of the counts, those that need attention first.

    `counts` is None when they could not be read, and has no row for a clinic of which nothing has arrived;
    `silent` are the clinics in which the current release finds silence; `clock` is the platform's time.
    """
    by_id = {row.clinic_id: row for row in counts or ()}
    known = {clinic.clinic_id: clinic for clinic in clinics}
    rows = []
    for clinic_id in known.keys() | by_id.keys():
        own = None if counts is None else by_id.get(clinic_id, ClinicCounts(clinic_id))
        state = freshness(own, clinic_id in silent, clock)
        rows.append(_row(clinic_id, known.get(clinic_id), state, own))
    return sorted(rows, key=lambda row: (_ORDER.index(row.state), row.clinic_id))


def totals(counts: tuple[ClinicCounts, ...] | None) -> ClinicCounts | None:
    """All clinics together, for the last line of the table."""
    if counts is None:
        return None
    return ClinicCounts(
        clinic_id="",
        accepted=sum(row.accepted for row in counts),
        flagged=sum(row.flagged for row in counts),
        quarantined=sum(row.quarantined for row in counts),
        duplicates=sum(row.duplicates for row in counts),
        erased=sum(row.erased for row in counts),
        last_occurred_at=_latest(row.last_occurred_at for row in counts),
        last_received_at=_latest(row.last_received_at for row in counts),
    )


def top_reasons(reasons: tuple[tuple[str, int], ...]) -> str:
    """The most frequent reasons with their counts; the rest is counted, so that nothing seems to be missing."""
    ranked = sorted(reasons, key=lambda pair: (-pair[1], pair[0]))
    told = [f"{code(reason)} {count(number)}" for reason, number in ranked[:SHOWN_REASONS]]
    rest = ranked[SHOWN_REASONS:]
    if rest:
        told.append(f"{counted(len(rest), 'other reason')} {count(sum(number for _, number in rest))}")
    return ", ".join(told)


def freshness(counts: ClinicCounts | None, is_silent: bool, clock: datetime) -> str:
    """`silent` is the release's finding, not this page's: one rule for all clinics, which knows their usual days.

    A clinic that sends its history is heard of, however old the events are; a time that is still to come says nothing.
    """
    if is_silent:
        return "silent"
    if counts is None:
        return "unknown"
    if counts.last_occurred_at is None:
        return "no events"
    heard = _latest(at for at in (counts.last_occurred_at, counts.last_received_at) if at is not None and at <= clock)
    return "on time" if heard is not None and clock - heard <= LATE_AFTER else "late"


def _latest(times: Iterable[datetime | None]) -> datetime | None:
    return max((at for at in times if at is not None), default=None)


def _row(clinic_id: str, clinic: ClinicFact | None, state: str, counts: ClinicCounts | None) -> ClinicRow:
    if clinic is None:
        return ClinicRow(clinic_id, "not in the registry", state, counts)
    name = "" if clinic.name == clinic_id else clinic.name
    return ClinicRow(clinic_id, name, state if clinic.is_active else "suspended", counts)
