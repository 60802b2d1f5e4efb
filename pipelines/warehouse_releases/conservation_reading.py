"""Read both sides of conservation, in the order that makes their difference mean something."""

import time
from collections import defaultdict
from collections.abc import Iterable

from kafka.errors import KafkaError

from network_registry.clinics import list_clinics
from network_registry.connections import CredentialMissing, platform_connection
from network_registry.database import open_registry
from network_registry.home import Home
from network_registry.settings import Settings
from network_registry.topics import EVENTS, QUARANTINE, STREAM_GROUP, clinic_of, events_topic
from warehouse_releases.broker_view import BrokerView, TopicMissing
from warehouse_releases.conservation import Conservation, Disposition, PartitionReading, balance
from warehouse_releases.lake import list_segments
from warehouse_releases.lake_dispositions import open_dispositions
from warehouse_releases.offset_ranges import Range
from warehouse_releases.segments import Segment, Source, by_source, next_offset

Landed = dict[tuple[str, int], dict[Disposition, list[Range]]]

COUNTED_TOPICS = (EVENTS, QUARANTINE)

# Neighbouring offsets of one disposition differ from their row number by the same amount: one island, one range.
_RANGES = """
with numbered as (
    select
        origin_topic_id, origin_partition, disposition, origin_offset,
        origin_offset - row_number() over (
            partition by origin_topic_id, origin_partition, disposition order by origin_offset
        ) as island
    from dispositions
)

select origin_topic_id, origin_partition, disposition, min(origin_offset), max(origin_offset)
from numbered
group by origin_topic_id, origin_partition, disposition, island
order by all
"""


class ConservationUnknown(Exception):
    """The broker cannot be asked: one line that says why."""


def read_conservation(home: Home, settings: Settings, wait_s: float = 5.0) -> Conservation:
    """The balance of every clinic's topic now. Gives the lander `wait_s` to land what the stream has written.

    Raises `ConservationUnknown` when the broker does not answer.
    """
    clinics = [clinic.clinic_id for clinic in list_clinics(open_registry(home))]
    topics = {events_topic(clinic_id) for clinic_id in clinics}
    try:
        with BrokerView(platform_connection(home, settings)) as view:
            return _read(home, view, topics, wait_s)
    except (CredentialMissing, TopicMissing) as error:
        raise ConservationUnknown(str(error)) from None
    except KafkaError as error:
        raise ConservationUnknown(f"the broker does not answer ({type(error).__name__})") from None


def _read(home: Home, view: BrokerView, topics: set[str], wait_s: float) -> Conservation:
    partitions = view.existing(topics)
    # The order is the proof: what is committed now was confirmed in the network's topics before these ends, so a lake
    # that reaches the ends holds it. The clinics' own ends come last, so that nothing in the lake can lie beyond them.
    committed = view.committed(STREAM_GROUP, partitions)
    network = view.sources(COUNTED_TOPICS)
    ends = {source: bounds.end for source, bounds in view.bounds(network).items()}
    segments, caught_up = _landed_up_to(home, ends, wait_s)
    landed = _landed_ranges(home, segments)
    bounds = view.bounds(partitions)
    balances = [
        balance(_reading(part, committed[part], bounds[part].first, bounds[part].end), _of(landed, part), caught_up)
        for part in partitions
    ]
    absent = topics - {source.topic for source in partitions}
    return Conservation(tuple(balances), caught_up, tuple(sorted(absent)))


def _landed_up_to(home: Home, ends: dict[Source, int], wait_s: float) -> tuple[list[Segment], bool]:
    until = time.monotonic() + wait_s
    while True:
        segments = list_segments(home.lake, COUNTED_TOPICS)
        if reaches(segments, ends):
            return segments, True
        if time.monotonic() >= until:
            return segments, False
        time.sleep(0.1)


def reaches(segments: Iterable[Segment], ends: dict[Source, int]) -> bool:
    """Whether landing has come to these ends of the network's topics."""
    landed = by_source(segments)
    return all(next_offset(landed.get(source, [])) >= end for source, end in ends.items())


def _landed_ranges(home: Home, segments: list[Segment]) -> Landed:
    found: Landed = defaultdict(lambda: defaultdict(list))
    with open_dispositions(home.lake, segments) as lake:
        for topic_id, partition, disposition, first, last in lake.execute(_RANGES).fetchall():
            found[topic_id, partition][disposition].append((first, last))
    return found


def _of(landed: Landed, source: Source) -> dict[Disposition, list[Range]]:
    return landed.get((source.topic_id, source.partition), {})


def _reading(source: Source, committed: int, first: int, end: int) -> PartitionReading:
    return PartitionReading(clinic_of(source.topic) or "", source.topic_id, source.partition, first, end, committed)
