"""Tell a process from another one that was given the same id later, and end only what is provably the one meant."""

import contextlib
from collections.abc import Iterable

import msgspec
import psutil

# The start of a process is told relative to the boot time, which the system may correct by a moment.
_TOLERANCE_S = 2.0


class Identity(msgspec.Struct, frozen=True):
    """A process id with the moment at which that process started (seconds since 1970)."""

    pid: int
    started: float


def identify(pid: int) -> Identity | None:
    """Who has this id now."""
    try:
        return Identity(pid, psutil.Process(pid).create_time())
    except psutil.Error:
        return None


def is_alive(identity: Identity) -> bool:
    return _find(identity) is not None


def end(identities: Iterable[Identity], grace_s: float) -> int:
    """Ask those that are alive to end, wait, and kill what is left. Returns how many there were."""
    found = [process for each in identities if (process := _find(each))]
    for process in found:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.terminate()
    _, left = psutil.wait_procs(found, timeout=grace_s)
    for process in left:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(left)
    return len(found)


def _find(identity: Identity) -> psutil.Process | None:
    try:
        process = psutil.Process(identity.pid)
        same = abs(process.create_time() - identity.started) < _TOLERANCE_S
        return process if same and process.status() != psutil.STATUS_ZOMBIE else None
    except psutil.Error:
        return None
