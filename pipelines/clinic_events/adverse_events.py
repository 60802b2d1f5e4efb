"""What went wrong, or may have, and what became of it."""

from typing import Annotated

from clinic_events.envelope import Identifier, Record, WholeNumber, ZonedTime
from clinic_events.fields import coded, measured, said
from clinic_events.modalities import Point, Region, Side


class AdverseEventReported(Record, frozen=True, kw_only=True):
    """An unintended, non-therapeutic ill effect, however small. Severe is not the same as serious (ICH E2A)."""

    term: Annotated[str, coded("adverse_event_terms", "What happened.")]
    case_id: Annotated[Identifier, said("Two reports of one bruise share a case.", "AE-9")] | None = None
    session_id: Annotated[Identifier, said("The session that it is linked to.", "S-2071")] | None = None
    practitioner_id: Annotated[Identifier, said("Whose treatment it is linked to.", "dr-7")] | None = None
    severity: Annotated[str, coded("severities", "How severe, CTCAE grade.")] | None = None
    serious: Annotated[bool, said("Serious in the sense of ICH E2A.", False)] | None = None
    seriousness_criteria: list[Annotated[str, coded("seriousness_criteria", "What makes it serious, ICH E2A.")]] = []
    onset_at: Annotated[ZonedTime, said("When it began.", "2026-03-02T18:00:00+01:00")] | None = None
    point: Point | None = None
    causality: Annotated[str, coded("causalities", "WHO-UMC category.")] | None = None
    needle: (
        Annotated[WholeNumber, measured("1", 1, 200, "The needle, by its place in the session's list, from 1.", 3)]
        | None
    ) = None
    region: Region | None = None
    side: Side | None = None
    technique: Annotated[str, coded("techniques", "The technique that is suspected, where not a needle.")] | None = None
    outcome: Annotated[str, coded("ae_outcomes", "What has become of it.")] | None = None
    resolved_at: Annotated[ZonedTime, said("When it was over.", "2026-03-05T08:00:00+01:00")] | None = None
    actions: list[Annotated[str, coded("ae_actions", "What was done about it.")]] = []
    reported_by: Annotated[str, coded("ae_reporters", "Who told of it.")] | None = None
    is_expected: Annotated[bool, said("Whether the patient was told of it beforehand as possible.")] | None = None


class AdverseEventFollowedUp(Record, frozen=True, kw_only=True):
    """What has become known of a case since it was reported; what is left out stays as it was."""

    case_id: Annotated[Identifier, said("The case that was reported.", "AE-9")]
    term: (
        Annotated[str, coded("adverse_event_terms", "What it turned out to be, where it is something else.")] | None
    ) = None
    session_id: Annotated[Identifier, said("The session that it is linked to now.", "S-2071")] | None = None
    severity: Annotated[str, coded("severities", "The worst grade so far.")] | None = None
    serious: Annotated[bool, said("Serious in the sense of ICH E2A.", False)] | None = None
    seriousness_criteria: list[Annotated[str, coded("seriousness_criteria", "What makes it serious, ICH E2A.")]] = []
    causality: Annotated[str, coded("causalities", "WHO-UMC category.")] | None = None
    outcome: Annotated[str, coded("ae_outcomes", "What has become of it.")] | None = None
    resolved_at: Annotated[ZonedTime, said("When it was over.", "2026-03-05T08:00:00+01:00")] | None = None
    actions: list[Annotated[str, coded("ae_actions", "What was done about it.")]] = []
