"""What the transport takes as it comes, on a real broker: any compression, the largest record, a batch that is long."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from confluent_kafka import KafkaException, Producer
from kafka import KafkaProducer

from network_registry.connections import clinic_connection
from network_registry.topics import events_topic

# A slice of records takes longer than the broker waits for a worker that is silent.
LONG_BATCH = """
import time
app._SETTINGS.update(broker_session_timeout=6.0, broker_heartbeat_interval=1.0)
decide = app.decide
def slow(records, source, keys, erased):
    time.sleep(9)
    return decide(records, source, keys, erased)
app.decide = slow
"""

# The stream may hold only a quarter of a mebibyte; what it holds at most is written down.
LITTLE_ROOM = """
record_batches.MAX_BYTES_IN_FLIGHT = 2**18
app._SETTINGS["broker_max_poll_records"] = 100
import logging
consumer = record_batches.RecordBatchConsumer
write_down = consumer._write_down
most = [0]
def noting(self, tp, records):
    batch = write_down(self, tp, records)
    held = sum(each.size for each in self.confirmations.unconfirmed())
    if held > most[0]:
        most[0] = held
        logging.getLogger("session_stream").info("held %d", held)
    return batch
consumer._write_down = noting
"""


def confluent(network, clinic: str | None = None, **settings) -> Producer:
    """librdkafka, as the platform or as a clinic: it writes what kafka-python here does not."""
    connection = clinic_connection(network.home, network.settings, clinic) if clinic else network.platform
    return Producer({**connection.librdkafka(), **settings})


@pytest.mark.parametrize("codec", ["none", "gzip", "snappy", "lz4", "zstd"])
def test_records_are_read_whatever_they_are_compressed_with(network, a_session, wait_until, codec):
    clinic = network.clinic()
    producer = confluent(network, **{"compression.type": codec, "linger.ms": 50})
    for number in range(50):
        producer.produce(events_topic(clinic), a_session(f"{codec}-{number}"), partition=0)
    producer.flush()
    network.start_worker()
    wait_until(lambda: network.committed_total(clinic) == 50)
    assert {event["event_id"] for event in network.records("network.events", clinic)} == {
        f"{codec}-{number}" for number in range(50)
    }


def test_null_empty_and_the_largest_record_that_the_broker_takes_have_a_place_each(network, a_session, wait_until):
    clinic = network.clinic()
    # 1,048,588 is a whole batch: what its head and the record's take is left out.
    largest = a_session("largest", data={"session_id": "s", "notes": "x" * 1_048_000})
    assert network.publish(clinic, [None, b"", largest, a_session("e-1")], partition=0) == 4
    network.start_worker()
    wait_until(lambda: network.committed_total(clinic) == 4)
    refused = {each["origin"]["offset"]: each for each in network.records("network.quarantine", clinic)}
    accepted = {each["origin"]["offset"]: each["event_id"] for each in network.records("network.events", clinic)}
    assert refused.keys() | accepted.keys() == {0, 1, 2, 3} and accepted[3] == "e-1"
    assert all([reason["code"] for reason in refused[offset]["reasons"]] == ["unreadable"] for offset in (0, 1))


def test_a_clinic_is_refused_a_transaction_whose_ends_would_take_places_without_an_event(network):
    clinic = network.clinic()
    producer = confluent(network, clinic, **{"transactional.id": "any"})
    with pytest.raises(KafkaException, match="TRANSACTIONAL_ID_AUTHORIZATION_FAILED"):
        producer.init_transactions(30)


def test_no_heartbeat_is_lost_while_a_batch_takes_longer_than_the_broker_waits(network, a_session, wait_until):
    clinic = network.clinic()
    network.publish(clinic, [a_session(f"e-{n}") for n in range(150)], partition=0)
    worker = network.start_worker(LONG_BATCH)
    wait_until(lambda: network.committed_total(clinic) == 150)
    assert worker.poll() is None
    # Had it been taken for dead, its partitions would have been read again.
    assert network.passed_on(clinic) == 150 and "rebalanc" not in network.log()


def test_what_is_in_flight_is_bounded_in_bytes(network, a_session, wait_until):
    clinic = network.clinic()
    sessions = [a_session(f"e-{n}", data={"session_id": "s", "notes": "x" * 2000}) for n in range(2000)]
    network.publish(clinic, sessions)
    network.start_worker(LITTLE_ROOM)
    wait_until(lambda: network.committed_total(clinic) == 2000)
    said = [json.loads(line)["event"] for line in network.log().splitlines() if '"held ' in line]
    most = max(int(event.split()[1]) for event in said)
    # Room is looked for before a fetch, so one fetch of a hundred records may be over it.
    assert 2**18 < most < 2**18 + 100 * 3000


def test_of_a_two_year_backfill_the_broker_s_own_time_counts_so_that_nothing_of_it_expires(
    network, a_session, wait_until
):
    clinic, now = network.clinic(), datetime.now(UTC)
    producer, two_years = KafkaProducer(**network.platform.kafka_python()), timedelta(days=730)
    written = producer.send(
        events_topic(clinic), a_session("e-1", time=(now - two_years).isoformat()), partition=0,
        timestamp_ms=int((now - two_years).timestamp() * 1000),
    )  # fmt: skip
    # Retention goes by this time.
    assert abs(written.get(30).timestamp / 1000 - now.timestamp()) < 600
    producer.close()
    network.start_worker()
    wait_until(lambda: network.committed_total(clinic) == 1)
    (event,) = network.records("network.events", clinic)
    assert datetime.fromisoformat(event["occurred_at"]) == now - two_years and event["flags"] == []
    assert abs(datetime.fromisoformat(event["received_at"]) - now) < timedelta(minutes=10)
