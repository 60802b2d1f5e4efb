"""Each rule of the stream: what breaks it, and what comes nearest without breaking it."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from clinic_events.reasons import REASONS
from clinic_events.verdicts import judge

RECEIVED = datetime(2026, 4, 1, tzinfo=UTC)
SESSION, REPORT = {"session_id": "S-1"}, {"term": "dizziness"}
TREATED, REPORTED, SCORED = "session.completed", "adverse_event.reported", "outcome.recorded"


def codes_of(kind: str, data: dict[str, Any], **attributes: Any) -> set[str]:
    event = {"specversion": "1.0", "id": "e1", "source": "s", "type": kind, "time": "2026-03-02T09:30:00+01:00",
             "subject": "P-1", "data": data, **attributes}  # fmt: skip
    verdict = judge(json.dumps(event).encode(), "north-bridge", RECEIVED)
    assert verdict.status != "quarantined", verdict.reasons
    return {reason.code for reason in verdict.reasons}


def needle(point: str = "ST36", **more: Any) -> dict[str, Any]:
    return SESSION | {"needles": [{"point": point, **more}]}


# What breaks a rule: code, type, data; what comes nearest without breaking it; attributes of the envelope.
BROKEN: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
    ("needles_unaccounted", TREATED, SESSION | {"needles_inserted": 8, "needles_removed": 7},
     SESSION | {"needles_inserted": 8, "needles_removed": 7, "needles_left_in": 1}),
    ("needles_unaccounted", TREATED, SESSION | {"needles_inserted": 8, "needles_removed": 6, "needles_left_in": 1},
     SESSION | {"needles_inserted": 8, "needles_removed": 8, "needles_left_in": 1}),
    ("needles_undercounted", TREATED, needle() | {"needles_inserted": 0}, needle() | {"needles_inserted": 1}),
    ("out_of_range", TREATED, needle(gauge_mm=2.5), needle(gauge_mm=0.25)),
    ("unknown_code", TREATED, needle(side="port"), needle(side="left")),
    ("unknown_point", TREATED, needle("point of joy"), needle("zusanli")),
    ("ambiguous_point", TREATED, needle("Sanli"), needle("Shousanli")),
    ("code_of_other_version", TREATED, needle("GV29"), needle("EX-HN3")),
    ("ashi_without_region", TREATED, needle("ashi"), needle("ashi", region="lower_back")),
    ("side_contradicts_point", TREATED, needle("GV20", side="left"), needle("GV20", side="midline")),
    ("forbidden_point", TREATED, needle("CV8"), needle("CV9")),
    ("deep_over_lung", TREATED, needle("GB21", depth_mm=18), needle("GB21", depth_mm=9)),
    ("deep_over_lung", TREATED, needle("BL13", depth_mm=40), needle("BL13", depth_mm=40, angle="transverse")),
    ("deep_over_lung", TREATED, needle("BL13", depth_mm=22, angle="oblique"),
     needle("BL13", depth_mm=20, angle="oblique")),
    ("unknown_point", TREATED, SESSION | {"moxibustion": [{"kind": "stick", "point": "XYZ99"}]},
     SESSION | {"moxibustion": [{"kind": "stick", "point": "CV8"}]}),
    ("ambiguous_point", TREATED, SESSION | {"electrostimulation": [{"points": ["ST36", "Futu"]}]},
     SESSION | {"electrostimulation": [{"points": ["ST36", "ST32"]}]}),
    ("forbidden_point", TREATED, needle("ST17"), SESSION | {"moxibustion": [{"kind": "stick", "point": "CV8"}]}),
    ("deeper_than_long", TREATED, needle(depth_mm=30, length_mm=25), needle(depth_mm=25, length_mm=25)),
    ("session_reversed", "session.completed",
     SESSION | {"started_at": "2026-03-02T10:00:00+01:00", "ended_at": "2026-03-02T09:00:00+01:00"},
     SESSION | {"started_at": "2026-03-02T10:00:00+01:00", "ended_at": "2026-03-02T10:00:00+01:00"}),
    ("retention_exceeds_session", TREATED, SESSION | {"retention_min": 50, "duration_min": 40},
     SESSION | {"retention_min": 40, "duration_min": 40}),
    ("screening_contradicts_itself", TREATED, SESSION | {"ae_screened": False, "ae_screen_method": "checklist"},
     SESSION | {"ae_screened": False, "ae_screen_method": "not_asked"}),
    ("severe_not_serious", REPORTED, REPORT | {"severity": "life_threatening"},
     REPORT | {"severity": "life_threatening", "serious": True}),
    ("fatal_without_death", REPORTED, REPORT | {"severity": "fatal", "serious": True},
     REPORT | {"severity": "fatal", "serious": True, "seriousness_criteria": ["death"]}),
    ("criterion_not_serious", REPORTED, REPORT | {"serious": False, "seriousness_criteria": ["disability"]},
     REPORT | {"serious": True, "seriousness_criteria": ["disability"]}),
    ("pneumothorax_graded_mild", REPORTED, {"term": "pneumothorax", "severity": "mild"},
     {"term": "pneumothorax", "severity": "moderate"}),
    ("positive_reaction", REPORTED, {"term": "relaxed"}, REPORT),
    ("local_event_unplaced", REPORTED, {"term": "haematoma_bruise"},
     {"term": "haematoma_bruise", "region": "lower_leg"}),
    ("local_event_unplaced", REPORTED, {"term": "burn_moxa"}, {"term": "burn_moxa", "technique": "moxibustion"}),
    ("onset_after_report", REPORTED, REPORT | {"onset_at": "2026-03-02T09:30:01+01:00"},
     REPORT | {"onset_at": "2026-03-02T09:30:00+01:00"}),
    ("resolution_before_onset", "adverse_event.reported",
     REPORT | {"onset_at": "2026-03-01T09:00:00+01:00", "resolved_at": "2026-02-28T09:00:00+01:00"},
     REPORT | {"onset_at": "2026-03-01T09:00:00+01:00", "resolved_at": "2026-03-01T09:00:00+01:00"}),
    ("severe_not_serious", "adverse_event.followed_up", {"case_id": "c", "severity": "fatal", "outcome": "fatal"},
     {"case_id": "c", "severity": "severe"}),
    ("age_contradicts_birth_year", "patient.enrolled", {"age_years": 30, "birth_year": 1970},
     {"age_years": 55, "birth_year": 1970}),
    ("first_time_contradicts_care", "patient.enrolled", {"already_in_care": True, "first_time_acupuncture": True},
     {"already_in_care": True, "first_time_acupuncture": False}),
    ("merged_with_itself", "patient.merged", {"former_reference": "P-1"}, {"former_reference": "P-2"}),
    ("pregnancy_contradicts_itself", "assessment.completed", {"pregnant": False, "gestation_weeks": 20},
     {"pregnant": True, "gestation_weeks": 20}),
    ("unknown_code", "assessment.completed", {"conditions": [{"code": "M99.99"}]},
     {"conditions": [{"code": "migraine"}]}),
    ("out_of_range", SCORED, {"instrument": "nrs_pain", "value": 11}, {"instrument": "nrs_pain", "value": 10}),
    ("unknown_code", "clinic.manifest_declared", {"day": "2026-03-02", "counts": [{"type": "tea.drunk", "events": 1}]},
     {"day": "2026-03-02", "counts": [{"type": "session.completed", "events": 1}]}),
    ("retracts_itself", "event.retracted", {"event_id": "e1"}, {"event_id": "e0"}),
]  # fmt: skip

ENVELOPES = [
    ("future_dated", {"time": "2026-04-01T01:00:01Z"}, {"time": "2026-04-01T01:00:00Z"}),
    ("implausibly_old", {"time": "1989-12-31T23:59:59+00:00"}, {"time": "1990-01-01T00:00:00+00:00"}),
    ("recorded_before_it_happened", {"recordedtime": "2026-03-02T08:29:59+01:00"},
     {"recordedtime": "2026-03-02T08:30:00+01:00"}),
    ("corrects_itself", {"supersedes": "e1"}, {"supersedes": "e0"}),
    ("unknown_field", {"nickname": "Bo"}, {"traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}),
    ("too_long", {"sourceversion": "1" * 65}, {"sourceversion": "1" * 64}),
]  # fmt: skip


@pytest.mark.parametrize(("code", "kind", "broken", "kept"), BROKEN)
def test_a_rule_flags_what_breaks_it_and_not_its_neighbour(code: str, kind: str, broken: dict, kept: dict) -> None:
    assert code in codes_of(kind, broken)
    assert code not in codes_of(kind, kept)


@pytest.mark.parametrize(("code", "broken", "kept"), ENVELOPES)
def test_the_envelope_has_rules_of_its_own(code: str, broken: dict, kept: dict) -> None:
    assert code in codes_of("session.completed", SESSION, **broken)
    assert code not in codes_of("session.completed", SESSION, **kept)


def test_a_credential_ends_after_it_begins() -> None:
    held = {"practitioner_id": "p", "credential": "licence", "issuer": "i", "number": "1", "valid_from": "2026-01-02"}
    assert "validity_reversed" in codes_of("practitioner.credential_recorded", held | {"valid_until": "2026-01-01"})
    assert "valid_before_issue" in codes_of("practitioner.credential_recorded", held | {"issued_on": "2026-01-03"})
    assert (
        codes_of("practitioner.credential_recorded", held | {"issued_on": "2026-01-02", "valid_until": "2026-01-02"})
        == set()
    )


def test_every_flag_of_the_stream_is_told_here() -> None:
    told = (
        {code for code, *_ in BROKEN} | {code for code, *_ in ENVELOPES} | {"validity_reversed", "valid_before_issue"}
    )
    assert told == {code for code, kind in REASONS.items() if (kind.verdict, kind.decided_in) == ("flag", "stream")}


def test_an_ambiguous_point_is_told_with_its_candidates() -> None:
    event = {"specversion": "1.0", "id": "e1", "source": "s", "type": "session.completed", "subject": "P-1",
             "time": "2026-03-02T09:30:00+01:00", "data": needle("Sanli")}  # fmt: skip
    (reason,) = judge(json.dumps(event).encode(), "north-bridge", RECEIVED).reasons
    assert reason.candidates == ("LI10", "ST36")


@pytest.mark.parametrize("kind", REASONS.values(), ids=lambda kind: kind.code)
def test_every_rule_says_why_and_from_where(kind: Any) -> None:
    assert kind.verdict in ("refuse", "flag") and kind.decided_in in ("stream", "warehouse")
    assert kind.severity in ("critical", "major", "minor")
    assert kind.title and kind.rationale and kind.source
