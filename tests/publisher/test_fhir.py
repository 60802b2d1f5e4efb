"""FHIR R4 comes in by its own door: what the network can say of a resource becomes its event."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from clinic_events.verdicts import judge
from clinic_publisher.check import check_file
from clinic_publisher.fhir.bundles import ConvertedEntry

from .fhir_resources import BUNDLE, bundle, events, resource

Read = Callable[..., list[ConvertedEntry]]


def test_each_resource_becomes_its_event(read: Read) -> None:
    assert [event["type"] for event in events(read(BUNDLE))] == [
        "patient.enrolled", "practitioner.credential_recorded", "assessment.completed", "treatment_plan.created",
        "session.completed", "outcome.recorded", "measurement.recorded", "measurement.recorded", "outcome.recorded",
        "adverse_event.reported",
    ]  # fmt: skip


def test_every_event_is_one_that_the_platform_takes(read: Read) -> None:
    verdicts = [judge(json.dumps(event).encode(), "north-bridge", datetime.now(UTC)) for event in events(read(BUNDLE))]
    assert {reason.code for verdict in verdicts for reason in verdict.reasons} <= {"local_event_unplaced"}
    assert "quarantined" not in {verdict.status for verdict in verdicts}


def test_a_procedure_is_a_session_with_the_needles_of_its_extensions(read: Read) -> None:
    (session,) = [event["data"] for event in events(read(BUNDLE)) if event["type"] == "session.completed"]
    assert session["needles"] == [
        {"point": "St-36", "side": "left", "depth_mm": 12.5, "de_qi_sensations": ["heaviness"]},
    ]
    assert (session["session_id"], session["practitioner_id"], session["plan_id"]) == ("s1", "dr-7", "t1")
    assert (session["duration_min"], session["needles_inserted"], session["ae_screen_method"]) == (45, 1, "checklist")
    assert session["techniques"] == ["electroacupuncture"]


def test_an_adverse_event_is_linked_to_its_session_through_the_bundle(read: Read) -> None:
    (report,) = [event["data"] for event in events(read(BUNDLE)) if event["type"] == "adverse_event.reported"]
    assert report == {
        "case_id": "a1", "term": "haematoma_bruise", "session_id": "s1", "severity": "mild", "serious": False,
        "onset_at": "2026-03-02T18:00:00+01:00", "causality": "probable", "outcome": "recovered",
    }  # fmt: skip


def test_a_blood_pressure_is_two_measurements(read: Read) -> None:
    found = [event["data"] for event in events(read(BUNDLE)) if event["type"] == "measurement.recorded"]
    assert found == [
        {"code": "systolic_blood_pressure", "value": 128},
        {"code": "diastolic_blood_pressure", "value": 80},
    ]


def test_an_icd_code_stays_as_it_is_and_says_for_how_long(read: Read) -> None:
    (found,) = [event["data"] for event in events(read(BUNDLE)) if event["type"] == "assessment.completed"]
    assert found == {"conditions": [{"code": "G43", "chronicity_years": 6.17}]}


def test_partial_dates_of_a_credential_mean_their_first_and_their_last_day(read: Read) -> None:
    (found,) = [event["data"] for event in events(read(BUNDLE)) if event["type"] == "practitioner.credential_recorded"]
    assert (found["valid_from"], found["valid_until"]) == ("2024-01-01", "2027-02-28")


def test_what_finds_no_place_is_told_by_its_element_and_never_by_its_value(read: Read) -> None:
    told = {entry.number: entry.converted.left_out for entry in read(BUNDLE) if entry.converted.left_out}
    assert told == {
        1: ["Patient.name"],
        4: ["CarePlan.activity.detail.status"],
        5: ["Procedure.note"],
        8: ["QuestionnaireResponse.item.answer", "QuestionnaireResponse.item.linkId"],
    }
    assert "Zqsmith" not in json.dumps(events(read(BUNDLE)))


def test_a_day_becomes_its_noon_where_the_clinic_is_or_is_refused(read: Read) -> None:
    score = resource("Observation", effectiveDateTime="2026-07-02")
    assert events(read(bundle(score)))[1]["time"] == "2026-07-02T12:00:00+02:00"
    refusal = read(bundle(score), zone=None)[1].refused
    assert refusal == "Observation.effectiveDateTime: only a day; say with --timezone where the clinic is"


def test_ids_stay_and_a_new_version_of_a_resource_is_a_new_event(read: Read) -> None:
    score = resource("Observation")
    ids = [events(read(bundle(each)))[1]["id"] for each in (score, score, {**score, "meta": {"versionId": "2"}})]
    assert ids[0] == ids[1] != ids[2]


def test_resources_may_come_one_a_line(read: Read) -> None:
    entries = read(resource("Observation"), resource("Procedure"))
    assert [entry.number for entry in entries] == [1, 2]
    assert [event["type"] for event in events(entries)] == ["outcome.recorded", "session.completed"]


def test_a_check_tells_what_a_publish_would_send(tmp_path: Path) -> None:
    path = tmp_path / "bundle.json"
    path.write_text(json.dumps(bundle({"resourceType": "Medication", "id": "m"})))
    report = check_file(path, "north-bridge", file_format="fhir")
    assert [event.verdict for event in report.events] == ["accepted"]
    assert [(line.line, line.elements) for line in report.left_out] == [(1, ["Patient.name"])]
    assert (len(report.refused), report.exit_code) == (1, 1)


@pytest.mark.parametrize(
    ("code", "serious", "criteria"),
    [
        ("SeriousResultsInDeath", True, ["death"]),
        ("SeriousIsLifeThreatening", True, ["life_threatening"]),
        ("SeriousResultsInHospitalization", True, ["hospitalisation"]),
        ("Serious", True, None),
        ("Non-serious", False, None),
    ],
)
def test_a_serious_event_is_serious_by_hl7_s_own_codes(
    read: Read, code: str, serious: bool, criteria: list[str] | None
) -> None:
    harm = resource("AdverseEvent", seriousness={"coding": [{"code": code}]})
    event = events(read(bundle(harm)))[1]
    assert (event["data"]["serious"], event["data"].get("seriousness_criteria")) == (serious, criteria)
    verdict = judge(json.dumps(event).encode(), "north-bridge", datetime.now(UTC))
    assert verdict.says_serious == serious


def test_a_seriousness_that_is_not_known_is_told(read: Read) -> None:
    harm = resource("AdverseEvent", seriousness={"text": "grave"})
    assert "AdverseEvent.seriousness.text" in read(bundle(harm))[1].converted.left_out
