"""Condition -> assessment.completed; CarePlan -> treatment_plan.created."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from clinic_publisher.fhir.codes import code_of, codings, condition_code
from clinic_publisher.fhir.context import Context, Draft, NotRepresentable
from clinic_publisher.fhir.elements import Elements
from clinic_publisher.fhir.people import first_day, present

_WITHDRAWN = frozenset({"refuted", "entered-in-error"})
_WEEKS = {"d": 1 / 7, "wk": 1.0, "mo": 30.4375 / 7}
_DAYS_OF_A_YEAR = 365.25


def condition_events(condition: Elements, name: str, said_at: str | None, context: Context) -> Iterator[Draft]:
    if _WITHDRAWN & {code for _, code, _ in codings(condition.one("verificationStatus"))}:
        raise NotRepresentable("Condition: refuted or entered in error")
    subject = subject_of(condition, context)
    code = condition_code(condition.one("code"))
    if code is None:
        raise NotRepresentable("Condition.code: no code")
    recorded = condition.take("recordedDate")
    moment = context.moment(recorded, "Condition.recordedDate") if recorded else said_at
    if moment is None:
        raise NotRepresentable("Condition: no time (recordedDate)")
    years = _years(condition.take("onsetDateTime"), moment)
    recorder = context.named(condition.one("recorder").take("reference"), "Condition.recorder")
    found = present({"code": code, "chronicity_years": years})
    yield Draft("assessment.completed", moment, present({"practitioner_id": recorder, "conditions": [found]}), subject)


def plan_events(plan: Elements, name: str, said_at: str | None, context: Context) -> Iterator[Draft]:
    if plan.take("status") == "entered-in-error":
        raise NotRepresentable("CarePlan: entered in error")
    plan.take("intent")
    subject = subject_of(plan, context)
    began = plan.one("period").take("start")
    created = plan.first("created") or (("period.start", began) if began else None)
    moment = context.moment(created[1], f"CarePlan.{created[0]}") if created else said_at
    if moment is None:
        raise NotRepresentable("CarePlan: no time (created)")
    detail = plan.one("activity").one("detail")
    repeat = detail.one("scheduledTiming").one("repeat")
    data = {
        "plan_id": name,
        "practitioner_id": context.named(plan.one("author").take("reference"), "CarePlan.author"),
        "style": code_of(plan.one("category"), "styles"),
        "planned_sessions": repeat.take("count"),
        "sessions_per_week": _per_week(repeat),
    }
    _require_acupuncture(detail)
    yield Draft("treatment_plan.created", moment, present(data), subject)


def subject_of(resource: Elements, context: Context) -> str:
    reference = resource.one("subject").take("reference")
    subject = context.named(reference, "subject")
    if subject is None:
        raise NotRepresentable("subject: no reference to a patient")
    return subject


def _require_acupuncture(detail: Elements) -> None:
    """An activity that says what it is must say that it is acupuncture."""
    said = [display or code for _, code, display in codings(detail.one("code")) if display or code]
    if said and not any("acupunct" in word.casefold() for word in said):
        raise NotRepresentable("CarePlan.activity.detail.code: not known to be acupuncture")


def _per_week(repeat: Elements) -> float | None:
    frequency, period, unit = repeat.take("frequency"), repeat.take("period"), repeat.take("periodUnit")
    if frequency is None or not period or unit not in _WEEKS:
        return None
    return round(float(frequency) / (float(period) * _WEEKS[unit]), 3)


def _years(onset: Any, until: str) -> float | None:
    if onset is None:
        return None
    began = datetime.fromisoformat(first_day(onset) or "")
    return round(max((datetime.fromisoformat(until).replace(tzinfo=None) - began).days, 0) / _DAYS_OF_A_YEAR, 2)
