"""What the lake has lost is landed again, under the same offsets, from the topics that still hold it."""

import pyarrow.parquet as pq
import pytest
from kafka import KafkaAdminClient
from kafka.structs import TopicPartition

from network_registry.database import open_registry
from network_registry.topics import EVENTS
from warehouse_releases.lake import list_segments
from warehouse_releases.lake_faults import read_faults
from warehouse_releases.landing_again import land_again
from warehouse_releases.segments import by_source, next_offset
from warehouse_releases.unreadable_segments import unreadable

pytestmark = pytest.mark.timeout(240)


def rows(place) -> list[dict]:
    tables = [pq.read_table(place.home.lake / one.path) for one in list_segments(place.home.lake, [EVENTS])]
    return [row for table in tables for row in table.to_pylist()]


def segments(place):
    return list_segments(place.home.lake, [EVENTS])


def repaired(place) -> list[str]:
    told: list[str] = []
    land_again(place.home, place.settings, open_registry(place.home), told.append)
    return told


@pytest.fixture
def landed(place, send_to, lander, eventually):
    """Four segments of ten events each in one partition."""
    send, process = send_to(place), lander(place, rows=10, seconds=3600)
    for start in range(0, 40, 10):
        send(place.stream.accepted(offset) for offset in range(start, start + 10))
    eventually(lambda: any(next_offset(found) == 40 for found in by_source(segments(place)).values()))
    process.terminate()
    process.wait(20)
    return place


def test_a_damaged_segment_and_a_missing_one_are_what_they_were(landed):
    before = rows(landed)
    first, second, third = (landed.home.lake / segments(landed)[number].path for number in range(3))
    first.write_bytes(b"PAR1 no more")
    second.unlink()
    third.write_bytes(third.read_bytes()[:-100])
    assert unreadable(landed.home.lake, segments(landed)) and read_faults(landed.home.lake)
    assert repaired(landed) == ["segments that the lake has lost: 3; landing them again"]
    assert unreadable(landed.home.lake, segments(landed)) == read_faults(landed.home.lake) == []
    assert rows(landed) == before


def test_a_whole_lake_is_left_alone_and_no_broker_is_asked(landed):
    nobody = landed.settings.model_copy(update={"bootstrap": "127.0.0.1:1"})
    told: list[str] = []
    land_again(landed.home, nobody, open_registry(landed.home), told.append)
    assert told == []


def test_without_a_broker_the_lake_stays_as_it_is(landed):
    (landed.home.lake / segments(landed)[0].path).unlink()
    nobody = landed.settings.model_copy(update={"bootstrap": "127.0.0.1:1"})
    told: list[str] = []
    land_again(landed.home, nobody, open_registry(landed.home), told.append)
    assert told[-1].startswith("the lake stays as it is: ")


def test_what_retention_has_deleted_is_told_and_left(landed):
    first, second = segments(landed)[:2]
    (landed.home.lake / first.path).unlink()
    (landed.home.lake / second.path).write_bytes(b"")
    with KafkaAdminClient(**landed.platform.kafka_python()) as admin:
        admin.delete_records({TopicPartition(EVENTS, first.source.partition): 15})
    assert repaired(landed)[-1] == "2 of them the network's topics do not hold any more: they stay lost"
    assert read_faults(landed.home.lake)
