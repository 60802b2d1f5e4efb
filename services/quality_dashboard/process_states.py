"""The states of the platform's processes, from the file in which the supervisor writes them down.

The file is another room's and may be old, half there, or absent (deployed, nobody supervises on this machine):
what cannot be read is left out, and a process that is said to run is looked for.
"""

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from quality_dashboard.facts import ProcessFact

STATE_FILE = "supervisor.json"


def read_processes(run_folder: Path) -> tuple[ProcessFact, ...]:
    """The supervised processes of this machine. Raises OSError or ValueError when the file says nothing."""
    try:
        document = json.loads((run_folder / STATE_FILE).read_text())
    except FileNotFoundError:
        return ()
    return parse_processes(document, is_running)


def parse_processes(document: Any, runs: Callable[[int], bool]) -> tuple[ProcessFact, ...]:
    """`document` is what the supervisor wrote; `runs` says whether a process id is alive."""
    listed = document.get("processes") if isinstance(document, dict) else None
    if not isinstance(listed, list):
        raise ValueError("the supervisor's state file has no list of processes")
    supervised = _is_alive(document.get("supervisor"), runs)
    return tuple(_process(entry, supervised, runs) for entry in listed if isinstance(entry, dict) and entry.get("name"))


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _process(entry: dict[str, Any], supervised: bool, runs: Callable[[int], bool]) -> ProcessFact:
    restarts, missing = entry.get("restarts"), entry.get("missing")
    return ProcessFact(
        name=str(entry["name"]),
        state=_state(entry, supervised, runs),
        restarts=restarts if isinstance(restarts, int) else 0,
        since=_time(entry.get("since")),
        missing=missing if isinstance(missing, str) else None,
    )


def _state(entry: dict[str, Any], supervised: bool, runs: Callable[[int], bool]) -> str:
    """What was written down, unless the process is dead: then it is on its way back, or nobody brings it back."""
    state = str(entry.get("state") or "unknown")
    waits_its_turn = supervised and entry.get("pid") is None
    if state == "stopped" or waits_its_turn or _is_alive(entry, runs):
        return state
    return "restarting" if supervised else "gone"


def _is_alive(entry: Any, runs: Callable[[int], bool]) -> bool:
    pid = entry.get("pid") if isinstance(entry, dict) else None
    return isinstance(pid, int) and pid > 0 and runs(pid)


def _time(value: Any) -> datetime | None:
    """ISO 8601 or seconds since 1970; a time without a zone is UTC."""
    try:
        if isinstance(value, (int, float)):
            return datetime.fromtimestamp(value, UTC)
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError, OverflowError, OSError):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
