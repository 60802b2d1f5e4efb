"""What the FHIR door cannot say is told, never dropped, and never taken for something else."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic_publisher.check import check_file
from clinic_publisher.fhir.bundles import ConvertedEntry, read_fhir

from .fhir_resources import BERLIN, BUNDLE, bundle, events, resource

NEEDLE = "https://meridian.example/fhir/StructureDefinition/needle"
Read = Callable[..., list[ConvertedEntry]]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"resourceType": "Medication", "id": "m"}, "not one of Patient, "),
        (resource("Patient", birthDate="Zq"), "not valid FHIR: Patient.birthDate"),
        (resource("Patient", Zqname="Zq"), "not valid FHIR: an element that FHIR does not know"),
        (resource("Condition", subject={"reference": "urn:uuid:99"}), "subject: leads to no entry of this bundle"),
        (resource("Condition", code={"text": "Zq"}), "Condition.code: no code"),
        (resource("Condition", verificationStatus={"coding": [{"code": "refuted"}]}), "Condition: refuted or entered"),
        (resource("Procedure", status="not-done"), "Procedure.status: not completed"),
        (resource("Procedure", code={"text": "Zq massage"}), "Procedure.code: not known to be acupuncture"),
        (resource("Procedure", performedPeriod=None), "Procedure: no time"),
        (resource("Procedure", performedPeriod={"start": "2026-03"}), "Procedure.performedPeriod.start: less than a"),
        (resource("Observation", code={"text": "Zq"}), "Observation: no score, and no measurement"),
        (resource("Observation", status="entered-in-error"), "Observation.status: "),
        (resource("QuestionnaireResponse", item=[]), "QuestionnaireResponse.item: no total score"),
        (resource("AdverseEvent", actuality="potential"), "AdverseEvent.actuality: it did not happen"),
        (resource("AdverseEvent", event=None), "AdverseEvent.event: no code for what happened"),
        (resource("Practitioner", qualification=None), "Practitioner: no qualification"),
        ("Zq", "not one of Patient, "),
    ],
)  # fmt: skip
def test_what_cannot_be_said_is_refused_with_a_reason_and_the_rest_goes_on(read: Read, given: Any, reason: str) -> None:
    first, refused = read(bundle(given))
    assert first.converted.bodies and not refused.converted.bodies
    assert refused.refused is not None and refused.refused.startswith(reason) and "Zq" not in refused.refused


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (resource("Condition", subject={"reference": "Group/g1"}), "subject: leads to nobody who is a patient"),
        (resource("CarePlan", status="draft"), "CarePlan.status: "),
        (resource("CarePlan", intent="proposal"), "CarePlan.intent: "),
        (resource("CarePlan", activity=[{"detail": {"status": "scheduled", "code": {"text": "Physiotherapy"}}}]),
         "CarePlan: neither category"),
        (resource("Procedure", code={"text": "No acupuncture given; massage"}), "Procedure.code: not known"),
        (resource("Procedure", code={"text": "Non-acupuncture massage"}), "Procedure.code: not known"),
        (resource("Procedure", modifierExtension=[{"url": "https://x.example/not", "valueBoolean": True}]),
         "Procedure.modifierExtension: "),
        ({"resourceType": []}, "not one of Patient, "),
    ],
)  # fmt: skip
def test_what_is_something_else_is_never_taken_for_it(read: Read, given: Any, reason: str) -> None:
    refused = read(bundle(given))[1].refused
    assert refused is not None and refused.startswith(reason)


def pulse(**quantity: Any) -> dict[str, Any]:
    code = {"coding": [{"system": "http://loinc.org", "code": "8867-4"}]}
    return resource("Observation", code=code, valueQuantity=quantity)


def test_a_measurement_counts_only_in_its_own_unit(read: Read) -> None:
    good = pulse(value=72, unit="beats/minute", code="/min")
    assert events(read(bundle(good)))[1]["data"] == {"code": "heart_rate", "value": 72}
    for other in ({"value": 180, "code": "[lb_av]"}, {"value": 180}, {"value": 72, "code": "/min", "comparator": "<"}):
        assert read(bundle(pulse(**other)))[1].refused is not None


def test_a_reference_to_another_kind_of_resource_is_told_and_not_taken(read: Read) -> None:
    changes = {"performer": [{"actor": {"reference": "Patient/p1"}}], "basedOn": [{"reference": "ServiceRequest/r1"}]}
    session = read(bundle(resource("Procedure", **changes)))[1]
    assert session.converted.left_out == [
        "Procedure.basedOn.reference", "Procedure.note", "Procedure.performer.actor.reference",
    ]  # fmt: skip
    assert not {"practitioner_id", "plan_id"} & events([session])[0]["data"].keys()


def test_a_needle_s_part_that_is_said_twice_counts_once_and_the_other_is_told(read: Read) -> None:
    parts = [{"url": "point", "valueString": "ST36"}, {"url": "point", "valueString": "LI4"}]
    session = read(bundle(resource("Procedure", extension=[{"url": NEEDLE, "extension": parts}])))[1]
    assert events([session])[0]["data"]["needles"] == [{"point": "ST36"}]
    assert "Procedure.extension.extension.valueString" in session.converted.left_out


def test_a_day_is_no_onset_for_a_made_up_noon_would_contradict_the_times_around_it(read: Read) -> None:
    (report,) = events(read(bundle(resource("AdverseEvent", date="2026-03-04"))))[1:]
    assert report["time"] == "2026-03-04T08:00:00+01:00" and "onset_at" not in report["data"]


def test_a_line_that_cannot_be_read_costs_itself_alone(tmp_path: Path) -> None:
    path = tmp_path / "lines.ndjson"
    score = json.dumps(resource("Observation")).encode()
    broken = [b"no json", "Müller".encode("latin-1"), score.replace(b'"o1"', '"a\u2028b"'.encode())]
    path.write_bytes(b"\n".join([score, *broken]))
    entries = list(read_fhir(path, "north-bridge", BERLIN))
    assert [entry.refused for entry in entries[:3]] == [None, "not JSON", "not UTF-8"]
    assert len(entries) == 4


def test_a_bundle_s_time_that_is_none_is_not_used(read: Read) -> None:
    undated = resource("Condition", recordedDate=None)
    refused = read({**bundle(undated), "timestamp": "yesterday Zqsmith"})[1].refused
    assert refused == "Condition: no time (recordedDate)"


@pytest.mark.parametrize(
    "raw", [b"", b"no json", b"\xff\xfe", b"[" * 50_000, b'{"resourceType":"Bundle"}', b"\x00" * 10]
)
def test_a_file_that_is_no_fhir_is_one_line_and_exit_2(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "file.json"
    path.write_bytes(raw)
    report = check_file(path, "north-bridge", file_format="fhir")
    assert report.exit_code == 2 and len(report.problems) == 1 and "\n" not in report.problems[0]


@pytest.mark.parametrize(
    ("how", "problem"),
    [
        ({"timezone": "Mars/Olympus"}, "--timezone: no such time zone"),
        ({"mapping": Path("m.yaml")}, "--format fhir has a mapping of its own"),
        ({"clinic_id": None}, "say with --clinic whose events these are"),
    ],
)
def test_wrong_usage_is_one_line(tmp_path: Path, how: dict[str, Any], problem: str) -> None:
    path = tmp_path / "bundle.json"
    path.write_text(json.dumps(BUNDLE))
    (told,) = check_file(path, **{"clinic_id": "north-bridge", "file_format": "fhir", **how}).problems
    assert told.startswith(problem)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(
    kind=st.sampled_from([entry["resource"]["resourceType"] for entry in BUNDLE["entry"]]),
    element=st.text(max_size=8) | st.sampled_from(["status", "code", "subject", "extension", "id", "meta", "period"]),
    value=json_values,
)
def test_no_resource_whatever_is_in_it_makes_the_door_fail(
    tmp_path_factory: pytest.TempPathFactory, kind: str, element: str, value: Any
) -> None:
    path = tmp_path_factory.getbasetemp() / "hostile.json"
    path.write_text(json.dumps(bundle({**resource(kind), element: value})))
    entries = list(read_fhir(path, "north-bridge", BERLIN))
    assert len(entries) == 2
    assert all(entry.refused or entry.converted.bodies for entry in entries)


def test_a_resource_larger_than_an_event_is_refused_and_the_rest_goes_on(tmp_path: Path) -> None:
    parts = [{"url": "point", "valueString": "ST36"}, {"url": "lot", "valueString": "A" * 60}]
    session = resource("Procedure", extension=[{"url": NEEDLE, "extension": parts}] * 14_000)
    path = tmp_path / "large.json"
    path.write_text(json.dumps(bundle(session)))
    report = check_file(path, "north-bridge", file_format="fhir")
    assert [line.line for line in report.refused] == [2] and len(report.events) == 1
