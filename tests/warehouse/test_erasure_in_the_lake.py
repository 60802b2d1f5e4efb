"""What an erasure leaves in the lake: every event is accounted for as before, and nothing tells whose it was."""

import tempfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from network_registry.erased_patients import NOBODY, ErasedPatients, hash_of_patient
from network_registry.topics import EVENTS
from warehouse_releases import erasure_rewriting, replacing
from warehouse_releases.erasure_plan import plan_erasure
from warehouse_releases.erasure_rewriting import rewrite_lake
from warehouse_releases.erasure_rows import without_the_erased
from warehouse_releases.lake import list_files, list_segments, prepare, write_segment
from warehouse_releases.lake_dispositions import open_dispositions
from warehouse_releases.lake_faults import read_faults
from warehouse_releases.landed_records import LANDED_TOPICS
from warehouse_releases.segments import Segment, Source

from .deaths import Killed, die_at

SECRET = b"k" * 32
KNOWN = ErasedPatients(SECRET)
RECEIVED = datetime(2026, 9, 1, 8, tzinfo=UTC)
KEPT = {
    "origin_cluster_id", "origin_topic", "origin_topic_id", "origin_partition", "origin_offset", "clinic_id",
    "received_at", "landed_partition", "landed_offset", "is_erased",
}  # fmt: skip


@dataclass(frozen=True)
class Event:
    """An event as it lands: `former` makes it a merger of that patient into this one."""

    patient: str | None
    event_id: str
    content: str = "same"
    former: str | None = None
    origin: int | None = None

    def row(self, offset: int) -> dict:
        facts = '{"former_patient_id":"%s"}' % pseudonym(self.former) if self.former else "{}"  # noqa: UP031
        place = offset if self.origin is None else self.origin
        return {
            "origin_cluster_id": "c", "origin_topic": "clinic.a.events", "origin_topic_id": "t",
            "origin_partition": 0, "origin_offset": place, "clinic_id": "a", "event_id": self.event_id,
            "event_type": "patient.merged" if self.former else "session.completed", "occurred_at": RECEIVED,
            "received_at": RECEIVED + timedelta(seconds=place), "patient_id": self.patient and pseudonym(self.patient),
            "flags": [{"code": "late", "path": "/data"}], "content_hash": f"{self.patient}{self.content}{self.former}",
            "normaliser_version": "1", "data": '{"words":"%s"}' % self.content, "facts": facts,  # noqa: UP031
            "is_erased": False, "id_was_erased": False, "landed_partition": 0, "landed_offset": offset,
        }  # fmt: skip


def pseudonym(patient: str) -> str:
    return f"pseudonym-of-{patient}"


def table_of(events: Iterable[Event], first: int) -> pa.Table:
    rows = [event.row(first + n) for n, event in enumerate(events)]
    return pa.Table.from_pylist(rows, LANDED_TOPICS[EVENTS].schema)


def land(lake: Path, segments: list[list[Event]], erased: ErasedPatients = NOBODY, first: int = 0) -> int:
    """Land these segments one behind the other, as the lander does. Returns where landing goes on."""
    for events in segments:
        segment = Segment(Source(EVENTS, "c", "n", 0), first, first + len(events) - 1, date(2026, 9, 1))
        write_segment(lake, segment, without_the_erased(EVENTS, table_of(events, first), erased))
        first += len(events)
    return first


def erase(lake: Path, patient: str, known: ErasedPatients = KNOWN) -> ErasedPatients:
    plan = plan_erasure(lake, known, hash_of_patient(SECRET, pseudonym(patient)))
    rewrite_lake(lake, plan.erased)
    return plan.erased


def dispositions(lake: Path) -> dict[int, str]:
    with open_dispositions(lake) as connection:
        rows = connection.execute("select origin_offset, disposition from dispositions").fetchall()
    assert len(rows) == len({offset for offset, _ in rows})
    return dict(rows)


def values(lake: Path) -> str:
    """Every value in every file of the lake, the replaced ones too, and every file's own bytes."""
    tables = [pq.ParquetFile(path).read().to_pylist() for path in lake.rglob("*.parquet*")]
    return f"{tables}{[path.read_bytes() for path in lake.rglob('*') if path.is_file()]}"


def person(events: Iterable[Event], patient: str) -> set[str]:
    """Everybody that a chain of mergers joins to this patient, told apart from the code under test."""
    found = {patient}
    for _ in range(10):
        for event in events:
            if event.former and found & {event.patient, event.former}:
                found |= {event.patient, event.former} - {None}
    return found


PATIENTS = ("x", "y", "z")
events = st.builds(
    Event,
    patient=st.sampled_from([*PATIENTS, None]),
    event_id=st.sampled_from(["e1", "e2", "e3", "e4"]),
    content=st.sampled_from(["same", "other"]),
).flatmap(lambda one: st.just(one)) | st.builds(
    Event, patient=st.sampled_from(PATIENTS), event_id=st.sampled_from(["m1", "m2"]), former=st.sampled_from(PATIENTS)
)
lakes = st.lists(st.lists(events, min_size=1, max_size=4), min_size=1, max_size=5)


@settings(max_examples=60, deadline=None)
@given(lakes)
@example([[Event("x", "e1"), Event("z", "e1")]])
@example([[Event("z", "e1"), Event("x", "e1")]])
@example([[Event("y", "m1", former="x"), Event("z", "m2", former="y")], [Event("z", "e1")]])
def test_only_the_events_of_that_person_are_erased_and_all_others_stay_what_they_were(segments):
    told = [event for segment in segments for event in segment]
    with tempfile.TemporaryDirectory() as folder:
        lake = Path(folder)
        prepare(lake)
        land(lake, segments)
        before = dispositions(lake)
        erase(lake, "x")
        after = dispositions(lake)
        gone = person(told, "x")
        theirs = {n for n, event in enumerate(told) if event.patient in gone}
        assert after == {n: "erased" if n in theirs else said for n, said in before.items()}
        assert not any(pseudonym(one) in values(lake) for one in gone)
        assert all(
            pseudonym(event.patient) in values(lake) for event in told if event.patient and event.patient not in gone
        )
        assert read_faults(lake) == []


@settings(max_examples=30, deadline=None)
@given(lakes, lakes)
def test_whoever_comes_back_lands_as_if_the_erasure_came_after(earlier, later):
    """Except for what a merger says that is heard only afterwards: see the test of that."""
    later = [[event for event in segment if not event.former] for segment in later]
    later = [segment for segment in later if segment]
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        for folder in (one, other):
            prepare(Path(folder))
        reached = land(Path(one), earlier)
        erased = erase(Path(one), "x")
        land(Path(one), later, erased, reached)
        land(Path(other), later, first=land(Path(other), earlier))
        everybody = erase(Path(other), "x")
        assert everybody.patients == erased.patients
        first, second = dispositions(Path(one)), dispositions(Path(other))
        assert {n: said == "erased" for n, said in first.items()} == {n: said == "erased" for n, said in second.items()}
        assert pseudonym("x") not in values(Path(one))


def test_the_id_of_an_erased_event_is_not_free_for_another(tmp_path):
    prepare(tmp_path)
    reached = land(tmp_path, [[Event("x", "e1")]])
    erased = erase(tmp_path, "x")
    land(tmp_path, [[Event("z", "e1"), Event("z", "e2")]], erased, reached)
    assert dispositions(tmp_path) == {0: "erased", 1: "quarantined", 2: "accepted"}


def test_a_merger_with_somebody_erased_that_is_heard_later_is_a_tombstone_and_erases_nobody_else(tmp_path):
    prepare(tmp_path)
    reached = land(tmp_path, [[Event("x", "e1"), Event("z", "e2")]])
    land(tmp_path, [[Event("z", "m1", former="x")]], erase(tmp_path, "x"), reached)
    assert dispositions(tmp_path) == {0: "erased", 1: "accepted", 2: "erased"}
    assert pseudonym("x") not in values(tmp_path)


def test_a_repeat_of_the_stream_of_an_erased_event_is_the_same_erased_event(tmp_path):
    prepare(tmp_path)
    reached = land(tmp_path, [[Event("x", "e1")]])
    land(tmp_path, [[Event("x", "e1", origin=0)]], erase(tmp_path, "x"), reached)
    assert dispositions(tmp_path) == {0: "erased"}


def test_a_tombstone_holds_its_place_its_clinic_and_its_arrival_and_nothing_else():
    erased = KNOWN.with_patients([hash_of_patient(SECRET, pseudonym("x"))])
    (row,) = without_the_erased(EVENTS, table_of([Event("x", "e1")], 4), erased).to_pylist()
    assert {name for name, value in row.items() if value is not None} == KEPT
    assert (row["is_erased"], row["origin_offset"], row["received_at"]) == (True, 4, RECEIVED + timedelta(seconds=4))


def test_a_table_without_anybody_erased_is_left_as_it_is():
    table = table_of([Event("z", "e1")], 0)
    erased = KNOWN.with_patients([hash_of_patient(SECRET, pseudonym("x"))]).with_events(["none"])
    assert without_the_erased(EVENTS, table, erased) is table
    assert without_the_erased(EVENTS, table, NOBODY) is table


CHANGES = [
    *((Path, name) for name in ("replace", "unlink", "chmod")),
    (pq.ParquetWriter, "write_table"),
    (replacing, "flush_to_disk"),
    (erasure_rewriting, "remove_replaced"),
]


@settings(max_examples=40, deadline=None)
@given(lakes, st.lists(st.integers(0, 20), max_size=4))
def test_wherever_rewriting_dies_every_event_is_there_once_and_the_next_one_finishes_it(segments, deaths):
    told = [event for segment in segments for event in segment]
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as monkeypatch:
        lake = Path(folder)
        prepare(lake)
        land(lake, segments)
        erased = plan_erasure(lake, KNOWN, hash_of_patient(SECRET, pseudonym("x"))).erased
        for step in deaths:
            with monkeypatch.context() as patched, suppress(Killed):
                die_at(step, patched, CHANGES)
                rewrite_lake(lake, erased)
            assert set(dispositions(lake)) == set(range(len(told)))
            assert read_faults(lake) == []
        rewrite_lake(lake, erased)
        assert list_files(lake) == list_segments(lake)
        assert not any(pseudonym(one) in values(lake) for one in person(told, "x"))
        assert rewrite_lake(lake, erased) == 0
