"""The durable outbox of one clinic: an event is kept, byte for byte, until the platform says that it has landed.

States: queued -> sent (at a place of the broker's log) -> decided (verdict) -> landed; back to queued when the broker
lost it. A verdict and a landing come in either order.
"""

import fcntl
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import accumulate
from pathlib import Path

from clinic_publisher.outbox_file import OutboxUnusable, open_file
from clinic_publisher.outbox_records import OutgoingEvent, QueuedEvent, SentRecord, Tally

_QUEUED = "from events join bodies using (n) where state = 'queued' and n > ?"
_REQUEUE = """
    update events
    set state = 'queued', cluster_id = null, topic_id = null, partition = null, "offset" = null,
        verdict = null, reasons = null
    where state in ('sent', 'decided') and
"""
_MARK_SENT = """
    update events
    set state = 'sent', cluster_id = ?, topic_id = ?, partition = ?, "offset" = ?, run = ?
    where n = ? and state = 'queued'
"""
_REASONS = """
    select reason.value ->> 'code', count(distinct n)
    from events, json_each(events.reasons) as reason
    where run = ?
    group by 1
"""


class Outbox:
    """Every method is one transaction; killed at any moment, the file is as before it or as after it.

    All raise `OutboxUnusable` when the file cannot be read or written.
    """

    def __init__(self, path: Path):
        self.path = path
        self.connection = open_file(path)

    def close(self) -> None:
        self.connection.close()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        try:
            self.connection.execute("begin immediate")
            with self.connection:
                yield self.connection
        except sqlite3.Error as error:
            raise OutboxUnusable(f"the outbox {self.path} cannot be written: {error}") from None

    def rows(self, query: str, given: Sequence[object] = ()) -> list[tuple]:
        try:
            return self.connection.execute(query, given).fetchall()
        except sqlite3.Error as error:
            raise OutboxUnusable(f"the outbox {self.path} cannot be read: {error}") from None

    @contextmanager
    def exchange(self) -> Iterator[None]:
        """Held while events are sent and marked, and while receipts are entered.

        Without it a second publisher could read, and pass over, the receipt of an event sent and not marked yet.
        """
        with self.path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def new_run(self) -> int:
        """The number of a publish that begins now; its events are counted under it."""
        with self.transaction() as connection:
            return connection.execute("insert into runs default values returning run").fetchone()[0]

    def enqueue(self, events: Iterable[OutgoingEvent], run: int) -> int:
        """Keep what is new, durably, and return how much of it was. Content that is here already joins the run."""
        by_hash = {event.content_hash: event for event in events}
        with self.transaction() as connection:
            known = _known_hashes(connection, list(by_hash))
            first = connection.execute("select coalesce(max(n), 0) + 1 from events").fetchone()[0]
            new = enumerate((one for one in by_hash.items() if one[0] not in known), start=first)
            numbered = [(n, digest, event) for n, (digest, event) in new]
            connection.executemany("update events set run = ? where content_hash = ?", [(run, one) for one in known])
            connection.executemany(
                "insert into events (n, content_hash, event_id, run) values (?, ?, ?, ?)",
                [(n, digest, event.event_id, run) for n, digest, event in numbered],
            )
            connection.executemany(
                "insert into bodies (n, message_key, body) values (?, ?, ?)",
                [(n, event.message_key, event.body) for n, _, event in numbered],
            )
        return len(numbered)

    def queued(self, limit: int, limit_bytes: int, after: int = 0) -> list[QueuedEvent]:
        """The oldest queued events past number `after`: at most `limit`, of `limit_bytes` in all, but one at least."""
        sizes = self.rows(f"select n, length(body) {_QUEUED} order by n limit ?", (after, limit))
        sums = accumulate(size for _, size in sizes)
        last = max(
            (n for (n, size), whole in zip(sizes, sums, strict=True) if whole <= max(limit_bytes, size)), default=0
        )
        wanted = f"select n, message_key, body {_QUEUED} and n <= ? order by n"
        return [QueuedEvent(*row) for row in self.rows(wanted, (after, last))]

    def mark_sent(self, sent: Sequence[SentRecord], cluster_id: str, topic_id: str, run: int) -> None:
        """The broker has these. Whoever held one of these places before was lost with the end of the broker's log."""
        with self.transaction() as connection:
            connection.executemany(
                f'{_REQUEUE} topic_id = ? and partition = ? and "offset" = ?',
                [(topic_id, one.partition, one.offset) for one in sent],
            )
            connection.executemany(
                _MARK_SENT, [(cluster_id, topic_id, one.partition, one.offset, run, one.n) for one in sent]
            )

    def requeue_lost(self, cluster_id: str, topic_id: str, end_offsets: dict[int, int]) -> int:
        """Queue again what has not landed and is not in the broker's log: other cluster, other topic, past its end."""
        with self.transaction() as connection:
            elsewhere = f"{_REQUEUE} (cluster_id <> ? or topic_id <> ?)"
            lost = connection.execute(elsewhere, (cluster_id, topic_id)).rowcount
            for partition, end in end_offsets.items():
                past_its_end = f'{_REQUEUE} partition = ? and "offset" >= ?'
                lost += connection.execute(past_its_end, (partition, end)).rowcount
        return lost

    def tally(self, run: int | None = None) -> Tally:
        """Counts of the whole outbox, or of one run."""
        where, given = ("where run = ?", (run,)) if run is not None else ("", ())
        states, verdicts = Counter(), Counter()
        counts = self.rows(f"select state, verdict, count(*) from events {where} group by state, verdict", given)
        for state, verdict, count in counts:
            states[state] += count
            if verdict is not None:
                verdicts[verdict] += count
        return Tally(dict(states), dict(verdicts))

    def reasons(self, run: int) -> dict[str, int]:
        """By reason code, the events of a run that were flagged or quarantined for it."""
        return dict(self.rows(_REASONS, (run,)))


def _known_hashes(connection: sqlite3.Connection, hashes: list[bytes]) -> set[bytes]:
    known: set[bytes] = set()
    for start in range(0, len(hashes), 500):
        some = hashes[start : start + 500]
        query = f"select content_hash from events where content_hash in ({', '.join('?' * len(some))})"
        known.update(digest for (digest,) in connection.execute(query, some))
    return known
