"""How long the officer's tier lags behind what clinics publish, on the demo's network with the resident builder.

Open loop: an event goes out every second, whatever became of the one before, and its time is the scheduled one.
"""

import json
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np

from clinic_publisher.publish import publish_events
from control_room.benchmarks.own_platform import own_platform
from control_room.onboarding import onboard_clinics
from network_registry.home import Home
from network_registry.settings import Settings
from simulated_network.network import SimulatedNetwork, simulate
from warehouse_releases.build_folders import current_release
from warehouse_releases.lock_on_request import lock_now
from warehouse_releases.readers import query

_LOOK_S = 0.1
# How long the last events may take until they are released.
_PATIENCE_S = 300.0


def bench_freshness(seconds: int, folder: Path | None, tell: Callable[[str], None]) -> dict[str, Any]:
    """Seconds from an event's scheduled publishing until the release that has it is on show: p50, p99 and the longest;
    how many events and releases there were; and the builder's interval."""
    with (
        tempfile.TemporaryDirectory(prefix="meridian-bench-", dir=folder) as root,
        own_platform(Path(root)) as platform,
    ):
        home, settings = platform
        tell("freshness: the history of twelve clinics")
        network = simulate(1, True, datetime.now(UTC))
        onboard_clinics(home, settings, {clinic.clinic_id: clinic.name for clinic in network.clinics})
        publish_events(home, settings, ((message.clinic_id, message.raw) for message in network.messages))
        # The week's lock, which the builder would otherwise make in the middle of it.
        lock_now(home, settings, progress=tell)
        tell(f"freshness: an event a second, for {seconds} seconds")
        sent: dict[str, float] = {}
        publishing = threading.Thread(target=_publish, args=(home, settings, network, seconds, sent))
        publishing.start()
        shown, releases = _watch(home, publishing, sent)
        publishing.join()
    lags = [shown[event_id] - sent[event_id] for event_id in shown]
    p50, p99 = (round(float(np.percentile(lags, percent)), 1) for percent in (50, 99))
    return {
        "events": len(sent),
        "released": len(shown),
        "releases": releases,
        "p50_s": p50,
        "p99_s": p99,
        "longest_s": round(max(lags), 1),
        "build_interval_s": settings.build_interval_s,
    }


def _publish(home: Home, settings: Settings, network: SimulatedNetwork, seconds: int, sent: dict[str, float]) -> None:
    sessions = [(one.clinic_id, json.loads(one.raw)) for one in network.messages if b"session.completed" in one.raw]
    began = time.monotonic()
    for number, (clinic_id, event) in zip(range(seconds), reversed(sessions), strict=False):
        scheduled = began + number
        time.sleep(max(scheduled - time.monotonic(), 0.0))
        event_id = str(uuid4())
        event |= {"id": event_id, "data": event["data"] | {"session_id": event_id}}
        sent[event_id] = scheduled
        publish_events(home, settings, [(clinic_id, json.dumps(event).encode())])


def _watch(home: Home, publishing: threading.Thread, sent: dict[str, float]) -> tuple[dict[str, float], int]:
    """When each event was first on show, and on how many releases it was looked for."""
    shown: dict[str, float] = {}
    seen, releases, deadline = current_release(home), 0, None
    while deadline is None or (len(shown) < len(sent) and time.monotonic() < deadline):
        if deadline is None and not publishing.is_alive():
            deadline = time.monotonic() + _PATIENCE_S
        if (current := current_release(home)) != seen:
            seen, releases, moment = current, releases + 1, time.monotonic()
            listed = ", ".join(f"'{event_id}'" for event_id in list(sent) if event_id not in shown) or "''"
            found = query(home, f"select event_id from staging.stg_events where event_id in ({listed})", "officer")
            shown |= {row["event_id"]: moment for row in found}
        time.sleep(_LOOK_S)
    return shown, releases
