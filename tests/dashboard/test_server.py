"""The process: where it listens, how it stops, and what it says when it cannot start."""

import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from network_registry.home import Home
from network_registry.settings import Settings
from quality_dashboard.server import run_dashboard

RUN = """
import sys
from network_registry.home import Home
from network_registry.settings import load_settings
from quality_dashboard.server import run_dashboard
settings = load_settings(sys.argv[1])
sys.exit(run_dashboard(Home(settings.home), settings))
"""


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_listens_on_the_loopback_address_alone_and_stops_cleanly_when_told(network, answering, stop):
    port = network.settings.dashboard_port
    (network.home.root / "meridian.toml").write_text(f"dashboard_port = {port}\n")
    process = subprocess.Popen([sys.executable, "-c", RUN, str(network.home.root)], stderr=subprocess.PIPE, text=True)
    try:
        answering(port)
        assert listening_addresses(port) == {"0100007F"}
        process.send_signal(stop)
        assert process.wait(60) == 0
        assert process.stderr is not None and "Traceback" not in process.stderr.read()
    finally:
        process.kill()
        process.wait()


def listening_addresses(port: int) -> set[str]:
    """The local addresses, in the kernel's own hexadecimal, on which anybody listens at this port."""
    tables = [Path(f"/proc/net/{name}").read_text().splitlines() for name in ("tcp", "tcp6")]
    rows = [line.split() for table in tables for line in table[1:]]
    return {address for address, at in (row[1].split(":") for row in rows if row[3] == "0A") if int(at, 16) == port}


def test_a_port_that_is_taken_is_one_line_and_exit_code_2(network, capsys):
    with socket.create_server(("127.0.0.1", network.settings.dashboard_port)):
        assert run_dashboard(network.home, network.settings) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and str(network.settings.dashboard_port) in said


def test_a_folder_that_is_no_home_is_one_line_and_exit_code_2(tmp_path, capsys):
    home = Home(tmp_path / "nowhere")
    assert run_dashboard(home, Settings(home=home.root)) == 2
    assert capsys.readouterr().err.startswith("no Meridian home at")
    assert not home.root.exists()
