"""The lander on a real broker: nothing lost, nothing twice, and the clinic is told when its events are safe."""

import shutil
import signal
from collections import Counter
from dataclasses import replace

import pyarrow.parquet as pq
import pytest
from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition

from clinic_events.network_records import Landed, decode_receipt
from network_registry.home import Home
from network_registry.topics import ALERTS, EVENTS, QUARANTINE, receipts_topic
from warehouse_releases.lake import lander_is_alive, list_segments
from warehouse_releases.lake_faults import read_faults
from warehouse_releases.offset_ranges import merged
from warehouse_releases.segments import by_source, next_offset

pytestmark = pytest.mark.timeout(240)


def landed_up_to(home: Home, end: int, topic: str = EVENTS) -> bool:
    """Whether some partition of the topic is landed up to `end`."""
    return any(next_offset(segments) >= end for segments in by_source(list_segments(home.lake, [topic])).values())


def landed_offsets(home: Home, topic: str = EVENTS) -> Counter[int]:
    tables = [pq.ParquetFile(home.lake / one.path).read() for one in list_segments(home.lake, [topic])]
    return Counter(offset for table in tables for offset in table["landed_offset"].to_pylist())


def give_receipts_topic(place) -> None:
    admin = KafkaAdminClient(**place.platform.kafka_python())
    admin.create_topics({receipts_topic(place.stream.clinic_id): {"num_partitions": 1, "replication_factor": 1}})
    admin.close()


def receipts(place) -> list[Landed]:
    consumer = KafkaConsumer(**place.platform.kafka_python(), auto_offset_reset="earliest", consumer_timeout_ms=500)
    partition = TopicPartition(receipts_topic(place.stream.clinic_id), 0)
    consumer.assign([partition])
    consumer.seek_to_beginning()
    end = consumer.end_offsets([partition])[partition]
    found = []
    while consumer.position(partition) < end:
        found += [record.value for records in consumer.poll(timeout_ms=500).values() for record in records]
    consumer.close()
    return [receipt for value in found if isinstance(receipt := decode_receipt(value), Landed)]


def told(some_receipts: list[Landed]) -> list[tuple[int, int]]:
    return merged(pair for receipt in some_receipts for pair in map(tuple, receipt.ranges))


def test_a_lander_that_is_killed_again_and_again_loses_nothing_and_lands_nothing_twice(
    place, send_to, lander, eventually
):
    send = send_to(place)
    give_receipts_topic(place)
    for kill in range(1, 4):
        send([place.stream.accepted(offset) for offset in range((kill - 1) * 400, kill * 400)])
        process = lander(place)
        eventually(lambda kill=kill: landed_up_to(place.home, kill * 400 - 350))
        process.send_signal(signal.SIGKILL)
        process.wait()
    process = lander(place)
    # What is landed and told may be the work of those that were killed: this one is to have begun.
    eventually(lambda: lander_is_alive(place.home.lake))
    eventually(lambda: landed_up_to(place.home, 1200))
    eventually(lambda: told(receipts(place)) == [(0, 1199)])
    process.terminate()
    assert process.wait(30) == 0
    assert landed_offsets(place.home) == Counter(range(1200))
    assert read_faults(place.home.lake) == []


def test_every_topic_is_landed_and_a_clinic_hears_which_of_its_offsets_are_safe(place, send_to, lander, eventually):
    send = send_to(place)
    give_receipts_topic(place)
    send([place.stream.accepted(0), place.stream.accepted(1), place.stream.accepted(3)])
    send([place.stream.quarantined(2)], QUARANTINE, partition=1)
    send([place.stream.alert(1), place.stream.alert(9)], ALERTS)
    process = lander(place)
    eventually(lambda: all(landed_up_to(place.home, end, t) for t, end in ((EVENTS, 3), (QUARANTINE, 1), (ALERTS, 2))))
    process.terminate()
    assert process.wait(30) == 0
    # Offset 9 is told by an alert alone: the event itself has not landed.
    assert told(receipts(place)) == [(0, 3)]
    assert {(one.topic_id, one.partition) for one in receipts(place)} == {(place.stream.topic_id, 0)}


def test_a_lander_that_starts_says_again_what_it_landed_last(place, send_to, lander, eventually):
    send_to(place)([place.stream.accepted(offset) for offset in range(5)])
    process = lander(place)
    eventually(lambda: landed_up_to(place.home, 5))
    process.terminate()
    process.wait(30)
    # The first lander had nobody to tell; as if it had been killed between the segment and the receipt.
    give_receipts_topic(place)
    before = list_segments(place.home.lake)
    process = lander(place)
    eventually(lambda: told(receipts(place)) == [(0, 4)])
    process.terminate()
    assert process.wait(30) == 0
    assert list_segments(place.home.lake) == before


def test_a_second_lander_says_in_one_line_that_there_is_one(place, lander, eventually):
    first = lander(place)
    eventually(lambda: lander_is_alive(place.home.lake))
    second = lander(place)
    said, _ = second.communicate(timeout=60)
    assert second.returncode == 1
    assert said.count("\n") == 1
    assert f"another lander is at work here (process {first.pid})" in said


def test_a_topic_that_was_re_created_starts_again_at_zero_beside_the_old_one(
    place, send_to, lander, eventually, remake_topics
):
    send_to(place)([place.stream.accepted(offset) for offset in range(30)])
    process = lander(place)
    eventually(lambda: landed_up_to(place.home, 30))
    remake_topics(place.platform)
    send_to(place)([place.stream.accepted(offset) for offset in range(30, 40)])
    # The running lander ends rather than mix two topics' offsets; its supervisor starts the next one.
    assert process.wait(90) == 1
    process = lander(place)
    eventually(lambda: len(landed_sources(place.home)) == 2)
    process.terminate()
    assert process.wait(30) == 0
    assert sorted(landed_sources(place.home).values()) == [[(0, 9)], [(0, 29)]]
    assert read_faults(place.home.lake) == []


def landed_sources(home: Home) -> dict:
    return {
        source: merged(one.offsets for one in group) for source, group in by_source(list_segments(home.lake)).items()
    }


def test_another_cluster_never_continues_the_ranges_of_the_first(place, own_broker, send_to, lander, eventually):
    send_to(place)([place.stream.accepted(offset) for offset in range(20)])
    process = lander(place)
    eventually(lambda: landed_up_to(place.home, 20))
    process.terminate()
    process.wait(30)
    # The same lake, and a broker that has lost its disk. One alone: a lander lands all that a broker has.
    shutil.rmtree(place.home.credentials)
    shutil.copytree(own_broker.home.credentials, place.home.credentials)
    moved = replace(place, settings=own_broker.settings)
    send_to(own_broker)([place.stream.accepted(0)])
    process = lander(moved)
    eventually(lambda: len({source.cluster_id for source in landed_sources(place.home)}) == 2)
    process.terminate()
    said, _ = process.communicate(timeout=30)
    assert process.returncode == 0, said
    assert all(ranges[0][0] == 0 and len(ranges) == 1 for ranges in landed_sources(place.home).values())


def test_a_record_that_nobody_can_read_is_a_fault_of_the_platform_and_stops_nothing(place, send_to, lander, eventually):
    send_to(place)([place.stream.accepted(0), b"not a record", place.stream.accepted(2)])
    process = lander(place)
    eventually(lambda: landed_up_to(place.home, 3))
    process.terminate()
    process.wait(30)
    assert landed_offsets(place.home) == Counter([0, 2])
    assert [(fault.kind, fault.ranges) for fault in read_faults(place.home.lake)] == [("undecodable", ((1, 1),))]


def test_what_retention_deleted_before_it_was_landed_is_recorded_and_not_jumped_over(
    place, send_to, lander, eventually
):
    send_to(place)([place.stream.accepted(offset) for offset in range(50)])
    admin = KafkaAdminClient(**place.platform.kafka_python())
    admin.delete_records({TopicPartition(EVENTS, 0): 20})
    admin.close()
    process = lander(place)
    eventually(lambda: landed_up_to(place.home, 50))
    process.terminate()
    process.wait(30)
    assert landed_offsets(place.home) == Counter(range(20, 50))
    assert [(fault.kind, fault.ranges) for fault in read_faults(place.home.lake)] == [("expired", ((0, 19),))]


def test_without_a_broker_it_says_so_in_one_line(free_home, lander):
    said, _ = lander(free_home).communicate(timeout=120)
    assert said.count("\n") == 1
    assert "lost the broker" in said


def test_a_lander_whose_newest_segments_are_gone_says_so_and_the_next_one_lands_them_again(
    place, send_to, lander, eventually
):
    send, process = send_to(place), lander(place, rows=10)
    for start in range(0, 40, 10):
        send(place.stream.accepted(offset) for offset in range(start, start + 10))
    eventually(lambda: landed_up_to(place.home, 40))
    before = landed_offsets(place.home)
    for segment in list_segments(place.home.lake, [EVENTS])[-2:]:
        (place.home.lake / segment.path).unlink()
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 1 and "the newest segments are gone" in said
    lander(place, rows=10)
    eventually(lambda: landed_offsets(place.home) == before)
