"""Put events into the outboxes of their clinics, a few thousand at a time, before anything is sent."""

from collections import defaultdict
from contextlib import closing
from pathlib import Path

from clinic_publisher.outbox import Outbox
from clinic_publisher.outbox_records import OutgoingEvent

_CHUNK_EVENTS = 2_000
_HELD_BYTES = 64 * 1024 * 1024


def outbox_path(folder: Path, clinic_id: str) -> Path:
    return folder / f"{clinic_id}.sqlite"


class Intake:
    """Events on their way into outboxes. After `finish` all of them are durable.

    `runs` has the number under which each clinic's outbox counts them.
    """

    def __init__(self, folder: Path):
        self.folder = folder
        self.runs: dict[str, int] = {}
        self.events = 0
        self._held: dict[str, list[OutgoingEvent]] = defaultdict(list)
        self._held_bytes = 0

    def add(self, clinic_id: str, event: OutgoingEvent) -> None:
        self.events += 1
        self._held[clinic_id].append(event)
        self._held_bytes += len(event.body)
        if len(self._held[clinic_id]) >= _CHUNK_EVENTS:
            self._keep(clinic_id)
        elif self._held_bytes >= _HELD_BYTES:
            self.finish()

    def finish(self) -> None:
        for clinic_id in list(self._held):
            self._keep(clinic_id)

    def to_send(self) -> int:
        """How many of the events wait in an outbox, because they are new or an earlier publish could not send them."""
        waiting = 0
        for clinic_id, run in self.runs.items():
            with closing(Outbox(outbox_path(self.folder, clinic_id))) as outbox:
                waiting += outbox.tally(run).queued
        return waiting

    def _keep(self, clinic_id: str) -> None:
        events = self._held.pop(clinic_id)
        self._held_bytes -= sum(len(event.body) for event in events)
        with closing(Outbox(outbox_path(self.folder, clinic_id))) as outbox:
            if clinic_id not in self.runs:
                self.runs[clinic_id] = outbox.new_run()
            outbox.enqueue(events, self.runs[clinic_id])
