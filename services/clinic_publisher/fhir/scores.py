"""Observation -> outcome.recorded or measurement.recorded; QuestionnaireResponse -> outcome.recorded by its totals."""

from collections.abc import Iterator
from typing import Any

from clinic_publisher.fhir.care import subject_of
from clinic_publisher.fhir.codes import INSTRUMENTS_BY_LOINC, codings, instrument_of, measurement_of
from clinic_publisher.fhir.context import Context, Draft, NotRepresentable
from clinic_publisher.fhir.elements import Elements

_GOOD = frozenset({"final", "amended", "corrected"})


def observation_events(observation: Elements, name: str, _: str | None, context: Context) -> Iterator[Draft]:
    if observation.take("status") not in _GOOD:
        raise NotRepresentable("Observation.status: neither final nor amended nor corrected")
    subject = subject_of(observation, context)
    effective = observation.first("effectiveDateTime", "effectiveInstant")
    if effective is None:
        raise NotRepresentable("Observation: no time (effectiveDateTime)")
    moment = context.moment(effective[1], f"Observation.{effective[0]}")
    parts = [observation, *observation.all("component")]
    drafts = [draft for number, part in enumerate(parts) if (draft := _scored(part, moment, subject, number))]
    if not drafts:
        raise NotRepresentable("Observation.code: no instrument and no measurement that the network knows")
    codings(observation.one("code"))  # of a panel: its parts say the same, one by one
    yield from drafts


def _scored(part: Elements, moment: str, subject: str, number: int) -> Draft | None:
    code, value = part.one("code"), _value(part)
    if value is None:
        return None
    if instrument := instrument_of(code):
        return Draft("outcome.recorded", moment, {"instrument": instrument, "value": value}, subject, str(number))
    if measurement := measurement_of(code):
        return Draft("measurement.recorded", moment, {"code": measurement, "value": value}, subject, str(number))
    return None


def _value(part: Elements) -> float | None:
    if (found := part.first("valueInteger")) is not None:
        return found[1]
    quantity = part.one("valueQuantity")
    value = quantity.take("value")
    for name in ("unit", "system", "code"):
        quantity.take(name)
    return None if value is None else float(value)


def questionnaire_events(response: Elements, name: str, _: str | None, context: Context) -> Iterator[Draft]:
    if response.take("status") not in ("completed", "amended"):
        raise NotRepresentable("QuestionnaireResponse.status: neither completed nor amended")
    subject, authored = subject_of(response, context), response.take("authored")
    if authored is None:
        raise NotRepresentable("QuestionnaireResponse: no time (authored)")
    moment = context.moment(authored, "QuestionnaireResponse.authored")
    response.take("questionnaire")
    totals = [total for item in response.all("item") for total in _totals(item)]
    if not totals:
        raise NotRepresentable("QuestionnaireResponse.item: no total score of an instrument that the network knows")
    for number, (instrument, value) in enumerate(totals):
        yield Draft("outcome.recorded", moment, {"instrument": instrument, "value": value}, subject, str(number))


def _totals(item: Elements) -> Iterator[tuple[str, Any]]:
    """Items whose link id ends in the LOINC code of a total, as forms that are made from LOINC's panels have it."""
    instrument = INSTRUMENTS_BY_LOINC.get(str(item.peek("linkId")).rsplit("/", 1)[-1])
    answer = item.one("answer").first("valueDecimal", "valueInteger") if instrument else None
    if instrument and answer:
        item.take("linkId")
        item.take("text")
        yield instrument, answer[1]
    for inner in item.all("item"):
        yield from _totals(inner)
