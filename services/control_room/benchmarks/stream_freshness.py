"""How long events take until they are validated and until they have landed, with hundreds of clinics at once."""

import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from kafka import KafkaAdminClient

from control_room.benchmarks.arrivals import ends_of, landed, validated
from control_room.benchmarks.open_loop import Sent, publish_open_loop, with_a_flood
from control_room.benchmarks.own_platform import own_platform
from control_room.onboarding import onboard_clinic, onboard_clinics
from network_registry.connections import Connection, platform_connection
from network_registry.home import Home
from network_registry.settings import Settings
from network_registry.topics import STREAM_GROUP, receipts_topic

FLOOD = 100
_WARM_S = 10.0
_PATIENCE_S = 120.0


def bench_stream_freshness(
    rate: int, seconds: int, clinics: int, workers: int, folder: Path | None, tell: Callable[[str], None]
) -> dict[str, Any]:
    """Milliseconds from the moment at which an event was due until the broker took it, until it was validated, and
    until its clinic was told that it had landed: with every clinic at its share, then of the others while one floods;
    how the partitions are spread over the workers; and seconds until a clinic that is added is live."""
    names = tuple(f"clinic-{number:03}" for number in range(clinics))
    with (
        tempfile.TemporaryDirectory(prefix="meridian-bench-", dir=folder) as root,
        own_platform(Path(root), f"stream_workers = {workers}\n") as (home, settings),
    ):
        connection = platform_connection(home, settings)
        tell(f"{clinics} clinics come on board")
        onboard_clinics(home, settings, names)
        tell("warming up")
        _run(connection, names, names, rate, _WARM_S, 0)
        tell(f"{rate} events a second, for {seconds} seconds")
        steady = _run(connection, names, names, rate, seconds, 1_000_000)
        faster = rate * (clinics - 1 + FLOOD) / clinics
        tell(f"one clinic sends {FLOOD} times its share, {faster:.0f} events a second in all")
        flooded = _run(connection, names, with_a_flood(names, FLOOD), faster, seconds, 2_000_000)
        tell("a clinic is added")
        live_s = _live_after(home, settings, connection)
        spread = _partitions_of_workers(connection)
    return {
        "events": len(steady.sent),
        "events_per_second": rate,
        "clinics": clinics,
        "taken_ms": steady.percentiles("taken"),
        "validated_ms": steady.percentiles("validated"),
        "landed_ms": steady.percentiles("landed"),
        "lost": steady.lost() + flooded.lost(),
        "flood": {
            "others_taken_ms": flooded.percentiles("taken", but=names[0]),
            "others_validated_ms": flooded.percentiles("validated", but=names[0]),
            "others_landed_ms": flooded.percentiles("landed", but=names[0]),
        },
        "new_clinic_live_s": live_s,
        "partitions_of_workers": spread,
    }


class _Ran:
    """What was sent, and for each event when it was validated and when it had landed; None when it never was."""

    def __init__(self, sent: list[Sent], at: Mapping[str, Sequence[float | None]]) -> None:
        self.sent, self._at = sent, at

    def percentiles(self, what: str, but: str | None = None) -> dict[str, float]:
        pairs = zip(self.sent, self._at[what], strict=True)
        lags = [at - one.due for one, at in pairs if at is not None and one.clinic_id != but]
        return {f"p{percent}": round(float(np.percentile(lags, percent)) * 1000, 1) for percent in (50, 99)}

    def lost(self) -> int:
        return sum(at is None for at in self._at["landed"])


def _run(
    connection: Connection, clinics: tuple[str, ...], turns: tuple[str, ...], rate: float, seconds: float, start: int
) -> _Ran:
    since = ends_of(connection, clinics)
    sent = publish_open_loop(connection, turns, rate, seconds, start)
    deadline, at_lake = time.monotonic() + _PATIENCE_S, {}
    while len(at_lake) < len(sent) and time.monotonic() < deadline:
        time.sleep(2)
        at_lake = landed(connection, since)
    at_stream = validated(connection, since)
    return _Ran(
        sent,
        {
            "taken": [one.taken for one in sent],
            "validated": [at_stream.get(one.event_id) for one in sent],
            "landed": [at_lake.get((receipts_topic(one.clinic_id), one.partition, one.offset)) for one in sent],
        },
    )


def _live_after(home: Home, settings: Settings, connection: Connection) -> float:
    """Seconds from the command that adds a clinic until its first event is validated; nobody starts anything."""
    since, began = ends_of(connection, ()), time.time()
    onboard_clinic(home, settings, "clinic-added")
    (sent,) = publish_open_loop(connection, ("clinic-added",), 1, 1, 3_000_000)
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline:
        if at := validated(connection, since).get(sent.event_id):
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
