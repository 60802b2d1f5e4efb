"""A real broker for every test that needs one: started once per test session (and per xdist worker) on free ports."""

import logging
import os
import random
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadScopeScheduling

from control_room.broker.launch import start_broker
from control_room.broker.readiness import wait_until_ready
from control_room.broker.storage import ensure_platform_credential
from control_room.onboarding import create_network_topics
from network_registry.connections import Connection, platform_connection
from network_registry.home import Home
from network_registry.keys import mint_keys
from network_registry.settings import Settings

READY_WITHIN_S = 90

# How long drawing an example takes says something of the machine, and on a new one Hypothesis first makes its tables.
settings.register_profile("meridian", suppress_health_check=[HealthCheck.too_slow], deadline=None)
settings.load_profile("meridian")

# SCRAM without TLS on loopback is what is tested: a warning at each of hundreds of logins hides the cause of a failure.
logging.getLogger("kafka.net.sasl").setLevel(logging.ERROR)

# The quick compiler alone: the broker of a test starts sooner and is never long at work. Java's launcher reads this.
os.environ.setdefault("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1")

# A shell that runs the tests in the background has them ignore Ctrl-C, and all that they start after them.
signal.signal(signal.SIGINT, signal.default_int_handler)

# Folders and files whose tests share a costly fixture: one worker runs all of a piece, so that it is made once.
# The piece that takes longest goes first.
PIECES = (
    ("whole_flow/",),
    ("warehouse/releases/",),
    ("marts/", "simulated_network/"),
    ("stream/test_planted_bugs.py",),
    ("stream/test_deciding_again.py",),
)


def piece_of(nodeid: str) -> int:
    """The place of a test's piece; behind them all for a test that shares nothing."""
    of = (place for place, piece in enumerate(PIECES) for name in piece if nodeid.startswith(f"tests/{name}"))
    return next(of, len(PIECES))


class ByPiece(LoadScopeScheduling):
    """What shares a fixture is one piece of work, as is any other test."""

    def _split_scope(self, nodeid: str) -> str:
        place = piece_of(nodeid)
        return " ".join(PIECES[place]) if place < len(PIECES) else nodeid


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: piece_of(item.nodeid))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    return ByPiece(config, log)


@dataclass(frozen=True)
class EmbeddedBroker:
    """A home with keys and a broker that runs; the network's topics exist, no clinic is on board."""

    home: Home
    settings: Settings

    @property
    def platform(self) -> Connection:
        return platform_connection(self.home, self.settings)


@pytest.fixture(scope="session")
def embedded_broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedBroker]:
    """One broker for the whole session. Tests share it: each takes clinic ids of its own."""
    with _serving(tmp_path_factory.mktemp("broker")) as place:
        yield place


@pytest.fixture
def own_broker(tmp_path: Path) -> Iterator[EmbeddedBroker]:
    """A broker for one test alone, where what others left in the network's topics would disturb (about 4 s)."""
    with _serving(tmp_path / "own-broker") as place:
        yield place


@pytest.fixture(scope="module")
def broker_of_a_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedBroker]:
    """A broker for the tests of one file."""
    with _serving(tmp_path_factory.mktemp("broker-of-a-file")) as place:
        yield place


@pytest.fixture
def free_home(tmp_path: Path) -> EmbeddedBroker:
    """A home on free ports whose broker does not run yet."""
    return _new_home(tmp_path / "free")


@pytest.fixture
def broker_running() -> Callable[[EmbeddedBroker], AbstractContextManager[subprocess.Popen[bytes]]]:
    """`with broker_running(free_home) as process:` for tests that end and start the broker themselves."""
    return _running


def _new_home(folder: Path) -> EmbeddedBroker:
    home = Home(folder).create()
    mint_keys(home)
    ensure_platform_credential(home)
    broker, controller, dashboard = _free_ports(3)
    settings = Settings(home=home.root, broker_port=broker, controller_port=controller, dashboard_port=dashboard)
    return EmbeddedBroker(home, settings)


def _free_ports(count: int) -> list[int]:
    # Below the range from which the system takes the ports of outgoing connections.
    candidates = random.SystemRandom().sample(range(20_000, 32_000), 200)
    return [port for port in candidates if _is_free(port)][:count]


def _is_free(port: int) -> bool:
    with socket.socket() as probing:
        return probing.connect_ex(("127.0.0.1", port)) != 0


@contextmanager
def _running(place: EmbeddedBroker) -> Iterator[subprocess.Popen[bytes]]:
    process = start_broker(place.home, place.settings)
    try:
        wait_until_ready(place.platform, READY_WITHIN_S, process)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(30)
        finally:
            process.kill()


@contextmanager
def _serving(folder: Path) -> Iterator[EmbeddedBroker]:
    place = _new_home(folder)
    with _running(place):
        create_network_topics(place.platform)
        yield place
