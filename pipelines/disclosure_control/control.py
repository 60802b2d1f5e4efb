"""A lock of the analyst's tables: hide what is too small, and with it what would give it away."""

from collections.abc import Iterable, Sequence
from datetime import date

from disclosure_control.holding import OpenTable, first_table
from disclosure_control.locks import Lock
from disclosure_control.published_facts import gather, with_lock
from disclosure_control.ranges import narrow_ranges
from disclosure_control.ranks import hide_ranks
from disclosure_control.withholding import Withholding


def control(period: str, closed_until: date, given: Iterable[OpenTable], history: Sequence[Lock] = ()) -> Lock:
    """What may be shown of these tables at this lock, after all that the earlier ones showed (the oldest first).

    Deterministic. Raises `DoesNotAddUp` when tables are declared to add up to the same and do not, and `CannotBeHidden`
    when what was shown before gives something away already.
    """
    before = history[-1] if history else None
    tables = {}
    for each in given:
        past = [lock.tables[name] for lock in history if (name := each.declaration.table) in lock.tables]
        tables[each.declaration.table] = first_table(period, closed_until, each, past)
    lock = hide_ranks(Lock(period, tables))
    told = gather(history)
    while narrow := narrow_ranges((facts := with_lock(told, lock)).knowledge, told.knowledge):
        withholding = Withholding(lock, before, facts, told.knowledge.known)
        lock = hide_ranks(withholding.protect([one.protected for one in narrow]))
    return lock
