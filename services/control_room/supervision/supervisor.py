"""Start a plan's processes in order, restart what dies, and stop them in order.

What the supervisor writes is a convenience: a full disk takes away its words for a while, and never its work.
"""

import time
from collections.abc import Callable, Mapping
from contextlib import suppress

from control_room.supervision.child import Child
from control_room.supervision.lives import Life, became_ready, ended, started, stopped
from control_room.supervision.plan import Plan, to_start, wake_in_s
from control_room.supervision.record import Record
from control_room.supervision.wakeups import Wakeups
from network_registry.home import Home

LOOK_EVERY_S = 0.2
IDLE_S = 5.0

Report = Callable[[str], None]


def unfailing(report: Report) -> Report:
    """The same, but silent where nothing can be written: a full disk, a terminal that is gone."""

    def say(text: str) -> None:
        with suppress(OSError):
            report(text)

    return say


class Supervisor:
    """Looks after one plan in one home. The caller holds the home's lock."""

    def __init__(self, plan: Plan, home: Home, environment: Mapping[str, str], report: Report) -> None:
        self._plan = plan
        self._report = unfailing(report)
        self._lives = {name: Life(since=time.monotonic()) for name in plan.names}
        self._children = {
            spec.name: Child(spec, home.logs / f"{spec.name}.log", environment) for spec in plan.processes
        }
        self._record = Record(home, self._children)
        self._record_fault: str | None = None
        self._everything_ran = False

    def run(self, wakeups: Wakeups) -> None:
        """Until SIGTERM, SIGINT or SIGHUP; then everything is stopped."""
        try:
            while not wakeups.stop_asked:
                self._look_after()
                wakeups.wait(wake_in_s(self._plan, self._lives, time.monotonic(), LOOK_EVERY_S, IDLE_S))
        finally:
            self._stop_all()

    def _look_after(self) -> None:
        for name in self._plan.names:
            self._note_end(name)
            self._note_readiness(name)
        for spec in to_start(self._plan, self._lives, time.monotonic()):
            self._start(spec.name)
        self._write_down()
        self._say_when_everything_runs()

    def _start(self, name: str) -> None:
        now = time.monotonic()
        try:
            self._children[name].start()
            self._live(name, started(self._lives[name], now), "has only just started")
        except OSError as fault:
            self._live(name, ended(started(self._lives[name], now), now), f"cannot be started: {fault}")
            self._report(f"{name} cannot be started: {fault}")

    def _note_end(self, name: str) -> None:
        child = self._children[name]
        code = child.exit_code()
        if code is None:
            return
        child.clear_away()
        life = ended(self._lives[name], time.monotonic())
        said = f"ended ({code}): {child.last_words()}"
        self._live(name, life, said)
        self._report(f"{name} {said} (again in {life.due_at - life.since:g} s)")

    def _note_readiness(self, name: str) -> None:
        life = self._lives[name]
        if life.phase != "starting":
            return
        missing = self._missing(name, time.monotonic() - life.started_at)
        if missing:
            self._record.missing(name, missing)
        else:
            self._live(name, became_ready(life, time.monotonic()))
            self._report(f"{name} is ready")

    def _missing(self, name: str, alive_for_s: float) -> str | None:
        try:
            return self._children[name].missing(alive_for_s)
        except Exception as fault:
            # Whatever keeps it from being asked, as a registry on a full disk, may be over at the next look.
            return f"cannot be asked: {' '.join(str(fault).split())}"

    def _say_when_everything_runs(self) -> None:
        if not self._everything_ran and all(life.phase == "running" for life in self._lives.values()):
            self._everything_ran = True
            self._report("everything is ready")

    def _stop_all(self) -> None:
        for stage in self._plan.stop_stages:
            self._stop([self._children[name] for name in stage])
            for name in stage:
                self._live(name, stopped(self._lives[name], time.monotonic()))
            self._write_down()
        self._report("everything is stopped")

    def _stop(self, children: list[Child]) -> None:
        asked_at = time.monotonic()
        for child in children:
            child.terminate()
        for child in children:
            if not child.ended_by(asked_at + child.spec.grace_s):
                self._report(f"{child.spec.name} did not stop within {child.spec.grace_s:g} s and is killed")
            child.clear_away()

    def _write_down(self) -> None:
        """Tried at every look, and said once for as long as it is the same that stands in the way."""
        try:
            self._record.write()
        except OSError as fault:
            reason = fault.strerror or str(fault)
            if reason != self._record_fault:
                self._report(f"the state of the processes cannot be written down: {reason}")
            self._record_fault = reason
        else:
            self._record_fault = None

    def _live(self, name: str, life: Life, missing: str | None = None) -> None:
        self._lives[name] = life
        self._record.life(name, life, missing)
