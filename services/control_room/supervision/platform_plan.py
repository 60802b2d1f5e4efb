"""The plan of the platform on one machine: which processes there are, and when each is ready."""

import socket
import sys

from control_room.broker.failures import BrokerFailure
from control_room.broker.readiness import probe
from control_room.onboarding import OnboardingFailed, create_network_topics, restore_clinics
from control_room.processes import stream_name
from control_room.supervision.plan import Plan, ProcessSpec
from network_registry.connections import CredentialMissing, platform_connection
from network_registry.home import Home
from network_registry.settings import Settings

BROKER_GRACE_S = 30.0


def platform_plan(home: Home, settings: Settings) -> Plan:
    """Broker, then its topics, then whatever needs it; the dashboard at once, for it shows a broker that is down too.

    With a broker of someone else's (`bootstrap` is set), none is started here.
    """
    own_broker = settings.bootstrap is None
    after = ("broker",) if own_broker else ()
    broker = ProcessSpec(
        "broker", _command("broker"), missing=lambda: broker_missing(home, settings), grace_s=BROKER_GRACE_S
    )
    streams = {number: stream_name(number) for number in range(1, settings.stream_workers + 1)}
    others = (
        *(ProcessSpec(name, _command("stream", "--number", str(number)), after) for number, name in streams.items()),
        ProcessSpec("lander", _command("lander"), after),
        # A build that is cut short is never shown: there is nothing to wait for.
        ProcessSpec("builder", _command("builder"), after, grace_s=10.0),
        ProcessSpec("dashboard", _command("dashboard"), missing=lambda: dashboard_missing(settings)),
    )
    stages = (("dashboard", "builder"), (*streams.values(), "lander"))
    return Plan((broker, *others), (*stages, ("broker",))) if own_broker else Plan(others, stages)


def broker_missing(home: Home, settings: Settings) -> str | None:
    """What is missing until the broker serves: an answer, or what it has to hold for the network and its clinics.

    Whatever is missing of topics and rights is put in place, after each start: a broker can lose its disk.
    """
    try:
        connection = platform_connection(home, settings)
        probe(connection)
        create_network_topics(connection)
        restore_clinics(home, settings)
    except (BrokerFailure, OnboardingFailed, CredentialMissing) as fault:
        return str(fault)
    return None


def dashboard_missing(settings: Settings) -> str | None:
    try:
        socket.create_connection(("127.0.0.1", settings.dashboard_port), 1.0).close()
    except OSError:
        return f"nothing answers at http://127.0.0.1:{settings.dashboard_port}"
    return None


def _command(name: str, *options: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "control_room", "run", name, *options)
