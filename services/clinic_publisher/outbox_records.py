"""What goes into an outbox and comes out of it."""

import hashlib
from dataclasses import dataclass, field


@dataclass(frozen=True)
class OutgoingEvent:
    """What is sent: the bytes, and the message key (the patient reference), which keeps a patient's events in order."""

    body: bytes
    event_id: str | None = None
    message_key: bytes | None = None

    @property
    def content_hash(self) -> bytes:
        """What the outbox knows the event by, whether it has a usable id or not."""
        return hashlib.sha256(self.body).digest()


@dataclass(frozen=True)
class QueuedEvent:
    """An event that waits to be sent, under its number in the outbox."""

    n: int
    message_key: bytes | None
    body: bytes


@dataclass(frozen=True)
class SentRecord:
    """Where the broker put the event `n`."""

    n: int
    partition: int
    offset: int


@dataclass(frozen=True)
class Tally:
    """Events of an outbox (or of one run) by state, and by verdict as far as receipts have come."""

    states: dict[str, int] = field(default_factory=dict)
    verdicts: dict[str, int] = field(default_factory=dict)

    @property
    def queued(self) -> int:
        return self.states.get("queued", 0)

    @property
    def unlanded(self) -> int:
        """Sent, and not landed."""
        return sum(self.states.get(state, 0) for state in ("sent", "decided"))

    @property
    def landed(self) -> int:
        return self.states.get("landed", 0)

    @property
    def total(self) -> int:
        return sum(self.states.values())

    @property
    def undecided(self) -> int:
        """Sent, and its verdict not heard."""
        return self.total - self.queued - sum(self.verdicts.values())
