"""Keep `run/supervisor.json` in step with what the supervisor knows, writing only what changed."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime

from msgspec.structs import replace

from control_room.supervision.child import Child
from control_room.supervision.identities import Identity, identify
from control_room.supervision.lives import Life
from control_room.supervision.states import ProcessState, SupervisorState, write_state
from network_registry.home import Home


class Record:
    """The state file of this very process and its children."""

    def __init__(self, home: Home, children: Mapping[str, Child]) -> None:
        self._home = home
        self._children = children
        self._own = identify(os.getpid()) or Identity(os.getpid(), 0.0)
        self._states = {name: _before_its_start(name, child) for name, child in children.items()}
        self._written: list[ProcessState] = []

    def life(self, name: str, life: Life, missing: str | None) -> None:
        """A process entered a new phase."""
        who = self._children[name].identity
        self._states[name] = replace(
            self._states[name],
            state=life.phase,
            restarts=life.restarts,
            failures=life.failures,
            since=datetime.now(UTC),
            missing=missing,
            pid=who.pid if who else None,
            started=who.started if who else None,
        )

    def missing(self, name: str, missing: str) -> None:
        """A process lacks this to be ready."""
        self._states[name] = replace(self._states[name], missing=missing)

    def write(self) -> None:
        """Raises OSError when the file cannot be written; the next call tries again."""
        states = list(self._states.values())
        if states != self._written:
            write_state(self._home, SupervisorState(self._own, states))
            self._written = states


def _before_its_start(name: str, child: Child) -> ProcessState:
    return ProcessState(name, "waiting", None, None, 0, datetime.now(UTC), None, str(child.log))
