"""What the dashboard knows, as plain records. Counts and codes only: no record here can hold a patient or an event."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Never, TypeVar

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True)
class ClinicFact:
    """One clinic of the registry."""

    clinic_id: str
    name: str
    is_active: bool = True


@dataclass(frozen=True)
class TierFact:
    """The current release of one tier, `officer` or `analyst`. `verdicts` has one word for each audited mart.

    `lock` names the data lock that the analyst's tier shows.
    """

    tier: str
    release_id: int
    as_of: datetime
    created_at: datetime
    checks_passed: int
    checks_total: int
    verdicts: tuple[tuple[str, str], ...] = ()
    lock: str | None = None

    @property
    def audit_passed(self) -> bool:
        return self.checks_passed == self.checks_total


@dataclass(frozen=True)
class BuildFact:
    """One build that got a verdict (`released`, `audit_failed`, `build_failed`), newest first."""

    release_id: int
    created_at: datetime
    status: str


@dataclass(frozen=True)
class CheckFact:
    """The latest assessed day of one check in one clinic, and for how many assessed days on end it has failed."""

    clinic_id: str
    check_id: str
    day: str
    numerator: float | None
    denominator: float | None
    threshold: float | None
    status: str
    severity: str
    days_failing: int = 1


@dataclass(frozen=True)
class SignalFact:
    """One clinic held against one criterion. `found` is the mart's own verdict; `evaluated` says there was enough data.

    `detail` has the mart's counts in words. `ratio` is observed over expected where it has an interval.
    """

    signal: str
    clinic_id: str
    found: bool
    evaluated: bool = True
    detail: str = ""
    observed: float | None = None
    expected: float | None = None
    ratio: float | None = None
    ratio_low: float | None = None
    ratio_high: float | None = None


@dataclass(frozen=True)
class Criterion:
    """The words for the code of a check or a signal, and the confidence of a signal's interval."""

    code: str
    title: str
    confidence: float | None = None


@dataclass(frozen=True)
class RateFact:
    """Sessions of one clinic in which adverse events were asked for in one way, and the events reported in them."""

    clinic_id: str
    method: str
    sessions: int
    events: int


@dataclass(frozen=True)
class RuleFact:
    """What a release says of one rule: `clinics` in which it was broken, most events first, and the `events` that broke
    it, of so many `judged`; None where the rule holds every event against itself."""

    code: str
    decided_in: str
    severity: str
    clinics: tuple[str, ...] = ()
    events: int = 0
    judged: int | None = None


@dataclass(frozen=True)
class ReleasedFacts:
    """What the dashboard shows of the officer tier's current release. `missing` names marts it does not have."""

    release_id: int
    checks: tuple[CheckFact, ...] = ()
    signals: tuple[SignalFact, ...] = ()
    rates: tuple[RateFact, ...] = ()
    missing: tuple[str, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    rules: tuple[RuleFact, ...] = ()


@dataclass(frozen=True)
class Releases:
    """The current release of each tier that has one, and the latest builds."""

    tiers: tuple[TierFact, ...] = ()
    builds: tuple[BuildFact, ...] = ()


@dataclass(frozen=True)
class ProcessFact:
    """One supervised process, as its supervisor last wrote it down; `missing` is what it lacks to be ready."""

    name: str
    state: str
    restarts: int = 0
    since: datetime | None = None
    missing: str | None = None


class Unreadable(Exception):
    """A source cannot be read. Its words are for the page: they hold no value of any event."""


@dataclass(frozen=True)
class Reading(Generic[T_co]):
    """What one source last said: a value and when it was read, a fault in one line, or (at first) neither.

    A value may outlive a fault: then `taken_at` says how old it is.
    """

    value: T_co | None = None
    fault: str | None = None
    taken_at: datetime | None = None


UNREAD: Reading[Never] = Reading()
