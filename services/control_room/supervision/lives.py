"""How a supervised process is doing, and what follows from it. Pure: times are seconds on a clock that never jumps."""

from dataclasses import dataclass, replace
from typing import Literal

FIRST_DELAY_S = 0.5
LONGEST_DELAY_S = 30.0
# Whoever stays up this long has recovered: its next end is a first one again.
STEADY_S = 60.0

# waiting: for others to run first; starting: alive, not ready; running: ready; restarting: until its delay is over.
Phase = Literal["waiting", "starting", "running", "restarting", "stopped"]


@dataclass(frozen=True)
class Life:
    phase: Phase = "waiting"
    since: float = 0.0
    started_at: float = 0.0
    failures: int = 0
    restarts: int = 0
    due_at: float = 0.0

    @property
    def is_alive(self) -> bool:
        return self.phase in ("starting", "running")


def started(life: Life, now: float) -> Life:
    return replace(life, phase="starting", since=now, started_at=now)


def became_ready(life: Life, now: float) -> Life:
    return replace(life, phase="running", since=now)


def ended(life: Life, now: float) -> Life:
    """It ended unasked: it is due again after a delay that doubles with each end in a row."""
    failures = 1 if now - life.started_at >= STEADY_S else life.failures + 1
    due_at = now + delay_s(failures)
    return replace(life, phase="restarting", since=now, failures=failures, restarts=life.restarts + 1, due_at=due_at)


def stopped(life: Life, now: float) -> Life:
    return replace(life, phase="stopped", since=now)


def delay_s(failures: int) -> float:
    """How long to wait before the next start, after this many ends in a row (1 or more)."""
    # Capped before the power is taken: a process may fail for months.
    return min(LONGEST_DELAY_S, FIRST_DELAY_S * 2.0 ** min(failures - 1, 10))


def is_due(life: Life, now: float) -> bool:
    return life.phase == "waiting" or (life.phase == "restarting" and now >= life.due_at)
