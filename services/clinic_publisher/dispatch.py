"""What sending and hearing back need to know of the one clinic that they work for."""

import math
import threading
import time
from dataclasses import dataclass, field

from clinic_publisher.outbox import Outbox
from clinic_publisher.progress import ProgressMeter
from network_registry.connections import Connection
from network_registry.topics import events_topic, receipts_topic


@dataclass(frozen=True)
class Patience:
    """For how many seconds nothing may happen: `outage_s` with the broker away, `landing_s` without a receipt."""

    outage_s: float = 60.0
    landing_s: float = 300.0


@dataclass
class Contact:
    """When the broker last answered any clinic of a publish: it is the same broker for all of them."""

    _heard_at: float = field(default=-math.inf, init=False)

    def heard(self) -> None:
        """The broker has just answered."""
        self._heard_at = time.monotonic()

    def silent_for(self) -> float:
        """Seconds since the broker last answered; without end while it never has."""
        return time.monotonic() - self._heard_at


@dataclass
class Dispatch:
    """One clinic's part of a publish. `run` is the number under which its outbox counts this publish's events.

    `sent` and `oversize` count as it goes: events that the broker confirmed, and those too large for it.
    """

    clinic_id: str
    connection: Connection
    outbox: Outbox
    run: int
    meter: ProgressMeter
    patience: Patience
    contact: Contact
    stopped: threading.Event
    sent: int = field(default=0, init=False)
    oversize: int = field(default=0, init=False)

    @property
    def events_topic(self) -> str:
        return events_topic(self.clinic_id)

    @property
    def receipts_topic(self) -> str:
        return receipts_topic(self.clinic_id)
