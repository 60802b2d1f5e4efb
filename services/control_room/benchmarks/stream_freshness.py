"""How long events take until they are validated and until they have landed, with hundreds of clinics at once."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from kafka import KafkaAdminClient

from control_room.benchmarks.arrivals import LakeWatch, ends, validated
from control_room.benchmarks.open_loop import Sent, Turn, in_turns, publish_open_loop, with_a_flood
from control_room.demo.home import free_ports
from control_room.homes import checked_settings, furnish
from control_room.onboarding import onboard_clinic, onboard_clinics
from control_room.supervision import down, up
from network_registry.connections import Connection, platform_connection
from network_registry.home import Home
from network_registry.settings import Settings
from network_registry.topics import STREAM_GROUP
from warehouse_releases.dbt_invocation import environment

FLOOD = 100
_WARM_S = 10.0
_PATIENCE_S = 120.0
_Arrived = dict[str, float]


def bench_stream_freshness(
    rate: int, seconds: int, clinics: int, workers: int, folder: Path | None, tell: Callable[[str], None]
) -> dict[str, Any]:
    """Milliseconds from the moment at which an event was due until it was validated, and until it had landed: with
    every clinic at its share, then of the others while one floods; how the partitions are spread over the workers;
    and seconds until a clinic that is added is live."""
    names = tuple(f"clinic-{number:03}" for number in range(clinics))
    with (
        tempfile.TemporaryDirectory(prefix="meridian-bench-", dir=folder) as root,
        _platform(Path(root), workers) as (home, settings),
    ):
        connection = platform_connection(home, settings)
        tell(f"{clinics} clinics come on board")
        onboard_clinics(home, settings, names)
        tell("warming up")
        _run(home, connection, in_turns(names), rate, _WARM_S, 0)
        tell(f"{rate} events a second, for {seconds} seconds")
        steady = _run(home, connection, in_turns(names), rate, seconds, 1_000_000)
        faster = rate * (clinics - 1 + FLOOD) / clinics
        tell(f"one clinic sends {FLOOD} times its share, {faster:.0f} events a second in all")
        flooded = _run(home, connection, with_a_flood(names, FLOOD), faster, seconds, 2_000_000)
        tell("a clinic is added")
        live_s = _live_after(home, settings, connection)
        spread = _partitions_of_workers(connection)
    return {
        "events": len(steady.sent.due),
        "events_per_second": rate,
        "clinics": clinics,
        "validated_ms": steady.percentiles("validated"),
        "landed_ms": steady.percentiles("landed"),
        "lost": steady.lost() + flooded.lost(),
        "flood": {
            "others_validated_ms": flooded.percentiles("validated", but=names[0]),
            "others_landed_ms": flooded.percentiles("landed", but=names[0]),
        },
        "new_clinic_live_s": live_s,
        "partitions_of_workers": spread,
    }


class _Ran:
    def __init__(self, sent: Sent, arrived: _Arrived, landed: _Arrived) -> None:
        self.sent, self._at = sent, {"validated": arrived, "landed": landed}

    def percentiles(self, what: str, but: str | None = None) -> dict[str, float]:
        at, due = self._at[what], self.sent.due
        lags = [at[each] - due[each] for each in due if each in at and self.sent.clinic_of[each] != but]
        return {f"p{percent}": round(float(np.percentile(lags, percent)) * 1000, 1) for percent in (50, 99)}

    def lost(self) -> int:
        return sum(1 for each in self.sent.due if each not in self._at["landed"])


def _run(home: Home, connection: Connection, turn: Turn, rate: float, seconds: float, start: int) -> _Ran:
    since = ends(connection)
    with LakeWatch(home.lake) as watch:
        sent = publish_open_loop(connection, turn, rate, seconds, start)
        deadline, landed = time.monotonic() + _PATIENCE_S, {}
        while sent.due.keys() - landed.keys() and time.monotonic() < deadline:
            time.sleep(1)
            landed = watch.landed()
    return _Ran(sent, validated(connection, since), landed)


def _live_after(home: Home, settings: Settings, connection: Connection) -> float:
    """Seconds from the command that adds a clinic until its first event is validated; nobody starts anything."""
    since, began = ends(connection), time.time()
    onboard_clinic(home, settings, "clinic-added")
    sent = publish_open_loop(connection, in_turns(("clinic-added",)), 1, 1, 3_000_000)
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline:
        if at := validated(connection, since).get(next(iter(sent.due))):
            return round(at - began, 1)
        time.sleep(0.2)
    return _PATIENCE_S


def _partitions_of_workers(connection: Connection) -> list[int]:
    with KafkaAdminClient(**connection.kafka_python()) as admin:
        members = admin.describe_groups([STREAM_GROUP])[STREAM_GROUP]["members"]
    return sorted(
        sum(len(topic["partitions"]) for topic in member["member_assignment"]["assigned_partitions"])
        for member in members
    )


@contextmanager
def _platform(root: Path, workers: int) -> Iterator[tuple[Home, Settings]]:
    home = Home(root / "home")
    furnish(home)
    home.settings_file.write_text(f"{free_ports()}stream_workers = {workers}\n")
    with environment(MERIDIAN_HOME=str(home.root)):
        try:
            settings = checked_settings(home)
            up(home, settings, detach=True)
            yield home, settings
        finally:
            down(home)
