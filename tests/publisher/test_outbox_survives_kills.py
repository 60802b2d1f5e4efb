"""Killed at any moment, an outbox has everything that it acknowledged, and sends it once more rather than never."""

import contextlib
import itertools
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from clinic_events.network_records import Decided, Landed
from clinic_publisher import outbox_receipts
from clinic_publisher.outbox import Outbox
from clinic_publisher.outbox_file import OutboxUnusable
from clinic_publisher.outbox_records import OutgoingEvent, SentRecord

# After how many instructions of SQLite the process dies; None: it lives.
FATES = st.none() | st.integers(1, 400)


class OutboxUnderKills(RuleBasedStateMachine):
    """An outbox, a broker that may lose its disk, and a platform that lands what it has read.

    A kill is played as the disk has it: the files are copied in the middle of a transaction, and the copy is opened.
    """

    @initialize()
    def begin(self) -> None:
        self.folder, self.lives = Path(tempfile.mkdtemp()), itertools.count()
        self.cluster, self.log = 0, []
        self.acknowledged: set[bytes] = set()
        self.landed: set[bytes] = set()
        self.outbox = Outbox(self.folder / "0" / "clinic-a.sqlite")

    def teardown(self) -> None:
        self.outbox.close()
        shutil.rmtree(self.folder)

    def attempt(self, step: Callable[[], object], fate: int | None) -> bool:
        """Whether the process lived to the end of the step; otherwise it has been started again."""
        heir: list[Path] = []

        def die() -> int:
            if not heir:
                heir.append(self.folder / f"life-{next(self.lives)}")
                shutil.copytree(self.outbox.path.parent, heir[0], ignore=shutil.ignore_patterns("*-shm"))
            return 1

        if fate:
            self.outbox.connection.set_progress_handler(die, fate)
        with contextlib.suppress(OutboxUnusable):
            step()
        self.outbox.connection.set_progress_handler(None, 0)
        if heir:
            self.outbox.close()
            self.outbox = Outbox(heir[0] / "clinic-a.sqlite")
        return not heir

    @rule(numbers=st.lists(st.integers(0, 20), min_size=1, max_size=6), fate=FATES)
    def publish(self, numbers: list[int], fate: int | None) -> None:
        bodies = [b"event %d" % number for number in numbers]
        run = self.outbox.new_run()
        if self.attempt(lambda: self.outbox.enqueue([OutgoingEvent(body) for body in bodies], run), fate):
            self.acknowledged.update(bodies)

    @rule(limit=st.integers(1, 5), fate=FATES)
    def send(self, limit: int, fate: int | None) -> None:
        run, sent = self.outbox.new_run(), []
        for event in self.outbox.queued(limit, 10**6):
            sent.append(SentRecord(event.n, 0, len(self.log)))
            self.log.append(event.body)
        self.attempt(lambda: self.outbox.mark_sent(sent, f"c{self.cluster}", self.topic, run), fate)

    @rule(data=st.data(), fate=FATES, decides=st.booleans())
    def land(self, data: st.DataObject, fate: int | None, decides: bool) -> None:
        if not self.log:
            return
        first = data.draw(st.integers(0, len(self.log) - 1))
        last = data.draw(st.integers(first, len(self.log) - 1))
        self.landed.update(self.log[first : last + 1])
        receipts = [Landed(topic_id=self.topic, partition=0, ranges=[(first, last)])]
        receipts = [*map(self.decided, range(first, last + 1))] * decides + receipts
        self.attempt(lambda: outbox_receipts.apply(self.outbox, receipts, "receipts", last), fate)

    @rule()
    def lose_the_disk(self) -> None:
        self.cluster, self.log = self.cluster + 1, []

    @rule(kept=st.integers(0, 30), fate=FATES)
    def connect_again(self, kept: int, fate: int | None) -> None:
        """To a broker that may have lost the end of its log."""
        del self.log[kept:]
        ends = {0: len(self.log)}
        self.attempt(lambda: self.outbox.requeue_lost(f"c{self.cluster}", self.topic, ends), fate)

    @property
    def topic(self) -> str:
        return f"t{self.cluster}"

    def decided(self, offset: int) -> Decided:
        return Decided(topic_id=self.topic, partition=0, offset=offset, event_id=None, verdict="accepted", reasons=[])

    @invariant()
    def whatever_was_acknowledged_is_landed_or_still_here(self) -> None:
        here = {body for (body,) in self.outbox.rows("select body from bodies")}
        assert self.acknowledged <= here | self.landed

    @invariant()
    def what_is_to_be_sent_has_its_bytes(self) -> None:
        query = "select count(*) from events left join bodies using (n) where state <> 'landed' and body is null"
        assert self.outbox.rows(query) == [(0,)]

    @invariant()
    def in_the_end_everything_lands(self) -> None:
        """Seen on a copy, so that the story can go on."""
        copy = self.folder / f"end-{next(self.lives)}"
        shutil.copytree(self.outbox.path.parent, copy, ignore=shutil.ignore_patterns("*-shm"))
        with closing(Outbox(copy / "clinic-a.sqlite")) as outbox:
            outbox.requeue_lost("end", "end", {})
            left = {event.body for event in outbox.queued(1000, 10**9)}
            assert self.acknowledged <= left | self.landed
        shutil.rmtree(copy)


TestOutboxUnderKills = OutboxUnderKills.TestCase
TestOutboxUnderKills.settings = settings(max_examples=40, stateful_step_count=15, deadline=None)

_WRITER = """
import sys
from pathlib import Path
from clinic_publisher.outbox import Outbox
from clinic_publisher.outbox_records import OutgoingEvent
outbox = Outbox(Path(sys.argv[1]))
run = outbox.new_run()
for n in range(10**6):
    outbox.enqueue([OutgoingEvent(b"%d-%d" % (n, i) + b"x" * 1000) for i in range(20)], run)
    print(n, flush=True)
"""


@pytest.mark.parametrize("acknowledged", [1, 3, 8])
def test_a_process_killed_in_the_middle_of_writing_leaves_whole_batches_and_every_acknowledged_one(
    tmp_path: Path, acknowledged: int
) -> None:
    path = tmp_path / "clinic-a.sqlite"
    writer = subprocess.Popen([sys.executable, "-c", _WRITER, str(path)], stdout=subprocess.PIPE)
    assert writer.stdout is not None
    for _ in range(acknowledged):
        writer.stdout.readline()
    writer.kill()
    said = acknowledged + len(writer.stdout.read().splitlines())
    writer.wait()
    with closing(Outbox(path)) as outbox:
        kept = outbox.tally().queued
        assert kept % 20 == 0 and kept >= said * 20
        assert len(outbox.queued(10**6, 10**9)) == kept
