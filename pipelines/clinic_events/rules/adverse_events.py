"""What a report of an adverse event says, by CTCAE, ICH E2A and the order of things."""

from collections.abc import Iterator

from clinic_events.adverse_events import AdverseEventFollowedUp, AdverseEventReported
from clinic_events.envelope import Envelope
from clinic_events.points import point_flags, recognised
from clinic_events.reasons import Reason
from clinic_events.vocabularies import codes_where

_GRADE_4_OR_5 = frozenset({"life_threatening", "fatal"})


def report_flags(event: Envelope, data: AdverseEventReported) -> Iterator[Reason]:
    yield from _severity_flags(data)
    if data.onset_at is not None:
        if data.onset_at > event.time:
            yield Reason("onset_after_report", "/data/onset_at")
        if data.resolved_at is not None and data.resolved_at < data.onset_at:
            yield Reason("resolution_before_onset", "/data/resolved_at")
    if data.point is not None:
        yield from point_flags(recognised[data.point], data.side, "/data")
    if data.term in codes_where("adverse_event_terms", "group", "positive_reaction"):
        yield Reason("positive_reaction", "/data/term")
    elif data.term in codes_where("adverse_event_terms", "scope", "local") and not _is_placed(data):
        yield Reason("local_event_unplaced", "/data/region")


def follow_up_flags(_: Envelope, data: AdverseEventFollowedUp) -> Iterator[Reason]:
    yield from _severity_flags(data)


def _severity_flags(data: AdverseEventReported | AdverseEventFollowedUp) -> Iterator[Reason]:
    if data.severity in _GRADE_4_OR_5 and data.serious is not True:
        yield Reason("severe_not_serious", "/data/serious")
    is_death = "death" in data.seriousness_criteria or data.outcome == "fatal"
    if data.severity == "fatal" and not is_death:
        yield Reason("fatal_without_death", "/data/seriousness_criteria")
    if data.serious is False and data.seriousness_criteria:
        yield Reason("criterion_not_serious", "/data/serious")
    if data.term == "pneumothorax" and data.severity == "mild":
        yield Reason("pneumothorax_graded_mild", "/data/severity")


def _is_placed(data: AdverseEventReported) -> bool:
    return any(place is not None for place in (data.needle, data.point, data.region, data.technique))
