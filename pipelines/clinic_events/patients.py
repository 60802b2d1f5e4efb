"""What a clinic says of a patient at enrolment. The patient's reference stands in the envelope's `subject`."""

from typing import Annotated

from msgspec import Meta

from clinic_events.envelope import Code, Identifier, Record, WholeNumber


class StudyArm(Record, frozen=True):
    """The study that a patient belongs to, and the arm."""

    id: Annotated[Identifier, Meta(description="The study, as registered with the network.")]
    arm: Annotated[Identifier, Meta(description="The arm that the patient was allocated to.")]


class PatientEnrolled(Record, frozen=True, kw_only=True):
    """A patient is known to the clinic from now on; `age_years` or `birth_year`, whichever the clinic keeps."""

    age_years: Annotated[float, Meta(description="Age at enrolment, years.")] | None = None
    birth_year: Annotated[WholeNumber, Meta(description="Year of birth.")] | None = None
    sex: Annotated[Code, Meta(description="female, male, other or unknown.")] | None = None
    already_in_care: Annotated[bool, Meta(description="In care before the clinic joined the network.")] | None = None
    first_time_acupuncture: Annotated[bool, Meta(description="Never had acupuncture before.")] | None = None
    study: StudyArm | None = None
