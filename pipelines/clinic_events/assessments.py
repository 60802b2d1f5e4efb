"""What a practitioner finds before treatment."""

from typing import Annotated

from clinic_events.envelope import Day, Identifier, Record
from clinic_events.fields import coded, coded_or_mapped, measured, said


class Condition(Record, frozen=True):
    """A condition that the patient comes with."""

    code: Annotated[str, coded_or_mapped("conditions", "Which one; its ICD-11 or ICD-10 code will do too.")]
    chronicity_years: Annotated[float, measured("a", 0, 115, "For how long.", 3.5)] | None = None


class Symptom(Record, frozen=True, kw_only=True):
    """A symptom and how much it troubles the patient."""

    code: Annotated[str, coded("symptoms", "Which symptom.")]
    severity: Annotated[float, measured("1", 0, 10, "From 0, none, to 10, as bad as it can be.", 6)] | None = None
    since: Annotated[Day, said("Since when.", "2025-11-01")] | None = None


class CoTreatment(Record, frozen=True, kw_only=True):
    """What the patient is treated with beside acupuncture (STRICTA 2010, item 4a)."""

    code: Annotated[str, coded("co_treatments", "Which treatment.")]
    is_ongoing: Annotated[bool, said("Whether it goes on beside the acupuncture.")] | None = None


class AssessmentCompleted(Record, frozen=True, kw_only=True):
    """The comprehensive assessment: conditions (the first is the primary one), patterns, goals, risks."""

    practitioner_id: Annotated[Identifier, said("Who assessed.", "dr-7")] | None = None
    conditions: list[Condition] = []
    patterns: list[Annotated[str, coded("tcm_patterns", "A traditional-medicine pattern, ICD-11 chapter 26.")]] = []
    goals: list[Annotated[str, coded("goals", "What the patient hopes for.")]] = []
    anticoagulants: Annotated[bool, said("Takes anticoagulants.")] | None = None
    pregnant: Annotated[bool, said("Is pregnant.")] | None = None
    episode_id: Annotated[Identifier, said("The episode of care that begins or goes on.", "E-31")] | None = None
    care_intent: Annotated[str, coded("care_intents", "To treat, to maintain or to prevent.")] | None = None
    symptoms: list[Symptom] = []
    history: list[Annotated[str, coded_or_mapped("conditions", "A condition of the past, coded likewise.")]] = []
    risk_factors: list[Annotated[str, coded("risk_factors", "What makes needling riskier.")]] = []
    red_flags: list[Annotated[str, coded("red_flags", "A sign that calls for a doctor first.")]] = []
    medications: list[Annotated[str, coded("medications", "A class of medicines that is taken.")]] = []
    co_treatments: list[CoTreatment] = []
    referred_by: Annotated[str, coded("referrals", "Who sent the patient.")] | None = None
    referred_to: list[Annotated[str, coded("referrals", "Whom the patient is sent to.")]] = []
    tongue: list[Annotated[str, coded("tongue_signs", "A sign of the tongue.")]] = []
    pulse: list[Annotated[str, coded("pulse_signs", "A quality of the pulse.")]] = []
    gestation_weeks: Annotated[float, measured("wk", 0, 45, "Week of the pregnancy.", 20)] | None = None
