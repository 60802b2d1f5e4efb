"""What an event gains on its way into the network: only what is certain from the event and the vocabularies.

It stands beside what the clinic wrote and never in its place, so it can be worked out again from a later vocabulary.
"""

from functools import lru_cache
from typing import Any

import msgspec

from clinic_events.adverse_events import AdverseEventFollowedUp, AdverseEventReported
from clinic_events.assessments import AssessmentCompleted
from clinic_events.conditions import canonical_condition, condition_group
from clinic_events.envelope import Record
from clinic_events.outcomes import OutcomeRecorded
from clinic_events.points import recognised
from clinic_events.sessions import SessionCompleted
from clinic_events.treatment_plans import TreatmentPlanCreated
from clinic_events.vocabularies import vocabulary

# Changes whenever the same event would be enriched otherwise, so that a reader can tell old rows from new ones.
NORMALISER_VERSION = "2"
NOTHING = b"{}"

_encode = msgspec.json.Encoder().encode


def enrich(data: Record) -> bytes:
    """A JSON object. Of a session, `needles` has one object for each needle, in their order: canonical point, meridian,
    organ and region, or the candidates of an ambiguous name."""
    if isinstance(data, SessionCompleted):
        return b'{"needles":[' + b",".join([recognised[needle.point].facts for needle in data.needles]) + b"]}"
    if isinstance(data, OutcomeRecorded):
        return _outcome(data.instrument)
    if isinstance(data, AdverseEventReported):
        return _encode(_term(data.term) | ({"point": _point(data.point)} if data.point is not None else {}))
    if isinstance(data, AdverseEventFollowedUp):
        return _encode(_term(data.term)) if data.term is not None else NOTHING
    if isinstance(data, AssessmentCompleted):
        return _encode(_assessment(data))
    if isinstance(data, TreatmentPlanCreated):
        return b'{"points":[' + b",".join([recognised[point].facts for point in data.points]) + b"]}"
    return NOTHING


def _point(written: str) -> msgspec.Raw:
    return msgspec.Raw(recognised[written].facts)


def _term(code: str) -> dict[str, Any]:
    term = vocabulary("adverse_event_terms").get(code)
    if term is None:
        return {}
    return {"term_group": term["group"], "asking_dependent": term["asking_dependent"] == "true"}


def _assessment(data: AssessmentCompleted) -> dict[str, Any]:
    return {
        "conditions": [_condition(condition.code) for condition in data.conditions],
        "history": [_condition(code) for code in data.history],
    }


def _condition(written: str) -> dict[str, str | None]:
    return {"condition": canonical_condition(written), "group": condition_group(written)}


@lru_cache(maxsize=1024)
def _outcome(instrument: str) -> bytes:
    known = vocabulary("outcome_instruments").get(instrument)
    return _encode({"domain": known["domain"]}) if known else NOTHING
