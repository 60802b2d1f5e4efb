"""Patient -> patient.enrolled; Practitioner -> practitioner.credential_recorded, one for each qualification."""

import calendar
from collections.abc import Iterator
from typing import Any

from clinic_publisher.fhir.codes import SEXES, code_of
from clinic_publisher.fhir.context import Context, Draft, NotRepresentable
from clinic_publisher.fhir.elements import Elements


def patient_events(patient: Elements, name: str, said_at: str | None, _: Context) -> Iterator[Draft]:
    if said_at is None:
        raise NotRepresentable("Patient: no time (neither meta.lastUpdated nor Bundle.timestamp)")
    born, sex = patient.take("birthDate"), SEXES.get(str(patient.peek("gender")))
    if sex:
        patient.take("gender")
    data = {"birth_year": int(str(born)[:4]) if born else None, "sex": sex}
    yield Draft("patient.enrolled", said_at, present(data), name)


def practitioner_events(practitioner: Elements, name: str, said_at: str | None, _: Context) -> Iterator[Draft]:
    if said_at is None:
        raise NotRepresentable("Practitioner: no time (neither meta.lastUpdated nor Bundle.timestamp)")
    qualifications = practitioner.all("qualification")
    if not qualifications:
        raise NotRepresentable("Practitioner: no qualification")
    for number, qualification in enumerate(qualifications):
        data = _credential(qualification) | {"practitioner_id": name}
        yield Draft("practitioner.credential_recorded", said_at, present(data), part=str(number))


def _credential(qualification: Elements) -> dict[str, Any]:
    period, issuer = qualification.one("period"), qualification.one("issuer")
    return {
        "credential": code_of(qualification.one("code"), "credentials"),
        "issuer": issuer.take("display"),
        "number": qualification.one("identifier").take("value"),
        "valid_from": first_day(period.take("start")),
        "valid_until": last_day(period.take("end")),
    }


def first_day(value: Any) -> str | None:
    """The first day that a partial date may mean; None without one."""
    if value is None:
        return None
    text = str(value)[:10]
    return text + "-01-01"[len(text) - 4 :]


def last_day(value: Any) -> str | None:
    """The last day that a partial date may mean; None without one."""
    if value is None:
        return None
    text = str(value)[:10]
    if len(text) == 4:
        return f"{text}-12-31"
    if len(text) == 7:
        return f"{text}-{calendar.monthrange(int(text[:4]), int(text[5:]))[1]:02d}"
    return text


def present(data: dict[str, Any]) -> dict[str, Any]:
    """Without what was not recorded."""
    return {name: value for name, value in data.items() if value not in (None, [])}
