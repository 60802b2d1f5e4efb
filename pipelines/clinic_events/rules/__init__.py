"""What is plausible in one event alone. Implausible is flagged, never refused: the odd session is what we look for.

The codes and what stands behind them are in `schemas/vocabularies/rules.csv`; each module here decides some of them.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from clinic_events.envelope import Envelope, Record
from clinic_events.reasons import Reason
from clinic_events.rules import adverse_events, clinics, outcomes, patients, practitioners, retractions, sessions
from clinic_events.rules.envelope import envelope_flags
from clinic_events.rules.fields import field_flags

Rule = Callable[[Envelope, Any], Iterable[Reason]]

# By type of event; each takes the envelope and the type's own record.
_BETWEEN_FIELDS: dict[str, Rule] = {
    "clinic.manifest_declared": clinics.manifest_flags,
    "practitioner.credential_recorded": practitioners.credential_flags,
    "patient.enrolled": patients.enrolment_flags,
    "patient.merged": patients.merge_flags,
    "assessment.completed": patients.assessment_flags,
    "session.completed": sessions.session_flags,
    "adverse_event.reported": adverse_events.report_flags,
    "adverse_event.followed_up": adverse_events.follow_up_flags,
    "outcome.recorded": outcomes.score_flags,
    "measurement.recorded": outcomes.measurement_flags,
    "treatment_plan.created": sessions.plan_flags,
    "treatment_plan.revised": sessions.plan_flags,
    "event.retracted": retractions.retraction_flags,
}


def flags_of(event: Envelope, data: Record, received_at: datetime, fields_are_plausible: bool = False) -> list[Reason]:
    """Every flag that one event earns by itself; `received_at` is the broker's clock, in UTC.

    With `fields_are_plausible` (the event was read as a `plausible_type`) only what lies between fields is looked at.
    """
    flags = envelope_flags(event, received_at)
    if not fields_are_plausible:
        flags += field_flags(data, "/data", event.time.date())
    if rule := _BETWEEN_FIELDS.get(event.type):
        flags += rule(event, data)
    return flags
