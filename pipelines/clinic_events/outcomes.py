"""How a patient fares: scores, goals, measurements."""

from typing import Annotated

from clinic_events.envelope import Identifier, Record, WholeNumber
from clinic_events.fields import coded, measured, said, text


class OutcomeRecorded(Record, frozen=True, kw_only=True):
    """One score. What was not recorded is not sent: a missing score is missing, never zero."""

    instrument: Annotated[str, coded("outcome_instruments", "What it was measured by.")]
    value: Annotated[float, said("The score, on the instrument's own scale.", 4)]
    planned_month: (
        Annotated[WholeNumber, measured("mo", 0, 240, "Month of the schedule it belongs to; 0 is baseline.", 3)] | None
    ) = None
    session_id: Annotated[Identifier, said("The session at which it was asked.", "S-2071")] | None = None
    episode_id: Annotated[Identifier, said("The episode of care that it belongs to.", "E-31")] | None = None
    instrument_version: Annotated[str, text(32, "Version or language of the instrument.", "de-2")] | None = None
    respondent: Annotated[str, coded("respondents", "Who answered.")] | None = None


class GoalAttainmentRecorded(Record, frozen=True, kw_only=True):
    """How far a goal was reached, on the five steps of goal attainment scaling."""

    goal: Annotated[str, coded("goals", "The goal.")]
    attainment: Annotated[
        WholeNumber, measured("1", -2, 2, "From -2, much less than expected, over 0, as expected, to 2, much more.", 0)
    ]
    plan_id: Annotated[Identifier, said("The plan that sets the goal.", "T-12")] | None = None
    episode_id: Annotated[Identifier, said("The episode of care that it belongs to.", "E-31")] | None = None
    session_id: Annotated[Identifier, said("The session at which it was judged.", "S-2071")] | None = None


class MeasurementRecorded(Record, frozen=True, kw_only=True):
    """A coded measurement, where a clinic takes any: blood pressure, range of motion."""

    code: Annotated[str, coded("measurements", "What was measured.")]
    value: Annotated[float, said("The value, in the unit that the vocabulary names.", 128)]
    side: Annotated[str, coded("sides", "The side of the body.")] | None = None
    session_id: Annotated[Identifier, said("The session at which it was taken.", "S-2071")] | None = None
    episode_id: Annotated[Identifier, said("The episode of care that it belongs to.", "E-31")] | None = None
