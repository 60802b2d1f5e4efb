"""The platform that is hurt: the real one, as `meridian up` starts it, on small disks of its own. Nobody helps it."""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from control_room.demo.home import free_ports
from control_room.fault_campaign.disks import small_disks
from control_room.fault_campaign.faults import WORKERS
from control_room.homes import checked_settings, furnish
from control_room.onboarding import onboard_clinics
from control_room.supervision import down, up
from control_room.supervision.states import read_state
from network_registry.home import Home
from network_registry.settings import Settings
from warehouse_releases.dbt_invocation import environment

CLINICS = tuple(f"clinic-{number:02}" for number in range(8))
# For each million events: what the broker keeps of them, in and out, the segments, and the release at the end.
_BROKER_MIB, _LAKE_MIB, _HOME_MIB = 3000, 800, 8000
_SPARE_MIB = 500


class Unwell(Exception):
    """The platform did not come back by itself: one line that says what is missing."""


@dataclass(frozen=True)
class Platform:
    """`outboxes` are the clinics' own: on a disk that nobody fills."""

    home: Home
    settings: Settings
    outboxes: Path

    def process_id(self, name: str) -> int | None:
        """Of a process that the supervisor has up; None while it has none."""
        state = read_state(self.home)
        return next((each.pid for each in state.processes if each.name == name), None) if state else None


@contextmanager
def running_platform(root: Path, events: int, with_disks: bool) -> Iterator[Platform]:
    """Up, with its clinics on board. Raises `NotMounted`."""
    home = Home(root / "home")
    sizes = {
        home.root: _size(events, _HOME_MIB),
        home.broker: _size(events, _BROKER_MIB),
        home.lake: _size(events, _LAKE_MIB),
    }
    with small_disks(root / "disks", sizes if with_disks else {}):
        furnish(home)
        # No release meanwhile: a build has nothing to do with what is delivered, and takes a core for itself.
        settings_file = f"{free_ports()}stream_workers = {WORKERS}\nbuild_interval_s = 86400\n"
        home.settings_file.write_text(settings_file)
        settings = checked_settings(home)
        with environment(MERIDIAN_HOME=str(home.root)):
            try:
                if up(home, settings, detach=True):
                    raise Unwell("the platform did not start")
                onboard_clinics(home, settings, CLINICS)
                yield Platform(home, settings, root / "outboxes")
            finally:
                down(home)
                # The home goes with its disk.
                shutil.copytree(home.logs, root / "logs", dirs_exist_ok=True)


def wait_until(condition: Callable[[], Any], what: str, within_s: float) -> float:
    """Seconds until the condition held. Raises `Unwell`."""
    began = time.monotonic()
    while not condition():
        if time.monotonic() - began > within_s:
            raise Unwell(f"waited {within_s:g} s for {what}")
        time.sleep(0.05)
    return time.monotonic() - began


def _size(events: int, per_million: int) -> int:
    return _SPARE_MIB + round(per_million * events / 1e6)
