"""Run the broker of a home: this very process becomes Kafka, so that whoever started it supervises Kafka itself."""

import os
import subprocess
import sys
from typing import NoReturn

from control_room.broker.claim import Claimed, claim
from control_room.broker.configuration import data_folder, write_configuration
from control_room.broker.failures import BrokerAlreadyRuns, BrokerFailure
from control_room.broker.parent_death import end_with
from control_room.broker.ports import require_free_port
from control_room.broker.storage import ensure_formatted
from control_room.broker.virtual_machine import VirtualMachine, prepare_virtual_machine
from network_registry.connections import platform_connection
from network_registry.home import Home
from network_registry.settings import Settings, environment_for


def run_broker(home: Home, settings: Settings) -> NoReturn:
    """Become the broker. Ends 143 on SIGTERM.

    Raises `BrokerFailure` before anything is started: a taken port, a broker of this home that is alive, no Java,
    no jars, storage that cannot be formatted.
    """
    _claim(home)
    require_broker_ports(settings)
    machine = prepare_virtual_machine()
    ensure_formatted(home, settings, machine)
    _become(machine, home, settings)


def require_broker_ports(settings: Settings) -> None:
    """Raises `PortTaken` unless both ports of the broker are free."""
    require_free_port(settings.broker_port, "the broker", "MERIDIAN_BROKER_PORT")
    require_free_port(settings.controller_port, "the broker's controller", "MERIDIAN_CONTROLLER_PORT")


def start_broker(home: Home, settings: Settings) -> subprocess.Popen[bytes]:
    """Start the broker as a child that dies with this process, writing to `logs/broker.log`; its id is Kafka's."""
    parent = os.getpid()
    with (home.logs / "broker.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "control_room.broker"],
            env=child_environment(home, settings),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            preexec_fn=lambda: end_with(parent),
        )


def child_environment(home: Home, settings: Settings) -> dict[str, str]:
    """The environment in which a child sees this home and these settings, wherever this process has them from."""
    given = settings.model_dump(mode="json", exclude_none=True, exclude={"home"})
    return {**environment_for(home), **{f"MERIDIAN_{name.upper()}": str(value) for name, value in given.items()}}


def _claim(home: Home) -> None:
    try:
        lock = claim(home.broker / "broker.lock")
    except Claimed as by:
        raise BrokerAlreadyRuns(f"the broker of {home.root} already runs (process {by.holder})") from None
    # Kafka inherits it.
    os.set_inheritable(lock, True)


def _become(machine: VirtualMachine, home: Home, settings: Settings) -> NoReturn:
    configuration = write_configuration(home, settings, platform_connection(home, settings), data_folder(home))
    command = machine.command("kafka.Kafka", str(configuration))
    try:
        os.execve(machine.java, command, machine.environment())
    except OSError as fault:
        raise BrokerFailure(f"{machine.java} cannot be started: {fault.strerror}") from None
