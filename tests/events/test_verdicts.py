"""Refused is only what cannot be read or attributed; everything implausible is accepted with a flag."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from clinic_events.enrich import enrich
from clinic_events.verdicts import Verdict, judge

RECEIVED = datetime(2026, 4, 1, tzinfo=UTC)


def event(kind: str = "session.completed", data: dict | None = None, **attributes: object) -> bytes:
    document = {
        "specversion": "1.0",
        "id": "e1",
        "source": "s",
        "type": kind,
        "time": "2026-03-02T09:30:00+01:00",
        "subject": "P-1",
        "data": {"session_id": "S-1"} if data is None else data,
    }
    return json.dumps({**document, **attributes}).encode()


def verdict(raw: bytes) -> Verdict:
    return judge(raw, "north-bridge", RECEIVED)


def reasons(raw: bytes) -> list[tuple[str, str]]:
    return [(reason.code, reason.path) for reason in verdict(raw).reasons]


def test_all_reasons_are_told_at_once() -> None:
    raw = event(id="", clinicid="south", subject=None, data={"session_id": 7, "retention_min": "long"})
    assert reasons(raw) == [
        ("invalid_id", "/id"),
        ("missing_patient", "/subject"),
        ("wrong_clinic", "/clinicid"),
        ("wrong_type", "/data/retention_min"),
        ("wrong_type", "/data/session_id"),
    ]


def test_an_event_that_names_its_own_clinic_is_accepted() -> None:
    assert verdict(event(clinicid="north-bridge")).status == "accepted"


def test_an_unknown_type_is_never_repeated_in_the_verdict() -> None:
    assert verdict(event(kind="mrs.smith.called")).event_type is None


def test_a_credential_needs_no_patient() -> None:
    data = {"practitioner_id": "p", "credential": "licence", "issuer": "i", "number": "1", "valid_from": "2024-01-01"}
    assert verdict(event("practitioner.credential_recorded", data, subject=None)).status == "accepted"


@pytest.mark.parametrize(("hours", "expected"), [(0.5, []), (2, [("future_dated", "/time")])])
def test_a_clock_may_be_an_hour_fast(hours: float, expected: list) -> None:
    assert reasons(event(time=(RECEIVED + timedelta(hours=hours)).isoformat())) == expected


def test_a_whole_number_written_as_a_fraction_is_a_whole_number() -> None:
    assert verdict(event(data={"session_id": "S-1", "needles_inserted": 3.0})).status == "accepted"


def test_a_null_is_the_same_as_nothing() -> None:
    assert verdict(event(data={"session_id": "S-1", "retention_min": None, "ae_screen_method": None})).reasons == ()


def test_needles_not_all_taken_out_are_flagged_not_refused() -> None:
    raw = event(data={"session_id": "S-1", "needles_inserted": 8, "needles_removed": 7})
    assert reasons(raw) == [("needles_unaccounted", "/data/needles_removed")]


def test_an_identifier_is_never_cut_to_length() -> None:
    assert reasons(event(data={"session_id": "S" * 65})) == [("invalid_id", "/data/session_id")]


def test_the_clinics_own_offset_is_kept() -> None:
    found = verdict(event()).event
    assert found is not None and found.time.utcoffset() == timedelta(hours=1)


@pytest.mark.parametrize(
    "data",
    [
        {"term": "pneumothorax"},
        {"term": "fall", "serious": True},
        {"term": "fall", "seriousness_criteria": ["hospitalisation"]},
        {"term": "fall", "severity": "fatal"},
    ],
)
def test_an_event_that_says_or_implies_seriousness_raises_the_alert(data: dict) -> None:
    assert verdict(event("adverse_event.reported", data)).says_serious


@pytest.mark.parametrize("tail", [b"", b"}", b"\x00", b"\xff"])
@pytest.mark.parametrize("word", [b'"serious" : true', b'"severity":"fatal"', b'"term":"pneumothorax"'])
def test_a_payload_that_cannot_be_read_still_raises_the_alert(word: bytes, tail: bytes) -> None:
    found = verdict(b'{"type":"adverse_event.reported",' + word + tail)
    assert found.status == "quarantined" and found.says_serious


def test_a_bruise_raises_no_alert() -> None:
    assert not verdict(event("adverse_event.reported", {"term": "haematoma_bruise"})).says_serious


def test_enrichment_stands_beside_what_the_clinic_wrote() -> None:
    needles = [{"point": "UB-60"}, {"point": "ear 3"}, {"point": "Sanli"}]
    found = verdict(event(data={"session_id": "S-1", "needles": needles}))
    assert found.data is not None
    known, unknown, ambiguous = json.loads(enrich(found.data))["needles"]
    assert known == {"point_code": "BL60", "meridian": "BL", "organ": "urinary bladder", "region": "foot"}
    assert (unknown, ambiguous) == ({}, {"candidates": ["LI10", "ST36"]})


def test_a_condition_is_known_by_its_icd_codes_too() -> None:
    conditions = [{"code": code} for code in ("migraine", "8A80.1", "G43", "g43.909", "Q99.9")]
    found = verdict(event("assessment.completed", {"conditions": conditions}))
    assert [(reason.code, reason.path) for reason in found.reasons] == [("unknown_code", "/data/conditions/4/code")]
    assert found.data is not None
    facts = json.loads(enrich(found.data))["conditions"]
    assert facts == [{"condition": "migraine", "group": "chronic_pain"}] * 4 + [{"condition": None, "group": None}]
