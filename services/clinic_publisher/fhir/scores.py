"""Observation -> outcome.recorded or measurement.recorded; QuestionnaireResponse -> outcome.recorded by its totals."""

from collections.abc import Iterator
from typing import Any

from clinic_events.vocabularies import vocabulary
from clinic_publisher.fhir.codes import INSTRUMENTS_BY_LOINC, codings, instrument_of, measurement_of
from clinic_publisher.fhir.context import Context, Draft, NotRepresentable
from clinic_publisher.fhir.elements import Elements

# How units are said in words, beside UCUM's codes.
_SPOKEN_UNITS = {"mm[Hg]": ("mmHg", "mm Hg"), "Cel": ("°C", "C"), "%": ("percent",), "/min": ("beats/minute", "bpm")}
_GOOD = frozenset({"final", "amended", "corrected"})


def observation_events(observation: Elements, name: str, _: str | None, context: Context) -> Iterator[Draft]:
    if observation.take("status") not in _GOOD:
        raise NotRepresentable("Observation.status: neither final nor amended nor corrected")
    subject = context.patient(observation)
    effective = observation.first("effectiveDateTime", "effectiveInstant")
    if effective is None:
        raise NotRepresentable("Observation: no time (effectiveDateTime)")
    moment = context.moment(effective[1], f"Observation.{effective[0]}")
    parts = [observation, *observation.all("component")]
    drafts = [draft for number, part in enumerate(parts) if (draft := _scored(part, moment, subject, number))]
    if not drafts:
        raise NotRepresentable("Observation: no score, and no measurement in its unit, that the network knows")
    codings(observation.one("code"))  # of a panel: its parts say the same, one by one
    yield from drafts


def _scored(part: Elements, moment: str, subject: str, number: int) -> Draft | None:
    code = part.one("code")
    if instrument := instrument_of(code):
        value = _value(part, None)
        data = {"instrument": instrument, "value": value}
        return Draft("outcome.recorded", moment, data, subject, str(number)) if value is not None else None
    if measurement := measurement_of(code):
        value = _value(part, vocabulary("measurements")[measurement]["unit"])
        data = {"code": measurement, "value": value}
        return Draft("measurement.recorded", moment, data, subject, str(number)) if value is not None else None
    return None


def _value(part: Elements, unit: str | None) -> float | None:
    """The number, of a score or in `unit`; None where it is in another unit, or only a bound."""
    if unit is None and (found := part.first("valueInteger")) is not None:
        return found[1]
    quantity = part.one("valueQuantity")
    given = {str(quantity.peek(name)) for name in ("code", "unit") if quantity.peek(name) is not None}
    if quantity.peek("comparator") or (unit is not None and not given & {unit, *_SPOKEN_UNITS.get(unit, ())}):
        return None
    value = quantity.take("value")
    for name in ("unit", "system", "code"):
        quantity.take(name)
    return None if value is None else float(value)


def questionnaire_events(response: Elements, name: str, _: str | None, context: Context) -> Iterator[Draft]:
    if response.take("status") not in ("completed", "amended"):
        raise NotRepresentable("QuestionnaireResponse.status: neither completed nor amended")
    subject, authored = context.patient(response), response.take("authored")
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
