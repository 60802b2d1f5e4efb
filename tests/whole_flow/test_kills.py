"""Any process may be killed at any moment: what was acknowledged is there once, and everything is accounted for.

The observer shares no code with `meridian status`: it compares the outboxes' own files with the released staging.
Here all processes are killed in one publish; `MERIDIAN_KILLS=5 MERIDIAN_KILL_EVENTS=50000` is the full campaign, in
which each is killed five times, in the middle of a publish of its own.
"""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from clinic_publisher.publish import publish_events
from control_room.onboarding import onboard_clinics
from network_registry.home import Home
from network_registry.settings import Settings, load_settings
from simulated_network.network import simulate

from .platform import process_id, wait_for

PROCESSES = ("stream", "lander", "builder", "broker")
KILLS = int(os.environ.get("MERIDIAN_KILLS", "0"))
EVENTS = int(os.environ.get("MERIDIAN_KILL_EVENTS", "12000"))
CAMPAIGN = [(victim,) for victim in PROCESSES for _ in range(KILLS)] or [PROCESSES]

pytestmark = pytest.mark.timeout(1800)


def outbox_rows(home: Home) -> list[tuple[str, str | None, str, int, int]]:
    """Every event that the broker has acknowledged to a clinic: clinic, id and place."""
    query = "select event_id, topic_id, partition, \"offset\" from events where state <> 'queued'"
    return [(path.stem, *row) for path in home.outbox.glob("*.sqlite") for row in read(path, query)]


def landed(home: Home) -> int:
    query = "select count(*) from events where state = 'landed'"
    return sum(count for path in home.outbox.glob("*.sqlite") for (count,) in read(path, query))


def read(path: Path, query: str) -> list[tuple]:
    """The rows; none of an outbox that is being made at this moment."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=60)) as connection:
        is_made = connection.execute("select 1 from sqlite_master where name = 'receipts_read'").fetchall()
        return connection.execute(query).fetchall() if is_made else []


def released(home: Home, query: str) -> list[tuple]:
    with duckdb.connect(str(home.warehouse / "current" / "officer" / "warehouse.duckdb"), read_only=True) as connection:
        return connection.execute(query).fetchall()


def kill(home: Home, victim: str) -> None:
    wait_for(lambda: process_id(home, victim) is not None, f"{victim} to run")
    pid = process_id(home, victim)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: process_id(home, victim) not in (pid, None), f"{victim} to be started again")


def conservation(home: Home) -> dict[str, Any]:
    """As `meridian status` tells it, as soon as there is a broker that can be asked."""
    found: dict[str, Any] = {}

    def is_known() -> bool:
        found.update(json.loads(meridian(home, "status", "--json").stdout)["conservation"])
        return found["holds"] is not None

    wait_for(is_known, "a broker that can be asked")
    return found


def meridian(home: Home, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "MERIDIAN_HOME": str(home.root)}
    command = [sys.executable, "-m", "control_room", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def kill_in_the_middle(home: Home, settings: Settings, victim: str, messages: list[tuple[str, bytes]]) -> None:
    """Publish, and kill when a tenth has landed: in the end all has, and meanwhile all was accounted for."""
    wait_for(lambda: process_id(home, victim) is not None, f"{victim} to run")
    goal = landed(home) + len(messages) // 10
    with ThreadPoolExecutor(2) as background:
        publishing = background.submit(publish_events, home, settings, messages, True)
        wait_for(lambda: landed(home) >= goal or publishing.done(), f"{goal} events to land")
        assert not publishing.done(), "the publish was over before the kill"
        kill(home, victim)
        reading = background.submit(conservation, home)
        assert publishing.result().problems == []
        assert reading.result()["problems"] == []


@pytest.mark.parametrize(("number", "victims"), enumerate(CAMPAIGN))
def test_nothing_that_was_acknowledged_is_lost_or_counted_twice(
    platform_home: Home, number: int, victims: tuple[str, ...]
) -> None:
    home, settings = platform_home, load_settings(platform_home.root)
    network = simulate(900 + number, True, datetime(2026, 9, 27, tzinfo=UTC))
    messages = [(message.clinic_id, message.raw) for message in network.messages[:EVENTS]]
    onboard_clinics(home, settings, {clinic.clinic_id: clinic.name for clinic in network.clinics})

    with ThreadPoolExecutor(1) as background:
        building = background.submit(meridian, home, "build") if "builder" in victims else None
        for part, victim in enumerate(victims):
            kill_in_the_middle(home, settings, victim, messages[part :: len(victims)])
        if building is not None:
            # Whoever dies meanwhile, builder or broker, a build is answered.
            assert building.result().returncode == 0, building.result().stderr

    built = meridian(home, "build")
    assert built.returncode == 0, built.stderr
    assert_everything_is_there_once(home, {clinic.clinic_id for clinic in network.clinics})
    at_the_end = conservation(home)
    assert (at_the_end["problems"], at_the_end["pending"]) == ([], 0)


def assert_everything_is_there_once(home: Home, clinics: set[str]) -> None:
    """Of these clinics: others share the platform, and of an erased patient's events the warehouse keeps no ids."""
    rows = released(
        home,
        "select clinic_id, event_id, origin_topic_id, origin_partition, origin_offset, disposition "
        "from staging.stg_dispositions",
    )
    places = Counter((clinic, *place) for clinic, _, *place, _ in rows)
    accepted = Counter((clinic, event_id) for clinic, event_id, *_, disposition in rows if disposition == "accepted")
    known = {(clinic, event_id) for clinic, event_id, *_ in rows}
    counted = released(home, "select count(*), count(distinct (clinic_id, event_id)) from staging.stg_events")

    acknowledged = [row for row in outbox_rows(home) if row[0] in clinics]
    missing = [row for row in acknowledged if row[1] is not None and row[:2] not in known]
    missing += [row for row in acknowledged if row[1] is None and (row[0], *row[2:]) not in places]
    assert missing == []
    assert [place for place, count in places.items() if count > 1] == []
    assert [identity for identity, count in accepted.items() if count > 1] == []
    assert counted[0][0] == counted[0][1] == len(accepted)
