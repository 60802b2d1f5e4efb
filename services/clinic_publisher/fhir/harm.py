"""AdverseEvent -> adverse_event.reported, linked to the session that is suspected."""

from collections.abc import Iterator
from typing import Any

from clinic_publisher.fhir.codes import CAUSALITIES, OUTCOMES, SERIOUSNESS, code_of, codings
from clinic_publisher.fhir.context import Context, Draft, NotRepresentable, exact
from clinic_publisher.fhir.elements import Elements
from clinic_publisher.fhir.people import present


def adverse_event_events(event: Elements, name: str, said_at: str | None, context: Context) -> Iterator[Draft]:
    if event.take("actuality") != "actual":
        raise NotRepresentable("AdverseEvent.actuality: it did not happen")
    term = code_of(event.one("event"), "adverse_event_terms")
    if term is None:
        raise NotRepresentable("AdverseEvent.event: no code for what happened")
    subject, suspect, onset = context.patient(event), event.one("suspectEntity"), exact(event.peek("date"))
    told = event.first("recordedDate", "detected", "date")
    if onset:
        event.take("date")
    moment = context.moment(told[1], f"AdverseEvent.{told[0]}") if told else said_at
    if moment is None:
        raise NotRepresentable("AdverseEvent: no time (recordedDate or date)")
    data = {
        "case_id": name,
        "term": term,
        "session_id": context.referred(suspect.one("instance"), "Procedure"),
        "severity": code_of(event.one("severity"), "severities"),
        **_seriousness(event.one("seriousness")),
        "onset_at": onset,
        "causality": _mapped(suspect.one("causality").one("assessment"), CAUSALITIES),
        "outcome": _mapped(event.one("outcome"), OUTCOMES),
    }
    yield Draft("adverse_event.reported", moment, present(data), subject)


def _seriousness(concept: Elements) -> dict[str, Any]:
    """Serious, and by which criterion of ICH E2A. What is neither is not taken, and so is told."""
    given = {str(coding.peek("code")).casefold().replace("-", "") for coding in concept.all("coding")}
    serious = {code for code in given if code.startswith("serious")}
    if not serious and "nonserious" not in given:
        return {}
    codings(concept)
    criteria = sorted({SERIOUSNESS[code] for code in serious if code in SERIOUSNESS})
    return {"serious": bool(serious), "seriousness_criteria": criteria}


def _mapped(concept: Elements, known: dict[str, str]) -> str | None:
    given = [code for _, code, _ in codings(concept) if code]
    return next((known[code] for code in given if code in known), given[0].casefold() if given else None)
