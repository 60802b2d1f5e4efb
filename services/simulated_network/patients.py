"""The patients of a clinic: who they are, what they come with, how often they come, how easily they are harmed."""

from dataclasses import dataclass

import numpy as np

from simulated_network.case_mix import Complaint, draw_complaints
from simulated_network.clinics import SimulatedClinic
from simulated_network.periods import DAYS

# Patients differ more than clinics do (coefficient of variation 0.6): few bruise at every session, most never.
TRUE_RISK_SHAPE = 3.0
# Patients who come from before the period began are already in care when they are first seen in it.
EARLIEST_DAY = -40


@dataclass(frozen=True)
class Patient:
    """`first_day` may be negative: the day of the period on which treatment began. `gap` is days between sessions.

    `episode` names the course of treatment and, unlike `reference`, says nothing of who the patient is: it is sent on.
    """

    reference: str
    episode: int
    age: int
    sex: str
    sees_own_doctor: bool
    first_time: bool
    complaint: Complaint
    chronicity_years: float
    anticoagulants: bool
    true_risk: float
    practitioner: int
    first_day: int
    sessions: int
    gap: float

    @property
    def already_in_care(self) -> bool:
        return self.first_day < 0


def draw_patients(clinic: SimulatedClinic, random: np.random.Generator) -> list[Patient]:
    complaints = draw_complaints(clinic.patients, random)
    return [_draw_patient(clinic, number, complaint, random) for number, complaint in enumerate(complaints)]


def _draw_patient(clinic: SimulatedClinic, number: int, complaint: Complaint, random: np.random.Generator) -> Patient:
    age = int(np.clip(random.normal(48, 15), 16, 92))
    first_day = int(random.integers(EARLIEST_DAY, DAYS - 3))
    return Patient(
        reference=f"{clinic.clinic_id[:3].upper()}-{10_000 + number * 7 + int(random.integers(7))}",
        episode=number + 1,
        age=age,
        sex=_sex(complaint.condition, random),
        sees_own_doctor=bool(random.random() < 0.5),
        first_time=bool(first_day >= 0 and random.random() < 0.55),
        complaint=complaint,
        chronicity_years=round(float(min(random.lognormal(0.8, 1.0), age - 10)), 1),
        anticoagulants=bool(random.random() < (0.08 if age >= 65 else 0.01)),
        true_risk=float(random.gamma(TRUE_RISK_SHAPE, 1 / TRUE_RISK_SHAPE)),
        practitioner=int(random.integers(clinic.practitioners)),
        first_day=first_day,
        # Witt 2009: 10.2 treatments, standard deviation 3.0.
        sessions=int(np.clip(round(random.normal(10.2, 3.0)), 1, 20)),
        gap=float(random.choice((3.5, 7.0), p=(0.35, 0.65))),
    )


def _sex(condition: str, random: np.random.Generator) -> str:
    if condition in ("dysmenorrhoea", "infertility"):
        return "female"
    return str(random.choice(("female", "male", "other", "unknown"), p=(0.71, 0.27, 0.01, 0.01)))
