"""A broker that is down, goes down, comes back, or comes back empty; a publisher that is killed. Nothing is lost."""

import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from clinic_publisher.dispatch import Patience
from clinic_publisher.intake import outbox_path
from clinic_publisher.outbox import Outbox
from clinic_publisher.publish import publish_events, send_pending
from clinic_publisher.report import PublishReport
from control_room.broker.configuration import data_folder
from control_room.broker.launch import start_broker
from control_room.broker.readiness import wait_until_ready
from control_room.onboarding import create_network_topics, onboard_clinics, restore_clinics
from network_registry.home import Home
from network_registry.settings import load_settings

from .conftest import PlatformSide, event

pytestmark = pytest.mark.timeout(240)
CLINIC = "clinic-a"


class FragileBroker:
    """A broker that a test may kill and start, with one clinic on board."""

    def __init__(self, home: Home, settings, platform):
        self.home, self.settings, self.platform = home, settings, platform
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        self.process = start_broker(self.home, self.settings)
        wait_until_ready(self.platform, 90, self.process)

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def lose_the_disk(self) -> None:
        self.kill()
        shutil.rmtree(data_folder(self.home))
        self.start()
        create_network_topics(self.platform)
        restore_clinics(self.home, self.settings)

    def states(self) -> dict[str, int]:
        with closing(Outbox(outbox_path(self.home.outbox, CLINIC))) as outbox:
            return outbox.tally().states


@pytest.fixture
def broker(free_home) -> Iterator[FragileBroker]:
    fragile = FragileBroker(free_home.home, free_home.settings, free_home.platform)
    fragile.start()
    try:
        create_network_topics(fragile.platform)
        onboard_clinics(fragile.home, fragile.settings, [CLINIC])
        yield fragile
    finally:
        fragile.kill()


def _events(count: int) -> list[tuple[str, bytes]]:
    return [(CLINIC, event(f"e{i:06}", patient=f"p{i % 50}", filling="x" * 500)) for i in range(count)]


def _distinct(broker: FragileBroker) -> set[bytes]:
    return {body for _, _, body in PlatformSide(broker.platform).records(CLINIC)}


def _publish_in_background(
    broker: FragileBroker, count: int, outage_s: float
) -> tuple[threading.Thread, list, threading.Event]:
    """A publish that has begun to send when the event is set; its report comes into the list."""
    reports: list[PublishReport] = []
    sending = threading.Event()

    def progress(line: str) -> None:
        if line.startswith("sent"):
            sending.set()

    def run() -> None:
        patience = Patience(outage_s=outage_s)
        reports.append(
            publish_events(broker.home, broker.settings, _events(count), progress=progress, patience=patience)
        )

    thread = threading.Thread(target=run)
    thread.start()
    return thread, reports, sending


def test_with_the_broker_down_everything_is_kept_and_goes_later(broker: FragileBroker) -> None:
    broker.kill()
    report = publish_events(broker.home, broker.settings, _events(3))
    assert report.exit_code == 2
    assert report.problems == [
        f"no broker at {broker.settings.bootstrap_servers} (Connection refused)",
        "3 events wait in the outbox and go with the next publish",
    ]
    again = publish_events(broker.home, broker.settings, _events(3))
    assert (again.events, again.already_published) == (3, 0), "what only waits is not published"
    broker.start()
    later = send_pending(broker.home, broker.settings)
    assert (later.sent, later.problems) == (3, [])
    assert _distinct(broker) == {body for _, body in _events(3)}


def test_a_broker_killed_in_the_middle_is_waited_for_and_nothing_is_lost(broker: FragileBroker) -> None:
    thread, reports, sending = _publish_in_background(broker, 20_000, outage_s=120)
    assert sending.wait(60)
    broker.kill()
    broker.start()
    thread.join(120)
    assert (reports[0].sent, reports[0].problems) == (20_000, [])
    assert _distinct(broker) == {body for _, body in _events(20_000)}


def test_a_clinic_whose_turn_comes_while_the_broker_is_away_waits_for_it_like_the_others(broker: FragileBroker) -> None:
    clinics = [CLINIC, *(f"clinic-{letter}" for letter in "bcdefghi")]
    onboard_clinics(broker.home, broker.settings, clinics[1:])
    events = [(clinic, body) for clinic in clinics for _, body in _events(200)]
    is_down, reports = threading.Event(), []

    def progress(line: str) -> None:
        if line.startswith("sent") and not is_down.is_set():
            broker.kill()
            is_down.set()

    thread = threading.Thread(
        target=lambda: reports.append(publish_events(broker.home, broker.settings, events, progress=progress))
    )
    thread.start()
    assert is_down.wait(60)
    broker.start()
    thread.join(120)
    assert (reports[0].sent, reports[0].problems) == (len(events), [])


def test_a_broker_that_stays_away_ends_the_publish_and_the_rest_waits(broker: FragileBroker) -> None:
    thread, reports, sending = _publish_in_background(broker, 20_000, outage_s=4)
    assert sending.wait(60)
    broker.kill()
    thread.join(120)
    report = reports[0]
    assert report.exit_code == 2 and report.sent + report.waiting == 20_000
    assert f"{report.waiting} events wait in the outbox and go with the next publish" in report.problems
    broker.start()
    send_pending(broker.home, broker.settings)
    assert broker.states() == {"sent": 20_000}
    assert _distinct(broker) == {body for _, body in _events(20_000)}


def test_a_broker_that_lost_its_disk_gets_everything_that_had_not_landed_again(broker: FragileBroker) -> None:
    publish_events(broker.home, broker.settings, _events(10))
    platform = PlatformSide(broker.platform)
    platform.answer(CLINIC)
    publish_events(broker.home, broker.settings, _events(15))
    broker.lose_the_disk()
    told: list[str] = []
    report = send_pending(broker.home, broker.settings, progress=told.append)
    assert f"{CLINIC}: the broker no longer has 5 events; they are sent again" in told
    assert (report.sent, _distinct(broker)) == (5, {body for _, body in _events(15)[10:]})
    platform.answer(CLINIC)
    waited = send_pending(broker.home, broker.settings, wait=True)
    assert (waited.problems, broker.states()) == ([], {"landed": 15})


_PUBLISHER = """
import sys
from pathlib import Path
from clinic_publisher.publish import publish_file
from network_registry.home import Home
from network_registry.settings import load_settings
home = Home(Path(sys.argv[1]))
say = lambda line: print(line, flush=True)
publish_file(home, load_settings(home.root), Path(sys.argv[2]), "clinic-a", progress=say)
"""


def test_a_publisher_killed_in_the_middle_has_lost_nothing(broker: FragileBroker, tmp_path: Path) -> None:
    ports = {"broker_port": broker.settings.broker_port, "controller_port": broker.settings.controller_port}
    broker.home.settings_file.write_text("".join(f"{name} = {port}\n" for name, port in ports.items()))
    assert load_settings(broker.home.root).bootstrap_servers == broker.settings.bootstrap_servers
    path = tmp_path / "events.jsonl"
    path.write_bytes(b"\n".join(body for _, body in _events(20_000)))
    command = [sys.executable, "-c", _PUBLISHER, str(broker.home.root), str(path)]
    publisher = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert publisher.stdout is not None and publisher.stdout.readline().startswith(b"sent")
    publisher.kill()
    publisher.wait()
    assert broker.states()["queued"] > 0
    again = send_pending(broker.home, broker.settings)
    assert (again.problems, broker.states()) == ([], {"sent": 20_000})
    assert _distinct(broker) == {body for _, body in _events(20_000)}
