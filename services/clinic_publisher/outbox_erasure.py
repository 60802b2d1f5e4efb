"""Take the events of erased patients out of the outboxes of a home, down to the last byte of their files."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import msgspec

from clinic_publisher.intake import outbox_path
from clinic_publisher.outbox import Outbox
from clinic_publisher.outbox_file import OutboxUnusable
from network_registry.erased_patients import ErasedPatients
from network_registry.keys import Key
from network_registry.pseudonyms import patient_pseudonym

_BODIES = "select n, event_id, message_key, body from events left join bodies using (n) where n > ? order by n limit ?"
_AT_ONCE = 5_000


class _Data(msgspec.Struct):
    former_reference: str | None = None


class _Body(msgspec.Struct):
    subject: str | None = None
    data: _Data | None = None


_body = msgspec.json.Decoder(_Body)


def erase_from_outboxes(
    folder: Path, key: Key, clinics: Iterable[str], erased: ErasedPatients, only_count: bool = False
) -> int:
    """Remove the events of the erased from the outboxes of these clinics; how many there were, or are.

    Raises `OutboxUnusable`, also while somebody keeps an outbox open in the middle of a read: then its old pages are
    not gone yet.
    """
    paths = {clinic_id: outbox_path(folder, clinic_id) for clinic_id in sorted(clinics)}
    return sum(_erase(path, key, one, erased, only_count) for one, path in paths.items() if path.is_file())


def _erase(path: Path, key: Key, clinic_id: str, erased: ErasedPatients, only_count: bool) -> int:
    with closing(Outbox(path)) as outbox:
        if only_count:
            return sum(1 for _ in _events_of(outbox, key, clinic_id, erased))
        # Not while events are under way: a sender marks what it has sent by the same numbers.
        with outbox.exchange():
            numbers = [(n,) for n in _events_of(outbox, key, clinic_id, erased)]
            with outbox.transaction() as connection:
                connection.executemany("delete from bodies where n = ?", numbers)
                connection.executemany("delete from events where n = ?", numbers)
        _leave_no_page(outbox)
    return len(numbers)


def _events_of(outbox: Outbox, key: Key, clinic_id: str, erased: ErasedPatients) -> Iterator[int]:
    last = 0
    while rows := outbox.rows(_BODIES, (last, _AT_ONCE)):
        for n, event_id, message_key, body in rows:
            names = _references(message_key, body)
            is_theirs = any(erased.holds_patient(patient_pseudonym(key, clinic_id, name)) for name in names)
            if is_theirs or erased.holds_event(clinic_id, event_id):
                yield n
        last = rows[-1][0]


def _references(message_key: bytes | None, body: bytes | None) -> set[str]:
    """Every patient reference of an event, as far as it can be read."""
    found = {(message_key or b"").decode(errors="replace")}
    try:
        read = _body.decode(body or b"")
    except msgspec.MsgspecError:
        return found
    return found | {name for name in (read.subject, read.data and read.data.former_reference) if name}


def _leave_no_page(outbox: Outbox) -> None:
    """Write the file anew, so that pages that were freed before are gone, and end the log beside it."""
    try:
        outbox.connection.execute("vacuum")
        busy, _, _ = outbox.connection.execute("pragma wal_checkpoint(truncate)").fetchone()
    except sqlite3.Error as error:
        raise OutboxUnusable(f"the outbox {outbox.path} cannot be written anew: {error}") from None
    if busy:
        raise OutboxUnusable(f"the outbox {outbox.path} is being read: its old pages are not gone yet")
