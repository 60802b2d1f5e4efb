"""How a clinic takes back what it has said. A correction is an event of the same type with `supersedes`."""

from typing import Annotated

from clinic_events.envelope import Identifier, Record
from clinic_events.fields import coded, said


class EventRetracted(Record, frozen=True, kw_only=True):
    """An earlier event of this clinic should never have been said, and nothing stands in its place."""

    event_id: Annotated[Identifier, said("The id of the clinic's own event.", "0197a2f4-11")]
    reason: Annotated[str, coded("retraction_reasons", "Why.")] | None = None
