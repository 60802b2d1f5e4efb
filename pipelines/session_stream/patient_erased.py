"""Whether an event is about a patient who was erased: asked before anything of it is passed on. Pure."""

from clinic_events.patients import PatientMerged
from clinic_events.verdicts import Verdict
from network_registry.erased_patients import ErasedPatients
from network_registry.keys import Key
from network_registry.pseudonyms import patient_pseudonym


def is_about_the_erased(verdict: Verdict, clinic_id: str, key: Key, erased: ErasedPatients) -> bool:
    """Also of a merger that names such a patient as the former self of another."""
    references = [verdict.event.subject] if verdict.event else []
    if isinstance(verdict.data, PatientMerged):
        references.append(verdict.data.former_reference)
    return any(erased.holds_patient(patient_pseudonym(key, clinic_id, one)) for one in references if one)
