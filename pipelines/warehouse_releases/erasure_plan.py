"""What an erasure has to take out of the lake: read from the segments, nothing is changed here."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from network_registry.erased_patients import ErasedPatients, hash_of_event, hash_of_patient
from network_registry.topics import EVENTS
from warehouse_releases.erasure_reading import identities
from warehouse_releases.erasure_rows import merges, rows_of_the_erased
from warehouse_releases.lake import list_segments, parquet_paths
from warehouse_releases.segments import Segment

# Of all events with one of these ids, the patient of the first: the id belongs to that one. `arg_min` skips NULL.
_OWNERS = """
select
    clinic_id,
    event_id,
    arg_min(coalesce(patient_id, ''), (received_at, origin_topic_id, origin_partition, origin_offset)) as owner
from read_parquet($paths, hive_partitioning = false, union_by_name = true)
semi join ids using (clinic_id, event_id)
group by clinic_id, event_id
"""


@dataclass(frozen=True)
class LakePlan:
    """`erased` is everybody who is erased with this erasure done. `rows` and `segments` are those of this one alone;
    `new_patients` and `new_events` the keyed hashes that it adds."""

    erased: ErasedPatients
    new_patients: frozenset[str]
    new_events: frozenset[str]
    rows: int
    segments: int

    @property
    def pseudonyms(self) -> int:
        """How many names the patient had in the network: more than one where the clinic merged references."""
        return len(self.new_patients)


def plan_erasure(lake: Path, known: ErasedPatients, patient: str) -> LakePlan:
    """`patient` is the keyed hash of the one pseudonym that was asked for; `known` is who is erased already.

    To be read while nobody writes to the lake. Raises `SegmentTooNew`, OSError or `pyarrow.ArrowException`.
    """
    segments = list_segments(lake, (EVENTS,))
    paths = parquet_paths(lake, EVENTS, segments)
    patients = _one_person(lake, segments, known.secret, patient)
    only_these = ErasedPatients(known.secret, patients)
    ids, rows, holders = set(), 0, 0
    for table in identities(lake, segments):
        found = table.filter(rows_of_the_erased(table, only_these))
        ids.update(zip(found["clinic_id"].to_pylist(), found["event_id"].to_pylist(), strict=True))
        rows, holders = rows + found.num_rows, holders + (found.num_rows > 0)
    events = frozenset(_owned(paths, ids, only_these))
    return LakePlan(known.with_patients(patients).with_events(events), patients, events, rows, holders)


def _one_person(lake: Path, segments: list[Segment], secret: bytes, patient: str) -> frozenset[str]:
    """Every pseudonym that a chain of mergers joins to this one, in whatever direction: keyed hashes."""
    joined = [
        {hash_of_patient(secret, one), hash_of_patient(secret, other)}
        for table in identities(lake, segments)
        for _, one, other in merges(table)
    ]
    return connected({patient}, joined)


def connected(start: Iterable[str], pairs: Iterable[set[str]]) -> frozenset[str]:
    """Everything that a chain of pairs joins to `start`, `start` itself with it."""
    found, left = set(start), list(pairs)
    while touching := [pair for pair in left if pair & found]:
        left = [pair for pair in left if not pair & found]
        found.update(*touching)
    return frozenset(found)


def _owned(paths: list[str], ids: set[tuple[str, str]], erased: ErasedPatients) -> Iterator[str]:
    """The keyed hashes of the ids that belonged to the erased, and not to somebody whose event had it before."""
    named = [one for one in ids if None not in one]
    if not named:
        return
    with duckdb.connect(config={"threads": 2}) as connection:
        connection.execute("set TimeZone = 'UTC'")
        clinics, events = zip(*named, strict=True)
        connection.register("ids", pa.table({"clinic_id": pa.array(clinics), "event_id": pa.array(events)}))
        for clinic_id, event_id, owner in connection.execute(_OWNERS, {"paths": paths}).fetchall():
            if erased.holds_patient(owner):
                yield hash_of_event(erased.secret, clinic_id, event_id)
