"""A home with clinics, a lake and releases, as the platform leaves them; and ways to ask the dashboard about it."""

import asyncio
import json
import random
import shutil
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from threading import Event
from time import monotonic
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from clinic_events.network_records import AcceptedEvent, Origin, QuarantinedEvent, encode
from clinic_events.reasons import Reason
from network_registry.clinics import add_clinic
from network_registry.database import open_registry
from network_registry.home import Home
from network_registry.keys import mint_keys
from network_registry.settings import Settings
from network_registry.topics import EVENTS, QUARANTINE, events_topic
from warehouse_releases.build_folders import BuildFolder, versions
from warehouse_releases.lake import prepare, write_segment
from warehouse_releases.landed_records import LANDED_TOPICS
from warehouse_releases.segments import Segment, Source
from warehouse_releases.versions import publish, write_manifest

WITHIN_S = 60
NOW = datetime.now(UTC).replace(microsecond=0)
MARTS = (Path(__file__).parent / "mart_tables.sql").read_text()


@dataclass
class Network:
    """One home. `land` and `release` leave behind what the lander and the builder would."""

    home: Home
    settings: Settings
    landed: int = 0
    offsets: dict[str, int] = field(default_factory=dict)

    def join(self, clinic_id: str, name: str | None = None) -> None:
        add_clinic(open_registry(self.home), clinic_id, name)

    def land(self, clinic_id: str, accepted: int, *, flagged: int = 0, age: timedelta = timedelta(hours=2)) -> None:
        """Events with patients of their own; the first `flagged` of them carry a flag."""
        records = [self._event(clinic_id, number < flagged, NOW - age) for number in range(accepted)]
        self._write(EVENTS, records)

    def quarantine(self, clinic_id: str, reason: str, events: int) -> None:
        self._write(QUARANTINE, [self._refused(clinic_id, reason) for _ in range(events)])

    def release(
        self,
        rates: Iterable[tuple] = (),
        signals: Iterable[tuple] = (),
        checks: Iterable[tuple] = (),
        rules: Iterable[tuple] = (),
        drop: str | None = None,
    ) -> int:
        """Put a release on show: rows are the first columns of the marts; `drop` leaves one mart out."""
        number = len(list(versions(self.home).glob("*"))) + 1
        build = BuildFolder(self.home.builds / str(number)).create()
        with duckdb.connect(str(build.warehouse("officer"))) as file:
            file.execute(MARTS)
            for mart, rows in _filled(rates, signals, checks, rules).items():
                for row in rows:
                    file.execute(f"insert into {mart} values ({', '.join('?' * len(row))})", row)
            if drop:
                file.execute(f"drop table {drop}")
        shutil.copy(build.warehouse("officer"), build.warehouse("analyst"))
        write_manifest(build, _manifest(number))
        publish(self.home, open_registry(self.home), build)
        return number

    def supervise(self, *processes: dict) -> None:
        (self.home.run / "supervisor.json").write_text(json.dumps({"processes": processes}))

    def _origin(self, clinic_id: str) -> Origin:
        offset = self.offsets.get(clinic_id, 0)
        self.offsets[clinic_id] = offset + 1
        return Origin("cluster", events_topic(clinic_id), f"topic-of-{clinic_id}", 0, offset)

    def _event(self, clinic_id: str, is_flagged: bool, at: datetime) -> AcceptedEvent:
        origin = self._origin(clinic_id)
        return AcceptedEvent(
            origin=origin,
            event_id=f"secret-event-{clinic_id}-{origin.offset}",
            event_type="session.completed",
            schema_version=1,
            clinic_id=clinic_id,
            occurred_at=at,
            received_at=NOW,
            patient_id=f"secret-patient-{origin.offset}",
            key_version=1,
            flags=[Reason("out_of_range", "/data/retention_min")] if is_flagged else [],
            content_hash=f"hash-{origin.offset}",
            normaliser_version="1",
            data={"practitioner_id": "secret-practitioner"},
        )

    def _refused(self, clinic_id: str, reason: str) -> QuarantinedEvent:
        origin = self._origin(clinic_id)
        return QuarantinedEvent(
            origin=origin,
            clinic_id=clinic_id,
            event_id=f"secret-event-{clinic_id}-{origin.offset}",
            event_type="secret-type",
            received_at=NOW,
            reasons=[Reason(reason, "/time")],
            says_serious=False,
            key_version=1,
            ciphertext=b"sealed",
            expires_at=NOW,
        )

    def _write(self, topic: str, records: list) -> None:
        first, self.landed = self.landed, self.landed + len(records)
        landed = LANDED_TOPICS[topic]
        rows = [(*landed.decode(encode(record))[1], 0, first + at) for at, record in enumerate(records)]
        segment = Segment(Source(topic, "cluster", "network", 0), first, self.landed - 1, date.today())
        write_segment(self.home.lake, segment, landed.table(rows))


@pytest.fixture
def network(tmp_path: Path) -> Network:
    """A home in which nobody has done anything yet, and whose broker does not run."""
    home = Home(tmp_path / "home").create()
    mint_keys(home)
    prepare(home.lake)
    broker, dashboard = free_ports(2)
    return Network(home, Settings(home=home.root, broker_port=broker, dashboard_port=dashboard))


@pytest.fixture
def ask() -> Callable[..., SimpleNamespace]:
    """GET a path of an ASGI application: status, headers (lower case) and text."""
    return lambda app, path, host="127.0.0.1:8600": asyncio.run(_ask(app, path, host))


async def _ask(app, path: str, host: str) -> SimpleNamespace:
    messages = []
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"host", host.encode())],
        "server": ("127.0.0.1", 8600),
    }

    async def receive() -> dict:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict) -> None:
        messages.append(message)

    await app(scope, receive, send)
    headers = {name.decode().lower(): value.decode() for name, value in messages[0]["headers"]}
    body = b"".join(message.get("body", b"") for message in messages[1:])
    return SimpleNamespace(status=messages[0]["status"], headers=headers, text=body.decode())


@pytest.fixture
def until() -> Callable[..., Any]:
    """Ask again until the answer is as it should be; the last answer, or a failure with it after a minute."""

    def wait(question: Callable[[], Any], is_right: Callable[[Any], bool]) -> Any:
        ends = monotonic() + WITHIN_S
        while not is_right(answer := question()):
            assert monotonic() < ends, f"still {answer!r}"
            Event().wait(0.05)
        return answer

    return wait


@pytest.fixture
def answering(until) -> Callable[[int], None]:
    """Wait until a dashboard answers at this port."""
    return lambda port: until(lambda: _answers(port), bool)


def _answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/healthz")
        return json.loads(connection.getresponse().read()) == {"status": "ok"}
    except OSError:
        return False
    finally:
        connection.close()


def free_ports(count: int) -> list[int]:
    # Below the range from which the system takes the ports of outgoing connections.
    candidates = random.SystemRandom().sample(range(20_000, 32_000), 100)
    return [port for port in candidates if _is_free(port)][:count]


def _is_free(port: int) -> bool:
    with socket.socket() as probing:
        return probing.connect_ex(("127.0.0.1", port)) != 0


def _filled(
    rates: Iterable[tuple], signals: Iterable[tuple], checks: Iterable[tuple], rules: Iterable[tuple]
) -> dict[str, list[tuple]]:
    """Whole rows of the marts. Given are (clinic, way of asking, sessions, events), (signal, clinic, found, observed,
    expected, ratio, low, high), (clinic, day, check, numerator, denominator, threshold, status) and (clinic, rule,
    decided in, severity, events, judged)."""
    return {
        "mart_safety_by_clinic": [
            (clinic, date(2026, 1, 1), method, sessions, events, events, 0, 0.0, 0.0, 0.0)
            for clinic, method, sessions, events in rates
        ],
        "mart_clinic_signals": [
            (*row, 1.0, f"{row[3]:g} counted", "found" if row[2] else "not_found") for row in signals
        ],
        "mart_data_quality": [(*row, "critical", "every mart") for row in checks],
        "mart_rule_findings": [(row[0], date(2026, 1, 1), *row[1:], "none", "its title") for row in rules],
    }


def _manifest(number: int) -> dict:
    return {
        "release_id": number,
        "created_at": NOW.isoformat(),
        "as_of": NOW.isoformat(),
        "checks_total": 34,
        "checks_passed": 34,
        "checks": [],
        "verdicts": {"mart_data_quality": "passed", "mart_side_effects": "warned"},
        "lock": {"period": "2026-W38", "as_of": NOW.isoformat(), "locked_at": NOW.isoformat()},
    }
