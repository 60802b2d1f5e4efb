"""Who is erased, as far as anybody may know: keyed hashes, by which a patient is recognised who comes back."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import Engine, func, select

from network_registry.home import Home
from network_registry.keys import Key, erasure_key
from network_registry.pseudonyms import keyed_hash
from network_registry.tables import erased_hashes


@dataclass(frozen=True)
class ErasedPatients:
    """`patients` and `events` are keyed hashes of pseudonyms, and of the ids that were those of their events."""

    secret: bytes = field(repr=False, default=b"")
    patients: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.patients or self.events)

    def holds_patient(self, pseudonym: str | None) -> bool:
        return (
            bool(self.patients) and pseudonym is not None and hash_of_patient(self.secret, pseudonym) in self.patients
        )

    def holds_event(self, clinic_id: str | None, event_id: str | None) -> bool:
        """Whether this id of this clinic belonged first to an event that was erased."""
        known = bool(self.events) and clinic_id is not None and event_id is not None
        return known and hash_of_event(self.secret, str(clinic_id), str(event_id)) in self.events

    def with_patients(self, hashes: Iterable[str]) -> "ErasedPatients":
        return ErasedPatients(self.secret, self.patients | set(hashes), self.events)

    def with_events(self, hashes: Iterable[str]) -> "ErasedPatients":
        return ErasedPatients(self.secret, self.patients, self.events | set(hashes))


NOBODY = ErasedPatients()


def hash_of_patient(secret: bytes, pseudonym: str) -> str:
    return keyed_hash(secret, pseudonym)


def hash_of_event(secret: bytes, clinic_id: str, event_id: str) -> str:
    return keyed_hash(secret, f"{clinic_id}\0{event_id}")


class ErasedList:
    """The list in the registry, read again when it has grown. Nobody ever leaves it."""

    def __init__(self, home: Home, registry: Engine) -> None:
        self._home, self._registry = home, registry
        self._known, self._count = NOBODY, 0

    def read(self) -> ErasedPatients:
        """Everybody who is erased at this moment. Raises `KeyMissing` when there is somebody and no key to tell."""
        with self._registry.connect() as connection:
            count = connection.execute(select(func.count()).select_from(erased_hashes)).scalar_one()
            if count != self._count:
                rows = connection.execute(select(erased_hashes.c.kind, erased_hashes.c.keyed_hash)).all()
                self._known, self._count = _erased(erasure_key(self._home), rows), count
        return self._known


def _erased(key: Key, rows: Iterable) -> ErasedPatients:
    found: dict[str, set[str]] = {"patient": set(), "event": set()}
    for kind, hashed in rows:
        found[kind].add(hashed)
    return ErasedPatients(key.secret, frozenset(found["patient"]), frozenset(found["event"]))
