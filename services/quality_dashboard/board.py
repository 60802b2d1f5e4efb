"""Everything the page is made from, each source with its own reading: one that fails does not hide the others."""

from collections.abc import Callable
from concurrent.futures import Executor, wait
from dataclasses import dataclass
from typing import Any, Protocol

from quality_dashboard.facts import UNREAD, ClinicFact, ProcessFact, Reading, ReleasedFacts, Releases
from quality_dashboard.funnel_chart import DrawnFunnel
from quality_dashboard.refreshed import Refreshed
from warehouse_releases.conservation import Conservation
from warehouse_releases.live_counts import ClinicCounts


class Sources(Protocol):
    """Where the facts come from. Each call may block, and raises when its source cannot be read."""

    def clinics(self) -> tuple[ClinicFact, ...]: ...
    def counts(self) -> tuple[ClinicCounts, ...]: ...
    def conservation(self) -> Conservation: ...
    def releases(self) -> Releases: ...
    def released(self) -> ReleasedFacts | None: ...
    def funnel(self) -> DrawnFunnel | None: ...
    def processes(self) -> tuple[ProcessFact, ...]: ...


@dataclass(frozen=True)
class Board:
    """One reading of every source of `Sources`, under the same names."""

    clinics: Reading[tuple[ClinicFact, ...]] = UNREAD
    counts: Reading[tuple[ClinicCounts, ...]] = UNREAD
    conservation: Reading[Conservation] = UNREAD
    releases: Reading[Releases] = UNREAD
    released: Reading[ReleasedFacts | None] = UNREAD
    funnel: Reading[DrawnFunnel | None] = UNREAD
    processes: Reading[tuple[ProcessFact, ...]] = UNREAD


# Every source, and the seconds after which it is read again when somebody looks. Conservation asks the broker and the
# lake.
MAX_AGE_S = {
    "clinics": 5.0,
    "counts": 2.0,
    "conservation": 5.0,
    "releases": 2.0,
    "released": 2.0,
    "funnel": 2.0,
    "processes": 1.0,
}
FIRST_PATIENCE_S, PATIENCE_S = 2.0, 0.2


class LiveBoard:
    """The board of a running dashboard."""

    def __init__(self, sources: Sources, executor: Executor) -> None:
        self._refreshed = {
            name: Refreshed(_reader(sources, name), executor, max_age_s) for name, max_age_s in MAX_AGE_S.items()
        }

    def start(self) -> None:
        """Begin to read every source that is old, and return at once."""
        for source in self._refreshed.values():
            source.start()

    def look(self) -> Board:
        """Every source's latest reading; all that are old are read at the same time, and hardly waited for.

        While there is a source that was never read a look waits longer; one that takes longer still is `UNREAD`.
        """
        running = [reading for source in self._refreshed.values() if (reading := source.start())]
        lacks_one = any(source.reading is UNREAD for source in self._refreshed.values())
        wait(running, timeout=FIRST_PATIENCE_S if lacks_one else PATIENCE_S)
        return Board(**{name: source.reading for name, source in self._refreshed.items()})


def _reader(sources: Sources, name: str) -> Callable[[], Any]:
    return getattr(sources, name)
