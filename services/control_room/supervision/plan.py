"""What a supervisor looks after: the processes, which must run before which, and in what order they stop."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from control_room.supervision.lives import Life, is_due

# What is missing until a process is ready, in a few words; None when it is ready.
Missing = Callable[[], str | None]

GRACE_S = 20.0


@dataclass(frozen=True)
class ProcessSpec:
    """`missing` asks the process itself; without it, whoever stayed up for `settle_s` counts as ready."""

    name: str
    command: tuple[str, ...]
    after: tuple[str, ...] = ()
    missing: Missing | None = None
    settle_s: float = 3.0
    grace_s: float = GRACE_S


@dataclass(frozen=True)
class Plan:
    """`stop_stages` name every process once; one stage is over before the next is told to stop."""

    processes: tuple[ProcessSpec, ...]
    stop_stages: tuple[tuple[str, ...], ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(spec.name for spec in self.processes)


def to_start(plan: Plan, lives: Mapping[str, Life], now: float) -> list[ProcessSpec]:
    """The processes to start now: due, and with everything running that has to run before them."""
    return [spec for spec in plan.processes if is_due(lives[spec.name], now) and _clear(spec, lives)]


def wake_in_s(plan: Plan, lives: Mapping[str, Life], now: float, look_every_s: float, idle_s: float) -> float:
    """How long nothing can be due: a short look while one is starting, until a delay is over, else `idle_s`."""
    if any(life.phase == "starting" for life in lives.values()):
        return look_every_s
    delayed = [s for s in plan.processes if lives[s.name].phase == "restarting" and _clear(s, lives)]
    return min([idle_s, *(max(0.0, lives[spec.name].due_at - now) for spec in delayed)])


def _clear(spec: ProcessSpec, lives: Mapping[str, Life]) -> bool:
    return all(lives[name].phase == "running" for name in spec.after)
