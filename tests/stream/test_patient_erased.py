"""Of an event about a patient who was erased goes on that it came, and the clinic is told why it was refused."""

import json
from dataclasses import replace

import pytest

from network_registry.erased_patients import NOBODY, ErasedPatients, hash_of_patient
from network_registry.pseudonyms import patient_pseudonym
from network_registry.topics import ALERTS, EVENTS, QUARANTINE
from session_stream.decide import decide

SECRET, PATIENT = b"e" * 32, "PATIENT-4711"
HARM = {"type": "adverse_event.reported", "data": {"term": "pneumothorax", "severity": "severe", "is_serious": True}}
MERGER = {"type": "patient.merged", "subject": "PATIENT-0815", "data": {"former_reference": PATIENT}}


@pytest.fixture
def erased(keys) -> ErasedPatients:
    pseudonym = patient_pseudonym(keys.pseudonym, "alpha", PATIENT)
    return ErasedPatients(SECRET).with_patients([hash_of_patient(SECRET, pseudonym)])


@pytest.mark.parametrize("told", [{}, HARM, MERGER], ids=["a session", "a serious event", "a merger with the patient"])
def test_neither_bytes_nor_id_nor_alert_of_it_goes_on(arriving, source, keys, a_session, erased, told):
    outputs = decide([arriving(a_session("e-1", **told))], source, keys, erased)
    assert [output.topic for output in outputs] == [QUARANTINE, "clinic.alpha.receipts"]
    record, receipt = (json.loads(output.value) for output in outputs)
    assert (record["event_id"], record["event_type"], record["ciphertext"]) == (None, None, "")
    assert record["reasons"] == receipt["reasons"] == [{"code": "patient_erased", "path": "/subject"}]
    assert (receipt["verdict"], receipt["event_id"], receipt["offset"]) == ("quarantined", "e-1", 7)
    assert PATIENT not in str(outputs) and patient_pseudonym(keys.pseudonym, "alpha", PATIENT) not in str(outputs)


@pytest.mark.parametrize("subject", ["PATIENT-0815", None])
def test_events_of_others_go_on_as_before(arriving, source, keys, a_session, erased, subject):
    record = arriving(a_session("e-1", subject=subject))
    topics = [output.topic for output in decide([record], source, keys, erased)]
    assert topics == [output.topic for output in decide([record], source, keys, NOBODY)]


def test_the_same_reference_in_another_clinic_is_another_patient(arriving, source, keys, a_session, erased):
    outputs = decide([arriving(a_session("e-1"))], replace(source, clinic_id="beta"), keys, erased)
    assert outputs[0].topic == EVENTS and ALERTS not in {output.topic for output in outputs}
