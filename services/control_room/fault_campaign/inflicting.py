"""Do to a running platform what a fault says. All of it ends: what was stopped goes on, disks are emptied again."""

import os
import signal
import subprocess
import sys
import time

from control_room.broker.launch import child_environment
from control_room.fault_campaign.disks import fill
from control_room.fault_campaign.faults import WORKERS, Fault, Kind
from control_room.fault_campaign.platform import Platform, wait_until
from control_room.processes import stream_name

_BACK_WITHIN_S = 90.0
_STORM_S = 3.0

_VICTIMS = {Kind.LANDER_KILLED: "lander", Kind.LANDER_WOKEN_LATE: "lander",
            Kind.BROKER_KILLED: "broker", Kind.BROKER_TERMINATED: "broker"}  # fmt: skip
_KILLED = {Kind.WORKER_KILLED, Kind.LANDER_KILLED, Kind.BROKER_KILLED}
_TERMINATED = {Kind.WORKER_TERMINATED, Kind.BROKER_TERMINATED}


def inflict(platform: Platform, fault: Fault) -> None:
    """Returns when the fault is over; the platform may still be on its way back. Raises `Unwell`."""
    home = platform.home
    disks = {Kind.BROKER_DISK_FULL: home.broker, Kind.LAKE_DISK_FULL: home.lake, Kind.REGISTRY_DISK_FULL: home.root}
    if fault.kind in disks:
        fill(disks[fault.kind], fault.lasts_s)
    elif fault.kind is Kind.REBALANCE_STORM:
        _storm(platform, fault.lasts_s)
    else:
        _signal(platform, fault)


def victim(fault: Fault) -> str:
    """The process that a fault meets, by its name."""
    return _VICTIMS.get(fault.kind) or stream_name(fault.worker)


def _signal(platform: Platform, fault: Fault) -> None:
    name = victim(fault)
    wait_until(lambda: platform.process_id(name), f"{name} to run", _BACK_WITHIN_S)
    pid = platform.process_id(name) or 0
    if fault.kind in _KILLED:
        os.kill(pid, signal.SIGKILL)
    elif fault.kind in _TERMINATED:
        os.kill(pid, signal.SIGTERM)
    else:
        os.kill(pid, signal.SIGSTOP)
        time.sleep(fault.lasts_s)
        os.kill(pid, signal.SIGCONT)


def _storm(platform: Platform, seconds: float) -> None:
    """Further workers come and are killed: all partitions change hands each time."""
    command = [sys.executable, "-m", "control_room", "run", "stream", "--number", f"{WORKERS + 1}"]
    environment, end = child_environment(platform.home, platform.settings), time.monotonic() + seconds
    with (platform.home.logs / "storm.log").open("ab") as log:
        while time.monotonic() < end:
            worker = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
            time.sleep(_STORM_S)
            worker.kill()
            worker.wait()
