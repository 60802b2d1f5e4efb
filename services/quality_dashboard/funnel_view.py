"""The funnel: what each clinic reports against what the network reports when it asks the same way.

Indirect standardisation (Spiegelhalter 2005): a clinic's expected events are its own sessions, each at the network's
rate for the way of asking in that session. Asking by checklist brings out several times as many events as an open
question, so rates are never compared across ways of asking. The comparison is not randomised: it says where to look.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite

from quality_dashboard.facts import RateFact
from quality_dashboard.funnel_statistics import OUTER, Band, FunnelStatistics, band, spread_band
from quality_dashboard.wording import counted

# The ways of asking that are asking: elsewhere an event that was not volunteered is unknown, not absent.
ASKED = ("checklist", "open_question")


@dataclass(frozen=True)
class FunnelPoint:
    """One clinic. `ratio` is observed over expected; the bands are what chance, and the usual spread, allow there."""

    clinic_id: str
    sessions: int
    observed: int
    expected: float
    inner: Band
    outer: Band
    spread: Band

    @property
    def ratio(self) -> float:
        return self.observed / self.expected

    @property
    def stands_out(self) -> bool:
        """Beyond chance and beyond how clinics usually differ: only then is it drawn to attract the eye."""
        return not (self.outer.holds(self.ratio) or self.spread.holds(self.ratio))

    @property
    def position(self) -> str:
        if self.inner.holds(self.ratio):
            return "within chance"
        side = "more" if self.ratio > 1 else "fewer"
        if self.stands_out:
            return f"{side} than chance or the usual spread between clinics allows"
        return f"{side} than the {'95' if self.outer.holds(self.ratio) else '99.8'} % limits of chance"


@dataclass(frozen=True)
class Funnel:
    """All clinics that can be compared, and what was left out and why. `phi` is 1 when chance explains all spread."""

    points: tuple[FunnelPoint, ...]
    phi: float | None
    tau_squared: float
    sessions_not_asked: int
    sessions_alone: int
    clinics_left_out: tuple[str, ...]

    @property
    def summary(self) -> str:
        """The chart in one sentence, for who does not see it."""
        standing_out = sorted((point for point in self.points if point.stands_out), key=lambda point: -point.ratio)
        told = ", ".join(f"{point.clinic_id} (ratio {point.ratio:.2f})" for point in standing_out)
        clinics = counted(len(self.points), "clinic")
        return f"Of {clinics}, {counted(len(standing_out), 'stands', 'stand')} out" + (f": {told}." if told else ".")

    @property
    def left_out(self) -> str:
        """What the comparison does not cover, in words; empty when it covers everything."""
        parts = []
        if self.sessions_not_asked:
            parts.append(f"{counted(self.sessions_not_asked, 'session')} in which nobody asked, or it is not known how")
        if self.sessions_alone:
            parts.append(f"{counted(self.sessions_alone, 'session')} asked in a way that no other clinic uses")
        clinics = f" Clinics not shown: {', '.join(self.clinics_left_out)}." if self.clinics_left_out else ""
        return f"Left out: {'; '.join(parts)}.{clinics}" if parts else clinics.strip()


def funnel(rates: tuple[RateFact, ...], statistics: FunnelStatistics) -> Funnel:
    """Compare the clinics within each way of asking. `rates` has one row per clinic and way of asking."""
    asked = [rate for rate in rates if rate.method in ASKED and rate.sessions > 0]
    shared = _shared_methods(asked)
    compared = _expectations(rate for rate in asked if rate.method in shared)
    spread = statistics.dispersion([own.observed for own in compared], [own.expected for own in compared])
    tau_squared = spread.tau_squared if isfinite(spread.tau_squared) else 0.0
    return Funnel(
        points=tuple(_point(own, tau_squared, statistics) for own in compared),
        phi=spread.phi if isfinite(spread.phi) else None,
        tau_squared=tau_squared,
        sessions_not_asked=sum(rate.sessions for rate in rates if rate.method not in ASKED),
        sessions_alone=sum(rate.sessions for rate in asked if rate.method not in shared),
        clinics_left_out=tuple(sorted(_with_sessions(rates) - {own.clinic_id for own in compared})),
    )


@dataclass
class _Expectation:
    clinic_id: str
    sessions: int = 0
    observed: int = 0
    expected: float = 0.0


def _with_sessions(rates: Iterable[RateFact]) -> set[str]:
    return {rate.clinic_id for rate in rates if rate.sessions > 0}


def _shared_methods(asked: list[RateFact]) -> set[str]:
    """A way of asking that one clinic alone uses has nothing to be compared with."""
    clinics: dict[str, set[str]] = defaultdict(set)
    for rate in asked:
        clinics[rate.method].add(rate.clinic_id)
    return {method for method, users in clinics.items() if len(users) > 1}


def _expectations(compared: Iterable[RateFact]) -> list[_Expectation]:
    """One entry per clinic; a clinic is left out when the network has no event in the ways it asks."""
    rows = list(compared)
    network, clinics = _network_rates(rows), {}
    for rate in rows:
        own = clinics.setdefault(rate.clinic_id, _Expectation(rate.clinic_id))
        own.sessions += rate.sessions
        own.observed += rate.events
        own.expected += rate.sessions * network[rate.method]
    return [own for _, own in sorted(clinics.items()) if own.expected > 0]


def _network_rates(compared: list[RateFact]) -> dict[str, float]:
    """Events per session in the whole network, by way of asking."""
    sessions: dict[str, int] = defaultdict(int)
    events: dict[str, int] = defaultdict(int)
    for rate in compared:
        sessions[rate.method] += rate.sessions
        events[rate.method] += rate.events
    return {method: events[method] / sessions[method] for method in sessions}


def _point(own: _Expectation, tau_squared: float, statistics: FunnelStatistics) -> FunnelPoint:
    return FunnelPoint(
        clinic_id=own.clinic_id,
        sessions=own.sessions,
        observed=own.observed,
        expected=own.expected,
        inner=band(own.expected, statistics),
        outer=band(own.expected, statistics, OUTER),
        spread=spread_band(own.expected, tau_squared, statistics),
    )
