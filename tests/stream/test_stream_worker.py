"""A worker on a real broker: clinics publish, the network receives."""

import json
import re
import signal

from kafka.errors import CoordinatorNotAvailableError

from control_room.onboarding import suspend_clinic
from network_registry.topics import STREAM_GROUP, events_topic, receipts_topic


def ids(records) -> set[str]:
    return {record["event_id"] for record in records}


def test_events_are_passed_on_with_a_receipt_each_and_their_offsets_committed(network, a_session, wait_until):
    clinic = network.clinic()
    network.publish(clinic, [a_session(f"e-{n}") for n in range(500)])
    network.start_worker()
    wait_until(lambda: network.committed_total(clinic) == 500)
    assert ids(network.records("network.events", clinic)) == {f"e-{n}" for n in range(500)}
    receipts = network.records(receipts_topic(clinic), clinic)
    assert {receipt["verdict"] for receipt in receipts} == {"accepted"} and len(receipts) == 500


def test_the_origins_are_the_real_topic_and_cluster(network, a_session, wait_until):
    clinic = network.clinic()
    network.publish(clinic, [a_session("e-1")], partition=3)
    network.start_worker()
    wait_until(lambda: network.passed_on(clinic))
    origin = network.records("network.events", clinic)[0]["origin"]
    with network.admin() as admin:
        topic_id = str(admin.describe_topics([events_topic(clinic)])[0]["topic_id"])
        cluster_id = admin.describe_cluster()["cluster_id"]
    assert (origin["cluster_id"], origin["topic"], origin["topic_id"]) == (cluster_id, events_topic(clinic), topic_id)
    assert (origin["partition"], origin["offset"]) == (3, 0)


def test_a_clinic_added_while_the_worker_runs_is_read_without_a_restart(network, a_session, wait_until):
    first = network.clinic()
    network.publish(first, [a_session("e-1")])
    worker = network.start_worker()
    wait_until(lambda: network.passed_on(first))
    second = network.clinic()
    network.publish(second, [a_session("e-2")])
    wait_until(lambda: network.passed_on(second), within_s=60)
    network.publish(first, [a_session("e-3")])
    wait_until(lambda: network.committed_total(first) == 2)
    assert worker.poll() is None


def test_what_a_clinic_published_before_its_suspension_is_read_to_its_end(network, a_session, wait_until):
    leaving, staying = network.clinic(), network.clinic()
    network.publish(leaving, [a_session("e-1")])
    suspend_clinic(network.home, network.settings, leaving)
    worker = network.start_worker()
    network.publish(staying, [a_session("e-2")])
    wait_until(lambda: network.passed_on(staying))
    wait_until(lambda: network.committed_total(leaving) == 1)
    assert ids(network.records("network.events", leaving)) == {"e-1"}
    assert worker.poll() is None


def test_a_worker_without_clinics_waits_for_the_first_one(network, a_session, wait_until):
    worker = network.start_worker()
    wait_until(lambda: "waiting for a first clinic" in network.log())
    clinic = network.clinic()
    network.publish(clinic, [a_session("e-1")])
    wait_until(lambda: network.passed_on(clinic))
    assert worker.poll() is None


def test_a_worker_that_waits_for_the_first_clinic_stops_cleanly(network, wait_until):
    worker = network.start_worker()
    wait_until(lambda: "waiting for a first clinic" in network.log())
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(20) == 0


def test_a_clean_stop_commits_everything_that_was_passed_on(network, a_session, wait_until):
    clinic = network.clinic()
    network.publish(clinic, [a_session(f"e-{n}") for n in range(5000)])
    worker = network.start_worker()
    wait_until(lambda: network.passed_on(clinic))
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(30) == 0
    passed_on = {(r["origin"]["partition"], r["origin"]["offset"]) for r in network.records("network.events", clinic)}
    committed = {(place, offset) for place, end in network.committed(clinic).items() for offset in range(end)}
    assert passed_on == committed


COUNTS_MESSAGES = """
message = record_batches.RecordBatchConsumer._message
def counted(self, batches):
    print(f"a message of {len(batches)} batches.", file=sys.stderr, flush=True)
    return message(self, batches)
record_batches.RecordBatchConsumer._message = counted
"""


def test_what_one_fetch_brings_of_many_quiet_partitions_is_one_message(network, a_session, wait_until):
    clinics = [network.clinic() for _ in range(6)]
    for clinic in clinics:
        for partition in range(4):
            network.publish(clinic, [a_session(f"e-{partition}")], partition=partition)
    network.start_worker(COUNTS_MESSAGES)
    wait_until(lambda: sum(network.committed_total(clinic) for clinic in clinics) == 24)
    counts = [int(count) for count in re.findall(r"a message of (\d+) batches", network.log())]
    assert sum(counts) == 24 and len(counts) <= 6
    for clinic in clinics:
        assert ids(network.records("network.events", clinic)) == {f"e-{partition}" for partition in range(4)}


def test_two_workers_share_the_partitions_and_lose_nothing_when_one_of_them_is_killed(network, a_session, wait_until):
    clinic = network.clinic()
    staying = network.start_worker()
    network.publish(clinic, [a_session(f"a-{n}") for n in range(3000)])
    dying = network.start_worker(number=2)
    wait_until(lambda: members_with_partitions(network) == 2)
    network.publish(clinic, [a_session(f"b-{n}") for n in range(3000)])
    dying.kill()
    wait_until(lambda: network.committed_total(clinic) == 6000)
    assert ids(network.records("network.events", clinic)) == {f"{group}-{n}" for group in "ab" for n in range(3000)}
    assert staying.poll() is None


def members_with_partitions(network) -> int:
    try:
        with network.admin() as admin:
            group = admin.describe_groups([STREAM_GROUP])[STREAM_GROUP]
    except CoordinatorNotAvailableError:
        return 0  # the broker makes the topic of offsets when the first group asks for it
    return group["group_state"] == "Stable" and sum(bool(each["member_assignment"]) for each in group["members"])


def test_a_worker_that_cannot_start_ends_instead_of_hanging(network):
    network.clinic()
    fault = """
async def on_start(self):
    raise OSError("no")
record_batches.IdempotentProducer.on_start = on_start
"""
    assert network.start_worker(fault).wait(60) == 1
    assert "ended by itself" in network.log()


def test_a_second_worker_on_the_same_machine_is_refused_in_one_line(network, wait_until):
    network.start_worker()
    wait_until(lambda: "waiting for a first clinic" in network.log())
    second = network.start_worker()
    assert second.wait(30) == 1
    assert "a stream worker runs already" in network.log() and "Traceback" not in network.log()


def test_a_credential_that_the_broker_refuses_ends_in_one_line(network):
    network.clinic()
    (network.home.credentials / "_platform.toml").write_text('username = "meridian"\npassword = "wrong"\n')
    worker = network.start_worker()
    assert worker.wait(60) == 1
    assert "credential of meridian refused" in network.log() and "Traceback" not in network.log()


def test_the_log_never_shows_a_patient_reference(network, a_session, wait_until):
    clinic = network.clinic()
    network.publish(clinic, [a_session("e-1"), a_session("e-2", time="noon"), b"PATIENT-4711", None])
    network.start_worker()
    wait_until(lambda: network.committed_total(clinic) == 4)
    assert "4711" not in network.log()
    assert b"4711" not in json.dumps(network.records("network.quarantine", clinic)).encode()
