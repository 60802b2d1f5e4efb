"""Condition -> assessment.completed; CarePlan -> treatment_plan.created."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from clinic_events.vocabularies import codes
from clinic_publisher.fhir.codes import codings, condition_code, peeked, says_acupuncture
from clinic_publisher.fhir.context import Context, Draft, NotRepresentable
from clinic_publisher.fhir.elements import Elements
from clinic_publisher.fhir.people import first_day, present

_WITHDRAWN = frozenset({"refuted", "entered-in-error"})
_PLANNED = frozenset({"active", "on-hold", "completed"})
_WEEKS = {"d": 1 / 7, "wk": 1.0, "mo": 30.4375 / 7}
_DAYS_OF_A_YEAR = 365.25


def condition_events(condition: Elements, name: str, said_at: str | None, context: Context) -> Iterator[Draft]:
    status = condition.one("verificationStatus")
    given = {coding.peek("code") for coding in status.all("coding")}
    if _WITHDRAWN & given:
        raise NotRepresentable("Condition: refuted or entered in error")
    if given == {"confirmed"}:
        codings(status)
    subject = context.patient(condition)
    code = condition_code(condition.one("code"))
    if code is None:
        raise NotRepresentable("Condition.code: no code")
    recorded = condition.take("recordedDate")
    moment = context.moment(recorded, "Condition.recordedDate") if recorded else said_at
    if moment is None:
        raise NotRepresentable("Condition: no time (recordedDate)")
    years = _years(condition.take("onsetDateTime"), moment)
    recorder = context.referred(condition.one("recorder"), "Practitioner")
    found = present({"code": code, "chronicity_years": years})
    yield Draft("assessment.completed", moment, present({"practitioner_id": recorder, "conditions": [found]}), subject)


def plan_events(plan: Elements, name: str, said_at: str | None, context: Context) -> Iterator[Draft]:
    if plan.take("status") not in _PLANNED:
        raise NotRepresentable("CarePlan.status: neither active nor on hold nor completed")
    if plan.take("intent") not in ("plan", "order"):
        raise NotRepresentable("CarePlan.intent: neither a plan nor an order")
    subject, category = context.patient(plan), plan.one("category")
    detail = _acupuncture(plan, category)
    created = plan.take("created")
    began = plan.one("period").take("start") if created is None else None
    when = created or began
    moment = context.moment(when, "CarePlan.created" if created else "CarePlan.period.start") if when else said_at
    if moment is None:
        raise NotRepresentable("CarePlan: no time (created)")
    repeat = detail.one("scheduledTiming").one("repeat")
    style = next((code for _, code, _ in codings(category) if code in codes("styles")), None)
    data = {
        "plan_id": name,
        "practitioner_id": context.referred(plan.one("author"), "Practitioner"),
        "style": style,
        "planned_sessions": repeat.take("count"),
        "sessions_per_week": _per_week(repeat),
    }
    yield Draft("treatment_plan.created", moment, present(data), subject)


def _acupuncture(plan: Elements, category: Elements) -> Elements:
    """The activity that is acupuncture; none in particular where the plan as a whole says so."""
    for activity in plan.all("activity"):
        detail = activity.one("detail")
        if says_acupuncture(peeked(detail.one("code"))):
            codings(detail.one("code"))
            return detail
    if says_acupuncture(peeked(category)) or says_acupuncture([str(plan.peek("title") or "")]):
        plan.take("title")
        return Elements({})
    raise NotRepresentable("CarePlan: neither category nor title nor an activity is known to be acupuncture")


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
