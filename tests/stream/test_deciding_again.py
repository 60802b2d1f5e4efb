"""`meridian rebuild --from topics`: events that older rules refused are healed under the origin that they have always
had, and nothing is said in a clinic's name."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from control_room.deciding_again import rebuild_from_topics
from control_room.deciding_again.plan import read_plan
from network_registry.topics import EVENTS, QUARANTINE, receipts_topic
from warehouse_releases.lake_dispositions import open_dispositions
from warehouse_releases.readers import query

from .landing import landing

pytestmark = pytest.mark.timeout(300)

# As if an older contract had not known what these say.
OLDER_RULES = """
import msgspec, session_stream.decide as decide_module
from clinic_events.reasons import Reason
judge = decide_module.judge
def older(raw, *given):
    verdict = judge(raw, *given)
    if b"refused-once" not in (raw or b""):
        return verdict
    refused = (Reason("unknown_type", "/type"),)
    return msgspec.structs.replace(verdict, status="quarantined", reasons=refused, event=None, data=None)
decide_module.judge = older
"""


@pytest.fixture(scope="module")
def clinic(network_of_a_file, a_session, wait_until) -> str:
    """Of 400 events 40 were refused by the rules of then; now there is a worker with those of today."""
    network = network_of_a_file
    clinic = network.clinic()
    ids = [f"refused-once-{n}" if n % 10 == 0 else f"e-{n}" for n in range(400)]
    network.publish(clinic, [*map(a_session, ids), b"never readable"])
    worker = network.start_worker(OLDER_RULES)
    wait_until(lambda: network.committed_total(clinic) == 401)
    worker.kill()
    worker.wait(10)
    network.start_worker()
    with landing(network.home, network.settings):
        yield clinic


def meridian(network, *arguments: str) -> subprocess.Popen[str]:
    settings = {"MERIDIAN_HOME": str(network.home.root), "MERIDIAN_BROKER_PORT": str(network.settings.broker_port)}
    command = [sys.executable, "-m", "control_room", *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, env={**os.environ, **settings}, stdout=pipe, stderr=pipe, text=True)


def dispositions(network, clinic: str) -> dict[str, int]:
    counted = "select disposition, count(*) from dispositions where clinic_id = ? group by all"
    with open_dispositions(network.home.lake) as connection:
        return dict(connection.execute(counted, [clinic]).fetchall())


def test_a_dry_run_says_what_would_be_healed_and_passes_nothing_on(network_of_a_file, clinic):
    network = network_of_a_file
    before = network.passed_on(clinic)
    done = rebuild_from_topics(network.home, network.settings, dry_run=True)
    assert done.counts == {"unchanged": 361, "healed": 40, "changed": 0, "restored": 0, "kept": 0, "expired": 0}
    assert done.release is None and dispositions(network, clinic) == {"accepted": 360, "quarantined": 41}
    assert len(network.values(EVENTS)) == 360
    assert network.passed_on(clinic) >= before


@pytest.fixture(scope="module")
def healed(network_of_a_file, clinic) -> dict[str, Any]:
    """What the command answers, beside how much had been written to the clinic's topic before it."""
    written = network_of_a_file.written(clinic)
    command = meridian(network_of_a_file, "rebuild", "--from", "topics", "--json")
    said, told = command.communicate(timeout=240)
    assert command.returncode == 0, told
    return json.loads(said) | {"written": written}


def test_what_today_s_rules_accept_is_healed_from_its_own_place(network_of_a_file, clinic, healed):
    network = network_of_a_file
    assert (healed["counts"]["healed"], healed["release"]["status"]) == (40, "released")
    events = [record for record in network.records(EVENTS, clinic) if record["event_id"].startswith("refused-once")]
    refused = [each for each in network.records(QUARANTINE, clinic) if (each["event_id"] or "").startswith("refused")]
    assert sorted(str(each["origin"]) for each in refused) == sorted(str(record["origin"]) for record in events)
    assert {record["clinic_id"] for record in events} == {clinic}
    assert network.written(clinic) == healed["written"], "nothing is said in the clinic's name"
    assert dispositions(network, clinic) == {"accepted": 400, "quarantined": 1}


HEALED = re.findall(r"```sql\n(.*?)```", (Path(__file__).parents[2] / "docs" / "rebuilding.md").read_text(), re.DOTALL)


def test_an_officer_can_tell_what_was_healed(network_of_a_file, clinic, healed):
    rows = query(network_of_a_file.home, HEALED[0], tier="officer")
    assert len(rows) == 40
    assert all(row["event_id"].startswith("refused-once") and row["clinic_id"] == clinic for row in rows)


def test_the_clinic_hears_that_its_events_count_now(network_of_a_file, clinic, healed):
    receipts = [json.loads(value) for value in network_of_a_file.values(receipts_topic(clinic))]
    verdicts = [each["verdict"] for each in receipts if str(each.get("event_id")).startswith("refused-once")]
    assert verdicts == ["quarantined"] * 40 + ["accepted"] * 40


def test_a_second_time_nothing_is_left_to_heal(network_of_a_file, healed):
    done = rebuild_from_topics(network_of_a_file.home, network_of_a_file.settings)
    assert (done.counts["unchanged"], done.release) == (401, None)


def test_what_the_lake_has_lost_is_restored(network_of_a_file, healed, tmp_path):
    network = network_of_a_file
    lost = sorted(network.home.lake.glob(f"{EVENTS}/**/partition=*/**/0*.parquet"))[:1]
    for path in lost:
        path.rename(tmp_path / path.name)
    try:
        done = rebuild_from_topics(network.home, network.settings, dry_run=True)
    finally:
        for path in lost:
            (tmp_path / path.name).rename(path)
    assert done.counts["restored"] > 0


def test_killed_at_any_moment_the_same_command_goes_on(network_of_a_file, a_session, wait_until, healed):
    network = network_of_a_file
    many = network.clinic()
    network.publish(many, (a_session(f"many-{n}", subject=f"P-{n}") for n in range(24_000)), None)
    wait_until(lambda: network.committed_total(many) == 24_000)
    folder = network.home.builds / "rebuild-topics"
    first = meridian(network, "rebuild", "--from", "topics", "--dry-run", "--json")
    wait_until(lambda: (plan := read_plan(folder)) and 0 < plan.done < plan.total)
    first.send_signal(signal.SIGKILL)
    first.communicate()
    # What a power cut may leave of a file that was just written.
    (folder / "held.duckdb").write_bytes(b"")
    done = rebuild_from_topics(network.home, network.settings, dry_run=True)
    assert done.resumed and done.events < 24_401
    assert done.counts["unchanged"] == sum(done.counts.values()) == 24_401
    assert not folder.exists()


def test_beside_another_rebuild_it_says_so_in_one_line(network_of_a_file, clinic):
    one = meridian(network_of_a_file, "rebuild", "--from", "topics", "--release", "1")
    said, told = one.communicate(timeout=60)
    assert (one.returncode, said, len(told.splitlines())) == (2, "", 1)
