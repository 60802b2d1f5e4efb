"""What the supervisor writes down of its processes, in `run/supervisor.json`, for whoever asks how they are."""

import os
from datetime import datetime
from typing import Any

import msgspec

from control_room.supervision.identities import Identity, is_alive
from control_room.supervision.lives import STEADY_S
from network_registry.home import Home


class ProcessState(msgspec.Struct, frozen=True):
    """`state` is waiting, starting, running, restarting or stopped; `gone` when nobody restarts it any more.

    `failures` is how often it ended in a row without having stayed up for `STEADY_S`: see `is_steady`.
    """

    name: str
    state: str
    pid: int | None
    started: float | None
    restarts: int
    since: datetime
    missing: str | None
    log: str
    failures: int = 0

    @property
    def identity(self) -> Identity | None:
        return Identity(self.pid, self.started) if self.pid is not None and self.started is not None else None

    def as_json(self) -> dict[str, Any]:
        return msgspec.to_builtins(self)


class SupervisorState(msgspec.Struct, frozen=True):
    supervisor: Identity
    processes: list[ProcessState]

    @property
    def is_alive(self) -> bool:
        return is_alive(self.supervisor)


def is_steady(process: ProcessState, now: datetime) -> bool:
    """Whether it has stayed up so long that its former ends count no more."""
    return process.started is not None and now.timestamp() - process.started >= STEADY_S


def write_state(home: Home, state: SupervisorState) -> None:
    """Whole or not at all: readers never see half a file. Raises OSError, and then leaves nothing behind."""
    path = home.run / "supervisor.json"
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        aside.write_bytes(msgspec.json.format(msgspec.json.encode(state)))
        aside.replace(path)
    except OSError:
        aside.unlink(missing_ok=True)
        raise


def read_state(home: Home) -> SupervisorState | None:
    """None when no supervisor ever wrote here, or what is there is not its state."""
    try:
        return msgspec.json.decode((home.run / "supervisor.json").read_bytes(), type=SupervisorState)
    except (OSError, msgspec.DecodeError):
        return None


def process_states(home: Home) -> list[ProcessState]:
    """The processes as they are now, checked against the system. Empty where the platform was never up."""
    state = read_state(home)
    if state is None:
        return []
    supervised = state.is_alive
    return [_checked(process, supervised) for process in state.processes]


def _checked(process: ProcessState, supervised: bool) -> ProcessState:
    alive = process.identity is not None and is_alive(process.identity)
    if process.state == "stopped" or alive or (supervised and process.pid is None):
        return process
    return msgspec.structs.replace(process, state="restarting" if supervised else "gone", pid=None, started=None)
