"""The rules that need other events than the one they judge, from what clinics say to `event_flags`.

An event whose id begins with `broken` is flagged by its rule; no other event of this clinic is flagged by any of them.
"""

from typing import Any

import pytest

pytestmark = pytest.mark.xdist_group("marts")

CLINIC = "rowan"
TREATED, REPORTED, FOLLOWED_UP = "session.completed", "adverse_event.reported", "adverse_event.followed_up"


def _session(network: Any, name: str, day: str, patient: str, event_id: str | None = None, **data: Any) -> None:
    network.say(
        CLINIC, TREATED, {"session_id": name, **data}, at=f"{day}T10:00:00+00:00", patient=patient,
        event_id=event_id or f"session-{patient}-{name}",
    )  # fmt: skip


def _report(network: Any, event_id: str, day: str, patient: str, **data: Any) -> None:
    network.say(CLINIC, REPORTED, data, at=f"{day}T12:00:00+00:00", patient=patient, event_id=event_id)


def _links(network: Any) -> None:
    _session(network, "s", "2025-03-02", "linked", duration_min=50)
    _report(network, "named-session", "2025-03-03", "linked", term="nausea", session_id="s", case_id="c")
    _report(network, "broken-session", "2025-03-03", "linked", term="nausea", session_id="nowhere")
    _report(network, "named-no-session", "2025-03-03", "linked", term="nausea")
    moved = {"case_id": "c", "session_id": "nowhere"}
    network.say(CLINIC, FOLLOWED_UP, moved, patient="linked", event_id="broken-session-of-follow-up")
    for name, onset in (("broken-onset", "10:09:59"), ("onset-at-its-begin", "10:10:00")):
        at = f"2025-03-02T{onset}+01:00"  # an hour ahead: the session lasted from 09:10 to 10:00 UTC
        _report(network, name, "2025-03-03", "linked", term="dizziness", case_id=name, session_id="s", onset_at=at)


def _licences(network: Any) -> None:
    held = {"practitioner_id": "dr", "credential": "licence", "issuer": "state", "number": "1"}
    span = {"valid_from": "2025-02-01", "valid_until": "2025-02-28"}
    network.say(CLINIC, "practitioner.credential_recorded", held | span, patient=None, event_id="credential")
    for day, event_id in (("2025-02-28", "licensed-on-its-last-day"), ("2025-03-01", "broken-licence")):
        _session(network, day, day, "licence", event_id, practitioner_id="dr")
    _session(network, "other", "2025-03-01", "licence", "licence-never-recorded", practitioner_id="dr-2")


def _scores(network: Any) -> None:
    _session(network, "first", "2025-03-15", "scored")
    for event_id, instrument, day, version in (
        ("broken-baseline-too-early", "nrs_pain", "2025-02-28", "de-2"),
        ("baseline-in-time", "nrs_sleep", "2025-03-22", "de-2"),
        ("broken-baseline-too-late", "nrs_stress", "2025-03-23", None),
        ("same-version", "nrs_sleep", "2025-06-20", " DE-2"),
        ("broken-version", "nrs_pain", "2025-06-20", "de-3"),
    ):
        said = {"instrument": instrument, "value": 5, "instrument_version": version}
        at = f"{day}T12:00:00+00:00"
        network.say(CLINIC, "outcome.recorded", said, at=at, patient="scored", event_id=event_id)


def _needled(network: Any) -> None:
    for name, points in (("leg", ["ST36", "LI4"]), ("shoulder", ["ST36", "GB21"]), ("unknown", ["ST36", "a spot"])):
        _session(network, name, "2025-03-02", "lung", needles=[{"point": point} for point in points])
    _session(network, "ashi", "2025-03-02", "lung", needles=[{"point": "ashi", "region": "upper_back"}])
    for name, event_id in (
        ("leg", "broken-pneumothorax"),
        ("shoulder", "pneumothorax-by-the-shoulder"),
        ("unknown", "pneumothorax-unknown"),
        ("ashi", "pneumothorax-by-a-tender-spot"),
    ):
        _report(network, event_id, "2026-06-20", "lung", term="pneumothorax", case_id=name, session_id=name)
    for name, removed in (("all", 8), ("short", 7)):
        _session(network, name, "2025-03-02", "forgotten", needles_inserted=8, needles_removed=removed)
    for name, event_id in (("all", "broken-forgotten"), ("short", "forgotten-and-missed")):
        _report(network, event_id, "2025-03-03", "forgotten", term="forgotten_needle", case_id=name, session_id=name)


def _patients_at_risk(network: Any) -> None:
    before = "2025-03-01T09:00:00+00:00"
    assessed = {"pregnant": True, "gestation_weeks": 20}
    network.say(CLINIC, "assessment.completed", assessed, at=before, patient="pregnant")
    for event_id, needle in (
        ("broken-pregnancy-point", {"point": "Hegu"}),
        ("breech", {"point": "BL67", "intent": "breech_presentation"}),
        ("other-point", {"point": "ST36"}),
    ):
        _session(network, event_id, "2025-03-02", "pregnant", event_id, needles=[needle])
    _session(network, "not-said", "2025-03-02", "unasked", "pregnancy-not-said", needles=[{"point": "LI4"}])
    network.say(CLINIC, "patient.enrolled", {"risk_factors": ["pacemaker"]}, at=before, patient="implant")
    current = {"electrostimulation": [{"points": ["ST36", "SP6"], "frequency_hz": 2}]}
    _session(network, "current", "2025-03-02", "implant", "broken-electro", **current)
    _session(network, "needle", "2025-03-03", "implant", "broken-electro-of-a-needle",
             needles=[{"point": "ST36", "stimulation": "electrical"}])  # fmt: skip
    _session(
        network, "without", "2025-03-04", "implant", "manual", needles=[{"point": "ST36", "stimulation": "manual"}]
    )
    _session(network, "current", "2025-03-02", "unasked", "electro-without-implant", **current)


def _serious(network: Any) -> None:
    # The release speaks of 2026-07-01, midnight.
    for event_id, day in (("broken-follow-up", "2026-06-15"), ("follow-up-not-due", "2026-06-16")):
        _report(network, event_id, day, "serious", term="syncope", case_id=event_id, serious=True)
    _report(network, "followed-up", "2025-03-01", "serious", term="syncope", case_id="known", serious=True)
    network.say(CLINIC, FOLLOWED_UP, {"case_id": "known"}, patient="serious", event_id="follow-up")


def _lots(network: Any) -> None:
    lot = {"lot": "A2291", "manufacturer": "Seirin"}
    network.say(
        CLINIC, "needle_lot.received", lot | {"sterile_until": "2025-02-28"}, patient=None, event_id="lot",
    )  # fmt: skip
    network.say(
        CLINIC, "needle_lot.recalled", lot, patient=None, at="2025-02-15T08:00:00+00:00", event_id="recall"
    )  # fmt: skip
    used = {"point": "ST36", "lot": "a2291 "}
    _session(network, "1", "2025-02-14", "lots", "lot-before-its-recall", needles=[used])
    _session(network, "2", "2025-02-15", "lots", "broken-lot", needles=[used])
    _session(network, "3", "2025-03-01", "lots", "broken-lot-and-sterility", needles=[used])
    _session(network, "4", "2025-03-01", "lots", "other-makers-lot", needles=[used | {"manufacturer": "Asahi"}])


def _clocks(network: Any) -> None:
    for number, event_id, recorded in (
        (1, "first-of-its-source", "2025-03-02T10:00:00+00:00"),
        (2, "clock-a-little-behind", "2025-03-02T09:30:00+00:00"),
        (3, "clock-ahead", "2025-03-09T10:00:00+00:00"),
        (4, "broken-clock", "2025-03-02T11:00:00+00:00"),
    ):
        said = {"code": "blood_pressure_systolic", "value": 120}
        source = ("clock", 1, number)
        network.say(CLINIC, "measurement.recorded", said, event_id=event_id, recorded=recorded, source=source)


def tell(network: Any) -> None:
    for part in (_links, _licences, _scores, _needled, _patients_at_risk, _serious, _lots, _clocks):
        part(network)


BROKEN = {
    "session_unknown": {"broken-session", "broken-session-of-follow-up"},
    "licence_not_valid": {"broken-licence"},
    "onset_before_session": {"broken-onset"},
    "baseline_outside_window": {"broken-baseline-too-early", "broken-baseline-too-late"},
    "pneumothorax_without_thoracic_needle": {"broken-pneumothorax"},
    "pregnancy_point": {"broken-pregnancy-point"},
    "electro_with_implant": {"broken-electro", "broken-electro-of-a-needle"},
    "forgotten_needle_counts_agree": {"broken-forgotten"},
    "serious_without_follow_up": {"broken-follow-up"},
    "instrument_version_mixed": {"broken-version"},
    "recalled_lot_used": {"broken-lot", "broken-lot-and-sterility"},
    "needle_past_sterility": {"broken-lot-and-sterility"},
    "clock_jumped": {"broken-clock"},
}
# Held against a rule and found to keep it; what is not here could not be judged.
KEPT = {
    "session_unknown": {"named-session", "onset-at-its-begin"},
    "licence_not_valid": {"licensed-on-its-last-day"},
    "onset_before_session": {"onset-at-its-begin"},
    "baseline_outside_window": {"baseline-in-time"},
    "pneumothorax_without_thoracic_needle": {"pneumothorax-by-the-shoulder", "pneumothorax-by-a-tender-spot"},
    "pregnancy_point": {"breech", "other-point"},
    "electro_with_implant": {"manual"},
    "forgotten_needle_counts_agree": {"forgotten-and-missed"},
    "serious_without_follow_up": {"followed-up"},
    "instrument_version_mixed": {"same-version"},
    "recalled_lot_used": {"lot-before-its-recall"},
    "needle_past_sterility": {"lot-before-its-recall", "broken-lot"},
    "clock_jumped": {"clock-a-little-behind", "clock-ahead"},
}
UNDECIDED = {
    "clock_jumped": {"first-of-its-source"},
    "session_unknown": {"named-no-session"},
    "licence_not_valid": {"licence-never-recorded"},
    "onset_before_session": {"named-session"},
    "pneumothorax_without_thoracic_needle": {"pneumothorax-unknown"},
    "pregnancy_point": {"pregnancy-not-said"},
    "electro_with_implant": {"electro-without-implant"},
    "serious_without_follow_up": {"follow-up-not-due"},
    "recalled_lot_used": {"other-makers-lot"},
    "needle_past_sterility": {"other-makers-lot"},
}


def _events(rows: Any, table: str, code: str, condition: str = "true") -> set[str]:
    found = rows(f"select event_id from quality.{table} where clinic_id = ? and code = ? and {condition}", CLINIC, code)
    return {row["event_id"] for row in found}


@pytest.mark.parametrize("code", BROKEN)
def test_the_events_that_broke_a_rule_are_flagged_and_no_other(rows, code: str) -> None:
    assert _events(rows, "event_flags", code) == BROKEN[code]


@pytest.mark.parametrize("code", KEPT)
def test_an_event_that_kept_a_rule_was_judged(rows, code: str) -> None:
    assert KEPT[code] <= _events(rows, "warehouse_verdicts", code, "not is_broken")


@pytest.mark.parametrize("code", UNDECIDED)
def test_where_data_are_missing_nothing_is_said(rows, code: str) -> None:
    assert not UNDECIDED[code] & _events(rows, "warehouse_verdicts", code)
