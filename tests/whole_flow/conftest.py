"""A whole platform of its own, on free ports, for the tests of the whole flow."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from network_registry.home import Home


def _free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


@pytest.fixture(scope="session")
def platform_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """The home of a platform that is up; it is stopped at the end."""
    home = Home(tmp_path_factory.mktemp("platform") / "home").create()
    names = ("broker_port", "controller_port", "dashboard_port")
    ports = zip(names, _free_ports(3), strict=True)
    # Builds that nobody asked for would only take the processor from those that are.
    home.settings_file.write_text("".join(f"{name} = {port}\n" for name, port in ports) + "build_interval_s = 86400\n")
    try:
        _meridian(home, "up", "--detach")
        yield home
    finally:
        _meridian(home, "down")


def _meridian(home: Home, *arguments: str) -> None:
    environment = {**os.environ, "MERIDIAN_HOME": str(home.root)}
    command = [sys.executable, "-m", "control_room", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    logs = {path.name: path.read_text()[-400:] for path in sorted(Path(home.logs).glob("*.log"))}
    assert done.returncode == 0, f"{arguments}: {done.stderr} {logs}"
