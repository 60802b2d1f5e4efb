"""What a patient agrees to, purpose by purpose."""

from typing import Annotated

from clinic_events.envelope import Day, Record
from clinic_events.fields import coded, said, text


class ConsentGiven(Record, frozen=True, kw_only=True):
    """The patient agrees that the record is used for these purposes."""

    purposes: list[Annotated[str, coded("consent_purposes", "What the record may be used for.")]]
    form_version: Annotated[str, text(32, "Which version of the form was signed.", "2026-1")] | None = None
    valid_until: Annotated[Day, said("Last day on which it holds; absent: until withdrawn.", "2031-03-01")] | None = (
        None
    )


class ConsentWithdrawn(Record, frozen=True, kw_only=True):
    """The patient no longer agrees that the record is used for these purposes."""

    purposes: list[Annotated[str, coded("consent_purposes", "What the record may no longer be used for.")]]
