"""What a clinic records of a session and of the adverse events after it."""

from datetime import datetime, timedelta

import numpy as np

from clinic_events.adverse_events import AdverseEventReported
from clinic_events.sessions import SessionCompleted
from clinic_events.vocabularies import flagged_codes, vocabulary
from simulated_network.clinics import SimulatedClinic
from simulated_network.enrolments import episode_of
from simulated_network.needling import draw_needles, draw_techniques
from simulated_network.occurrences import Occurrence
from simulated_network.patients import Patient
from simulated_network.practitioners import Practitioner
from simulated_network.sessions import Session

# Most effects show at once; the others within two days. One report in a hundred does not name its session.
SHOWS_AT_ONCE, LATEST_ONSET_HOURS, NAMES_SESSION = 0.7, 48.0, 0.99
SESSION_MINUTES = 50
_AFTER_LAST_NEEDLE = timedelta(minutes=5)


def session_record(
    clinic: SimulatedClinic, patient: Patient, practitioner: Practitioner, session: Session,
    terms: list[str], random: np.random.Generator,
) -> tuple[Occurrence, list[str]]:  # fmt: skip
    """The session, after which `terms` are reported, and the points needled in it as the clinic writes them."""
    techniques = draw_techniques(random)
    needles = draw_needles(clinic, patient.complaint, "electroacupuncture" in techniques, random)
    retention = min(max(5.0 * round(random.normal(25, 5) / 5), 10.0), 45.0)
    data = SessionCompleted(
        session_id=session.session_id,
        practitioner_id=practitioner.practitioner_id,
        episode_id=episode_of(patient),
        needles=needles,
        needles_inserted=len(needles),
        needles_removed=len(needles) - ("forgotten_needle" in terms),
        retention_min=retention,
        duration_min=SESSION_MINUTES,
        techniques=techniques,
        ae_screen_method=session.asked,
    )
    ends_at = session_end(session)
    written_at = ends_at + timedelta(minutes=10)
    treated = Occurrence(clinic.clinic_id, "session.completed", ends_at, written_at, patient.reference, data)
    return treated, [needle.point for needle in needles]


def session_end(session: Session) -> datetime:
    return session.starts_at + timedelta(minutes=SESSION_MINUTES)


def adverse_event_record(
    clinic: SimulatedClinic, patient: Patient, practitioner: Practitioner, session: Session,
    term: str, points: list[str], random: np.random.Generator,
) -> Occurrence:  # fmt: skip
    """`points`: those needled in the session."""
    onset = session_end(session) - _AFTER_LAST_NEEDLE
    if random.random() > SHOWS_AT_ONCE:
        onset += timedelta(minutes=round(60 * random.uniform(1, LATEST_ONSET_HOURS)))
    grave = term in flagged_codes("adverse_event_terms", "serious_by_nature")
    is_local = vocabulary("adverse_event_terms")[term]["group"] == "local"
    data = AdverseEventReported(
        term=term,
        case_id=f"{session.session_id}-{term}",
        session_id=session.session_id if random.random() < NAMES_SESSION else None,
        practitioner_id=practitioner.practitioner_id,
        severity="severe" if grave else _severity(term, random),
        serious=grave,
        seriousness_criteria=["hospitalisation"] if grave else [],
        onset_at=onset,
        point=points[int(random.integers(len(points)))] if is_local else None,
        causality="certain" if is_local else "possible",
    )
    reported = onset + timedelta(minutes=20)
    return Occurrence(clinic.clinic_id, "adverse_event.reported", reported, reported, patient.reference, data)


def _severity(term: str, random: np.random.Generator) -> str:
    if term in ("syncope", "local_infection", "forgotten_needle"):
        return "moderate"
    return str(random.choice(("mild", "moderate", "severe"), p=(0.9, 0.095, 0.005)))
