"""How an episode of care ends."""

from typing import Annotated

from clinic_events.envelope import Identifier, Record, WholeNumber
from clinic_events.fields import coded, measured, said


class EpisodeClosed(Record, frozen=True, kw_only=True):
    """An episode of care is over. One that maintains or prevents ends like any other, by its own reasons."""

    episode_id: Annotated[Identifier, said("The episode.", "E-31")]
    reason: Annotated[str, coded("closure_reasons", "Why it ended.")]
    care_intent: Annotated[str, coded("care_intents", "To treat, to maintain or to prevent.")] | None = None
    sessions_held: Annotated[WholeNumber, measured("1", 0, 1000, "How many sessions it had.", 9)] | None = None
