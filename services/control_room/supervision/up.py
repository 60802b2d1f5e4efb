"""Bring the platform up on this machine, here or detached."""

import shutil
import subprocess
import sys
import time
from pathlib import Path

from control_room.answers import notice
from control_room.broker.launch import child_environment, require_broker_ports
from control_room.broker.ports import require_free_port
from control_room.supervision.failures import NotReady
from control_room.supervision.jar_progress import fetch_jars
from control_room.supervision.ownership import require_down, sole_supervisor
from control_room.supervision.platform_plan import broker_missing, platform_plan
from control_room.supervision.states import ProcessState, read_state
from control_room.supervision.supervisor import Report, Supervisor, unfailing
from control_room.supervision.wakeups import Wakeups
from network_registry.home import Home
from network_registry.settings import Settings

READY_WITHIN_S = 180.0
# A process that ended this often before all was ready will not get better by waiting.
HOPELESS_AFTER = 4
_LOOK_EVERY_S = 0.1
# With less than this the supervisor can write down neither how its processes are nor why they end.
_LEAST_BYTES = 65_536


class _Ended(Exception):
    """The supervisor is gone; its exit code."""


def up(home: Home, settings: Settings, detach: bool = False) -> int:
    """Supervise the platform until a signal stops it, or with `detach` return when everything is ready.

    Raises `AlreadyUp`, `NotReady`, and `BrokerFailure` for what keeps it from starting at all.
    """
    require_down(home)
    if settings.bootstrap is None:
        fetch_jars()
    if not detach:
        return supervise(home, settings, notice)
    start_detached(home, settings)
    notice(f"the platform is up; the dashboard is at {dashboard_address(settings)}, the logs are in {home.logs}")
    return 0


def supervise(home: Home, settings: Settings, report: Report) -> int:
    """Be the supervisor until SIGTERM, SIGINT or SIGHUP. Raises as `up` does."""
    report = unfailing(report)
    with sole_supervisor(home, report):
        _require_ports(settings)
        _require_broker_of_others(home, settings)
        report(f"starting; the dashboard will be at {dashboard_address(settings)}, the logs are in {home.logs}")
        # Of processes that are no more: `/metrics` is about those that are.
        shutil.rmtree(home.metrics, ignore_errors=True)
        with Wakeups() as wakeups:
            Supervisor(platform_plan(home, settings), home, child_environment(home, settings), report).run(wakeups)
    return 0


def start_detached(home: Home, settings: Settings, ready_within_s: float = READY_WITHIN_S) -> int:
    """Start a supervisor of its own session and return its process id when everything is ready. Raises `NotReady`."""
    path = home.logs / "supervisor.log"
    with path.open("ab") as log:
        said_before = log.tell()
        supervisor = subprocess.Popen(
            [sys.executable, "-m", "control_room.supervision"],
            env=child_environment(home, settings),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        _await_readiness(home, supervisor, time.monotonic() + ready_within_s)
    except _Ended as ended:
        raise NotReady(why_it_ended(path, said_before, ended.args[0])) from None
    return supervisor.pid


def dashboard_address(settings: Settings) -> str:
    return f"http://127.0.0.1:{settings.dashboard_port}"


def what_is_not_ready(processes: list[ProcessState]) -> str:
    """One line: the first process that is not ready, and its last words."""
    late = [process for process in processes if process.state != "running"]
    worst = max(late, key=lambda process: process.restarts)
    return f"{worst.name} is not ready: {worst.missing or 'it waits for others'} (see {worst.log})"


def why_it_ended(log: Path, said_before: int, exit_code: int) -> str:
    """The last line that a supervisor wrote behind `said_before`. On a full disk there is none, or half of one."""
    with log.open("rb") as file:
        file.seek(said_before)
        said = file.read().decode(errors="replace")
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    if lines and said.endswith("\n"):
        return lines[-1]
    free_mb = shutil.disk_usage(log.parent).free / 1e6
    return f"the supervisor ended ({exit_code}) and could not write why; {log.parent} has {free_mb:.1f} MB left"


def _require_ports(settings: Settings) -> None:
    if settings.bootstrap is None:
        require_broker_ports(settings)
    require_free_port(settings.dashboard_port, "the dashboard", "MERIDIAN_DASHBOARD_PORT")


def _require_broker_of_others(home: Home, settings: Settings) -> None:
    if settings.bootstrap is not None and (missing := broker_missing(home, settings)):
        raise NotReady(missing)


def _await_readiness(home: Home, supervisor: subprocess.Popen[bytes], deadline: float) -> None:
    while True:
        if supervisor.poll() is not None:
            raise _Ended(supervisor.returncode)
        processes = _processes_of(home, supervisor.pid)
        if processes and all(process.state == "running" for process in processes):
            return
        if not processes and shutil.disk_usage(home.run).free < _LEAST_BYTES:
            raise NotReady(f"there is no space left in {home.run}; `meridian down` stops what has started")
        hopeless = any(process.restarts >= HOPELESS_AFTER for process in processes)
        if hopeless or time.monotonic() > deadline:
            raise NotReady(f"{_why(processes)}; `meridian down` stops the rest")
        time.sleep(_LOOK_EVERY_S)


def _processes_of(home: Home, supervisor: int) -> list[ProcessState]:
    state = read_state(home)
    return state.processes if state and state.supervisor.pid == supervisor else []


def _why(processes: list[ProcessState]) -> str:
    return what_is_not_ready(processes) if processes else "the supervisor did not start in time"
