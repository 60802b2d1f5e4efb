"""What an event gains on its way into the network: only what is certain from the event and the vocabularies."""

from typing import Any

import msgspec

from clinic_events.envelope import Envelope
from clinic_events.points import facts_of
from clinic_events.vocabularies import vocabulary

# Changes whenever the same event would be enriched otherwise, so that a reader can tell old rows from new ones.
NORMALISER_VERSION = "1"


def enrich(event: Envelope, data: msgspec.Struct) -> dict[str, Any]:
    """The event's data as JSON-ready values, with canonical point, meridian, organ, region, condition group, term
    group and outcome domain beside what the clinic wrote."""
    facts: dict[str, Any] = msgspec.to_builtins(data)
    if gain := _GAINS.get(event.type):
        gain(facts)
    return facts


def _session(facts: dict[str, Any]) -> None:
    for needle in facts.get("needles", ()):
        needle.update(facts_of(needle["point"]))


def _adverse_event(facts: dict[str, Any]) -> None:
    term = vocabulary("adverse_event_terms").get(facts["term"])
    facts["term_group"] = term["group"] if term else None
    facts["asking_dependent"] = term["asking_dependent"] == "true" if term else None
    if "point" in facts:
        facts.update(facts_of(facts["point"]))


def _assessment(facts: dict[str, Any]) -> None:
    for condition in facts.get("conditions", ()):
        known = vocabulary("conditions").get(condition["code"])
        condition["group"] = known["group"] if known else None


def _outcome(facts: dict[str, Any]) -> None:
    instrument = vocabulary("outcome_instruments").get(facts["instrument"])
    facts["domain"] = instrument["domain"] if instrument else None


_GAINS = {
    "session.completed": _session,
    "adverse_event.reported": _adverse_event,
    "assessment.completed": _assessment,
    "outcome.recorded": _outcome,
}
