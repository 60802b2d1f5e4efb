"""How a patient fares, on a named instrument."""

from typing import Annotated

from msgspec import Meta

from clinic_events.envelope import Code, Identifier, Record, WholeNumber


class OutcomeRecorded(Record, frozen=True, kw_only=True):
    """One score. What was not recorded is not sent: a missing score is missing, never zero."""

    instrument: Annotated[Code, Meta(description="Vocabulary `outcome_instruments`.")]
    value: Annotated[float, Meta(description="The score, on the instrument's own scale.")]
    planned_month: (
        Annotated[WholeNumber, Meta(description="Month of the schedule it belongs to; 0 is baseline.")] | None
    ) = None
    session_id: Identifier | None = None
    episode_id: Identifier | None = None
