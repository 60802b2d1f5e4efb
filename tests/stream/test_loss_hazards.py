"""Ways in which Faust loses or repeats events (shared/reference/faust-and-kafka.md), each tried on a real broker.

Hazards 3 (confirmation out of order) and part of 4 are rules of `test_confirmations.py` and `test_outputs.py`.
"""

import json
import signal

import pytest
from kafka.admin import ConfigResource, ConfigResourceType

from network_registry.database import open_registry
from network_registry.erased_patients import ErasedList
from network_registry.keys import Key
from network_registry.topics import receipts_topic
from process_telemetry.process_metrics import ProcessMetrics
from session_stream.app import SessionStream
from session_stream.clinics_followed import ClinicsFollowed
from session_stream.pseudonyms import StreamKeys

from .lost_fetch import FIRST_FETCH_IS_LOST

BROKEN_AT_E_7 = """
decide = app.decide
def broken(records, source, keys, erased):
    if any(b'"e-7"' in record.value for record in records):
        raise KeyError("PATIENT-4711")
    return decide(records, source, keys, erased)
app.decide = broken
"""

BATCH_GOES_ASTRAY = """
async def astray(self, batch, outputs):
    return None
app.SessionStream._decide = astray
app.PATIENCE_SECONDS = 2.0
"""


FETCH_ACROSS_A_REBALANCE = """
consumer = record_batches.RecordBatchConsumer
wait = consumer._wait_next_records
async def across(self, timeout):
    found = await wait(self, timeout)
    if found[0] and not hasattr(self, "has_crossed"):
        self.has_crossed = True
        self._forget_all()
    return found
consumer._wait_next_records = across
"""


def ids(records) -> set[str]:
    return {record["event_id"] for record in records}


def origins(records) -> list[tuple[int, int]]:
    return [(record["origin"]["partition"], record["origin"]["offset"]) for record in records]


def test_hazards_1_2_7_an_exception_commits_nothing_and_ends_the_process(network, a_session, wait_until):
    clinic = network.clinic()
    network.publish(clinic, [a_session(f"e-{n}") for n in range(20)], partition=0)
    assert network.start_worker(BROKEN_AT_E_7).wait(60) == 1
    assert network.committed_total(clinic) == 0
    assert "KeyError" in network.log() and "4711" not in network.log()
    network.start_worker()
    wait_until(lambda: network.committed_total(clinic) == 20)
    assert ids(network.records("network.events", clinic)) == {f"e-{n}" for n in range(20)}


def test_hazard_4_an_output_that_the_broker_refuses_is_never_committed(network, a_session, wait_until):
    clinic = network.clinic()
    with network.admin() as admin:
        resource = ConfigResource(ConfigResourceType.TOPIC, receipts_topic(clinic), {"max.message.bytes": "100"})
        admin.alter_configs([resource])
    network.publish(clinic, [a_session(f"e-{n}") for n in range(50)])
    assert network.start_worker().wait(60) == 1
    assert network.committed_total(clinic) == 0 and "MessageSizeTooLarge" in network.log()


def test_hazard_5_what_cannot_be_decoded_is_quarantined_and_the_worker_lives_on(network, a_session, wait_until):
    clinic = network.clinic()
    hostile = [b"\xff\xfe", b"", None, b"[" * 50_000, b'{"id": "e-0"}', a_session("e-1", clinicid="another")]
    network.publish(clinic, [*hostile, a_session("e-2")], partition=0)
    worker = network.start_worker()
    wait_until(lambda: network.committed_total(clinic) == len(hostile) + 1)
    quarantined = network.records("network.quarantine", clinic)
    assert sorted(origins(quarantined)) == [(0, offset) for offset in range(len(hostile))]
    assert ids(network.records("network.events", clinic)) == {"e-2"}
    reasons = {r["origin"]["offset"]: {reason["code"] for reason in r["reasons"]} for r in quarantined}
    assert reasons[2] == {"unreadable"} and reasons[5] == {"wrong_clinic"} and worker.poll() is None


def test_hazard_6_clean_restarts_in_the_middle_of_a_stream_lose_nothing(network, a_session, wait_until):
    clinic = network.clinic()
    for turn in range(3):
        network.publish(clinic, [a_session(f"{turn}-{n}") for n in range(2000)])
        worker = network.start_worker()
        wait_until(lambda before=turn * 2000: network.passed_on(clinic) > before)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(30) == 0
    network.start_worker()
    wait_until(lambda: network.committed_total(clinic) == 6000)
    assert ids(network.records("network.events", clinic)) == {f"{turn}-{n}" for turn in range(3) for n in range(2000)}


def test_hazard_7_a_batch_that_goes_astray_ends_the_process_instead_of_stopping_all_commits(network, a_session):
    clinic = network.clinic()
    network.publish(clinic, [a_session("e-1")])
    assert network.start_worker(BATCH_GOES_ASTRAY).wait(60) == 1
    assert "went astray" in network.log() and network.committed_total(clinic) == 0


@pytest.mark.parametrize("fault", [FETCH_ACROSS_A_REBALANCE, FIRST_FETCH_IS_LOST], ids=["crossed", "vanished"])
def test_records_of_a_partition_without_a_commit_that_are_dropped_in_a_rebalance_are_read_again(
    network, a_session, wait_until, fault
):
    clinic = network.clinic()
    network.publish(clinic, [a_session(f"a-{n}") for n in range(50)], partition=0)
    worker = network.start_worker(fault)
    wait_until(lambda: "reading 1 clinics" in network.log())
    network.publish(clinic, [a_session(f"b-{n}") for n in range(5000)], partition=0)
    wait_until(lambda: network.committed_total(clinic) == 5050)
    assert len(set(origins(network.records("network.events", clinic)))) == 5050 and worker.poll() is None


@pytest.fixture
def application(network):
    connection = network.platform
    key, erased = Key(1, b"k" * 32), ErasedList(network.home, open_registry(network.home))
    stream = SessionStream(connection, "stream-test", str(network.home.run), StreamKeys(key, key, key),
                           ClinicsFollowed(None, dict), erased, print, ProcessMetrics())  # fmt: skip
    return stream.app


def test_hazards_6_8_10_no_transactions_no_tables_no_web_server(application):
    assert application.conf.processing_guarantee.value == "at_least_once"
    assert not application.tables.data and not application.conf.web_enabled


def test_heartbeats_are_every_3_s_and_a_dead_worker_is_noticed_after_10_s(application):
    assert (application.conf.broker_heartbeat_interval, application.conf.broker_session_timeout) == (3.0, 10.0)


def test_kill_9_in_the_middle_of_20000_events_loses_none_that_the_broker_acknowledged(network, a_session, wait_until):
    clinic = network.clinic()
    broken = [a_session(f"q-{n}", time="noon") for n in range(500)]
    acknowledged = network.publish(clinic, [*(a_session(f"e-{n}") for n in range(19_500)), *broken])
    assert acknowledged == 20_000
    for passed_on in (1, 5_000, 10_000):
        worker = network.start_worker()
        wait_until(lambda enough=passed_on: network.passed_on(clinic) >= enough)
        worker.kill()
        worker.wait(10)
    network.start_worker()
    wait_until(lambda: network.committed_total(clinic) == 20_000)
    accepted, refused = (network.records(f"network.{topic}", clinic) for topic in ("events", "quarantine"))
    assert ids(accepted) == {f"e-{n}" for n in range(19_500)}
    assert ids(refused) == {f"q-{n}" for n in range(500)}
    # A repeat is the same record again: it carries the origin of the first, and says the same.
    once = {(r["origin"]["partition"], r["origin"]["offset"]): r["event_id"] for r in accepted + refused}
    assert len(once) == len(set(once.values())) == 20_000
    assert len({json.dumps(r, sort_keys=True) for r in accepted}) == 19_500


def test_a_topic_that_is_made_anew_ends_the_process_before_an_origin_is_used_twice(network, a_session, wait_until):
    clinic, _other = network.clinic(), network.clinic()
    network.publish(clinic, [a_session("e-1")], partition=0)
    worker = network.start_worker()
    wait_until(lambda: network.committed_total(clinic) == 1)
    network.remake_topic(clinic)
    network.publish(clinic, [a_session("e-2")], partition=0)
    assert worker.wait(60) == 1 and "TopicReplaced" in network.log()
    network.start_worker()
    wait_until(lambda: network.committed_total(clinic) == 1)
    first, second = sorted(network.records("network.events", clinic), key=lambda record: record["event_id"])
    assert (first["event_id"], second["event_id"]) == ("e-1", "e-2")
    assert first["origin"]["topic_id"] != second["origin"]["topic_id"]
