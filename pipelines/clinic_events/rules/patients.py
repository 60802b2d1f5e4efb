"""What is said of a patient."""

from collections.abc import Iterator

from clinic_events.assessments import AssessmentCompleted
from clinic_events.conditions import canonical_condition
from clinic_events.envelope import Envelope
from clinic_events.patients import PatientEnrolled, PatientMerged
from clinic_events.reasons import Reason


def enrolment_flags(event: Envelope, data: PatientEnrolled) -> Iterator[Reason]:
    age, born = data.age_years, data.birth_year
    # A birthday may lie before or after; the clinic may round.
    if age is not None and born is not None and abs(event.time.year - born - age) > 2:
        yield Reason("age_contradicts_birth_year", "/data/birth_year")
    if data.already_in_care and data.first_time_acupuncture:
        yield Reason("first_time_contradicts_care", "/data/first_time_acupuncture")


def merge_flags(event: Envelope, data: PatientMerged) -> Iterator[Reason]:
    if data.former_reference == event.subject:
        yield Reason("merged_with_itself", "/data/former_reference")


def assessment_flags(_: Envelope, data: AssessmentCompleted) -> Iterator[Reason]:
    for position, condition in enumerate(data.conditions):
        if canonical_condition(condition.code) is None:
            yield Reason("unknown_code", f"/data/conditions/{position}/code")
    for position, code in enumerate(data.history):
        if canonical_condition(code) is None:
            yield Reason("unknown_code", f"/data/history/{position}")
    if data.gestation_weeks and data.pregnant is False:
        yield Reason("pregnancy_contradicts_itself", "/data/gestation_weeks")
