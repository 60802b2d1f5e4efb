"""Who is treated when and by whom, and how they are asked afterwards."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from simulated_network.clinics import SimulatedClinic
from simulated_network.patients import Patient
from simulated_network.periods import Period, open_days

# A session that falls on a closed day moves on to the next open one, unless that is further away than this.
LONGEST_WAIT_DAYS = 3
_FIRST_SLOT, _SLOTS, _SLOT_MINUTES = time(8, 0), 30, 20


@dataclass(frozen=True)
class Session:
    """`clinic`, `patient`, `practitioner`: positions. `is_first`: the patient's first session ever at the clinic."""

    clinic: int
    patient: int
    practitioner: int
    session_id: str
    starts_at: datetime
    is_first: bool
    asked: str


def draw_sessions(
    number: int, clinic: SimulatedClinic, patients: list[Patient], period: Period, random: np.random.Generator
) -> list[Session]:
    """All sessions of one clinic, patient by patient, each patient's in order of time."""
    calendar = np.array(open_days(clinic, period))
    ways, shares = list(clinic.ways_of_asking), list(clinic.ways_of_asking.values())
    sessions: list[Session] = []
    for position, patient in enumerate(patients):
        for visit, day in enumerate(treatment_days(patient, calendar, random)):
            sessions.append(
                Session(
                    clinic=number,
                    patient=position,
                    practitioner=_practitioner(clinic, patient, random),
                    session_id=f"S{len(sessions) + 1:06d}",
                    starts_at=_start(clinic, period, day, random),
                    is_first=visit == 0 and not patient.already_in_care,
                    asked=ways[_pick(shares, random.random())],
                )
            )
    return sessions


def treatment_days(patient: Patient, calendar: np.ndarray, random: np.random.Generator) -> list[int]:
    """The numbers of the days on which a patient is treated: open days only, at most once a day."""
    planned = patient.first_day + np.arange(patient.sessions) * patient.gap
    wished = planned + np.where(np.arange(patient.sessions) > 0, random.integers(-1, 2, patient.sessions), 0)
    wished = wished[wished >= 0]
    position = np.searchsorted(calendar, np.ceil(wished))
    reachable = position < len(calendar)
    days = calendar[position[reachable]]
    return np.unique(days[days - wished[reachable] <= LONGEST_WAIT_DAYS]).tolist()


def _pick(shares: list[float], at: float) -> int:
    for number, share in enumerate(shares):
        at -= share
        if at < 0:
            return number
    return len(shares) - 1


def _practitioner(clinic: SimulatedClinic, patient: Patient, random: np.random.Generator) -> int:
    """The patient's own practitioner, or now and then a colleague."""
    return patient.practitioner if random.random() < 0.8 else int(random.integers(clinic.practitioners))


def _start(clinic: SimulatedClinic, period: Period, day: int, random: np.random.Generator) -> datetime:
    start = datetime.combine(period.day(day), _FIRST_SLOT, ZoneInfo(clinic.timezone))
    return start + timedelta(minutes=_SLOT_MINUTES * int(random.integers(_SLOTS)))
