"""Where a running dashboard's facts come from: the registry, the lake, the broker and the current release."""

import threading

from sqlalchemy import Engine

from network_registry.broker_probe import broker_listens
from network_registry.clinics import list_clinics
from network_registry.database import open_registry
from network_registry.home import Home
from network_registry.settings import Settings
from quality_dashboard.facts import ClinicFact, ProcessFact, ReleasedFacts, Releases, Unreadable
from quality_dashboard.funnel_chart import DrawnFunnel, drawn
from quality_dashboard.funnel_view import funnel
from quality_dashboard.process_states import read_processes
from quality_dashboard.release_reader import read_release
from quality_dashboard.releases_reader import build_facts, tier_facts
from warehouse_releases.build_folders import current_release
from warehouse_releases.conservation import Conservation
from warehouse_releases.conservation_reading import ConservationUnknown, read_conservation
from warehouse_releases.lake import list_segments
from warehouse_releases.ledger import list_recorded
from warehouse_releases.live_counts import ClinicCounts, live_counts
from warehouse_releases.segments import Segment

SHOWN_BUILDS = 8
# How long conservation may wait for the lander; what is not landed by then is on the way.
_LANDING_WAIT_S = 1.0


class PlatformSources:
    """The sources of one home. Calls may come from any thread; no call runs twice at the same time."""

    def __init__(self, home: Home, settings: Settings) -> None:
        self._home, self._settings = home, settings
        self._opening, self._reading_release = threading.Lock(), threading.Lock()
        self._engine: Engine | None = None
        self._counted: tuple[list[Segment], tuple[ClinicCounts, ...]] | None = None
        self._released: ReleasedFacts | None = None
        self._drawn: tuple[ReleasedFacts, DrawnFunnel] | None = None

    def clinics(self) -> tuple[ClinicFact, ...]:
        found = list_clinics(self._registry())
        return tuple(ClinicFact(clinic.clinic_id, clinic.name, clinic.is_active) for clinic in found)

    def counts(self) -> tuple[ClinicCounts, ...]:
        """From the segments, and only when there are others than last time."""
        segments = list_segments(self._home.lake)
        if self._counted is None or self._counted[0] != segments:
            self._counted = segments, tuple(live_counts(self._home.lake))
        return self._counted[1]

    def conservation(self) -> Conservation:
        bootstrap = self._settings.bootstrap_servers
        if not broker_listens(bootstrap):
            raise Unreadable(f"cannot be checked: the broker at {bootstrap} does not answer")
        try:
            return read_conservation(self._home, self._settings, _LANDING_WAIT_S)
        except ConservationUnknown as error:
            raise Unreadable(f"cannot be checked: {error}") from None

    def releases(self) -> Releases:
        recorded = list_recorded(self._registry(), SHOWN_BUILDS)
        return Releases(tier_facts(current_release(self._home)), build_facts(recorded))

    def released(self) -> ReleasedFacts | None:
        """From the current release, and only when it is another than last time."""
        current = current_release(self._home)
        if current is None:
            return None
        with self._reading_release:
            known = self._released
            if known is None or known.release_id != current.release_id:
                # The folder's own path: a swap of `current` while this reads changes nothing here.
                known = self._released = read_release(current.warehouse("officer"), current.release_id)
            return known

    def funnel(self) -> DrawnFunnel | None:
        released = self.released()
        if released is None:
            return None
        if self._drawn is None or self._drawn[0] != released:
            # scipy takes 85 MB and a second: a dashboard without a release does without it.
            from safety_statistics import funnel as statistics

            self._drawn = released, drawn(funnel(released.rates, statistics), statistics)
        return self._drawn[1]

    def processes(self) -> tuple[ProcessFact, ...]:
        return read_processes(self._home.run)

    def _registry(self) -> Engine:
        with self._opening:
            if self._engine is None:
                self._engine = open_registry(self._home)
            return self._engine
