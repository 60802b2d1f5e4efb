"""The supervisor with real processes that stand in for the platform's: it starts, restarts, stops, and cleans up."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from control_room.supervision.identities import Identity, is_alive
from control_room.supervision.plan import Plan, ProcessSpec
from control_room.supervision.states import ProcessState, process_states, read_state
from control_room.supervision.supervisor import Supervisor
from control_room.supervision.wakeups import Wakeups
from network_registry.home import Home

SUPERVISOR = Path(__file__).with_name("stand_in_supervisor.py")
WITHIN_S = 60.0


class StandInPlatform:
    """A home and the supervisors that were started in it."""

    def __init__(self, root: Path) -> None:
        self.home = Home(root).create()
        self.supervisors: list[subprocess.Popen[str]] = []

    def up(self) -> subprocess.Popen[str]:
        command = [sys.executable, str(SUPERVISOR), str(self.home.root)]
        self.supervisors.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        return self.supervisors[-1]

    def state(self, name: str) -> ProcessState | None:
        return next((state for state in process_states(self.home) if state.name == name), None)

    def all_run(self) -> bool:
        states = process_states(self.home)
        return bool(states) and all(state.state == "running" for state in states)

    def wait(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + WITHIN_S
        while not condition():
            assert time.monotonic() < deadline, process_states(self.home)
            time.sleep(0.02)

    def identity(self, name: str) -> Identity:
        state = self.state(name)
        assert state and state.identity
        return state.identity

    def identities(self) -> list[Identity]:
        return [self.identity(name) for name in ("base", "leaf", "alone")]

    def order(self) -> list[str]:
        return (self.home.root / "order").read_text().splitlines()


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[StandInPlatform]:
    platform = StandInPlatform(tmp_path)
    yield platform
    for supervisor in platform.supervisors:
        supervisor.terminate()
        supervisor.communicate(timeout=WITHIN_S)


def test_processes_start_after_what_they_need_and_stop_in_the_order_of_the_stages(platform: StandInPlatform):
    supervisor = platform.up()
    platform.wait(platform.all_run)
    supervisor.terminate()
    assert supervisor.wait(WITHIN_S) == 0
    order = platform.order()
    assert order.index("start base") < order.index("start leaf")
    assert order[-3:] == ["stop alone", "stop leaf", "stop base"]
    assert {state.state for state in process_states(platform.home)} == {"stopped"}


def test_a_process_that_is_killed_is_started_again_and_the_others_stay(platform: StandInPlatform):
    platform.up()
    platform.wait(platform.all_run)
    killed, neighbour = platform.identity("leaf"), platform.identity("alone")
    os.kill(killed.pid, signal.SIGKILL)
    platform.wait(lambda: platform.all_run() and platform.identity("leaf") != killed)
    state = platform.state("leaf")
    assert state and state.restarts == 1
    assert platform.identity("alone") == neighbour


def test_what_needs_a_process_that_is_not_ready_waits_for_it(platform: StandInPlatform):
    (platform.home.root / "base.broken").touch()
    platform.up()
    platform.wait(lambda: (base := platform.state("base")) is not None and base.restarts >= 2)
    base, leaf = platform.state("base"), platform.state("leaf")
    assert base and base.missing == "ended (3): no key to the house"
    assert leaf and leaf.state == "waiting"
    (platform.home.root / "base.broken").unlink()
    platform.wait(platform.all_run)


def test_a_second_supervisor_of_the_same_home_says_so_in_one_line_and_harms_nothing(platform: StandInPlatform):
    first = platform.up()
    platform.wait(platform.all_run)
    before = platform.identities()
    second = platform.up()
    said, _ = second.communicate(timeout=WITHIN_S)
    assert second.returncode == 1
    assert said == f"the platform of {platform.home.root} is up already (process {first.pid})\n"
    assert platform.identities() == before


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_the_children_of_a_killed_supervisor_end_with_it(platform: StandInPlatform):
    supervisor = platform.up()
    platform.wait(platform.all_run)
    children = platform.identities()
    supervisor.kill()
    platform.wait(lambda: not any(is_alive(child) for child in children))
    assert {state.state for state in process_states(platform.home)} == {"gone"}


def test_after_a_killed_supervisor_the_next_one_starts_everything_anew(platform: StandInPlatform):
    supervisor = platform.up()
    platform.wait(platform.all_run)
    former = platform.identities()
    supervisor.kill()
    successor = platform.up()
    platform.wait(lambda: (state := read_state(platform.home)) is not None and state.supervisor.pid == successor.pid)
    platform.wait(platform.all_run)
    assert not any(is_alive(child) for child in former)
    assert not set(former) & set(platform.identities())


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every child outlives its supervisor")
def test_a_child_that_outlived_its_supervisor_is_ended_by_the_next(platform: StandInPlatform):
    (platform.home.root / "alone.unbound").touch()
    supervisor = platform.up()
    platform.wait(platform.all_run)
    survivor, bound = platform.identity("alone"), platform.identity("leaf")
    supervisor.kill()
    platform.wait(lambda: not is_alive(bound))
    assert is_alive(survivor)
    platform.up()
    platform.wait(lambda: not is_alive(survivor))
    platform.wait(platform.all_run)


def test_each_process_has_a_log_file_of_its_own(platform: StandInPlatform):
    platform.up()
    platform.wait(platform.all_run)
    assert {path.name for path in platform.home.logs.iterdir()} == {"base.log", "leaf.log", "alone.log"}


@pytest.fixture
def without_a_state_file(platform: StandInPlatform) -> Iterator[subprocess.Popen[str]]:
    """Everything runs, and the state file cannot be written, as on a full disk: a folder is in its place."""
    supervisor = platform.up()
    platform.wait(platform.all_run)
    in_the_way = platform.home.run / "supervisor.json"
    in_the_way.unlink()
    in_the_way.mkdir()
    os.kill(int((platform.home.root / "leaf.ready").read_text()), signal.SIGKILL)
    platform.wait(lambda: platform.order().count("start leaf") == 2)
    yield supervisor


def test_while_its_state_cannot_be_written_the_supervisor_works_on_and_writes_it_when_it_can(
    platform: StandInPlatform, without_a_state_file: subprocess.Popen[str]
):
    (platform.home.run / "supervisor.json").rmdir()
    platform.wait(platform.all_run)
    state = platform.state("leaf")
    assert state and state.restarts == 1
    assert list(platform.home.run.glob(".supervisor.json*")) == []


def test_without_a_state_file_everything_is_still_stopped_in_order_and_the_reason_said_once(
    platform: StandInPlatform, without_a_state_file: subprocess.Popen[str]
):
    without_a_state_file.terminate()
    said, _ = without_a_state_file.communicate(timeout=WITHIN_S)
    assert without_a_state_file.returncode == 0
    assert platform.order()[-3:] == ["stop alone", "stop leaf", "stop base"]
    assert said.count("cannot be written down") == 1
    assert list(platform.home.run.glob(".supervisor.json*")) == []


def test_a_supervisor_that_can_neither_report_nor_ask_a_process_lives_on(home: Home):
    def full(_: str) -> None:
        raise OSError(28, "No space left on device")

    def missing() -> str | None:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        wakeups.stop_asked = True
        return answer

    answers = iter((RuntimeError("database or disk is full"), None))
    spec = ProcessSpec("one", (sys.executable, "-c", "import signal; signal.pause()"), missing=missing)
    with Wakeups() as wakeups:
        Supervisor(Plan((spec,), (("one",),)), home, os.environ, full).run(wakeups)
    assert [state.state for state in process_states(home)] == ["stopped"]
    assert next(answers, "asked again") == "asked again"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path).create()
