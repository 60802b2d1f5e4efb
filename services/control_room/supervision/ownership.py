"""Who looks after a home: one supervisor at a time, which first ends what a killed one left behind."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from control_room.broker.claim import Claimed, claim
from control_room.supervision.failures import AlreadyUp
from control_room.supervision.identities import Identity, end, identify
from control_room.supervision.states import read_state
from control_room.supervision.supervisor import Report
from network_registry.home import Home

LEFTOVERS_GRACE_S = 10.0


@contextmanager
def sole_supervisor(home: Home, report: Report) -> Iterator[None]:
    """Be the one supervisor of a home while the block runs. Raises `AlreadyUp`."""
    lock = _claim(home)
    try:
        end_leftovers(home, report)
        yield
    finally:
        os.close(lock)


def require_down(home: Home) -> None:
    """Raises `AlreadyUp` while a supervisor of this home is alive."""
    os.close(_claim(home))


def living_supervisor(home: Home) -> Identity | None:
    """Who supervises this home now."""
    try:
        require_down(home)
    except AlreadyUp as up:
        # Whoever holds the lock is alive, so the id that it wrote down is still its own.
        return identify(int(up.holder)) if up.holder.isdecimal() else None
    return None


def end_leftovers(home: Home, report: Report) -> None:
    """End the processes that the last supervisor wrote down and that are provably the same ones still.

    Only while no supervisor of this home is alive.
    """
    state = read_state(home)
    left = [process.identity for process in state.processes] if state else []
    if ended := end([identity for identity in left if identity], LEFTOVERS_GRACE_S):
        report(f"ended {ended} process(es) that an earlier run left behind")


def _claim(home: Home) -> int:
    try:
        return claim(home.run / "supervisor.lock")
    except Claimed as by:
        raise AlreadyUp(f"the platform of {home.root} is up already (process {by.holder})", by.holder) from None
