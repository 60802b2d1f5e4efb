"""What receipts change in an outbox."""

from collections.abc import Sequence

import msgspec

from clinic_events.network_records import Decided, Landed
from clinic_publisher.outbox import Outbox

Receipt = Decided | Landed

_DECIDE = """
    update events
    set verdict = ?, reasons = ?, state = case state when 'sent' then 'decided' else state end
    where topic_id = ? and partition = ? and "offset" = ?
"""
_IN_RANGE = """topic_id = ? and partition = ? and "offset" between ? and ? and state <> 'landed'"""
_FORGET_BODIES = f"delete from bodies where n in (select n from events where {_IN_RANGE})"
_LAND = f"update events set state = 'landed' where {_IN_RANGE}"
# Two publishers may read the same receipts: the one that is behind does not turn the other back.
_KEEP_POSITION = """
    insert into receipts_read (topic_id, next_offset) values (?, ?)
    on conflict (topic_id) do update set next_offset = max(next_offset, excluded.next_offset)
"""
_encoder = msgspec.json.Encoder()


def position(outbox: Outbox, receipts_topic_id: str) -> int | None:
    """The next receipt to read of this topic; None when it was never read (a topic made anew has a new id)."""
    found = outbox.rows("select next_offset from receipts_read where topic_id = ?", (receipts_topic_id,))
    return found[0][0] if found else None


def forget_position(outbox: Outbox, receipts_topic_id: str) -> None:
    with outbox.transaction() as connection:
        connection.execute("delete from receipts_read where topic_id = ?", (receipts_topic_id,))


def apply(outbox: Outbox, receipts: Sequence[Receipt], receipts_topic_id: str, next_offset: int) -> None:
    """Enter receipts and how far they were read, in one transaction. Repeats, and receipts of others, change nothing.

    A verdict and a landing come from two processes and in either order. Only a landing lets an event's bytes go.
    """
    decided = [
        (one.verdict, _encoder.encode(one.reasons).decode(), one.topic_id, one.partition, one.offset)
        for one in receipts
        if isinstance(one, Decided)
    ]
    landed = [
        (one.topic_id, one.partition, first, last)
        for one in receipts
        if isinstance(one, Landed)
        for first, last in one.ranges
    ]
    with outbox.exchange(), outbox.transaction() as connection:
        connection.executemany(_DECIDE, decided)
        connection.executemany(_FORGET_BODIES, landed)
        connection.executemany(_LAND, landed)
        connection.execute(_KEEP_POSITION, (receipts_topic_id, next_offset))
