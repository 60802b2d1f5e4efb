"""What a clinic records when a patient is first seen: who it is, what they come with, what is planned."""

from datetime import datetime, timedelta

import numpy as np

from clinic_events.assessments import AssessmentCompleted, Condition
from clinic_events.envelope import Record
from clinic_events.patients import PatientEnrolled
from clinic_events.treatment_plans import TreatmentPlanCreated
from simulated_network.clinics import SimulatedClinic
from simulated_network.occurrences import Occurrence
from simulated_network.patients import Patient

_PATTERNS = ("SE90", "SE91", "SF00", "SF01", "SF13", "SE82", "SE72", "SE75")


def enrolment(
    clinic: SimulatedClinic, patient: Patient, practitioner_id: str, first_seen: datetime, random: np.random.Generator
) -> list[Occurrence]:
    """Three events on the day of the first session in the period."""
    steps: tuple[tuple[str, int, Record], ...] = (
        ("patient.enrolled", 40, _enrolled(patient)),
        ("assessment.completed", 10, _assessed(patient, practitioner_id, random)),
        ("treatment_plan.created", 5, _planned(patient, practitioner_id)),
    )
    times = [first_seen - timedelta(minutes=before) for _, before, _ in steps]
    return [
        Occurrence(clinic.clinic_id, event_type, at, at + timedelta(minutes=2), patient.reference, data)
        for at, (event_type, _, data) in zip(times, steps, strict=True)
    ]


def episode_of(patient: Patient) -> str:
    return f"E{patient.episode:05d}"


def _enrolled(patient: Patient) -> PatientEnrolled:
    return PatientEnrolled(
        age_years=float(patient.age),
        sex=patient.sex,
        already_in_care=patient.already_in_care,
        first_time_acupuncture=patient.first_time,
    )


def _assessed(patient: Patient, practitioner_id: str, random: np.random.Generator) -> AssessmentCompleted:
    return AssessmentCompleted(
        practitioner_id=practitioner_id,
        conditions=[Condition(code=patient.complaint.condition, chronicity_years=patient.chronicity_years)],
        patterns=[_PATTERNS[int(random.integers(len(_PATTERNS)))]],
        goals=[patient.complaint.goal],
        anticoagulants=patient.anticoagulants,
    )


def _planned(patient: Patient, practitioner_id: str) -> TreatmentPlanCreated:
    return TreatmentPlanCreated(
        plan_id=f"T{patient.episode:05d}",
        episode_id=episode_of(patient),
        practitioner_id=practitioner_id,
        style="tcm",
        planned_sessions=patient.sessions,
        sessions_per_week=round(7 / patient.gap, 1),
        goals=[patient.complaint.goal],
    )
