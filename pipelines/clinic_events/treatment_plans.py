"""What is planned for a patient."""

from typing import Annotated

from msgspec import Meta

from clinic_events.envelope import Code, Identifier, Record, WholeNumber


class TreatmentPlanCreated(Record, frozen=True, kw_only=True):
    """A plan: how many sessions, how often, towards which goals."""

    plan_id: Identifier
    episode_id: Identifier | None = None
    practitioner_id: Identifier | None = None
    style: Annotated[Code, Meta(description="Style of acupuncture, vocabulary `styles`.")] | None = None
    planned_sessions: Annotated[WholeNumber, Meta(description="How many sessions are planned.")] | None = None
    sessions_per_week: Annotated[float, Meta(description="How often, sessions a week.")] | None = None
    goals: Annotated[list[Code], Meta(description="Vocabulary `goals`.")] = []
