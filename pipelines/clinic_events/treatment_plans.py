"""What is planned for a patient (STRICTA 2010, items 1, 3 and 4)."""

from typing import Annotated

from clinic_events.envelope import Identifier, Record, WholeNumber
from clinic_events.fields import coded, measured, said, text


class GoalTarget(Record, frozen=True, kw_only=True):
    """What a goal is measured by, and what would count as reached."""

    goal: Annotated[str, coded("goals", "The goal.")]
    instrument: Annotated[str, coded("outcome_instruments", "What it is measured by.")] | None = None
    target_value: Annotated[float, said("The score that would count as reached.", 3)] | None = None
    by_month: Annotated[WholeNumber, measured("mo", 0, 120, "By which month of the plan.", 3)] | None = None


class TreatmentPlanCreated(Record, frozen=True, kw_only=True):
    """A plan: how many sessions, how often, towards which goals, and why so."""

    plan_id: Annotated[Identifier, said("Unique within the clinic.", "T-12")]
    episode_id: Annotated[Identifier, said("The episode of care that it belongs to.", "E-31")] | None = None
    practitioner_id: Annotated[Identifier, said("Who made it.", "dr-7")] | None = None
    style: Annotated[str, coded("styles", "Style of acupuncture (1a).")] | None = None
    planned_sessions: (
        Annotated[WholeNumber, measured("1", 1, 200, "How many sessions are planned (3a).", 10)] | None
    ) = None
    sessions_per_week: Annotated[float, measured("/wk", 0, 14, "How often (3b).", 1)] | None = None
    goals: list[Annotated[str, coded("goals", "What it is for.")]] = []
    goal_targets: list[GoalTarget] = []
    rationale: Annotated[str, coded("plan_rationales", "The reasoning behind the choice of points (1b).")] | None = None
    individualisation: (
        Annotated[str, coded("individualisations", "How far treatment may vary between patients (1c).")] | None
    ) = None
    care_intent: Annotated[str, coded("care_intents", "To treat, to maintain or to prevent.")] | None = None
    points: list[Annotated[str, text(64, "A point that is planned, as the clinic writes it.", "ST36")]] = []
    techniques: list[Annotated[str, coded("techniques", "A technique that is planned beyond needling (4a).")]] = []
    retention_min: Annotated[float, measured("min", 0, 180, "How long needles are to stay.", 25)] | None = None
    setting: Annotated[str, coded("settings", "Where treatment takes place (4b).")] | None = None
    information_given: list[
        Annotated[str, coded("information_topics", "What the patient was told beforehand (4b).")]
    ] = []


class TreatmentPlanRevised(TreatmentPlanCreated, frozen=True, kw_only=True):
    """The plan as it is from now on, whole; what is left out is no longer planned."""

    reason: Annotated[str, coded("revision_reasons", "Why it was changed.")] | None = None
