"""How the platform's processes are: which is not there, and which only seems to be."""

from datetime import datetime

from control_room.supervision import is_steady, process_states
from control_room.supervision.states import ProcessState
from network_registry.broker_probe import broker_listens
from network_registry.home import Home
from network_registry.settings import Settings

# A process may be killed, and killed again while it starts; whoever ends once more has a reason of its own.
_KEEPS_ENDING = 3
_OVER = ("stopped", "gone")
DOWN = "the platform is not running: `meridian up` starts it"


class PlatformDown(Exception):
    """Nothing of the platform runs here: one line that says what to do."""


def require_running(home: Home, settings: Settings) -> None:
    """Raises `PlatformDown` at once, where a Kafka client would be patient with a broker that nobody started."""
    if hint_when_down(home, settings):
        raise PlatformDown(DOWN)


def hint_when_down(home: Home, settings: Settings) -> list[str]:
    """What to do, beside a reason why something did not reach the broker; nothing where the broker is not ours."""
    ours = settings.bootstrap is None
    return [DOWN] if ours and is_down(process_states(home), settings) else []


def is_down(processes: list[ProcessState], settings: Settings) -> bool:
    return _none_runs(processes) and not broker_listens(settings.bootstrap_servers)


def process_problems(processes: list[ProcessState], now: datetime) -> list[str]:
    if _none_runs(processes):
        return [DOWN]
    return [problem for each in processes if (problem := _problem(each, now))]


def _none_runs(processes: list[ProcessState]) -> bool:
    return all(each.state in _OVER for each in processes)


def _problem(process: ProcessState, now: datetime) -> str | None:
    if process.failures >= _KEEPS_ENDING and not is_steady(process, now):
        return f"{process.name}: keeps ending ({process.failures} times in a row; see {process.log})"
    return f"{process.name}: {process.state}" if process.state != "running" else None
