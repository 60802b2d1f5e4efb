"""Dates and times of a mapping: read, shifted by the calendar, written as RFC 3339."""

import calendar
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from clinic_publisher.mapping.kinds import CastFailed, Kind, a

OFFSET_UNITS = ("years", "months", "weeks", "days", "hours", "minutes")
_SAMPLE = datetime(2026, 9, 27, 18, 30, 15, 250, tzinfo=UTC)
_CALENDAR_MONTHS = {"years": 12, "months": 1}


def is_format(pattern: str) -> bool:
    """Whether `strptime` can read with it at all: it must read what it writes."""
    try:
        datetime.strptime(_SAMPLE.strftime(pattern), pattern)
    except (ValueError, re.error):  # re: the same directive twice
        return False
    return True


def parse(text: str, kind: Kind, pattern: str | None, zone: ZoneInfo | None) -> date:
    """A date, or a time with its zone, from a cell; ISO 8601 unless a strptime `pattern` is given."""
    try:
        moment = datetime.strptime(text, pattern) if pattern else datetime.fromisoformat(text)
    except ValueError:
        raise CastFailed(f"not {a(kind)}" + (" in the mapping's format" if pattern else " in ISO 8601")) from None
    return settle(moment, kind, zone)


def settle(moment: date, kind: Kind, zone: ZoneInfo | None) -> date:
    """A date or datetime as `kind`; a time without a zone gets the mapping's."""
    if kind is Kind.DATE:
        return _whole_day(moment)
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time())
    if moment.tzinfo is None:
        if zone is None:
            raise CastFailed("a time without a zone (give the mapping a `timezone`)")
        moment = moment.replace(tzinfo=zone)
    return moment


def _whole_day(moment: date) -> date:
    if not isinstance(moment, datetime):
        return moment
    if moment.time() != time():
        raise CastFailed("a time where a date is wanted")
    return moment.date()


def shift(moment: date, amounts: Mapping[str, float]) -> date:
    """`moment` plus an offset. Months keep the day of the month, or take the month's last one."""
    months = sum(_CALENDAR_MONTHS[unit] * amount for unit, amount in amounts.items() if unit in _CALENDAR_MONTHS)
    rest = {unit: amount for unit, amount in amounts.items() if unit not in _CALENDAR_MONTHS}
    try:
        return _add_months(moment, int(months)) + timedelta(**rest)
    except (OverflowError, ValueError):
        raise CastFailed("the offset leads out of the calendar") from None


def _add_months(moment: date, months: int) -> date:
    index = moment.year * 12 + moment.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last))
