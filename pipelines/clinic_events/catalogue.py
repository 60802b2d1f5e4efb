"""Every type of event: its contract, and whether it is about a patient."""

from dataclasses import dataclass

from clinic_events.adverse_events import AdverseEventFollowedUp, AdverseEventReported
from clinic_events.assessments import AssessmentCompleted
from clinic_events.clinics import ClinicManifestDeclared, ClinicRegistered
from clinic_events.consents import ConsentGiven, ConsentWithdrawn
from clinic_events.envelope import Record
from clinic_events.episodes import EpisodeClosed
from clinic_events.needle_lots import NeedleLotRecalled, NeedleLotReceived
from clinic_events.outcomes import GoalAttainmentRecorded, MeasurementRecorded, OutcomeRecorded
from clinic_events.patients import PatientEnrolled, PatientMerged
from clinic_events.practitioners import CredentialRecorded
from clinic_events.retractions import EventRetracted
from clinic_events.sessions import SessionCompleted
from clinic_events.treatment_plans import TreatmentPlanCreated, TreatmentPlanRevised


@dataclass(frozen=True)
class EventType:
    name: str
    data: type[Record]
    about_patient: bool = True
    version: int = 1


EVENT_TYPES: dict[str, EventType] = {
    kind.name: kind
    for kind in (
        EventType("clinic.registered", ClinicRegistered, about_patient=False),
        EventType("clinic.manifest_declared", ClinicManifestDeclared, about_patient=False),
        EventType("practitioner.credential_recorded", CredentialRecorded, about_patient=False),
        EventType("patient.enrolled", PatientEnrolled),
        EventType("patient.merged", PatientMerged),
        EventType("consent.given", ConsentGiven),
        EventType("consent.withdrawn", ConsentWithdrawn),
        EventType("assessment.completed", AssessmentCompleted),
        EventType("treatment_plan.created", TreatmentPlanCreated),
        EventType("treatment_plan.revised", TreatmentPlanRevised),
        EventType("session.completed", SessionCompleted),
        EventType("adverse_event.reported", AdverseEventReported),
        EventType("adverse_event.followed_up", AdverseEventFollowedUp),
        EventType("outcome.recorded", OutcomeRecorded),
        EventType("goal_attainment.recorded", GoalAttainmentRecorded),
        EventType("measurement.recorded", MeasurementRecorded),
        EventType("episode.closed", EpisodeClosed),
        EventType("needle_lot.received", NeedleLotReceived, about_patient=False),
        EventType("needle_lot.recalled", NeedleLotRecalled, about_patient=False),
        EventType("event.retracted", EventRetracted, about_patient=False),
    )
}
