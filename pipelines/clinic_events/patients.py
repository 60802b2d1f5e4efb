"""What a clinic says of a patient. The patient's reference stands in the envelope's `subject`."""

from typing import Annotated

from clinic_events.envelope import Identifier, PatientReference, Record, WholeNumber
from clinic_events.fields import coded, measured, said


class StudyArm(Record, frozen=True):
    """The study that a patient belongs to, and the arm."""

    id: Annotated[Identifier, said("The study, as registered with the network.", "headache-trial")]
    arm: Annotated[Identifier, said("The arm that the patient was allocated to.", "acupuncture")]


class PatientEnrolled(Record, frozen=True, kw_only=True):
    """A patient is known to the clinic from now on; `age_years` or `birth_year`, whichever the clinic keeps."""

    age_years: Annotated[float, measured("a", 0, 115, "Age at enrolment.", 46)] | None = None
    birth_year: Annotated[WholeNumber, measured("a", 1890, 2100, "Year of birth.", 1980)] | None = None
    sex: Annotated[str, coded("sexes", "The patient's sex.")] | None = None
    already_in_care: (
        Annotated[bool, said("In care before the clinic joined the network: the first visit is not known.")] | None
    ) = None
    first_time_acupuncture: Annotated[bool, said("Never had acupuncture before.")] | None = None
    study: Annotated[StudyArm, said("Where the patient takes part in a study.", {"id": "s1", "arm": "a"})] | None = None
    risk_factors: list[Annotated[str, coded("risk_factors", "What makes needling riskier for this patient.")]] = []


class PatientMerged(Record, frozen=True, kw_only=True):
    """Two references are one patient: `former_reference` is no longer used, the `subject` is."""

    former_reference: Annotated[
        PatientReference, said("The reference that is given up; stored only as a pseudonym.", "P-0077")
    ]
    kind: Annotated[str, coded("merge_kinds", "Why.")] | None = None
