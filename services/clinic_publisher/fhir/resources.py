"""Which resource becomes what, and how its events get ids that stay."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from clinic_events.catalogue import EVENT_TYPES
from clinic_publisher.fhir.care import condition_events, plan_events
from clinic_publisher.fhir.context import Context, Draft, NotRepresentable, name_of
from clinic_publisher.fhir.elements import Elements
from clinic_publisher.fhir.harm import adverse_event_events
from clinic_publisher.fhir.people import patient_events, practitioner_events
from clinic_publisher.fhir.scores import observation_events, questionnaire_events
from clinic_publisher.fhir.sessions import procedure_events

Converter = Callable[[Elements, str, str | None, Context], Iterator[Draft]]

CONVERTERS: dict[str, Converter] = {
    "Patient": patient_events,
    "Practitioner": practitioner_events,
    "Condition": condition_events,
    "CarePlan": plan_events,
    "Procedure": procedure_events,
    "Observation": observation_events,
    "QuestionnaireResponse": questionnaire_events,
    "AdverseEvent": adverse_event_events,
}
# The root of all ids of this door. A change would make every resource's events new ones.
_NAMESPACE = uuid.UUID("3f0f2d6e-8f3e-5a55-9b0c-66686972646f")
_encode = msgspec.json.Encoder().encode


@dataclass(frozen=True)
class Converted:
    """The events of a resource as bytes, and the names of the elements that found no place in them."""

    bodies: list[bytes]
    left_out: list[str]


def convert(resource: dict[str, Any], clinic_id: str, said_at: str | None, context: Context) -> Converted:
    """The events of one resource, the same bytes each time. Raises `NotRepresentable`."""
    kind, name = str(resource["resourceType"]), name_of(resource)
    if resource.get("modifierExtension"):
        raise NotRepresentable(f"{kind}.modifierExtension: it changes what is meant, and how is not known")
    if name is None:
        raise NotRepresentable(f"{kind}: neither id nor identifier")
    elements, meta = Elements(resource), resource.get("meta") or {}
    recorded_at = meta.get("lastUpdated")
    try:
        drafts = list(CONVERTERS[kind](elements, name, recorded_at or said_at, context))
    except (ValueError, TypeError, ArithmeticError):
        # Of one entry; and never in the error's own words, which may repeat a value.
        raise NotRepresentable(f"{kind}: holds a value that cannot be used") from None
    identity = [clinic_id, kind, name, meta.get("versionId")]
    bodies = [_event(draft, clinic_id, identity, recorded_at) for draft in drafts]
    return Converted(bodies, [f"{kind}.{name}" for name in elements.left()])


def _event(draft: Draft, clinic_id: str, identity: list[Any], recorded_at: str | None) -> bytes:
    event = {
        "specversion": "1.0",
        "id": str(uuid.uuid5(_NAMESPACE, _encode([*identity, draft.type, draft.part]).decode())),
        "source": "fhir",
        "type": draft.type,
        "time": draft.time,
        "clinicid": clinic_id,
        **({"recordedtime": recorded_at} if recorded_at else {}),
        **({"subject": draft.subject} if EVENT_TYPES[draft.type].about_patient else {}),
        "data": draft.data,
    }
    return _encode(event)
