"""The practitioners of a clinic and their credentials, renewed or not."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from clinic_events.practitioners import CredentialRecorded
from simulated_network.clinics import SimulatedClinic
from simulated_network.occurrences import Occurrence
from simulated_network.periods import DAYS, Period, open_days

# What truly happens differs between practitioners, too (coefficient of variation 0.2).
TRUE_RISK_SHAPE = 25.0
VALIDITY_DAYS = 730
_ISSUERS = {"licence": "State Board of Acupuncture", "society_membership": "Acupuncture Council"}


@dataclass(frozen=True)
class Practitioner:
    """`lapses_on`: the last day of a credential that nobody renewed, where that day lies in the period."""

    practitioner_id: str
    true_risk: float
    is_junior: bool
    credential: str
    number: str
    valid_from: date
    valid_until: date
    renewed: bool

    @property
    def lapses_on(self) -> date | None:
        return None if self.renewed else self.valid_until


def draw_practitioners(
    clinic: SimulatedClinic, period: Period, random: np.random.Generator, lapses: bool
) -> tuple[Practitioner, ...]:
    """`lapses`: the credentials of the clinic's first two practitioners run out in mid-period and stay so."""
    return tuple(_draw(number, period, random, lapses and number < 2) for number in range(clinic.practitioners))


def _draw(number: int, period: Period, random: np.random.Generator, lapses: bool) -> Practitioner:
    ends_after = int(random.integers(40, 60)) if lapses else int(random.integers(15, 700))
    valid_until = period.day(ends_after)
    return Practitioner(
        practitioner_id=f"P{number + 1:02d}",
        true_risk=float(random.gamma(TRUE_RISK_SHAPE, 1 / TRUE_RISK_SHAPE)),
        is_junior=bool(random.random() < 0.2),
        credential=str(random.choice(list(_ISSUERS))),
        number=f"{random.integers(10_000, 99_999)}",
        valid_from=valid_until - timedelta(days=VALIDITY_DAYS - 1),
        valid_until=valid_until,
        renewed=not lapses,
    )


def credential_records(clinic: SimulatedClinic, practitioner: Practitioner, period: Period) -> list[Occurrence]:
    """The credential as it stood at the beginning and, where it ran out in the period, its renewal a week before."""
    days = [period.day(number) for number in open_days(clinic, period)]
    records = [_recorded(clinic, practitioner, days[0], 0)]
    if practitioner.renewed and practitioner.valid_until < period.day(DAYS):
        in_time = [day for day in days if day <= practitioner.valid_until - timedelta(days=7)]
        records.append(_recorded(clinic, practitioner, in_time[-1], VALIDITY_DAYS))
    return records


def _recorded(clinic: SimulatedClinic, practitioner: Practitioner, on: date, later: int) -> Occurrence:
    at = datetime.combine(on, time(7), ZoneInfo(clinic.timezone))
    data = CredentialRecorded(
        practitioner_id=practitioner.practitioner_id,
        credential=practitioner.credential,
        issuer=_ISSUERS[practitioner.credential],
        number=practitioner.number,
        valid_from=practitioner.valid_from + timedelta(days=later),
        valid_until=practitioner.valid_until + timedelta(days=later),
        status="active",
    )
    return Occurrence(clinic.clinic_id, "practitioner.credential_recorded", at, at, None, data)
