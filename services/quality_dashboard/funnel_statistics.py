"""What the funnel needs of the statistics, so that scipy is loaded only when there is a funnel to draw."""

from typing import Any, NamedTuple, Protocol

INNER, OUTER = 0.95, 0.998


class Spread(Protocol):
    @property
    def phi(self) -> float: ...
    @property
    def tau_squared(self) -> float: ...


class FunnelStatistics(Protocol):
    """The functions of `safety_statistics.funnel`; that module is one."""

    def exact_limits(self, expected: Any, confidence: Any = ...) -> Any: ...
    def overdispersed_limits(self, expected: Any, tau_squared: Any, confidence: Any = ...) -> Any: ...
    def dispersion(self, observed: Any, expected: Any) -> Spread: ...


class Band(NamedTuple):
    """Limits of observed over expected."""

    low: float
    high: float

    def holds(self, ratio: float) -> bool:
        return self.low <= ratio <= self.high


def band(expected: float, statistics: FunnelStatistics, confidence: float = INNER) -> Band:
    """What chance alone allows where so many events are expected."""
    low, high = statistics.exact_limits(expected, confidence)
    return Band(float(low), float(high))


def spread_band(expected: float, tau_squared: float, statistics: FunnelStatistics) -> Band:
    """What chance and the usual spread between clinics allow."""
    low, high = statistics.overdispersed_limits(expected, tau_squared, OUTER)
    return Band(float(low), float(high))
