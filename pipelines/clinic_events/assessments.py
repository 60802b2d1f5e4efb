"""What a practitioner finds before treatment."""

from typing import Annotated

from msgspec import Meta

from clinic_events.envelope import Code, Identifier, Record


class Condition(Record, frozen=True):
    """A condition that the patient comes with."""

    code: Annotated[Code, Meta(description="Vocabulary `conditions`.")]
    chronicity_years: Annotated[float, Meta(description="For how long, years.")] | None = None


class AssessmentCompleted(Record, frozen=True, kw_only=True):
    """The comprehensive assessment: conditions (the first is the primary one), patterns, goals, risks."""

    practitioner_id: Identifier | None = None
    conditions: list[Condition] = []
    patterns: Annotated[list[Code], Meta(description="Traditional-medicine patterns, ICD-11 codes.")] = []
    goals: Annotated[list[Code], Meta(description="What the patient hopes for, vocabulary `goals`.")] = []
    anticoagulants: Annotated[bool, Meta(description="Takes anticoagulants.")] | None = None
    pregnant: bool | None = None
