"""Everything that one clinic records in the period, before the network knows of any of it."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from simulated_network.adverse_events import Occasions, draw_adverse_events, occasion
from simulated_network.clinics import SimulatedClinic
from simulated_network.enrolments import enrolment
from simulated_network.occurrences import Occurrence
from simulated_network.outcomes import outcomes
from simulated_network.patients import Patient, draw_patients
from simulated_network.periods import Period, is_closed
from simulated_network.practitioners import Practitioner, credential_records, draw_practitioners
from simulated_network.random_streams import stream
from simulated_network.sessions import Session, draw_sessions
from simulated_network.treatments import adverse_event_record, session_record


@dataclass(frozen=True)
class ClinicLife:
    """Who is at a clinic, and the sessions that take place."""

    clinic: SimulatedClinic
    practitioners: tuple[Practitioner, ...]
    patients: list[Patient]
    sessions: list[Session]


def live(number: int, clinic: SimulatedClinic, period: Period, seed: int, lapses: bool) -> ClinicLife:
    practitioners = draw_practitioners(clinic, period, stream(seed, "practitioners", number), lapses)
    patients = draw_patients(clinic, stream(seed, "patients", number))
    sessions = draw_sessions(number, clinic, patients, period, stream(seed, "sessions", number))
    return ClinicLife(clinic, practitioners, patients, sessions)


def adverse_events(lives: list[ClinicLife], random: np.random.Generator) -> dict[Session, list[str]]:
    """The terms reported after each session with any. Drawn for the network at once: the scale is the network's."""
    rows = [(life, session) for life in lives for session in life.sessions]
    columns = np.array(
        [
            occasion(s, life.clinic, life.patients[s.patient], life.practitioners[s.practitioner])
            for life, s in rows
        ]
    ).T  # fmt: skip
    reported: dict[Session, list[str]] = {}
    for position, term in draw_adverse_events(Occasions(*columns), random):
        reported.setdefault(rows[position][1], []).append(term)
    return reported


def records_of(
    life: ClinicLife, reported: dict[Session, list[str]], period: Period, random: np.random.Generator
) -> list[Occurrence]:
    """All that the clinic has recorded by the end of the period."""
    records = [record for each in life.practitioners for record in credential_records(life.clinic, each, period)]
    first_seen: dict[int, Session] = {}
    for session in life.sessions:
        first_seen.setdefault(session.patient, session)
        records += _around_session(life, session, reported.get(session, []), random)
    for position, session in first_seen.items():
        records += _around_patient(life, life.patients[position], session, period, random)
    return [record for record in records if _recorded_in_time(life.clinic, record, period.as_of)]


def _around_session(
    life: ClinicLife, session: Session, terms: list[str], random: np.random.Generator
) -> list[Occurrence]:
    who = (life.clinic, life.patients[session.patient], life.practitioners[session.practitioner], session)
    treated, points = session_record(*who, terms, random)
    return [treated, *(adverse_event_record(*who, term, points, random) for term in terms)]


def _around_patient(
    life: ClinicLife, patient: Patient, first: Session, period: Period, random: np.random.Generator
) -> list[Occurrence]:
    practitioner_id = life.practitioners[first.practitioner].practitioner_id
    return [
        *enrolment(life.clinic, patient, practitioner_id, first.starts_at, random),
        *outcomes(life.clinic, patient, first.starts_at, period, random),
    ]


def _recorded_in_time(clinic: SimulatedClinic, record: Occurrence, as_of: datetime) -> bool:
    return record.recorded_at < as_of and not is_closed(clinic, record.recorded_at.date())
