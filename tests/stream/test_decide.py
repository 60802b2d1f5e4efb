"""What becomes of one event: where it goes, what it gains, what it loses."""

import json
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic_events.network_records import Decided, QuarantinedEvent, decode_receipt
from network_registry.pseudonyms import patient_pseudonym
from session_stream.decide import decide
from session_stream.quarantine import TOO_LARGE
from session_stream.sealing import open_sealed

RECEIPTS = "clinic.alpha.receipts"


def quarantined(outputs: dict[str, bytes]) -> QuarantinedEvent:
    return msgspec.json.decode(outputs["network.quarantine"], type=QuarantinedEvent)


def receipt(outputs: dict[str, bytes]) -> Decided:
    decided = decode_receipt(outputs[RECEIPTS])
    assert isinstance(decided, Decided)
    return decided


def codes(reasons) -> set[str]:
    return {reason.code for reason in reasons}


def test_an_accepted_event_carries_its_origin_its_pseudonym_and_what_is_certain(outcome, a_session, keys):
    accepted = json.loads(outcome(a_session("e-1"))["network.events"])
    assert accepted["origin"] == {
        "cluster_id": "cluster-1", "topic": "clinic.alpha.events", "topic_id": "topic-1", "partition": 2, "offset": 7,
    }  # fmt: skip
    assert accepted["patient_id"] == patient_pseudonym(keys.pseudonym, "alpha", "PATIENT-4711")
    assert accepted["occurred_at"] == "2024-03-01T10:00:00+02:00" and accepted["received_at"] == "2024-03-01T09:00:00Z"
    assert accepted["data"]["needles"][0]["point"] == "St-36"
    assert accepted["facts"]["needles"][0] == {
        "point_code": "ST36", "meridian": "ST", "organ": "stomach", "region": "lower_leg",
    }  # fmt: skip


def test_what_the_envelope_says_of_the_event_travels_with_it(outcome, a_session):
    said = {"supersedes": "e-0", "sourceepoch": 2, "sourcesequence": 1207, "testdata": True,
            "recordedtime": "2024-03-01T10:05:00+02:00",
            "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}  # fmt: skip
    accepted = json.loads(outcome(a_session("e-1", **said))["network.events"])
    assert {name: accepted[name] for name in ("supersedes", "source_epoch", "source_sequence", "is_test")} == {
        "supersedes": "e-0", "source_epoch": 2, "source_sequence": 1207, "is_test": True,
    }  # fmt: skip
    assert (accepted["recorded_at"], accepted["traceparent"]) == (said["recordedtime"], said["traceparent"])


def test_a_trace_is_told_in_the_receipt_and_in_the_alert(outcome, a_session):
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    report = {"term": "pneumothorax", "severity": "severe", "seriousness": ["hospitalisation"]}
    found = outcome(a_session("e-1", type="adverse_event.reported", data=report, traceparent=trace))
    for topic in ("clinic.alpha.receipts", "network.alerts"):
        assert json.loads(found[topic])["traceparent"] == trace
    for topic, value in outcome(a_session("e-1", traceparent="Mrs Smith")).items():
        assert b"traceparent" not in value, topic


def test_a_trace_that_is_none_and_the_name_of_the_source_go_no_further(outcome, a_session):
    record = outcome(a_session("e-1", traceparent="Mrs Smith", source="/patients/Mrs Smith"))["network.events"]
    assert b"Smith" not in record and len(json.loads(record)["source_key"]) == 16


def test_a_merger_goes_on_under_two_pseudonyms_and_keeps_neither_reference(outcome, a_session, keys):
    raw = a_session("m-1", type="patient.merged", data={"former_reference": "PATIENT-0815", "kind": "duplicate"})
    accepted = json.loads(outcome(raw)["network.events"])
    assert accepted["patient_id"] == patient_pseudonym(keys.pseudonym, "alpha", "PATIENT-4711")
    assert accepted["facts"] == {"former_patient_id": patient_pseudonym(keys.pseudonym, "alpha", "PATIENT-0815")}
    assert "PATIENT" not in json.dumps(accepted)


def test_one_practitioner_is_recognised_in_two_clinics(arriving, source, keys, a_session):
    def credential(clinic_id: str, issuer: str, number: str) -> str:
        data = {"practitioner_id": f"of-{clinic_id}", "credential": "licence", "issuer": issuer, "number": number,
                "valid_from": "2024-01-01"}  # fmt: skip
        raw = a_session("c-1", type="practitioner.credential_recorded", data=data)
        output = decide([arriving(raw)], replace(source, clinic_id=clinic_id), keys)[0]
        return json.loads(output.value)["facts"]["credential_key"]

    assert credential("alpha", "NCCAOM", "AC 112358") == credential("beta", "Nccaom", "ac112358")
    assert credential("alpha", "NCCAOM", "112358") != credential("alpha", "NCCAOM", "112359")


def test_the_key_of_an_accepted_event_is_the_pseudonym(arriving, source, keys, a_session):
    output = decide([arriving(a_session("e-1"))], source, keys)[0]
    assert output.key == patient_pseudonym(keys.pseudonym, "alpha", "PATIENT-4711").encode()


def test_every_event_has_one_receipt_with_its_place_and_verdict(outcome, a_session):
    told = receipt(outcome(a_session("e-1")))
    assert (told.topic_id, told.partition, told.offset) == ("topic-1", 2, 7)
    assert (told.event_id, told.verdict, told.reasons) == ("e-1", "accepted", [])


def test_a_flagged_event_is_accepted_with_its_flags(outcome, a_session):
    outputs = outcome(a_session("e-1", time="2031-01-01T00:00:00Z"))
    assert receipt(outputs).verdict == "flagged" and codes(receipt(outputs).reasons) == {"future_dated"}
    assert json.loads(outputs["network.events"])["flags"] == [{"code": "future_dated", "path": "/time"}]


def test_a_refused_event_is_quarantined_with_its_bytes_sealed_and_expiring(outcome, a_session, keys):
    raw = a_session("e-1", time="yesterday")
    record = quarantined(outcome(raw))
    assert codes(record.reasons) == {"unreadable_time"}
    assert open_sealed(keys.quarantine, record.origin, record.ciphertext) == raw
    assert (record.expires_at - record.received_at).days == 30


def test_an_event_that_names_another_clinic_is_quarantined(outcome, a_session):
    outputs = outcome(a_session("e-1", clinicid="beta"))
    assert codes(quarantined(outputs).reasons) == {"wrong_clinic"}
    assert quarantined(outputs).clinic_id == "alpha" and "network.events" not in outputs


@pytest.mark.parametrize("raw", [None, b"", b"\x00", b"\xff\xfe{}", b"[1]", b'{"id":', b"[" * 200_000])
def test_a_record_that_is_null_empty_or_no_event_is_quarantined_as_unreadable(outcome, raw):
    outputs = outcome(raw)
    assert codes(quarantined(outputs).reasons) == {"unreadable"}
    assert receipt(outputs).verdict == "quarantined" and receipt(outputs).offset == 7


def serious(a_session, **changes) -> bytes:
    return a_session("a-1", type="adverse_event.reported", data={"term": "pneumothorax", "serious": True}, **changes)


def test_a_serious_event_raises_the_alert(outcome, a_session):
    alert = json.loads(outcome(serious(a_session))["network.alerts"])
    assert alert["kind"] == "serious_event" and alert["event_id"] == "a-1" and not alert["quarantined"]


def test_a_serious_event_raises_the_alert_even_when_it_is_quarantined(outcome, a_session):
    outputs = outcome(serious(a_session, time=None))
    assert json.loads(outputs["network.alerts"])["quarantined"] and quarantined(outputs).says_serious


def test_an_ordinary_event_raises_none(outcome, a_session):
    assert "network.alerts" not in outcome(a_session("e-1"))


def many_needles(count: int) -> list[dict]:
    return [{"point": "GB20"}] * count


def test_an_accepted_event_that_grows_too_large_leaves_a_pointer_in_the_quarantine(outcome, a_session):
    raw = a_session("e-1", data={"session_id": "s-1", "needles": many_needles(52_000)})
    assert len(raw) < 2**20
    outputs = outcome(raw)
    record = quarantined(outputs)
    assert TOO_LARGE in record.reasons and record.ciphertext == b"" and record.origin.offset == 7
    assert receipt(outputs).verdict == "quarantined" and "network.events" not in outputs


def test_an_event_larger_than_the_contract_allows_is_quarantined_and_still_fits(outcome, a_session, keys):
    raw = a_session("e-1", source="x" * (2**20))
    record = quarantined(outcome(raw))
    assert codes(record.reasons) == {"too_large"}
    assert open_sealed(keys.quarantine, record.origin, record.ciphertext) == raw


def test_a_hundred_thousand_reasons_shrink_to_one_for_each_code(outcome, a_session):
    raw = a_session("e-1", data={"session_id": "s-1", "needles": [{"x": 1}] * 100_000})
    outputs = outcome(raw)
    assert codes(quarantined(outputs).reasons) == {"too_large", "missing_field", "unknown_field"}
    assert len(receipt(outputs).reasons) == 3 and len(outputs[RECEIPTS]) < 1000


def test_a_receipt_that_would_not_fit_keeps_one_reason_of_each_code(outcome, a_session):
    outputs = outcome(a_session("e-1", data={"session_id": "s-1", "needles": [{"point": "??"}] * 20_000}))
    told = receipt(outputs)
    assert told.verdict == "flagged" and codes(told.reasons) == {"unknown_point"} and len(told.reasons) == 1
    assert len(json.loads(outputs["network.events"])["flags"]) == 20_000


hostile = st.fixed_dictionaries(
    {},
    optional={
        "time": st.sampled_from(["2024-03-01T10:00:00Z", "noon", None, 5]),
        "type": st.sampled_from(["session.completed", "outcome.recorded", "MRS SECRET-REFERENCE", None]),
        "clinicid": st.sampled_from(["alpha", "beta", "SECRET-REFERENCE"]),
        "data": st.sampled_from([{}, {"SECRET-REFERENCE": 1}, {"session_id": "s", "needles": [{"SECRET-REFERENCE": 1}]},
                                 "SECRET-REFERENCE", {"term": "SECRET-REFERENCE " * 9, "serious": True}]),
        "SECRET-REFERENCE": st.just("SECRET-REFERENCE"),
    },
)  # fmt: skip


@given(changes=hostile, cut=st.integers(0, 30))
def test_no_output_shows_the_patient_reference_of_a_broken_event(changes, cut, arriving, source, keys, a_session):
    raw = a_session("e-1", **{"subject": "SECRET-REFERENCE", **changes})
    for output in decide([arriving(raw[: len(raw) - cut])], source, keys):
        if output.topic != "network.events":  # codes that a clinic sends in `data` are its own words, and are flagged
            assert b"SECRET-REFERENCE" not in output.value and b"SECRET-REFERENCE" not in (output.key or b"")


@given(records=st.lists(st.binary(max_size=60) | st.none(), max_size=20))
def test_whatever_arrives_has_one_receipt_and_one_place_in_order(records, arriving, source, keys):
    outputs = decide([arriving(raw, offset) for offset, raw in enumerate(records)], source, keys)
    told = [receipt({output.topic: output.value}).offset for output in outputs if output.topic == RECEIPTS]
    places = ("network.events", "network.quarantine")
    placed = [json.loads(output.value)["origin"]["offset"] for output in outputs if output.topic in places]
    assert told == placed == list(range(len(records)))
