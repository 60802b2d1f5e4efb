"""What core makes of statements: facts as of their date, episodes, doses, cases with what follows them up, consent."""

from datetime import date, timedelta
from typing import Any

CREDENTIAL, ENROLLED, ASSESSED = "practitioner.credential_recorded", "patient.enrolled", "assessment.completed"
PLAN, REVISED, CLOSED = "treatment_plan.created", "treatment_plan.revised", "episode.closed"
SESSION, REPORTED, FOLLOWED_UP = "session.completed", "adverse_event.reported", "adverse_event.followed_up"
FIRST = date(2025, 1, 5)


def tell(network: Any) -> None:
    _licences(network)
    _first_visits(network)
    _episodes(network)
    _cases(network)
    _migration(network)
    _consents(network)
    _corrected_session(network)


def _session(network: Any, clinic: str, session: str, day: int, patient: str, **data: Any) -> None:
    event = {key: data.pop(key) for key in ("event_id", "supersedes", "source", "recorded") if key in data}
    at = f"{FIRST + timedelta(days=day)}T10:00:00+00:00"
    network.say(clinic, SESSION, {"session_id": session, **data}, at=at, patient=patient, **event)


def _licences(network: Any) -> None:
    _session(network, "larch", "before", 0, "lp", practitioner_id="x")
    _session(network, "larch", "within", 40, "lp", practitioner_id="x")
    _session(network, "larch", "insured-only", 0, "lp2", practitioner_id="y")
    # Told half a year after the sessions, in another clinic that knows the person by another name.
    licence = {"credential": "licence", "issuer": "board", "valid_from": "2025-02-01", "title": "physician"}
    known = {"practitioner_id": "other-name", "practising_since_year": 2015}
    facts = {"credential_key": "shared"}
    network.say("linden", CREDENTIAL, licence | known, at="2025-06-20T09:00:00+00:00", patient=None, facts=facts)
    local = {"credential": "degree", "issuer": "school", "practitioner_id": "x", "valid_from": "2001-01-01"}
    network.say("larch", CREDENTIAL, local, patient=None, facts=facts)
    insured = {
        "credential": "liability_insurance",
        "issuer": "fund",
        "practitioner_id": "y",
        "valid_from": "2001-01-01",
    }
    network.say("larch", CREDENTIAL, insured, patient=None, facts={"credential_key": "fund"})


def _first_visits(network: Any) -> None:
    for patient, in_care in (("new", False), ("in-care", True), ("not-said", None)):
        network.say("larch", ENROLLED, {"already_in_care": in_care, "birth_year": 1980}, patient=patient)
        _session(network, "larch", f"{patient}-1", 1, patient)
        _session(network, "larch", f"{patient}-2", 8, patient)


def _episodes(network: Any) -> None:
    for number, day in enumerate((0, 7, 97, 188)):  # 90 days still belong together, 91 do not
        _session(network, "lilac", f"d{number}", day, "derived", needles_inserted=6, retention_min=20)
    # The day in between was a mistake: without it 120 days lie between the two sessions.
    for session, day in (("r0", 0), ("moved", 60), ("moved", 120)):
        _session(network, "lilac", session, day, "restated", recorded=f"2025-06-0{1 + day // 60}T10:00:00+00:00")
    network.say(
        "lilac",
        PLAN,
        {"plan_id": "pl", "episode_id": "ep", "planned_sessions": 6},
        patient="named",
        at="2025-01-05T09:00:00Z",
    )
    network.say("lilac", REVISED, {"plan_id": "pl", "planned_sessions": 9}, patient="named", at="2025-01-20T09:00:00Z")
    _session(network, "lilac", "n0", 3, "named", plan_id="pl")
    _session(network, "lilac", "n1", 200, "named", episode_id="ep")
    closed = {"episode_id": "ep", "reason": "goal_reached", "care_intent": "treatment"}
    network.say("lilac", CLOSED, closed, at="2025-08-01T09:00:00+00:00", patient="named")


def _cases(network: Any) -> None:
    needles = [{"point": "LI4", "side": "left"}, {"point": "ST36", "side": "left"}, {"point": "ST36", "side": "right"}]
    _session(network, "lime", "s", 0, "p", needles=needles)
    for name, said in {
        "counted": {"needle": 3},
        "named": {"point": "LI 4"},
        "one-of-two": {"point": "ST36"},
        "placed": {"region": "hand"},
        "unplaced": {},
    }.items():
        data = {"term": "haematoma_bruise", "session_id": "s", "case_id": name, "severity": "mild", **said}
        network.say("lime", REPORTED, data, at="2025-01-06T10:00:00+00:00", patient="p", event_id=name)
    for hours, said in ((30, {"severity": "severe"}), (40, {"outcome": "recovered", "serious": True})):
        at = f"2025-01-0{5 + hours // 24 + 1}T12:00:00+00:00"
        network.say("lime", FOLLOWED_UP, {"case_id": "placed", **said}, at=at, patient="p")


def _migration(network: Any) -> None:
    for number in (1, 2):
        day = 7 * number
        _session(network, "lotus", f"old-{number}", day, "p", event_id=f"m-old-{number}", source=("old", 1, number))
        _session(network, "lotus", f"new-{number}", day, "p", event_id=f"m-new-{number}", source=("new", 2, number))
    for name in ("old-1", "new-2"):
        said = {"term": "syncope", "session_id": name, "case_id": name}
        network.say(
            "lotus", REPORTED, said, patient="p", at=f"2025-02-0{name[-1]}T09:00:00+00:00", event_id=f"of-{name}"
        )


def _consents(network: Any) -> None:
    for patient, statements in {
        "gone": ["given", "withdrawn"],
        "back": ["withdrawn", "given"],
        "silent": [],
        "run-out": ["given"],
    }.items():
        _session(network, "lupin", f"of-{patient}", 0, patient)
        for number, kind in enumerate(statements):
            data = {"purposes": ["research"], "valid_until": "2025-03-31" if patient == "run-out" else None}
            network.say("lupin", f"consent.{kind}", data, patient=patient, at=f"2025-01-1{number}T09:00:00+00:00")


def _corrected_session(network: Any) -> None:
    _session(network, "lilac", "wrong-name", 0, "corrected", event_id="first-said", needles_inserted=60)
    _session(network, "lilac", "right-name", 0, "corrected", event_id="said-better", supersedes="first-said",
             needles_inserted=6)  # fmt: skip
    said = {"term": "nausea", "session_id": "wrong-name"}
    network.say("lilac", REPORTED, said, patient="corrected", event_id="of-the-wrong-name")


def _by(rows: Any, sql: str) -> dict[Any, Any]:
    return {next(iter(row.values())): tuple(row.values())[1:] for row in rows(sql)}


def test_a_credential_that_arrives_late_from_another_clinic_licenses_the_session(rows) -> None:
    found = _by(rows, "select session_id, is_licensed, credential, title from core.sessions where clinic_id = 'larch'")
    assert found["before"] == (False, "none_valid", "not_recorded")
    assert found["within"] == (True, "licence", "physician")


def test_what_does_not_authorise_practice_says_nothing_of_a_licence(rows) -> None:
    found = _by(rows, "select session_id, is_licensed, credential from core.sessions where clinic_id = 'larch'")
    assert found["insured-only"] == (None, "not_recorded")


def test_who_holds_one_credential_is_one_practitioner_in_both_clinics(rows) -> None:
    sql = "select count(distinct practitioner_key) as persons from core.practitioner_registrations where (clinic_id, " \
          "practitioner_id) in (('larch', 'x'), ('linden', 'other-name'))"  # fmt: skip
    assert rows(sql) == [{"persons": 1}]
    sql = "select experience_years from core.sessions where clinic_id = 'larch' and session_id = 'within'"
    assert rows(sql) == [{"experience_years": 10}]


def test_only_a_patient_who_was_not_in_care_before_has_a_first_visit(rows) -> None:
    found = _by(rows, "select session_id, is_first_visit from core.sessions where clinic_id = 'larch'")
    assert {name: found[f"{name}-1"][0] for name in ("new", "in-care", "not-said")} == {
        "new": True, "in-care": None, "not-said": None,
    }  # fmt: skip
    assert found["new-2"] == (False,)


def test_sessions_that_name_no_episode_are_one_until_a_long_pause(rows) -> None:
    sql = "select session_id, episode_id, session_number, days_since_baseline, needle_minutes from core.sessions " \
          "where patient_id = 'derived'"  # fmt: skip
    assert _by(rows, sql) == {
        "d0": ("unnamed-1", 1, 0, 120), "d1": ("unnamed-1", 2, 7, 120),
        "d2": ("unnamed-1", 3, 97, 120), "d3": ("unnamed-2", 1, 0, 120),
    }  # fmt: skip


def test_a_day_on_which_a_session_was_not_after_all_joins_no_episodes(rows) -> None:
    sql = "select session_id, episode_id, session_number from core.sessions where patient_id = 'restated'"
    assert _by(rows, sql) == {"r0": ("unnamed-1", 1), "moved": ("unnamed-2", 1)}


def test_a_session_belongs_to_the_episode_that_it_or_its_plan_names(rows) -> None:
    (episode,) = rows("from core.episodes where patient_id = 'named'")
    assert (episode["episode_id"], episode["sessions"], episode["care_intent"]) == ("ep", 2, "treatment")
    assert (episode["closure_reason"], episode["closed_on"]) == ("goal_reached", date(2025, 8, 1))


def test_every_version_of_a_plan_is_kept_with_the_days_between_which_it_held(rows) -> None:
    found = rows(
        "select version, planned_sessions, replaced_on from core.plan_versions where patient_id = 'named' order by 1"
    )
    assert [tuple(row.values()) for row in found] == [(1, 6, date(2025, 1, 20)), (2, 9, None)]


def test_an_event_is_linked_to_the_needle_the_region_or_the_session_that_can_be_told(rows) -> None:
    found = _by(rows, "select case_id, link, needle_position, region from core.adverse_events where clinic_id = 'lime'")
    assert found == {
        "counted": ("needle", 3, "lower_leg"),
        "named": ("needle", 1, "hand"),
        "one-of-two": ("region", None, "lower_leg"),
        "placed": ("region", None, "hand"),
        "unplaced": ("session", None, None),
    }


def test_a_follow_up_changes_what_it_names_and_leaves_the_rest(rows) -> None:
    (case,) = rows("from core.adverse_events where clinic_id = 'lime' and case_id = 'placed'")
    assert (case["term"], case["severity"], case["outcome"]) == ("haematoma_bruise", "severe", "recovered")
    assert (case["is_serious"], case["reports"], case["follow_ups"]) == (True, 1, 2)


def test_a_history_that_a_new_system_sends_again_counts_once_and_is_kept(rows) -> None:
    found = _by(rows, "select session_id, session_number from core.sessions where clinic_id = 'lotus'")
    assert found == {"old-1": (1,), "old-2": (2,)}
    kept = "select count(*) as copies from staging.event_versions where clinic_id = 'lotus' and status = 're_sent'"
    assert rows(kept) == [{"copies": 2}]


def test_an_event_finds_its_session_by_the_new_systems_name_too(rows) -> None:
    found = _by(rows, "select case_id, session_id from core.adverse_events where clinic_id = 'lotus'")
    assert found == {"old-1": ("old-1",), "new-2": ("old-2",)}


def test_an_event_finds_the_session_whose_name_was_corrected(rows) -> None:
    sql = "select event_id, needles_inserted from core.sessions where patient_id = 'corrected'"
    assert _by(rows, sql) == {"said-better": (6,)}
    sql = "select session_id, link from core.adverse_events where patient_id = 'corrected'"
    assert rows(sql) == [{"session_id": "right-name", "link": "session"}]


def test_what_a_patient_said_last_of_a_purpose_holds_and_silence_withdraws_nothing(rows) -> None:
    found = _by(
        rows, "select patient_id, purpose, withdrawn_on from core.consent_withdrawals where clinic_id = 'lupin'"
    )
    assert found == {"gone": ("research", date(2025, 1, 11)), "run-out": ("research", date(2025, 4, 1))}
