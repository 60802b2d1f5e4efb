"""The resident builder, those who ask it, and what becomes of a request when it is killed."""

import os
import shutil
import signal
import subprocess
import sys
import threading

import pytest
import structlog

from network_registry.clinics import add_clinic
from warehouse_releases import builder, dbt_build
from warehouse_releases.build_folders import current_release, numbered
from warehouse_releases.ledger import finish_requests, list_recorded, read_request, request_build
from warehouse_releases.process_lock import is_held, only_one
from warehouse_releases.readers import query
from warehouse_releases.rebuild import rebuild_release
from warehouse_releases.traces_of_work import traces_of_work
from warehouse_releases.workshop import workshop

from .conftest import copied

pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("builds")]


@pytest.fixture
def resident():
    """Runs the builder beside the test, until its end."""
    stop, running = threading.Event(), []

    def start(place) -> threading.Thread:
        thread = threading.Thread(target=builder.run_builder, args=(place.home, place.settings, stop))
        running.append(thread)
        thread.start()
        return thread

    yield start
    stop.set()
    for thread in running:
        thread.join()


@pytest.fixture
def logged(monkeypatch):
    """What the builder logs."""
    with structlog.testing.capture_logs() as lines:
        monkeypatch.setattr(builder, "_log", structlog.get_logger("builder"))
        yield lines


def test_the_resident_builder_builds_when_something_new_has_landed_and_only_then(
    replayed, resident, stream, eventually, monkeypatch
):
    place = replayed()
    builds = []
    replay = dbt_build.run_dbt
    monkeypatch.setattr(dbt_build, "run_dbt", lambda *given: builds.append(given) or replay(*given))
    resident(place)
    eventually(lambda: place.shown() == 1)
    request = request_build(place.ledger, "a test")
    eventually(lambda: read_request(place.ledger, request).status == "released")
    assert len(builds) == 2, "one by itself, one that was asked for"
    add_clinic(place.ledger, "south")
    eventually(lambda: len(builds) == 3)


def test_build_now_asks_the_resident_builder(replayed, resident, eventually):
    place = replayed()
    resident(place)
    eventually(lambda: is_held(builder.builder_lock(place.home)))
    told: list[str] = []
    release = builder.build_now(place.home, place.settings, wait_landed=False, progress=told.append)
    assert release.status == "released"
    assert told[0] == "waiting for the builder" and "auditing" in told, "what the builder is at is told"


def test_a_builder_waits_while_somebody_else_builds_and_takes_over_after_it(replayed, resident, eventually, logged):
    place = replayed()
    request = request_build(place.ledger, "a test")
    with only_one(builder.builder_lock(place.home), "builder"):
        thread = resident(place)
        eventually(lambda: any("waiting: another builder" in line["event"] for line in logged))
        assert thread.is_alive()
        assert read_request(place.ledger, request).status == "waiting"
    eventually(lambda: read_request(place.ledger, request).status == "released")


def test_a_builder_that_waits_for_another_one_stops_when_it_is_told_to(replayed):
    place, stop = replayed(), threading.Event()
    with only_one(builder.builder_lock(place.home), "builder"):
        thread = threading.Thread(target=builder.run_builder, args=(place.home, place.settings, stop))
        thread.start()
        stop.set()
        thread.join(30)
        assert not thread.is_alive()


def test_a_builder_ends_when_the_registry_is_another_file_so_that_it_is_started_anew(replayed, eventually):
    place, ended = replayed(), []
    thread = threading.Thread(
        target=lambda: ended.append(builder.run_builder(place.home, place.settings, threading.Event()))
    )
    thread.start()
    eventually(lambda: place.shown() == 1)
    place.home.registry_db.rename(place.home.root / "moved-away.db")
    thread.join(60)
    assert ended == [1]


def test_nobody_waits_without_end_for_a_builder_that_does_nothing(replayed):
    place = replayed()
    with (
        only_one(builder.builder_lock(place.home), "builder"),
        pytest.raises(builder.BuildFailed, match=r"^nothing has moved for 0.5 s, but another builder is at work"),
    ):
        builder.build_now(place.home, place.settings, wait_landed=False, silent_s=0.5)


def test_a_builder_that_leaves_traces_of_work_is_waited_for(replayed):
    place, traces = replayed(), []

    def work(_home, _request):
        """Each look finds another trace, until the request is answered, long after the patience is over."""
        traces.append(len(traces))
        if len(traces) == 5:
            finish_requests(place.ledger, [1], None, "answered by the one that holds the lock")
        return traces[-1]

    with only_one(builder.builder_lock(place.home), "builder"), pytest.MonkeyPatch.context() as patched:
        patched.setattr(builder, "traces_of_work", work)
        with pytest.raises(builder.BuildFailed, match="answered by the one that holds the lock"):
            builder.build_now(place.home, place.settings, wait_landed=False, silent_s=0.0)


def test_a_build_that_is_moved_away_while_it_is_looked_at_is_no_error(empty_place):
    request = read_request(empty_place.ledger, request_build(empty_place.ledger, "a test"))
    stop = threading.Event()

    def build_and_release() -> None:
        build = empty_place.home.builds / "1"
        while not stop.is_set():
            for number in range(20):
                (build / f"dbt/target/{number}/compiled").mkdir(parents=True)
            build.rename(empty_place.home.root / "released")
            shutil.rmtree(empty_place.home.root / "released")

    thread = threading.Thread(target=build_and_release)
    thread.start()
    try:
        assert {traces_of_work(empty_place.home, request)[0] for _ in range(500)} == {"waiting"}
    finally:
        stop.set()
        thread.join()


def test_a_request_whose_builder_was_killed_is_answered_by_the_next_one(replayed, stream, eventually):
    place = replayed()
    program = (
        "from network_registry.settings import load_settings; from network_registry.home import Home;"
        "from warehouse_releases.builder import run_builder; settings = load_settings();"
        "run_builder(Home(settings.home), settings)"
    )
    environment = {**os.environ, "MERIDIAN_HOME": str(place.home.root), "PYTHONPATH": os.pathsep.join(sys.path)}
    request = request_build(place.ledger, "a test")
    process = subprocess.Popen([sys.executable, "-c", program], env=environment)
    try:
        eventually((workshop(place.home) / "warehouse.duckdb").exists, within_s=120)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert place.shown() is None
    assert read_request(place.ledger, request).status == "running"
    builder.build_now(place.home, place.settings, wait_landed=False)
    assert read_request(place.ledger, request).status == "released"
    assert place.shown() == read_request(place.ledger, request).release_id
    assert numbered(place.home.builds) == []
    assert [one.status for one in list_recorded(place.ledger)] == ["released"]


def test_a_build_of_everything_that_was_killed_is_gone_on_with(released, tmp_path, eventually):
    place = copied(released, tmp_path / "home")
    journal = workshop(place.home) / "under_way.jsonl"
    program = (
        "from network_registry.settings import load_settings; from network_registry.home import Home;"
        "from warehouse_releases import builder; settings = load_settings();"
        "builder.build_now(Home(settings.home), settings, False, requested_by='meridian rebuild')"
    )
    environment = {**os.environ, "MERIDIAN_HOME": str(place.home.root), "PYTHONPATH": os.pathsep.join(sys.path)}

    def hurt(by: signal.Signals, standing: int) -> None:
        process = subprocess.Popen([sys.executable, "-c", program], env=environment)
        try:
            eventually(lambda: journal.exists() and len(journal.read_bytes().splitlines()) > standing, within_s=120)
            process.send_signal(by)
            process.wait(60)
        finally:
            process.kill()
            process.wait()

    hurt(signal.SIGINT, 30)
    assert list_recorded(place.ledger)[0].release_id == 1, "a Ctrl-C is no verdict"
    hurt(signal.SIGKILL, 60)
    told = []
    again = builder.build_now(place.home, place.settings, wait_landed=False, progress=told.append)
    assert again.status == "released", again.manifest.get("error")
    (going_on,) = (step for step in told if step.startswith("going on: "))
    assert int(going_on.split()[2]) >= 60
    assert not journal.exists()
    assert rebuild_release(place.home, place.settings, place.ledger, again.release_id).equal


def test_a_release_that_was_damaged_on_the_disk_is_replaced_by_the_resident_builder(replayed, resident, eventually):
    place = replayed()
    resident(place)
    eventually(lambda: place.shown() == 1)
    current_release(place.home).manifest.write_text("{garbage")
    eventually(lambda: place.shown() == 2)
    assert query(place.home, "select count(*) as n from mart_safety_by_clinic")[0]["n"] > 0
