"""Both sides of conservation read for real, and the barrier that `meridian build` waits at."""

import threading
from dataclasses import replace

import pytest
from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition
from kafka.structs import OffsetAndMetadata

from network_registry.clinics import add_clinic
from network_registry.database import open_registry
from network_registry.topics import QUARANTINE, STREAM_GROUP, events_topic
from warehouse_releases.conservation_reading import ConservationUnknown, read_conservation
from warehouse_releases.landed_barrier import NotLanded, wait_until_landed

pytestmark = pytest.mark.timeout(180)


@pytest.fixture
def clinic(place, send_to):
    """A clinic on board that has published three events, none of which the stream has read."""
    topic = events_topic(place.stream.clinic_id)
    admin = KafkaAdminClient(**place.platform.kafka_python())
    admin.create_topics({topic: {"num_partitions": 2, "replication_factor": 1}})
    admin.wait_for_topics([topic])
    topic_id = str(admin.describe_topics([topic])[0]["topic_id"])
    admin.close()
    add_clinic(open_registry(place.home), place.stream.clinic_id)
    send_to(place)([b"one", b"two", b"three"], topic)
    return replace(place, stream=replace(place.stream, topic_id=topic_id))


def commit(place, offset: int) -> None:
    """As the stream does when every output of the offsets below is confirmed."""
    consumer = KafkaConsumer(**place.platform.kafka_python(), group_id=STREAM_GROUP, enable_auto_commit=False)
    partition = TopicPartition(events_topic(place.stream.clinic_id), 0)
    consumer.assign([partition])
    consumer.commit({partition: OffsetAndMetadata(offset, "", -1)})
    consumer.close()


def totals(conservation) -> dict[str, int]:
    names = ("sent", "accepted", "quarantined", "duplicates", "erased", "pending")
    return {name: conservation.total(name) for name in names if conservation.total(name)}


def test_events_are_pending_until_they_are_in_the_lake_and_then_have_one_place_each(clinic, send_to, lander):
    assert totals(read_conservation(clinic.home, clinic.settings)) == {"sent": 3, "pending": 3}
    send = send_to(clinic)
    send([clinic.stream.accepted(0), clinic.stream.accepted(1, "e0", content="hash of 0"), clinic.stream.accepted(0)])
    send([clinic.stream.quarantined(2)], QUARANTINE)
    commit(clinic, 3)
    behind = read_conservation(clinic.home, clinic.settings, wait_s=0)
    assert (behind.caught_up, behind.holds, totals(behind)) == (False, True, {"sent": 3, "pending": 3})
    lander(clinic)
    wait_until_landed(clinic.home, clinic.settings, lambda _: None)
    found = read_conservation(clinic.home, clinic.settings)
    assert (found.caught_up, found.problems) == (True, [])
    assert totals(found) == {"sent": 3, "accepted": 1, "quarantined": 1, "duplicates": 1}


def test_an_event_that_the_stream_committed_and_never_passed_on_is_lost(clinic, send_to, lander):
    send_to(clinic)([clinic.stream.accepted(0), clinic.stream.accepted(2)])
    commit(clinic, 3)
    lander(clinic)
    wait_until_landed(clinic.home, clinic.settings, lambda _: None)
    found = read_conservation(clinic.home, clinic.settings)
    assert found.problems == [f"{clinic.stream.clinic_id} partition 0: 1 lost: offsets 1"]


def test_a_clinic_whose_topic_is_gone_is_told(place):
    add_clinic(open_registry(place.home), "gone")
    assert read_conservation(place.home, place.settings).problems == [
        "clinic.gone.events: the broker has no such topic"
    ]


def test_waiting_tells_what_is_left_and_ends_when_it_has_landed(clinic, send_to, lander, eventually):
    told: list[str] = []
    waiting = threading.Thread(target=wait_until_landed, args=(clinic.home, clinic.settings, told.append))
    waiting.start()
    eventually(lambda: told == ["the stream: 3 records to go"])
    send_to(clinic)([clinic.stream.accepted(offset) for offset in range(3)])
    commit(clinic, 3)
    eventually(lambda: "the lander: 3 records to go" in told)
    lander(clinic)
    waiting.join(60)
    assert not waiting.is_alive()


def test_waiting_for_a_stream_that_stands_still_is_given_up_in_one_line(clinic):
    with pytest.raises(NotLanded, match=r"^the stream stands still, with 3 records to go: is it running"):
        wait_until_landed(clinic.home, clinic.settings, lambda _: None, stalled_s=0.5)


def test_without_a_broker_conservation_is_unknown_and_not_fine(free_home):
    with pytest.raises(ConservationUnknown, match="the broker does not answer"):
        read_conservation(free_home.home, free_home.settings)
