"""How patients fare: a score at the beginning and, from those who answer, every month after."""

from datetime import datetime, time, timedelta

import numpy as np

from clinic_events.outcomes import OutcomeRecorded
from clinic_events.vocabularies import ranges
from simulated_network.clinics import SimulatedClinic
from simulated_network.occurrences import Occurrence
from simulated_network.patients import Patient
from simulated_network.periods import Period

MONTH_DAYS = 30
# Shares of patients who answer, by planned month.
ANSWERS = {0: 0.95, 1: 0.8, 2: 0.7, 3: 0.65}
# Each patient's own course differs this much, in monthly changes; each answer this much, in spreads.
_COURSE, _NOISE = 0.8, 0.4


def outcomes(
    clinic: SimulatedClinic, patient: Patient, first_seen: datetime, period: Period, random: np.random.Generator
) -> list[Occurrence]:
    """The answers, also those that would come after the period. A patient who was in care before has no baseline."""
    answers = []
    for month, score in draw_scores(patient, random).items():
        at = _asked_at(patient, month, first_seen, period)
        if at > first_seen or not patient.already_in_care:
            data = OutcomeRecorded(instrument=patient.complaint.instrument, value=score, planned_month=month)
            recorded_at = at + timedelta(minutes=1)
            answers.append(Occurrence(clinic.clinic_id, "outcome.recorded", at, recorded_at, patient.reference, data))
    return answers


def draw_scores(patient: Patient, random: np.random.Generator) -> dict[int, float]:
    """The score by planned month, of the months in which the patient answers."""
    complaint = patient.complaint
    begins = random.normal(complaint.baseline, complaint.spread)
    monthly = complaint.change * random.normal(1, _COURSE)
    noise = random.normal(0, _NOISE * complaint.spread, len(ANSWERS))
    scores = {month: begins + monthly * month + error for month, error in zip(ANSWERS, noise, strict=True)}
    return {
        month: within_range(complaint.instrument, score)
        for month, score in scores.items()
        if random.random() < ANSWERS[month]
    }


def _asked_at(patient: Patient, month: int, first_seen: datetime, period: Period) -> datetime:
    """The baseline just before the first session; later answers on any day of the week, at noon."""
    if month == 0:
        return first_seen - timedelta(minutes=8)
    day = period.day(patient.first_day + month * MONTH_DAYS)
    return datetime.combine(day, time(12), first_seen.tzinfo)


def within_range(instrument: str, score: float) -> float:
    """Scores are whole numbers on the instrument's own scale."""
    lowest, highest = ranges("outcome_instruments")[instrument]
    return min(max(float(round(score)), lowest), highest)
