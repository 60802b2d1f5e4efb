"""Every type of event: its contract, and whether it is about a patient."""

from dataclasses import dataclass

from clinic_events.adverse_events import AdverseEventReported
from clinic_events.assessments import AssessmentCompleted
from clinic_events.envelope import Record
from clinic_events.outcomes import OutcomeRecorded
from clinic_events.patients import PatientEnrolled
from clinic_events.practitioners import CredentialRecorded
from clinic_events.sessions import SessionCompleted
from clinic_events.treatment_plans import TreatmentPlanCreated


@dataclass(frozen=True)
class EventType:
    name: str
    data: type[Record]
    about_patient: bool = True
    version: int = 1


EVENT_TYPES: dict[str, EventType] = {
    kind.name: kind
    for kind in (
        EventType("practitioner.credential_recorded", CredentialRecorded, about_patient=False),
        EventType("patient.enrolled", PatientEnrolled),
        EventType("assessment.completed", AssessmentCompleted),
        EventType("treatment_plan.created", TreatmentPlanCreated),
        EventType("session.completed", SessionCompleted),
        EventType("adverse_event.reported", AdverseEventReported),
        EventType("outcome.recorded", OutcomeRecorded),
    )
}
