"""AdverseEvent -> adverse_event.reported, linked to the session that is suspected."""

from collections.abc import Iterator

from clinic_publisher.fhir.codes import CAUSALITIES, OUTCOMES, code_of, codings
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
        "serious": _serious(event.one("seriousness")),
        "onset_at": onset,
        "causality": _mapped(suspect.one("causality").one("assessment"), CAUSALITIES),
        "outcome": _mapped(event.one("outcome"), OUTCOMES),
    }
    yield Draft("adverse_event.reported", moment, present(data), subject)


def _serious(concept: Elements) -> bool | None:
    given = {code.casefold().replace("-", "") for _, code, _ in codings(concept)}
    return True if "serious" in given else False if "nonserious" in given else None


def _mapped(concept: Elements, known: dict[str, str]) -> str | None:
    given = [code for _, code, _ in codings(concept) if code]
    return next((known[code] for code in given if code in known), given[0].casefold() if given else None)
