"""One supervised child process and its log file."""

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from control_room.broker.parent_death import end_with
from control_room.supervision.identities import Identity, identify
from control_room.supervision.plan import ProcessSpec

LARGEST_LOG_BYTES = 20_000_000


class Child:
    """At most one process of its kind, which dies with this one."""

    def __init__(self, spec: ProcessSpec, log: Path, environment: Mapping[str, str]) -> None:
        self.spec = spec
        self.log = log
        self.identity: Identity | None = None
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Raises OSError when the command cannot be run."""
        turn_over(self.log)
        parent = os.getpid()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.spec.command,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # A group of its own: Ctrl-C in the terminal reaches the supervisor alone, which stops all in order.
                start_new_session=True,
                preexec_fn=lambda: end_with(parent),
            )
        self.identity = identify(self._process.pid)

    def exit_code(self) -> int | None:
        """Its exit code once it has ended (negative: the signal that ended it); None while it lives, or never lived."""
        return self._process.poll() if self._process else None

    def missing(self, alive_for_s: float) -> str | None:
        """What it lacks to be ready; None when it is."""
        if self.spec.missing:
            return self.spec.missing()
        return None if alive_for_s >= self.spec.settle_s else "has only just started"

    def terminate(self) -> None:
        if self._process:
            self._process.terminate()

    def ended_by(self, deadline: float) -> bool:
        """Wait for its end, until `deadline` (of `time.monotonic`) at the latest."""
        try:
            if self._process:
                self._process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            return False
        return True

    def clear_away(self) -> None:
        """Kill what is left of it, and of whatever it started."""
        if self._process:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._process = self.identity = None

    def last_words(self) -> str:
        return last_line(self.log)


def last_line(log: Path) -> str:
    """The last line of a log that says anything; empty when there is none."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 4096))
            lines = file.read().decode(errors="replace").splitlines()
    except FileNotFoundError:
        return ""
    return next((_said(line) for line in reversed(lines) if line.strip()), "")


def _said(line: str) -> str:
    """What a line of a process's log says, without what is beside it (`process_telemetry.process_log`)."""
    try:
        entry = json.loads(line)
    except ValueError:
        return line.strip()
    return str(entry["event"]) if isinstance(entry, dict) and "event" in entry else line.strip()


def turn_over(log: Path) -> None:
    """Set a log that has grown large aside, in place of the one before it."""
    if log.exists() and log.stat().st_size > LARGEST_LOG_BYTES:
        log.replace(log.with_name(f"{log.name}.1"))
