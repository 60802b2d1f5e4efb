"""Numbers, times and codes as a reader sees them."""

import re
from datetime import UTC, datetime, timedelta

NONE = "\N{EN DASH}"
_CODE = re.compile(r"[a-z][a-z0-9_]{0,63}")
_STEPS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


def count(number: float | None) -> str:
    """A whole number with thousands separators (a thin space would break when copied; a comma does not)."""
    return NONE if number is None else f"{number:,.0f}"


def figure(number: float | None) -> str:
    """A number that is nearly always whole: one decimal where it is not."""
    return count(number) if number is None or float(number).is_integer() else decimal(number)


def counted(number: int, noun: str, plural: str | None = None) -> str:
    return f"{count(number)} {noun if number == 1 else plural or noun + 's'}"


def decimal(number: float | None, places: int = 1) -> str:
    return NONE if number is None else f"{number:,.{places}f}"


def share(part: float | None, whole: float | None) -> str:
    """A percentage with one decimal; a part that is not nothing is never shown as 0.0 %."""
    if part is None or not whole:
        return NONE
    percent = 100 * part / whole
    return "< 0.1 %" if 0 < percent < 0.1 else f"{percent:.1f} %"


def moment(at: datetime | None) -> str:
    """A time to the minute with its zone, always UTC."""
    return NONE if at is None else at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def second(at: datetime) -> str:
    """A time of today to the second with its zone, always UTC."""
    return at.astimezone(UTC).strftime("%H:%M:%S UTC")


def machine_time(at: datetime | None) -> str:
    return "" if at is None else at.astimezone(UTC).isoformat(timespec="seconds")


def age(at: datetime | None, now: datetime) -> str:
    """How long ago, in the largest unit that fits: `3 days ago`, `just now`, `in 2 hours`."""
    if at is None:
        return "never"
    seconds = int((now - at).total_seconds())
    if abs(seconds) < 5:
        return "just now"
    told = span(timedelta(seconds=abs(seconds)))
    return f"in {told}" if seconds < 0 else f"{told} ago"


def span(length: timedelta) -> str:
    seconds = int(length.total_seconds())
    size, unit = next((step for step in _STEPS if seconds >= step[0]), _STEPS[-1])
    return counted(seconds // size, unit)


def code(text: str) -> str:
    """A code of a closed vocabulary in words. What does not look like a code may be a person's: it is not shown."""
    return text.replace("_", " ") if _CODE.fullmatch(text) else "another reason"
