"""Each bug that loses or doubles events is seen by the judge of the fault campaign: real worker, lander and release.

Every bug has a clinic. A worker with that bug reads all that the clinic published and is killed; then one without goes
on, everything lands, and one release is made of all.
"""

import shutil
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest

from control_room.benchmarks.sample_sessions import sample_sessions
from control_room.fault_campaign.observer import Judgement, judge, landed_twice
from control_room.fault_campaign.traffic import publish_traffic
from network_registry.home import Home
from warehouse_releases import builder, land
from warehouse_releases.build_folders import current_release

from . import planted_bugs as bugs
from .landing import landing

pytestmark = pytest.mark.timeout(400)

EVENTS = 300
PLANTED = {
    "none": "",
    "acknowledge on exception": bugs.ACKNOWLEDGE_ON_EXCEPTION,
    "commit before confirmation": bugs.COMMIT_BEFORE_CONFIRMATION,
    "swallowed failed send": bugs.SWALLOWED_FAILED_SEND,
    "commit past a gap": bugs.COMMIT_PAST_A_GAP,
    "dropped quarantine record": bugs.DROPPED_QUARANTINE_RECORD,
    "one lost": bugs.ONE_LOST,
    "one doubled": bugs.ONE_DOUBLED,
    "re-created topic": bugs.RE_CREATED_TOPIC,
}


@dataclass(frozen=True)
class Aftermath:
    """`file` is the officer's of the release, `outboxes` has a folder for each bug."""

    outboxes: Path
    file: Path
    broker: dict[str, Any]

    def judge(self, bug: str) -> Judgement:
        return judge(self.outboxes / bug, self.file, self.broker)


@pytest.fixture(scope="module")
def aftermath(network_of_a_file, wait_until, tmp_path_factory) -> Aftermath:
    network, outboxes = network_of_a_file, tmp_path_factory.mktemp("outboxes")
    for bug in PLANTED:
        _suffer(network, bug, outboxes / bug, wait_until)
    network.start_worker()
    with landing(network.home, network.settings):
        release = builder.build_now(network.home, network.settings)
    assert release.status == "released", release.manifest.get("error")
    current = current_release(network.home)
    assert current is not None
    return Aftermath(outboxes, current.root / "officer" / "warehouse.duckdb", network.platform.kafka_python())


def _suffer(network, bug: str, outboxes: Path, wait_until: Callable) -> None:
    clinic = network.clinic()
    publish = partial(publish_traffic, network.home, network.settings, outboxes)
    publish((clinic, session) for session in sample_sessions(EVENTS))
    former = network.topic_id(clinic)
    if bug == "re-created topic":
        _read_all(network, clinic, "", wait_until)
        network.remake_topic(clinic)
        publish((clinic, session) for session in sample_sessions(EVENTS, seed=2))
    _read_all(network, clinic, PLANTED[bug].replace("FORMER_ID", former), wait_until)


def _read_all(network, clinic: str, bug: str, wait_until: Callable) -> None:
    worker = network.start_worker(bugs.ONLY_ONE_CLINIC.replace("CLINIC_ID", clinic) + bug)
    written = network.written(clinic)
    wait_until(lambda: network.committed_total(clinic) == written)
    worker.kill()
    worker.wait(10)


def test_without_a_bug_nothing_is_missing_and_nothing_counts_twice(aftermath):
    found = aftermath.judge("none")
    assert found.holds and found.acknowledged == EVENTS + EVENTS // 100


@pytest.mark.parametrize("bug", [bug for bug in PLANTED if bug not in ("none", "one doubled")])
def test_a_bug_that_loses_events_is_seen(aftermath, bug):
    assert aftermath.judge(bug).missing


def test_one_event_lost_is_one_missing(aftermath):
    assert aftermath.judge("one lost").missing == 1


def test_one_event_doubled_is_a_place_that_the_broker_does_not_have(aftermath):
    assert aftermath.judge("one doubled").unaccounted == 1


def test_without_de_duplication_events_count_twice(aftermath, tmp_path):
    """A release that takes each delivery for an event of its own."""
    release = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(release)) as connection:
        connection.execute(f"attach '{aftermath.file}' as released (read_only); create schema staging")
        connection.execute("""
            create table staging.stg_dispositions as
            select * replace (if(disposition = 'duplicate', 'accepted', disposition) as disposition)
            from released.staging.stg_dispositions
        """)
    found = judge(aftermath.outboxes / "none", release, aftermath.broker)
    assert (found.missing, found.counted_twice) == (0, EVENTS // 100)


def test_two_landers_at_once_land_records_twice(aftermath, network_of_a_file, wait_until, tmp_path, monkeypatch):
    network = network_of_a_file
    folder = shutil.copytree(network.home.root, tmp_path / "home", ignore=shutil.ignore_patterns("lake", "warehouse"))
    monkeypatch.setattr(land, "only_one", lambda *_: nullcontext())
    one, other = (network.settings.model_copy(update={"segment_rows": rows}) for rows in (50, 70))
    home = Home(folder)
    with landing(home, one), landing(home, other):
        wait_until(lambda: landed_twice(home.lake))
    assert landed_twice(network.home.lake) == 0
