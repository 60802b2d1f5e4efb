"""The resident builder, those who ask it, and what becomes of a request when it is killed."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from network_registry.clinics import add_clinic
from warehouse_releases import builder, dbt_build
from warehouse_releases.build_folders import current_release, numbered
from warehouse_releases.ledger import list_recorded, read_request, request_build
from warehouse_releases.process_lock import is_held
from warehouse_releases.readers import query

pytestmark = [pytest.mark.timeout(300), pytest.mark.xdist_group("builds")]


@pytest.fixture
def resident():
    """Runs the builder beside the test, until its end."""
    stop, running = threading.Event(), []

    def start(place) -> None:
        thread = threading.Thread(target=builder.run_builder, args=(place.home, place.settings, stop))
        running.append(thread)
        thread.start()

    yield start
    stop.set()
    for thread in running:
        thread.join()


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
    assert told == ["waiting for the builder"]


def test_a_second_builder_steps_back(replayed, resident, eventually):
    place = replayed()
    resident(place)
    eventually(lambda: is_held(builder.builder_lock(place.home)))
    assert builder.run_builder(place.home, place.settings, threading.Event()) == 1


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
        eventually(
            lambda: any(build.warehouse("officer").exists() for build in numbered(place.home.builds)), within_s=120
        )
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


def test_a_release_that_was_damaged_on_the_disk_is_replaced_by_the_resident_builder(replayed, resident, eventually):
    place = replayed()
    resident(place)
    eventually(lambda: place.shown() == 1)
    current_release(place.home).manifest.write_text("{garbage")
    eventually(lambda: place.shown() == 2)
    assert query(place.home, "select count(*) as n from mart_safety_by_clinic")[0]["n"] > 0
