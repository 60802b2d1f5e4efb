"""What went wrong, or may have."""

from typing import Annotated

from msgspec import Meta

from clinic_events.envelope import Code, Identifier, Record, ZonedTime


class AdverseEventReported(Record, frozen=True, kw_only=True):
    """An unintended, non-therapeutic ill effect, however small. Severe is not the same as serious (ICH E2A)."""

    term: Annotated[Code, Meta(description="Vocabulary `adverse_event_terms`.")]
    case_id: Annotated[Identifier, Meta(description="Two reports of one bruise share a case.")] | None = None
    session_id: Annotated[Identifier, Meta(description="The session that it is linked to.")] | None = None
    practitioner_id: Identifier | None = None
    severity: Annotated[Code, Meta(description="Vocabulary `severities` (CTCAE grades).")] | None = None
    serious: Annotated[bool, Meta(description="Serious in the sense of ICH E2A.")] | None = None
    seriousness_criteria: Annotated[list[Code], Meta(description="Vocabulary `seriousness_criteria`.")] = []
    onset_at: Annotated[ZonedTime, Meta(description="When it began.")] | None = None
    point: Annotated[str, Meta(max_length=64, description="The point it is linked to, where local.")] | None = None
    causality: Annotated[Code, Meta(description="WHO-UMC category, vocabulary `causalities`.")] | None = None
