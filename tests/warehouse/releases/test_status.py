"""`meridian status` says that all is well when it is, names what is not, and still tells everything else."""

import os
from datetime import UTC, datetime, timedelta

import pytest

from control_room.status import platform_status, status_lines
from control_room.supervision.identities import identify
from control_room.supervision.states import ProcessState, SupervisorState, write_state
from network_registry.clinics import add_clinic
from network_registry.connections import clinic_credential
from network_registry.topics import EVENTS
from warehouse_releases import builder, cycle
from warehouse_releases.build_folders import current_link, current_release
from warehouse_releases.lake import list_segments

from .conftest import Place, copied

pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("builds")]

UNKNOWN = "conservation is unknown"


@pytest.fixture
def place(released, tmp_path) -> Place:
    """A place with a release and processes that run; no broker, so conservation is unknown."""
    home = copied(released, tmp_path / "home").home
    # The port is not served: nothing that these tests are about comes from the broker.
    place = Place(home, released.settings.model_copy(update={"home": home.root, "broker_port": 9}))
    supervise(place)
    return place


def supervise(place: Place, started_s_ago: float = 3600.0, failures: int = 0, state: str = "running") -> None:
    own = identify(os.getpid())
    assert own is not None
    since = datetime.now(UTC) - timedelta(seconds=started_s_ago)
    process = ProcessState("lander", state, own.pid, own.started, failures, since, None, "lander.log", failures)
    write_state(place.home, SupervisorState(own, [process]))


def problems(place: Place) -> list[str]:
    """What is wrong besides the broker that is not there."""
    return [each for each in platform_status(place.home, place.settings)["problems"] if UNKNOWN not in each]


def test_a_network_with_a_whole_release_and_processes_that_run_is_well(place):
    report = platform_status(place.home, place.settings)
    assert problems(place) == []
    assert report["release"]["release_id"] == 1 and report["release"]["current"]


def test_a_process_that_keeps_ending_is_a_problem_while_it_is_alive_and_until_it_is_steady(place, monkeypatch):
    supervise(place, failures=3)
    monkeypatch.setattr("control_room.supervision.states.STEADY_S", 1e9)
    assert problems(place) == ["lander: keeps ending (3 times in a row; see lander.log)"]
    supervise(place, failures=2)
    assert problems(place) == []
    monkeypatch.setattr("control_room.supervision.states.STEADY_S", 0.0)
    supervise(place, failures=3)
    assert problems(place) == []


def test_a_platform_that_is_down_is_told_in_one_line_that_says_what_to_do(place):
    supervise(place, state="stopped")
    assert platform_status(place.home, place.settings)["problems"] == [
        "the platform is not running: `meridian up` starts it"
    ]


def test_a_build_that_broke_is_a_problem_until_the_next_one_ends(place, monkeypatch):
    broken = pytest.MonkeyPatch()
    broken.setattr(cycle, "_build", lambda *_: {}["value"])
    with pytest.raises(builder.BuildFailed):
        builder.build_now(place.home, place.settings, wait_landed=False)
    broken.undo()
    (problem,) = problems(place)
    assert problem.startswith("the newest build left no release: the build broke: KeyError in ")
    assert builder.build_now(place.home, place.settings, wait_landed=False).status == "released"
    assert problems(place) == []


def test_a_release_that_is_gone_or_damaged_is_a_problem_and_is_not_said_to_be_on_show(place):
    current = current_release(place.home)
    assert current is not None
    warehouse = current.warehouse("analyst")
    whole = warehouse.read_bytes()
    warehouse.write_bytes(whole[:1000])
    assert problems(place) == [
        "release 1 is damaged: its analyst file has not the size that was released; the next build replaces it"
    ]
    warehouse.write_bytes(bytes(len(whole)))
    (problem,) = problems(place)
    assert problem.startswith("release 1: the analyst tier cannot be read")
    current_link(place.home).unlink()
    assert problems(place) == ["no release is on show, though there were some: `meridian build` shows one again"]
    report = platform_status(place.home, place.settings)
    assert report["release"] is None and "release    none" in "\n".join(status_lines(report))


def test_a_registry_that_was_lost_is_a_problem_and_the_release_is_still_told(place):
    clinic_credential(place.home, "south").touch()
    for file in place.home.root.glob("registry.db*"):
        file.unlink()
    assert problems(place) == ["the registry does not know north, south: was registry.db lost?"]
    assert platform_status(place.home, place.settings)["release"]["release_id"] == 1
    for clinic_id in ("north", "south"):
        add_clinic(place.ledger, clinic_id)
    assert problems(place) == []


def test_a_segment_that_cannot_be_read_is_named_and_everything_else_is_still_told(place):
    segment = list_segments(place.home.lake, [EVENTS])[0]
    (place.home.lake / segment.path).write_bytes(b"PAR1 and no more")
    report = platform_status(place.home, place.settings)
    assert problems(place) == [f"unreadable segment {segment.path}"]
    assert [clinic["quarantined"] for clinic in report["clinics"]] == [2]
    assert report["release"] and report["processes"]
    assert f"WRONG      unreadable segment {segment.path}" in status_lines(report)
