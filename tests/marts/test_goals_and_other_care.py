"""mart_goals, mart_goal_targets and mart_co_treatment: what patients want, and who else treats them."""

from typing import Any

import pytest

pytestmark = pytest.mark.xdist_group("marts")


def _say(network: Any, event_type: str, data: dict[str, Any], patient: str, day: str = "01-05") -> None:
    network.say("maple", event_type, data, patient=patient, at=f"2025-{day}T09:00:00+00:00")


def _aim(network: Any, patient: str, **target: Any) -> None:
    aim = {"goal": "sleep", "instrument": "psqi", **target}
    _say(network, "treatment_plan.created", {"plan_id": "t", "goals": ["sleep"], "goal_targets": [aim]}, patient)


def _score(network: Any, patient: str, value: float, day: str) -> None:
    _say(network, "outcome.recorded", {"instrument": "psqi", "value": value}, patient, day)


def tell(network: Any) -> None:
    _aim(network, "in time", target_value=5, by_month=2)
    _aim(network, "too late", target_value=5, by_month=2)
    _aim(network, "never scored", target_value=5)
    _aim(network, "impossible", target_value=99)
    _score(network, "in time", 12, "01-05")
    _score(network, "in time", 5, "02-05")
    _score(network, "too late", 11, "02-05")
    _score(network, "too late", 3, "05-05")
    _say(network, "assessment.completed", {"goals": ["sleep", "to win the lottery"]}, "in time")
    judged = {"goal": "sleep", "plan_id": "t"}
    _say(network, "goal_attainment.recorded", {**judged, "attainment": -2}, "in time", "02-01")
    _say(network, "goal_attainment.recorded", {**judged, "attainment": 1}, "in time", "03-01")
    _say(network, "goal_attainment.recorded", {**judged, "attainment": -1}, "too late", "03-01")
    allergic = {"conditions": [{"code": "asthma"}], "referred_by": "nurse"}
    physio = [{"code": "physiotherapy"}, {"code": "my uncle's tea"}]
    _say(
        network, "assessment.completed", {**allergic, "co_treatments": physio, "referred_to": ["specialist"]}, "in time"
    )
    _say(network, "assessment.completed", {**allergic, "co_treatments": [{"code": "none"}]}, "too late")
    _say(network, "assessment.completed", allergic, "never scored")
    for number, contact in enumerate((True, False, None)):
        session = {"session_id": f"m{number}", "conventional_care_contact": contact}
        _say(network, "session.completed", session, "in time", f"02-0{number + 1}")


@pytest.fixture
def goals(rows) -> dict[str, dict[str, Any]]:
    return {row["goal"]: row for row in rows("from mart_goals")}


@pytest.fixture
def care(rows) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (row["kind"], row["code"]): row for row in rows("from mart_co_treatment where condition_group = 'respiratory'")
    }


def test_the_last_judgement_of_a_goal_counts(goals) -> None:
    sleep = goals["sleep"]
    assert (sleep["patients_with_goal"], sleep["patients_judged"]) == (4, 2)
    assert (sleep["much_less_than_expected"], sleep["less_than_expected"], sleep["more_than_expected"]) == (0, 1, 1)
    assert (sleep["reached"], sleep["reached_share"]) == (1, 0.5)


def test_a_goal_in_a_clinics_own_words_is_unlisted(goals) -> None:
    assert goals["unlisted"]["patients_with_goal"] == 1
    assert goals.keys() <= {"sleep", "unlisted"}


def test_a_target_is_judged_by_the_last_score_within_its_time(rows) -> None:
    (row,) = rows("from mart_goal_targets where goal = 'sleep' and instrument = 'psqi'")
    assert (row["patients"], row["patients_with_measurable_target"]) == (4, 3)
    assert (row["patients_scored"], row["patients_who_reached_it"]) == (2, 1)
    assert row["reached_share_of_all"] == pytest.approx(1 / 3)
    assert row["reached_share_of_scored"] == 0.5


def test_who_says_nothing_of_other_care_is_not_counted_as_having_none(care) -> None:
    assert care["co_treatment", "physiotherapy"]["patients"] == 2
    assert care["co_treatment", "physiotherapy"]["patient_share"] == 0.5
    assert care["co_treatment", "none"]["patients_with_answer"] == 1
    assert care["co_treatment", "unlisted"]["patients_with_answer"] == 1


def test_referrals_go_in_and_out(care) -> None:
    assert (care["referred_by", "nurse"]["patients"], care["referred_by", "nurse"]["patient_share"]) == (3, 1)
    assert care["referred_to", "specialist"]["patients"] == 1


def test_contact_with_a_doctor_is_told_by_sessions(care) -> None:
    assert care["conventional_care_contact", "yes"]["statements"] == 1
    assert care["conventional_care_contact", "no"]["statements"] == 1
    assert care["conventional_care_contact", "yes"]["patients"] == 1
