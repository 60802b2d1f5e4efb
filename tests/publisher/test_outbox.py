"""The outbox: what goes in stays until it has landed, and goes out once."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from clinic_events.network_records import Decided, Landed
from clinic_events.reasons import Reason
from clinic_publisher import outbox_receipts
from clinic_publisher.outbox import Outbox
from clinic_publisher.outbox_file import OutboxUnusable
from clinic_publisher.outbox_records import OutgoingEvent, SentRecord

A, B = OutgoingEvent(b'{"id":"a"}', "a", b"p1"), OutgoingEvent(b'{"id":"b"}', "b", b"p2")


def _send_all(outbox: Outbox, cluster: str = "c1", topic: str = "t1", first: int = 0) -> int:
    run = outbox.new_run()
    window = outbox.queued(100, 10**6)
    sent = [SentRecord(event.n, 0, first + i) for i, event in enumerate(window)]
    outbox.mark_sent(sent, cluster, topic, run)
    return run


def _decided(offset: int, topic: str = "t1", verdict="accepted", *codes: str) -> Decided:
    reasons = [Reason(code, "/data") for code in codes]
    return Decided(topic_id=topic, partition=0, offset=offset, event_id=None, verdict=verdict, reasons=reasons)


def _landed(first: int, last: int, topic: str = "t1") -> Landed:
    return Landed(topic_id=topic, partition=0, ranges=[(first, last)])


def _bodies(outbox: Outbox) -> list[bytes]:
    return [body for (body,) in outbox.rows("select body from bodies order by n")]


def test_who_opens_an_outbox_while_another_makes_it_waits_for_its_turn(tmp_path: Path, capsys) -> None:
    path = tmp_path / "new.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None)) as maker, ThreadPoolExecutor(1) as second:
        maker.execute("begin immediate")
        opened = second.submit(lambda: Outbox(path).close())
        with pytest.raises(TimeoutError):
            opened.result(timeout=0.2)
        maker.execute("commit")
        opened.result()
    assert capsys.readouterr().out == ""


def test_events_wait_in_the_order_in_which_they_came(outbox: Outbox) -> None:
    outbox.enqueue([B, A], outbox.new_run())
    assert [(event.body, event.message_key) for event in outbox.queued(10, 10**6)] == [
        (B.body, b"p2"),
        (A.body, b"p1"),
    ]


def test_the_same_content_goes_in_once_and_other_content_under_its_id_goes_in_too(outbox: Outbox) -> None:
    other = OutgoingEvent(b'{"id":"a","data":1}', "a", b"p1")
    assert [outbox.enqueue(events, outbox.new_run()) for events in ([A, A], [A, B], [other])] == [1, 1, 1]


def test_content_that_is_there_already_counts_under_the_publish_that_named_it_last(outbox: Outbox) -> None:
    outbox.enqueue([A, B], outbox.new_run())
    run = outbox.new_run()
    outbox.enqueue([A], run)
    assert outbox.tally(run).total == 1


def test_a_window_is_bounded_in_events_and_in_bytes_but_never_empty(outbox: Outbox) -> None:
    events = [OutgoingEvent(b"%d" % i * 100) for i in range(1, 6)]
    outbox.enqueue(events, outbox.new_run())
    assert len(outbox.queued(2, 10**6)) == 2
    assert len(outbox.queued(10, 250)) == 2
    assert len(outbox.queued(10, 1)) == 1
    assert [event.n for event in outbox.queued(10, 10**6, after=3)] == [4, 5]


@pytest.mark.parametrize("order", [[_decided(0), _landed(0, 0)], [_landed(0, 0), _decided(0)]])
def test_verdict_and_landing_come_in_either_order(outbox: Outbox, order: list) -> None:
    outbox.enqueue([A], outbox.new_run())
    run = _send_all(outbox)
    for offset, receipt in enumerate(order):
        outbox_receipts.apply(outbox, [receipt], "receipts", offset + 1)
    assert (outbox.tally(run).states, outbox.tally(run).verdicts) == ({"landed": 1}, {"accepted": 1})


def test_the_bytes_are_kept_until_the_event_has_landed_and_the_verdict_after(outbox: Outbox) -> None:
    outbox.enqueue([A, B], outbox.new_run())
    run = _send_all(outbox)
    outbox_receipts.apply(outbox, [_decided(0, "t1", "quarantined", "wrong_type", "wrong_type")], "r", 1)
    assert _bodies(outbox) == [A.body, B.body]
    outbox_receipts.apply(outbox, [_landed(0, 0)], "r", 2)
    assert _bodies(outbox) == [B.body]
    assert (outbox.tally(run).verdicts, outbox.reasons(run)) == ({"quarantined": 1}, {"wrong_type": 1})


def test_receipts_of_other_places_and_topics_change_nothing(outbox: Outbox) -> None:
    outbox.enqueue([A], outbox.new_run())
    _send_all(outbox)
    outbox_receipts.apply(outbox, [_decided(7), _landed(1, 9), _decided(0, "t0"), _landed(0, 9, "t0")], "r", 4)
    assert outbox.tally().states == {"sent": 1}


def test_how_far_receipts_were_read_is_kept_by_topic_and_never_goes_back(outbox: Outbox) -> None:
    outbox_receipts.apply(outbox, [], "r1", 9)
    outbox_receipts.apply(outbox, [], "r1", 4)
    assert [outbox_receipts.position(outbox, topic) for topic in ("r1", "r2")] == [9, None]


@pytest.mark.parametrize(
    ("cluster", "topic", "ends", "lost"),
    [("c1", "t1", {0: 2}, 0), ("c1", "t1", {0: 1}, 1), ("c2", "t1", {0: 2}, 2), ("c1", "t2", {0: 2}, 2)],
)
def test_what_the_broker_no_longer_has_is_queued_again(outbox: Outbox, cluster, topic, ends, lost) -> None:
    outbox.enqueue([A, B], outbox.new_run())
    _send_all(outbox)
    outbox_receipts.apply(outbox, [_decided(0), _decided(1)], "r", 2)
    assert outbox.requeue_lost(cluster, topic, ends) == lost
    assert len(outbox.queued(10, 10**6)) == lost


def test_what_has_landed_is_never_sent_again(outbox: Outbox) -> None:
    outbox.enqueue([A], outbox.new_run())
    _send_all(outbox)
    outbox_receipts.apply(outbox, [_landed(0, 0)], "r", 1)
    assert outbox.requeue_lost("c2", "t2", {}) == 0
    assert outbox.enqueue([A], outbox.new_run()) == 0


def test_a_place_that_is_given_twice_belongs_to_the_later_event(outbox: Outbox) -> None:
    outbox.enqueue([A], outbox.new_run())
    _send_all(outbox)
    outbox.enqueue([B], outbox.new_run())
    _send_all(outbox, first=0)
    assert [event.body for event in outbox.queued(10, 10**6)] == [A.body]


def test_the_file_is_readable_by_its_owner_alone(outbox: Outbox) -> None:
    outbox.enqueue([A], outbox.new_run())
    assert {path.stat().st_mode & 0o077 for path in outbox.path.parent.glob("clinic-a.sqlite*")} == {0}


def test_a_file_that_is_no_outbox_is_one_clear_line(tmp_path: Path) -> None:
    for content in (b"not a database, and long enough to be looked at" * 50,):
        path = tmp_path / "clinic-a.sqlite"
        path.write_bytes(content)
        with pytest.raises(OutboxUnusable, match="cannot be opened"):
            Outbox(path)


def test_an_outbox_of_a_newer_meridian_is_left_alone(outbox: Outbox) -> None:
    outbox.connection.execute("pragma user_version = 99")
    with pytest.raises(OutboxUnusable, match="its format is 99"), closing(Outbox(outbox.path)):
        pass
