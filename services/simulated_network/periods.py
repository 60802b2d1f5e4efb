"""The days that a network is watched, and the days on which a clinic is open."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from simulated_network.clinics import SimulatedClinic

DAYS = 90


@dataclass(frozen=True)
class Period:
    """`DAYS` days that end before `as_of`. Days are counted from 0; day `DAYS - 1` is the last."""

    as_of: datetime

    @property
    def first_day(self) -> date:
        return self.as_of.astimezone(UTC).date() - timedelta(days=DAYS)

    def day(self, number: int) -> date:
        return self.first_day + timedelta(days=number)


def open_days(clinic: SimulatedClinic, period: Period) -> list[int]:
    """The numbers of the days on which the clinic treats patients."""
    days = ((number, period.day(number)) for number in range(DAYS))
    return [number for number, day in days if day.weekday() in clinic.weekdays and not is_closed(clinic, day)]


def is_closed(clinic: SimulatedClinic, day: date) -> bool:
    return any(first <= day <= last for first, last in clinic.closed)
