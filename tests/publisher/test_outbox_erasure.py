"""No byte of an erased patient's reference is left in the file of an outbox, also of events that landed long ago."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from clinic_events.network_records import Landed
from clinic_publisher import outbox_file, outbox_receipts
from clinic_publisher.outbox import Outbox
from clinic_publisher.outbox_erasure import erase_from_outboxes
from clinic_publisher.outbox_file import OutboxUnusable
from clinic_publisher.outbox_records import OutgoingEvent, SentRecord
from network_registry.erased_patients import ErasedPatients, hash_of_event, hash_of_patient
from network_registry.keys import Key
from network_registry.pseudonyms import patient_pseudonym

from .conftest import event

KEY, SECRET, CLINIC = Key(1, b"p" * 32), b"e" * 32, "clinic-a"
GONE, STAYS = "REFERENCE-4711-GONE", "REFERENCE-4712-STAYS"


def erased(*references: str, event_ids: tuple[str, ...] = ()) -> ErasedPatients:
    patients = [hash_of_patient(SECRET, patient_pseudonym(KEY, CLINIC, one)) for one in references]
    events = [hash_of_event(SECRET, CLINIC, one) for one in event_ids]
    return ErasedPatients(SECRET).with_patients(patients).with_events(events)


def outgoing(event_id: str, reference: str) -> OutgoingEvent:
    return OutgoingEvent(event(event_id, reference), event_id, reference.encode())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An outbox of two patients: some events wait, one has landed."""
    with closing(Outbox(tmp_path / f"{CLINIC}.sqlite")) as outbox:
        run = outbox.new_run()
        outbox.enqueue([outgoing("landed", GONE), outgoing("waits", GONE), outgoing("theirs", STAYS)], run)
        outbox.mark_sent([SentRecord(1, 0, 0)], "cluster", "topic", run)
        outbox_receipts.apply(outbox, [Landed(topic_id="topic", partition=0, ranges=[(0, 0)])], "receipts", 1)
    return tmp_path


def raw(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


def ids(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / f"{CLINIC}.sqlite")) as connection:
        return [event_id for (event_id,) in connection.execute("select event_id from events order by n")]


def test_every_event_of_the_patient_goes_and_no_other(folder):
    gone = erased(GONE, event_ids=("landed",))
    assert erase_from_outboxes(folder, KEY, [CLINIC], gone, only_count=True) == 2
    assert GONE.encode() in raw(folder)
    assert erase_from_outboxes(folder, KEY, [CLINIC], gone) == 2
    assert GONE.encode() not in raw(folder)
    assert ids(folder) == ["theirs"] and STAYS.encode() in raw(folder)
    assert erase_from_outboxes(folder, KEY, [CLINIC], gone) == 0


def test_pages_that_an_older_meridian_freed_are_overwritten(tmp_path, monkeypatch):
    path = tmp_path / f"{CLINIC}.sqlite"
    with closing(Outbox(path)) as outbox:
        outbox.connection.execute("pragma secure_delete = off")
        outbox.enqueue([outgoing(f"e{n}", GONE) for n in range(50)], outbox.new_run())
        with outbox.transaction() as connection:
            connection.execute("delete from bodies")
    assert GONE.encode() in raw(tmp_path), "the test proves nothing otherwise"
    erase_from_outboxes(tmp_path, KEY, [CLINIC], erased(GONE))
    assert GONE.encode() not in raw(tmp_path)


def test_an_event_that_landed_is_overwritten_at_once(folder):
    with closing(Outbox(folder / f"{CLINIC}.sqlite")) as outbox:
        with outbox.transaction() as connection:
            connection.execute("delete from bodies")
        outbox.connection.execute("pragma wal_checkpoint(truncate)")
    assert GONE.encode() not in raw(folder)


def test_the_former_reference_of_a_merger_counts_as_well(tmp_path):
    body = event("merger", STAYS).replace(b'"data": {', b'"data": {"former_reference": "%s", ' % GONE.encode())
    with closing(Outbox(tmp_path / f"{CLINIC}.sqlite")) as outbox:
        outbox.enqueue([OutgoingEvent(body, "merger", STAYS.encode())], outbox.new_run())
    assert erase_from_outboxes(tmp_path, KEY, [CLINIC], erased(GONE)) == 1


def test_an_outbox_that_is_being_read_says_that_its_old_pages_are_not_gone(folder, monkeypatch):
    monkeypatch.setattr(outbox_file, "_BUSY_SECONDS", 0.1)
    with closing(sqlite3.connect(folder / f"{CLINIC}.sqlite", isolation_level=None)) as reader:
        reader.execute("begin")
        reader.execute("select * from events").fetchone()
        with pytest.raises(OutboxUnusable, match=r"not gone yet|cannot be written anew"):
            erase_from_outboxes(folder, KEY, [CLINIC], erased(GONE))
    assert erase_from_outboxes(folder, KEY, [CLINIC], erased(GONE)) == 0
    assert GONE.encode() not in raw(folder)


def test_a_clinic_without_an_outbox_here_has_nothing_to_erase_and_gets_none(tmp_path):
    assert erase_from_outboxes(tmp_path, KEY, ["elsewhere"], erased(GONE)) == 0
    assert list(tmp_path.iterdir()) == []
